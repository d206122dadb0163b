//! Where a journal is: a value that the configuration gives and the runtime opens. It names nothing but
//! how a text is made inert, so that every room may name it.

use std::fmt;
use std::path::PathBuf;

use crate::domain::text::inert;

/// The place of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalPlace {
    /// A file of this machine, with the files that it was carried on from beside it.
    File(PathBuf),
}

impl fmt::Display for JournalPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.write_str(&inert(&path.display().to_string())),
        }
    }
}
