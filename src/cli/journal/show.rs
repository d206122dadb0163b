//! `journal show`: everything recorded about one intent, or about all of a ticket.

use std::process::ExitCode;

use super::{Reading, find, json};
use crate::app::words::journal as words;
use crate::args::JournalShow;
use crate::journal::{Fact, History, Record, Story};
use crate::runtime::standard_error;

/// From this length on a number may well be meant as the beginning of an id.
const LIKE_AN_ID: usize = 8;

/// The cancels and declined attempts that were asked for.
struct Found<'a> {
    stories: Vec<&'a Story>,
    declined: Vec<&'a Record>,
}

/// Shows it, or says that there is no such thing.
pub fn run(reading: &Reading, wanted: &JournalShow) -> anyhow::Result<ExitCode> {
    let by_ticket = of_ticket(&reading.history, &wanted.what);
    let by_id = find::of_id(&reading.history, &wanted.what);
    let is_ticket = !by_ticket.stories.is_empty() || !by_ticket.declined.is_empty();
    if is_ticket && wanted.what.len() >= LIKE_AN_ID && by_id.iter().any(|story| story.intent.ticket != wanted.what) {
        standard_error::say(&words::find::taken_as_ticket(&wanted.what));
    }
    let found = match by_id.as_slice() {
        _ if is_ticket => by_ticket,
        [story] => Found { stories: vec![*story], declined: Vec::new() },
        [] => {
            reading.warn();
            anyhow::bail!(words::find::nothing(&wanted.what, &reading.place));
        }
        several => {
            reading.warn();
            find::tell_all(&wanted.what, several);
            return Ok(ExitCode::from(crate::cli::USAGE));
        }
    };
    if wanted.json {
        reading.answer(&json::show(&found.stories, &found.declined)?)
    } else {
        reading.answer(&words::show::records(&found.stories, &found.declined))
    }
}

/// A number is a ticket first.
fn of_ticket<'a>(history: &'a History, ticket: &str) -> Found<'a> {
    let is_it =
        |record: &&Record| matches!(&record.fact, Fact::Declined { ticket: declined, .. } if declined == ticket);
    Found { stories: find::of_ticket(history, ticket), declined: history.declined().iter().filter(is_it).collect() }
}
