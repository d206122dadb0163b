//! True if a ticket, as it was just read, can be canceled here. Pure.

use crate::domain::ticket::Trace;
use crate::domain::{OmsId, Ticket};

/// Why a ticket, as it was just read, cannot be canceled in a session on this OMS.
pub(super) fn why_not_cancelable(ticket: &Ticket, oms: Option<OmsId>, allow_tx: bool) -> Option<String> {
    why_not_failed(ticket, oms).or_else(|| why_not_clear(ticket, allow_tx))
}

fn why_not_failed(ticket: &Ticket, oms: Option<OmsId>) -> Option<String> {
    if ticket.oms.is_some() && ticket.oms != oms {
        let of = |oms: Option<OmsId>| oms.map_or_else(|| "unknown".to_owned(), |id| id.to_string());
        return Some(format!("It is a ticket of OMS {}, and this session is on OMS {}.", of(ticket.oms), of(oms)));
    }
    (!ticket.status.is_failed()).then(|| {
        let when = ticket.times.updated.map_or_else(|| "at an unknown time".to_owned(), crate::domain::time::date_time);
        format!("Ticket {} is now {} (changed {when} by {}).", ticket.number, ticket.status, ticket.updated_by_label())
    })
}

/// Money may already have left: such a ticket is locked, unless the profile and a second typed word open it.
fn why_not_clear(ticket: &Ticket, allow_tx: bool) -> Option<String> {
    if allow_tx || ticket.is_clear() {
        return None;
    }
    if let Some(Trace { text, source }) = ticket.tx_id() {
        let (id, source) = (text.exact(), source.exact());
        return Some(format!(
            "STOP  This failed ticket carries the trace of a transaction, {source}: {id}. Money may have left. Check the \
             chain first. {ALLOW_TX}"
        ));
    }
    Some(if ticket.transaction.is_confirmed() {
        format!("STOP  The provider calls this withdrawal confirmed. Money may have left. Check first. {ALLOW_TX}")
    } else {
        format!("STOP  Its transaction details cannot be read, so nobody can say here whether money left. {ALLOW_TX}")
    })
}

/// How such a ticket can be opened all the same.
const ALLOW_TX: &str = "allow-tx = true in the profile, and a second typed word, open it.";
