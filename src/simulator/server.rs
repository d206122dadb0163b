//! The socket of the simulated exchange: a WebSocket listener, on loopback unless told otherwise.
//!
//! `gate` lets clients in, `client_link` serves one, `line` is the bytes under it. One task owns the exchange.

mod client_link;
mod gate;
mod http_reply;
mod line;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use super::Exchange;
use super::conduct::How;
use super::exchange::{Client, Deed, Greeting};
use crate::runtime::clock;
use client_link::LinkOrder;
use gate::{Gate, GateOrder};
use line::Control;
pub use line::Wire;

/// A running exchange. Dropping it does not stop it; the end of its runtime does.
#[derive(Clone, Debug)]
pub struct Simulator {
    address: SocketAddr,
    is_tls: bool,
    inbox: mpsc::Sender<ServerInput>,
    orders: mpsc::Sender<GateOrder>,
}

/// A question about the exchange, answered between two frames.
type Question = Box<dyn FnOnce(&mut Exchange, Timestamp) + Send>;

enum ServerInput {
    Knocked(oneshot::Sender<Greeting>),
    Joined(Client, mpsc::Sender<LinkOrder>, Control),
    Text(Client, String),
    Left(Client),
    Question(Question),
}

/// Frames on the way from one client, and to it.
const QUEUE: usize = 1_024;

/// Where the exchange has its time from.
#[derive(Clone, Copy)]
enum Clock {
    /// The wall.
    Wall,
    /// The runtime, whose time a test may pause and move.
    Runtime { start: Timestamp, since: Instant },
}

impl Clock {
    fn now(self) -> Timestamp {
        match self {
            Self::Wall => clock::wall(),
            Self::Runtime { start, since } => {
                let gone = SignedDuration::try_from(since.elapsed()).unwrap_or_default();
                start.checked_add(gone).unwrap_or(start)
            }
        }
    }

    fn until(self, due: Timestamp) -> Duration {
        Duration::try_from(due.duration_since(self.now())).unwrap_or(Duration::ZERO)
    }
}

impl Simulator {
    /// Listens and serves until the runtime ends. Port 0 takes any free port. An address that is not loopback is refused
    /// unless `anywhere`.
    pub async fn start(exchange: Exchange, listen: SocketAddr, anywhere: bool) -> io::Result<Self> {
        Self::listen(exchange, listen, anywhere, None).await
    }

    /// Starts the exchange behind TLS.
    pub async fn start_tls(
        exchange: Exchange,
        listen: SocketAddr,
        anywhere: bool,
        tls: Arc<ServerConfig>,
    ) -> io::Result<Self> {
        Self::listen(exchange, listen, anywhere, Some(tls.into())).await
    }

    /// Listens nowhere: clients come by [`Self::adopt`]. Its time is the runtime's, from `start` on, so that paused time
    /// moves it.
    pub fn in_memory(exchange: Exchange, start: Timestamp) -> Self {
        let clock = Clock::Runtime { start, since: Instant::now() };
        Self::serve(exchange, clock, None, None, (Ipv4Addr::LOCALHOST, 0).into())
    }

