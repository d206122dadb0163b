//! All fields of one ticket, as they arrived.

use super::canvas::{Canvas, Line};
use super::theme::Theme;
use crate::app::State;
use crate::app::desk::list::detail::DetailReading;
use crate::domain::{RemoteText, Ticket, TicketNumber, time};

/// Columns of a field's name.
const NAME: usize = 30;

pub(super) fn render(state: &State, number: TicketNumber, scroll: usize, theme: &Theme, canvas: &mut Canvas<'_>) {
    let width = usize::from(canvas.width());
    let reading = state.desk.list().detail().filter(|detail| detail.ticket == number).map(|detail| &detail.reading);
    let heading = heading(state.desk.list().known(number), number, reading);
    let mut lines: Vec<Line> = Line::paragraph(" ", &heading, width - 2, theme.heading).collect();
    if let Some(lock) = state.desk.lock_of(number) {
        lines.extend(Line::paragraph(" ", &lock, width - 2, theme.danger));
    }
    match reading {
        None | Some(DetailReading::Asked) => lines.push(Line::new(" reading ...", theme.normal)),
        Some(DetailReading::NotFound(why)) => {
            let text = format!("Not found: {why}.");
            lines.extend(Line::paragraph(" ", &text, width - 2, theme.warn));
        }
        Some(DetailReading::Failed(why)) => {
            let text = format!("GetWithdrawTicket: {why}. From the list:");
            lines.extend(Line::paragraph(" ", &text, width - 2, theme.warn));
            lines.extend(listed(state, number, theme));
        }
        Some(DetailReading::Fields { fields, ticket, .. }) => {
            lines.push(Line::new(" GetWithdrawTicket, every field as it arrived", theme.muted));
            lines.extend(reason(ticket, width, theme));
            for field in fields {
                let shown = field.shown();
                let style = if shown == field.value.raw() { theme.normal } else { theme.danger };
                let name = format!(" {:<NAME$} ", field.key.exact());
                let room = width.saturating_sub(NAME + 3);
                lines.extend(Line::labelled(&name, NAME + 2, &shown, room, style));
            }
        }
    }
    canvas.scrolled(&lines, scroll, theme.warn);
}

/// What matters first, since the fields come in any order: the status and the amount, and from when they are.
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

/// Why it failed, and which field says so: not every field that may hold it is easily found below.
fn reason(ticket: &Ticket, width: usize, theme: &Theme) -> Vec<Line> {
    let Some((reason, source)) = ticket.reason_and_source() else { return Vec::new() };
    let text = format!("{}  (from {source})", reason.inert());
    Line::labelled(&format!(" {:<NAME$} ", "why"), NAME + 2, &text, width.saturating_sub(NAME + 3), theme.heading)
        .collect()
}

fn listed(state: &State, number: TicketNumber, theme: &Theme) -> Vec<Line> {
    let Some(ticket) = state.desk.list().known(number) else { return Vec::new() };
    let facts = [
        ("Status", ticket.status.with_number()),
        ("Amount", format!("{} {}", ticket.amount_label(), ticket.asset_label())),
        ("FeeAmt", ticket.fee_label()),
        ("Account", ticket.account_label()),
        ("RequestCode", ticket.request_code.as_ref().map_or_else(|| "absent".to_owned(), RemoteText::exact)),
        ("Destination", ticket.destination.as_ref().map_or_else(|| "absent".to_owned(), RemoteText::exact)),
        ("Reason", ticket.reason().map_or_else(|| "absent".to_owned(), |reason| reason.inert())),
    ];
    facts.into_iter().map(|(name, value)| Line::new(format!(" {name:<NAME$} {value}"), theme.normal)).collect()
}
