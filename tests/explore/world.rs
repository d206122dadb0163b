//! Two consoles, one exchange, one journal, and a network that delivers what it is told to, when it is told to.

use std::collections::VecDeque;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use jiff::SignedDuration;
use withdraw_desk::app::console::keymap::Keymap;
use withdraw_desk::app::console::screens::Screen;
use withdraw_desk::app::desk::calls::Purpose;
use withdraw_desk::app::desk::cancels::attempt::{Confirmation, Owner, WORD};
use withdraw_desk::app::desk::input::Outcome;
use withdraw_desk::app::desk::order::Order;
use withdraw_desk::app::desk::settings::Settings;
use withdraw_desk::app::effect::Author;
use withdraw_desk::app::event::{Interruption, Way};
use withdraw_desk::app::{Console, Desk, Effect, Effects, Event, Size, State, update};
use withdraw_desk::domain::{AttemptId, Boot, CallId, Change, ConnectionId, IntentId, Now, OmsId, TicketNumber};
use withdraw_desk::journal::{Fact, Intent, Store};
use withdraw_desk::protocol::LinkEnd;
use withdraw_desk::protocol::rpc::authenticate_user::{self, Credentials};
use withdraw_desk::protocol::{Frame, FrameKind};
use withdraw_desk::simulator::exchange::Deed;
use withdraw_desk::simulator::{Book, Exchange, Script, login};

use crate::ground::{self, EXCHANGE, Writer, start};
use crate::memory::{Fault, Memory};
use crate::promises::{Armed, Process, Watch};
use crate::proofs::permit;
use crate::shared::{Digest, Shared};

/// A person's pause before a key.
const PAUSE: Duration = Duration::from_millis(350);
/// More steps than this never come to rest.
const MOST_STEPS: usize = 20_000;

/// An order of somebody without a screen; what is typed with it is right, or lacks something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unseen {
    /// The n-th ticket is chosen.
    Choose(usize),
    /// The shown ticket is confirmed by its number and the second word.
    Confirm,
    /// The number was not typed.
    ConfirmUntyped,
    /// The second word was not typed.
    ConfirmWithoutWord,
    /// The ticket is kept.
    Keep,
}

