//! The calls that change a ticket, and the only values from which the writer takes one. CancelFailedWithdrawTicket is the one so far
//! (PROTOCOL.md 4).
//!
//! "The response indicates that the system has received the request, not that the failed withdraw ticket has been
//! canceled" [doc: SLATE]. The request has no idempotency key and no expected status: all safety is on our side.

use crate::config::permit::WritePermit;
use crate::domain::{CallId, Change, IntentId, OmsId, TicketNumber};
use crate::journal::durable::DurableIntent;
use crate::protocol::Frame;

/// The request of a change, its keys spelled as documented.
fn payload(change: Change, oms: OmsId, ticket: TicketNumber) -> String {
    let (oms, ticket) = (oms.0, ticket.0);
    match change {
        Change::Cancel => format!(r#"{{"omsId":{oms},"ticketId":{ticket}}}"#),
    }
}

/// A change as it is asked for on the wire. It proves nothing, and the writer does not take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The change.
    pub change: Change,
    /// The sequence number of its call.
    pub call: CallId,
    /// The OMS of the ticket.
    pub oms: OmsId,
    /// The ticket.
    pub ticket: TicketNumber,
}

impl Asked {
    /// The text of the frame, for the journal before the send, and for the rehearsal of a read-only session.
    pub fn text(&self) -> String {
        self.frame().encode()
    }

    fn frame(&self) -> Frame {
        Frame::request(self.call, self.change.call(), payload(self.change, self.oms, self.ticket))
    }
}

/// A change that may be sent, once: the only value the writer takes a changing call from. It is made when its intent is
/// durable, cannot be cloned into a second send by accident, and is consumed by the gateway.
#[derive(Debug, PartialEq, Eq)]
pub struct ChangeOrder {
    durable: DurableIntent,
    frame: Frame,
}

impl ChangeOrder {
    /// The order, against the permit of this session and the intent behind it.
    pub fn new(_permit: WritePermit, durable: DurableIntent, asked: &Asked) -> Self {
        Self { durable, frame: asked.frame() }
    }

    /// The intent behind it.
    pub fn intent(&self) -> IntentId {
        self.durable.id()
    }

    /// The frame as it will be sent.
    pub fn text(&self) -> String {
        self.frame.encode()
    }

    /// Gives up the frame to the writer; the order is gone.
    pub fn into_frame(self) -> Frame {
        self.frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_is_spelled_as_documented() {
        let text = r#"{"m":0,"i":46,"n":"CancelFailedWithdrawTicket","o":"{\"omsId\":1,\"ticketId\":91023}"}"#;
        let asked = Asked { change: Change::Cancel, call: CallId(46), oms: OmsId(1), ticket: TicketNumber(91023) };
        assert_eq!(asked.text(), text);
    }
}
