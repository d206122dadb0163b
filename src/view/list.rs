//! The list screen: counts, table, preview, what happened last.

use super::canvas::Canvas;
use super::theme::Theme;
use super::{preview, scan_words, ticket_table};
use crate::app::State;
use crate::app::console::wrap::wrap;
use crate::app::console::{geometry, unresolved_list};
use crate::app::desk::Desk;
use crate::app::desk::link::Phase;
use crate::app::desk::list::scan::ScanPhase;
use crate::domain::time;

/// Columns between the counts.
const GAP: u16 = 2;

pub(super) fn render(state: &State, theme: &Theme, canvas: &mut Canvas<'_>) {
    let rows = geometry::list(state.size, state.console.preview);
    let table = u16::try_from(rows.table).unwrap_or(u16::MAX);
    render_counts(state, theme, canvas);
    ticket_table::render_heads(2, theme, canvas);
    if state.desk.list().tickets().rows() == 0 {
        render_empty(&state.desk, theme, canvas);
    } else {
        ticket_table::render_rows(state, 3, theme, canvas);
    }
    let below = 3 + table;
    if rows.preview > 0 {
        canvas.rule(below, theme.muted);
        preview::render(state, below + 1, rows.preview - 1, theme, canvas);
    }
    render_messages(state, below + rows.preview, rows.activity + 1, theme, canvas);
}

/// The last rows: a warning, wrapped upwards as far as there is room, and what happened last above it.
fn render_messages(state: &State, y: u16, rows: u16, theme: &Theme, canvas: &mut Canvas<'_>) {
    let rows = usize::from(rows);
    let width = usize::from(canvas.width()).saturating_sub(2);
    let warning = state.console.notice.clone().or_else(|| standing_warning(&state.desk));
    let mut lines: Vec<(String, ratatui::style::Style)> = Vec::new();
    if let Some(warning) = warning {
        lines.extend(wrap(&warning, width).into_iter().take(rows).map(|part| (part, theme.warn)).rev());
    }
    let happened = state.desk.activity().newest().map(|line| format!("{} {}", time::clock_time(line.at), line.text));
    lines.extend(happened.take(rows - lines.len()).map(|line| (line, theme.muted)));
    for (y, (line, style)) in (y..).zip(lines.into_iter().rev()) {
        canvas.text(1, y, &line, style);
    }
}

/// What the operator must know as long as it lasts.
fn standing_warning(desk: &Desk) -> Option<String> {
    desk.cancels()
        .journal()
        .failed
        .as_ref()
        .map(|why| format!("NO JOURNAL, NO SEND: {why}"))
        .or_else(|| desk.mismatch())
}

fn render_counts(state: &State, theme: &Theme, canvas: &mut Canvas<'_>) {
    let desk = &state.desk;
    let mut x = canvas.text(1, 1, &format!("Failed {}", desk.list().tickets().failed()), theme.heading);
    let unresolved = unresolved_list::open(desk);
    if unresolved > 0 {
        x = canvas.text(x, 1, &format!("  {unresolved} UNRESOLVED (u)"), theme.danger);
    }
    if let Some(gone) = state.console.selection.gone {
        x = canvas.text(x, 1, &format!("  #{gone} left the list"), theme.warn);
    }
    let room = usize::from(canvas.width().saturating_sub(x + GAP));
    let (scanned, style) = scan_words::words(desk, room, theme);
    canvas.text(x + GAP, 1, &scanned, style);
}

fn render_empty(desk: &Desk, theme: &Theme, canvas: &mut Canvas<'_>) {
    let (text, style) = match (desk.link().phase(), &desk.list().scan().phase) {
        (Phase::Idle | Phase::Opening, _) => ("Connecting to the exchange ...".to_owned(), theme.normal),
        (Phase::Waiting { why, .. }, _) => (format!("There is no link: {why}. r tries again now."), theme.warn),
        (Phase::Refused(why), _) => (format!("{why}. Nothing is tried again by itself; r tries once."), theme.danger),
        (Phase::Up, ScanPhase::Stopped(why)) => {
            (format!("The list could not be read: {why}. r tries again."), theme.danger)
        }
        (Phase::Up, ScanPhase::Complete) => ("No failed withdrawals.".to_owned(), theme.good),
        (Phase::Up, ScanPhase::AtDepth | ScanPhase::AtLimit) => {
            ("None of the tickets read so far is failed.".to_owned(), theme.normal)
        }
        (Phase::Up, ScanPhase::Idle | ScanPhase::Reading | ScanPhase::Paused) => {
            ("Reading the list ...".to_owned(), theme.normal)
        }
    };
    let width = usize::from(canvas.width().saturating_sub(4));
    for (y, line) in (4..).zip(wrap(&text, width)) {
        canvas.text(2, y, &line, style);
    }
}
