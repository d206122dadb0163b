//! A world without I/O: the real `update`, the pure exchange, a journal in memory, and a clock that moves when told.
//!
//! Everything is deterministic, so whole screens can be compared, and every order of events can be played.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use jiff::SignedDuration;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sha2::{Digest, Sha256};
use withdraw_desk::app::console::keymap::Keymap;
use withdraw_desk::app::console::screens::Screen;
use withdraw_desk::app::desk::cancels::attempt::AttemptEnd;
use withdraw_desk::app::desk::cancels::cancellation::Cancellation;
use withdraw_desk::app::desk::end::Fault;
use withdraw_desk::app::desk::order::Order;
use withdraw_desk::app::desk::settings::Settings;
use withdraw_desk::app::effect::{Author, Exit};
use withdraw_desk::app::event::{LinkFailure, OpenAnswer, Way};
use withdraw_desk::app::{Console, Desk, Effect, Effects, Event, Size, State, update};
use withdraw_desk::domain::{ConnectionId, IntentId, Now, OmsId, Outcome, TicketNumber};
use withdraw_desk::journal::store::Written;
use withdraw_desk::journal::{Fact, Record, Store};
use withdraw_desk::protocol::LinkEnd;
use withdraw_desk::protocol::rpc::authenticate_user::LoginRefused;
use withdraw_desk::protocol::{Frame, FrameKind};
use withdraw_desk::simulator::exchange::Deed;
use withdraw_desk::simulator::{Book, Exchange, Script};
use withdraw_desk::view;

use crate::ground::{self, Writer};
pub use crate::ground::{EXCHANGE, start};
use crate::memory::Memory;
use crate::proofs::permit;

pub const FAULTS: &str = include_str!("../../assets/simulator/faults.json");
/// A person's pause between keys: longer than the one that a confirming Enter needs.
const PAUSE: Duration = Duration::from_millis(400);

/// A journal in memory, shared by the worlds of one test as a file is by consoles.
#[derive(Debug, Default)]
pub struct Journal {
    pub medium: Memory,
    pub store: Store,
    pub fails: Option<String>,
    given: u128,
}

impl Journal {
    fn append(&mut self, fact: Fact, written: Written) {
        self.store.record(&mut self.medium, written, fact).expect("memory takes it");
    }

    pub fn facts(&self) -> Vec<Fact> {
        let text = std::str::from_utf8(&self.medium.bytes).expect("text");
        text.lines().map(|line| Record::parse(line).expect("records read back").fact).collect()
    }

    /// The kinds recorded so far, with what tells them apart.
    pub fn kinds(&self) -> Vec<String> {
        self.facts().iter().map(kind).collect()
    }
}

pub fn kind(fact: &Fact) -> String {
    match fact {
        Fact::Opened => "opened".to_owned(),
        Fact::Intent(intent) => format!("intent #{}", intent.ticket),
        Fact::Sent { .. } => "sent".to_owned(),
        Fact::Reply(reply) => format!("reply {}", reply.receipt),
        Fact::Late(reply) => format!("late {}", reply.receipt),
        Fact::Read(read) => format!("read {}", read.status),
        Fact::Outcome { outcome, .. } => format!("outcome {outcome}"),
        Fact::Declined { .. } => "declined".to_owned(),
        Fact::Release(release) => format!("release {}", release.reason),
        Fact::RecoveredTail { .. } => "recovered-tail".to_owned(),
        Fact::Rotated(_) => "rotated".to_owned(),
        Fact::Closed => "closed".to_owned(),
        Fact::Other(_) => "other".to_owned(),
    }
}

pub struct World {
    pub state: State,
    pub exchange: Exchange,
    pub journal: Journal,
    pub now: Now,
    /// The effects that were performed, in order, in words.
    pub log: Vec<String>,
    pub exit: Option<Exit>,
    /// Replies of these calls, and events of these names, are lost on the way to us.
    pub muted: Vec<&'static str>,
    /// The network is down: links break and cannot be opened.
    pub is_cut: bool,
    /// The exchange refuses every login.
    pub refuses: Option<LoginRefused>,
    /// The journal answers only when told to.
    pub journal_waits: bool,
    waiting: VecDeque<Event>,
    links: BTreeMap<u64, ConnectionId>,
    session: String,
}

pub struct Setup {
    pub write: bool,
    pub environment: &'static str,
    pub oms: Option<i64>,
    pub size: Size,
    pub journal: Journal,
    pub session: &'static str,
    pub is_cut: bool,
    pub allow_tx: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            write: true,
            environment: "staging",
            oms: Some(1),
            size: Size { width: 80, height: 24 },
            journal: Journal::default(),
            session: "s1",
            is_cut: false,
            allow_tx: false,
        }
    }
}

