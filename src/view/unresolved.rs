//! The cancels that are not settled: shown first at start.

use super::canvas::{Canvas, Line};
use super::outcome;
use super::theme::Theme;
use crate::app::State;
use crate::app::console::unresolved_list;
use crate::domain::text::inert;
use crate::domain::{IntentId, time};
use crate::journal::Unresolved;

/// Header, footer and the line that says where we are.
const ROWS_AROUND: usize = 3;
/// A cancel takes this many rows at the most.
const ROWS_OF_ONE: usize = 5;

pub(super) fn render(state: &State, selected: Option<IntentId>, theme: &Theme, canvas: &mut Canvas<'_>) {
    let desk = &state.desk;
    let rows = unresolved_list::rows(desk);
    let width = usize::from(canvas.width()).saturating_sub(6);
    let heading = match unresolved_list::open(desk) {
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
        lines.extend(Line::paragraph(" ", &text, width, theme.danger));
        lines.push(Line::new("", theme.normal));
    }
    if desk.cancels().journal().failed.is_none() || !rows.is_empty() {
        lines.push(Line::new(heading, theme.heading));
        lines.push(Line::new("", theme.normal));
    }
    let mut selected_line = 0;
    for intent in rows {
        let (title, stands) = match desk.cancels().get(intent) {
            Some(cancellation) => {
                let record = &cancellation.record;
                let title =
                    one_line(&record.ticket, record.amount.as_deref(), &record.asset, cancellation.progress.opened_at);
                (title, outcome::headline(cancellation, desk).0)
            }
            None => match desk.cancels().journal().open.iter().find(|open| open.id == intent) {
                Some(open) => (title(open), format!("{}. It is read as soon as there is a link.", open.holder())),
                None => continue,
            },
        };
        let is_selected = selected == Some(intent);
        if is_selected {
            selected_line = lines.len();
        }
        let mark = if is_selected { ">" } else { " " };
        lines.push(Line::new(format!("{mark} {title}"), if is_selected { theme.selected } else { theme.normal }));
        lines.extend(Line::paragraph("     ", &stands, width, theme.warn));
    }
    let elsewhere: Vec<&Unresolved> = desk.unresolved_elsewhere().collect();
    if !elsewhere.is_empty() {
        lines.push(Line::new("", theme.normal));
        lines.push(Line::new(
            " Of other exchanges; not read through this link, and nothing here is locked by them:",
            theme.muted,
        ));
        for open in elsewhere {
            lines.push(Line::new(format!("   {}: {}", inert(&open.stamp.exchange), title(open)), theme.muted));
        }
    }
    // The selected row, and what stands under it, is always in sight.
    let room = usize::from(canvas.height()).saturating_sub(ROWS_AROUND);
    canvas.scrolled(&lines, (selected_line + ROWS_OF_ONE).saturating_sub(room), theme.warn);
}

fn title(open: &Unresolved) -> String {
    one_line(&open.intent.ticket, open.intent.amount.as_deref(), &open.intent.asset, open.opened_at)
}

fn one_line(ticket: &str, amount: Option<&str>, asset: &str, opened_at: jiff::Timestamp) -> String {
    format!("#{ticket}   {} {}   opened {}", inert(amount.unwrap_or("?")), inert(asset), time::date_time(opened_at))
}
