//! True if a ticket, as it was just read, can be canceled here. Pure.

use crate::app::words::desk::cancels as words;
use crate::domain::{OmsId, Ticket};

/// Why a ticket, as it was just read, cannot be canceled in a session on this OMS.
pub(super) fn why_not_cancelable(ticket: &Ticket, oms: Option<OmsId>, allow_tx: bool) -> Option<String> {
    why_not_failed(ticket, oms).or_else(|| why_not_clear(ticket, allow_tx))
}

fn why_not_failed(ticket: &Ticket, oms: Option<OmsId>) -> Option<String> {
    if ticket.oms.is_some() && ticket.oms != oms {
        return Some(words::other_oms(ticket.oms, oms));
    }
    (!ticket.status.is_failed()).then(|| words::not_failed(ticket))
}

/// Money may already have left: such a ticket is locked, unless the profile and a second typed word open it.
fn why_not_clear(ticket: &Ticket, allow_tx: bool) -> Option<String> {
    (!allow_tx && !ticket.is_clear()).then(|| words::not_clear(ticket))
}
