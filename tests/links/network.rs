//! The network between a console and the exchange. Bytes are neither lost nor swapped, as TCP has it; but they come late, one
//! by one, or never, links are reset between two frames or within one, and somebody on the way may say something himself.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use fastrand::Rng;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, ReadHalf, WriteHalf};
use tokio::sync::watch;
use withdraw_desk::domain::{Boot, CallId, ConnectionId};
use withdraw_desk::protocol::{Frame, FrameKind, Target};
use withdraw_desk::runtime::transport::{Dial, Dialing, Stream};
use withdraw_desk::simulator::Simulator;
use withdraw_desk::simulator::server::Wire;

use crate::time::Clock;
use crate::wire::{Parser, Unit, text_frame};

/// Bytes that are on their way before a writer has to wait.
const WINDOW: usize = 64 * 1024;
/// A console gives up a network that does not answer after this long.
const DIAL_LIMIT: Duration = Duration::from_secs(10);

/// In which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// From the console to the exchange.
    Out,
    /// From the exchange to the console.
    In,
}

pub const WAYS: [Way; 2] = [Way::Out, Way::In];

/// The fate of a console that opens a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    Open,
    Refused,
    /// Nothing answers at all.
    Silent,
}

/// How the network is now.
#[derive(Clone, Debug)]
pub struct Weather {
    pub door: Door,
    /// From which unit on a direction is held up; what is held arrives when it is not any more.
    pub held: [Option<usize>; 2],
    pub delay: [Duration; 2],
    /// Each byte takes so long.
    pub pace: Duration,
    /// Links with a lower number are half open: nothing arrives any more, and nobody is told.
    dead_below: usize,
}

impl Default for Weather {
    fn default() -> Self {
        let delay = [Duration::from_millis(2); 2];
        Self { door: Door::Open, held: [None; 2], delay, pace: Duration::ZERO, dead_below: 0 }
    }
}

/// A fault at one unit of one link.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Trick {
    /// The link is reset before it arrives.
    ResetBefore,
    /// Half of it arrives, then the link is reset.
    ResetWithin,
    /// It arrives twice.
    Twice,
    /// The exchange says this first.
    SayFirst(String),
}

/// A unit that was put on the wire.
#[derive(Clone, Debug)]
pub struct Seen {
    at: Boot,
    /// The session, and the number of its connection.
    pub of: (u32, ConnectionId),
    /// Links are counted from 0.
    link: usize,
    pub way: Way,
    pub text: Option<String>,
}

struct State {
    links: Vec<Link>,
    /// Whose the next link is.
    opening: (u32, ConnectionId),
    dials: Vec<Boot>,
    tricks: BTreeMap<(usize, Way, usize), Trick>,
    noise: Option<(u8, Rng)>,
    seen: Vec<Seen>,
    /// Refusals of a login that arrived at the console, with their link.
    refusals: Vec<usize>,
    forged: usize,
}

struct Link {
    of: (u32, ConnectionId),
    reset: watch::Sender<bool>,
}

#[derive(Default)]
struct Ends(Arc<()>);

/// The network, as the test and the console hold it.
#[derive(Clone)]
pub struct Network {
    state: Arc<Mutex<State>>,
    weather: watch::Sender<Weather>,
    exchange: Simulator,
    clock: Clock,
    /// Held by every end of a console that is still there.
    ends: Arc<Ends>,
}

impl Network {
    pub fn new(exchange: Simulator, clock: Clock) -> Self {
        let weather = watch::Sender::new(Weather::default());
        Self { state: Arc::new(Mutex::new(State::new())), weather, exchange, clock, ends: Arc::default() }
    }

    /// Changes the weather.
    pub fn turn(&self, change: impl FnOnce(&mut Weather)) {
        self.weather.send_modify(change);
    }

    /// Every fault ends; what was held arrives. Links that are half open stay so.
    pub fn heal(&self) {
        self.turn(|weather| *weather = Weather { dead_below: weather.dead_below, ..Weather::default() });
        self.state.lock().unwrap().noise = None;
    }

    /// The next link is this one.
    pub fn opens(&self, session: u32, connection: ConnectionId) {
        self.state.lock().unwrap().opening = (session, connection);
    }

    /// Resets every link.
    pub fn cut(&self) {
        for link in &self.state.lock().unwrap().links {
            link.reset.send_replace(true);
        }
    }

    /// From now on nothing arrives on the links that are there, and nobody is told.
    pub fn let_die(&self) {
        let links = self.links();
        self.turn(|weather| weather.dead_below = links);
    }

    /// Something happens at a unit that is still to come.
    pub fn plan(&self, link: usize, way: Way, unit: usize, trick: Trick) {
        self.state.lock().unwrap().tricks.insert((link, way, unit), trick);
    }

    /// So many of a hundred frames to the console come with something that nobody asked for.
    pub fn make_noise(&self, percent: u8, seed: u64) {
        self.state.lock().unwrap().noise = Some((percent, Rng::with_seed(seed)));
    }

