//! The cancel dialog. It replaces the list; no button has the focus, and none is labelled "Cancel" for leaving.

use super::canvas::{Canvas, Line};
use super::theme::Theme;
use crate::app::State;
use crate::app::console::cancel_dialog::{CancelDialog, Field, TX_WORD};
use crate::app::console::dialog_text;
use crate::app::console::wrap::wrap;
use crate::app::desk::cancels::attempt::{Attempt, NotSent, Stage, why_word};
use crate::domain::{Ticket, TicketNumber};

pub(super) fn render(state: &State, dialog: &CancelDialog, theme: &Theme, canvas: &mut Canvas<'_>) {
    let Some(attempt) = &state.desk.cancels().attempt() else { return };
    let width = dialog_text::text_width(state.size);
    let mut lines = Vec::new();
    match &attempt.stage {
        Stage::Shown(fresh) | Stage::Confirming(fresh, _) => {
            let facts = dialog_text::facts(fresh, &state.desk, width);
            let missing = dialog_text::rows_missing(&facts, fresh, state.size);
            lines.extend(facts.into_iter().map(|line| Line { style: theme.of(line.tone), text: line.text }));
            lines.extend(form(state, (attempt, &fresh.ticket), dialog, missing, theme));
        }
        Stage::Reading if state.desk.session().is_none() => {
            let text = format!("The link was lost. Ticket {} is read as soon as it is back.", attempt.ticket);
            lines.extend(Line::paragraph("", &text, width, theme.warn));
        }
        Stage::Reading => lines.push(Line::new(format!("Reading ticket {} ...", attempt.ticket), theme.normal)),
        Stage::Opening(_) | Stage::Handed(_) => {
            lines.push(Line::new("Writing the intent to the journal ...", theme.normal));
        }
        Stage::Locked(why) => lines.extend(closed("This ticket cannot be canceled here now.", why, width, theme)),
        Stage::Rehearsed(frame) => lines.extend(rehearsal(state, frame, width, theme)),
        Stage::NotSent(why) => lines.extend(not_sent(why, width, theme)),
    }
    if let Some(hint) = &dialog.hint {
        lines.extend(Line::paragraph("", hint, width, theme.warn));
    }
    frame(&format!(" Cancel failed withdrawal {}? ", attempt.ticket), &lines, width, theme, canvas);
}

fn form(
    state: &State,
    (attempt, ticket): (&Attempt, &Ticket),
    dialog: &CancelDialog,
    missing: Option<usize>,
    theme: &Theme,
) -> Vec<Line> {
    let mark = |field: Field| if dialog.field == field { ">" } else { " " };
    let is_armed = dialog.is_armed(ticket);
    let cursor = if dialog.field == Field::Number { "_" } else { "" };
    let note_cursor = if dialog.field == Field::Note { "_" } else { "" };
    let (state_word, style) = match (&attempt.stage, is_armed, missing) {
        (Stage::Confirming(..), ..) => ("reading ...".to_owned(), theme.warn),
        (_, _, Some(rows)) => (format!("needs {}x{rows}", state.size.width), theme.warn),
        (_, true, None) => ("ARMED".to_owned(), theme.danger),
        (_, false, None) => ("not armed".to_owned(), theme.muted),
    };
    let note = tail(&dialog.decision.note, dialog_text::text_width(state.size).saturating_sub(14));
    let act = if state.desk.permit().is_some() { "Cancel" } else { "Rehearse" };
    let mut lines = vec![
        Line::new(
            format!("{} Reason    < {} >   (journal only)", mark(Field::Reason), dialog.decision.reason.word()),
            theme.normal,
        ),
        Line::new(format!("{} Note      {note}{note_cursor}", mark(Field::Note)), theme.normal),
        Line::new(
            format!("{} Type the ticket number to arm:  {}{cursor}", mark(Field::Number), dialog.typed),
            theme.heading,
        ),
    ];
    if let Some(why) = why_word(ticket) {
        let cursor = if dialog.field == Field::Word { "_" } else { "" };
        let text = format!("{} {why}. Type the word `{TX_WORD}`:  {}{cursor}", mark(Field::Word), dialog.word);
        lines.push(Line::new(text, theme.danger));
    }
    let width = dialog_text::text_width(state.size);
    lines.push(Line::new(buttons(act, ticket.number, &state_word, width), style));
    lines
}

/// The last line, in the longest form in which every word for the state fits, so that it stands still as the state changes.
fn buttons(act: &str, number: TicketNumber, state: &str, width: usize) -> String {
    const LONGEST_STATE: usize = "needs 80x100".len();
    let forms = [
        format!("  [ Esc  Keep the ticket ]    ( Enter  {act} ticket {number} )  "),
        format!("[ Esc  Keep the ticket ]  ( Enter  {act} ticket {number} )  "),
        format!("[ Esc  Keep ]  ( Enter  {act} {number} )  "),
    ];
    match forms.iter().find(|form| form.len() + LONGEST_STATE <= width) {
        Some(form) => format!("{form}{state}"),
        // Whatever is cut off, the state is not.
        None => format!("{state}  ( Enter  {act} {number} )  [ Esc  Keep ]"),
    }
}

