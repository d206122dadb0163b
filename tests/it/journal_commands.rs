//! The journal's commands: the real binary on real files. They read, and write nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rstest::rstest;
use serde_json::Value;
use withdraw_desk::app::event::OpenAnswer;
use withdraw_desk::domain::receipt::RefusalCode;
use withdraw_desk::domain::{IntentId, Outcome, Receipt};
use withdraw_desk::journal::record::{ReadFact, ReleaseFact, ReplyFact};
use withdraw_desk::journal::seal::{Head, seal};
use withdraw_desk::journal::{Fact, Intent, JournalSettings, Record, heads};
use withdraw_desk::runtime::journal::file::JournalFile;
use withdraw_desk::runtime::journal::{JournalStore, Process};

use crate::records::{self, author};

const HOSTILE: &str = "a\u{1b}[2J\u{202e}b";

/// A journal of its own in a directory of its own.
struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn empty() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// Three intents: verified, refused, and open with a release; and a declined one.
    fn new() -> Self {
        let desk = Self::empty();
        let mut journal = desk.store(JournalSettings::default());
        let mut record = |fact| journal.record(&author(), fact).unwrap();
        record(Fact::Opened);
        record(Fact::Declined { ticket: "287".to_owned(), because: "the amount changed".to_owned() });
        drop(journal);
        desk.cancel(287, Receipt::Accepted, Outcome::Verified);
        desk.cancel(288, Receipt::Refused(RefusalCode::OperationFailed), Outcome::Refused);
        let id = desk.cancel(289, Receipt::None, Outcome::Unknown);
        desk.cancel(290, Receipt::None, Outcome::Unknown);
        let release = ReleaseFact {
            id: id.to_string(),
            ticket: "289".to_owned(),
            reason: "called the bank".to_owned(),
            read: "Failed (6)".to_owned(),
            age: 1_200,
            early: false,
        };
        desk.store(JournalSettings::default()).record(&author(), Fact::Release(release)).unwrap();
        desk
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("journal.jsonl")
    }

    fn store(&self, settings: JournalSettings) -> JournalFile {
        let process =
            Process { session: "s".to_owned(), host: "desk1".to_owned(), exchange: "gateway.example.com".to_owned() };
        JournalFile::open_file(&self.path(), process, settings).unwrap()
    }

    fn cancel(&self, ticket: u64, receipt: Receipt, outcome: Outcome) -> IntentId {
        let mut journal = self.store(JournalSettings::default());
        let OpenAnswer::Opened(durable) = journal.open(&author(), intent(ticket)) else { panic!("not opened") };
        let id = durable.id();
        let payload = (receipt != Receipt::None).then(|| "{\"result\":true}\u{1b}[31m".to_owned());
        let read = ReadFact {
            id: id.to_string(),
            status: "Failed (6)".to_owned(),
            updated_by: "user 0 system".to_owned(),
            last_update: None,
        };
        for fact in [
            Fact::Sent { id: id.to_string() },
            Fact::Reply(ReplyFact::new(id, receipt, Some(1), payload)),
            Fact::Read(read),
            Fact::outcome(id, outcome, "as read".to_owned()),
        ] {
            journal.record(&author(), fact).unwrap();
        }
        id
    }

    fn lines(&self) -> Vec<String> {
        fs::read_to_string(self.path()).unwrap().split_inclusive('\n').map(str::to_owned).collect()
    }

    fn write(&self, lines: &[String]) {
        fs::write(self.path(), lines.concat()).unwrap();
    }

    fn heads(&self) -> String {
        let mut head = Head::default();
        let mut line = |line: &String| {
            head.follow(line).unwrap();
            format!("Nov 22 08:32:14 desk1 withdraw-desk[7]: {}\n", heads::line(&head))
        };
        self.lines().iter().map(&mut line).collect()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_withdraw-desk"));
        command.arg("--journal").arg(self.path()).arg("journal").args(arguments).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        Answer::of(self.command(arguments).output().unwrap())
    }

    /// Every file of the directory, its bytes and when it was written.
    fn snapshot(&self) -> BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)> {
        let file = |path: PathBuf| {
            let written = fs::metadata(&path).unwrap().modified().unwrap();
            (path.clone(), (fs::read(path).unwrap(), written))
        };
        fs::read_dir(self.dir.path()).unwrap().map(|entry| file(entry.unwrap().path())).collect()
    }
}

