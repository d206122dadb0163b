//! The journal's store on a file: four operations, each under the file's lock.
//!
//! Open holds the lock while it reads what others appended, checks, appends and fsyncs. Once a write or an fsync failed,
//! this store writes nothing any more.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{clock, random};
use crate::app::effect::Author;
use crate::app::event::OpenAnswer;
use crate::domain::IntentId;
use crate::journal::{Fact, Intent, Ledger, Record, Stamp, Unresolved};

/// The lock is waited for, and held, no longer than this.
const LOCK_LIMIT: Duration = Duration::from_secs(2);
const LOCK_RETRY: Duration = Duration::from_millis(10);

/// Who this process is, in every record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// One run of the program.
    pub session: String,
    /// The machine's name.
    pub host: String,
    /// The exchange's name in the journal.
    pub exchange: String,
}

/// Why the journal cannot be used. One line, with the file and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {what}", path.display())]
pub struct JournalError {
    path: PathBuf,
    what: String,
}

/// The journal on a file.
#[derive(Debug)]
pub struct JournalFile {
    path: PathBuf,
    process: Process,
    file: File,
    /// Bytes taken into the ledger so far.
    taken: u64,
    ledger: Ledger,
    broken: Option<JournalError>,
}

impl JournalFile {
    /// Opens the file, or makes it with mode 0600 in a directory of mode 0700.
    pub fn open_file(path: &Path, process: Process) -> Result<Self, JournalError> {
        let failed = |what: &str, error: std::io::Error| JournalError {
            path: path.to_owned(),
            what: format!("{what}: {error}"),
        };
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(|e| failed("its directory cannot be made", e))?;
        let is_new = !path.exists();
        let flags = i32::try_from((rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::CLOEXEC).bits()).unwrap_or(0);
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true).mode(0o600).custom_flags(flags);
        let file = options.open(path).map_err(|error| failed("cannot be opened for writing", error))?;
        let meta = file.metadata().map_err(|error| failed("cannot be looked at", error))?;
        if !meta.is_file() {
            return Err(JournalError { path: path.to_owned(), what: "is not a regular file".to_owned() });
        }
        if is_new {
            // The file's name must be durable as well as its content.
            let synced = File::open(dir).and_then(|dir| dir.sync_all());
            synced.map_err(|error| failed("its directory cannot be synced", error))?;
        }
        Ok(Self { path: path.to_owned(), process, file, taken: 0, ledger: Ledger::default(), broken: None })
    }

    /// Open: nobody holds this ticket, and the intent is durable; one step.
    pub fn open(&mut self, author: &Author, mut intent: Intent) -> OpenAnswer {
        let answer = self.locked(|journal| {
            let ticket = intent.ticket.parse().map_err(|_| journal.error("the intent names no ticket"))?;
            let oms = author.oms.map(|id| id.0);
            if let Some(holder) = journal.ledger.holder(&journal.process.exchange, oms, ticket) {
                return Ok(OpenAnswer::HeldBy(Box::new(holder.clone())));
            }
            let id = IntentId(random::bits_128().map_err(|why| journal.error(&why))?);
            intent.id = id.to_string();
            journal.append(author, Fact::Intent(Box::new(intent)))?;
            Ok(OpenAnswer::Opened(id))
        });
        answer.unwrap_or_else(|error| OpenAnswer::Failed { why: error.to_string(), for_good: self.broken.is_some() })
    }

    /// Record: a fact about an intent or the session, durably.
    pub fn record(&mut self, author: &Author, fact: Fact) -> Result<(), JournalError> {
        self.locked(|journal| journal.append(author, fact))
    }

    /// Unresolved: the open intents of every exchange.
    pub fn unresolved(&mut self) -> Result<Vec<Unresolved>, JournalError> {
        self.locked(|journal| Ok(journal.ledger.unresolved().cloned().collect()))
    }

    fn error(&self, what: &str) -> JournalError {
        JournalError { path: self.path.clone(), what: what.to_owned() }
    }

    /// Takes the lock, takes in what others appended, works, and lets the lock go.
    fn locked<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, JournalError>) -> Result<T, JournalError> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        self.lock()?;
        let done = self.check_path().and_then(|()| self.catch_up()).and_then(|()| work(self));
        let unlocked = self.file.unlock().map_err(|error| self.error(&format!("cannot be unlocked: {error}")));
        done.and_then(|value| unlocked.map(|()| value))
    }

    fn lock(&self) -> Result<(), JournalError> {
        let start = clock::boot();
        loop {
            match self.file.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) if clock::boot().since(start) < LOCK_LIMIT => {
                    std::thread::sleep(LOCK_RETRY);
                }
                Err(TryLockError::WouldBlock) => {
                    let held = format!("another process held its lock for {} s", LOCK_LIMIT.as_secs());
                    return Err(self.error(&held));
                }
                Err(TryLockError::Error(error)) => return Err(self.error(&format!("cannot be locked: {error}"))),
            }
        }
    }

    /// The open file must still be the one at the path: records in a file that nobody else reads lock nothing.
    fn check_path(&self) -> Result<(), JournalError> {
        let same = self.file.metadata().and_then(|open| {
            let named = std::fs::symlink_metadata(&self.path)?;
            Ok((open.dev(), open.ino()) == (named.dev(), named.ino()))
        });
        match same {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.error("was replaced by another file; restart the console")),
            Err(error) => Err(self.error(&format!("is not there any more ({error}); restart the console"))),
        }
    }

    fn catch_up(&mut self) -> Result<(), JournalError> {
        let length = self.file.metadata().map_or(0, |meta| meta.len());
        if length < self.taken {
            return Err(self.error("was cut short by another program; restart the console"));
        }
        let failed = |journal: &Self, error: std::io::Error| journal.error(&format!("cannot be read: {error}"));
        let mut text = String::new();
        self.file.seek(SeekFrom::Start(self.taken)).map_err(|error| failed(self, error))?;
        self.file.read_to_string(&mut text).map_err(|error| failed(self, error))?;
        for line in text.split_inclusive('\n') {
            let number = self.ledger.next_seq();
            let record = Record::parse(line).ok().filter(|record| line.ends_with('\n') && record.seq == number);
            let record = record.filter(Record::is_whole);
            let Some(record) = record else {
                let what = format!(
                    "record {number} cannot be read, so nobody can say which tickets are held; keep the file, and start with another --journal only after that cancel was checked by hand"
                );
                return Err(self.error(&what));
            };
            self.ledger.apply(&record);
            self.taken += u64::try_from(line.len()).unwrap_or(0);
        }
        Ok(())
    }

    /// One write for one line, then fsync. The lock is held.
    fn append(&mut self, author: &Author, fact: Fact) -> Result<(), JournalError> {
        let chain = match self.ledger.chain() {
            Some(chain) => chain.to_owned(),
            None => format!("{:032x}", random::bits_128().map_err(|why| self.error(&why))?),
        };
        let record = Record::new(self.ledger.next_seq(), clock::wall(), self.stamp(chain, author), fact);
        let line = record.line().map_err(|error| self.error(&error.to_string()))?;
        let written = self.file.write_all(line.as_bytes()).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // What is partly there is cut back; whether it was durable is not known, and it is never tried again.
            let _ = self.file.set_len(self.taken);
            let broken = self.error(&format!("cannot be written: {error}; this session is read-only until restart"));
            self.broken = Some(broken.clone());
            return Err(broken);
        }
        self.ledger.apply(&record);
        self.taken += u64::try_from(line.len()).unwrap_or(0);
        Ok(())
    }

    fn stamp(&self, chain: String, author: &Author) -> Stamp {
        Stamp {
            chain,
            session: self.process.session.clone(),
            host: self.process.host.clone(),
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            exchange: self.process.exchange.clone(),
            oms: author.oms.map(|id| id.0),
            operator: author.operator.clone(),
        }
    }
}