/// The end of what is typed, as far as there is room.
pub(super) fn tail(text: &str, room: usize) -> String {
    let length = text.chars().count();
    text.chars().skip(length.saturating_sub(room)).collect()
}

fn closed(title: &str, why: &str, width: usize, theme: &Theme) -> Vec<Line> {
    let mut lines = vec![Line::new(title, theme.heading), Line::new("", theme.normal)];
    lines.extend(Line::paragraph("", why, width, theme.warn));
    lines.push(Line::new("", theme.normal));
    lines.push(Line::new("Nothing was sent.   Esc back", theme.heading));
    lines
}

fn rehearsal(state: &State, frame: &str, width: usize, theme: &Theme) -> Vec<Line> {
    let why = state.desk.mismatch().unwrap_or_else(|| "Start with --write to send.".to_owned());
    let text = format!("Read-only session: this frame would have been sent, once. {why}");
    let mut lines: Vec<Line> = Line::paragraph("", &text, width, theme.heading).collect();
    lines.push(Line::new("", theme.normal));
    lines.extend(Line::paragraph("", frame, width, theme.normal));
    lines.push(Line::new("", theme.normal));
    lines.push(Line::new("Nothing was sent.   Esc back", theme.heading));
    lines
}

fn not_sent(why: &NotSent, width: usize, theme: &Theme) -> Vec<Line> {
    let NotSent::Changed { differences, by } = why else {
        return closed("NotSent", &why.to_string(), width, theme);
    };
    let mut lines = vec![
        Line::new("NotSent: the ticket changed since the dialog showed it.", theme.danger),
        Line::new(format!("Last changed by {by}."), theme.normal),
        Line::new("", theme.normal),
    ];
    let column = width.saturating_sub(16) / 2;
    lines.push(Line::new(format!("{:<15} {:<column$} {}", "FACT", "DIALOG", "NOW"), theme.heading));
    for found in differences {
        let (shown, read) = (wrap(&found.shown, column.saturating_sub(1)), wrap(&found.read, column));
        for row in 0..shown.len().max(read.len()) {
            let cell = |parts: &[String]| parts.get(row).cloned().unwrap_or_default();
            let fact = if row == 0 { found.fact } else { "" };
            lines.push(Line::new(format!("{fact:<15} {:<column$} {}", cell(&shown), cell(&read)), theme.normal));
        }
    }
    lines.push(Line::new("", theme.normal));
    lines.push(Line::new("Nothing was sent.   Esc back", theme.heading));
    lines
}

/// The frame around the dialog; the last lines win where the window is too small, since the form is there.
pub(super) fn frame(title: &str, lines: &[Line], width: usize, theme: &Theme, canvas: &mut Canvas<'_>) {
    let room = usize::from(canvas.height().saturating_sub(4));
    let skipped = lines.len().saturating_sub(room);
    let columns = u16::try_from(width + 4).unwrap_or(u16::MAX).min(canvas.width());
    let x = canvas.width().saturating_sub(columns) / 2;
    let dashes = |count: usize| "-".repeat(count);
    canvas.text(x, 1, &format!("+-{title}{}+", dashes((width + 1).saturating_sub(title.len()))), theme.heading);
    let mut y = 2;
    for line in lines.iter().skip(skipped) {
        canvas.text(x, y, "|", theme.heading);
        canvas.field(x + 2, y, columns.saturating_sub(4), &line.text, line.style);
        canvas.text(x + columns.saturating_sub(1), y, "|", theme.heading);
        y += 1;
    }
    canvas.text(x, y, &format!("+{}+", dashes(width + 2)), theme.heading);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    fn the_state_is_never_cut_off(
        #[values("Cancel", "Rehearse")] act: &str,
        #[values(1, 91_138, 123_456_789, u64::MAX >> 1)] number: u64,
        #[values("ARMED", "not armed", "reading ...", "needs 80x100")] state: &str,
        #[values(36, 76, 96)] width: usize,
    ) {
        let line = buttons(act, TicketNumber(number), state, width);
        let shown: String = line.chars().take(width - 1).collect();
        assert!(line.len() <= width || shown.contains(state), "{line}");
        let has_room = width >= 76 && number <= 123_456_789;
        assert!(
            !has_room || line.contains("Keep the ticket") && line.contains(&format!("{act} ticket {number}")),
            "{line}"
        );
    }
}