    async fn listen(
        exchange: Exchange,
        address: SocketAddr,
        anywhere: bool,
        acceptor: Option<TlsAcceptor>,
    ) -> io::Result<Self> {
        if !address.ip().is_loopback() && !anywhere {
            let why =
                format!("{address} is not a loopback address, and this exchange protects nothing; --anywhere insists");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        let listener = gate::listen(address).await?;
        let address = listener.local_addr()?;
        Ok(Self::serve(exchange, Clock::Wall, Some(listener), acceptor, address))
    }

    fn serve(
        exchange: Exchange,
        clock: Clock,
        listener: Option<tokio::net::TcpListener>,
        acceptor: Option<TlsAcceptor>,
        address: SocketAddr,
    ) -> Self {
        let (inbox, incoming) = mpsc::channel(QUEUE);
        let (orders, ordered) = mpsc::channel(QUEUE);
        let is_tls = acceptor.is_some();
        tokio::spawn(run(exchange, clock, incoming, orders.clone()));
        tokio::spawn(Gate { listener, acceptor, orders: ordered, inbox: inbox.clone() }.run());
        Self { address, is_tls, inbox, orders }
    }

    /// The URL to connect to.
    pub fn url(&self) -> String {
        if self.is_tls {
            // The certificate is good for the address as well; a name is what a client usually has.
            return format!("wss://localhost:{}/WSGateway/", self.address.port());
        }
        format!("ws://{}/WSGateway/", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves a stream that did not come through the listener; false if the gateway is down.
    pub async fn adopt(&self, stream: impl Wire + 'static) -> bool {
        let (answer, answered) = oneshot::channel();
        self.orders.send(GateOrder::Adopt(Box::new(stream), answer)).await.is_ok() && answered.await.unwrap_or(false)
    }

    /// Breaks all links now; a restart is one of the ways.
    pub async fn break_links(&self, how: How) {
        self.with(move |exchange, now| exchange.break_links(how, now)).await;
    }

    /// Asks the running exchange something, or changes it; `None` if it has ended.
    pub async fn with<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Exchange, Timestamp) -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        let question: Question = Box::new(move |exchange, now| {
            let _ = answer.send(ask(exchange, now));
        });
        self.inbox.send(ServerInput::Question(question)).await.ok()?;
        answered.await.ok()
    }
}

/// A link as the exchange's task knows it.
struct Held {
    outbox: mpsc::Sender<LinkOrder>,
    line: Control,
}

/// The one task that owns the exchange.
async fn run(
    mut exchange: Exchange,
    clock: Clock,
    mut incoming: mpsc::Receiver<ServerInput>,
    orders: mpsc::Sender<GateOrder>,
) {
    let mut links: BTreeMap<Client, Held> = BTreeMap::new();
    exchange.open(clock.now());
    loop {
        let wait = exchange.next_due().map(|due| clock.until(due));
        let due = async {
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            event = incoming.recv() => match event {
                None => return,
                Some(event) => take_in(&mut exchange, &mut links, event, clock.now()),
            },
            () = due => {}
        }
        for deed in exchange.take_due(clock.now()) {
            match deed {
                Deed::Send(client, text) => tell(&mut links, client, LinkOrder::Text(text)),
                Deed::Drop(client) => tell(&mut links, client, LinkOrder::Drop),
                Deed::Close(client, close) => tell(&mut links, client, LinkOrder::Close(close)),
                Deed::Cut(client, text) => tell(&mut links, client, LinkOrder::Cut(text)),
                Deed::Stall(client) => tell(&mut links, client, LinkOrder::Stall),
                Deed::Restart(down) => {
                    links.clear();
                    let _ = orders.send(GateOrder::Restart(down)).await;
                }
            }
        }
    }
}

fn take_in(exchange: &mut Exchange, links: &mut BTreeMap<Client, Held>, event: ServerInput, now: Timestamp) {
    match event {
        ServerInput::Knocked(answer) => {
            let _ = answer.send(exchange.greet(now));
        }
        ServerInput::Joined(client, outbox, line) => {
            exchange.join(client, now);
            links.insert(client, Held { outbox, line });
        }
        // Whatever a link that is gone has left behind in the queue is lost with it.
        ServerInput::Text(client, text) if links.contains_key(&client) => exchange.receive(client, &text, now),
        ServerInput::Text(..) => {}
        ServerInput::Left(client) => {
            links.remove(&client);
            exchange.leave(client);
        }
        ServerInput::Question(ask) => ask(exchange, now),
    }
}

fn tell(links: &mut BTreeMap<Client, Held>, client: Client, told: LinkOrder) {
    let Some(held) = links.get(&client) else { return };
    if held.line.is_slow() {
        match told {
            LinkOrder::Drop => held.line.hang_up(),
            LinkOrder::Stall => held.line.stall(),
            LinkOrder::Text(_) | LinkOrder::Cut(_) | LinkOrder::Close(_) => {}
        }
    }
    // A client that does not read is dropped rather than waited for.
    if held.outbox.try_send(told).is_err() {
        links.remove(&client);
    }
}
