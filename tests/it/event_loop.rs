//! The real loop against the simulated exchange over a real socket, with a journal on a real file and a terminal in memory.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ratatui::backend::TestBackend;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};
use withdraw_desk::app::console::key::{Key, NamedKey};
use withdraw_desk::app::console::keymap::Keymap;
use withdraw_desk::app::desk::settings::{Limits, Settings};
use withdraw_desk::app::effect::Exit;
use withdraw_desk::app::{Console, Desk, Size, State};
use withdraw_desk::journal::{Fact, JournalPlace, JournalSettings, Record};
use withdraw_desk::protocol::rpc::authenticate_user::Credentials;
use withdraw_desk::protocol::{Target, Trust};
use withdraw_desk::runtime::access::Access;
use withdraw_desk::runtime::clock;
use withdraw_desk::runtime::event_loop::{self, Display};
use withdraw_desk::runtime::gateway::Gateway;
use withdraw_desk::runtime::input::Typed;
use withdraw_desk::runtime::journal::Process;
use withdraw_desk::runtime::journal::thread::JournalThread;
use withdraw_desk::runtime::key_bytes::KeyPress;
use withdraw_desk::runtime::output::Outlet;
use withdraw_desk::runtime::perform::Performer;
use withdraw_desk::runtime::terminal_screen::TerminalScreen;
use withdraw_desk::runtime::transport::Network;
use withdraw_desk::simulator::{Book, Exchange, Script, Simulator, login, scenarios};

use crate::list_cursor::{CursorPath, Step};
use crate::proofs::permit;
use crate::pty_console::PATIENCE;
use crate::world::FAULTS;

/// A person's pause before Enter.
const PAUSE: Duration = Duration::from_millis(350);
/// The pause before an Enter that follows another.
const HELD: Duration = Duration::from_millis(2_050);

async fn simulator() -> Simulator {
    let book = Book::new(1, 400, clock::wall());
    let script = Script::parse(FAULTS, &book).unwrap();
    Simulator::start(Exchange::new(book, script), SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), false).await.unwrap()
}

fn by_password() -> Credentials {
    Credentials::by_password(login::USERNAME, login::PASSWORD)
}

fn by_api_key() -> Credentials {
    Credentials::ApiKey { key: login::API_KEY.into(), secret: login::API_SECRET.into(), user_id: login::USER_ID }
}

/// A console at work: its loop runs beside the test, which types and looks.
struct Desktop {
    keys: mpsc::Sender<Typed>,
    shown: mpsc::Receiver<String>,
    last: String,
    ended: tokio::task::JoinHandle<Exit>,
}

/// No ticket of the book is older.
const ALL: Duration = Duration::from_secs(20 * 365 * 86_400);

/// A backend that tells the test what is drawn, frame by frame.
struct Told {
    backend: TestBackend,
    frames: mpsc::Sender<String>,
}

