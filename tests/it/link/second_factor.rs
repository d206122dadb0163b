//! Calls that want a code of the second factor.

use rstest::rstest;
use withdraw_desk::app::Event;
use withdraw_desk::app::desk::cancels::attempt::{AttemptEnd, Stage};
use withdraw_desk::app::desk::link::Phase;
use withdraw_desk::app::desk::link::second_factor::Code;
use withdraw_desk::app::event::OpenAnswer;
use withdraw_desk::domain::IntentId;

use super::{NO, TICKET, Table, WISH};
use crate::records::durable;
use crate::world::ended;

#[test]
fn a_protected_cancel_asks_for_a_code_before_it_is_chosen_once_per_link() {
    let mut table = Table::listed();
    table.answer("GetValidate2FARequiredEndpoints", r#"["cancelfailedwithdrawticket"]"#);
    assert_eq!(table.press("x"), ["validate", "read unresolved"]);
    assert_eq!(table.answer("Validate2FA", r#"{"TFaAuthenticated":true}"#), ["read GetWithdrawTicket"]);
    table.answer("GetWithdrawTicket", TICKET);
    assert!(matches!(table.stage(), Stage::Shown(_)));
    table.press("Esc");
    assert_eq!(table.press("x"), ["read GetWithdrawTicket", "read unresolved"], "once");
}

#[rstest]
#[case::refused(r#"{"TFaAuthenticated":false}"#, "refused the code")]
#[case::not_authorized(NO, "Not Authorized")]
fn a_code_that_is_not_accepted_locks_the_dialog_and_sends_nothing(#[case] payload: &str, #[case] said: &str) {
    let mut table = Table::listed();
    table.answer("GetValidate2FARequiredEndpoints", r#"["CancelFailedWithdrawTicket"]"#);
    table.press("x");
    assert_eq!(table.answer("Validate2FA", payload), Vec::<String>::new());
    assert!(matches!(ended(&table.state), Some(AttemptEnd::Locked(why)) if why.contains(said)), "{}", table.screen());
}

#[test]
fn a_read_that_wants_a_code_is_asked_again_after_it() {
    let mut table = Table::listed();
    table.press("Enter");
    assert_eq!(table.answer("GetWithdrawTicket", WISH), ["validate"]);
    assert_eq!(table.answer("Validate2FA", r#"{"TFaAuthenticated":true}"#), ["read GetWithdrawTicket"]);
    assert_eq!(table.answer("GetWithdrawTicket", WISH), Vec::<String>::new(), "no second code");
    assert!(table.screen().contains("2FACode"), "{}", table.screen());
}

/// As far as the cancel of a ticket that was handed to the writer, from an `x` that was pressed.
fn cancel(table: &mut Table, ticket: &str, number: &str, nth: u32) {
    table.answer("GetWithdrawTicket", ticket);
    for digit in number.chars() {
        table.press(&digit.to_string());
    }
    table.press("Enter");
    table.answer("GetWithdrawTicket", ticket);
    let attempt = table.state.desk.cancels().attempt().unwrap().id;
    let intent = IntentId(u128::from(nth));
    table.take(Event::IntentAnswered { attempt, answer: OpenAnswer::Opened(durable(intent.0)) });
    table.take(Event::CancelHanded { intent });
}

#[test]
fn a_cancel_that_wants_a_code_says_so_and_the_next_x_asks_for_one_each_time_if_it_opens_one_call() {
    let mut table = Table::linked();
    let tickets: Vec<String> = [287, 286, 285].map(|number| TICKET.replace("287", &number.to_string())).into();
    table.answer("GetAllWithdrawTickets", &format!("[{}]", tickets.join(",")));
    table.answer("GetAllWithdrawTickets", "[]");
    table.press("x");
    cancel(&mut table, &tickets[0], "287", 1);
    table.answer("CancelFailedWithdrawTicket", WISH);
    assert!(table.screen().contains("second factor"), "{}", table.screen());
    table.press("Esc j");
    assert_eq!(table.press("x"), ["validate", "read unresolved"]);
    table.answer("Validate2FA", r#"{"TFaAuthenticated":true}"#);
    cancel(&mut table, &tickets[1], "286", 2);
    // The code did not last to this cancel, as where a code opens one call: from now on it is asked for before each.
    table.answer("CancelFailedWithdrawTicket", WISH);
    table.press("Esc j");
    assert_eq!(table.press("x"), ["validate", "read unresolved"]);
    table.answer("Validate2FA", r#"{"TFaAuthenticated":true}"#);
    cancel(&mut table, &tickets[2], "285", 3);
    assert_eq!(table.state.desk.link().second_factor().code(), Code::Open, "used up");
    assert_eq!(table.cancels, 3);
}

/// A cancel that is answered with the wish for a code, or with code 20, has its receipt. It is never sent again.
#[rstest]
#[case::wish(WISH)]
#[case::not_authorized(NO)]
fn whatever_bars_a_cancel_is_its_receipt(#[case] payload: &str) {
    let mut table = Table::listed();
    table.press("x");
    table.answer("GetWithdrawTicket", TICKET);
    table.press("2 8 7 Enter");
    assert_eq!(table.answer("GetWithdrawTicket", TICKET), ["open intent"]);
    let attempt = table.state.desk.cancels().attempt().unwrap().id;
    let answer = OpenAnswer::Opened(durable(1));
    assert_eq!(table.take(Event::IntentAnswered { attempt, answer }), ["CANCEL"]);
    table.take(Event::CancelHanded { intent: IntentId(1) });
    assert_eq!(table.answer("CancelFailedWithdrawTicket", payload), ["record"]);
    assert_eq!(table.cancels, 1);
    assert!(matches!(table.state.desk.link().phase(), Phase::Up), "and it says nothing of the session");
}
