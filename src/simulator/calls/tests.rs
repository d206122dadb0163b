//! Each call, one by one, on the pure exchange.

mod lists;
mod logins;

use jiff::{SignedDuration, Timestamp};

use crate::domain::CallId;
use crate::protocol::{Envelope, Frame, FrameKind};
use crate::simulator::exchange::{Client, Deed, Exchange};
use crate::simulator::{Book, Conduct, Script, login};

const FAULTS: &str = include_str!("../../../assets/simulator/faults.json");

fn start() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

fn exchange() -> Exchange {
    let book = Book::new(1, 400, start());
    let script = Script::parse(FAULTS, &book).unwrap();
    Exchange::new(book, script)
}

/// Asks on a connection at a time; the reply, if one comes within 50 ms.
fn ask_on(exchange: &mut Exchange, client: Client, name: &str, payload: &str, now: Timestamp) -> Option<Frame> {
    exchange.receive(client, &Frame::request(CallId(2), name, payload.to_owned()).encode(), now);
    let later = now + SignedDuration::from_millis(50);
    exchange.take_due(later).into_iter().find_map(|deed| match deed {
        Deed::Send(to, text) if to == client => {
            Frame::decode(&text).ok().filter(|frame| frame.kind != FrameKind::Event)
        }
        _ => None,
    })
}

fn ask(exchange: &mut Exchange, name: &str, payload: &str) -> Option<Frame> {
    ask_on(exchange, 1, name, payload, start())
}

/// The payload of the reply on the first connection.
fn said(exchange: &mut Exchange, name: &str, payload: &str) -> String {
    ask(exchange, name, payload).unwrap_or_else(|| panic!("{name} is answered")).payload
}

fn code(payload: &str) -> Option<i64> {
    Envelope::parse(payload).and_then(|envelope| envelope.code())
}

fn password() -> String {
    format!(r#"{{"UserName":"{}","Password":"{}"}}"#, login::USERNAME, login::PASSWORD)
}

fn conducted(conduct: Conduct) -> Exchange {
    exchange().with_conduct(conduct)
}

fn logged_in() -> Exchange {
    logged_in_to(exchange())
}

fn logged_in_to(mut exchange: Exchange) -> Exchange {
    assert!(said(&mut exchange, "AuthenticateUser", &password()).contains("\"Authenticated\":true"));
    exchange
}

#[test]
fn before_login_every_call_but_ping_is_not_authorized() {
    let mut exchange = exchange();
    let refused = ask(&mut exchange, "GetAllWithdrawTickets", "{}").unwrap();
    assert_eq!(Envelope::parse(&refused.payload).unwrap().code(), Some(20));
    assert!(ask(&mut exchange, "Ping", "null").unwrap().payload.contains("PONG"));
}

#[test]
fn a_cancel_is_received_first_and_settles_later_with_an_event() {
    let mut exchange = logged_in();
    ask(&mut exchange, "SubscribeAllAccountEvents", "{}").unwrap();
    let ticket = exchange.ticket_of_case("fine").unwrap();
    let reply = ask(&mut exchange, "CancelFailedWithdrawTicket", &format!(r#"{{"OMSId":1,"TicketId":{ticket}}}"#));
    assert!(reply.unwrap().payload.contains("\"result\":true"));
    assert_eq!(exchange.status(ticket), Some("Failed"));
    let deeds = exchange.take_due(start() + SignedDuration::from_secs(1));
    assert_eq!(exchange.status(ticket), Some("AdminCanceled"));
    assert!(matches!(&deeds[..], [Deed::Send(1, event)] if event.contains("WithdrawTicketUpdateEvent")));
    let again = ask(&mut exchange, "CancelFailedWithdrawTicket", &format!(r#"{{"omsId":1,"ticketId":{ticket}}}"#));
    assert!(again.unwrap().payload.contains("Withdraw ticket already processed"));
    assert_eq!(exchange.cancel_frames(ticket), 2);
}

#[test]
fn without_a_request_code_another_ticket_of_the_account_may_come() {
    let mut exchange = logged_in();
    let account = exchange.book.newest().next().unwrap().account;
    let reply = ask(&mut exchange, "GetWithdrawTicket", &format!(r#"{{"OMSId":1,"AccountId":{account}}}"#)).unwrap();
    let oldest = exchange.book.newest().filter(|entry| entry.account == account).last().unwrap().number;
    assert!(reply.payload.contains(&format!("\"TicketNumber\":{oldest}")));
}
