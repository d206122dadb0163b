//! The preview: what matters of the selected ticket, from the last read.

use super::line::{Tone, ToneLine};
use crate::app::desk::Desk;
use crate::domain::{RemoteText, Ticket, TicketNumber, time};

/// Said of the reason of a ticket of which only an event told.
pub const NOT_READ: &str = "not read yet";
/// In place of a reason, where the status cannot be read.
pub const STATUS_UNREADABLE: &str = "?? its status cannot be read: r, or Enter for every field";

/// The facts that matter of the selected ticket, a line each.
pub fn lines(desk: &Desk, selected: Option<TicketNumber>) -> Vec<ToneLine> {
    match selected.and_then(|number| desk.list().tickets().get(number)) {
        Some(ticket) => facts(ticket, desk),
        None => vec![ToneLine::new(Tone::Muted, "no ticket selected")],
    }
}

fn facts(ticket: &Ticket, desk: &Desk) -> Vec<ToneLine> {
    let text =
        |value: &Option<RemoteText>| value.as_ref().map_or_else(|| "none".to_owned(), |text| text.glance().exact());
    let when = |at: Option<jiff::Timestamp>| at.map_or_else(|| "?".to_owned(), time::date_time);
    let locked = if ticket.is_clear() { "" } else { "   LOCKED: money may have left" };
    let tx = format!("{}{locked}", ticket.transaction_words());
    let odd = ticket.odd_glance().map_or_else(String::new, |odd| format!("   unknown form: {odd}"));
    let changed = format!(
        "made {}   changed {} by {}",
        when(ticket.times.created),
        when(ticket.times.updated),
        ticket.updated_by_label()
    );
    let plain = |line| ToneLine::new(Tone::Plain, line);
    let danger_if = |is_danger, line| ToneLine::new(if is_danger { Tone::Danger } else { Tone::Plain }, line);
    let asset = ticket.asset_glance();
    let is_unread = desk.list().tickets().is_unread(ticket.number);
    let comments = if is_unread { "?".to_owned() } else { ticket.comments_label() };
    let told = ticket.reason().map_or_else(|| "not given".to_owned(), |reason| reason.glance().inert());
    let why = if is_unread { NOT_READ.to_owned() } else { told };
    vec![
        plain(format!("#{}  {}  {} {asset}", ticket.number, ticket.status.with_number(), ticket.amount_label())),
        danger_if(
            ticket.is_ground_odd(),
            format!("acct {}   fee {} {asset}   comments {comments}{odd}", ticket.account_glance(), ticket.fee_label()),
        ),
        plain(format!("to   {}", text(&ticket.destination))),
        danger_if(!ticket.is_clear(), format!("tx   {tx}   code {}", text(&ticket.request_code))),
        plain(format!("why  {why}")),
        desk.lock_of(ticket.number).map_or_else(|| plain(changed), |lock| danger_if(true, lock)),
    ]
}
