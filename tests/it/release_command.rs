//! `journal release`: the real binary against the simulated exchange, on a journal with a past.

use std::process::{Child, Command, Stdio};

use jiff::SignedDuration;
use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process};
use withdraw_desk::domain::{IntentId, Outcome, Receipt};
use withdraw_desk::journal::record::{ReleaseFact, ReplyFact};
use withdraw_desk::journal::store::{Claim, Written};
use withdraw_desk::journal::{Fact, Intent, Stamp, Store};
use withdraw_desk::runtime::clock;
use withdraw_desk::simulator::{Book, login};

use crate::memory::Memory;
use crate::pty_console::{BINARY, Profile, Server};
use crate::records;

/// A journal that was written a while ago.
pub struct Past {
    memory: Memory,
    store: Store,
    exchange: String,
    oms: i64,
    given: u128,
}

pub const LONG_AGO: i64 = 20 * 60;
const JUST_NOW: i64 = 5 * 60;

impl Past {
    pub fn of(server: &Server) -> Self {
        let url = server.simulator.url();
        let exchange = url.trim_start_matches("ws://").trim_end_matches("/WSGateway/").to_owned();
        Self { memory: Memory::default(), store: Store::default(), exchange, oms: 1, given: 0 }
    }

    fn written(&self, seconds_ago: i64) -> Written {
        let by = Stamp {
            chain: "c1".to_owned(),
            session: "before".to_owned(),
            host: "desk1".to_owned(),
            pid: 7,
            version: "0".to_owned(),
            exchange: self.exchange.clone(),
            oms: Some(self.oms),
            operator: Some("operator".to_owned()),
        };
        Written { by, at: clock::wall() - SignedDuration::from_secs(seconds_ago) }
    }

    fn record(&mut self, seconds_ago: i64, fact: Fact) {
        let written = self.written(seconds_ago);
        self.store.record(&mut self.memory, written, fact).unwrap();
    }

    /// A cancel that was handed to the writer then, and nothing more is known of it.
    fn sent(&mut self, ticket: u64, seconds_ago: i64) -> IntentId {
        let book = Book::new(1, 400, clock::wall());
        let entry = book.get(ticket).unwrap();
        let intent = Intent {
            account: entry.account,
            request_code: entry.request_code.clone().unwrap(),
            asset: entry.asset.to_owned(),
            amount: Some(entry.amount.clone()),
            environment: "test".to_owned(),
            ..records::intent(ticket)
        };
        self.open(intent, seconds_ago)
    }

    fn open(&mut self, intent: Intent, seconds_ago: i64) -> IntentId {
        self.given += 1;
        let id = IntentId(self.given << 96);
        let written = self.written(seconds_ago);
        let claim = self.store.open(&mut self.memory, written, id, intent).unwrap();
        assert!(matches!(claim, Claim::Opened(durable) if durable.id() == id));
        self.record(seconds_ago, Fact::Sent { id: id.to_string() });
        id
    }

    /// An intent whose outcome stands open.
    pub fn unknown(&mut self, ticket: u64, seconds_ago: i64) -> IntentId {
        let id = self.sent(ticket, seconds_ago);
        self.record(seconds_ago, Fact::Reply(ReplyFact::new(id, Receipt::None, None, None)));
        self.record(seconds_ago, Fact::outcome(id, Outcome::Unknown, "so".to_owned()));
        id
    }

    fn release(&mut self, id: IntentId, ticket: u64) {
        let (id, ticket) = (id.to_string(), ticket.to_string());
        let release =
            ReleaseFact { id, ticket, reason: "before".to_owned(), read: String::new(), age: 1_000, early: false };
        self.record(LONG_AGO, Fact::Release(release));
    }

    pub fn keep(&self, profile: &Profile) {
        std::fs::write(profile.journal(), &self.memory.bytes).unwrap();
    }
}

/// The end of one run of the command: its exit code and its words.
struct Ran {
    code: Option<i32>,
    said: String,
}

impl Ran {
    #[track_caller]
    fn expect(&self, code: i32, said: &[&str]) {
        assert_eq!(self.code, Some(code), "{}", self.said);
        for text in said {
            assert!(self.said.contains(text), "{text:?}: {}", self.said);
        }
    }
}