/// One thing that happens next. Consoles are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// The oldest frame of a console arrives at the exchange.
    Arrive(usize),
    /// The oldest frame of the exchange arrives at a console.
    Receive(usize),
    /// The journal does the oldest job of a console.
    Journal(usize),
    /// A link that is being opened is open.
    Open(usize),
    /// A link that is being opened is open, and everything that a new session asks is answered before anything else happens.
    OpenAndSettle(usize),
    /// A person without a screen gives the desk of a console an order.
    Order { console: usize, order: Unseen },
    /// Time passes, in milliseconds; what is due meanwhile is noticed.
    Pass(u64),
    /// Time passes until something is due.
    PassToNext,
    /// Keys without a pause between them; before the first there is one if so said.
    Keys { console: usize, keys: String, after_a_pause: bool },
    /// A paste between brackets.
    Paste(usize),
    /// A frame on its way to the exchange is lost.
    LoseOut(usize),
    /// A frame on its way to a console is lost.
    LoseIn(usize),
    /// A frame on its way to a console arrives twice.
    TwiceIn(usize),
    /// Two frames on their way to the exchange change places.
    SwapOut(usize),
    /// Two frames on their way to a console change places.
    SwapIn(usize),
    /// The window gets another size, in which everything still has its place.
    Resize(usize),
    /// A link breaks; so many frames on their way to the exchange still arrive.
    Cut { console: usize, arrive: usize },
    /// A console is killed and started again.
    Crash(usize),
    /// A console is killed while its oldest job is half written, and started again.
    CrashInWrite { console: usize, kept: usize },
    /// The machine loses power: both are started again.
    PowerLoss,
    /// The disk is full after so many bytes of the oldest job.
    DiskFull { console: usize, room: usize },
    /// The next sync fails.
    NoSync(usize),
    /// Somebody else changes the n-th ticket.
    Meddle { nth: usize, status: &'static str },
    /// The provider reports a transaction of the n-th ticket.
    Transaction(usize),
    /// A comment says that a ticket was submitted with a transaction.
    Submitted(usize),
    /// An event arrives with the sequence number of a request that is not answered yet.
    EventWithOurNumber(usize),
    /// A frame of a link that is gone arrives late, with the number of a request of the link that is up.
    OldLink(usize),
    /// A reply of another sort to the last cancel.
    OtherReply { console: usize, payload: &'static str },
    /// The wall clock is set, by seconds.
    SetClock(i64),
    /// A console is told to end, and another is started in its place.
    Interrupt(usize),
}

impl Delivery {
    /// Which console it is about, if it is about one.
    pub fn console(&self) -> Option<usize> {
        match self {
            Self::Arrive(at)
            | Self::Receive(at)
            | Self::Journal(at)
            | Self::Open(at)
            | Self::OpenAndSettle(at)
            | Self::Paste(at)
            | Self::Resize(at)
            | Self::LoseOut(at)
            | Self::LoseIn(at)
            | Self::TwiceIn(at)
            | Self::SwapOut(at)
            | Self::SwapIn(at)
            | Self::Crash(at)
            | Self::NoSync(at)
            | Self::EventWithOurNumber(at)
            | Self::OldLink(at)
            | Self::Interrupt(at) => Some(*at),
            Self::Keys { console, .. }
            | Self::Cut { console, .. }
            | Self::CrashInWrite { console, .. }
            | Self::DiskFull { console, .. }
            | Self::Order { console, .. }
            | Self::OtherReply { console, .. } => Some(*console),
            Self::Pass(_)
            | Self::PassToNext
            | Self::PowerLoss
            | Self::Meddle { .. }
            | Self::Transaction(_)
            | Self::Submitted(_)
            | Self::SetClock(_) => None,
        }
    }
}

/// Something that comes in on a link.
#[derive(Clone, Debug)]
enum Inbound {
    Frame(u32, String),
    Lost(u32, String),
}

/// An order of a console to the journal.
#[derive(Clone, Debug)]
enum Job {
    Open(AttemptId, Author, Box<Intent>),
    Record(Author, Fact),
    Unresolved,
}

#[derive(Clone, Debug)]
struct Link {
    connection: ConnectionId,
    client: u64,
}

/// One console, with its process.
#[derive(Clone, Debug)]
pub struct Desktop {
    pub process: Process,
    pub state: State,
    store: Store,
    jobs: VecDeque<Job>,
    link: Option<Link>,
    opening: Option<(ConnectionId, CallId)>,
    outbox: VecDeque<Frame>,
    inbox: VecDeque<Inbound>,
    /// The last frames that were handed over, as far as a stray reply may be about them.
    asked: Vec<(u32, Frame)>,
    has_ended: bool,
}

impl Desktop {
    /// Without the keys' table, which never changes, and the lines about the past, which nothing depends on.
    fn write(&self, digest: &mut Digest) -> std::fmt::Result {
        let Self { process, state, store, jobs, link, opening, outbox, inbox, asked, has_ended } = self;
        let console = (state.console.over().collect::<Vec<_>>(), &state.console.list.selection, state.console.hint());
        let desk = &state.desk;
        let (list, cancels) = (desk.list(), desk.cancels());
        write!(digest, "{:?}{:?}{:?}", desk.link(), desk.last_session(), desk.calls())?;
        write!(digest, "{:?}{:?}{:?}", list.scan(), list.tickets(), cancels.attempt())?;
        write!(digest, "{:?}{:?}", cancels.all().collect::<Vec<_>>(), cancels.journal())?;
        write!(digest, "{process}{console:?}{store:?}{jobs:?}{link:?}")?;
        write!(digest, "{opening:?}{outbox:?}{inbox:?}{asked:?}{has_ended}")
    }
}

#[derive(Clone, Debug)]
pub struct World {
    pub now: Now,
    pub desktops: Vec<Shared<Desktop>>,
    pub watch: Shared<Watch>,
    exchange: Shared<Exchange>,
    memory: Shared<Memory>,
    tickets: Vec<u64>,
    processes: Process,
    ids: u128,
}

/// A book with few tickets of which `failed` failed.
fn book(failed: usize) -> Book {
    let count = u64::try_from(failed).unwrap() * 3;
    let fits = |book: &Book| book.newest().filter(|entry| entry.status == "Failed").count() == failed;
    (1..10_000).map(|seed| Book::new(seed, count, start())).find(fits).unwrap()
}

impl World {
    /// Consoles that have read the list; the tickets' cancels misbehave as the faults say, the newest failed one first.
    pub fn new(consoles: usize, faults: &[&str]) -> Self {
        let book = book(faults.len());
        let cases: Vec<String> = (1..)
            .zip(faults)
            .map(|(nth, fault)| format!(r#"{{"name":"{nth}","failed":{nth},"fault":{fault}}}"#))
            .collect();
        let script = format!(r#"{{"about":"","cancels":[{}]}}"#, cases.join(","));
        let script = Script::parse(&script, &book).unwrap();
        let tickets = book.newest().map(|entry| entry.number).collect();
        let mut world = Self {
            now: ground::first(),
            desktops: Vec::new(),
            watch: Shared::new(Watch::default()),
            exchange: Shared::new(Exchange::new(book, script)),
            memory: Shared::new(Memory::default()),
            tickets,
            processes: 0,
            ids: 0,
        };
        for _ in 0..consoles {
            let desktop = world.desktop();
            world.desktops.push(desktop);
            let at = world.desktops.len() - 1;
            world.start(at);
        }
        world.settle();
        world
    }

    /// Two consoles with armed dialogs on the one failed ticket, a person's pause later.
    pub fn armed(fault: &str) -> Self {
        let mut world = Self::new(2, &[fault]);
        for keys in ["g", "x", "number"] {
            world.pass(PAUSE);
            for console in 0..2 {
                let attempt = world.desktops[console].state.desk.cancels().attempt();
                let number = attempt.map(|attempt| attempt.ticket.to_string());
                let keys = number.filter(|_| keys == "number").unwrap_or_else(|| keys.to_owned());
                world.press(console, &keys, false);
            }
            world.settle();
        }
        world.pass(PAUSE);
        world.settle();
        world
    }

    /// True if Enter would confirm.
    pub fn is_armed(&self, at: usize) -> bool {
        let desktop = &self.desktops[at].state;
        matches!(desktop.console.top(), Some(Screen::Cancel(dialog)) if dialog.is_armed(&desktop.desk))
    }

    fn desktop(&mut self) -> Shared<Desktop> {
        self.processes += 1;
        let of = Settings::of(EXCHANGE, "test");
        let settings = Settings { oms: Some(OmsId(1)), permit: permit(), allow_tx: true, ..of };
        let console = Console::new(Keymap::built_in().unwrap());
        Shared::new(Desktop {
            process: self.processes,
            state: State::new(Desk::new(settings), console, Size { width: 100, height: 40 }, self.now),
            store: Store::default(),
            jobs: VecDeque::new(),
            link: None,
            opening: None,
            outbox: VecDeque::new(),
            inbox: VecDeque::new(),
            asked: Vec::new(),
            has_ended: false,
        })
    }

    fn start(&mut self, at: usize) {
        let now = self.now;
        let effects = self.desktops[at].state.tell(Order::Start, now);
        self.obey(at, effects, false);
    }

    /// A hash of everything that can still matter.
    pub fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (format!("{:?}", self.now), self.ids, self.processes).hash(&mut hasher);
        self.watch.digest(|watch, digest| write!(digest, "{watch:?}")).hash(&mut hasher);
        self.exchange.digest(|exchange, digest| write!(digest, "{exchange:?}")).hash(&mut hasher);
        self.memory.digest(|memory, digest| write!(digest, "{memory:?}")).hash(&mut hasher);
        self.desktops.iter().for_each(|desktop| desktop.digest(Desktop::write).hash(&mut hasher));
        hasher.finish()
    }

    pub fn tickets(&self) -> usize {
        self.tickets.len()
    }

    /// Deliveries that are possible without any fault.
    pub fn possible(&self) -> Vec<Delivery> {
        let mut found = Vec::new();
        for (at, desktop) in self.desktops.iter().enumerate() {
            if !desktop.outbox.is_empty() {
                found.push(Delivery::Arrive(at));
            }
            if !desktop.inbox.is_empty() {
                found.push(Delivery::Receive(at));
            }
            if !desktop.jobs.is_empty() {
                found.push(Delivery::Journal(at));
            }
            if desktop.opening.is_some() {
                found.push(Delivery::Open(at));
            }
        }
        found
    }

    /// True while a cancel of a console is not decided yet.
    pub fn is_following(&self, at: usize) -> bool {
        self.desktops[at].state.desk.cancels().all().any(|cancellation| cancellation.outcome.is_none())
    }

    /// True while a journal job waits.
    pub fn has_job(&self, at: usize) -> bool {
        !self.desktops[at].jobs.is_empty()
    }

    /// How many frames wait: to the exchange, to the console.
    pub fn waiting(&self, at: usize) -> (usize, usize) {
        (self.desktops[at].outbox.len(), self.desktops[at].inbox.len())
    }

    pub fn has_link(&self, at: usize) -> bool {
        self.desktops[at].link.is_some()
    }

    // --- deliveries -------------------------------------------------------------------------------------------------

    /// Something happens, and every promise is checked.
    pub fn deliver(&mut self, delivery: &Delivery) {
        match delivery {
            Delivery::Arrive(at) => self.arrive(*at),
            Delivery::Receive(at) => self.receive(*at),
            Delivery::Journal(at) => self.do_job(*at),
            Delivery::Open(at) => self.open_link(*at),
            Delivery::OpenAndSettle(at) => {
                self.open_link(*at);
                self.settle_one(*at);
            }
            Delivery::Pass(millis) => self.pass(Duration::from_millis(*millis)),
            Delivery::PassToNext => self.pass_to_next(),
            Delivery::Keys { console, keys, after_a_pause } => self.press(*console, keys, *after_a_pause),
            Delivery::Paste(at) => {
                let armed = Armed::of(&self.desktops[*at].state);
                let number = self.desktops[*at].state.desk.cancels().attempt().map(|attempt| attempt.ticket);
                let text = number.map_or_else(|| "x".to_owned(), |number| number.to_string());
                self.happen(*at, Event::Pasted(format!("{text}\r").as_str().into()));
                let desktop = &*self.desktops[*at];
                self.watch.pasted(desktop.process, &armed, &desktop.state, self.now);
            }
            Delivery::Resize(at) => {
                let Desktop { process, state, .. } = &*self.desktops[*at];
                self.watch.withdrawn_at_the_screen(*process, state, "the window changed its size");
                let Size { width, height } = self.desktops[*at].state.size;
                self.happen(*at, Event::Resized(Size { width: width ^ 1, height }));
            }
            Delivery::LoseOut(at) => drop(self.desktops[*at].outbox.pop_front()),
            Delivery::LoseIn(at) => self.lose_in(*at),
            Delivery::TwiceIn(at) => {
                let inbox = &mut self.desktops[*at].inbox;
                if let Some(first @ Inbound::Frame(..)) = inbox.front().cloned() {
                    inbox.push_front(first);
                }
            }
            Delivery::SwapOut(at) => swap(&mut self.desktops[*at].outbox),
            Delivery::SwapIn(at) => {
                // A link that is lost says nothing any more, so nothing overtakes that.
                if self.desktops[*at].inbox.iter().take(2).all(|inbound| matches!(inbound, Inbound::Frame(..))) {
                    swap(&mut self.desktops[*at].inbox);
                }
            }
            Delivery::Cut { console, arrive } => self.cut(*console, *arrive),
            Delivery::Crash(at) => self.crash(*at),
            Delivery::CrashInWrite { console, kept } => self.crash_in_write(*console, *kept),
            Delivery::PowerLoss => {
                self.memory.crash(0);
                (0..self.desktops.len()).for_each(|at| self.crash(at));
            }
            Delivery::DiskFull { console, room } => self.with_fault(*console, Fault::Full(*room)),
            Delivery::NoSync(at) => self.with_fault(*at, Fault::NoSync),
            Delivery::Meddle { nth, status } => {
                let ticket = self.tickets[nth % self.tickets.len()];
                self.exchange.meddle(ticket, status, self.now.wall);
                self.route();
            }
            Delivery::Transaction(nth) => {
                let ticket = self.tickets[nth % self.tickets.len()];
                self.exchange.give_transaction(ticket, "9f2c");
            }
            Delivery::Submitted(nth) => {
                let ticket = self.tickets[nth % self.tickets.len()];
                let text = "Withdraw Submitted (11/22/2017 8:16:11 PM): 9f2c77ab31";
                self.exchange.comment(ticket, text, self.now.wall);
            }
            Delivery::EventWithOurNumber(at) => self.stray(*at, FrameKind::Event, false),
            Delivery::OldLink(at) => self.stray(*at, FrameKind::Reply, true),
            Delivery::OtherReply { console, payload } => self.other_reply(*console, payload),
            Delivery::SetClock(seconds) => {
                self.now.wall = self.now.wall.checked_add(SignedDuration::from_secs(*seconds)).unwrap();
            }
            Delivery::Interrupt(at) => self.interrupt(*at),
            Delivery::Order { console, order } => self.order(*console, *order),
        }
    }

    fn arrive(&mut self, at: usize) {
        let desktop = &mut self.desktops[at];
        let Some(frame) = desktop.outbox.pop_front() else { return };
        let Some(client) = desktop.link.as_ref().map(|link| link.client) else { return };
        self.exchange.receive(client, &frame.encode(), self.now.wall);
        self.route();
    }

    /// Puts what the exchange says now on its way.
    fn route(&mut self) {
        for deed in self.exchange.take_due(self.now.wall) {
            let client = match &deed {
                Deed::Send(client, _) | Deed::Drop(client) => *client,
                // Links break by the schedule here, not by a scenario.
                Deed::Cut(..) | Deed::Close(..) | Deed::Stall(_) | Deed::Restart(_) => continue,
            };
            let of_client =
                |desktop: &&mut Shared<Desktop>| desktop.link.as_ref().is_some_and(|link| link.client == client);
            let Some(desktop) = self.desktops.iter_mut().find(of_client) else { continue };
            let connection = desktop.link.as_ref().map_or(0, |link| link.connection.0);
            desktop.inbox.push_back(match deed {
                Deed::Send(_, text) => Inbound::Frame(connection, text),
                _ => Inbound::Lost(connection, "connection reset".to_owned()),
            });
        }
    }

    fn receive(&mut self, at: usize) {
        match self.desktops[at].inbox.pop_front() {
            Some(Inbound::Frame(connection, text)) => {
                let frame = Frame::decode(&text).unwrap();
                let frame = Frame { payload: vary_zeros(&frame), ..frame };
                self.frame(at, connection, frame);
            }
            Some(Inbound::Lost(connection, why)) => self.link_lost(at, connection, &why),
            None => {}
        }
    }

    fn frame(&mut self, at: usize, connection: u32, frame: Frame) {
        let (process, now) = (self.desktops[at].process, self.now);
        self.watch.arrived(process, connection, &frame, now);
        self.happen(at, Event::FrameArrived { connection: ConnectionId(connection), frame });
    }

    fn link_lost(&mut self, at: usize, connection: u32, why: &str) {
        let desktop = &mut self.desktops[at];
        if let Some(link) = desktop.link.take_if(|link| link.connection.0 == connection) {
            self.exchange.leave(link.client);
            self.desktops[at].outbox.clear();
        }
        self.watch.lost(self.desktops[at].process, connection);
        self.happen(at, Event::LinkLost { connection: ConnectionId(connection), end: LinkEnd::soon(why) });
    }

    fn lose_in(&mut self, at: usize) {
        let inbox = &mut self.desktops[at].inbox;
        if matches!(inbox.front(), Some(Inbound::Frame(..))) {
            inbox.pop_front();
        }
    }

    fn cut(&mut self, at: usize, arrive: usize) {
        for _ in 0..arrive {
            self.arrive(at);
        }
        if let Some(connection) = self.desktops[at].link.as_ref().map(|link| link.connection.0) {
            // Frames that were received before still come first.
            self.desktops[at].inbox.push_back(Inbound::Lost(connection, "connection reset".to_owned()));
            self.desktops[at].outbox.clear();
        }
    }

    fn open_link(&mut self, at: usize) {
        let Some((connection, id)) = self.desktops[at].opening.take() else { return };
        let client = u64::from(self.desktops[at].process) * 1_000 + u64::from(connection.0);
        self.route();
        let user = ground::log_in(&mut self.exchange, client, id, self.now.wall);
        self.desktops[at].link = Some(Link { connection, client });
        self.watch.opened(self.desktops[at].process, self.now);
        self.happen(at, Event::LinkOpened { connection, host: EXCHANGE.to_owned(), user, way: Way::Password });
    }

    fn crash(&mut self, at: usize) {
        if let Some(link) = self.desktops[at].link.take() {
            self.exchange.leave(link.client);
        }
        self.desktops[at] = self.desktop();
        self.start(at);
    }

    fn crash_in_write(&mut self, at: usize, kept: usize) {
        let (bytes, watch) = (self.memory.bytes.len(), self.watch.clone());
        self.do_job(at);
        let written = self.memory.bytes.len().saturating_sub(bytes);
        if written > 0 {
            // The watch forgets what the job led to, because it never happened.
            self.watch = watch;
            self.memory.bytes.truncate(bytes + kept % written);
            self.memory.durable = self.memory.bytes.len();
        }
        self.crash(at);
    }

    fn with_fault(&mut self, at: usize, fault: Fault) {
        self.memory.fault = Some(fault);
        self.do_job(at);
        self.memory.fault = None;
    }

    /// A frame that the exchange never sent, with the number of the last cancel or read.
    fn stray(&mut self, at: usize, kind: FrameKind, old_link: bool) {
        let desktop = &*self.desktops[at];
        let Some((connection, frame)) = desktop.asked.last().cloned() else { return };
        let payload = if frame.name == "GetWithdrawTicket" {
            canceled(&self.exchange, &frame)
        } else {
            r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#.to_owned()
        };
        let connection = if old_link { connection.saturating_sub(1) } else { connection };
        let name = if kind == FrameKind::Event { "WithdrawTicketUpdateEvent".to_owned() } else { frame.name.clone() };
        self.frame(at, connection, Frame { kind, id: frame.id, name, payload });
    }

    fn other_reply(&mut self, at: usize, payload: &str) {
        let is_cancel = |asked: &&(u32, Frame)| asked.1.name == "CancelFailedWithdrawTicket";
        let Some((connection, frame)) = self.desktops[at].asked.iter().rfind(is_cancel).cloned() else { return };
        let is_up = self.desktops[at].link.as_ref().is_some_and(|link| link.connection.0 == connection);
        if is_up {
            let reply = Frame { kind: FrameKind::Reply, payload: payload.to_owned(), ..frame };
            self.desktops[at].inbox.push_back(Inbound::Frame(connection, reply.encode()));
        }
    }

    fn interrupt(&mut self, at: usize) {
        self.watch.interrupted(self.desktops[at].process);
        self.happen(at, Event::Interrupted(Interruption::Signal(15)));
    }

    // --- time -------------------------------------------------------------------------------------------------------

    fn pass(&mut self, span: Duration) {
        let end = self.now.boot + span;
        for _ in 0..MOST_STEPS {
            let Some(next) = self.next_due().filter(|next| *next <= end) else {
                return self.set_time(end);
            };
            self.set_time(next.max(self.now.boot));
            self.notice();
        }
        panic!("the world does not come to rest");
    }

    fn pass_to_next(&mut self) {
        if let Some(next) = self.next_due() {
            self.set_time(next.max(self.now.boot));
            self.notice();
        }
    }

    fn notice(&mut self) {
        self.route();
        for at in 0..self.desktops.len() {
            let due = self.desktops[at].state.desk.next_deadline(self.now);
            if due.is_some_and(|due| due <= self.now.boot) && !self.desktops[at].has_ended {
                self.happen(at, Event::DeadlinePassed);
            }
        }
    }

    fn next_due(&self) -> Option<Boot> {
        let exchange = self.exchange.next_due().map(|due| ground::boot_of(self.now, due));
        let alive = self.desktops.iter().filter(|desktop| !desktop.has_ended);
        alive.filter_map(|desktop| desktop.state.desk.next_deadline(self.now)).chain(exchange).min()
    }

    fn set_time(&mut self, boot: Boot) {
        self.now = ground::moved_to(self.now, boot);
    }

    // --- a console --------------------------------------------------------------------------------------------------

    fn press(&mut self, at: usize, keys: &str, after_a_pause: bool) {
        if after_a_pause {
            self.pass(PAUSE);
        }
        for key in ground::keys(keys) {
            let desktop = &*self.desktops[at];
            let before = self.watch.before_key(desktop.process, &desktop.state, key, self.now);
            self.take(at, Event::KeyPressed(key), true);
            let desktop = &*self.desktops[at];
            self.watch.key(desktop.process, &before, &desktop.state, self.now);
        }
    }

    /// A command, or a batch: it orders without a screen, and what it types may be wrong.
    fn order(&mut self, at: usize, order: Unseen) {
        if self.desktops[at].has_ended {
            return;
        }
        let shown = self.desktops[at].state.desk.cancels().attempt().map(|attempt| attempt.ticket);
        let (number, word) = (shown.map_or_else(String::new, |ticket| ticket.to_string()), WORD.to_owned());
        let order = match order {
            Unseen::Choose(nth) => {
                let ticket = TicketNumber(self.tickets[nth % self.tickets.len()]);
                Order::Choose { ticket, change: Change::Cancel, owner: Owner::Command }
            }
            Unseen::Confirm => Order::Confirm(Confirmation { number, word, ..Confirmation::default() }),
            Unseen::ConfirmUntyped => Order::Confirm(Confirmation { word, ..Confirmation::default() }),
            Unseen::ConfirmWithoutWord => Order::Confirm(Confirmation { number, ..Confirmation::default() }),
            Unseen::Keep => Order::Keep,
        };
        let desktop = &*self.desktops[at];
        self.watch.clocks(desktop.process, self.now);
        let before = self.watch.before_order(desktop.process, &desktop.state, &order);
        let state = &mut self.desktops[at].state;
        let Outcome { effects, answer, news } = state.desk.apply(order, self.now);
        state.console.hear(&news);
        let desktop = &*self.desktops[at];
        self.watch.ordered_unseen(desktop.process, before, &desktop.state, answer.is_ok(), self.now);
        self.watch.claims(&self.desktops[at].state);
        self.obey(at, effects, true);
    }

    fn happen(&mut self, at: usize, event: Event) {
        self.take(at, event, false);
    }

    fn take(&mut self, at: usize, event: Event, by_key: bool) {
        if self.desktops[at].has_ended {
            return;
        }
        self.watch.clocks(self.desktops[at].process, self.now);
        let effects = update(&mut self.desktops[at].state, event, self.now);
        self.watch.claims(&self.desktops[at].state);
        self.obey(at, effects, by_key);
    }

    fn obey(&mut self, at: usize, effects: Effects, by_key: bool) {
        for effect in effects.into_list() {
            self.perform(at, effect, by_key);
        }
    }

    fn perform(&mut self, at: usize, effect: Effect, by_key: bool) {
        match effect {
            Effect::Connect { connection, login } => self.desktops[at].opening = Some((connection, login)),
            Effect::Disconnect { connection } => {
                let link = self.desktops[at].link.take_if(|link| link.connection == connection);
                if let Some(link) = link {
                    self.exchange.leave(link.client);
                    self.desktops[at].outbox.clear();
                }
                self.watch.lost(self.desktops[at].process, connection.0);
            }
            Effect::SendRead { connection, frame } => {
                let frame = frame.into_frame();
                let desktop = &mut self.desktops[at];
                let screen = desktop.state.console.top();
                let watches = matches!(screen, Some(Screen::Timeline(_) | Screen::Release(_)));
                // Reads for a dialog or the list are asked again on a new link, and the screen's tickets are read now
                // and then: neither is for the sake of an intent.
                let mut calls = desktop.state.desk.calls().waiting();
                let is_for_the_screen = calls.any(|(id, call)| {
                    id == frame.id
                        && matches!(call.purpose, Purpose::Choose(_) | Purpose::Detail(_) | Purpose::Watch(_))
                });
                let (follows, process) = ((!by_key || watches) && !is_for_the_screen, desktop.process);
                drop(calls);
                self.watch.asked(process, connection.0, &frame, follows, self.now);
                self.hand(at, connection, frame);
            }
            Effect::SendCancel { connection, intent, order } => {
                self.send_cancel(at, connection, intent, order.into_frame());
            }
            Effect::OpenIntent { attempt, author, intent } => {
                self.watch.ordered(self.desktops[at].process);
                self.desktops[at].jobs.push_back(Job::Open(attempt, author, intent));
            }
            Effect::Record { author, fact } => {
                self.watch.says(self.desktops[at].process, &fact, self.now);
                self.desktops[at].jobs.push_back(Job::Record(author, fact));
            }
            Effect::ReadUnresolved => self.desktops[at].jobs.push_back(Job::Unresolved),
            Effect::GiveSecret { .. } | Effect::Validate { .. } | Effect::GiveBackTerminal { .. } => {}
            Effect::Suspend => {
                let Desktop { process, state, .. } = &*self.desktops[at];
                self.watch.withdrawn_at_the_screen(*process, state, "the program was suspended");
                self.happen(at, Event::Resumed);
            }
            Effect::Quit(_) => self.end(at),
        }
    }

    /// Ends a console: its orders to the journal are carried out, and another console is started at this desk.
    fn end(&mut self, at: usize) {
        while self.has_job(at) {
            self.desktops[at].has_ended = true;
            self.do_job(at);
        }
        if let Some(link) = self.desktops[at].link.take() {
            self.exchange.leave(link.client);
        }
        self.desktops[at] = self.desktop();
        self.start(at);
    }

    fn hand(&mut self, at: usize, connection: ConnectionId, frame: Frame) -> bool {
        let desktop = &mut self.desktops[at];
        let is_up = desktop.link.as_ref().is_some_and(|link| link.connection == connection);
        if is_up {
            if desktop.asked.len() == 4 {
                desktop.asked.remove(0);
            }
            desktop.asked.push((connection.0, frame.clone()));
            desktop.outbox.push_back(frame);
        }
        is_up
    }

    fn send_cancel(&mut self, at: usize, connection: ConnectionId, intent: IntentId, frame: Frame) {
        let is_up = self.desktops[at].link.as_ref().is_some_and(|link| link.connection == connection);
        if !is_up {
            let why = "that link is gone".to_owned();
            return self.happen(at, Event::CancelNotHanded { intent, why });
        }
        self.watch.handed(self.desktops[at].process, connection.0, intent, &frame, &self.memory, self.now);
        self.hand(at, connection, frame);
        self.happen(at, Event::CancelHanded { intent });
    }

    fn do_job(&mut self, at: usize) {
        let Some(job) = self.desktops[at].jobs.pop_front() else { return };
        let Self { memory, desktops, now, ids, .. } = self;
        let memory = &mut **memory;
        let Desktop { store, process, .. } = &mut *desktops[at];
        let session = process.to_string();
        let writer = Writer { session: &session, pid: *process, exchange: EXCHANGE };
        let written = |author: &Author| writer.written(author, now.wall);
        let event = match job {
            Job::Open(attempt, author, intent) => {
                *ids += 1;
                let id = IntentId(*ids << 96 | u128::from(*process));
                let answer = ground::open(store, memory, written(&author), id, *intent);
                Some(Event::IntentAnswered { attempt, answer })
            }
            Job::Record(author, fact) => {
                let recorded = store.catch_up(memory).and_then(|()| store.record(memory, written(&author), fact));
                recorded.err().map(Event::JournalFailed)
            }
            Job::Unresolved => Some(Event::UnresolvedRead(store.catch_up(memory).map(|()| store.unresolved()))),
        };
        self.watch.journal(self.desktops[at].process, &self.memory, self.now);
        if let Some(event) = event {
            self.happen(at, event);
        }
    }

    // --- rest -------------------------------------------------------------------------------------------------------

    /// Everything that waits is delivered, in order, until nothing does.
    pub fn settle(&mut self) {
        for _ in 0..MOST_STEPS {
            let Some(delivery) = self.possible().into_iter().next() else { return };
            self.deliver(&delivery);
        }
        panic!("the world does not come to rest");
    }

    fn settle_one(&mut self, at: usize) {
        for _ in 0..MOST_STEPS {
            let is_of_it = |delivery: &Delivery| delivery.console() == Some(at);
            let Some(delivery) = self.possible().into_iter().find(is_of_it) else { return };
            self.deliver(&delivery);
        }
        panic!("a console does not come to rest");
    }

    /// No more faults: everything is delivered and time passes until every follow time is over; then every intent has its
    /// end or its lock.
    pub fn finish(&mut self) {
        self.settle();
        let end = self.now.boot + Duration::from_secs(100);
        while self.now.boot < end && self.watch.broken().is_none() {
            self.pass_to_next();
            self.settle();
        }
        let is_failed = |desktop: &Shared<Desktop>| desktop.store.failed().is_some();
        if self.desktops.iter().any(is_failed) {
            // A failed journal keeps its session read-only until a restart, so both consoles are started again.
            for at in 0..self.desktops.len() {
                self.crash(at);
            }
            return self.finish();
        }
        self.check_end();
    }

    /// How much the journal holds.
    pub fn journal_length(&self) -> usize {
        self.memory.bytes.len()
    }

    /// Every intent is settled, or unresolved and its ticket locked.
    pub fn check_locks(&mut self) {
        let memory = self.memory.clone();
        self.watch.locks(&memory);
    }

    fn check_end(&mut self) {
        let memory = self.memory.clone();
        self.watch.ended(&memory);
    }
}

fn swap<T>(queue: &mut VecDeque<T>) {
    if queue.len() >= 2 {
        queue.swap(0, 1);
    }
}

/// Zeros vary between calls (PROTOCOL.md 6): every second amount has one more.
fn vary_zeros(frame: &Frame) -> String {
    let payload = &frame.payload;
    if frame.name != "GetWithdrawTicket" || frame.id.0.is_multiple_of(4) {
        return payload.clone();
    }
    let Some(at) = payload.find("\"Amount\":") else { return payload.clone() };
    let digits = at + "\"Amount\":".len();
    let end = payload[digits..].find([',', '}']).map_or(payload.len(), |end| digits + end);
    if !payload[digits..end].contains('.') {
        return payload.clone();
    }
    format!("{}0{}", &payload[..end], &payload[end..])
}

/// The ticket of a read, as if it were canceled.
fn canceled(exchange: &Exchange, read: &Frame) -> String {
    let mut exchange = exchange.clone();
    let client = u64::MAX;
    let at = exchange.next_due().unwrap_or_else(start);
    let credentials = Credentials::by_password(login::USERNAME, login::PASSWORD);
    exchange.take_due(at);
    exchange.receive(client, &authenticate_user::frame(CallId(2), &credentials, "1").encode(), at);
    exchange.receive(client, &read.encode(), at);
    let text = exchange.take_due(at).into_iter().rev().find_map(|deed| match deed {
        Deed::Send(to, text) if to == client => Some(text),
        _ => None,
    });
    let payload = text.and_then(|text| Frame::decode(&text).ok()).map_or_else(String::new, |frame| frame.payload);
    payload.replace("\"Status\":\"Failed\"", "\"Status\":\"AdminCanceled\"")
}