pub fn exchange() -> Exchange {
    let book = Book::new(1, 400, start());
    let script = Script::parse(FAULTS, &book).expect("the scenario reads");
    Exchange::new(book, script)
}

impl World {
    /// A console that has read the whole list.
    pub fn new() -> Self {
        Self::with(Setup::default(), exchange())
    }

    pub fn with(setup: Setup, exchange: Exchange) -> Self {
        Self::at(setup, exchange, ground::first())
    }

    pub fn at(setup: Setup, exchange: Exchange, now: Now) -> Self {
        let settings = Settings {
            oms: setup.oms.map(withdraw_desk::domain::OmsId),
            permit: permit().filter(|_| setup.write),
            allow_tx: setup.allow_tx,
            ..Settings::of(EXCHANGE, setup.environment)
        };
        let console = Console::new(Keymap::built_in().expect("the built-in keys read"));
        let state = State::new(Desk::new(settings), console, setup.size, now);
        let mut world = Self {
            state,
            exchange,
            journal: setup.journal,
            now,
            log: Vec::new(),
            exit: None,
            muted: Vec::new(),
            is_cut: setup.is_cut,
            refuses: None,
            journal_waits: false,
            waiting: VecDeque::new(),
            links: BTreeMap::new(),
            session: setup.session.to_owned(),
        };
        let effects = world.state.tell(Order::Start, world.now);
        world.obey(effects);
        world.settle();
        world
    }

    /// The process is killed: nothing of it is left but the journal and the exchange; another starts a second later.
    pub fn restart(self) -> Self {
        let wall = self.now.wall.checked_add(SignedDuration::from_secs(1)).expect("a time");
        let boot = self.now.boot + Duration::from_secs(1);
        let setup = Setup { journal: self.journal, session: "s2", is_cut: self.is_cut, ..Setup::default() };
        let mut exchange = self.exchange;
        for client in self.links.keys() {
            exchange.leave(*client);
        }
        Self::at(setup, exchange, Now { wall, boot })
    }

    /// A fault ended the session, and another desk settles what it left: only its journal and the exchange are there for it.
    pub fn rescue(self, handed: BTreeSet<IntentId>, exit: Exit) -> Self {
        let fault = Fault { session: self.session.clone(), handed, exit };
        let mut world = Self { log: Vec::new(), journal_waits: false, waiting: VecDeque::new(), ..self };
        world.state.desk = Desk::rescue(world.state.desk.settings().clone(), fault, world.now);
        for client in std::mem::take(&mut world.links).into_keys() {
            world.exchange.leave(client);
        }
        let effects = world.state.tell(Order::Start, world.now);
        world.obey(effects);
        world.settle();
        world
    }

    // --- time -------------------------------------------------------------------------------------------------------

    /// Everything that is due now happens, until nothing is.
    pub fn settle(&mut self) {
        self.advance(Duration::ZERO);
    }

    /// Time passes; what is due meanwhile happens in its order.
    pub fn advance(&mut self, span: Duration) {
        let end = self.now.boot + span;
        for _ in 0..100_000 {
            let exchange = self.exchange.next_due().map(|due| ground::boot_of(self.now, due));
            let desk = self.state.desk.next_deadline(self.now);
            let Some(next) = [exchange, desk].into_iter().flatten().min().filter(|next| *next <= end) else {
                self.now = ground::moved_to(self.now, end);
                return;
            };
            self.now = ground::moved_to(self.now, next.max(self.now.boot));
            self.deliver();
            if desk.is_some_and(|due| due <= self.now.boot) {
                self.happen(Event::DeadlinePassed);
            }
        }
        panic!("the world does not come to rest: {:?}", self.state.desk.next_deadline(self.now));
    }

    pub fn seconds(&mut self, seconds: u64) {
        self.advance(Duration::from_secs(seconds));
    }

    pub fn millis(&mut self, millis: u64) {
        self.advance(Duration::from_millis(millis));
    }

    /// The machine's time is set ahead, or back, by so many seconds.
    pub fn set_wall_clock(&mut self, seconds: i64) {
        self.now.wall = self.now.wall.checked_add(SignedDuration::from_secs(seconds)).expect("a time");
    }

    // --- the outside ------------------------------------------------------------------------------------------------

    pub fn happen(&mut self, event: Event) {
        let effects = update(&mut self.state, event, self.now);
        self.obey(effects);
    }

    fn deliver(&mut self) {
        for deed in self.exchange.take_due(self.now.wall) {
            match deed {
                Deed::Drop(client) | Deed::Cut(client, _) | Deed::Close(client, _) => self.lose(client),
                Deed::Stall(_) => {}
                Deed::Restart(_) => self.links.clone().into_keys().for_each(|client| self.lose(client)),
                Deed::Send(client, text) => {
                    let frame = Frame::decode(&text).expect("the exchange sends frames");
                    let is_lost = self.muted.contains(&frame.name.as_str());
                    if let Some(connection) = self.links.get(&client).copied().filter(|_| !is_lost) {
                        self.happen(Event::FrameArrived { connection, frame });
                    }
                }
            }
        }
    }

