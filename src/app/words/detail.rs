//! All fields of one ticket, as they arrived.

use super::line::{Tone, ToneLine};
use crate::app::desk::Desk;
use crate::app::desk::list::detail::{DetailReading, HeardChange};
use crate::domain::agreement::Difference;
use crate::domain::{RemoteText, Ticket, TicketNumber, time};

/// Columns of a field's name.
const NAME: usize = 30;

/// All that is known of a ticket, for a window of `width` columns.
pub fn lines(desk: &Desk, number: TicketNumber, width: usize) -> Vec<ToneLine> {
    let reading = desk.list().detail().filter(|detail| detail.ticket == number).map(|detail| &detail.reading);
    let heading = heading(desk.list().known(number), number, reading);
    let mut lines: Vec<ToneLine> = ToneLine::paragraph(Tone::Strong, " ", &heading, width - 2).collect();
    if let Some(lock) = desk.lock_of(number) {
        lines.extend(ToneLine::paragraph(Tone::Danger, " ", &lock, width - 2));
    }
    let changed =
        desk.list().detail().filter(|detail| detail.ticket == number).and_then(|detail| detail.changed.as_ref());
    if let Some(changed) = changed {
        lines.extend(ToneLine::paragraph(Tone::Danger, " ", &heard(changed), width - 2));
    }
    match reading {
        None | Some(DetailReading::Asked) => lines.push(ToneLine::new(Tone::Plain, " reading ...")),
        Some(DetailReading::NotFound(why)) => {
            let text = format!("Not found: {why}.");
            lines.extend(ToneLine::paragraph(Tone::Warn, " ", &text, width - 2));
        }
        Some(DetailReading::Failed(why)) => {
            let text = format!("It could not be read: {why}. This is how it was listed:");
            lines.extend(ToneLine::paragraph(Tone::Warn, " ", &text, width - 2));
            lines.extend(listed(desk, number));
        }
        Some(DetailReading::Fields { fields, ticket, .. }) => {
            lines.push(ToneLine::new(Tone::Muted, " Every field, as the exchange sent it"));
            lines.extend(reason(ticket, width));
            for field in &fields.shown {
                let shown = field.shown();
                let tone = if shown == field.value.raw() { Tone::Plain } else { Tone::Danger };
                let name = format!(" {:<NAME$} ", field.key.exact());
                let room = width.saturating_sub(NAME + 3);
                lines.extend(ToneLine::labelled(tone, &name, NAME + 2, &shown, room));
            }
            if let Some(bytes) = fields.cut {
                let text = format!("NOT ALL of it: the answer has {bytes} bytes, and more fields than are shown here.");
                lines.extend(ToneLine::paragraph(Tone::Warn, " ", &text, width - 2));
            }
        }
    }
    lines
}

/// The facts that matter first, since the fields come in any order: the status and the amount, and from when they are.
fn heading(listed: Option<&Ticket>, number: TicketNumber, reading: Option<&DetailReading>) -> String {
    let (ticket, from) = match reading {
        Some(DetailReading::Fields { ticket, at, .. }) => {
            (Some(ticket.as_ref()), format!("read {}", time::clock_time(*at)))
        }
        _ => (listed, "as it was listed".to_owned()),
    };
    let Some(ticket) = ticket else { return format!("Ticket {number}") };
    let (status, amount, asset) = (ticket.status.with_number(), ticket.amount_label(), ticket.asset_label());
    format!("Ticket {number}   {status}   {amount} {asset}   {from}")
}

/// A change that was heard of since the ticket was read.
fn heard(changed: &HeardChange) -> String {
    let HeardChange { differences, by, changed_at, heard_at } = changed;
    let at = changed_at.map_or_else(String::new, |at| format!(" at {}", time::date_time(at)));
    let word = |found: &Difference| match found.fact {
        "status" => format!("now {}", found.read),
        fact => format!("{fact} {} -> {}", found.shown, found.read),
    };
    let now = differences.iter().map(word).collect::<Vec<_>>().join(", ");
    format!("! Changed by {by}{at}, heard of {}: {now}. `r` reads it again.", time::clock_time(*heard_at))
}

/// Why it failed, and which field says so: not every field that may hold it is easily found below.
fn reason(ticket: &Ticket, width: usize) -> Vec<ToneLine> {
    let Some((reason, source)) = ticket.reason_and_source() else { return Vec::new() };
    let text = format!("{}  (from {source})", reason.inert());
    ToneLine::labelled(Tone::Strong, &format!(" {:<NAME$} ", "why"), NAME + 2, &text, width.saturating_sub(NAME + 3))
        .collect()
}

fn listed(desk: &Desk, number: TicketNumber) -> Vec<ToneLine> {
    let Some(ticket) = desk.list().known(number) else { return Vec::new() };
    let facts = [
        ("Status", ticket.status.with_number()),
        ("Amount", format!("{} {}", ticket.amount_label(), ticket.asset_label())),
        ("FeeAmt", ticket.fee_label()),
        ("Account", ticket.account_label()),
        ("RequestCode", ticket.request_code.as_ref().map_or_else(|| "absent".to_owned(), RemoteText::exact)),
        ("Destination", ticket.destination.as_ref().map_or_else(|| "absent".to_owned(), RemoteText::exact)),
        ("Reason", ticket.reason().map_or_else(|| "absent".to_owned(), |reason| reason.inert())),
    ];
    facts.into_iter().map(|(name, value)| ToneLine::new(Tone::Plain, format!(" {name:<NAME$} {value}"))).collect()
}
