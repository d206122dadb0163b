//! The preview: what matters of the selected ticket, from the last read.

use super::canvas::Canvas;
use super::theme::Theme;
use crate::app::State;
use crate::domain::{RemoteText, Ticket, time};

pub(super) fn render(state: &State, y: u16, rows: u16, theme: &Theme, canvas: &mut Canvas<'_>) {
    let Some(ticket) = state.console.selection.ticket.and_then(|number| state.desk.list().tickets().get(number)) else {
        canvas.text(1, y, "no ticket selected", theme.muted);
        return;
    };
    for (y, line) in (y..y + rows).zip(lines(ticket, state)) {
        canvas.text(1, y, &line, theme.normal);
    }
}

fn lines(ticket: &Ticket, state: &State) -> Vec<String> {
    let text = |value: &Option<RemoteText>| value.as_ref().map_or_else(|| "none".to_owned(), RemoteText::exact);
    let when = |at: Option<jiff::Timestamp>| at.map_or_else(|| "?".to_owned(), time::date_time);
    let locked = if ticket.is_clear() { "" } else { "   LOCKED: money may have left" };
    let tx = format!("{}{locked}", ticket.transaction_words());
    let mut changed = format!(
        "made {}   changed {} by {}",
        when(ticket.times.created),
        when(ticket.times.updated),
        ticket.updated_by_label()
    );
    if let Some(lock) = state.desk.lock_of(ticket.number) {
        changed = lock;
    }
    let asset = ticket.asset_label();
    vec![
        format!("#{}  {}  {} {asset}", ticket.number, ticket.status.with_number(), ticket.amount_label()),
        format!(
            "acct {}   fee {} {asset}   comments {}",
            ticket.account_label(),
            ticket.fee_label(),
            ticket.comments.len()
        ),
        format!("to   {}", text(&ticket.destination)),
        format!("tx   {tx}   code {}", text(&ticket.request_code)),
        format!("why  {}", ticket.reason().map_or_else(|| "not given".to_owned(), |reason| reason.inert())),
        changed,
    ]
}
