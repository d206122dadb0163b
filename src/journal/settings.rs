//! The settings of the journal, as the configuration has them.

use std::path::PathBuf;

/// A larger file is closed and carried on in a new one.
const ROTATE_AT: u64 = 16 * 1024 * 1024;

/// The settings of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalSettings {
    /// True if it may be written on a file system of another machine or of a user's program.
    pub anywhere: bool,
    /// A syslog socket that is told the head of the chain with every record.
    pub heads: Option<PathBuf>,
    /// Bytes from which on the file is closed and carried on in a new one.
    pub rotate_at: u64,
}

impl Default for JournalSettings {
    fn default() -> Self {
        Self { anywhere: false, heads: None, rotate_at: ROTATE_AT }
    }
}
