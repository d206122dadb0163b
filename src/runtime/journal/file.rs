//! The journal's store on a file: every operation under the file's lock, every record synced.
//!
//! The lock is held while what others appended is read, checked, appended to and synced, no longer. The file that is open
//! must be the one at the path; after a rotation, or when somebody replaced it, it is opened again, and what was open in
//! the old one is carried over.

pub mod heads;
mod medium;
pub mod reader;

use std::fs::TryLockError;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::heads::Heads;
use self::medium::{Archive, FileMedium};
use super::{JournalError, JournalStore, Process};
use crate::app::effect::Author;
use crate::app::event::OpenAnswer;
use crate::app::words::files;
use crate::app::words::journal::file as words;
use crate::domain::{Boot, IntentId};
use crate::journal::store::{Claim, Written};
use crate::journal::{Fact, Intent, JournalPlace, JournalSettings, Stamp, Store, Unresolved};
use crate::runtime::{clock, random};

/// The lock is waited for no longer than this.
const LOCK_LIMIT: Duration = Duration::from_secs(2);
const LOCK_RETRY: Duration = Duration::from_millis(10);
/// A file that is replaced again and again is given up.
const REOPENED_AT_MOST: u32 = 8;

/// The journal on a file.
#[derive(Debug)]
pub struct JournalFile {
    path: PathBuf,
    process: Process,
    settings: JournalSettings,
    medium: FileMedium,
    store: Store,
    /// The stores of files that are not the journal any more, and were not carried over yet.
    left: Vec<Store>,
    /// The id of a journal that has no line yet.
    new_chain: String,
    heads: Option<Heads>,
    /// Why nothing may be written here, although it can be read.
    unwritable: Option<String>,
}

impl JournalFile {
    /// Opens the file, or makes it with mode 0600 in a directory of mode 0700.
    pub fn open_file(path: &Path, process: Process, settings: JournalSettings) -> Result<Self, JournalError> {
        let failed =
            |what: String| JournalError { place: JournalPlace::File(path.to_owned()), what, is_passing: false };
        let medium = FileMedium::open(path).map_err(failed)?;
        let unwritable = medium.foreign_file_system().filter(|_| !settings.anywhere).map(words::foreign);
        Ok(Self {
            path: path.to_owned(),
            process,
            heads: settings.heads.as_deref().map(Heads::new),
            settings,
            medium,
            store: Store::default(),
            left: Vec::new(),
            new_chain: random_hex().map_err(failed)?,
            unwritable,
        })
    }

    fn error(&self, what: &str) -> JournalError {
        JournalError { place: JournalPlace::File(self.path.clone()), what: what.to_owned(), is_passing: false }
    }

    /// Works under the lock, where writing is allowed at all; a file that is full is rotated first.
    fn writing<T>(
        &mut self,
        author: &Author,
        work: impl FnOnce(&mut Self) -> Result<T, String>,
    ) -> Result<T, JournalError> {
        if let Some(why) = &self.unwritable {
            return Err(self.error(why));
        }
        self.locked(|journal| {
            journal.rotate_if_full(author);
            work(journal)
        })
    }

    /// Takes the lock on the file at the path, takes in what others appended, works, and lets the lock go.
    fn locked<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, JournalError> {
        self.lock_at_path()?;
        let done = self.catch_up().and_then(|()| work(self)).map_err(|what| self.error(&what));
        self.tell_head();
        let unlocked =
            self.medium.file().unlock().map_err(|error| self.error(&words::not_unlocked(&files::why(&error))));
        done.and_then(|value| unlocked.map(|()| value))
    }

    /// Locks the file that is at the path now.
    fn lock_at_path(&mut self) -> Result<(), JournalError> {
        let start = clock::boot();
        for _ in 0..REOPENED_AT_MOST {
            self.lock(start)?;
            if self.is_at_path() {
                return Ok(());
            }
            let next = FileMedium::open(&self.path).map_err(|what| self.error(&what))?;
            // Others may have opened intents in the old file since it was read last; nobody looks at it any more.
            let _ = self.store.catch_up(&mut self.medium);
            self.leave_store();
            self.medium = next;
        }
        Err(self.error(words::REPLACED_AGAIN))
    }

    /// The store so far is of a file that is not the journal any more.
    fn leave_store(&mut self) {
        let left = std::mem::take(&mut self.store);
        if let Some(why) = left.failed() {
            // A store that failed once writes nothing again, in no file.
            self.store.fail(why);
        }
        self.left.push(left);
    }

