//! The words where what was asked for is no cancel, or more than one.

use super::list;
use crate::domain::text::inert;
use crate::journal::{JournalPlace, Story};

/// That there is no such cancel.
pub fn nothing(what: &str, journal: &JournalPlace) -> String {
    let path = inert(&journal.to_string());
    format!("{} is neither the beginning of a cancel's id nor a ticket in {path}", inert(what))
}

/// That there are several, and which, one a line.
pub fn several(what: &str, stories: &[&Story]) -> Vec<String> {
    let heading = format!("{what} is the beginning of {} ids; give more of it:", stories.len());
    std::iter::once(heading).chain(list::lines(stories, None).lines().map(str::to_owned)).collect()
}

/// That it was taken as a ticket, although an id of another ticket begins so.
pub fn taken_as_ticket(what: &str) -> String {
    format!("{what} is a ticket, and the beginning of an id too; give more of the id for that")
}
