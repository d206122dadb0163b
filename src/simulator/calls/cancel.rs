//! CancelFailedWithdrawTicket, and what a scenario makes of it (PROTOCOL.md 4).

use std::time::Duration;

use super::Call;
use crate::protocol::FrameKind;
use crate::simulator::book::Changer;
use crate::simulator::exchange::{Deed, Exchange, Later};
use crate::simulator::{login, wire};

/// "The response indicates that the system has received the request": the ticket changes later, if at all. `None` if the
/// answer comes by a plan, or never.
pub(super) fn answer(exchange: &mut Exchange, call: &Call) -> Option<String> {
    let Some(ticket) = call.request.ticketid else {
        return Some(wire::envelope(100, Some("Invalid TicketId")));
    };
    if call.request.omsid != Some(exchange.conduct.user.oms_id) {
        return Some(wire::envelope(100, Some("Invalid OMSId")));
    }
    match exchange.status(ticket) {
        None => Some(wire::envelope(104, None)),
        Some("Failed") => {
            cancel_failed(exchange, call, ticket);
            None
        }
        Some(_) => Some(wire::envelope(101, Some("Withdraw ticket already processed"))),
    }
}

fn cancel_failed(exchange: &mut Exchange, call: &Call, ticket: u64) {
    let Call { client, frame, now, .. } = *call;
    let fault = exchange.script.fault(ticket);
    if fault.acts() {
        let by = Changer { id: login::USER_ID, name: login::USERNAME };
        let change = Later::Change { ticket, status: fault.becomes.clone(), by, only_if_failed: true };
        exchange.plan(Duration::from_millis(fault.settle_ms), change, now);
    }
    let delay = Duration::from_millis(fault.delay_ms);
    if fault.drop {
        return exchange.plan(delay, Later::Deed(Deed::Drop(client)), now);
    }
    if fault.silent {
        return;
    }
    let (kind, payload) = match (&fault.text, &fault.payload, fault.code) {
        (Some(text), _, _) => (FrameKind::Error, text.clone()),
        (None, Some(payload), _) => (FrameKind::Reply, payload.clone()),
        (None, None, code) => (FrameKind::Reply, wire::envelope(code.unwrap_or(0), None)),
    };
    exchange.reply_after(delay, client, frame, kind, payload, now);
    if let Some(second) = fault.second {
        exchange.reply_after(delay * 2, client, frame, FrameKind::Reply, second, now);
    }
}
