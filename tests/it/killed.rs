//! SIGKILL at any moment: the real binary in a pseudo-terminal, an operator who cancels one ticket after the other, and a kill
//! in the middle. Whatever the moment, the next start knows of every cancel that may have been sent, and nothing is sent twice.
//!
//! `KILLS` says how many, `KILL_SEED` plays the same choices again; the moments themselves are the machine's.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use rustix::termios::Winsize;
use withdraw_desk::app::effect::Author;
use withdraw_desk::app::event::OpenAnswer;
use withdraw_desk::domain::OmsId;
use withdraw_desk::journal::history::Stands;
use withdraw_desk::journal::{Fact, History, JournalSettings, Record, Story, Unresolved};
use withdraw_desk::runtime::clock;
use withdraw_desk::runtime::journal::file::JournalFile;
use withdraw_desk::runtime::journal::{JournalStore, Process};
use withdraw_desk::simulator::book::Changer;
use withdraw_desk::simulator::book::Entry;
use withdraw_desk::simulator::{Book, Exchange, Script, Simulator, login};

use crate::pty_console::{BINARY, Console, PAUSE, Profile, Server};

const KILLS: usize = 12;
/// Operators at the same time, each with an exchange and a journal of his own.
const OPERATORS: usize = 3;
/// Tickets of each exchange; a sixth of them failed.
const TICKETS: u64 = 120;
/// Every unresolved cancel fits on it.
const TALL: Winsize = Winsize { ws_row: 120, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };

/// The faults that the cancels of the tickets meet, one after the other.
const FAULTS: [&str; 11] = [
    r"{}",
    r#"{"delay-ms": 300}"#,
    r"{}",
    r#"{"silent": true, "acts": true}"#,
    r#"{"settle-ms": 5}"#,
    r#"{"code": 101, "acts": true}"#,
    r#"{"drop": true, "acts": true}"#,
    r"{}",
    r#"{"becomes": "SystemProcessing"}"#,
    r#"{"silent": true, "acts": false}"#,
    r#"{"acts": false}"#,
];

/// The failed tickets that may be canceled.
fn tickets(book: &Book) -> Vec<u64> {
    let may_be_canceled = |entry: &&Entry| {
        entry.status == "Failed" && entry.tx_id.is_none() && !entry.confirmed && entry.request_code.is_some()
    };
    book.newest().filter(may_be_canceled).map(|entry| entry.number).collect()
}