fn start(profile: &Profile, arguments: &[&str]) -> Child {
    let mut command = Command::new(BINARY);
    command.args(profile.arguments()).args(["journal", "release"]).args(arguments);
    // A pipe that stays open and says nothing: whoever read an answer from it would wait for ever.
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn end(mut child: Child) -> Ran {
    let _held = child.stdin.take();
    let output = child.wait_with_output().unwrap();
    assert!(output.stdout.is_empty(), "messages go to standard error");
    Ran { code: output.status.code(), said: String::from_utf8(output.stderr).unwrap() }
}

fn run(profile: &Profile, arguments: &[&str]) -> Ran {
    end(start(profile, arguments))
}

/// The facts that were recorded after the past.
fn news(profile: &Profile, past: &Past) -> Vec<Fact> {
    let text = std::fs::read(profile.journal()).unwrap();
    assert_eq!(text[..past.memory.bytes.len()], past.memory.bytes[..]);
    profile.facts().split_off(past.memory.bytes.split(|byte| *byte == b'\n').count() - 1)
}

fn releases(profile: &Profile, past: &Past) -> Vec<ReleaseFact> {
    let releases = news(profile, past).into_iter().filter_map(|fact| match fact {
        Fact::Release(release) => Some(release),
        _ => None,
    });
    releases.collect()
}

fn meddle(server: &Server, ticket: u64, status: &'static str) {
    server.runtime.block_on(server.simulator.with(move |exchange, now| exchange.meddle(ticket, status, now))).unwrap();
}

#[test]
fn a_release_by_ticket_says_what_was_read_and_a_console_on_the_same_journal_learns_of_it() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut past = Past::of(&server);
    past.unknown(ticket, LONG_AGO);
    past.keep(&profile);
    let mut console = profile.open();
    console.wait_for("UNRESOLVED on this exchange");
    console.wait_for("Do not send again");
    let number = ticket.to_string();
    let ran = run(&profile, &[&number, "--confirm", &number, "--reason", "asked the exchange"]);
    let said =
        ["20 min", "Unknown, receipt none", "Read now: ", "Failed (6)", "first request may still act", "is released"];
    ran.expect(0, &said);
    assert!(ran.said.contains("It goes on being watched"), "{}", ran.said);
    let releases = releases(&profile, &past);
    let [release] = &releases[..] else { panic!("{releases:?}") };
    assert_eq!((release.reason.as_str(), release.early), ("asked the exchange", false));
    assert!(release.read.starts_with("Failed (6)") && release.age >= 20 * 60);
    // With the next keep-alive at the latest.
    console.wait_for("RELEASED  (asked the exchange)");
    console.write("\u{1b}");
    console.cancel(ticket);
    console.wait_for("VERIFIED");
    assert_eq!(server.cancel_frames(), 1);
}

#[test]
fn an_early_release_needs_the_flag_and_takes_the_beginning_of_an_id_too() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut past = Past::of(&server);
    let id = past.unknown(ticket, JUST_NOW).to_string();
    past.keep(&profile);
    let number = ticket.to_string();
    let words = [&id[..8], "--confirm", &number, "--reason", "because"];
    run(&profile, &words).expect(6, &["5 min", "Read now: ", "--early"]);
    assert!(releases(&profile, &past).is_empty());
    run(&profile, &[&words[..], &["--early"]].concat()).expect(0, &["is released"]);
    assert!(releases(&profile, &past)[0].early);
    assert!(matches!(news(&profile, &past).last(), Some(Fact::Closed)));
    run(&profile, &words).expect(6, &["is released already"]);
}

#[rstest]
#[case::other_number(&["#", "--confirm", "1", "--reason", "because"], "--confirm 1 is not the ticket")]
#[case::no_number(&["#", "--reason", "because"], "--confirm")]
#[case::no_reason(&["#", "--confirm", "#"], "--reason")]
#[case::empty_reason(&["#", "--confirm", "#", "--reason", ""], "--reason")]
#[case::no_such(&["424242", "--confirm", "424242", "--reason", "because"], "neither the beginning")]
#[case::ambiguous(&["0", "--confirm", "#", "--reason", "because"], "give more of it")]
fn a_slip_of_the_hand_ends_before_any_login_and_writes_nothing(#[case] words: &[&str], #[case] said: &str) {
    let server = Server::start();
    let ticket = server.ticket("fine");
    // Whoever logs in with this is refused, and ends with 4.
    let profile = Profile::new(&server, "wrong");
    let mut past = Past::of(&server);
    past.unknown(ticket, LONG_AGO);
    past.unknown(server.ticket("slow"), LONG_AGO);
    past.keep(&profile);
    let number = ticket.to_string();
    let words: Vec<&str> = words.iter().map(|word| if *word == "#" { &number } else { *word }).collect();
    run(&profile, &words).expect(2, &[said]);
    assert!(news(&profile, &past).is_empty());
}

