//! The cancels that are not settled: shown first at start.

use super::desk::cancels;
use super::line::{Tone, ToneLine};
use super::outcome;
use crate::app::Size;
use crate::app::desk::Desk;
use crate::app::list::unresolved;
use crate::domain::text::inert;
use crate::domain::{IntentId, time};
use crate::journal::Unresolved;

/// The page of unresolved cancels, and how far it is scrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnresolvedPage {
    /// Its lines.
    pub lines: Vec<ToneLine>,
    /// Lines off the top, so that the selected cancel is in sight.
    pub scroll: usize,
}

/// Header, footer and the line that says where we are.
const ROWS_AROUND: usize = 3;
/// A cancel takes this many rows at the most.
const ROWS_OF_ONE: usize = 5;

/// The question before a session ends that leaves cancels open.
pub fn leaves_open(open: usize) -> String {
    match open {
        1 => "A cancel is not settled. q again leaves; its intent stands open in the journal.".to_owned(),
        _ => format!("{open} cancels are not settled. q again leaves; their intents stand open in the journal."),
    }
}

/// The page for a window of `size`, scrolled so that the selected cancel is in sight.
pub fn page(desk: &Desk, selected: Option<IntentId>, size: Size) -> UnresolvedPage {
    let rows = unresolved::rows(desk);
    let width = usize::from(size.width).saturating_sub(6);
    let heading = match unresolved::open(desk) {
        0 if rows.is_empty() => " No cancel is unresolved on this exchange.".to_owned(),
        0 => " All that was unresolved on this exchange is settled now.".to_owned(),
        count => format!(" {count} UNRESOLVED on this exchange; locked until settled or released, read again."),
    };
    let mut lines = Vec::new();
    if let Some(why) = &desk.cancels().journal().failed {
        // Never "none is unresolved": that is not known.
        let text = format!(
            "The journal failed: {why}. There may be unresolved cancels that are not shown here; `withdraw-desk journal list \
             --open` shows what can be read of it."
        );
        lines.extend(ToneLine::paragraph(Tone::Danger, " ", &text, width));
        lines.push(ToneLine::new(Tone::Plain, ""));
    }
    if desk.cancels().journal().failed.is_none() || !rows.is_empty() {
        lines.push(ToneLine::new(Tone::Strong, heading));
        lines.push(ToneLine::new(Tone::Plain, ""));
    }
    let mut selected_line = 0;
    for intent in rows {
        let (title, stands) = match desk.cancels().get(intent) {
            Some(cancellation) => {
                let record = &cancellation.record;
                let title =
                    one_line(&record.ticket, record.amount.as_deref(), &record.asset, cancellation.progress.opened_at);
                (title, outcome::headline(cancellation, desk).text)
            }
            None => match desk.cancels().journal().open.iter().find(|open| open.id == intent) {
                Some(open) => (title(open), waiting(open)),
                None => continue,
            },
        };
        let is_selected = selected == Some(intent);
        if is_selected {
            selected_line = lines.len();
        }
        let mark = if is_selected { ">" } else { " " };
        lines.push(ToneLine::new(if is_selected { Tone::Selected } else { Tone::Plain }, format!("{mark} {title}")));
        lines.extend(ToneLine::paragraph(Tone::Warn, "     ", &stands, width));
    }
    let elsewhere: Vec<&Unresolved> = desk.unresolved_elsewhere().collect();
    if !elsewhere.is_empty() {
        lines.push(ToneLine::new(Tone::Plain, ""));
        lines.push(ToneLine::new(
            Tone::Muted,
            " Of other exchanges; not read through this link, and nothing here is locked by them:",
        ));
        for open in elsewhere {
            lines.push(ToneLine::new(Tone::Muted, format!("   {}: {}", inert(&open.stamp.exchange), title(open))));
        }
    }
    // The selected row, and what stands under it, is always in sight.
    let room = usize::from(size.height).saturating_sub(ROWS_AROUND);
    UnresolvedPage { lines, scroll: (selected_line + ROWS_OF_ONE).saturating_sub(room) }
}

/// The words on an intent that is not followed here.
fn waiting(open: &Unresolved) -> String {
    let next = match open.intent.change() {
        Some(_) => "It is read as soon as there is a link.",
        None => "This version cannot settle it, and keeps its ticket locked: look at it with the newer program.",
    };
    format!("{}. {next}", cancels::holder(open))
}

fn title(open: &Unresolved) -> String {
    one_line(&open.intent.ticket, open.intent.amount.as_deref(), &open.intent.asset, open.opened_at)
}

fn one_line(ticket: &str, amount: Option<&str>, asset: &str, opened_at: jiff::Timestamp) -> String {
    format!("#{ticket}   {} {}   opened {}", inert(amount.unwrap_or("?")), inert(asset), time::date_time(opened_at))
}
