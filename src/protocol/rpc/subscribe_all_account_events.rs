//! SubscribeAllAccountEvents: operator-wide ticket events; undocumented, so optional (PROTOCOL.md 7).

use super::{ReadCall, Rpc};
use crate::domain::Ticket;
use crate::protocol::object::Unreadable;
use crate::protocol::{Frame, FrameKind, ticket};

/// Asks for events of all accounts. Sent as m 0, as every real client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubscribeAllAccountEvents;

impl Rpc for SubscribeAllAccountEvents {
    const NAME: &'static str = "SubscribeAllAccountEvents";
    /// The shape of the reply is not known: any JSON that does not say no will do.
    type Response = ();

    fn payload(&self) -> String {
        "{}".to_owned()
    }

    fn parse(payload: &str) -> Result<(), Unreadable> {
        serde_json::from_str::<serde::de::IgnoredAny>(payload).map(|_| ()).map_err(|_| Unreadable::NoJson)
    }
}

impl super::sealed::Reads for SubscribeAllAccountEvents {}
impl ReadCall for SubscribeAllAccountEvents {}

/// The event that carries one full ticket, comments possibly stale or empty.
pub const TICKET_EVENT: &str = "WithdrawTicketUpdateEvent";

/// The ticket of a ticket event; `None` for every other frame and for an event that cannot be read.
pub fn ticket_event(frame: &Frame) -> Option<Ticket> {
    let is_ours = frame.kind == FrameKind::Event && frame.name.eq_ignore_ascii_case(TICKET_EVENT);
    is_ours.then(|| ticket::parse(&frame.payload).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{TicketNumber, TicketStatus};

    /// PROTOCOL.md 7 [capture: VX], the fields that the capture spells out.
    const CAPTURED: &str = r#"{"m":3,"i":2,"n":"WithdrawTicketUpdateEvent","o":"{\"AssetManagerId\":1,\"AccountProviderId\":0,\"Status\":\"Pending2Fa\",\"TicketNumber\":292,\"Amount\":0.0010000000000000000000000000,\"Comments\":[]}"}"#;

    #[test]
    fn the_captured_event_carries_a_ticket() {
        let ticket = ticket_event(&Frame::decode(CAPTURED).unwrap()).unwrap();
        assert_eq!((ticket.number, ticket.status.clone()), (TicketNumber(292), TicketStatus::Known(8)));
        assert_eq!(ticket.amount_label(), "0.0010000000000000000000000000");
    }

    #[test]
    fn a_reply_of_the_same_name_is_no_event() {
        let mut frame = Frame::decode(CAPTURED).unwrap();
        frame.kind = FrameKind::Reply;
        assert_eq!(ticket_event(&frame), None);
    }
}