#[test]
fn a_change_that_is_not_known_is_named_before_any_login_and_not_released() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, "wrong");
    let mut past = Past::of(&server);
    let call = Some("ResubmitFailedWithdrawTicket".to_owned());
    past.open(Intent { call, ..records::intent(ticket) }, LONG_AGO);
    past.keep(&profile);
    let number = ticket.to_string();
    let words = [number.as_str(), "--confirm", &number, "--reason", "because"];
    run(&profile, &words)
        .expect(6, &["change unknown to this version (ResubmitFailedWithdrawTicket); nothing was released"]);
    assert!(news(&profile, &past).is_empty());
}

#[test]
fn a_blank_reason_and_a_missing_journal_are_usage() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let number = ticket.to_string();
    run(&profile, &[&number, "--confirm", &number, "--reason", "x"]).expect(2, &["there is no such journal"]);
    assert!(!profile.journal().exists());
    let mut past = Past::of(&server);
    past.unknown(ticket, LONG_AGO);
    past.keep(&profile);
    run(&profile, &[&number, "--confirm", &number, "--reason", "  "]).expect(2, &["needs a reason"]);
    assert!(releases(&profile, &past).is_empty());
}

#[test]
fn what_holds_nothing_here_cannot_be_released() {
    let server = Server::start();
    let [settled, elsewhere, tenant] = ["fine", "slow", "code-20"].map(|case| server.ticket(case));
    let profile = Profile::new(&server, login::PASSWORD);
    let mut past = Past::of(&server);
    let id = past.unknown(settled, LONG_AGO);
    past.record(LONG_AGO, Fact::outcome(id, Outcome::Moved, "so".to_owned()));
    let here = std::mem::replace(&mut past.exchange, "other.example.com".to_owned());
    past.unknown(elsewhere, LONG_AGO);
    (past.exchange, past.oms) = (here, 2);
    past.unknown(tenant, LONG_AGO);
    past.keep(&profile);
    for (ticket, said) in
        [(settled, "is settled, Moved"), (elsewhere, "other.example.com"), (tenant, "the login is on another OMS")]
    {
        let number = ticket.to_string();
        run(&profile, &[&number, "--confirm", &number, "--reason", "because"]).expect(6, &[said]);
    }
    let number = tenant.to_string();
    let words = [&number[..], "--confirm", &number, "--reason", "because", "--oms-id", "1"];
    run(&profile, &words).expect(6, &["OMS 2, and not of the chosen profile's"]);
    assert!(releases(&profile, &past).is_empty());
}

#[test]
fn of_several_open_cancels_of_a_ticket_the_one_that_holds_it_is_released() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut past = Past::of(&server);
    let first = past.unknown(ticket, LONG_AGO);
    past.release(first, ticket);
    let second = past.unknown(ticket, LONG_AGO);
    past.keep(&profile);
    let number = ticket.to_string();
    run(&profile, &[&number, "--confirm", &number, "--reason", "because"]).expect(0, &["is released"]);
    assert_eq!(releases(&profile, &past)[0].id, second.to_string());
}

#[test]
fn several_that_hold_a_ticket_on_different_tenants_are_listed() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut past = Past::of(&server);
    past.unknown(ticket, LONG_AGO);
    past.oms = 2;
    past.unknown(ticket, LONG_AGO);
    past.keep(&profile);
    let number = ticket.to_string();
    let words = [&number[..], "--confirm", &number, "--reason", "because"];
    let ran = run(&profile, &words);
    ran.expect(2, &["00000001", "00000002"]);
    run(&profile, &[&words[..], &["--oms-id", "1"]].concat()).expect(0, &["is released"]);
}

#[rstest]
#[case::canceled("AdminCanceled", "VERIFIED", Outcome::Verified)]
#[case::moved("SystemProcessing", "MOVED", Outcome::Moved)]
fn a_read_that_settles_it_is_recorded_and_nothing_is_released(
    #[case] status: &'static str,
    #[case] said: &str,
    #[case] outcome: Outcome,
) {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut past = Past::of(&server);
    let id = past.unknown(ticket, JUST_NOW);
    past.keep(&profile);
    meddle(&server, ticket, status);
    let number = ticket.to_string();
    run(&profile, &[&number, "--confirm", &number, "--reason", "because"])
        .expect(0, &["is settled, so there is nothing to release", said]);
    assert!(releases(&profile, &past).is_empty());
    let settled = |fact: &Fact| matches!(fact, Fact::Outcome { id: of, outcome: is, .. } if *of == id.to_string() && is == outcome.word());
    assert!(news(&profile, &past).iter().any(settled));
}

