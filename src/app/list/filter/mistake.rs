//! A term of a filter that means nothing: where it stands, and what it lacks. Its words are in `app::words::filter`.

use std::ops::Range;

use super::term::Key;

/// A term that means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterMistake {
    /// The part of the filter's text that is meant, in bytes.
    pub place: Range<usize>,
    /// That part, as it was typed.
    pub found: String,
    /// What is wrong with it.
    pub kind: MistakeKind,
}

/// What is wrong with a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MistakeKind {
    /// There is no such key.
    UnknownKey,
    /// The key takes another sign: `amount:` and `asset>` mean nothing.
    Sign(Key),
    /// The key has no value, or none that it can have.
    Value(Key),
    /// There are too many terms.
    TooManyTerms,
    /// It is too long.
    TooLong,
}
