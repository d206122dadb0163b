//! The journal on a real file: durable, locked, shared by consoles.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use withdraw_desk::app::effect::Author;
use withdraw_desk::app::event::OpenAnswer;
use withdraw_desk::domain::{IntentId, OmsId, Outcome};
use withdraw_desk::journal::{Fact, Intent, Record};
use withdraw_desk::runtime::journal_file::{JournalFile, Process};

fn store(path: &Path) -> JournalFile {
    store_of(path, "gateway.example.com")
}

fn store_of(path: &Path, exchange: &str) -> JournalFile {
    let process = Process { session: "s".to_owned(), host: "desk1".to_owned(), exchange: exchange.to_owned() };
    JournalFile::open_file(path, process).unwrap()
}

fn author() -> Author {
    Author { oms: Some(OmsId(1)), operator: Some("operator".to_owned()) }
}

fn intent(ticket: u64) -> Intent {
    Intent {
        id: String::new(),
        ticket: ticket.to_string(),
        account: 7,
        request_code: "af08".to_owned(),
        asset: "TBTC".to_owned(),
        amount: Some("0.0010000000000000000000000000".to_owned()),
        fee: None,
        template_form: None,
        status: "Failed".to_owned(),
        last_update: None,
        environment: "staging".to_owned(),
        reason: "user-asked".to_owned(),
        note: String::new(),
        frame: "{}".to_owned(),
        connection: 1,
        i: 2,
    }
}

fn opened(answer: OpenAnswer) -> IntentId {
    match answer {
        OpenAnswer::Opened(id) => id,
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

#[test]
fn a_line_that_cannot_be_read_refuses_every_intent_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    opened(store(&path).open(&author(), intent(287)));
    let text = fs::read_to_string(&path).unwrap();
    let wrong = [
        text.trim_end().to_owned(),
        text.replace("\"account\":7", "\"account\":null"),
        format!("{text}x\n"),
        format!("{text}{text}"),
    ];
    for broken in wrong {
        assert_ne!(broken, text);
        fs::write(&path, &broken).unwrap();
        let answer = store(&path).open(&author(), intent(288));
        assert!(matches!(&answer, OpenAnswer::Failed { why, .. } if why.contains("cannot be read")), "{broken}");
        assert_eq!(fs::read_to_string(&path).unwrap(), broken);
    }
    fs::write(&path, text.replace("\"intent\"", "\"intention\"")).unwrap();
    opened(store(&path).open(&author(), intent(288)));
}

#[test]
fn a_journal_that_another_program_cut_short_refuses_the_intent() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let mut journal = store(&path);
    opened(journal.open(&author(), intent(287)));
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(0).unwrap();
    assert!(
        matches!(journal.open(&author(), intent(288)), OpenAnswer::Failed { why, .. } if why.contains("cut short"))
    );
}

#[test]
fn a_journal_that_cannot_be_opened_says_where_and_why() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    std::os::unix::fs::symlink("/dev/null", &path).unwrap();
    let process = Process { session: String::new(), host: String::new(), exchange: String::new() };
    let error = JournalFile::open_file(&path, process).unwrap_err().to_string();
    assert!(error.contains("journal.jsonl") && error.contains("cannot be opened"), "{error}");
}

#[test]
fn a_journal_that_was_removed_or_replaced_refuses_the_intent() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let mut journal = store(&path);
    fs::remove_file(&path).unwrap();
    assert!(
        matches!(journal.open(&author(), intent(287)), OpenAnswer::Failed { why, .. } if why.contains("not there any more"))
    );
    fs::write(&path, "").unwrap();
    assert!(
        matches!(journal.open(&author(), intent(287)), OpenAnswer::Failed { why, .. } if why.contains("was replaced"))
    );
}

#[test]
fn a_directory_that_cannot_be_written_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let closed = dir.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
    let process = Process { session: String::new(), host: String::new(), exchange: String::new() };
    let opened = JournalFile::open_file(&closed.join("journal.jsonl"), process);
    // Root may write anywhere.
    assert_eq!(opened.is_err(), !rustix::process::geteuid().is_root());
}
