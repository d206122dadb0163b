//! The journal where it is kept: the operations that any place offers, and the one function that opens a place. Which records
//! follow from which, and who holds a ticket, is decided by `crate::journal`; here they are made durable and read.
//!
//! A place more is a variant of [`JournalPlace`], a module beside [`mod@file`], and an arm in [`open`] and [`read`].

pub mod file;
pub mod thread;

use self::file::JournalFile;
use self::file::reader::FileReader;
use crate::app::effect::Author;
use crate::app::event::OpenAnswer;
use crate::journal::{Fact, Intent, JournalPlace, JournalSettings, Unresolved};

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

/// Why the journal cannot be used. One line, with its place and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}")]
pub struct JournalError {
    /// The place.
    pub place: JournalPlace,
    /// The fault there, in words.
    pub what: String,
    /// Another process held the lock: nothing was tried, and another try may go well.
    pub is_passing: bool,
}

/// A journal that takes records. Each operation is one step: others that write to the same journal are before it or behind it.
pub trait JournalStore: Send {
    /// Open: nobody holds this ticket, and the intent is durable.
    fn open(&mut self, author: &Author, intent: Intent) -> OpenAnswer;

    /// Record: a fact about an intent or the session, durably.
    fn record(&mut self, author: &Author, fact: Fact) -> Result<(), JournalError>;

    /// Unresolved: the open intents of every exchange. Writes nothing.
    fn unresolved(&mut self) -> Result<Vec<Unresolved>, JournalError>;

    /// The open intents as far as the journal could be read.
    fn known(&self) -> Vec<Unresolved>;

    /// Notices for the operator; each is told once.
    fn notices(&mut self) -> Vec<String>;

    /// A record is missing: nothing is written any more.
    fn give_up(&mut self, why: &JournalError);
}

/// A part of a journal that is named but was not read: archives may be moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GonePart {
    /// Its name.
    pub name: String,
    /// Why it was not read, in words.
    pub why: String,
}

/// A journal that is only read, as the commands do: nothing is made, mended or written.
pub trait JournalReader {
    /// The id of its chain; `None` if it has no whole first line.
    fn chain(&self) -> Option<String>;

    /// The part before all that can be read, if one is named.
    fn gone(&self) -> Option<&GonePart>;

    /// Hands on the lines of every part, oldest first, with the part's name.
    fn each(&self, take: &mut dyn FnMut(&str, &[u8])) -> Result<(), String>;
}

/// Opens the journal of a place, to write; a place that was never used is made.
pub fn open(
    place: &JournalPlace,
    process: Process,
    settings: JournalSettings,
) -> Result<Box<dyn JournalStore>, JournalError> {
    match place {
        JournalPlace::File(path) => Ok(Box::new(JournalFile::open_file(path, process, settings)?)),
    }
}

/// True if there is a journal at a place.
pub fn is_there(place: &JournalPlace) -> bool {
    match place {
        JournalPlace::File(path) => path.exists(),
    }
}

/// Opens the journal of a place, to read. An error is one line that names it.
pub fn read(place: &JournalPlace) -> Result<Box<dyn JournalReader>, String> {
    match place {
        JournalPlace::File(path) => Ok(Box::new(FileReader::open(path)?)),
    }
}