fn server() -> Server {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let book = Book::new(1, TICKETS, clock::wall());
    let case = |(ticket, fault)| format!(r#"{{"name": "{ticket}", "ticket": {ticket}, "fault": {fault}}}"#);
    let cases: Vec<String> = tickets(&book).into_iter().zip(FAULTS.into_iter().cycle()).map(case).collect();
    let script = Script::parse(&format!(r#"{{"about": "", "cancels": [{}]}}"#, cases.join(",")), &book).unwrap();
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let simulator = runtime.block_on(Simulator::start(Exchange::new(book, script), listen, false)).unwrap();
    Server { runtime, simulator }
}

/// When the kill comes: so long after a step of the operator's.
#[derive(Clone, Copy, Debug)]
enum Moment {
    AfterStart(Duration),
    InTheDialog(Duration),
    AfterEnter(Duration),
}

impl Moment {
    fn choose(random: &mut fastrand::Rng) -> Self {
        let micros = |random: &mut fastrand::Rng, from, to| Duration::from_micros(random.u64(from..to));
        match random.u32(..100) {
            0..8 => Self::AfterStart(micros(random, 0, 150_000)),
            8..20 => Self::InTheDialog(micros(random, 0, 300_000)),
            // The confirming read, the journal's write, the send.
            20..65 => Self::AfterEnter(micros(random, 0, 25_000)),
            // The receipt.
            65..85 => Self::AfterEnter(micros(random, 25_000, 100_000)),
            // The reads, and another cancel after the first.
            _ => Self::AfterEnter(micros(random, 100_000, 1_200_000)),
        }
    }
}

/// How far the last cancel had got in the journal when the kill came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reached {
    NoIntent,
    Intent,
    Sent,
    Receipt,
    Outcome,
}

struct Operator {
    server: Server,
    profile: Profile,
    tickets: Vec<u64>,
    random: fastrand::Rng,
    /// How often he pressed Enter in an armed dialog, by ticket.
    confirmed: BTreeMap<u64, usize>,
    reached: BTreeMap<Reached, usize>,
}

impl Operator {
    fn new(seed: u64) -> Self {
        let server = server();
        Self {
            profile: Profile::new(&server, login::PASSWORD),
            server,
            tickets: tickets(&Book::new(1, TICKETS, clock::wall())),
            random: fastrand::Rng::with_seed(seed),
            confirmed: BTreeMap::new(),
            reached: BTreeMap::new(),
        }
    }

    fn open(&self) -> Console {
        Console::start(BINARY, &self.profile.arguments(), &[], TALL)
    }

    /// One session, from its start to its kill.
    fn session(&mut self) {
        let open = self.account_for_everything();
        let moment = Moment::choose(&mut self.random);
        let before = self.history().stories().len();
        let ticket = self.choose_ticket(&open);
        let mut console = self.open();
        match (moment, ticket) {
            (Moment::AfterStart(after), _) => watch(&mut console, after),
            (_, None) => expect_unresolved(&mut console, &open),
            (Moment::InTheDialog(after), Some(ticket)) => {
                expect_unresolved(&mut console, &open);
                arm(&mut console, ticket);
                watch(&mut console, after);
            }
            (Moment::AfterEnter(after), Some(ticket)) => {
                expect_unresolved(&mut console, &open);
                self.confirm(&mut console, ticket);
                watch(&mut console, after);
            }
        }
        console.signal(Signal::KILL);
        console.child.wait().unwrap();
        let reached = reached(self.history().stories().get(before));
        *self.reached.entry(reached).or_default() += 1;
    }

    /// A ticket that nothing holds; failed again, if it was canceled before.
    fn choose_ticket(&mut self, open: &[Unresolved]) -> Option<u64> {
        let is_free = |ticket: &&u64| !open.iter().any(|open| open.ticket.0 == **ticket);
        let free: Vec<u64> = self.tickets.iter().filter(is_free).copied().collect();
        let ticket = *free.get(self.random.usize(..free.len().max(1)))?;
        let fail = move |exchange: &mut Exchange, now| {
            exchange.meddle_as(ticket, "Failed", Changer { id: 0, name: "system" }, now);
        };
        self.server.runtime.block_on(self.server.simulator.with(fail)).unwrap();
        Some(ticket)
    }

    fn history(&self) -> History {
        let mut history = History::default();
        let bytes = std::fs::read(self.profile.journal()).unwrap_or_default();
        // Half a line at the end is what a kill may leave.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        for line in std::str::from_utf8(&bytes[..whole]).unwrap().lines() {
            history.apply(&Record::parse(line).unwrap());
        }
        history
    }

    /// Every intent is settled, or open and its ticket locked; and no frame is without an intent, no intent without a
    /// confirmation.
    fn account_for_everything(&self) -> Vec<Unresolved> {
        let url = self.server.simulator.url();
        let exchange = url.trim_start_matches("ws://").trim_end_matches("/WSGateway/").to_owned();
        let process = Process { session: "check".to_owned(), host: "check".to_owned(), exchange };
        let mut journal = JournalFile::open_file(&self.profile.journal(), process, JournalSettings::default()).unwrap();
        // Reads it from its first line on: the chain holds.
        let open = journal.unresolved().unwrap();
        let author = Author { oms: Some(OmsId(login::OMS_ID)), operator: Some(login::USERNAME.to_owned()) };
        for unresolved in &open {
            let answer = journal.open(&author, unresolved.intent.clone());
            assert!(matches!(answer, OpenAnswer::HeldBy(holder) if holder.id == unresolved.id), "{unresolved:?}");
        }
        let history = self.history();
        for story in history.stories() {
            let is_listed = open.iter().any(|unresolved| unresolved.id == story.id);
            assert_eq!(is_listed, !matches!(story.stands(), Stands::Final(_)), "{story:?}");
        }
        for ticket in &self.tickets {
            let intents = history.stories().iter().filter(|story| story.intent.ticket == ticket.to_string()).count();
            let (frames, confirmed) = (self.frames(*ticket), self.confirmed.get(ticket).copied().unwrap_or(0));
            assert!(frames <= intents && intents <= confirmed, "#{ticket}: {frames} {intents} {confirmed}");
        }
        open
    }

    fn frames(&self, ticket: u64) -> usize {
        self.server.runtime.block_on(self.server.simulator.with(move |e, _| e.cancel_frames(ticket))).unwrap()
    }

    /// A ticket that no cancel moves, with an open one: of before, or killed now while its receipt is awaited.
    fn lock_for_good(&mut self) -> u64 {
        let open = self.account_for_everything();
        let faults = self.tickets.iter().copied().zip(FAULTS.into_iter().cycle());
        let mut unmoved = faults.filter(|(_, fault)| fault.contains(r#""silent": true, "acts": false"#));
        let is_open = |ticket: u64| open.iter().any(|open| open.ticket.0 == ticket);
        let (ticket, _) = unmoved.next().unwrap();
        if !is_open(ticket) {
            let mut console = self.open();
            expect_unresolved(&mut console, &open);
            self.confirm(&mut console, ticket);
            console.wait_for("Waiting for the receipt");
            self.server.wait_for_cancel_frame();
            console.signal(Signal::KILL);
            console.child.wait().unwrap();
        }
        ticket
    }

    fn confirm(&mut self, console: &mut Console, ticket: u64) {
        arm(console, ticket);
        // The pause that an Enter needs; there is no condition to wait for.
        std::thread::sleep(PAUSE);
        console.write("\r");
        *self.confirmed.entry(ticket).or_default() += 1;
    }

    /// The last start: what is open is in sight, a ticket that nothing moves is locked, and the journal is whole.
    fn last_start(&mut self) {
        let locked = self.lock_for_good();
        let open = self.account_for_everything();
        let mut console = self.open();
        expect_unresolved(&mut console, &open);
        open_dialog(&mut console, locked);
        console.wait_for("This ticket cannot be canceled here now");
        console.wait_for("Locked: ");
        console.write("\u{1b}");
        console.wait_for("end of list");
        console.write("\u{3}");
        console.end();
        self.account_for_everything();
        let mut verify = Command::new(BINARY);
        let output = verify.args(self.profile.arguments()).args(["journal", "verify"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// Intents that are open in the journal are shown first; then the list.
fn expect_unresolved(console: &mut Console, open: &[Unresolved]) {
    if open.is_empty() {
        return;
    }
    console.wait_for("on this exchange");
    for unresolved in open {
        console.wait_for(&format!("#{}   ", unresolved.ticket));
    }
    console.write("\u{1b}");
}

fn arm(console: &mut Console, ticket: u64) {
    open_dialog(console, ticket);
    console.wait_for("Type the ticket number to arm");
    console.write(&ticket.to_string());
    console.wait_for("ARMED");
}

/// Opens the dialog on a ticket. The list may change under the keys that lead there; then another dialog opens, as at a desk,
/// and he tries again.
fn open_dialog(console: &mut Console, ticket: u64) {
    loop {
        console.select(ticket);
        console.write("x");
        console.wait_for("Cancel failed withdrawal ");
        if console.screen().contains(&format!("Cancel failed withdrawal {ticket}?")) {
            return;
        }
        console.write("\u{1b}");
    }
}

/// Takes in what the console shows for so long, because the moment of the kill is what is tested.
fn watch(console: &mut Console, time: Duration) {
    let until = clock::boot() + time;
    loop {
        let left = until.since(clock::boot());
        if left.is_zero() {
            return;
        }
        if left < Duration::from_millis(2) || console.next_chunk(left).is_none() {
            std::thread::sleep(until.since(clock::boot()));
        }
    }
}

fn reached(story: Option<&Story>) -> Reached {
    let Some(story) = story else { return Reached::NoIntent };
    let facts: Vec<&Fact> = story.records.iter().map(|record| &record.fact).collect();
    if facts.iter().any(|fact| matches!(fact, Fact::Outcome { .. })) {
        Reached::Outcome
    } else if facts.iter().any(|fact| matches!(fact, Fact::Reply(_))) {
        Reached::Receipt
    } else if facts.iter().any(|fact| matches!(fact, Fact::Sent { .. })) {
        Reached::Sent
    } else {
        Reached::Intent
    }
}

/// Tells the seed of a run that failed.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tell(&format!("killed: KILL_SEED={} failed", self.0));
        }
    }
}

/// To be seen, also where the output of tests is kept back.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn from_env(name: &str) -> Option<u64> {
    Some(std::env::var(name).ok()?.parse().unwrap())
}

#[test]
fn killed_at_any_moment_every_cancel_is_accounted_for_and_none_is_sent_twice() {
    let kills = from_env("KILLS").map_or(KILLS, |kills| kills.try_into().unwrap());
    let seed = Seed(from_env("KILL_SEED").unwrap_or_else(|| fastrand::u64(..)));
    let start = clock::boot();
    let play = |number: usize| {
        let mut operator = Operator::new(seed.0.wrapping_add(number.try_into().unwrap()));
        for _ in (number..kills).step_by(OPERATORS) {
            operator.session();
        }
        operator.last_start();
        operator
    };
    let operators: Vec<Operator> = std::thread::scope(|scope| {
        let playing: Vec<_> = (0..OPERATORS).map(|number| scope.spawn(move || play(number))).collect();
        playing.into_iter().map(|operator| operator.join().unwrap()).collect()
    });
    let took = clock::boot().since(start);
    let histories: Vec<History> = operators.iter().map(Operator::history).collect();
    let intents: usize = histories.iter().map(|history| history.stories().len()).sum();
    let open = histories.iter().flat_map(History::stories).filter(|story| story.stands().is_open()).count();
    let confirmed: usize = operators.iter().flat_map(|operator| operator.confirmed.values()).sum();
    let mut reached: BTreeMap<Reached, usize> = BTreeMap::new();
    for (at, count) in operators.iter().flat_map(|operator| &operator.reached) {
        *reached.entry(*at).or_default() += count;
    }
    let frames: usize = operators.iter().map(|operator| operator.server.cancel_frames()).sum();
    tell(&format!(
        "killed: {kills} kills in {:.1} s, {confirmed} confirmations, {intents} intents ({open} open), {frames} frames, \
         killed at {reached:?}, KILL_SEED={}",
        took.as_secs_f32(),
        seed.0
    ));
    assert!(frames <= intents && intents <= confirmed);
    assert!(kills < KILLS || frames > 0, "nothing was ever sent, so nothing was tested");
}
