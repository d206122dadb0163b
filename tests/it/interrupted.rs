//! The end of the terminal is not the end of the cancel (PRODUCT.md "Interrupted"): every interruption in every phase, first
//! on the real `update`, then the real binary in a pseudo-terminal.

use std::time::Duration;

use clap::Parser;
use rstest::rstest;
use rustix::process::Signal;
use withdraw_desk::app::effect::Exit;
use withdraw_desk::app::event::Interruption;
use withdraw_desk::app::words::desk::outcome::stands;
use withdraw_desk::app::{Desk, Event};
use withdraw_desk::args::Arguments;
use withdraw_desk::domain::Outcome;
use withdraw_desk::journal::Fact;
use withdraw_desk::simulator::login;

use crate::pty_console::{BINARY, Console, Profile, SIZE, Server, Session};
use crate::world::{World, kind};

const TERM: Interruption = Interruption::Signal(15);

fn interrupt(world: &mut World) {
    world.log.clear();
    world.happen(Event::Interrupted(TERM));
}

/// The records of the cancels since the last one that was interrupted.
fn recorded(world: &World) -> Vec<&str> {
    world.log.iter().filter_map(|line| line.strip_prefix("record ")).collect()
}

// --- the pure core --------------------------------------------------------------------------------------------------

#[rstest]
#[case::idle("")]
#[case::in_the_dialog("x")]
#[case::armed("x 90393")]
fn with_no_cancel_in_flight_the_end_is_at_once(#[case] keys: &str) {
    let mut world = World::new();
    world.select("fine");
    world.press(keys);
    interrupt(&mut world);
    assert_eq!(world.log, ["read LogOut", "quit 143"], "the terminal goes back with the end");
}

#[test]
fn while_the_confirming_read_is_under_way_nothing_is_sent_and_the_ticket_is_declined() {
    let mut world = World::new();
    world.arm("fine");
    world.muted.push("GetWithdrawTicket");
    world.press("Enter");
    interrupt(&mut world);
    assert_eq!(world.log, ["record declined", "read LogOut", "quit 143"]);
    assert_eq!(world.exchange.all_cancel_frames(), 0);
}

#[test]
fn while_the_intent_is_opened_the_terminal_goes_back_and_the_intent_ends_as_not_sent() {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.journal_waits = true;
    world.press(&format!("x {ticket} Enter"));
    world.settle();
    interrupt(&mut world);
    assert_eq!(world.log, ["give back the terminal"]);
    world.release_journal();
    assert_eq!(world.log[1..], ["record outcome NotSent", "read LogOut", "quit 143"]);
    assert_eq!(world.exchange.all_cancel_frames(), 0);
}

#[test]
fn a_journal_that_never_answers_does_not_hold_the_end() {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.journal_waits = true;
    world.press(&format!("x {ticket} Enter"));
    world.settle();
    interrupt(&mut world);
    world.millis(7_900);
    assert_eq!(world.exit, None);
    world.millis(200);
    assert_eq!(world.exit.map(Exit::code), Some(143));
}

