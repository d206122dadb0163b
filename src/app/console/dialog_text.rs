//! What the cancel dialog says of the ticket, wrapped in full, and how much room that needs.

use super::cancel_dialog::needs_word;
use super::wrap::wrap;
use crate::app::Size;
use crate::app::desk::Desk;
use crate::app::desk::cancels::attempt::Fresh;
use crate::app::words::line::{Tone, ToneLine};
use crate::domain::{RemoteText, time};

/// Rows for the fields, the buttons and the hint, under the facts.
pub const FORM_ROWS: usize = 5;
/// Rows of header, frame and footer around both.
const FRAME_ROWS: usize = 4;
/// Columns of frame and margin.
const FRAME_COLUMNS: usize = 4;
/// Columns of a fact's label.
const LABEL: usize = 10;
/// Wider than this the dialog does not get: muscle memory is the same in every window.
const WIDEST: u16 = 100;

/// Columns of the dialog's text in a window.
pub fn text_width(size: Size) -> usize {
    usize::from(size.width.min(WIDEST)).saturating_sub(FRAME_COLUMNS)
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
