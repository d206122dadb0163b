//! The findings of a check of a journal, and their words. Decides nothing.

use std::fmt;

use crate::domain::text::inert;

/// One line of a journal, as an operator finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// The record's number: the one it has, or, where it cannot be read, the one that was to come.
    pub record: Option<u64>,
}

/// The first line of a file that does not fit, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The line.
    pub place: Place,
    /// Why.
    pub what: What,
}

/// Why a line does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It is not what was written.
    Changed(Alteration),
    /// Records that are not there; the line is whole, but later than wanted, or the last before a cut.
    Missing {
        /// The first of them.
        from: u64,
        /// The last of them.
        to: u64,
        /// True if they are behind the last line, so that only a head kept elsewhere knows of them.
        at_end: bool,
    },
    /// It is whole but stands in another record's place.
    Swapped {
        /// The record that was to come here.
        wanted: u64,
        /// The line of this file where that record stands; `None` where the line only repeats an earlier record.
        stands_at: Option<usize>,
    },
    /// It belongs to another journal.
    Foreign {
        /// That journal's id.
        chain: String,
    },
    /// It is the first line, but neither record 1 nor carried on from another file.
    Beginning,
    /// It has no line end: what a crash in mid-write leaves.
    Torn {
        /// How much of it there is.
        bytes: usize,
    },
}

/// In what way a line was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alteration {
    /// Its content is not what its hash was made of.
    Content,
    /// It is no record: not JSON, without a hash, or without what links it to the others.
    NoRecord,
    /// It has a hash of its own, but the record after it was written behind another one.
    Resealed,
    /// It was written behind the record before it, but has another number or another journal's id.
    Renumbered,
    /// Its number is 1, but it says that it was written behind another record.
    Unlinked,
    /// It was put in: another line has the same number and was written behind the same record.
    PutIn,
    /// Another hash was told of it.
    Told {
        /// The hash that was told.
        told: String,
        /// The hash that it has.
        here: String,
    },
}

impl Finding {
    /// True if it is what a crash leaves, and not tampering.
    pub fn is_torn(&self) -> bool {
        matches!(self.what, What::Torn { .. })
    }
}

impl What {
    /// One word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Changed(_) => "changed",
            Self::Missing { .. } => "missing",
            Self::Swapped { .. } => "swapped",
            Self::Foreign { .. } => "foreign",
            Self::Beginning => "missing-beginning",
            Self::Torn { .. } => "torn",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} line {}", inert(&self.file), self.line)?;
        self.record.map_or(Ok(()), |record| write!(f, " (record {record})"))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed(change) => write!(f, "changed: {change}"),
            Self::Missing { from, to, at_end } => missing(f, *from, *to, *at_end),
            Self::Swapped { wanted, stands_at: Some(line) } => {
                write!(f, "swapped: record {wanted} was to come here, and stands in line {line}")
            }
            Self::Swapped { wanted, stands_at: None } => {
                write!(f, "swapped: it is an earlier record again, where record {wanted} was to come")
            }
            Self::Foreign { chain } => write!(f, "another journal's line: it belongs to the chain {}", inert(chain)),
            Self::Beginning => f.write_str(
                "the beginning is missing: the file begins neither with record 1 nor with a record that carries another \
                 file on",
            ),
            Self::Torn { bytes } => write!(
                f,
                "torn: {bytes} bytes without a line end. A crash in mid-write leaves that, before anything is sent; it is \
                 no sign of tampering. If it names a ticket, look at that ticket all the same. The next cancel on this \
                 journal keeps it aside and goes on"
            ),
        }
    }
}

fn missing(f: &mut fmt::Formatter<'_>, from: u64, to: u64, at_end: bool) -> fmt::Result {
    if from == to {
        write!(f, "missing: record {from} is not there")?;
    } else {
        write!(f, "missing: records {from} to {to} are not there")?;
    }
    if at_end { f.write_str("; the journal ends here, but a later head was told") } else { Ok(()) }
}

impl fmt::Display for Alteration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content => f.write_str("it does not have the content its hash was made of"),
            Self::NoRecord => f.write_str("it is no record of a journal (not JSON, or without a hash)"),
            Self::Resealed => {
                f.write_str("it was sealed anew, for the record after it was written behind another content of it")
            }
            Self::Renumbered => f.write_str("it was sealed anew, with another number or chain than it had"),
            Self::Unlinked => f.write_str("it says that it was written behind another record, but it is the first"),
            Self::PutIn => f.write_str("it was put in: another line has its number and the same record before it"),
            Self::Told { told, here } => write!(
                f,
                "it is not the record that was told of. Either it or a record before it was changed, and all since were \
                 sealed anew. Told: {}, here: {}",
                inert(told),
                inert(here)
            ),
        }
    }
}