    fn lock(&self, start: Boot) -> Result<(), JournalError> {
        loop {
            match self.medium.file().try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) if clock::boot().since(start) < LOCK_LIMIT => {
                    std::thread::sleep(LOCK_RETRY);
                }
                Err(TryLockError::WouldBlock) => {
                    let held = words::held(LOCK_LIMIT.as_secs());
                    return Err(JournalError { is_passing: true, ..self.error(&held) });
                }
                Err(TryLockError::Error(error)) => {
                    return Err(self.error(&words::not_locked(&files::why(&error))));
                }
            }
        }
    }

    fn is_at_path(&self) -> bool {
        let same = self.medium.file().metadata().and_then(|open| {
            let named = std::fs::symlink_metadata(&self.path)?;
            Ok((open.dev(), open.ino()) == (named.dev(), named.ino()))
        });
        same.unwrap_or(false)
    }

    /// Takes in what is new. A file that is another one, or shorter than it was, is read from its beginning, and what was
    /// open before and is not known there is carried over.
    fn catch_up(&mut self) -> Result<(), String> {
        if self.medium.length()? < self.store.length() {
            self.leave_store();
        }
        self.store.catch_up(&mut self.medium)?;
        while let Some(before) = self.left.first_mut() {
            for notice in before.take_notices() {
                self.store.notice(notice);
            }
            if self.unwritable.is_some() || self.store.failed().is_some() {
                return Ok(());
            }
            // Until it is carried over it is kept: another try follows with the next operation.
            let before = before.clone();
            self.remember_archives(&before);
            let written = self.written(&Author::default());
            self.store.carry_over(&mut self.medium, written, &before)?;
            self.left.remove(0);
        }
        Ok(())
    }

    /// Between the file that was read and the one that is the journal now there may be others: what they settled is settled.
    fn remember_archives(&mut self, before: &Store) {
        let mut next = self.store.unread_before(before).map(str::to_owned);
        while let Some(name) = next {
            let Ok(bytes) = std::fs::read(self.path.with_file_name(&name)) else { return };
            let mut archive = Store::default();
            // As far as it can be read; `journal verify` says what is wrong with it.
            let _ = archive.catch_up(&mut Archive(bytes));
            self.store.remember(&archive);
            next = archive.unread_before(before).map(str::to_owned).filter(|older| *older != name);
        }
    }

    /// A file that is full is named after its last record, and a new one carries on at the path. Until the new file takes
    /// the path, in one step, the old one stays what it was; so a failure here is no reason to refuse anything.
    fn rotate_if_full(&mut self, author: &Author) {
        if self.store.length() < self.settings.rotate_at || self.store.failed().is_some() {
            return;
        }
        if let Err(why) = self.rotate(author) {
            self.store.notice(words::not_rotated(&why));
        }
    }

    fn rotate(&mut self, author: &Author) -> Result<(), String> {
        let archive = medium::beside(&self.path, &format!("{:09}", self.store.head().seq));
        let name = archive.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let first = self.store.next_file(self.written(author), name)?;
        let (next, named) = FileMedium::replace(&self.path, &archive, first.as_bytes())?;
        // From here on the new file is the journal, whatever follows.
        self.medium = next;
        self.store = self.store.next();
        self.store.notice(words::rotated(&archive.display().to_string()));
        let read = self.store.catch_up(&mut self.medium);
        if let Err(why) = read.and(named) {
            self.store.fail(&words::rotated_in_doubt(&why));
        }
        Ok(())
    }

    fn tell_head(&mut self) {
        let Some(head) = self.store.take_new_head() else { return };
        if let Some(Err(why)) = self.heads.as_mut().map(|heads| heads.tell(&head)) {
            self.store.notice(words::head_not_sent(&why));
        }
    }

    fn written(&self, author: &Author) -> Written {
        let by = Stamp {
            chain: self.new_chain.clone(),
            session: self.process.session.clone(),
            host: self.process.host.clone(),
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            exchange: self.process.exchange.clone(),
            oms: author.oms.map(|id| id.0),
            operator: author.operator.clone(),
        };
        Written { by, at: clock::wall() }
    }
}

impl JournalStore for JournalFile {
    fn open(&mut self, author: &Author, intent: Intent) -> OpenAnswer {
        let claim = self.writing(author, |journal| {
            let id = IntentId(random::bits_128()?);
            let written = journal.written(author);
            journal.store.open(&mut journal.medium, written, id, intent)
        });
        match claim {
            Ok(Claim::Opened(id)) => OpenAnswer::Opened(id),
            Ok(Claim::HeldBy(holder)) => OpenAnswer::HeldBy(holder),
            Err(error) => OpenAnswer::Failed {
                why: error.to_string(),
                for_good: self.store.failed().is_some() || self.unwritable.is_some(),
            },
        }
    }

    fn record(&mut self, author: &Author, fact: Fact) -> Result<(), JournalError> {
        self.writing(author, |journal| {
            let written = journal.written(author);
            journal.store.record(&mut journal.medium, written, fact)
        })
    }

    fn unresolved(&mut self) -> Result<Vec<Unresolved>, JournalError> {
        self.locked(|journal| Ok(journal.store.unresolved()))
    }

    fn give_up(&mut self, why: &JournalError) {
        self.unwritable.get_or_insert_with(|| why.what.clone());
    }

    fn known(&self) -> Vec<Unresolved> {
        self.store.unresolved()
    }

    fn notices(&mut self) -> Vec<String> {
        self.store.take_notices()
    }
}

fn random_hex() -> Result<String, String> {
    Ok(format!("{:032x}", random::bits_128()?))
}
