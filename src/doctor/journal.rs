//! The journal: where it is, whose, whether it is whole, free and writable. Nothing in it is changed, and it is not made.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;

use super::finding::CheckFinding;
use super::mode::{self, Kind, Mode};
use crate::app::words::doctor::journal::{self as words, directory as directory_words};
use crate::app::words::doctor::{GIVE_JOURNAL, GIVE_JOURNAL_OF_OUR_OWN, GIVE_LOCAL_JOURNAL};
use crate::app::words::files;
use crate::app::words::journal::finding as finding_words;
use crate::journal::verify::Report;
use crate::journal::{Checker, JournalPlace};
use crate::runtime::clock;
use crate::runtime::journal::read;

const PLACE: &str = "journal";
const MODE: &str = "journal-mode";
const DIRECTORY: &str = "journal-dir";
const LOCK: &str = "journal-lock";
const WHOLE: &str = "journal-whole";
const WRITE: &str = "journal-write";

/// A console holds the lock for moments only.
const LOCK_LIMIT: Duration = Duration::from_secs(2);
const LOCK_RETRY: Duration = Duration::from_millis(20);

/// Judges the journal's directory, file, chain and lock.
pub fn check(path: &Path) -> Vec<CheckFinding> {
    let mut findings = Vec::new();
    let there = match Mode::of(path) {
        Ok(there) => there,
        Err(why) => return cannot_look(path, &why),
    };
    let (place, mode) = (place(path, there), there.map(|mode| file_mode(mode, mode::us())));
    let is_usable = !place.is_fail() && mode.as_ref().is_none_or(|mode| !mode.is_fail());
    findings.push(place);
    findings.extend(mode);
    findings.push(directory(path));
    if !is_usable {
        findings.extend([LOCK, WHOLE, WRITE].map(|name| CheckFinding::skipped(name, PLACE)));
        return findings;
    }
    if there.is_some() {
        let lock = lock(path);
        let is_free = !lock.is_fail();
        findings.push(lock);
        findings.push(if is_free {
            whole(&JournalPlace::File(path.to_owned()))
        } else {
            CheckFinding::skipped(WHOLE, LOCK)
        });
    }
    findings.push(write(path, there.is_some()));
    findings
}

fn cannot_look(path: &Path, why: &str) -> Vec<CheckFinding> {
    let found = words::cannot_be_looked_at(path, why);
    let mut findings = vec![CheckFinding::fail(PLACE, found, GIVE_JOURNAL_OF_OUR_OWN)];
    findings.extend([DIRECTORY, LOCK, WHOLE, WRITE].map(|name| CheckFinding::skipped(name, PLACE)));
    findings
}

fn place(path: &Path, there: Option<Mode>) -> CheckFinding {
    let wanted = words::GIVE_REGULAR_FILE;
    match there.map(|mode| mode.kind) {
        None => CheckFinding::ok(PLACE, words::not_there_yet(path)),
        Some(Kind::File) => CheckFinding::ok(PLACE, path.display().to_string()),
        Some(Kind::Link) => CheckFinding::fail(PLACE, words::is_link(path), words::GIVE_THE_FILE),
        Some(Kind::Directory) => CheckFinding::fail(PLACE, words::is_directory(path), wanted),
        Some(Kind::Other) => CheckFinding::fail(PLACE, words::is_no_file(path), wanted),
    }
}

fn file_mode(mode: Mode, us: u32) -> CheckFinding {
    let text = mode.text();
    match mode.owner {
        owner if owner != us && us != 0 => {
            CheckFinding::fail(MODE, words::of_another(owner, us), words::OWN_FILE_OR_THAT_USER)
        }
        owner if owner != us => CheckFinding::warn(MODE, words::seen_by_root(&text, owner), words::RUN_AS_THAT_USER),
        _ if mode.is_shared() => CheckFinding::warn(MODE, words::shared(&text), words::CHMOD_600),
        _ => CheckFinding::ok(MODE, words::ours(&text)),
    }
}

fn directory(path: &Path) -> CheckFinding {
    let dir = directory_of(path);
    let shown = dir.display().to_string();
    match Mode::of(dir) {
        Err(why) => CheckFinding::fail(DIRECTORY, words::cannot_be_looked_at(dir, &why), GIVE_JOURNAL),
        Ok(None) => CheckFinding::ok(DIRECTORY, directory_words::not_there_yet(&shown)),
        Ok(Some(mode)) => directory_mode(&shown, mode, mode::us()),
    }
}