    /// How many links there were.
    pub fn links(&self) -> usize {
        self.state.lock().unwrap().links.len()
    }

    /// How many ends the console holds now.
    pub fn ends(&self) -> usize {
        Arc::strong_count(&self.ends.0) - 1
    }

    /// When the console tried to open a link.
    pub fn dials(&self) -> Vec<Boot> {
        self.state.lock().unwrap().dials.clone()
    }

    /// How many units a direction of the first link carried before the first keep-alive.
    pub fn units_until_ping(&self, way: Way) -> usize {
        let state = &*self.state.lock().unwrap();
        let is_ping = |seen: &&Seen| seen.text.as_ref().is_some_and(|text| text.contains("\"Ping\""));
        let ping = state.seen.iter().find(is_ping).map(|ping| ping.at);
        let is_before = |seen: &&Seen| seen.link == 0 && seen.way == way && ping.is_none_or(|ping| seen.at < ping);
        state.seen.iter().filter(is_before).count()
    }

    /// Everything put on the wire from the unit `first` on.
    pub fn seen_from(&self, first: usize) -> Vec<Seen> {
        self.state.lock().unwrap().seen[first..].to_vec()
    }

    /// How often somebody on the way said something.
    pub fn forged(&self) -> usize {
        self.state.lock().unwrap().forged
    }

    /// How many logins of a console were refused, and it was told so on a link that was not reset.
    pub fn refusals(&self, session: u32) -> usize {
        let state = &*self.state.lock().unwrap();
        let links = state.refusals.iter().map(|link| &state.links[*link]);
        links.filter(|link| link.of.0 == session && !*link.reset.borrow()).count()
    }

    async fn connect(&self) -> Result<Box<dyn Stream>, String> {
        self.state.lock().unwrap().dials.push(self.clock.now().boot);
        let door = self.weather.borrow().door;
        match door {
            Door::Refused => return Err("connection refused".to_owned()),
            Door::Silent => {
                tokio::time::sleep(DIAL_LIMIT).await;
                return Err(format!("connecting took longer than {} s", DIAL_LIMIT.as_secs()));
            }
            Door::Open => {}
        }
        let (console, outside) = tokio::io::duplex(WINDOW);
        let (gateway, inside) = tokio::io::duplex(WINDOW);
        let (reset, is_reset) = watch::channel(false);
        let link = self.links();
        {
            let state = &mut *self.state.lock().unwrap();
            state.links.push(Link { of: state.opening, reset });
        }
        let (from_console, to_console) = tokio::io::split(outside);
        let (from_exchange, to_exchange) = tokio::io::split(inside);
        tokio::spawn(self.clone().carry((link, Way::Out), from_console, to_exchange, is_reset.clone()));
        tokio::spawn(self.clone().carry((link, Way::In), from_exchange, to_console, is_reset.clone()));
        if !self.exchange.adopt(End { bytes: gateway, is_reset: is_reset.clone(), _held: None }).await {
            return Err("the gateway is down".to_owned());
        }
        Ok(Box::new(End { bytes: console, is_reset, _held: Some(self.ends.0.clone()) }))
    }

    /// Carries the bytes of one direction until it ends or is reset.
    async fn carry(
        self,
        on: (usize, Way),
        from: ReadHalf<DuplexStream>,
        to: WriteHalf<DuplexStream>,
        mut is_reset: watch::Receiver<bool>,
    ) {
        // A sender kept here would keep the reset from being noticed as the end of everything.
        tokio::select! {
            biased;
            _ = is_reset.wait_for(|is_reset| *is_reset) => {}
            () = self.carry_on(on, from, to) => {}
        }
    }

    async fn carry_on(
        &self,
        (link, way): (usize, Way),
        mut from: ReadHalf<DuplexStream>,
        mut to: WriteHalf<DuplexStream>,
    ) {
        let mut parser = Parser::default();
        let mut bytes = vec![0; 16 * 1024];
        let mut count = 0;
        loop {
            while let Some(unit) = parser.next() {
                let trick = self.note((link, way), count, &unit);
                self.wait((link, way), count).await;
                if !self.deliver(link, &unit, trick, &mut to).await {
                    return;
                }
                if way == Way::In && unit.text.as_deref().is_some_and(refuses_login) {
                    self.state.lock().unwrap().refusals.push(link);
                }
                count += 1;
            }
            match from.read(&mut bytes).await {
                Ok(0) | Err(_) => break,
                Ok(length) => parser.take(&bytes[..length]),
            }
        }
        self.wait((link, way), count).await;
        let _ = to.shutdown().await;
    }

