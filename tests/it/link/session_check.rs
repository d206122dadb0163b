//! Sessions that end in mid-life, and answers that only look like it.

use rstest::rstest;
use std::time::Duration;
use withdraw_desk::app::Event;
use withdraw_desk::app::desk::link::Phase;
use withdraw_desk::app::event::OpenAnswer;
use withdraw_desk::domain::{ConnectionId, IntentId};

use super::{NO, TICKET, Table, WHO};
use crate::records::durable;

#[test]
fn code_20_to_a_read_of_a_session_that_is_over_logs_in_anew_and_asks_it_again() {
    let mut table = Table::listed();
    table.press("Enter");
    assert_eq!(table.answer("GetWithdrawTicket", NO), ["read GetUserInfo"]);
    assert_eq!(table.answer("GetUserInfo", NO), ["disconnect"]);
    assert!(table.screen().contains("NO LINK"), "{}", table.screen());
    let asked = table.reconnect(ConnectionId(2));
    assert!(asked.contains(&"GetWithdrawTicket".to_owned()), "{asked:?}");
    // Refused again by a session that goes on: a permission that is missing, and no reason for another login.
    assert_eq!(table.answer("GetWithdrawTicket", NO), ["read GetUserInfo"]);
    assert_eq!(table.answer("GetUserInfo", WHO), Vec::<String>::new());
    assert!(matches!(table.state.desk.link().phase(), Phase::Up));
    assert!(table.screen().contains("Not Authorized (20)"), "{}", table.screen());
}

#[test]
fn code_20_to_a_read_of_a_session_that_goes_on_is_a_missing_permission() {
    let mut table = Table::linked();
    assert_eq!(table.answer("GetAllWithdrawTickets", NO), ["read GetUserInfo"]);
    assert_eq!(table.answer("GetAllWithdrawTickets", NO), Vec::<String>::new(), "it is asked already");
    assert_eq!(table.answer("GetUserInfo", WHO), Vec::<String>::new(), "a list that stopped asks for nothing");
    assert!(matches!(table.state.desk.link().phase(), Phase::Up));
    assert!(table.screen().contains("Not Authorized (20)"), "{}", table.screen());
}

#[rstest]
#[case::unanswered(None)]
#[case::an_error(Some(r#"{"result":false,"errormsg":"Server Error","errorcode":102,"detail":null}"#))]
fn code_20_is_what_it_says_where_nobody_can_tell_of_the_session(#[case] answer: Option<&str>) {
    let mut table = Table::listed();
    table.press("Enter");
    table.answer("GetWithdrawTicket", NO);
    match answer {
        Some(payload) => table.answer("GetUserInfo", payload),
        None => {
            table.pass(Duration::from_secs(6));
            table.take(Event::DeadlinePassed)
        }
    };
    assert!(matches!(table.state.desk.link().phase(), Phase::Up));
    assert!(table.screen().contains("Not Authorized (20)"), "{}", table.screen());
}

#[test]
fn an_exchange_that_answers_nothing_but_errors_is_stale_and_its_link_is_kept() {
    let mut table = Table::listed();
    let error = r#"{"result":false,"errormsg":"Server Error","errorcode":102,"detail":null}"#;
    for _ in 0..4 {
        table.pass(Duration::from_secs(10));
        table.take(Event::DeadlinePassed);
        table.answer("Ping", error);
    }
    assert!(table.screen().contains("STALE since"), "{}", table.screen());
    assert!(matches!(table.state.desk.link().phase(), Phase::Up), "pings are answered");
}

#[test]
fn a_session_that_is_over_waits_for_the_receipt_before_the_link_is_given_up() {
    let mut table = Table::listed();
    table.press("x");
    table.answer("GetWithdrawTicket", TICKET);
    table.press("2 8 7 Enter");
    table.answer("GetWithdrawTicket", TICKET);
    let attempt = table.state.desk.cancels().attempt().unwrap().id;
    table.take(Event::IntentAnswered { attempt, answer: OpenAnswer::Opened(durable(1)) });
    table.take(Event::CancelHanded { intent: IntentId(1) });
    table.take(Event::DeadlinePassed);
    assert_eq!(table.answer("GetWithdrawTicket", NO), ["read GetUserInfo"]);
    assert_eq!(table.answer("GetUserInfo", NO), Vec::<String>::new(), "the receipt is awaited");
    let received = r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#;
    assert_eq!(table.answer("CancelFailedWithdrawTicket", received), ["record", "disconnect"]);
    let asked = table.reconnect(ConnectionId(2));
    assert_eq!(asked.first().map(String::as_str), Some("GetWithdrawTicket"), "the open cancel's ticket comes first");
    assert_eq!(table.cancels, 1);
}
