//! SubscribeAllAccountEvents: operator-wide ticket events; undocumented, so optional (PROTOCOL.md 7).

use serde_json::value::RawValue;

use super::{ReadCall, Rpc};
use crate::domain::Ticket;
use crate::protocol::object::{self, Unreadable};
use crate::protocol::{Frame, FrameKind, loose, ticket};

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

/// More tickets of one event are not read: they are counted with those that cannot be.
pub const MOST_IN_AN_EVENT: usize = 1_000;

/// The tickets that an event told of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventTickets {
    /// In the order of arrival.
    pub tickets: Vec<Ticket>,
    /// How many could not be read, or were too many.
    pub unread: usize,
}

/// The tickets of a ticket event, which usually has one, and may have a list; `None` for every other frame.
pub fn event_tickets(frame: &Frame) -> Option<EventTickets> {
    if frame.kind != FrameKind::Event || !frame.name.eq_ignore_ascii_case(TICKET_EVENT) {
        return None;
    }
    let inner = loose::twice_encoded(&frame.payload);
    let payload = inner.as_deref().unwrap_or(&frame.payload);
    let rows = if payload.trim_start().starts_with('[') {
        object::items(payload).map(|items| items.into_iter().map(RawValue::get).collect())
    } else {
        object::one(payload, "ticketnumber").map(|one| vec![one])
    };
    let Ok(rows) = rows else { return Some(EventTickets { unread: 1, ..EventTickets::default() }) };
    let tickets: Vec<Ticket> = rows.iter().take(MOST_IN_AN_EVENT).filter_map(|row| ticket::parse(row).ok()).collect();
    Some(EventTickets { unread: rows.len() - tickets.len(), tickets })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{TicketNumber, TicketStatus};

    /// PROTOCOL.md 7 [capture: VX], the fields that the capture spells out.
    const CAPTURED: &str = r#"{"m":3,"i":2,"n":"WithdrawTicketUpdateEvent","o":"{\"AssetManagerId\":1,\"AccountProviderId\":0,\"Status\":\"Pending2Fa\",\"TicketNumber\":292,\"Amount\":0.0010000000000000000000000000,\"Comments\":[]}"}"#;

    #[test]
    fn the_captured_event_carries_a_ticket() {
        let read = event_tickets(&Frame::decode(CAPTURED).unwrap()).unwrap();
        let [ticket] = read.tickets.as_slice() else { panic!("{read:?}") };
        assert_eq!((ticket.number, ticket.status.clone()), (TicketNumber(292), TicketStatus::Known(8)));
        assert_eq!(ticket.amount_label(), "0.0010000000000000000000000000");
    }

    #[test]
    fn a_reply_of_the_same_name_is_no_event() {
        let mut frame = Frame::decode(CAPTURED).unwrap();
        frame.kind = FrameKind::Reply;
        assert_eq!(event_tickets(&frame), None);
    }

    #[test]
    fn a_list_of_tickets_is_read_and_what_is_none_among_them_is_counted() {
        let mut frame = Frame::decode(CAPTURED).unwrap();
        let read = |payload: &str, frame: &mut Frame| {
            payload.clone_into(&mut frame.payload);
            let read = event_tickets(frame).unwrap();
            (read.tickets.iter().map(|ticket| ticket.number.0).collect::<Vec<_>>(), read.unread)
        };
        let list = r#"[{"TicketNumber":1,"Status":"Failed"},null,{"TicketNumber":2}]"#;
        assert_eq!(read(list, &mut frame), (vec![1, 2], 1));
        assert_eq!(read(&serde_json::to_string(list).unwrap(), &mut frame), (vec![1, 2], 1));
        assert_eq!(read(r#"{"data":{"TicketNumber":1}}"#, &mut frame), (vec![1], 0));
        assert_eq!(read("[]", &mut frame), (vec![], 0));
        assert_eq!(read("busy", &mut frame), (vec![], 1));
        let many = format!("[{}]", vec![r#"{"TicketNumber":1}"#; MOST_IN_AN_EVENT + 5].join(","));
        assert_eq!(read(&many, &mut frame).1, 5);
    }
}
