//! `journal list`: one line per intent.

use std::process::ExitCode;

use super::table::{Align, aligned};
use super::{Reading, json};
use crate::args::JournalList;
use crate::domain::text::inert;
use crate::domain::time;
use crate::journal::Story;

/// Lists the intents, oldest first.
pub fn run(reading: &Reading, wanted: &JournalList) -> anyhow::Result<ExitCode> {
    let stories = reading.history.stories().iter().filter(|story| !wanted.open || story.stands().is_open());
    let stories: Vec<&Story> = stories.collect();
    if wanted.json {
        return reading.answer(&json::list(&stories)?);
    }
    if stories.is_empty() {
        let kind = if wanted.open { "open cancel" } else { "cancel" };
        super::tell(&format!("no {kind} is recorded in {}", reading.place));
    }
    reading.answer(&lines(&stories))
}

/// The lines of some intents.
pub fn lines(stories: &[&Story]) -> String {
    use Align::{Left, Right};
    let rows: Vec<_> = stories.iter().map(|story| row(story)).collect();
    aligned([Left, Left, Right, Right, Left, Left, Left, Left], &rows)
}

fn row(story: &Story) -> [String; 8] {
    let opened = match story.opened_at() {
        Some(at) => time::date_time(at),
        None => inert(story.opened().map_or("", |record| &record.at)),
    };
    let stamp = story.opened().map(|record| &record.stamp);
    let operator = stamp.and_then(|stamp| stamp.operator.as_deref()).unwrap_or("?");
    [
        story.short(),
        opened,
        inert(&story.intent.ticket),
        inert(story.intent.amount.as_deref().unwrap_or("?")),
        inert(&story.intent.asset),
        format!("{}@{}", inert(operator), inert(stamp.map_or("?", |stamp| &stamp.host))),
        inert(stamp.map_or("?", |stamp| &stamp.exchange)),
        story.stands().word().to_owned(),
    ]
}