/// A cancel that is decided within 8 s ends by the table then; the rest is decided by the end of the 8 s.
#[rstest]
#[case::verified("slow", Outcome::Verified, 0, 2_600)]
#[case::moved("moves-elsewhere", Outcome::Moved, 8, 2_000)]
#[case::canceled_although_refused("refused-yet-canceled", Outcome::Verified, 0, 2_000)]
#[case::no_permission("code-20", Outcome::Refused, 4, 8_000)]
#[case::refused("code-101", Outcome::Refused, 1, 8_000)]
#[case::not_moved("never-settles", Outcome::AcceptedNotMoved, 3, 8_000)]
#[case::unclear("code-102", Outcome::Unknown, 5, 8_000)]
#[case::no_reply_and_not_acted_upon("lost-before", Outcome::Unknown, 5, 8_000)]
#[case::no_reply_and_acted_upon("lost-after", Outcome::Verified, 0, 2_000)]
#[case::link_dropped_and_acted_upon("dropped-after", Outcome::Verified, 0, 2_000)]
#[case::link_dropped_and_not("dropped-before", Outcome::Unknown, 5, 8_000)]
fn once_the_frame_was_handed_over_the_outcome_is_recorded_and_gives_the_exit_code(
    #[case] case: &str,
    #[case] outcome: Outcome,
    #[case] code: u8,
    #[case] within: u64,
) {
    // At once, and with the receipt there.
    for after in [1, 300] {
        let mut world = World::new();
        world.cancel(case);
        world.millis(after);
        interrupt(&mut world);
        let start = world.now.boot;
        assert_eq!(world.log.first().map(String::as_str), Some("give back the terminal"), "at once");
        assert_eq!(world.exit, None);
        while world.exit.is_none() && world.now.boot.since(start) < Duration::from_secs(20) {
            world.millis(50);
        }
        assert!(world.now.boot.since(start) <= Duration::from_millis(within + 50), "{:?}", world.now.boot.since(start));
        assert_eq!((world.outcome(), world.exit.map(Exit::code)), (Some(outcome), Some(code)));
        let kinds = world.journal.kinds();
        // A read that says canceled waits for no receipt.
        let has_receipt = kinds.iter().any(|kind| kind.starts_with("reply"));
        assert!(has_receipt || outcome == Outcome::Verified, "{kinds:?}");
        assert_eq!(kinds.last(), Some(&format!("outcome {outcome}")));
        assert_eq!(world.exchange.all_cancel_frames(), 1);
        let said = world.state.desk.farewell().join(" ");
        assert!(said.contains(stands(Some(outcome))), "{said}");
    }
}

#[test]
fn nothing_else_starts_while_the_rest_is_read() {
    let mut world = World::new();
    world.cancel("never-settles");
    world.seconds(1);
    world.press("Esc");
    world.arm("fine");
    interrupt(&mut world);
    world.press("Enter");
    world.press("q q");
    world.happen(Event::Interrupted(Interruption::TerminalLost));
    world.happen(Event::Interrupted(TERM));
    assert_eq!(world.exit, None, "told again, it still reads");
    world.seconds(7);
    assert_eq!(world.exit.map(Exit::code), Some(3));
    assert_eq!(world.exchange.all_cancel_frames(), 1);
    let reads = ["read GetWithdrawTicket", "read Ping", "read unresolved", "read LogOut"];
    let other = world.log.iter().find(|line| line.starts_with("read ") && !reads.contains(&line.as_str()));
    assert_eq!(other, None);
}

#[test]
fn a_confirming_read_is_declined_while_another_cancel_is_read_on() {
    let mut world = World::new();
    world.cancel("never-settles");
    world.press("Esc");
    world.arm("fine");
    world.muted.push("GetWithdrawTicket");
    world.press("Enter");
    world.muted.clear();
    interrupt(&mut world);
    assert_eq!(world.log, ["give back the terminal", "record declined"]);
    world.seconds(9);
    assert_eq!((world.exchange.all_cancel_frames(), world.exit.map(Exit::code)), (1, Some(3)));
}

#[test]
fn a_lost_link_is_opened_again_to_read_the_rest() {
    let mut world = World::new();
    world.cancel("lost-after");
    world.cut(true);
    world.seconds(20);
    world.is_cut = false;
    assert_eq!(world.outcome(), None);
    interrupt(&mut world);
    assert_eq!(world.log[1], "connect", "without the wait that is left");
    world.seconds(1);
    assert_eq!((world.outcome(), world.exit.map(Exit::code)), (Some(Outcome::Verified), Some(0)));
}

#[test]
fn of_several_cancels_the_worst_gives_the_exit_code() {
    for (cases, code) in
        [(["slow", "never-settles"], 3), (["code-101", "moves-elsewhere"], 8), (["never-settles", "code-102"], 5)]
    {
        let mut world = World::new();
        for case in cases {
            world.cancel(case);
            world.press("Esc");
        }
        interrupt(&mut world);
        world.seconds(9);
        assert_eq!(world.exit.map(Exit::code), Some(code), "{cases:?}");
        assert_eq!(world.journal.store.unresolved().iter().filter(|open| open.outcome.is_none()).count(), 0);
    }
}

#[test]
fn an_open_outcome_of_before_still_gives_the_exit_code_of_an_end_at_once() {
    let mut world = World::new();
    world.cancel("never-settles");
    world.seconds(70);
    interrupt(&mut world);
    assert_eq!(world.log, ["read LogOut", "quit 3"]);
}

