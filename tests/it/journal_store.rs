//! The journal on a real file: durable, locked, shared by consoles.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use withdraw_desk::app::Event;
use withdraw_desk::app::event::OpenAnswer;
use withdraw_desk::domain::{IntentId, Outcome};
use withdraw_desk::journal::seal::Head;
use withdraw_desk::journal::{Fact, Intent, JournalSettings, Record};
use withdraw_desk::runtime::journal::file::JournalFile;
use withdraw_desk::runtime::journal::thread::{Job, JournalThread};
use withdraw_desk::runtime::journal::{JournalStore, Process};

use crate::records::{author, intent};

fn store(path: &Path) -> JournalFile {
    store_of(path, "gateway.example.com")
}

fn store_of(path: &Path, exchange: &str) -> JournalFile {
    let process = Process { session: "s".to_owned(), host: "desk1".to_owned(), exchange: exchange.to_owned() };
    JournalFile::open_file(path, process, JournalSettings::default()).unwrap()
}

fn opened(answer: OpenAnswer) -> IntentId {
    match answer {
        OpenAnswer::Opened(durable) => durable.id(),
        other => panic!("not opened: {other:?}"),
    }
}

#[test]
fn the_file_is_ours_alone_and_every_line_reads_back_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state/journal.jsonl");
    let mut journal = store(&path);
    journal.record(&author(), Fact::Opened).unwrap();
    let id = opened(journal.open(&author(), intent(287)));
    journal.record(&author(), Fact::Sent { id: id.to_string() }).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().mode() & 0o777, 0o700);
    let text = fs::read_to_string(&path).unwrap();
    let records: Vec<Record> = text.lines().map(|line| Record::parse(line).unwrap()).collect();
    assert_eq!(records.iter().map(|record| record.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(records.iter().all(|record| record.stamp.chain == records[0].stamp.chain));
}

#[test]
fn two_consoles_on_one_journal_cannot_hold_one_ticket() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let (mut first, mut second) = (store(&path), store(&path));
    let id = opened(first.open(&author(), intent(287)));
    match second.open(&author(), intent(287)) {
        OpenAnswer::HeldBy(holder) => assert_eq!((holder.id, holder.stamp.host.as_str()), (id, "desk1")),
        other => panic!("held by nobody: {other:?}"),
    }
    opened(second.open(&author(), intent(288)));
    first.record(&author(), Fact::outcome(id, Outcome::Refused, String::new())).unwrap();
    opened(second.open(&author(), intent(287)));
}

#[test]
fn an_open_outcome_keeps_the_lock_and_another_exchange_is_not_locked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let mut journal = store(&path);
    let id = opened(journal.open(&author(), intent(287)));
    journal.record(&author(), Fact::outcome(id, Outcome::Unknown, String::new())).unwrap();
    drop(journal);
    let mut next = store(&path);
    assert_eq!(next.unresolved().unwrap().len(), 1);
    assert!(matches!(next.open(&author(), intent(287)), OpenAnswer::HeldBy(_)));
    opened(store_of(&path, "other.example.com").open(&author(), intent(287)));
}

#[test]
fn a_lock_held_elsewhere_for_too_long_refuses_the_intent() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let mut journal = store(&path);
    let other = fs::File::open(&path).unwrap();
    other.lock().unwrap();
    match journal.open(&author(), intent(287)) {
        OpenAnswer::Failed { why, .. } => assert!(why.contains("another process held its lock"), "{why}"),
        other => panic!("{other:?}"),
    }
    other.unlock().unwrap();
    opened(journal.open(&author(), intent(287)));
}

/// The lines of a journal that carry each other on.
fn records(path: &Path) -> Vec<Record> {
    let mut head = Head::default();
    fs::read_to_string(path).unwrap().lines().map(|line| head.follow(line).unwrap()).collect()
}