struct Answer {
    code: i32,
    out: String,
    err: String,
}

impl Answer {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn json(&self) -> Value {
        let value: Value = serde_json::from_str(&self.out).unwrap();
        assert_eq!(value["schema"], 1);
        assert!(self.out.is_ascii());
        value
    }

    #[track_caller]
    fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }
}

/// An intent with hostile text in what the exchange and the operator wrote.
fn intent(ticket: u64) -> Intent {
    Intent {
        request_code: format!("af08{HOSTILE}"),
        transaction: (ticket == 290).then(|| "0xfeed".to_owned()),
        note: format!("=cmd {HOSTILE}"),
        ..records::intent(ticket)
    }
}

/// True if nothing in the text may act on a terminal.
fn is_inert(text: &str) -> bool {
    !text.chars().any(|letter| letter == '\u{202e}' || letter.is_control() && !matches!(letter, '\n' | '\r'))
}

#[test]
fn a_whole_journal_fits() {
    let desk = Desk::new();
    let answer = desk.run(&["verify"]).expect(0);
    assert!(answer.out.contains("whole: every line fits") && answer.out.contains("2 intents"), "{}", answer.out);
    let json = desk.run(&["verify", "--json"]).expect(0).json();
    assert_eq!((&json["fits"], &json["records"], &json["open"]), (&true.into(), &23.into(), &2.into()));
}

#[rstest]
#[case::changed(|lines: &mut Vec<String>| lines[4] = lines[4].replace("desk1", "desk2"), "changed", 5, "content its hash")]
#[case::dropped(|lines: &mut Vec<String>| drop(lines.remove(4)), "missing", 5, "record 5 is not there")]
#[case::swapped(|lines: &mut Vec<String>| lines.swap(4, 9), "swapped", 5, "stands in line 10")]
#[case::repeated(|lines: &mut Vec<String>| lines.insert(9, lines[4].clone()), "swapped", 10, "an earlier record again")]
#[case::resealed(|lines: &mut Vec<String>| lines[4] = resealed(&lines[4]), "changed", 5, "sealed anew")]
#[case::dropped_first(|lines: &mut Vec<String>| drop(lines.remove(0)), "missing-beginning", 1, "beginning is missing")]
#[case::foreign(|lines: &mut Vec<String>| lines.insert(4, Desk::new().lines()[1].clone()), "foreign", 5, "another journal's")]
#[case::torn(|lines: &mut Vec<String>| lines[22].truncate(40), "torn", 23, "crash")]
fn an_edit_by_hand_is_found_and_named(
    #[case] edit: fn(&mut Vec<String>),
    #[case] kind: &str,
    #[case] line: usize,
    #[case] said: &str,
) {
    let desk = Desk::new();
    let mut lines = desk.lines();
    edit(&mut lines);
    desk.write(&lines);
    let answer = desk.run(&["verify"]).expect(9);
    assert!(answer.out.contains(&format!("journal.jsonl line {line}")) && answer.out.contains(said), "{}", answer.out);
    let found = &desk.run(&["verify", "--json"]).expect(9).json()["findings"];
    assert_eq!(
        (found.as_array().unwrap().len(), &found[0]["kind"], &found[0]["line"]),
        (1, &kind.into(), &line.into())
    );
}

fn resealed(line: &str) -> String {
    let body = line.split(",\"hash\"").next().unwrap().replace("desk1", "desk2");
    format!("{}\n", seal(&format!("{body}}}")).0)
}

#[test]
fn a_tail_that_was_cut_off_shows_against_heads_from_a_file_or_a_pipe() {
    let desk = Desk::new();
    let told = format!("journal-head chain=c9 seq=99 hash={}\n{}", "0".repeat(64), desk.heads());
    let file = desk.dir.path().join("heads");
    fs::write(&file, &told).unwrap();
    let against = ["verify", "--heads", file.to_str().unwrap()];
    assert!(desk.run(&against).expect(0).out.contains("23 of this journal, 1 of others, 0 unreadable"));
    desk.write(&desk.lines()[..20]);
    desk.run(&["verify"]).expect(0);
    let answer = desk.run(&against).expect(9);
    assert!(answer.out.contains("records 21 to 23 are not there"), "{}", answer.out);
    let mut piped = desk.command(&["verify", "--heads", "-"]);
    let mut child = piped.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(told.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(9));
    let answer = desk.run(&["verify", "--heads", "/nowhere"]).expect(2);
    assert!(answer.err.contains("--heads /nowhere"), "{}", answer.err);
}

