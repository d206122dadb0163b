//! CancelFailedWithdrawTicket: the one call of this program that changes something (PROTOCOL.md 4).
//!
//! "The response indicates that the system has received the request, not that the failed withdraw ticket has been
//! canceled" [doc: SLATE]. The request has no idempotency key and no expected status: all safety is on our side.

use serde::Serialize;

use crate::config::permit::WritePermit;
use crate::domain::{CallId, Change, IntentId, OmsId, TicketNumber};
use crate::journal::durable::DurableIntent;
use crate::protocol::Frame;

/// The function name `n`.
pub const NAME: &str = Change::Cancel.call();

#[derive(Serialize)]
struct Payload {
    #[serde(rename = "omsId")]
    oms: i64,
    #[serde(rename = "ticketId")]
    ticket: u64,
}

fn frame(id: CallId, oms: OmsId, ticket: TicketNumber) -> Frame {
    let payload = Payload { oms: oms.0, ticket: ticket.0 };
    // Integers always serialize.
    Frame::request(id, NAME, serde_json::to_string(&payload).unwrap_or_default())
}

/// A cancel that may be sent, once: the only value the writer takes a changing call from. It is made when its intent is
/// durable, cannot be cloned into a second send by accident, and is consumed by the gateway.
#[derive(Debug, PartialEq, Eq)]
pub struct CancelOrder {
    durable: DurableIntent,
    frame: Frame,
}

impl CancelOrder {
    /// The order, against the permit of this session and the intent behind it.
    pub fn new(_permit: WritePermit, durable: DurableIntent, id: CallId, oms: OmsId, ticket: TicketNumber) -> Self {
        Self { durable, frame: frame(id, oms, ticket) }
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

/// The text of the frame, for the journal before the send, and for the rehearsal of a read-only session.
pub fn text(id: CallId, oms: OmsId, ticket: TicketNumber) -> String {
    frame(id, oms, ticket).encode()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_is_spelled_as_documented() {
        let text = r#"{"m":0,"i":46,"n":"CancelFailedWithdrawTicket","o":"{\"omsId\":1,\"ticketId\":91023}"}"#;
        assert_eq!(super::text(CallId(46), OmsId(1), TicketNumber(91023)), text);
    }
}