fn kinds(path: &Path) -> Vec<&'static str> {
    let kind = |record: Record| match record.fact {
        Fact::Opened => "opened",
        Fact::Intent(_) => "intent",
        Fact::Outcome { .. } => "outcome",
        Fact::RecoveredTail { .. } => "recovered-tail",
        Fact::Rotated(_) => "rotated",
        other => panic!("{other:?}"),
    };
    records(path).into_iter().map(kind).collect()
}

#[test]
fn a_line_that_was_changed_refuses_every_intent_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    opened(store(&path).open(&author(), intent(287)));
    let text = fs::read_to_string(&path).unwrap();
    let wrong = [
        text.replace("\"account\":7", "\"account\":8"),
        text.replace("\"intent\"", "\"intention\""),
        format!("{text}x\n"),
        format!("{text}{text}"),
    ];
    for broken in wrong {
        assert_ne!(broken, text);
        fs::write(&path, &broken).unwrap();
        let answer = store(&path).open(&author(), intent(288));
        assert!(matches!(&answer, OpenAnswer::Failed { why, .. } if why.contains("journal verify")), "{answer:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), broken);
    }
}

#[test]
fn a_line_that_was_changed_after_it_was_read_refuses_the_next_intent() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let mut journal = store(&path);
    opened(journal.open(&author(), intent(287)));
    let text = fs::read_to_string(&path).unwrap();
    // In place: the same file, the same length.
    let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    std::io::Write::write_all(&mut file, text.replace("\"account\":7", "\"account\":8").as_bytes()).unwrap();
    let answer = journal.open(&author(), intent(288));
    assert!(matches!(&answer, OpenAnswer::Failed { why, .. } if why.contains("journal verify")), "{answer:?}");
}

#[test]
fn of_a_journal_with_a_bad_line_what_stands_before_it_is_known_and_locked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let id = opened(store(&path).open(&author(), intent(287)));
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}x\n")).unwrap();
    let (events, mut told) = tokio::sync::mpsc::channel(8);
    let thread = JournalThread::start(Ok(Box::new(store(&path))), events);
    thread.give(Job::Unresolved);
    assert!(matches!(told.blocking_recv(), Some(Event::UnresolvedRead(Err(_)))));
    let known = told.blocking_recv();
    assert!(matches!(&known, Some(Event::UnresolvedRead(Ok(open))) if open[0].id == id), "{known:?}");
    thread.finish().unwrap();
}

#[test]
fn a_torn_last_line_is_kept_aside_and_reported_and_the_journal_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let id = opened(store(&path).open(&author(), intent(287)));
    let whole = fs::read_to_string(&path).unwrap();
    let torn = &whole[..whole.len() - 10];
    fs::write(&path, format!("{whole}{torn}")).unwrap();
    let mut journal = store(&path);
    assert_eq!(journal.unresolved().unwrap()[0].id, id);
    assert!(fs::read_to_string(&path).unwrap().ends_with(torn), "reading changes nothing");
    opened(journal.open(&author(), intent(288)));
    assert_eq!(kinds(&path), ["intent", "recovered-tail", "intent"]);
    let notices = journal.notices();
    assert!(notices.len() == 1 && notices[0].contains("half a line"), "{notices:?}");
    assert!(notices[0].contains("names ticket 287"), "{notices:?}");
    let Fact::RecoveredTail { bytes, kept_in } = &records(&path)[1].fact else { panic!() };
    assert_eq!(*bytes, torn.len() as u64);
    assert_eq!(fs::read_to_string(dir.path().join(kept_in)).unwrap(), torn);
}

