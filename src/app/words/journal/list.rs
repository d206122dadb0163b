//! The words of `journal list`: a line per cancel, in columns.

use super::table::{Align, aligned};
use crate::domain::Change;
use crate::domain::text::inert;
use crate::domain::time;
use crate::journal::{JournalPlace, Story};

/// That no cancel is recorded; with `only_open`, that no open one is.
pub fn nothing(only_open: bool, journal: &JournalPlace) -> String {
    let kind = if only_open { "open cancel" } else { "cancel" };
    format!("no {kind} is recorded in {journal}")
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
        standing(story),
    ]
}

/// The word for where it stands; of another change than a cancel, which change it is as well, since the command lists cancels.
fn standing(story: &Story) -> String {
    let word = story.stands().word();
    match story.intent.change() {
        Some(Change::Cancel) => word.to_owned(),
        None => format!("{word}, {}", story.intent.change_words()),
    }
}
