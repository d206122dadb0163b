//! The cancel dialog: the ticket's facts, wrapped in full, how much room they need, the form under them, and how it ended.

use super::dialog::{Dialog, field, text_width};
use super::line::{Tone, ToneLine};
use super::wrap::wrap;
use crate::app::Size;
use crate::app::desk::Desk;
use crate::app::desk::cancels::attempt::{
    Attempt, AttemptEnd, Confirmation, Fresh, NotSent, Stage, WORD, needs_word, why_word,
};
use crate::domain::{RemoteText, Ticket, TicketNumber, time};

/// Rows for the fields, the buttons and the hint, under the facts.
pub const FORM_ROWS: usize = 5;
/// Rows of header, frame and footer around both.
const FRAME_ROWS: usize = 4;
/// Columns of a fact's label.
const LABEL: usize = 10;

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
}

/// How far the attempt of a dialog got.
#[derive(Clone, Copy, Debug)]
pub enum AttemptState<'a> {
    /// The desk has it.
    Open(&'a Stage),
    /// It ended.
    Ended(&'a AttemptEnd),
    /// The desk was asked for it, and has not answered yet.
    Asked,
}

impl<'a> AttemptState<'a> {
    /// Of the desk's attempt.
    pub fn of(attempt: Option<&'a Attempt>) -> Self {
        attempt.map_or(Self::Asked, |attempt| Self::Open(&attempt.stage))
    }
}

/// The dialog of a ticket's attempt, as far as it got.
pub fn dialog(
    desk: &Desk,
    ticket: TicketNumber,
    stands: AttemptState<'_>,
    form: &CancelForm<'_>,
    size: Size,
) -> Dialog {
    let width = text_width(size);
    let mut lines = Vec::new();
    match stands {
        AttemptState::Open(stage @ (Stage::Shown(fresh) | Stage::Confirming(fresh, _))) => {
            lines = facts(fresh, desk, width);
            let standing = match (stage, form.is_armed, rows_missing(&lines, fresh, size)) {
                (Stage::Confirming(..), ..) => ToneLine::new(Tone::Warn, "reading ..."),
                (_, _, Some(rows)) => ToneLine::new(Tone::Warn, format!("needs {}x{rows}", size.width)),
                (_, true, None) => ToneLine::new(Tone::Danger, "ARMED"),
                (_, false, None) => ToneLine::new(Tone::Muted, "not armed"),
            };
            lines.extend(fields(form, &fresh.ticket, width));
            let act = if desk.permit().is_some() { "Cancel" } else { "Rehearse" };
            let text = buttons(act, fresh.ticket.number, &standing.text, width);
            lines.push(ToneLine::new(standing.tone, text));
        }
        AttemptState::Open(Stage::Reading) if desk.session().is_none() => {
            let text = format!("The link was lost. Ticket {ticket} is read as soon as it is back.");
            lines.extend(ToneLine::wrapped(Tone::Warn, &text, width));
        }
        AttemptState::Open(Stage::Reading) | AttemptState::Asked => {
            lines.push(ToneLine::new(Tone::Plain, format!("Reading ticket {ticket} ...")));
        }
        AttemptState::Open(Stage::Opening(_)) | AttemptState::Ended(AttemptEnd::Handed(_)) => {
            lines.push(ToneLine::new(Tone::Plain, "Writing the intent to the journal ..."));
        }
        AttemptState::Ended(AttemptEnd::Locked(why)) => {
            lines.extend(closed("This ticket cannot be canceled here now.", why, width));
        }
        AttemptState::Ended(AttemptEnd::Kept) => lines.extend(closed("The ticket was kept.", "", width)),
        AttemptState::Ended(AttemptEnd::Rehearsed(frame)) => lines.extend(rehearsal(desk, frame, width)),
        AttemptState::Ended(AttemptEnd::NotSent(why)) => lines.extend(not_sent(why, width)),
    }
    if let Some(hint) = form.hint {
        lines.extend(ToneLine::wrapped(Tone::Warn, hint, width));
    }
    Dialog { title: format!("Cancel failed withdrawal {ticket}?"), lines }
}

fn fields(form: &CancelForm<'_>, ticket: &Ticket, width: usize) -> Vec<ToneLine> {
    let CancelForm { typed, field: focus, .. } = form;
    let mark = if *focus == CancelField::Reason { ">" } else { " " };
    let reason = typed.decision.reason.word();
    let mut lines = vec![
        ToneLine::new(Tone::Plain, format!("{mark} Reason    < {reason} >   (journal only)")),
        field(Tone::Plain, "Note      ", &typed.decision.note, *focus == CancelField::Note, width),
        field(Tone::Strong, "Type the ticket number to arm:  ", &typed.number, *focus == CancelField::Number, width),
    ];
    if let Some(why) = why_word(ticket) {
        let label = format!("{why}. Type the word `{WORD}`:  ");
        lines.push(field(Tone::Danger, &label, &typed.word, *focus == CancelField::Word, width));
    }
    lines
}

/// The facts of a fresh read, line by line.
pub fn facts(fresh: &Fresh, desk: &Desk, width: usize) -> Vec<ToneLine> {
    let ticket = &fresh.ticket;
    let settings = desk.settings();
    let environment = if settings.is_production() { "PRODUCTION" } else { settings.environment.as_str() };
    let host = desk.session().map_or("", |session| session.host.as_str());
    let asks = match desk.permit() {
        Some(_) => format!("Asks {environment} {host} to cancel ONE failed withdrawal. There is no undo."),
        None => format!("Read-only rehearsal on {environment} {host}: nothing will be sent."),
    };
    let mut lines: Vec<ToneLine> = ToneLine::wrapped(Tone::Plain, &asks, width).collect();
    let none = || "not given".to_owned();
    let text = |value: &Option<RemoteText>| value.as_ref().map_or_else(none, RemoteText::exact);
    let asset = ticket.asset_label();
    let mut fact = |label: &str, value: String| {
        for (index, part) in wrap(&value, width.saturating_sub(LABEL)).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            lines.push(ToneLine::new(Tone::Plain, format!("{label:<LABEL$}{part}")));
        }
    };
    let read_at = time::clock_time(fresh.at.wall);
    fact("Ticket", format!("{}   {}, read {read_at}", ticket.number, ticket.status.with_number()));
    fact("Amount", format!("{} {asset}", ticket.amount_label()));
    fact("Fee", format!("{} {asset}", ticket.fee_label()));
    fact("Account", ticket.account_label());
    fact("To", text(&ticket.destination));
    let reason = ticket.reason().as_ref().map_or_else(none, RemoteText::inert);
    let clear = if ticket.is_clear() { format!("   (tx id: {})", ticket.transaction_words()) } else { String::new() };
    fact("Failed", format!("{reason}{clear}"));
    fact("Code", text(&ticket.request_code));
    let updated = ticket.times.updated.map_or_else(none, time::date_time);
    fact("Changed", format!("{updated} by {}", ticket.updated_by_label()));
    if needs_word(ticket) {
        if !ticket.is_clear() {
            let confirmed = if ticket.transaction.is_confirmed() { ", confirmed" } else { "" };
            let told =
                ticket.tx_id().map_or_else(|| ticket.transaction_words(), |_| ticket.transaction_words() + confirmed);
            let warning = format!("! STOP  Money may have left. Check the chain first. Transaction: {told}.");
            lines.extend(ToneLine::wrapped(Tone::Danger, &warning, width));
        }
        if !ticket.is_amount_known() {
            let warning = "! STOP  The exchange does not tell the amount: nobody knows here how much is canceled.";
            lines.extend(ToneLine::wrapped(Tone::Danger, warning, width));
        }
    }
    if let Some(odd) = ticket.odd_label() {
        let (mark, tone) = if ticket.is_ground_odd() { ("! STOP  ", Tone::Danger) } else { ("", Tone::Warn) };
        let warning = format!("{mark}Not known here, since it came in an unknown form: {odd}.");
        lines.extend(ToneLine::wrapped(tone, &warning, width));
    }
    if let Some(released) = desk.cancels().released(ticket.number) {
        let opened = time::date_time(released.progress.opened_at);
        let reason = released.release.as_ref().map_or("", |release| release.reason.as_str());
        let warning = format!(
            "! A cancel of it opened {opened} was released ({}) and may STILL ACT.",
            crate::domain::text::inert(reason)
        );
        lines.extend(ToneLine::wrapped(Tone::Danger, &warning, width));
    }
    let twins = desk.list().tickets().twins(ticket);
    if !twins.is_empty() {
        let twins: Vec<String> = twins.iter().map(|twin| format!("#{twin}")).collect();
        let warning = format!("! Same account, asset and amount also failed: {}. Check which one.", twins.join(", "));
        lines.extend(ToneLine::wrapped(Tone::Danger, &warning, width));
    }
    lines.push(ToneLine::new(Tone::Plain, ""));
    lines
}

