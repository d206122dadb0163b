//! The form of the cancel dialog: what is typed and chosen, and the line of its buttons.

use crate::app::desk::cancels::attempt::{Confirmation, WORD, why_word};
use crate::app::words::dialog::field;
use crate::app::words::line::{Tone, ToneLine};
use crate::domain::{Ticket, TicketNumber};

/// The field that takes what is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CancelField {
    /// The ticket number: where the dialog opens.
    #[default]
    Number,
    /// The second word, where the ticket needs one.
    Word,
    /// Why.
    Reason,
    /// The operator's own words.
    Note,
}

/// A cancel while it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelForm<'a> {
    /// As it was typed so far.
    pub typed: &'a Confirmation,
    /// The field that takes what is typed.
    pub field: CancelField,
    /// True if an Enter would confirm.
    pub is_armed: bool,
    /// Why the last key did nothing, or what happened to the dialog.
    pub hint: Option<&'a str>,
    /// The facts that are off the top, and those that were on the screen so far.
    pub reading: Reading,
}

/// How far the facts of a dialog were read, where the window has no room for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Facts off the top.
    pub scroll: usize,
    /// Facts that were on the screen so far, from the first.
    pub seen: usize,
}

/// Rows for the fields, the buttons and a hint.
pub(super) fn form_rows(ticket: &Ticket, width: usize) -> usize {
    let typed = Confirmation::default();
    let form = CancelForm {
        typed: &typed,
        field: CancelField::default(),
        is_armed: false,
        hint: None,
        reading: Reading::default(),
    };
    fields(&form, ticket, width).len() + 2
}

/// The fields, and the label of each.
pub(super) fn fields(form: &CancelForm<'_>, ticket: &Ticket, width: usize) -> Vec<ToneLine> {
    let CancelForm { typed, field: focus, .. } = form;
    let mark = if *focus == CancelField::Reason { ">" } else { " " };
    let reason = typed.decision.reason.word();
    let mut lines = vec![ToneLine::new(Tone::Plain, format!("{mark} Reason    < {reason} >   (journal only)"))];
    lines.extend(field(Tone::Plain, "Note      ", &typed.decision.note, *focus == CancelField::Note, width));
    let label = "Type the ticket number to arm:  ";
    lines.extend(field(Tone::Strong, label, &typed.number, *focus == CancelField::Number, width));
    if let Some(why) = why_word(ticket) {
        let label = format!("{why}. Type the word `{WORD}`:  ");
        lines.extend(field(Tone::Danger, &label, &typed.word, *focus == CancelField::Word, width));
    }
    lines
}

/// The last line, in the longest form in which every word for the state fits, so that it stands still as the state changes.
pub(super) fn buttons(act: &str, number: TicketNumber, state: &str, width: usize) -> String {
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