#[test]
fn a_cancel_cut_off_by_a_crash_is_followed_until_its_outcome_stands_and_then_released() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut past = Past::of(&server);
    past.sent(ticket, JUST_NOW);
    past.keep(&profile);
    let number = ticket.to_string();
    let ran = run(&profile, &[&number, "--confirm", &number, "--reason", "because", "--early"]);
    ran.expect(0, &["is read until it is, for 5 s at most", "Stands: Unknown", "is released"]);
    let facts = news(&profile, &past);
    let outcome = facts.iter().position(|fact| matches!(fact, Fact::Outcome { .. })).unwrap();
    let release = facts.iter().position(|fact| matches!(fact, Fact::Release(_))).unwrap();
    assert!(outcome < release, "{facts:?}");
}

#[test]
fn a_signal_while_it_is_followed_releases_nothing() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut past = Past::of(&server);
    past.sent(ticket, 10);
    past.keep(&profile);
    let number = ticket.to_string();
    let mut child = start(&profile, &[&number, "--confirm", &number, "--reason", "because", "--early"]);
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap()));
    assert!(lines.next().unwrap().unwrap().contains("is read until it is"));
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert!(lines.next().unwrap().unwrap().contains("stopped; nothing was released"));
    assert!(releases(&profile, &past).is_empty());
    assert!(matches!(news(&profile, &past).last(), Some(Fact::Closed)));
}

#[test]
fn a_refused_login_no_link_and_no_answer_release_nothing() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let mut past = Past::of(&server);
    past.unknown(ticket, LONG_AGO);
    let number = ticket.to_string();
    let words = [&number[..], "--confirm", &number, "--reason", "because"];
    let refused = Profile::new(&server, "wrong");
    past.keep(&refused);
    run(&refused, &words).expect(4, &["Invalid username or password", "nothing was released"]);
    assert!(releases(&refused, &past).is_empty());
    // Another ticket's request code: the exchange answers, but not with this ticket.
    let other = server.ticket("slow");
    let unread = Profile::new(&server, login::PASSWORD);
    let mut past = Past::of(&server);
    let mut intent = None;
    past.unknown(other, LONG_AGO);
    for line in String::from_utf8(past.memory.bytes.clone()).unwrap().lines() {
        if let Fact::Intent(found) = withdraw_desk::journal::Record::parse(line).unwrap().fact {
            intent = Some(*found);
        }
    }
    let mut past = Past::of(&server);
    let id = past.open(Intent { ticket: number.clone(), ..intent.unwrap() }, LONG_AGO);
    past.record(LONG_AGO, Fact::outcome(id, Outcome::Unknown, "so".to_owned()));
    past.keep(&unread);
    run(&unread, &words).expect(7, &["needs a read of the ticket made now", "another ticket"]);
    assert!(releases(&unread, &past).is_empty());
    let unlinked = Profile::new(&server, login::PASSWORD);
    let mut past = Past::of(&server);
    past.unknown(ticket, LONG_AGO);
    past.keep(&unlinked);
    drop(server);
    run(&unlinked, &words).expect(7, &["no link: ", "nothing was released"]);
    assert!(releases(&unlinked, &past).is_empty());
}

#[test]
fn a_journal_that_is_locked_or_does_not_fit_releases_nothing() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut past = Past::of(&server);
    past.unknown(ticket, LONG_AGO);
    past.keep(&profile);
    let number = ticket.to_string();
    let words = [&number[..], "--confirm", &number, "--reason", "because"];
    let held = std::fs::File::open(profile.journal()).unwrap();
    held.lock().unwrap();
    run(&profile, &words).expect(6, &["another process held its lock for 2 s", "nothing was released"]);
    held.unlock().unwrap();
    assert!(news(&profile, &past).is_empty());
    let text = std::fs::read_to_string(profile.journal()).unwrap();
    std::fs::write(profile.journal(), text.replacen("desk1", "desk2", 1)).unwrap();
    run(&profile, &words).expect(6, &["is not whole, see `withdraw-desk journal verify`", "nothing was released"]);
}

#[test]
fn a_journal_that_cannot_be_written_releases_nothing_and_says_so() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut past = Past::of(&server);
    past.unknown(ticket, LONG_AGO);
    past.keep(&profile);
    let number = ticket.to_string();
    // The kernel lets no file grow beyond what is there, as a full disk does.
    let blocks = past.memory.bytes.len() / 1_024;
    let mut command = Command::new("/bin/bash");
    command.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""), BINARY]);
    command.args(profile.arguments()).args([
        "journal",
        "release",
        &number,
        "--confirm",
        &number,
        "--reason",
        "because",
    ]);
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    end(child).expect(6, &["the journal failed, so nothing was released"]);
    assert!(news(&profile, &past).is_empty());
}