/// The rows a window of this width must have to show all of it, if it has fewer; nothing is armed there.
pub fn rows_missing(facts: &[ToneLine], fresh: &Fresh, size: Size) -> Option<usize> {
    let needed = facts.len() + FORM_ROWS + usize::from(needs_word(&fresh.ticket)) + FRAME_ROWS;
    (needed > usize::from(size.height)).then_some(needed)
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

fn closed(title: &str, why: &str, width: usize) -> Vec<ToneLine> {
    let mut lines = vec![ToneLine::new(Tone::Strong, title), ToneLine::new(Tone::Plain, "")];
    lines.extend(ToneLine::wrapped(Tone::Warn, why, width));
    lines.push(ToneLine::new(Tone::Plain, ""));
    lines.push(ToneLine::new(Tone::Strong, "Nothing was sent.   Esc back"));
    lines
}

fn rehearsal(desk: &Desk, frame: &str, width: usize) -> Vec<ToneLine> {
    let why = desk.mismatch().unwrap_or_else(|| "Start with --write to send.".to_owned());
    let text = format!("Read-only session: this frame would have been sent, once. {why}");
    let mut lines: Vec<ToneLine> = ToneLine::wrapped(Tone::Strong, &text, width).collect();
    lines.push(ToneLine::new(Tone::Plain, ""));
    lines.extend(ToneLine::wrapped(Tone::Plain, frame, width));
    lines.push(ToneLine::new(Tone::Plain, ""));
    lines.push(ToneLine::new(Tone::Strong, "Nothing was sent.   Esc back"));
    lines
}

fn not_sent(why: &NotSent, width: usize) -> Vec<ToneLine> {
    let NotSent::Changed { differences, by } = why else {
        return closed("NotSent", &why.to_string(), width);
    };
    let mut lines = vec![
        ToneLine::new(Tone::Danger, "NotSent: the ticket changed since the dialog showed it."),
        ToneLine::new(Tone::Plain, format!("Last changed by {by}.")),
        ToneLine::new(Tone::Plain, ""),
    ];
    let column = width.saturating_sub(16) / 2;
    lines.push(ToneLine::new(Tone::Strong, format!("{:<15} {:<column$} {}", "FACT", "DIALOG", "NOW")));
    for found in differences {
        let (shown, read) = (wrap(&found.shown, column.saturating_sub(1)), wrap(&found.read, column));
        for row in 0..shown.len().max(read.len()) {
            let cell = |parts: &[String]| parts.get(row).cloned().unwrap_or_default();
            let fact = if row == 0 { found.fact } else { "" };
            lines.push(ToneLine::new(Tone::Plain, format!("{fact:<15} {:<column$} {}", cell(&shown), cell(&read))));
        }
    }
    lines.push(ToneLine::new(Tone::Plain, ""));
    lines.push(ToneLine::new(Tone::Strong, "Nothing was sent.   Esc back"));
    lines
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
