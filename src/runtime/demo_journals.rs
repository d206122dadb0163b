//! The journals of demos: each demo has one of its own, and removes those of demos that are over.
//!
//! A demo that runs holds a lock beside its journal; one that nobody holds is over.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The end of the name of a demo's journal.
const JOURNAL: &str = ".jsonl";
/// The end of the name of the lock beside it.
const LOCK: &str = ".lock";
/// The digits of a run's number.
const DIGITS: usize = 32;

/// The journal of a demo that runs.
#[derive(Debug)]
pub struct DemoJournal {
    /// Its file.
    pub path: PathBuf,
    /// None where no file can be made: the console then says so of the journal.
    lock: Option<File>,
}

impl DemoJournal {
    /// The journal of a new run in this directory. Those of runs that are over are removed, as far as they can be.
    pub fn of_run(directory: &Path, run: u128) -> Self {
        let name = format!("{run:0DIGITS$x}");
        let made = DirBuilder::new().recursive(true).mode(0o700).create(directory);
        let lock = made.and_then(|()| open_lock(&directory.join(format!("{name}{LOCK}")))).ok();
        // Without a lock, as where there are none, the journal is lost at worst when the next demo starts.
        let _ = lock.as_ref().map(File::try_lock);
        remove_others(directory, &name);
        Self { path: directory.join(format!("{name}{JOURNAL}")), lock }
    }

    /// Tells where it is, if anything was written, and lets the lock go.
    pub fn end(self) -> Option<PathBuf> {
        let _ = fs::remove_file(self.path.with_extension(LOCK.trim_start_matches('.')));
        drop(self.lock);
        self.path.exists().then_some(self.path)
    }
}

fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn remove_others(directory: &Path, ours: &str) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    let files: Vec<String> = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    let runs = files.iter().filter_map(|file| run_of(file)).filter(|run| *run != ours);
    for run in runs {
        if is_running(directory, run) {
            continue;
        }
        for file in files.iter().filter(|file| run_of(file) == Some(run)) {
            let _ = fs::remove_file(directory.join(file));
        }
    }
}

/// The run that a file belongs to: its journal, the parts of it that were set aside, its lock.
fn run_of(file: &str) -> Option<&str> {
    let (run, rest) = file.split_at_checked(DIGITS)?;
    let is_run = run.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    let is_ours = rest == LOCK || rest == JOURNAL || rest.starts_with(".jsonl.");
    (is_run && is_ours).then_some(run)
}

fn is_running(directory: &Path, run: &str) -> bool {
    let lock = File::open(directory.join(format!("{run}{LOCK}")));
    lock.is_ok_and(|lock| lock.try_lock().is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(directory: &Path) -> Vec<String> {
        let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn the_journals_of_demos_that_are_over_are_removed_and_no_other_file() {
        let dir = tempfile::tempdir().unwrap();
        let old = format!("{:032x}", 7);
        for name in [format!("{old}.jsonl"), format!("{old}.jsonl.000000009"), "mine.jsonl".to_owned()] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let first = DemoJournal::of_run(dir.path(), 1);
        fs::write(&first.path, "").unwrap();
        assert_eq!(files(dir.path()).len(), 3, "its lock, its journal, and what is no demo's");
        let second = DemoJournal::of_run(dir.path(), 2);
        assert!(first.path.exists(), "the first still runs");
        let told = first.end().unwrap();
        assert!(told.exists());
        assert_eq!(second.end(), None, "nothing was written");
        let third = DemoJournal::of_run(dir.path(), 3);
        assert!(!told.exists());
        assert!(third.end().is_none());
        assert_eq!(files(dir.path()), ["mine.jsonl"]);
    }
}
