//! The release dialog: what is known of the open intent, what was read now, and what a release means.

use super::cancel_dialog::{frame, tail};
use super::canvas::{Canvas, Line};
use super::theme::Theme;
use crate::app::State;
use crate::app::console::dialog_text;
use crate::app::console::release_dialog::{Field, ReleaseDialog};
use crate::app::desk::Desk;
use crate::app::desk::cancels::cancellation::Cancellation;
use crate::app::desk::cancels::release::EARLY_WORD;
use crate::app::desk::cancels::releasing::age_of;
use crate::domain::{Boot, Now, Outcome, time};

/// Columns of a fact's label.
const LABEL: usize = 10;

/// What a release means.
pub const WARNING: &str = "! The first request may still act. Released, the ticket can be canceled a second time, and both may count. \
                       It goes on being watched.";

pub(super) fn render(state: &State, dialog: &ReleaseDialog, theme: &Theme, canvas: &mut Canvas<'_>) {
    let Some(cancellation) = state.desk.cancels().get(dialog.intent) else { return };
    let width = dialog_text::text_width(state.size);
    let ticket = cancellation.ticket();
    let mut lines: Vec<Line> = Line::paragraph("", WARNING, width, theme.danger).collect();
    lines.push(Line::new("", theme.normal));
    for (label, value) in facts(&state.desk, cancellation, dialog.since, state.now) {
        lines.extend(Line::labelled(label, LABEL, &value, width.saturating_sub(LABEL), theme.normal));
    }
    lines.push(Line::new("", theme.normal));
    lines.extend(form(state, dialog, cancellation, width, theme));
    if let Some(hint) = &dialog.hint {
        lines.extend(Line::paragraph("", hint, width, theme.warn));
    }
    frame(&format!(" Release the lock of ticket {ticket}? "), &lines, width, theme, canvas);
}

/// What is known of the open intent, and what was read since the release was asked for, each under its label.
pub fn facts(desk: &Desk, cancellation: &Cancellation, since: Boot, now: Now) -> [(&'static str, String); 3] {
    let progress = &cancellation.progress;
    let age = age_of(cancellation, now).as_secs();
    let sent = match progress.sent_at {
        Some(at) => format!("{}, {} min {} s ago", time::date_time(at), age / 60, age % 60),
        None => format!("not recorded; opened {}, {} min ago", time::date_time(progress.opened_at), age / 60),
    };
    let stands = cancellation.outcome.map_or("not settled", Outcome::word);
    let receipt = progress.receipt.map_or_else(|| "not decided".to_owned(), |receipt| receipt.to_string());
    let read = match desk.cancels().seen_since(cancellation.intent, since) {
        Some(seen) => format!("{} {}, by {}", time::clock_time(seen.at), seen.status.with_number(), seen.by_label),
        None => match &cancellation.reads.trouble {
            Some(why) => format!("no good read: {why}"),
            None if desk.ready().is_none() => "no link, so it cannot be read now".to_owned(),
            None => "reading the ticket ...".to_owned(),
        },
    };
    [
        ("Sent", sent),
        ("Stands", format!("{stands}, receipt {receipt}, intent {}", cancellation.intent.short())),
        ("Read now", read),
    ]
}

fn form(state: &State, dialog: &ReleaseDialog, cancellation: &Cancellation, width: usize, theme: &Theme) -> Vec<Line> {
    let field = |field: Field, label: &str, text: &str| {
        let (mark, cursor) = if dialog.field == field { (">", "_") } else { (" ", "") };
        let shown = tail(text, width.saturating_sub(label.len() + 4));
        Line::new(format!("{mark} {label}{shown}{cursor}"), theme.heading)
    };
    let mut lines = vec![
        field(Field::Number, "Type the ticket number:  ", &dialog.order.number),
        field(Field::Reason, "Reason:  ", &dialog.order.reason),
    ];
    if state.desk.is_early(cancellation, state.now) {
        let label = format!("Sent less than 15 minutes ago. Type the word `{EARLY_WORD}`:  ");
        lines.push(field(Field::Word, &label, &dialog.order.word));
    }
    let ticket = cancellation.ticket();
    lines.push(Line::new(format!("  [ Esc  Keep the lock ]    ( Enter  Release ticket {ticket} )"), theme.normal));
    lines
}
