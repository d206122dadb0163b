//! The cancel dialog: the ticket's facts, wrapped in full, the form under them, how it stands, and how it ended.

mod ended;
pub mod form;
pub mod standing;

use self::ended::{closed, not_sent, rehearsal};
use self::form::{CancelForm, buttons, fields};
use self::standing::{Standing, standing, why_unseen};
use super::dialog::{Dialog, text_width};
use super::line::{Tone, ToneLine};
use crate::app::Size;
use crate::app::desk::Desk;
use crate::app::desk::cancels::attempt::{Attempt, AttemptEnd, Fresh, Stage, needs_word};
use crate::domain::{Now, RemoteText, Ticket, TicketNumber, time};

/// Columns of a fact's label.
const LABEL: usize = 10;

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
    now: Now,
) -> Dialog {
    let title = format!("Cancel failed withdrawal {ticket}?");
    let width = text_width(size);
    let mut lines = Vec::new();
    match stands {
        AttemptState::Open(stage @ (Stage::Shown(fresh) | Stage::Confirming(fresh, _))) => {
            let facts = facts(fresh, desk, width);
            let unseen = why_unseen(facts.len(), &fresh.ticket, form.reading, size);
            let standing = match stage {
                Stage::Confirming(..) => Standing { tone: Tone::Warn, text: "reading ...".to_owned(), hint: None },
                _ => standing(unseen, form.is_armed, desk, now),
            };
            lines.extend(fields(form, &fresh.ticket, width));
            let act = if desk.permit().is_some() { "Cancel" } else { "Rehearse" };
            let text = buttons(act, fresh.ticket.number, &standing.text, width);
            lines.push(ToneLine::new(standing.tone, text));
            let hint = form.hint.or(standing.hint.as_deref());
            lines.extend(hint.into_iter().flat_map(|hint| ToneLine::wrapped(Tone::Warn, hint, width)));
            return Dialog { title, facts, form: lines, scroll: form.reading.scroll };
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
    Dialog { title, form: lines, ..Dialog::default() }
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
        lines.extend(ToneLine::labelled(Tone::Plain, label, LABEL, &value, width.saturating_sub(LABEL)));
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
            let warning = amount_unknown(ticket);
            lines.extend(ToneLine::wrapped(Tone::Danger, &warning, width));
        }
        if !ticket.is_amount_positive() {
            let warning = "! STOP  The amount is not above 0: find out what this ticket is before you cancel it.";
            lines.extend(ToneLine::wrapped(Tone::Danger, warning, width));
        }
        if !ticket.is_asset_known() {
            let warning = "! STOP  The exchange does not tell the asset: nobody knows here of what the amount is.";
            lines.extend(ToneLine::wrapped(Tone::Danger, warning, width));
        }
        if let Some(other) = &ticket.other_destination {
            let warning = format!("! STOP  The provider's details name another destination: {}.", other.exact());
            lines.extend(ToneLine::wrapped(Tone::Danger, &warning, width));
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

/// An amount that did not come, or came as no number.
fn amount_unknown(ticket: &Ticket) -> String {
    let came = ticket.amount.as_ref().map(|amount| amount.digits().exact()).filter(|came| !came.trim().is_empty());
    match came {
        Some(came) => {
            format!("! STOP  What came as the amount, {came}, is no number: nobody knows here how much is canceled.")
        }
        None => "! STOP  The exchange does not tell the amount: nobody knows here how much is canceled.".to_owned(),
    }
}
