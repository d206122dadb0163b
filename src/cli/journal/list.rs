//! `journal list`: one line per intent.

use std::io::IsTerminal;
use std::process::ExitCode;

use super::{Reading, json};
use crate::app::words::journal::list as words;
use crate::args::JournalList;
use crate::journal::Story;
use crate::runtime::{standard_error, terminal};

/// Lists the intents, oldest first.
pub fn run(reading: &Reading, wanted: &JournalList) -> anyhow::Result<ExitCode> {
    let stories = reading.history.stories().iter().filter(|story| !wanted.open || story.stands().is_open());
    let stories: Vec<&Story> = stories.collect();
    if wanted.json {
        return reading.answer(&json::list(&stories)?);
    }
    if stories.is_empty() {
        standard_error::say(&words::nothing(wanted.open, &reading.place));
    }
    reading.answer(&words::lines(&stories, terminal_width()))
}

/// The width of the terminal that the list is printed on; none in a pipe.
fn terminal_width() -> Option<usize> {
    let size = std::io::stdout().is_terminal().then(terminal::size)?;
    size.ok().map(|size| usize::from(size.width))
}