#[test]
fn an_attempt_in_the_journal_and_a_cancel_in_flight_both_come_to_their_end() {
    let mut world = World::new();
    world.cancel("never-settles");
    world.seconds(1);
    world.press("Esc");
    let ticket = world.select("fine");
    world.journal_waits = true;
    world.press(&format!("x {ticket} Enter"));
    world.settle();
    interrupt(&mut world);
    world.seconds(1);
    world.release_journal();
    assert_eq!(recorded(&world).last(), Some(&"outcome NotSent"));
    assert_eq!(world.exit, None, "the other one is read on");
    world.seconds(8);
    assert_eq!(recorded(&world).last(), Some(&"outcome AcceptedNotMoved"));
    assert_eq!(world.exit.map(Exit::code), Some(3));
    assert_eq!(world.exchange.all_cancel_frames(), 1);
}

#[test]
fn leaving_by_q_waits_for_nobody() {
    let mut world = World::new();
    world.cancel("never-settles");
    world.press("Esc q");
    world.log.clear();
    world.press("q");
    assert_eq!(world.log.last().map(String::as_str), Some("quit 3"));
    assert_eq!(world.journal.store.unresolved().len(), 1);
}

// --- after a fault --------------------------------------------------------------------------------------------------

#[rstest]
#[case::acted_upon("lost-after", true, Outcome::Verified, 0)]
#[case::not_acted_upon("lost-before", true, Outcome::Unknown, 5)]
#[case::received("never-settles", true, Outcome::AcceptedNotMoved, 3)]
#[case::never_handed_over("fine", false, Outcome::NotSent, 70)]
fn after_a_fault_another_desk_settles_what_the_session_left(
    #[case] case: &str,
    #[case] is_handed: bool,
    #[case] outcome: Outcome,
    #[case] code: u8,
) {
    let mut world = World::new();
    world.journal_waits = !is_handed;
    let ticket = world.cancel(case);
    world.millis(200);
    let handed = world.state.desk.cancels().all().map(|cancel| cancel.intent).collect();
    let mut rescue = world.rescue(handed, if is_handed { Exit::Unknown } else { Exit::Fault });
    rescue.seconds(9);
    assert_eq!(rescue.exit.map(Exit::code), Some(code));
    let kinds = rescue.journal.kinds();
    assert_eq!(kinds.last(), Some(&format!("outcome {outcome}")), "{kinds:?}");
    assert_eq!(rescue.exchange.cancel_frames(ticket.0), usize::from(is_handed), "nothing is sent by a rescue");
    assert!(!rescue.log.iter().any(|line| line.contains("GetAllWithdrawTickets") || line.starts_with("SEND")));
}

#[test]
fn a_rescue_with_nothing_to_settle_ends_at_once_and_leaves_what_others_opened_alone() {
    let mut world = World::new();
    world.cancel("lost-before");
    world.seconds(1);
    let mut other = world.restart();
    let records = other.journal.facts().len();
    other = other.rescue(std::collections::BTreeSet::new(), Exit::Fault);
    assert_eq!((other.exit, other.journal.facts().len()), (Some(Exit::Fault), records));
}

#[test]
fn a_forced_end_knows_what_is_in_flight() {
    let forced = |desk: &Desk| (desk.cancels().has_unsettled(), desk.cancels().exit_if_forced().map(Exit::code));
    let mut world = World::new();
    assert_eq!(forced(&world.state.desk), (false, None));
    world.cancel("never-settles");
    assert_eq!(forced(&world.state.desk), (true, Some(5)));
    world.seconds(70);
    assert_eq!(forced(&world.state.desk), (false, Some(3)));
}

// --- the real binary ------------------------------------------------------------------------------------------------

/// How the console is interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    Signal(Signal, u32),
    TerminalClosed,
    Panic,
}

const BLOWS: [Blow; 5] = [
    Blow::Signal(Signal::HUP, 129),
    Blow::Signal(Signal::INT, 130),
    Blow::Signal(Signal::TERM, 143),
    Blow::TerminalClosed,
    Blow::Panic,
];

impl Blow {
    /// The exit code with no cancel in flight.
    fn code(self) -> u32 {
        match self {
            Self::Signal(_, code) => code,
            Self::TerminalClosed => 129,
            Self::Panic => 70,
        }
    }
}

