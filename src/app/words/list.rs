//! The words around the list: its counts, why it is empty, and what the operator must know as long as it lasts.

use jiff::Timestamp;

use super::line::{Tone, ToneLine};
use super::wrap::wrap;
use super::{counted, scan};
use crate::app::desk::Desk;
use crate::app::desk::link::Phase;
use crate::app::desk::list::scan::ScanPhase;
use crate::app::list::sort::Sort;
use crate::app::list::unresolved;
use crate::domain::{TicketNumber, time};

/// The counts above the table, two blanks apart; the reading of the list comes last, in what is left of `width` columns.
pub fn counts(desk: &Desk, gone: Option<TicketNumber>, sort: Sort, width: usize) -> Vec<ToneLine> {
    let failed = desk.list().tickets().failed();
    let is_unknown = failed == 0 && desk.list().scan().is_unread();
    let failed = if is_unknown { "?".to_owned() } else { failed.to_string() };
    let mut counts = vec![ToneLine::new(Tone::Strong, format!("Failed {failed}"))];
    let unresolved = unresolved::open(desk);
    if unresolved > 0 {
        counts.push(ToneLine::new(Tone::Danger, format!("{unresolved} UNRESOLVED (u)")));
    }
    let left = |gone| if desk.list().tickets().has(gone) { "is no hit any more" } else { "left the list" };
    counts.extend(gone.map(|gone| ToneLine::new(Tone::Warn, format!("#{gone} {}", left(gone)))));
    if sort != Sort::default() {
        let sign = if sort.is_descending { "v" } else { "^" };
        counts.push(ToneLine::new(Tone::Plain, format!("sort {} {sign}", sort.column.head())));
    }
    let taken: usize = counts.iter().map(|count| count.text.len() + GAP).sum();
    counts.push(scan::words(desk, width.saturating_sub(taken)));
    counts
}

/// Columns between the counts.
pub const GAP: usize = 2;

/// Why there is no ticket on the list.
pub fn empty(desk: &Desk, now: Timestamp) -> ToneLine {
    match (desk.link().phase(), &desk.list().scan().phase) {
        (Phase::Idle | Phase::Opening, _) => ToneLine::new(Tone::Plain, "Connecting to the exchange ..."),
        (Phase::Waiting { why, at, is_kept: true, .. }, _) => {
            let at = time::near(*at, now);
            ToneLine::new(Tone::Warn, format!("There is no link: {why}. Next try {at}; r tries now all the same."))
        }
        (Phase::Waiting { why, .. }, _) => {
            ToneLine::new(Tone::Warn, format!("There is no link: {why}. r tries again now."))
        }
        (Phase::Held(why), _) => ToneLine::new(
            Tone::Danger,
            format!("There is no link: {why}. Nothing is tried again by itself; r tries once."),
        ),
        (Phase::Refused(why), _) => {
            ToneLine::new(Tone::Danger, format!("{why}. Nothing is tried again by itself; r tries once."))
        }
        (Phase::Up, ScanPhase::Stopped(why)) => {
            ToneLine::new(Tone::Danger, format!("The list could not be read: {why}. r tries again."))
        }
        (Phase::Up, ScanPhase::Complete | ScanPhase::AtDepth | ScanPhase::AtLimit)
            if desk.list().scan().unreadable() > 0 =>
        {
            let count = desk.list().scan().unreadable();
            let text =
                format!("No failed ticket among those that can be read; {} could not be read.", counted(count, "row"));
            ToneLine::new(Tone::Danger, text)
        }
        (Phase::Up, ScanPhase::Complete) => ToneLine::new(Tone::Good, "No failed withdrawals."),
        (Phase::Up, ScanPhase::AtDepth | ScanPhase::AtLimit) => {
            ToneLine::new(Tone::Plain, "None of the tickets read so far is failed.")
        }
        (Phase::Up, ScanPhase::Idle | ScanPhase::Reading | ScanPhase::Paused) => {
            ToneLine::new(Tone::Plain, "Reading the list ...")
        }
    }
}

/// The last `rows` lines: a warning, and what happened last above it, each wrapped as far as there is room.
pub fn messages(desk: &Desk, notice: Option<&str>, now: Timestamp, rows: usize, width: usize) -> Vec<ToneLine> {
    let mut lines = Vec::new();
    if let Some(warning) = notice.map(str::to_owned).or_else(|| standing_warning(desk, now)) {
        lines.extend(wrap(&warning, width).into_iter().take(rows).map(|part| ToneLine::new(Tone::Warn, part)).rev());
    }
    let mut happened = desk.activity().newest();
    while let Some(line) = happened.next().filter(|_| lines.len() < rows) {
        let mut parts = wrap(&format!("{} {}", time::clock_time(line.at), line.text), width);
        // The part without room is cut at the window's edge, where a sign says so.
        let cut = parts.split_off(parts.len().min(rows - lines.len() - 1)).join(" ");
        parts.extend((!cut.is_empty()).then_some(cut));
        lines.extend(parts.into_iter().map(|part| ToneLine::new(Tone::Muted, part)).rev());
    }
    lines.reverse();
    lines
}

/// A warning that lasts, as long as its cause does.
fn standing_warning(desk: &Desk, now: Timestamp) -> Option<String> {
    let failed = &desk.cancels().journal().failed;
    let no_journal = failed.as_ref().map(|why| format!("NO JOURNAL, NO SEND: {why}"));
    no_journal.or_else(|| desk.mismatch()).or_else(|| held(desk, now))
}

/// A link that does not come back soon by itself; while the list is empty, that stands in its place.
fn held(desk: &Desk, now: Timestamp) -> Option<String> {
    let is_empty = desk.list().tickets().rows() == 0;
    match desk.link().phase() {
        _ if is_empty => None,
        Phase::Held(why) => Some(format!("NO LINK: {why}. r tries once.")),
        Phase::Waiting { why, at, is_kept: true, .. } => {
            Some(format!("NO LINK: {why}. Next try {}, r now.", time::near(*at, now)))
        }
        _ => None,
    }
}