#[test]
fn a_full_file_is_carried_on_in_a_new_one_with_every_open_intent() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let process =
        Process { session: "s".to_owned(), host: "desk1".to_owned(), exchange: "gateway.example.com".to_owned() };
    let settings = JournalSettings { rotate_at: 4_000, ..JournalSettings::default() };
    let mut other = store(&path);
    let mut journal = JournalFile::open_file(&path, process, settings).unwrap();
    let held = opened(journal.open(&author(), intent(287)));
    let mut files = 1;
    for ticket in 1_000..1_020 {
        let id = opened(journal.open(&author(), intent(ticket)));
        other.record(&author(), Fact::outcome(id, Outcome::Verified, String::new())).unwrap();
        files = fs::read_dir(dir.path()).unwrap().count();
    }
    assert!(files > 3, "{files} files");
    assert!(fs::metadata(&path).unwrap().len() < 8_000);
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    for journal in [&mut journal, &mut other, &mut store(&path)] {
        assert!(matches!(journal.open(&author(), intent(287)), OpenAnswer::HeldBy(holder) if holder.id == held));
        opened(journal.open(&author(), intent(u64::from(std::process::id()) + 2_000 + records(&path).len() as u64)));
    }
    // Each file carries on where the one before ended.
    let first = &records(&path)[0];
    let Fact::Rotated(rotated) = &first.fact else { panic!() };
    let before = fs::read_to_string(dir.path().join(rotated.from.as_ref().unwrap())).unwrap();
    let last = Record::parse(before.lines().last().unwrap()).unwrap();
    assert_eq!((&first.prev, first.seq), (&last.hash, last.seq + 1));
}

#[test]
fn a_change_that_is_not_known_is_carried_whole_into_the_next_file_and_holds_its_ticket_there() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let process =
        Process { session: "s".to_owned(), host: "desk1".to_owned(), exchange: "gateway.example.com".to_owned() };
    let full = JournalSettings { rotate_at: 1, ..JournalSettings::default() };
    let mut journal = JournalFile::open_file(&path, process, full).unwrap();
    let resubmit = Intent {
        call: Some("ResubmitFailedWithdrawTicket".to_owned()),
        newer: [("destination".to_owned(), "tb1q".into())].into_iter().collect(),
        ..intent(287)
    };
    let held = opened(journal.open(&author(), resubmit.clone()));
    opened(journal.open(&author(), intent(288)));
    let first = &records(&path)[0];
    let Fact::Rotated(rotated) = &first.fact else { panic!("{first:?}") };
    let Fact::Intent(carried) = &rotated.carried[0].fact else { panic!("{rotated:?}") };
    assert_eq!(**carried, Intent { id: held.to_string(), ..resubmit });
    let OpenAnswer::HeldBy(holder) = store(&path).open(&author(), intent(287)) else { panic!("it is free") };
    assert_eq!((holder.id, holder.intent.change()), (held, None));
}

#[test]
fn a_journal_that_was_removed_replaced_or_cut_short_is_opened_again_and_what_was_open_stays_locked() {
    let vanish: [fn(&Path); 4] = [
        |path| fs::remove_file(path).unwrap(),
        |path| fs::rename(path, path.with_extension("moved")).unwrap(),
        |path| fs::OpenOptions::new().write(true).open(path).unwrap().set_len(0).unwrap(),
        |path| {
            fs::remove_file(path).unwrap();
            opened(store(path).open(&author(), intent(500)));
        },
    ];
    for vanish in vanish {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.jsonl");
        let mut journal = store(&path);
        let id = opened(journal.open(&author(), intent(287)));
        vanish(&path);
        assert!(matches!(journal.open(&author(), intent(287)), OpenAnswer::HeldBy(holder) if holder.id == id));
        opened(journal.open(&author(), intent(288)));
        let notices = journal.notices();
        assert!(notices.iter().any(|notice| notice.contains("carried over")), "{notices:?}");
        assert!(matches!(store(&path).open(&author(), intent(287)), OpenAnswer::HeldBy(_)), "for every console");
        assert_eq!(kinds(&path).iter().filter(|kind| **kind == "rotated").count(), 1);
    }
}