    async fn deliver(&self, link: usize, unit: &Unit, trick: Option<Trick>, to: &mut WriteHalf<DuplexStream>) -> bool {
        let reset = || self.state.lock().unwrap().links[link].reset.send_replace(true);
        match trick {
            None => self.write(&unit.bytes, to).await,
            Some(Trick::ResetBefore) => reset(),
            Some(Trick::ResetWithin) => {
                self.write(&unit.bytes[..unit.bytes.len() / 2], to).await;
                // Half a frame is there to be read before the reset is.
                tokio::time::sleep(Duration::from_millis(1)).await;
                reset()
            }
            Some(Trick::Twice) => self.write(&unit.bytes, to).await && self.write(&unit.bytes, to).await,
            Some(Trick::SayFirst(text)) => {
                self.write(&text_frame(&text), to).await && self.write(&unit.bytes, to).await
            }
        }
    }

    async fn write(&self, bytes: &[u8], to: &mut WriteHalf<DuplexStream>) -> bool {
        let pace = self.weather.borrow().pace;
        if pace.is_zero() {
            return to.write_all(bytes).await.is_ok();
        }
        for byte in bytes {
            let pace = self.weather.borrow().pace;
            tokio::time::sleep(pace).await;
            if to.write_all(&[*byte]).await.is_err() {
                return false;
            }
        }
        true
    }

    /// A unit takes its time, and waits as long as its direction is held up.
    async fn wait(&self, (link, way): (usize, Way), unit: usize) {
        let mut weather = self.weather.subscribe();
        let delay = weather.borrow().delay[way as usize];
        tokio::time::sleep(delay).await;
        let is_free = |weather: &Weather| {
            link >= weather.dead_below && weather.held[way as usize].is_none_or(|first| unit < first)
        };
        let _ = weather.wait_for(is_free).await;
    }

    fn note(&self, (link, way): (usize, Way), unit: usize, what: &Unit) -> Option<Trick> {
        let state = &mut *self.state.lock().unwrap();
        let trick = state.tricks.remove(&(link, way, unit)).or_else(|| state.noise(way, what));
        state.forged += usize::from(matches!(trick, Some(Trick::Twice | Trick::SayFirst(_))));
        let at = self.clock.now().boot;
        let of = state.links[link].of;
        state.seen.push(Seen { at, of, link, way, text: what.text.clone() });
        trick
    }
}

impl State {
    fn new() -> Self {
        Self {
            links: Vec::new(),
            opening: (0, ConnectionId(0)),
            dials: Vec::new(),
            tricks: BTreeMap::new(),
            noise: None,
            seen: Vec::new(),
            refusals: Vec::new(),
            forged: 0,
        }
    }

    /// The noise that somebody on the way adds to a frame: it again, an answer of before (also of a link that is gone), an
    /// answer to what nobody asked, an event with the number of a request, or no frame at all.
    fn noise(&mut self, way: Way, what: &Unit) -> Option<Trick> {
        let (percent, random) = self.noise.as_mut().filter(|_| way == Way::In && what.text.is_some())?;
        if random.u8(0..100) >= *percent {
            return None;
        }
        let of = |way| self.seen.iter().filter(move |seen| seen.way == way).filter_map(|seen| seen.text.clone());
        Some(match random.u8(0..5) {
            0 => Trick::Twice,
            1 => {
                let before: Vec<String> = of(Way::In).collect();
                Trick::SayFirst(before.get(random.usize(..before.len().max(1)))?.clone())
            }
            2 => Trick::SayFirst(answer(FrameKind::Reply, CallId(random.u64(0..9) * 2 + 1_000_001))),
            3 => Trick::SayFirst(answer(FrameKind::Event, Frame::decode(&of(Way::Out).next_back()?).ok()?.id)),
            _ => Trick::SayFirst("{\"m\":1,\"i\":".to_owned()),
        })
    }
}

/// A token that is refused is none: a login in full follows it.
fn refuses_login(text: &str) -> bool {
    Frame::decode(text).is_ok_and(|frame| {
        let is_in_full = matches!(frame.name.as_str(), "AuthenticateUser" | "Authenticate2FA");
        is_in_full && frame.payload.to_ascii_lowercase().contains(r#""authenticated":false"#)
    })
}

fn answer(kind: FrameKind, id: CallId) -> String {
    let payload = r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#.to_owned();
    Frame { kind, id, name: "CancelFailedWithdrawTicket".to_owned(), payload }.encode()
}

impl Dial for Network {
    fn dial<'a>(&'a self, _: &'a Target) -> Dialing<'a> {
        Box::pin(async { self.connect().await.map_err(Into::into) })
    }
}

/// One end of a link.
struct End {
    bytes: DuplexStream,
    is_reset: watch::Receiver<bool>,
    _held: Option<Arc<()>>,
}

impl End {
    fn check(&self) -> io::Result<()> {
        if *self.is_reset.borrow() { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }
}

impl Wire for End {
    fn reset(&self) {}
}

impl AsyncRead for End {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check()?;
        let polled = Pin::new(&mut self.bytes).poll_read(context, buffer);
        // A read that ends because of a reset ends with its error.
        if polled.is_ready() {
            self.check()?;
        }
        polled
    }
}

impl AsyncWrite for End {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.bytes).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.bytes).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.bytes).poll_shutdown(context)
    }
}
