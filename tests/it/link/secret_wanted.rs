//! Questions for a secret, in the console.

use std::time::Duration;
use withdraw_desk::app::console::screens::Screen;
use withdraw_desk::app::desk::cancels::attempt::Stage;
use withdraw_desk::app::event::LinkFailure;
use withdraw_desk::app::{Effect, Event, update};
use withdraw_desk::domain::{ConnectionId, Wanted};
use withdraw_desk::protocol::LinkEnd;

use super::{LINK, TICKET, Table};

#[test]
fn what_is_typed_into_the_question_is_shown_nowhere_and_leaves_once() {
    let mut table = Table::with(|_| ());
    table.take(Event::SecretWanted { connection: LINK, wanted: Wanted::Password { user: "op".to_owned() } });
    assert!(table.screen().contains("the password of op"), "{}", table.screen());
    assert_eq!(table.press("Q q ? Z Q 9 x Backspace"), Vec::<String>::new(), "letters are letters here");
    table.take(Event::PasteBegun);
    let shown = format!("{}{:?}", table.screen(), table.state);
    assert!(!shown.contains("Qq?ZQ9") && !shown.contains("ZQ9"), "{shown}");
    let effects = update(&mut table.state, Event::KeyPressed("Enter".parse().unwrap()), table.now).into_list();
    assert!(!format!("{effects:?}").contains("ZQ9"));
    let [Effect::GiveSecret { connection: LINK, secret }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(secrecy::ExposeSecret::expose_secret(&secret.secret()), "Qq?ZQ9");
    assert_eq!(table.press("Enter"), Vec::<String>::new());
}

#[test]
fn esc_gives_nothing_and_nobody_logs_in_until_r() {
    let mut table = Table::with(|_| ());
    let kind = Some("Google".into());
    table.take(Event::SecretWanted { connection: LINK, wanted: Wanted::LoginCode { kind } });
    assert_eq!(table.press("Enter"), Vec::<String>::new(), "nothing was typed");
    assert_eq!(table.press("1 Esc"), ["disconnect"]);
    assert!(table.screen().contains("NOT LOGGED IN") && !table.screen().contains("REFUSED"), "{}", table.screen());
    assert_eq!(table.state.desk.next_deadline(table.now), None);
    table.pass(Duration::from_secs(2));
    assert_eq!(table.press("r"), ["connect"]);
}

#[test]
fn a_question_disarms_the_dialog_behind_it() {
    let mut table = Table::listed();
    table.press("x");
    table.answer("GetWithdrawTicket", TICKET);
    table.press("2 8 7");
    table.take(Event::SecretWanted { connection: LINK, wanted: Wanted::CallCode });
    assert_eq!(table.press("1 Esc"), Vec::<String>::new());
    assert_eq!(table.press("Enter"), Vec::<String>::new(), "the number must be typed again");
    assert!(matches!(table.stage(), Stage::Shown(_)));
}

#[test]
fn a_question_that_ends_while_it_is_answered_takes_the_rest_of_the_secret_until_esc() {
    let mut table = Table::with(|_| ());
    table.take(Event::SecretWanted { connection: LINK, wanted: Wanted::Password { user: "op".to_owned() } });
    table.press("h u");
    let failure = LinkFailure::Unreachable(LinkEnd::soon("reset"));
    table.take(Event::LinkFailed { connection: LINK, failure });
    assert_eq!(table.press("q r x L Enter"), Vec::<String>::new(), "none of them is a key of the list");
    assert!(table.screen().contains("This question is over"), "{}", table.screen());
    assert_eq!(table.press("Esc r"), ["connect"]);
}

#[test]
fn a_question_of_a_link_that_is_gone_is_not_asked() {
    let mut table = Table::linked();
    table.take(Event::SecretWanted { connection: ConnectionId(7), wanted: Wanted::CallCode });
    assert!(!matches!(table.state.console.top(), Some(Screen::Secret(_))));
}
