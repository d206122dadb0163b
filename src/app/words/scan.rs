//! How far the reading of the list got, in one line: no more is claimed than was read.

use super::counted;
use super::line::{Tone, ToneLine};
use crate::app::desk::Desk;
use crate::app::desk::list::scan::{Scan, ScanPhase};
use crate::app::desk::tickets::{Cut, MOST_BYTES, MOST_ROWS};
use crate::domain::text::columns;

const DAY: u64 = 86_400;

/// The words for a line of `room` columns: if there is no room, the date goes first, then that the exchange filters.
pub fn words(desk: &Desk, room: usize) -> ToneLine {
    let (end, tone) = end(desk);
    let extras = extras(desk);
    let filtered = if desk.list().scan().is_filtered() { ", the exchange filters" } else { "" };
    let line = |with_date, filtered| {
        let line = format!("{}{end}{filtered}{extras}", got(desk.list().scan(), with_date));
        line.trim_start_matches(", ").to_owned()
    };
    let lines = [line(true, filtered), line(false, filtered)];
    let fitting = lines.into_iter().find(|line| columns(line) <= room);
    ToneLine::new(tone, fitting.unwrap_or_else(|| line(false, "")))
}

/// `412 read, back to #90001, 2026-08-24`.
fn got(scan: &Scan, with_date: bool) -> String {
    let read = scan.read_so_far();
    // The list may show tickets of the reading before.
    if scan.phase == ScanPhase::Reading && scan.is_unread() {
        return String::new();
    }
    let mut words = match scan.read_before() {
        Some(before) if read <= before => format!("reading again, {read} of {before} read"),
        Some(_) => format!("reading again, {read} read"),
        // Nothing is known of a list that was never read: that is not "0".
        None if scan.is_unread() => "not read".to_owned(),
        None => format!("{read} read"),
    };
    if let Some(oldest) = scan.back_from_newest_to() {
        words.push_str(&format!(", back to #{oldest}"));
    }
    if let Some(made) = scan.back_to_time().filter(|_| with_date) {
        words.push_str(&made.strftime(", %Y-%m-%d").to_string());
    }
    words
}

/// Why it ended, or that it did not.
fn end(desk: &Desk) -> (String, Tone) {
    match &desk.list().scan().phase {
        ScanPhase::Idle => (String::new(), Tone::Plain),
        ScanPhase::Reading if desk.list().scan().read_before().is_some() => (String::new(), Tone::Plain),
        ScanPhase::Reading => (", reading ...".to_owned(), Tone::Plain),
        ScanPhase::Paused => ("; the link was lost, goes on after it is back".to_owned(), Tone::Warn),
        ScanPhase::Complete => (", end of list".to_owned(), Tone::Plain),
        ScanPhase::AtDepth => {
            let days = desk.settings().limits.scan_depth.as_secs() / DAY;
            (format!(", {days} days; no further"), Tone::Plain)
        }
        ScanPhase::AtLimit => (", STOPPED at the row limit".to_owned(), Tone::Warn),
        ScanPhase::Stopped(_) => (", STOPPED early: r goes on".to_owned(), Tone::Danger),
    }
}

/// The oddities that were met on the way.
fn extras(desk: &Desk) -> String {
    let scan = desk.list().scan();
    let mut words = String::new();
    match desk.list().tickets().cut() {
        Some(Cut::Rows) => words.push_str(&format!(", CUT at {MOST_ROWS} failed tickets")),
        Some(Cut::Bytes) => words.push_str(&format!(", CUT at {} MB of failed tickets", MOST_BYTES / 1_048_576)),
        None => {}
    }
    if scan.unreadable() > 0 {
        words.push_str(&format!(", {} unreadable", counted(scan.unreadable(), "row")));
    }
    if scan.unknown_statuses() > 0 {
        words.push_str(&format!(", unknown statuses: {}", scan.unknown_statuses()));
    }
    if desk.link().record().unreadable > 0 {
        words.push_str(&format!(", unreadable messages: {}", desk.link().record().unreadable));
    }
    words
}