impl ratatui::backend::Backend for Told {
    type Error = std::convert::Infallible;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Self::Error>
    where
        I: Iterator<Item = (u16, u16, &'a ratatui::buffer::Cell)>,
    {
        self.backend.draw(content)
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        // A test that does not look must not stop the loop.
        let _ = self.frames.try_send(self.backend.to_string());
        self.backend.flush()
    }

    fn hide_cursor(&mut self) -> Result<(), Self::Error> {
        self.backend.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), Self::Error> {
        self.backend.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<ratatui::layout::Position, Self::Error> {
        panic!("nothing may be asked of the terminal")
    }

    fn set_cursor_position<P: Into<ratatui::layout::Position>>(&mut self, position: P) -> Result<(), Self::Error> {
        self.backend.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), Self::Error> {
        self.backend.clear()
    }

    fn clear_region(&mut self, region: ratatui::backend::ClearType) -> Result<(), Self::Error> {
        self.backend.clear_region(region)
    }

    fn size(&self) -> Result<ratatui::layout::Size, Self::Error> {
        self.backend.size()
    }

    fn window_size(&mut self) -> Result<ratatui::backend::WindowSize, Self::Error> {
        self.backend.window_size()
    }
}

impl Desktop {
    fn open(simulator: &Simulator, journal: &Path, credentials: Credentials, follow_time: Duration) -> Self {
        let (typed, mut keys) = mpsc::channel(1_024);
        let (frames, shown) = mpsc::channel(65_536);
        let target = Target::parse(&simulator.url()).unwrap();
        let settings = Settings {
            permit: permit(),
            limits: Limits { follow_time, scan_depth: ALL, ..Limits::default() },
            ..Settings::of(&target.authority(), "test")
        };
        let process =
            Process { session: "s1".to_owned(), host: "desk1".to_owned(), exchange: settings.exchange.clone() };
        let store = withdraw_desk::runtime::journal::open(
            &JournalPlace::File(journal.to_owned()),
            process,
            JournalSettings::default(),
        );
        let ended = tokio::spawn(async move {
            let (events, mut facts) = mpsc::channel(1_024);
            let journal = JournalThread::start(store, events.clone());
            let network = Network::to(&target, &Trust::default()).unwrap();
            let access = Access { target, credentials, dial: Arc::new(network) };
            let gateway = Gateway::new(access, events.clone()).unwrap();
            let mut performer = Performer::new(gateway, journal, events);
            let size = Size { width: 80, height: 24 };
            let console = Console::new(Keymap::built_in().unwrap());
            let mut state = State::new(Desk::new(settings), console, size, clock::now());
            let mut screen = TerminalScreen::new(Told { backend: TestBackend::new(80, 24), frames });
            performer.start(state.desk.author());
            let display = Display { screen: &mut screen, outlet: &mut Outlet::direct() };
            let exit = event_loop::run(&mut state, display, &mut keys, &mut performer, &mut facts).await;
            drop(facts);
            performer.finish(&state.desk).await;
            exit
        });
        Self { keys: typed, shown, last: String::new(), ended }
    }

    async fn wait_for(&mut self, text: &str) {
        let look = async {
            while !self.last.contains(text) {
                self.last = self.shown.recv().await.expect("the console goes on");
            }
        };
        assert!(
            timeout(PATIENCE, look).await.is_ok(),
            "{text:?} was never on the screen; at last it showed\n{}",
            self.last
        );
    }

    async fn key(&self, key: Key) {
        self.keys.send(Typed { at: clock::boot(), press: KeyPress::Key(key) }).await.unwrap();
    }

    /// Keys that come at one moment, however long it takes to hand them over.
    async fn at_once(&self, keys: impl IntoIterator<Item = Key>) {
        let at = clock::boot();
        for key in keys {
            self.keys.send(Typed { at, press: KeyPress::Key(key) }).await.unwrap();
        }
    }

    async fn typed(&self, text: &str) {
        for character in text.chars() {
            self.key(Key::Char(character)).await;
        }
    }

    async fn select(&mut self, ticket: u64) {
        let mut path = CursorPath::to(ticket);
        let mut pressed = Instant::now();
        loop {
            match path.next(&self.last) {
                Step::Arrived => return,
                Step::NotThere => panic!("ticket {ticket} is not on the list:\n{}", self.last),
                Step::Press(key) => {
                    self.typed(key).await;
                    pressed = Instant::now();
                }
                Step::Wait => {
                    let shown = timeout_at(pressed + PATIENCE, self.shown.recv()).await;
                    let told =
                        shown.unwrap_or_else(|late| panic!("no way to {ticket}, {late}, {path:?}:\n{}", self.last));
                    self.last = told.expect("the console goes on");
                }
            }
        }
    }

    /// Opens the dialog, types the number, waits as a person does, and presses Enter.
    async fn cancel(&mut self, ticket: u64) {
        self.select(ticket).await;
        self.typed("x").await;
        self.wait_for("Type the ticket number to arm").await;
        self.typed(&ticket.to_string()).await;
        self.wait_for("ARMED").await;
        // The pause itself is what is tested; there is no condition to wait for.
        tokio::time::sleep(PAUSE).await;
        self.key(Key::Named(NamedKey::Enter)).await;
    }

    async fn quit(self) -> Exit {
        self.typed("qq").await;
        let exit = timeout(PATIENCE, self.ended).await.expect("it ends").expect("it does not panic");
        drop(self.shown);
        exit
    }
}

fn facts(journal: &Path) -> Vec<Fact> {
    let text = std::fs::read_to_string(journal).unwrap();
    text.lines().map(|line| Record::parse(line).unwrap().fact).collect()
}

async fn case(simulator: &Simulator, name: &'static str) -> u64 {
    simulator.with(move |exchange, _| exchange.ticket_of_case(name)).await.unwrap().unwrap()
}

async fn cancel_frames(simulator: &Simulator) -> usize {
    simulator.with(|exchange, _| exchange.all_cancel_frames()).await.unwrap()
}

#[tokio::test]
async fn from_login_to_verified_over_a_real_socket_both_ways_in() {
    for credentials in [by_password(), by_api_key()] {
        let dir = tempfile::tempdir().unwrap();
        let journal = dir.path().join("journal.jsonl");
        let simulator = simulator().await;
        let ticket = case(&simulator, "fine").await;
        let mut desktop = Desktop::open(&simulator, &journal, credentials, Duration::from_secs(60));
        desktop.wait_for("end of list").await;
        desktop.cancel(ticket).await;
        desktop.wait_for("VERIFIED  Failed -> AdminCanceled, by you").await;
        assert_eq!(cancel_frames(&simulator).await, 1);
        desktop.key(Key::Named(NamedKey::Esc)).await;
        assert_eq!(desktop.quit().await, Exit::Done);
        let facts = facts(&journal);
        let position = |wanted: fn(&Fact) -> bool| facts.iter().position(wanted).expect("it is recorded");
        assert_eq!(position(|fact| matches!(fact, Fact::Opened)), 0);
        let intent = position(|fact| matches!(fact, Fact::Intent(_)));
        assert!(intent < position(|fact| matches!(fact, Fact::Sent { .. })));
        assert!(matches!(&facts[facts.len() - 2], Fact::Outcome { outcome, .. } if outcome == "Verified"));
        assert!(matches!(facts.last(), Some(Fact::Closed)));
    }
}

#[tokio::test]
async fn a_dropped_link_comes_back_and_the_cancel_is_followed_and_never_sent_again() {
    let dir = tempfile::tempdir().unwrap();
    let journal = dir.path().join("journal.jsonl");
    let simulator = simulator().await;
    let (before, after) = (case(&simulator, "dropped-before").await, case(&simulator, "dropped-after").await);
    let mut desktop = Desktop::open(&simulator, &journal, by_password(), Duration::from_secs(15));
    desktop.wait_for("end of list").await;
    desktop.cancel(after).await;
    desktop.wait_for("VERIFIED").await;
    desktop.key(Key::Named(NamedKey::Esc)).await;
    desktop.wait_for("end of list").await;
    desktop.cancel(before).await;
    desktop.wait_for("OUTCOME UNKNOWN").await;
    desktop.wait_for("still Failed").await;
    assert_eq!(cancel_frames(&simulator).await, 2);
    desktop.key(Key::Named(NamedKey::Esc)).await;
    assert_eq!(desktop.quit().await, Exit::Unknown);
}

#[tokio::test]
async fn a_second_console_is_told_who_holds_the_ticket() {
    let dir = tempfile::tempdir().unwrap();
    let journal = dir.path().join("journal.jsonl");
    let simulator = simulator().await;
    let ticket = case(&simulator, "never-settles").await;
    let mut first = Desktop::open(&simulator, &journal, by_password(), Duration::from_secs(60));
    let mut second = Desktop::open(&simulator, &journal, by_password(), Duration::from_secs(60));
    first.wait_for("end of list").await;
    second.wait_for("end of list").await;
    first.cancel(ticket).await;
    first.wait_for("RECEIVED").await;
    second.select(ticket).await;
    second.typed("x").await;
    second.wait_for("Locked: operator on desk1").await;
    assert_eq!(cancel_frames(&simulator).await, 1);
}

#[tokio::test]
async fn keys_are_answered_while_events_of_new_tickets_flood_in() {
    let dir = tempfile::tempdir().unwrap();
    let book = Book::new(1, 40, clock::wall());
    let script = Script::parse(scenarios::text("event-flood").unwrap(), &book).unwrap();
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let simulator = Simulator::start(Exchange::new(book, script), listen, false).await.unwrap();
    let mut desktop =
        Desktop::open(&simulator, &dir.path().join("journal.jsonl"), by_password(), Duration::from_secs(60));
    desktop.wait_for("Failed 2").await;
    for _ in 0..3 {
        desktop.typed("?").await;
        desktop.wait_for("all fields of the selected ticket, read now").await;
        desktop.key(Key::Named(NamedKey::Esc)).await;
        desktop.wait_for("REASON").await;
    }
    assert_eq!(desktop.quit().await, Exit::Done);
}

#[tokio::test]
async fn keys_without_a_pause_send_nothing_over_the_real_loop() {
    let dir = tempfile::tempdir().unwrap();
    let simulator = simulator().await;
    let ticket = case(&simulator, "fine").await;
    let mut desktop =
        Desktop::open(&simulator, &dir.path().join("journal.jsonl"), by_password(), Duration::from_secs(60));
    desktop.wait_for("end of list").await;
    desktop.select(ticket).await;
    desktop.typed("x").await;
    desktop.wait_for("Type the ticket number to arm").await;
    let enter = Key::Named(NamedKey::Enter);
    let number = ticket.to_string();
    let keys = std::iter::repeat_n(enter, 200).chain(number.chars().map(Key::Char)).chain([enter]);
    desktop.at_once(keys).await;
    desktop.wait_for("A key came just before that Enter").await;
    assert_eq!(cancel_frames(&simulator).await, 0);
    tokio::time::sleep(HELD).await;
    desktop.key(Key::Named(NamedKey::Enter)).await;
    desktop.wait_for("VERIFIED").await;
    assert_eq!(cancel_frames(&simulator).await, 1);
}

#[tokio::test]
async fn a_filter_of_a_long_list_is_worked_through_by_the_real_loop_without_another_key() {
    let dir = tempfile::tempdir().unwrap();
    // More failed tickets than are looked at in one slice.
    let book = Book::new(1, 9_000, clock::wall());
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let simulator = Simulator::start(Exchange::new(book, Script::default()), listen, false).await.unwrap();
    let mut desktop =
        Desktop::open(&simulator, &dir.path().join("journal.jsonl"), by_password(), Duration::from_secs(60));
    desktop.wait_for("end of list").await;
    let failed = desktop.last.split("Failed ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    assert!(failed.parse::<usize>().unwrap() > 1_000, "{failed}");
    desktop.typed("/-zzzz").await;
    desktop.wait_for(&format!("{failed} hits \"")).await;
    desktop.key(Key::Named(NamedKey::Enter)).await;
    assert_eq!(desktop.quit().await, Exit::Done);
}