#[test]
fn a_rotated_journal_is_read_through_all_its_files() {
    let desk = Desk::empty();
    let settings = JournalSettings { rotate_at: 4_000, ..JournalSettings::default() };
    let mut journal = desk.store(settings);
    for ticket in 300..320 {
        let OpenAnswer::Opened(durable) = journal.open(&author(), intent(ticket)) else { panic!("not opened") };
        let id = durable.id();
        if ticket > 300 {
            journal.record(&author(), Fact::outcome(id, Outcome::Moved, String::new())).unwrap();
        }
    }
    let json = desk.run(&["verify", "--json"]).expect(0).json();
    let files = json["files"].as_array().unwrap().clone();
    assert!(files.len() > 2 && files.last().unwrap().as_str().unwrap().ends_with("journal.jsonl"), "{files:?}");
    assert_eq!(json["open"], 1);
    let list = desk.run(&["list"]).expect(0).out;
    let tickets: Vec<&str> = list.lines().map(|line| line.split_whitespace().nth(3).unwrap()).collect();
    assert_eq!(tickets, (300..320).map(|ticket| ticket.to_string()).collect::<Vec<_>>());
    // A fault in an old file is named, and what is open in the newest one is listed all the same.
    let old = Path::new(files[1].as_str().unwrap());
    let text = fs::read_to_string(old).unwrap();
    fs::write(old, text.replace("desk1", "desk2")).unwrap();
    let found = &desk.run(&["verify", "--json"]).expect(9).json()["findings"];
    assert_eq!((&found[0]["file"], &found[0]["line"]), (&files[1], &1.into()));
    assert!(desk.run(&["list", "--open"]).expect(9).out.contains(" 300 "));
    // An archive that was moved is no fault.
    fs::remove_file(old).unwrap();
    let answer = desk.run(&["verify"]).expect(0);
    assert!(answer.out.contains("is not here"), "{}", answer.out);
}

#[test]
fn a_missing_journal_is_one_line_and_is_not_made() {
    let desk = Desk::empty();
    for arguments in [&["list"][..], &["show", "1"], &["verify"], &["export"]] {
        let answer = desk.run(arguments).expect(2);
        assert_eq!((answer.out.as_str(), answer.err.lines().count()), ("", 1));
        assert!(answer.err.contains("journal.jsonl: there is no such journal"), "{}", answer.err);
    }
    assert!(desk.snapshot().is_empty());
}

#[test]
fn a_pipe_in_the_journals_place_is_refused_and_holds_nobody_up() {
    let desk = Desk::empty();
    let made = rustix::fs::mknodat(rustix::fs::CWD, desk.path(), rustix::fs::FileType::Fifo, 0o600.into(), 0);
    made.unwrap();
    assert!(desk.run(&["list"]).expect(2).err.contains("not a regular file"));
}

#[test]
fn no_command_writes_anything_not_even_behind_a_torn_tail() {
    let desk = Desk::new();
    let mut lines = desk.lines();
    lines.push("{\"seq\":24".to_owned());
    desk.write(&lines);
    let before = desk.snapshot();
    for arguments in
        [&["list"][..], &["list", "--open", "--json"], &["show", "287"], &["verify"], &["export"], &["export", "--csv"]]
    {
        let answer = desk.run(arguments).expect(if arguments == ["verify"] { 9 } else { 0 });
        assert!(format!("{}{}", answer.out, answer.err).contains("crash"), "{arguments:?}");
        assert_eq!(desk.snapshot(), before);
    }
}

