//! Finding cancels by what an operator gives: a ticket number, or the beginning of an id.

use crate::app::words::journal::find as words;
use crate::journal::{History, Story};
use crate::runtime::standard_error;

/// Every cancel of a ticket.
pub fn of_ticket<'a>(history: &'a History, ticket: &str) -> Vec<&'a Story> {
    history.stories().iter().filter(|story| story.intent.ticket == ticket).collect()
}

/// Every cancel whose id begins so.
pub fn of_id<'a>(history: &'a History, beginning: &str) -> Vec<&'a Story> {
    let beginning = beginning.to_ascii_lowercase();
    let is_it = |story: &&Story| !beginning.is_empty() && story.id.to_string().starts_with(&beginning);
    history.stories().iter().filter(is_it).collect()
}

/// Says that there are several, and which.
pub fn tell_all(what: &str, several: &[&Story]) {
    for line in words::several(what, several) {
        standard_error::say(&line);
    }
}