    fn lose(&mut self, client: u64) {
        self.exchange.leave(client);
        if let Some(connection) = self.links.remove(&client) {
            self.happen(Event::LinkLost { connection, end: LinkEnd::soon("connection reset") });
        }
    }

    /// The network goes down, or comes back.
    pub fn cut(&mut self, is_cut: bool) {
        self.is_cut = is_cut;
        let clients: Vec<u64> = self.links.keys().copied().collect();
        for client in clients.into_iter().filter(|_| is_cut) {
            self.lose(client);
        }
    }

    /// A frame that the exchange never sent arrives on the link that is up.
    pub fn inject(&mut self, kind: FrameKind, id: u64, name: &str, payload: &str) {
        let connection = *self.links.values().next_back().expect("a link");
        let id = withdraw_desk::domain::CallId(id);
        let frame = Frame { kind, id, name: name.to_owned(), payload: payload.to_owned() };
        self.happen(Event::FrameArrived { connection, frame });
    }

    /// Another console on the journal records something.
    pub fn record_elsewhere(&mut self, fact: Fact) {
        let written = self.written(&Author { oms: Some(OmsId(1)), operator: None });
        self.journal.append(fact, written);
    }

    pub fn release_journal(&mut self) {
        self.journal_waits = false;
        while let Some(event) = self.waiting.pop_front() {
            self.happen(event);
        }
    }

    fn obey(&mut self, effects: Effects) {
        for effect in effects.into_list() {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        self.log.push(describe(&effect));
        match effect {
            Effect::Connect { connection, login } => self.connect(connection, login),
            Effect::Disconnect { connection } => self.links.retain(|_, link| *link != connection),
            Effect::SendRead { connection, frame } => self.send(connection, &frame),
            Effect::SendCancel { connection, intent, order } => {
                if self.links.values().any(|link| *link == connection) {
                    self.happen(Event::CancelHanded { intent });
                    self.send(connection, &order.into_frame());
                } else {
                    self.happen(Event::CancelNotHanded { intent, why: "that link is gone".to_owned() });
                }
            }
            Effect::OpenIntent { attempt, author, intent } => {
                let written = self.written(&author);
                self.journal.given += 1;
                let id = IntentId(self.journal.given << 112);
                let Journal { store, medium, fails, .. } = &mut self.journal;
                let answer = match fails {
                    Some(why) => OpenAnswer::Failed { why: why.clone(), for_good: true },
                    None => ground::open(store, medium, written, id, *intent),
                };
                let answered = Event::IntentAnswered { attempt, answer };
                if self.journal_waits { self.waiting.push_back(answered) } else { self.happen(answered) }
            }
            Effect::Record { author, fact } => match self.journal.fails.clone() {
                Some(why) => self.happen(Event::JournalFailed(why)),
                None => {
                    let written = self.written(&author);
                    self.journal.append(fact, written);
                }
            },
            Effect::ReadUnresolved => {
                self.happen(Event::UnresolvedRead(Ok(self.journal.store.unresolved())));
            }
            Effect::Suspend => self.happen(Event::Resumed),
            Effect::GiveSecret { .. } | Effect::Validate { .. } | Effect::GiveBackTerminal { .. } => {}
            Effect::Quit(exit) => self.exit = Some(exit),
        }
    }

    /// Every record of these tests is the operator's, also before a login.
    fn written(&self, author: &Author) -> Written {
        let author = Author { operator: Some("operator".to_owned()), ..author.clone() };
        Writer { session: &self.session, pid: 4_242, exchange: EXCHANGE }.written(&author, self.now.wall)
    }

    fn connect(&mut self, connection: ConnectionId, id: withdraw_desk::domain::CallId) {
        if self.is_cut {
            let failure = LinkFailure::Unreachable(LinkEnd::soon("connection refused"));
            return self.happen(Event::LinkFailed { connection, failure });
        }
        if let Some(refused) = self.refuses.clone() {
            return self.happen(Event::LinkFailed { connection, failure: LinkFailure::Refused(refused) });
        }
        let client = u64::from(connection.0) + if self.session == "s1" { 0 } else { 100 };
        let user = ground::log_in(&mut self.exchange, client, id, self.now.wall);
        self.links.insert(client, connection);
        self.happen(Event::LinkOpened { connection, host: EXCHANGE.to_owned(), user, way: Way::Password });
    }

    fn send(&mut self, connection: ConnectionId, frame: &Frame) {
        if let Some((client, _)) = self.links.iter().find(|(_, link)| **link == connection) {
            self.exchange.receive(*client, &frame.encode(), self.now.wall);
        }
    }

    // --- the operator -----------------------------------------------------------------------------------------------

    /// Presses keys by name, each after a person's pause. Digits may stand together.
    pub fn press(&mut self, keys: &str) {
        self.press_every(keys, PAUSE);
    }

    /// Presses keys without any pause, as a paste without brackets or a held key does.
    pub fn burst(&mut self, keys: &str) {
        self.press_every(keys, Duration::from_millis(1));
    }

    fn press_every(&mut self, keys: &str, pause: Duration) {
        for key in ground::keys(keys) {
            self.advance(pause);
            self.happen(Event::KeyPressed(key));
        }
    }

    /// Brings the cursor to the ticket of a case of the scenario.
    pub fn select(&mut self, case: &str) -> TicketNumber {
        let number = TicketNumber(self.exchange.ticket_of_case(case).expect("a case"));
        self.select_ticket(number);
        number
    }

    pub fn select_ticket(&mut self, number: TicketNumber) {
        self.press("g");
        for _ in 0..500 {
            if self.state.console.list.selection.ticket == Some(number) {
                return;
            }
            self.press("j");
        }
        panic!("ticket {number} is not on the list");
    }

    /// The n-th failed ticket from the newest.
    pub fn select_failed(&mut self, nth: usize) -> TicketNumber {
        let number = self.state.console.list.rows.at(nth - 1).expect("a row");
        self.select_ticket(number);
        number
    }

    /// Opens the dialog on a case and arms it.
    pub fn arm(&mut self, case: &str) -> TicketNumber {
        let number = self.select(case);
        self.press(&format!("x {number}"));
        number
    }

    /// Opens the dialog on a case, arms it and confirms.
    pub fn cancel(&mut self, case: &str) -> TicketNumber {
        let number = self.arm(case);
        self.press("Enter");
        self.settle();
        number
    }

    // --- what is seen -----------------------------------------------------------------------------------------------

    pub fn cancellation(&self) -> &Cancellation {
        self.state.desk.cancels().all().last().expect("a cancellation")
    }

    pub fn outcome(&self) -> Option<Outcome> {
        self.cancellation().outcome
    }

    /// The screen as text, with a hash of its styles: a red word that turns white is noticed.
    pub fn screen(&self) -> String {
        screen(&self.state)
    }

    /// The screen as text, and the console learns what was drawn, as from the loop.
    pub fn draw(&mut self) -> String {
        if let Some(last_scroll) = drawn(&self.state).1 {
            self.happen(Event::Drawn { last_scroll });
        }
        self.screen()
    }

    pub fn shows(&self, text: &str) -> bool {
        self.screen().contains(text)
    }
}

fn drawn(state: &State) -> (Buffer, Option<usize>) {
    let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width: state.size.width, height: state.size.height });
    let last_scroll = view::render(state, &mut buffer);
    (buffer, last_scroll)
}