/// How the program is told to panic: a fault on another thread, which no switch in the shipped program could be.
pub const TOLD_TO_PANIC: Signal = Signal::USR1;
/// The arguments of the program that panics.
const PANICS_WITH: &str = "WITHDRAW_DESK_TEST_PANICS_WITH";

/// Not a test by itself: the real console with a fault to come, which the tests run in a pseudo-terminal.
#[test]
fn a_program_that_panics() {
    let Ok(arguments) = std::env::var(PANICS_WITH) else { return };
    let (ready, is_ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let kind = tokio::signal::unix::SignalKind::user_defined1();
            let mut told = tokio::signal::unix::signal(kind).unwrap();
            ready.send(()).unwrap();
            told.recv().await;
            panic!("a fault on another thread");
        });
    });
    is_ready.recv().unwrap();
    let arguments = std::iter::once("withdraw-desk").chain(arguments.lines());
    withdraw_desk::cli::run(Arguments::parse_from(arguments)).unwrap();
}

pub fn start(profile: &Profile, session: Session, blow: Blow) -> Console {
    let arguments = profile.arguments();
    if blow != Blow::Panic {
        return Console::start_in(session, BINARY, &arguments, &[], SIZE);
    }
    let program = std::env::current_exe().unwrap().display().to_string();
    let run = ["--exact", "interrupted::a_program_that_panics", "--nocapture"].map(str::to_owned);
    Console::start_in(session, &program, &run, &[(PANICS_WITH, &arguments.join("\n"))], SIZE)
}

/// The end that is expected of one cell of the matrix.
#[derive(Clone, Copy, Debug)]
struct Expected {
    /// The exit code; `None` is the interruption's own.
    code: Option<u32>,
    /// The last outcome in the journal.
    outcome: Option<Outcome>,
}

/// Plays a phase against every interruption, in both kinds of session, all at the same time.
fn play(case: &'static str, reach: fn(&mut Console, &Server, u64), expected: Expected) {
    std::thread::scope(|scope| {
        for session in [Session::Leader, Session::Orphan] {
            for blow in BLOWS {
                scope.spawn(move || strike(case, reach, session, blow, expected));
            }
        }
    });
}

fn strike(case: &'static str, reach: fn(&mut Console, &Server, u64), session: Session, blow: Blow, expected: Expected) {
    let cell = format!("{blow:?} on the terminal of {session:?}");
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = start(&profile, session, blow);
    console.wait_for("end of list");
    reach(&mut console, &server, server.ticket(case));
    match blow {
        Blow::Signal(signal, _) => console.signal(signal),
        Blow::TerminalClosed => drop(console.master.take()),
        Blow::Panic => console.signal(TOLD_TO_PANIC),
    }
    if blow != Blow::TerminalClosed {
        console.wait_for_the_shell();
    }
    let calls = console.wait_for_the_end();
    assert!(calls.is_none_or(|calls| calls < MOST_CALLS), "{cell}: {calls:?} reads and writes");
    assert_eq!(console.end(), expected.code.unwrap_or(blow.code()), "{cell}: {}", console.screen());
    if blow != Blow::TerminalClosed {
        console.assert_restored();
    }
    let facts = profile.facts();
    let kinds: Vec<String> = facts.iter().map(kind).collect();
    let outcome = kinds.iter().rev().find_map(|kind| kind.strip_prefix("outcome "));
    assert_eq!(outcome, expected.outcome.map(Outcome::word), "{cell}: {kinds:?}");
    // With nothing to settle, a fault is the end of everything but the terminal.
    let is_closed = matches!(facts.last(), Some(Fact::Closed));
    assert!(is_closed || (blow == Blow::Panic && expected.outcome.is_none()), "{cell}: {kinds:?}");
    assert_eq!(server.cancel_frames(), usize::from(expected.outcome.is_some()), "{cell}");
}

/// More reads and writes than this, from the start on, are those of a loop that does not wait. How long the end takes is shown in
/// virtual time above: a busy machine may stretch it here.
const MOST_CALLS: u64 = 5_000;

#[test]
fn idle_every_interruption_ends_the_process_at_once() {
    play("fine", |_, _, _| {}, Expected { code: None, outcome: None });
}

#[test]
fn in_the_dialog_every_interruption_ends_the_process_at_once() {
    play("fine", |console, _, ticket| console.arm(ticket), Expected { code: None, outcome: None });
}

