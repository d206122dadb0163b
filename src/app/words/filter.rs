//! Words of the filter of the list: what a term lacks, and how far the looking got.

use super::counted;
use super::line::{Tone, ToneLine};
use crate::app::list::filter::mistake::{FilterMistake, MistakeKind};
use crate::app::list::filter::term::Key;
use crate::app::list::filter::{LONGEST, MOST_TERMS};
use crate::app::list::rows::SweepProgress;
use crate::domain::text::{columns, inert};

/// How many rows it takes, as far as the tickets were looked at.
pub fn hits(rows: usize, progress: Option<SweepProgress>) -> String {
    let hits = counted(rows, "hit");
    match progress {
        Some(SweepProgress { looked_at, of }) => format!("{hits}, {looked_at} of {of} looked at"),
        None => hits,
    }
}

/// In place of the rows, where the filter takes none.
pub fn no_hit(progress: Option<SweepProgress>) -> ToneLine {
    match progress {
        Some(_) => ToneLine::new(Tone::Plain, "Looking ..."),
        None => ToneLine::new(Tone::Plain, "No ticket of the list has all of this. Esc shows every ticket."),
    }
}

/// What was typed, and the cursor behind it; where it has no room, its end.
pub fn end_of(typed: &str, cursor: &str, room: usize) -> String {
    let line = format!("{}{cursor}", inert(typed));
    let mut letters = line.chars();
    while columns(letters.as_str()) > room && letters.next().is_some() {}
    letters.as_str().to_owned()
}

/// What a term lacks, with the term as it was typed.
pub fn mistake(mistake: &FilterMistake) -> String {
    let FilterMistake { found, kind, .. } = mistake;
    let found = inert(found);
    match kind {
        MistakeKind::UnknownKey => {
            let keys = Key::ALL.map(Key::word).join(", ");
            format!("{found}: wanted one of {keys}; put it in quotes to look for the text itself.")
        }
        MistakeKind::Sign(key) => format!("{found}: wanted {}.", example(*key)),
        MistakeKind::Value(key) => format!("{found}: wanted {}.", wanted(*key)),
        MistakeKind::TooManyTerms => format!("{found}: a filter has {MOST_TERMS} terms at the most."),
        MistakeKind::TooLong => format!("A filter has {LONGEST} characters at the most."),
    }
}

/// A term with this key.
fn example(key: Key) -> &'static str {
    match key {
        Key::Asset => "asset:BTC",
        Key::Amount => "amount>1.5 or amount<1.5",
        Key::Age => "age>24h or age<24h",
        Key::Account => "account:50222 or account:singh",
        Key::User => "user:51222 or user:singh",
        Key::Reason => "reason:wallet or reason:\"hot wallet\"",
        Key::Flag => "flag:TX! or another word of the column FLAG",
        Key::Status => "status:6 or status:failed",
        Key::To => "to:bc1q, a part of the address",
        Key::Tx => "tx:9f2c, a part of the id",
        Key::Made => "made>2026-11-25 or made<05:50",
    }
}

/// A value that a key can have.
fn wanted(key: Key) -> &'static str {
    match key {
        Key::Amount => "a number, such as amount>0.5",
        Key::Age => "a whole number with s, m, h, d or w, such as age>24h",
        Key::Flag => "TX!, LCK, REL, U!, ODD, -- or dup, such as flag:TX!",
        Key::Made => "a date or a time of the day, UTC, such as made>2026-11-25, made>05:50 or made>2026-11-25T05:50",
        Key::Asset | Key::Account | Key::User | Key::Reason | Key::Status | Key::To | Key::Tx => example(key),
    }
}