/// How the attempt of the dialog on the screen ended.
pub fn ended(state: &State) -> Option<&AttemptEnd> {
    match state.console.top() {
        Some(Screen::Cancel(dialog)) => dialog.ended.as_ref(),
        _ => None,
    }
}

pub fn screen(state: &State) -> String {
    let (buffer, _) = drawn(state);
    let mut styles = Sha256::new();
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut covered = 0;
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            styles.update(format!("{:?}{:?}{:?};", cell.fg, cell.bg, cell.modifier));
            if covered > 0 {
                covered -= 1;
                continue;
            }
            line.push_str(cell.symbol());
            covered = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let digest = styles.finalize();
    let hash = digest.iter().take(4).fold(0u32, |hash, byte| hash << 8 | u32::from(*byte));
    format!("{text}styles {hash:08x}")
}

fn describe(effect: &Effect) -> String {
    match effect {
        Effect::Connect { .. } => "connect".to_owned(),
        Effect::Disconnect { .. } => "disconnect".to_owned(),
        Effect::GiveSecret { .. } => "give secret".to_owned(),
        Effect::Validate { .. } => "validate".to_owned(),
        Effect::SendRead { frame, .. } => format!("read {}", frame.name),
        Effect::SendCancel { order, .. } => format!("SEND {}", order.text()),
        Effect::OpenIntent { intent, .. } => format!("open intent #{}", intent.ticket),
        Effect::Record { fact, .. } => format!("record {}", kind(fact)),
        Effect::ReadUnresolved => "read unresolved".to_owned(),
        Effect::Suspend => "suspend".to_owned(),
        Effect::GiveBackTerminal { .. } => "give back the terminal".to_owned(),
        Effect::Quit(exit) => format!("quit {}", exit.code()),
    }
}