fn directory_mode(shown: &str, mode: Mode, us: u32) -> CheckFinding {
    let text = mode.text();
    match mode.kind {
        Kind::File | Kind::Other => CheckFinding::fail(DIRECTORY, directory_words::is_none(shown), GIVE_JOURNAL),
        _ if mode.is_open() => CheckFinding::warn(
            DIRECTORY,
            directory_words::open_to_others(shown, &text),
            directory_words::chmod_700(shown),
        ),
        _ if mode.owner != us && mode.owner != 0 => {
            CheckFinding::warn(DIRECTORY, directory_words::of_another(shown, mode.owner), GIVE_JOURNAL_OF_OUR_OWN)
        }
        _ => CheckFinding::ok(DIRECTORY, directory_words::ours(shown, &text)),
    }
}

fn lock(path: &Path) -> CheckFinding {
    let file = match open(path, OpenOptions::new().read(true)) {
        Ok(file) => file,
        Err(error) => {
            return CheckFinding::fail(LOCK, words::cannot_be_opened(&files::why(&error)), words::CHOWN_OR_CHMOD);
        }
    };
    let start = clock::boot();
    loop {
        match file.try_lock() {
            Ok(()) => return CheckFinding::ok(LOCK, words::FREE),
            Err(TryLockError::WouldBlock) if clock::boot().since(start) < LOCK_LIMIT => std::thread::sleep(LOCK_RETRY),
            Err(TryLockError::WouldBlock) => {
                return CheckFinding::fail(LOCK, words::held(LOCK_LIMIT.as_secs()), words::find_the_holder(path));
            }
            Err(TryLockError::Error(error)) => {
                let found = words::cannot_be_locked(&files::why(&error));
                return CheckFinding::fail(LOCK, found, GIVE_LOCAL_JOURNAL);
            }
        }
    }
}

fn whole(place: &JournalPlace) -> CheckFinding {
    let checked = read(place).and_then(|files| {
        let mut checker = Checker::new(files.chain(), None);
        if let Some(gone) = files.gone() {
            checker.gone(&gone.name, &gone.why);
        }
        files.each(&mut |name, bytes| checker.file(name, bytes, |_| {}))?;
        Ok(checker.finish())
    });
    match checked {
        Ok(report) => judge(&report),
        Err(why) => CheckFinding::fail(WHOLE, why, words::VERIFY_SAYS_MORE),
    }
}

fn judge(report: &Report) -> CheckFinding {
    match report.findings.iter().find(|finding| !finding.is_torn()).or(report.findings.first()) {
        None => CheckFinding::ok(WHOLE, words::whole(report.records, report.ledger.unresolved().count())),
        Some(torn) if torn.is_torn() => CheckFinding::warn(WHOLE, finding_words::finding(torn), words::NOTHING_TO_DO),
        Some(finding) => CheckFinding::fail(WHOLE, finding_words::finding(finding), words::KEEP_THE_FILE),
    }
}

fn write(path: &Path, is_there: bool) -> CheckFinding {
    let failed = |what: String, mend: &str| CheckFinding::fail(WRITE, what, mend);
    if is_there && let Err(error) = open(path, OpenOptions::new().append(true)) {
        return failed(words::cannot_be_written(&files::why(&error)), words::MEND_MODE_OR_MOUNT);
    }
    let dir = nearest(directory_of(path));
    match try_to_write(&dir) {
        Ok(()) => CheckFinding::ok(WRITE, directory_words::takes_files(&dir)),
        Err(why) => failed(directory_words::takes_none(&dir, &why), words::MAKE_ROOM),
    }
}

/// Writes, syncs and removes a file of a page: what a journal needs, tried beside it.
fn try_to_write(dir: &Path) -> Result<(), String> {
    let path = dir.join(format!(".withdraw-desk-doctor-{}", std::process::id()));
    let mut options = OpenOptions::new();
    let mut file = open(&path, options.write(true).create_new(true).mode(0o600))
        .map_err(|error| directory_words::no_file_made(&files::why(&error)))?;
    let written = file.write_all(&[b'\n'; 4096]).and_then(|()| file.sync_all());
    let removed = std::fs::remove_file(&path);
    written.map_err(|error| directory_words::no_file_written(&files::why(&error)))?;
    removed.map_err(|error| directory_words::not_removed(&path, &files::why(&error)))
}

