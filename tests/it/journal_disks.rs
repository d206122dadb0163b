//! No journal, no send: the real binary in a pseudo-terminal on a disk that is full, on one that is read-only, and on a journal
//! that somebody else has locked. Nothing is sent, and the screen says why.
//!
//! The disks are mounted where nobody else sees them. Where that is not allowed a test says on standard error that it was
//! skipped, and why.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use withdraw_desk::app::effect::Author;
use withdraw_desk::journal::{Fact, JournalSettings};
use withdraw_desk::runtime::journal::file::JournalFile;
use withdraw_desk::runtime::journal::{JournalStore, Process};
use withdraw_desk::simulator::login;

use crate::pty_console::{BINARY, Console, PAUSE, Profile, SIZE, Server};

/// Runs the rest of the command line with the disk of `$1`, made by `$2`, in sight of nobody else.
const ON_A_DISK: &str = r#"set -e; dir=$1; eval "$2"; shift 2; exec "$@""#;

/// A program on a disk of its own.
struct Disk {
    dir: PathBuf,
    make: String,
}

impl Disk {
    fn words(&self, program: &[&str]) -> Vec<String> {
        let dir = self.dir.display().to_string();
        let words = ["--map-root-user", "--mount", "sh", "-c", ON_A_DISK, "sh", &dir, &self.make];
        words.iter().chain(program).map(|word| (*word).to_owned()).collect()
    }

    /// True if such a disk can be had here; if not, the test says why on standard error.
    fn can_be_had(&self, test: &str) -> bool {
        let made = Command::new("unshare").args(self.words(&["true"])).output();
        let why = match made {
            Ok(output) if output.status.success() => return true,
            Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            Err(error) => format!("unshare: {error}"),
        };
        // To be seen, also where the output of tests is kept back.
        let _ = writeln!(std::io::stderr(), "SKIPPED {test}: no disk of its own can be mounted here ({why})");
        false
    }

    /// The console, with its journal on the disk.
    fn open(&self, profile: &Profile) -> Console {
        let journal = self.dir.join("journal.jsonl").display().to_string();
        let mut arguments = profile.arguments();
        if let Some(last) = arguments.last_mut() {
            *last = journal;
        }
        let program: Vec<&str> = std::iter::once(BINARY).chain(arguments.iter().map(String::as_str)).collect();
        Console::start("unshare", &self.words(&program), &[], SIZE)
    }
}

/// A journal of records that say nothing, with so many bytes at least.
fn write_journal(path: &Path, bytes: u64) {
    let process =
        Process { session: "before".to_owned(), host: "desk1".to_owned(), exchange: "gateway.example.com".to_owned() };
    let mut journal = JournalFile::open_file(path, process, JournalSettings::default()).unwrap();
    while std::fs::metadata(path).unwrap().len() < bytes {
        journal.record(&Author::default(), Fact::Opened).unwrap();
    }
}

/// The smallest disk in memory has one page.
fn page_size() -> u64 {
    let output = Command::new("getconf").arg("PAGE_SIZE").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

#[test]
fn on_a_full_disk_nothing_is_sent_and_the_screen_says_why() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let small = profile.dir.path().join("small");
    std::fs::create_dir(&small).unwrap();
    let before = profile.dir.path().join("before");
    // One page takes it and the record of the start; the intent needs another page.
    let almost_a_page = page_size() - 900;
    write_journal(&before, almost_a_page);
    let make = format!("mount -t tmpfs -o size=4k none \"$dir\"; cp '{}' \"$dir\"/journal.jsonl", before.display());
    let disk = Disk { dir: small.clone(), make };
    if !disk.can_be_had("on_a_full_disk_nothing_is_sent_and_the_screen_says_why") {
        return;
    }
    let mut console = disk.open(&profile);
    console.cancel(ticket);
    console.wait_for("No journal, no send");
    console.wait_for("No space left on device");
    assert_eq!(server.cancel_frames(), 0);
    let inside = PathBuf::from(format!("/proc/{}/root{}/journal.jsonl", console.child.id(), small.display()));
    let text = std::fs::read_to_string(inside).unwrap();
    assert!(
        text.len() as u64 > almost_a_page && text.ends_with('\n') && !text.contains("\"kind\":\"intent\""),
        "the half line is cut back"
    );
    console.write("\u{1b}");
    console.wait_for("NO JOURNAL, NO SEND");
    console.wait_for("READ-ONLY (journal)");
    console.write("q");
    assert_eq!(console.end(), 0);
}

#[test]
fn in_a_read_only_directory_nothing_is_sent_and_the_screen_says_why() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let frozen = profile.dir.path().join("frozen");
    std::fs::create_dir(&frozen).unwrap();
    write_journal(&frozen.join("journal.jsonl"), 1);
    let make = "mount --bind \"$dir\" \"$dir\"; mount -o remount,ro,bind \"$dir\"".to_owned();
    let disk = Disk { dir: frozen, make };
    if !disk.can_be_had("in_a_read_only_directory_nothing_is_sent_and_the_screen_says_why") {
        return;
    }
    let mut console = disk.open(&profile);
    console.wait_for("NO JOURNAL, NO SEND");
    console.wait_for("Read-only file system");
    console.wait_for("READ-ONLY (journal)");
    console.select(ticket);
    console.write("x");
    console.wait_for("This ticket cannot be canceled here now");
    console.wait_for("No journal, no send");
    console.wait_for("Read-only file system");
    // Whoever types on all the same sends nothing.
    console.write(&ticket.to_string());
    std::thread::sleep(PAUSE);
    console.write("\r");
    console.wait_for("Nothing can be confirmed here");
    assert_eq!(server.cancel_frames(), 0);
    console.write("\u{1b}");
    console.wait_for("end of list");
    console.write("q");
    assert_eq!(console.end(), 0);
    assert!(console.screen().contains("the journal failed"), "{}", console.screen());
}

#[test]
fn a_journal_that_another_process_holds_locked_sends_nothing_and_the_screen_says_why() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.arm(ticket);
    let held = File::open(profile.journal()).unwrap();
    held.lock().unwrap();
    // The pause that an Enter needs; there is no condition to wait for.
    std::thread::sleep(PAUSE);
    console.write("\r");
    console.wait_for("No journal, no send");
    console.wait_for("another process held");
    console.wait_for("Nothing was sent");
    held.unlock().unwrap();
    console.write("\u{1b}");
    console.wait_for("end of list");
    console.write("q");
    assert_eq!(console.end(), 0);
    assert_eq!(server.cancel_frames(), 0);
    assert!(!profile.facts().iter().any(|fact| matches!(fact, Fact::Intent(_))));
}
