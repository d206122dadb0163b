//! Where a journal is: a value that the configuration gives and the runtime opens. It names nothing, so that every room may name it.

use std::fmt;
use std::path::PathBuf;

/// The place of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalPlace {
    /// A file of this machine, with the files that it was carried on from beside it.
    File(PathBuf),
}

impl fmt::Display for JournalPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
        }
    }
}
