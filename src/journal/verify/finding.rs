//! The findings of a check of a journal. Decides nothing, and has no words but the one that programs read.

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

/// Something that is worth knowing and no fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A file that is named but was not read: archives may be moved.
    FileGone {
        /// Its name.
        name: String,
        /// Why it was not read.
        why: String,
    },
    /// So many heads were told of records before the first that was read.
    EarlierHeads(usize),
    /// Heads were given, none of them of this journal.
    NoHead,
    /// A line that fits, of which this version cannot tell the ticket.
    NotUnderstood(Place),
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