#[test]
fn a_bad_line_ends_what_is_listed_and_names_verify() {
    let desk = Desk::new();
    let mut lines = desk.lines();
    lines[8] = lines[8].replace("desk1", "desk2");
    desk.write(&lines);
    let answer = desk.run(&["list"]).expect(9);
    assert_eq!(answer.out.lines().count(), 2);
    assert!(answer.err.contains("line 9") && answer.err.contains("journal verify"), "{}", answer.err);
    desk.run(&["export"]).expect(9).json();
}

#[test]
fn the_list_has_a_line_per_cancel_and_says_how_each_stands() {
    let desk = Desk::new();
    let list = desk.run(&["list"]).expect(0).out;
    let ends: Vec<_> = list.lines().map(|line| line.rsplit("  ").next().unwrap()).collect();
    assert_eq!(ends, ["Verified", "Refused", "released", "Unknown"]);
    assert!(list.contains("  0.0010000000000000000000000000  TBTC  operator@desk1  gateway.example.com  "), "{list}");
    assert_eq!(desk.run(&["list", "--open"]).expect(0).out.lines().count(), 2);
    let json = desk.run(&["list", "--open", "--json"]).expect(0).json();
    let stands: Vec<_> = json["intents"].as_array().unwrap().iter().map(|intent| &intent["holds"]).collect();
    assert_eq!(stands, [false, true]);
}

#[test]
fn the_list_says_of_another_change_than_a_cancel_which_one_it_is() {
    let desk = Desk::new();
    let call = Some("ResubmitFailedWithdrawTicket".to_owned());
    let mut journal = desk.store(JournalSettings::default());
    assert!(matches!(journal.open(&author(), Intent { call, ..intent(291) }), OpenAnswer::Opened(_)));
    let list = desk.run(&["list"]).expect(0).out;
    let line = list.lines().last().unwrap();
    assert!(line.ends_with("open, change unknown to this version (ResubmitFailedWithdrawTicket)"), "{line}");
}

#[test]
fn a_ticket_or_the_beginning_of_an_id_shows_everything_recorded() {
    let desk = Desk::new();
    let by_ticket = desk.run(&["show", "287"]).expect(0).out;
    for said in
        ["declined", "the amount changed", "intent", "sent", "reply", "accepted", "read", "Verified", "evidence"]
    {
        assert!(by_ticket.contains(said), "{said}: {by_ticket}");
    }
    let id = by_ticket.split_whitespace().nth(1).unwrap().to_owned();
    let short = id[..12].to_uppercase();
    let by_id = desk.run(&["show", &short]).expect(0).out;
    assert!(by_ticket.starts_with(&by_id), "{by_id}");
    let records: Vec<Record> = desk.lines().iter().map(|line| Record::parse(line).unwrap()).collect();
    assert!(by_id.contains(&format!("evidence: record 7, hash {}", records[6].hash)), "{by_id}");
    let json = desk.run(&["show", "287", "--json"]).expect(0).json();
    assert_eq!(json["intents"][0]["records"].as_array().unwrap().len(), 5);
    assert_eq!(json["declined"][0]["because"], "the amount changed");
    assert!(desk.run(&["show", "999"]).expect(2).err.contains("999 is neither"));
}

#[test]
fn an_ambiguous_beginning_lists_the_candidates() {
    let desk = Desk::empty();
    // Seventeen ids and sixteen digits: two begin alike.
    for ticket in 400..417 {
        desk.cancel(ticket, Receipt::None, Outcome::Unknown);
    }
    let list = desk.run(&["list"]).expect(0).out;
    let alike = |digit: &char| list.lines().filter(|line| line.starts_with(*digit)).count() > 1;
    let digit = "0123456789abcdef".chars().find(alike).unwrap().to_string();
    let answer = desk.run(&["show", &digit]).expect(2);
    assert!(answer.out.is_empty() && answer.err.lines().count() > 2 && answer.err.contains("give more of it"));
}