#[test]
fn an_older_copy_that_was_put_back_loses_no_lock() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let mut journal = store(&path);
    journal.record(&author(), Fact::Opened).unwrap();
    let copy = fs::read(&path).unwrap();
    opened(journal.open(&author(), intent(287)));
    fs::remove_file(&path).unwrap();
    fs::write(&path, copy).unwrap();
    opened(journal.open(&author(), intent(288)));
    assert!(matches!(store(&path).open(&author(), intent(287)), OpenAnswer::HeldBy(_)));
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600, "its mode is mended");
}

#[test]
fn a_lock_that_another_process_holds_for_a_while_makes_nobody_read_only() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let (events, mut told) = tokio::sync::mpsc::channel(8);
    let thread = JournalThread::start(Ok(Box::new(store(&path))), events);
    let other = fs::File::open(&path).unwrap();
    other.lock().unwrap();
    thread.give(Job::Unresolved);
    thread.give(Job::Record(author(), Fact::Opened));
    let notice = told.blocking_recv();
    assert!(matches!(&notice, Some(Event::JournalNotice(text)) if text.contains("held its lock")), "{notice:?}");
    // As long as one more try takes.
    store(&path).record(&author(), Fact::Closed).unwrap_err();
    other.unlock().unwrap();
    thread.give(Job::Unresolved);
    assert_eq!(told.blocking_recv(), Some(Event::UnresolvedRead(Ok(Vec::new()))));
    thread.finish().unwrap();
    assert!(matches!(records(&path)[..], [Record { fact: Fact::Opened, .. }]));
}

#[test]
fn what_another_console_settled_is_not_settled_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let (mut first, mut second) = (store(&path), store(&path));
    let id = opened(first.open(&author(), intent(287)));
    for journal in [&mut second, &mut first] {
        journal.record(&author(), Fact::outcome(id, Outcome::Verified, String::new())).unwrap();
    }
    assert_eq!(kinds(&path), ["intent", "outcome"]);
}

#[test]
fn the_head_is_told_to_a_syslog_socket_with_every_record_and_a_fault_there_refuses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (path, socket) = (dir.path().join("journal.jsonl"), dir.path().join("log"));
    let listener = std::os::unix::net::UnixDatagram::bind(&socket).unwrap();
    let process =
        Process { session: "s".to_owned(), host: "desk1".to_owned(), exchange: "gateway.example.com".to_owned() };
    let settings = JournalSettings { heads: Some(socket.clone()), ..JournalSettings::default() };
    let mut journal = JournalFile::open_file(&path, process, settings).unwrap();
    opened(journal.open(&author(), intent(287)));
    let mut bytes = [0; 1_024];
    let length = listener.recv(&mut bytes).unwrap();
    let told = String::from_utf8_lossy(&bytes[..length]).into_owned();
    let head = &records(&path)[0];
    assert!(told.ends_with(&format!("journal-head chain={} seq=1 hash={}", head.stamp.chain, head.hash)), "{told}");
    drop(listener);
    fs::remove_file(&socket).unwrap();
    for ticket in [288, 289] {
        opened(journal.open(&author(), intent(ticket)));
    }
    let notices = journal.notices();
    assert!(notices.len() == 1 && notices[0].contains("journal-heads"), "{notices:?}");
}

#[test]
fn a_journal_that_cannot_be_opened_says_where_and_why() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    std::os::unix::fs::symlink("/dev/null", &path).unwrap();
    let process = Process { session: String::new(), host: String::new(), exchange: String::new() };
    let error = JournalFile::open_file(&path, process, JournalSettings::default()).unwrap_err().to_string();
    assert!(error.contains("journal.jsonl") && error.contains("cannot be opened"), "{error}");
}

#[test]
fn a_directory_that_cannot_be_written_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let closed = dir.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
    let process = Process { session: String::new(), host: String::new(), exchange: String::new() };
    let opened = JournalFile::open_file(&closed.join("journal.jsonl"), process, JournalSettings::default());
    // Root may write anywhere.
    assert_eq!(opened.is_err(), !rustix::process::geteuid().is_root());
}