fn await_receipt(console: &mut Console, server: &Server, ticket: u64) {
    console.cancel(ticket);
    console.wait_for("Waiting for the receipt");
    server.wait_for_cancel_frame();
}

#[test]
fn awaiting_the_receipt_every_interruption_reads_on_until_it_is_verified() {
    play("slow", await_receipt, Expected { code: Some(0), outcome: Some(Outcome::Verified) });
}

#[test]
fn awaiting_a_receipt_that_never_comes_every_interruption_reads_on_for_8_seconds() {
    play("lost-before", await_receipt, Expected { code: Some(5), outcome: Some(Outcome::Unknown) });
}

#[test]
fn following_every_interruption_reads_on_for_8_seconds() {
    let follow: fn(&mut Console, &Server, u64) = |console, _, ticket| {
        console.cancel(ticket);
        console.wait_for("RECEIVED");
    };
    play("never-settles", follow, Expected { code: Some(3), outcome: Some(Outcome::AcceptedNotMoved) });
}

#[test]
fn on_a_stalled_terminal_a_cancel_in_flight_is_read_on_all_the_same() {
    let server = Server::start();
    let ticket = server.ticket("slow");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    await_receipt(&mut console, &server, ticket);
    console.stall();
    console.signal(Signal::HUP);
    assert_eq!(console.child.wait().unwrap().code(), Some(0));
    let kinds: Vec<String> = profile.facts().iter().map(kind).collect();
    assert_eq!(kinds[kinds.len() - 2..], ["outcome Verified", "closed"], "{kinds:?}");
}

#[test]
fn the_terminal_goes_back_before_the_rest_is_read_and_what_is_typed_is_the_shells() {
    let server = Server::start();
    let ticket = server.ticket("slow");
    let profile = Profile::new(&server, login::PASSWORD);
    // A shell that outlives the console, and reads what was typed meanwhile.
    let arguments = profile.arguments().iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let script = format!("trap '' INT; '{BINARY}' {arguments}; echo \"ended $?\"; read -r line; echo \"got $line\"");
    let mut console = Console::start("/bin/bash", &["-c".to_owned(), script], &[], SIZE);
    await_receipt(&mut console, &server, ticket);
    console.write("\u{3}");
    console.wait_for(&format!("the cancel of ticket {ticket} is in flight"));
    console.write("a line for the shell\n");
    console.wait_for(&format!("the cancel of ticket {ticket}: Verified"));
    console.wait_for("ended 0");
    console.wait_for("got a line for the shell");
    assert_eq!(console.end(), 0);
}

#[test]
fn given_back_the_terminal_makes_a_signal_of_control_z_and_that_does_not_stop_the_reading() {
    let server = Server::start();
    let ticket = server.ticket("slow");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = start(&profile, Session::Orphan, Blow::TerminalClosed);
    await_receipt(&mut console, &server, ticket);
    console.signal(Signal::TERM);
    console.wait_for("is in flight");
    console.signal(Signal::TSTP);
    console.signal(Signal::INT);
    assert_eq!(console.end(), 0);
}

/// Half of a sequence is where a reader of keys waits for the other half, and finds nothing but the end for ever.
#[rstest]
#[case::of_a_paste("\u{1b}[200~91023")]
#[case::of_a_key("\u{1b}[1;")]
#[case::of_a_character("\u{1b}")]
fn a_terminal_that_goes_away_in_the_middle_ends_the_console_and_is_not_read_for_ever(#[case] half: &str) {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = start(&profile, Session::Orphan, Blow::TerminalClosed);
    console.wait_for("end of list");
    console.write(half);
    drop(console.master.take());
    let calls = console.wait_for_the_end();
    assert!(calls.is_none_or(|calls| calls < MOST_CALLS), "{calls:?} reads and writes");
    assert_eq!(console.end(), 129);
}

#[test]
fn a_fault_gives_the_terminal_back_first_and_then_says_what_happened() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = start(&profile, Session::Leader, Blow::Panic);
    console.wait_for("end of list");
    console.signal(TOLD_TO_PANIC);
    assert_eq!(console.end(), 70);
    console.assert_restored();
    let raw = String::from_utf8_lossy(&console.raw).into_owned();
    let (before, after) = raw.split_once("\u{1b}[?1049l").expect("the alternate screen was left");
    assert!(before.contains("\u{1b}[?1049h") && after.contains("a fault on another thread"), "{raw}");
}