#[test]
fn an_export_has_every_cancel_and_the_digits_that_arrived() {
    let desk = Desk::new();
    for arguments in [&["export"][..], &["export", "--json"]] {
        let json = desk.run(arguments).expect(0).json();
        assert_eq!((json["intents"].as_array().unwrap().len(), json["declined"].as_array().unwrap().len()), (4, 1));
        assert_eq!(json["intents"][0]["amount"], "0.0010000000000000000000000000");
        assert_eq!(json["intents"][0]["note"], format!("=cmd {HOSTILE}"), "verbatim, in escapes");
        assert_eq!((&json["head"]["seq"], &json["whole"]), (&23.into(), &true.into()));
    }
    let csv = desk.run(&["export", "--csv"]).expect(0).out;
    assert_eq!(csv.matches("\r\n").count(), 5);
    assert!(csv.contains(",0.0010000000000000000000000000,") && csv.contains(",'=cmd a<U+001B>[2J<U+202E>b,"), "{csv}");
    assert_eq!(csv.matches(",0xfeed,").count(), 1);
    assert!(desk.run(&["show", "290"]).expect(0).out.contains("transaction   0xfeed"));
    desk.run(&["export", "--csv", "--json"]).expect(2);
}

#[test]
fn hostile_text_comes_out_inert_everywhere() {
    let desk = Desk::new();
    for arguments in [&["list"][..], &["show", "287"], &["show", "287", "--json"], &["export"], &["export", "--csv"]] {
        let answer = desk.run(arguments).expect(0);
        assert!(is_inert(&answer.out) && is_inert(&answer.err), "{arguments:?}");
    }
    assert!(desk.run(&["show", "287"]).out.contains("=cmd a<U+001B>[2J<U+202E>b"));
    assert!(is_inert(&desk.run(&["show", "\u{1b}[2J"]).expect(2).err));
}

#[test]
fn a_reader_who_has_seen_enough_is_no_fault() {
    let desk = Desk::new();
    for arguments in [&["list"][..], &["show", "287"], &["verify"], &["export"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let answer = Answer::of(desk.command(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap());
        assert_eq!(answer.expect(0).err, "", "{arguments:?}");
    }
}

#[test]
fn a_console_that_holds_the_lock_is_waited_for() {
    let desk = Desk::new();
    let held = fs::File::open(desk.path()).unwrap();
    held.lock().unwrap();
    let child = desk.command(&["list"]).stdout(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(200));
    held.unlock().unwrap();
    assert_eq!(Answer::of(child.wait_with_output().unwrap()).expect(0).out.lines().count(), 4);
    held.lock().unwrap();
    assert!(desk.run(&["list"]).expect(2).err.contains("another process held its lock"));
}

#[test]
fn a_hash_can_be_checked_by_hand_as_the_manual_says() {
    let desk = Desk::new();
    let manual = fs::read_to_string("assets/manual/journal.md").unwrap();
    let by_hand = manual.lines().find(|line| line.starts_with("sed -n 5p")).unwrap();
    let output = Command::new("sh").args(["-c", by_hand]).current_dir(desk.dir.path()).output().unwrap();
    let fifth = Record::parse(&desk.lines()[4]).unwrap();
    assert!(Answer::of(output).expect(0).out.starts_with(&fifth.hash));
}

/// The journal that a program wrote which knew of no call in an intent: rotated under a session, settled, released, and one cancel cut
/// off by a kill.
const BEFORE_THE_CALL: &str = include_str!("../samples/journal_before_the_call.jsonl");

#[test]
fn a_journal_of_before_the_call_is_read_verified_and_carried_on() {
    let desk = Desk::empty();
    fs::write(desk.path(), BEFORE_THE_CALL).unwrap();
    fs::set_permissions(desk.path(), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let before = desk.run(&["verify"]).expect(0);
    assert!(before.out.contains("24 (from 1 to 24), all fit") && before.out.contains("2 intents"), "{}", before.out);
    let listed = desk.run(&["list"]).expect(0).out;
    let stands: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().last()).collect();
    assert_eq!(stands, ["Refused", "released", "Verified", "Refused", "open"]);
    desk.cancel(291, Receipt::Accepted, Outcome::Verified);
    let after = desk.run(&["verify"]).expect(0);
    assert!(after.out.contains(", all fit") && after.out.contains("2 intents"), "{}", after.out);
    let text = fs::read_to_string(desk.path()).unwrap();
    assert!(text.starts_with(BEFORE_THE_CALL), "nothing of it was changed");
    assert!(!text.contains("\"call\""), "a cancel is written as it was then, so that the program of then reads it");
    assert_eq!(desk.run(&["list"]).expect(0).out.lines().count(), 6);
}