/// A console that looks at its journal only now and then must not lose what others wrote into the file meanwhile.
#[test]
fn what_another_console_opened_in_a_file_that_was_moved_away_stays_locked() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let (mut first, mut second) = (store(&path), store(&path));
    first.record(&author(), Fact::Opened).unwrap();
    let id = opened(second.open(&author(), intent(287)));
    drop(second);
    fs::rename(&path, dir.path().join("moved")).unwrap();
    assert!(matches!(first.open(&author(), intent(287)), OpenAnswer::HeldBy(holder) if holder.id == id));
    assert!(matches!(store(&path).open(&author(), intent(287)), OpenAnswer::HeldBy(_)));
}

#[test]
fn a_backup_that_was_put_back_and_carried_on_loses_no_lock() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let mut journal = store(&path);
    journal.record(&author(), Fact::Opened).unwrap();
    let copy = fs::read(&path).unwrap();
    let id = opened(journal.open(&author(), intent(287)));
    fs::remove_file(&path).unwrap();
    fs::write(&path, copy).unwrap();
    let mut other = store(&path);
    for _ in 0..3 {
        other.record(&author(), Fact::Opened).unwrap();
    }
    assert!(matches!(journal.open(&author(), intent(287)), OpenAnswer::HeldBy(holder) if holder.id == id));
    assert!(matches!(other.open(&author(), intent(287)), OpenAnswer::HeldBy(_)));
}

#[test]
fn a_store_that_could_not_carry_its_locks_over_at_once_does_so_later() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let mut journal = store(&path);
    let id = opened(journal.open(&author(), intent(287)));
    fs::remove_file(&path).unwrap();
    let other = fs::File::create(&path).unwrap();
    other.lock().unwrap();
    assert!(journal.unresolved().is_err(), "the lock of the new file is held");
    other.unlock().unwrap();
    assert!(matches!(journal.open(&author(), intent(287)), OpenAnswer::HeldBy(holder) if holder.id == id));
}

#[test]
fn a_rotation_whose_archive_would_take_another_files_name_is_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let process =
        Process { session: "s".to_owned(), host: "desk1".to_owned(), exchange: "gateway.example.com".to_owned() };
    let mut journal =
        JournalFile::open_file(&path, process, JournalSettings { rotate_at: 1, ..JournalSettings::default() }).unwrap();
    let id = opened(journal.open(&author(), intent(287)));
    fs::write(dir.path().join("journal.jsonl.000000001"), "somebody else's").unwrap();
    opened(journal.open(&author(), intent(288)));
    assert_eq!(kinds(&path), ["intent", "intent"]);
    assert!(journal.notices().iter().any(|notice| notice.contains("is another file")));
    assert_eq!(fs::read_to_string(dir.path().join("journal.jsonl.000000001")).unwrap(), "somebody else's");
    journal.record(&author(), Fact::outcome(id, Outcome::Refused, String::new())).unwrap();
    assert!(matches!(records(&path)[0].fact, Fact::Rotated(_)), "the next one goes well");
}

#[test]
fn what_was_settled_before_a_rotation_is_not_settled_again_and_an_outcome_of_nothing_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let process =
        Process { session: "s".to_owned(), host: "desk1".to_owned(), exchange: "gateway.example.com".to_owned() };
    let (mut first, mut second) = (
        store(&path),
        JournalFile::open_file(&path, process, JournalSettings { rotate_at: 1, ..JournalSettings::default() }).unwrap(),
    );
    let id = opened(first.open(&author(), intent(287)));
    second.record(&author(), Fact::outcome(id, Outcome::Verified, String::new())).unwrap();
    second.record(&author(), Fact::Opened).unwrap();
    first.record(&author(), Fact::outcome(id, Outcome::Moved, String::new())).unwrap();
    let texts: Vec<String> =
        fs::read_dir(dir.path()).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    assert_eq!(texts.concat().matches("\"kind\":\"outcome\"").count(), 1);
    assert!(first.record(&author(), Fact::outcome(IntentId(7), Outcome::Moved, String::new())).is_err());
}