fn open(path: &Path, options: &mut OpenOptions) -> std::io::Result<File> {
    let flags = i32::try_from((OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK).bits()).unwrap_or(0);
    options.custom_flags(flags).open(path)
}

fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The directory itself, or the nearest above it that is there already.
pub fn nearest(dir: &Path) -> PathBuf {
    dir.ancestors().find(|dir| dir.is_dir()).map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// Where the journal's bytes are, or will be.
pub fn disk(path: &Path) -> PathBuf {
    if path.is_file() { path.to_owned() } else { nearest(directory_of(path)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::CheckState;
    use rstest::rstest;

    const US: u32 = 1000;

    fn mode(kind: Kind, owner: u32, bits: u32) -> Mode {
        Mode { kind, owner, bits }
    }

    #[rstest]
    #[case::ours(mode(Kind::File, US, 0o600), US, CheckState::Ok)]
    #[case::group_reads(mode(Kind::File, US, 0o640), US, CheckState::Warn)]
    #[case::another(mode(Kind::File, 7, 0o600), US, CheckState::Fail)]
    #[case::of_root(mode(Kind::File, 0, 0o600), US, CheckState::Fail)]
    #[case::seen_by_root(mode(Kind::File, US, 0o600), 0, CheckState::Warn)]
    fn the_file_is_ours_alone(#[case] mode: Mode, #[case] us: u32, #[case] state: CheckState) {
        assert_eq!(file_mode(mode, us).state, state);
    }

    #[rstest]
    #[case::ours(mode(Kind::Directory, US, 0o700), CheckState::Ok)]
    #[case::others_read(mode(Kind::Directory, US, 0o755), CheckState::Ok)]
    #[case::of_root(mode(Kind::Directory, 0, 0o755), CheckState::Ok)]
    #[case::group_writes(mode(Kind::Directory, US, 0o770), CheckState::Warn)]
    #[case::sticky(mode(Kind::Directory, 0, 0o1777), CheckState::Ok)]
    #[case::another(mode(Kind::Directory, 7, 0o755), CheckState::Warn)]
    #[case::no_directory(mode(Kind::File, US, 0o600), CheckState::Fail)]
    fn nobody_else_can_put_another_journal_in_its_place(#[case] mode: Mode, #[case] state: CheckState) {
        assert_eq!(directory_mode("/d", mode, US).state, state);
    }

    #[rstest]
    #[case::none(None, CheckState::Ok)]
    #[case::file(Some(Kind::File), CheckState::Ok)]
    #[case::link(Some(Kind::Link), CheckState::Fail)]
    #[case::directory(Some(Kind::Directory), CheckState::Fail)]
    #[case::pipe(Some(Kind::Other), CheckState::Fail)]
    fn it_is_a_regular_file_or_not_there_yet(#[case] kind: Option<Kind>, #[case] state: CheckState) {
        assert_eq!(place(Path::new("/j"), kind.map(|kind| mode(kind, US, 0o600))).state, state);
    }

    #[test]
    fn a_journal_that_is_not_there_is_not_made_and_nothing_is_left_behind() {
        let dir = tempfile::tempdir().unwrap();
        let findings = check(&dir.path().join("state/journal.jsonl"));
        assert!(findings.iter().all(|finding| finding.state == CheckState::Ok), "{findings:#?}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn where_no_file_can_be_made_nothing_can_be_canceled() {
        let findings = check(Path::new("/proc/nowhere/journal.jsonl"));
        let write = findings.iter().find(|finding| finding.name == WRITE).unwrap();
        assert_eq!(write.state, CheckState::Fail, "{findings:#?}");
    }

    #[test]
    fn a_journal_whose_lock_is_held_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.jsonl");
        let held = File::create(&path).unwrap();
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        held.lock().unwrap();
        let findings = check(&path);
        let states: Vec<_> = findings.iter().map(|finding| (finding.name, finding.state)).collect();
        assert!(
            states.contains(&(LOCK, CheckState::Fail)) && states.contains(&(WHOLE, CheckState::Skipped)),
            "{findings:#?}"
        );
        held.unlock().unwrap();
        assert!(check(&path).iter().all(|finding| finding.state == CheckState::Ok));
    }
}
