//! The filter of the list: words and terms as an operator types them, and whether a row has them. Pure: it knows no list and no
//! screen, and walks nothing.

pub mod completion;
pub mod limit;
pub mod mistake;
mod parse;
pub mod pattern;
pub mod term;

use std::ops::Range;

use jiff::Timestamp;

use self::mistake::FilterMistake;
use self::term::{Sought, Term};
use super::row::Row;

/// A longer filter is none: nobody typed it.
pub const LONGEST: usize = 400;
/// More terms make no filter.
pub const MOST_TERMS: usize = 32;

/// What a row must have to be shown: every term.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    terms: Vec<Term>,
}

/// A column of the list in which a part of a filter may be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The number.
    Number,
    /// The asset.
    Asset,
    /// Account and name.
    Account,
    /// The reason.
    Reason,
}

impl Filter {
    /// Reads a filter as it was typed at `now`, by which times without a date are understood. An end that is still missing, such as
    /// that of a phrase, is none, so that a filter can be read at every letter.
    ///
    /// # Errors
    ///
    /// Returns the first term that means nothing, with its place and what is wanted there.
    pub fn parse(text: &str, now: Timestamp) -> Result<Self, FilterMistake> {
        parse::terms(text, now).map(|terms| Self { terms })
    }

    /// True if it leaves nothing out.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// True if the time that passes changes what it leaves out.
    pub fn goes_by_age(&self) -> bool {
        self.terms.iter().any(|term| matches!(term.sought, Sought::Age(_)))
    }

    /// True if a row has every term.
    pub fn has(&self, row: &Row<'_>, now: Timestamp) -> bool {
        self.terms.iter().all(|term| term.has(row, now))
    }

    /// True if whatever this leaves out, `other` leaves out too, as far as the terms tell: `other` has them all, and maybe more, or goes
    /// on with the last word of this one. Then `other` is looked for among the hits of this one alone.
    pub fn is_narrowed_by(&self, other: &Self) -> bool {
        other.terms.len() >= self.terms.len()
            && self.terms.iter().zip(&other.terms).all(|(ours, other)| ours.is_narrowed_by(other))
    }

    /// The parts of a cell's text that the filter found, in bytes, from the left and apart from each other.
    pub fn marks(&self, place: Place, text: &str) -> Vec<Range<usize>> {
        let found = self.terms.iter().filter(|term| !term.is_excluded);
        let mut marks: Vec<_> = found.filter_map(|term| term.sought.pattern_at(place)?.find(text)).collect();
        marks.sort_unstable_by_key(|mark| mark.start);
        marks.dedup_by(|next, mark| {
            let meets = next.start <= mark.end;
            mark.end = if meets { mark.end.max(next.end) } else { mark.end };
            meets
        });
        marks
    }
}

#[cfg(test)]
mod tests;
