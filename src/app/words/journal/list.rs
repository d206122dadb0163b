//! The words of `journal list`: a line per cancel, in columns. A pipe gets all of it; a terminal a head, and what fits: amounts,
//! accounts and how it stands are never cut.

use super::table::{Align, Column, fitted, whole};
use crate::domain::Change;
use crate::domain::text::inert;
use crate::domain::time;
use crate::journal::{JournalPlace, Story};

/// The columns, in order, with the order in which a narrow terminal does without them.
const COLUMNS: [Column; 10] = [
    Column { head: "ID", align: Align::Left, goes: None, is_cut: false },
    Column { head: "OPENED", align: Align::Left, goes: Some(2), is_cut: false },
    Column { head: "TICKET", align: Align::Right, goes: None, is_cut: false },
    Column { head: "ACCOUNT", align: Align::Right, goes: None, is_cut: false },
    Column { head: "AMOUNT", align: Align::Right, goes: None, is_cut: false },
    Column { head: "ASSET", align: Align::Left, goes: None, is_cut: false },
    Column { head: "BY", align: Align::Left, goes: Some(1), is_cut: false },
    Column { head: "EXCHANGE", align: Align::Left, goes: Some(0), is_cut: false },
    Column { head: "REASON", align: Align::Left, goes: Some(3), is_cut: true },
    Column { head: "STANDS", align: Align::Left, goes: None, is_cut: false },
];

/// That no cancel is recorded; with `only_open`, that no open one is.
pub fn nothing(only_open: bool, journal: &JournalPlace) -> String {
    let kind = if only_open { "open cancel" } else { "cancel" };
    format!("no {kind} is recorded in {journal}")
}

/// The lines of some intents; on a terminal so many columns wide, under a head.
pub fn lines(stories: &[&Story], width: Option<usize>) -> String {
    let rows: Vec<_> = stories.iter().map(|story| row(story)).collect();
    match width {
        Some(width) if !rows.is_empty() => {
            fitted(&COLUMNS, &rows.into_iter().map(shortened).collect::<Vec<_>>(), width)
        }
        _ => whole(&COLUMNS, &rows),
    }
}

/// A row for a terminal: the day alone, since `journal show` has the time, and the amount without zeros that say nothing.
fn shortened(mut row: [String; 10]) -> [String; 10] {
    let [_, opened, _, _, amount, ..] = &mut row;
    if let Some((day, _)) = opened.split_once(' ') {
        *opened = day.to_owned();
    }
    let is_decimal = amount.contains('.') && amount.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_decimal {
        *amount = amount.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    row
}

fn row(story: &Story) -> [String; 10] {
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
        story.intent.account.to_string(),
        inert(story.intent.amount.as_deref().unwrap_or("?")),
        inert(&story.intent.asset),
        format!("{}@{}", inert(operator), inert(stamp.map_or("?", |stamp| &stamp.host))),
        inert(stamp.map_or("?", |stamp| &stamp.exchange)),
        reason(story),
        standing(story),
    ]
}

/// The reason as it was chosen, and the operator's own words.
fn reason(story: &Story) -> String {
    match (story.intent.reason.as_str(), story.intent.note.as_str()) {
        ("", "") => "?".to_owned(),
        (reason, "") => inert(reason),
        (reason, note) => format!("{}: {}", inert(reason), inert(note)),
    }
}

/// The word for where it stands; of another change than a cancel, which change it is as well, since the command lists cancels.
fn standing(story: &Story) -> String {
    let word = story.stands().word();
    match story.intent.change() {
        Some(Change::Cancel) => word.to_owned(),
        None => format!("{word}, {}", story.intent.change_words()),
    }
}
