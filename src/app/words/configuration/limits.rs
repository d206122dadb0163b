//! The words where a limit of a profile is out of its bounds, or a length of time is none.

use std::fmt::Display;

/// A length of time out of its bounds.
pub fn span(key: &str, found: impl Display, least: impl Display, most: impl Display) -> String {
    format!("{key} = \"{found}\"; wanted \"{least}\" to \"{most}\"")
}

/// So many tickets do not come in one answer.
pub fn page_size(found: i64) -> String {
    format!("page-size = {found}; wanted 1 to 1000 tickets")
}

/// The form of a length of time.
pub const TIME_WANTED: &str = "a time with its unit, such as \"10 s\", \"2 min\", \"1 h\" or \"90 days\"";

/// The mistake in a text that is no length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanFlaw {
    /// No whole number stands in front.
    NoNumber,
    /// Nothing stands behind the number.
    NoUnit,
    /// The text behind the number is no unit.
    UnknownUnit,
    /// No clock counts that far.
    TooLong,
}

/// A text that is no length of time.
pub fn no_span(text: &str, flaw: SpanFlaw) -> String {
    let why = match flaw {
        SpanFlaw::NoNumber => "begins with no whole number that can be",
        SpanFlaw::NoUnit => "has no unit",
        SpanFlaw::UnknownUnit => "has an unknown unit",
        SpanFlaw::TooLong => "is too long",
    };
    format!("{text:?} {why}; wanted {TIME_WANTED}")
}
