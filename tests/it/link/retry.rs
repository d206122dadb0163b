//! Links that are lost or refused: what is tried again, and when.

use rstest::rstest;
use std::time::Duration;
use withdraw_desk::app::Event;
use withdraw_desk::app::desk::cancels::attempt::{AttemptEnd, Stage};
use withdraw_desk::app::event::LinkFailure;
use withdraw_desk::domain::ConnectionId;
use withdraw_desk::protocol::rpc::authenticate_user::LoginRefused;
use withdraw_desk::protocol::{LinkEnd, NextTry, Parting};

use super::{LINK, TICKET, Table};
use crate::world::ended;
use crate::world::{Setup, World, exchange};

#[test]
fn the_first_read_of_a_dialog_is_asked_again_on_the_next_link() {
    let mut table = Table::listed();
    table.press("x");
    table.take(Event::LinkLost { connection: LINK, end: LinkEnd::soon("reset") });
    assert!(
        table.screen().contains("The link was lost. Ticket 287 is read as soon as it is back."),
        "{}",
        table.screen()
    );
    table.press("2 8 7");
    let asked = table.reconnect(ConnectionId(2));
    assert_eq!(asked.first().map(String::as_str), Some("GetWithdrawTicket"));
    table.answer("GetWithdrawTicket", TICKET);
    assert!(matches!(table.stage(), Stage::Shown(_)));
    assert_eq!(table.press("Enter"), Vec::<String>::new(), "what was typed before counts for nothing");
}

#[test]
fn a_confirming_read_is_not_asked_again() {
    let mut table = Table::listed();
    table.press("x");
    table.answer("GetWithdrawTicket", TICKET);
    table.press("2 8 7 Enter");
    table.take(Event::LinkLost { connection: LINK, end: LinkEnd::soon("reset") });
    assert!(matches!(ended(&table.state), Some(AttemptEnd::NotSent(_))));
    assert!(!table.reconnect(ConnectionId(2)).contains(&"GetWithdrawTicket".to_owned()));
}

#[test]
fn what_waits_for_a_link_that_is_refused_does_not_wait_for_ever() {
    let mut table = Table::listed();
    table.press("x");
    table.take(Event::LinkLost { connection: LINK, end: LinkEnd::soon("reset") });
    table.pass(Duration::from_secs(31));
    table.take(Event::DeadlinePassed);
    let failure = LinkFailure::Refused(LoginRefused::Locked);
    table.take(Event::LinkFailed { connection: ConnectionId(2), failure });
    assert!(matches!(ended(&table.state), Some(AttemptEnd::Locked(why)) if why.contains("administrator")));
}

#[rstest]
#[case::list("1")]
#[case::link("L")]
fn a_held_r_does_not_try_a_refused_login_again_and_again(#[case] first: &str) {
    let mut table = Table::linked();
    table.take(Event::LinkLost { connection: LINK, end: LinkEnd::soon("reset") });
    table.press(first);
    table.pass(Duration::from_millis(400));
    let mut tries = 0;
    // A key repeat, 30 ms apart; each try is refused before the next one.
    for _ in 0..100 {
        tries += table.take_after(20, Event::KeyPressed("r".parse().unwrap())).len();
        let failure = LinkFailure::Refused(LoginRefused::Refused("Invalid username or password".into()));
        table.take_after(10, Event::LinkFailed { connection: ConnectionId(2), failure });
    }
    assert_eq!(tries, 1);
    assert!(table.screen().contains("pause, then press r once"), "{}", table.screen());
    assert_eq!(table.press("r"), ["connect"]);
}

#[test]
fn a_refused_login_is_tried_again_only_when_the_refusal_could_be_read() {
    let r = || Event::KeyPressed("r".parse().unwrap());
    let mut table = Table::with(|_| ());
    table.take(Event::LinkFailed { connection: LINK, failure: LinkFailure::Refused(LoginRefused::Locked) });
    assert_eq!(table.take_after(1_999, r()), Vec::<String>::new());
    assert_eq!(table.take_after(299, r()), Vec::<String>::new(), "a key came just before");
    assert_eq!(table.take_after(300, r()), ["connect"]);
}

#[test]
fn a_lost_link_comes_back_by_itself_reads_again_and_keeps_the_cursor() {
    let mut world = World::new();
    let ticket = world.select("code-101");
    world.cut(true);
    assert!(world.shows("NO LINK"), "{}", world.screen());
    world.seconds(20);
    world.cut(false);
    world.seconds(60);
    assert!(world.shows("live"), "{}", world.screen());
    assert_eq!(world.state.console.list.selection.ticket, Some(ticket));
}

#[test]
fn a_refused_login_is_not_tried_again_until_a_person_says_so() {
    let mut world = World::with(Setup { is_cut: true, ..Setup::default() }, exchange());
    world.cut(false);
    world.refuses = Some(LoginRefused::Refused("Invalid username or password".into()));
    world.seconds(5);
    assert!(world.shows("LOGIN REFUSED") && world.shows("Invalid username or password"), "{}", world.screen());
    let before = world.log.len();
    world.seconds(600);
    assert_eq!(world.log.len(), before, "accounts lock");
    world.refuses = None;
    world.press("r");
    world.settle();
    assert!(world.shows("live"), "{}", world.screen());
}

fn lost(end: LinkEnd) -> Event {
    Event::LinkLost { connection: LINK, end }
}

#[test]
fn a_wait_that_the_far_side_asks_for_is_kept_and_a_person_may_cut_it_short() {
    let end = || LinkEnd::new("HTTP 429", NextTry::After(Duration::from_secs(120)));
    let mut table = Table::linked();
    table.take(lost(end()));
    table.pass(Duration::from_secs(119));
    assert_eq!(table.take(Event::DeadlinePassed), Vec::<String>::new(), "not before its time");
    table.pass(Duration::from_secs(1));
    assert_eq!(table.take(Event::DeadlinePassed), ["connect"]);

    let mut table = Table::linked();
    table.take(lost(end()));
    assert_eq!(table.press("r"), ["connect"]);
}

#[test]
fn a_person_who_asks_again_and_again_during_a_wait_gets_one_try_a_second() {
    let end = || LinkEnd::new("HTTP 429, and asks to wait 120 s; too much", NextTry::After(Duration::from_secs(120)));
    let mut table = Table::linked();
    table.take(lost(end()));
    let again = |table: &mut Table| table.take_after(100, Event::KeyPressed("r".parse().unwrap()));
    assert_eq!(table.press("r"), ["connect"]);
    let refused = Event::LinkFailed { connection: ConnectionId(2), failure: LinkFailure::Unreachable(end()) };
    table.take_after(100, refused);
    assert_eq!(again(&mut table), Vec::<String>::new());
    assert_eq!(again(&mut table), Vec::<String>::new());
    assert_eq!(table.take_after(699, Event::DeadlinePassed), Vec::<String>::new());
    assert_eq!(table.take_after(1, Event::DeadlinePassed), ["connect"]);
    table.take(Event::LinkFailed { connection: ConnectionId(3), failure: LinkFailure::Unreachable(end()) });
    let screen = table.screen();
    assert!(screen.contains("asks to wait 120 s") && screen.contains("r tries now all the same"), "{screen}");
}

#[test]
fn after_an_end_for_a_person_nothing_is_tried_until_r_and_the_screen_says_so() {
    let mut table = Table::listed();
    table.take(lost(LinkEnd::for_a_person("closed with code 4001, \"Logged in elsewhere\"; agree with them")));
    for _ in 0..100 {
        table.pass(Duration::from_secs(60));
        assert_eq!(table.take(Event::DeadlinePassed), Vec::<String>::new());
    }
    let screen = table.screen();
    assert!(screen.contains("NO LINK, r tries") && screen.contains("Logged in elsewhere"), "{screen}");
    assert_eq!(table.press("r"), ["connect"]);
}

#[test]
fn what_waits_for_a_link_that_only_a_person_opens_does_not_wait_for_ever() {
    let mut table = Table::listed();
    table.press("x");
    table.take(lost(LinkEnd::for_a_person("closed with code 1008")));
    assert!(
        matches!(ended(&table.state), Some(AttemptEnd::Locked(why)) if why.contains("1008")),
        "{:?}",
        ended(&table.state)
    );
}

#[test]
fn a_link_that_is_closed_right_after_each_login_is_not_fought_for() {
    let dismissed = || LinkEnd { parting: Parting::Closed, ..LinkEnd::soon("closed: 1000; ask") };
    let mut table = Table::linked();
    for link in 1..3 {
        table.take(Event::LinkLost { connection: ConnectionId(link), end: dismissed() });
        table.reconnect(ConnectionId(link + 1));
    }
    table.take(Event::LinkLost { connection: ConnectionId(3), end: dismissed() });
    table.pass(Duration::from_secs(600));
    assert_eq!(table.take(Event::DeadlinePassed), Vec::<String>::new());
    assert!(table.screen().contains("3 times in a row the exchange closed the link"), "{}", table.screen());

    let mut table = Table::linked();
    for link in 1..20 {
        // One that lasted longer than another desk would wait was no fight.
        table.pass(Duration::from_secs(61));
        table.take(Event::LinkLost { connection: ConnectionId(link), end: dismissed() });
        table.reconnect(ConnectionId(link + 1));
    }
}

#[test]
fn a_link_that_is_dropped_soon_after_each_login_for_minutes_waits_for_a_person() {
    let mut table = Table::linked();
    let mut links = 1..;
    let held = links.find(|link| {
        table.pass(Duration::from_secs(12));
        table.take(Event::LinkLost { connection: ConnectionId(*link), end: LinkEnd::dropped("dropped; look") });
        let is_held = table.screen().contains("NO LINK, r tries");
        if !is_held {
            table.reconnect(ConnectionId(link + 1));
        }
        is_held
    });
    assert_eq!(held, Some(8));
    let screen = table.screen().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(screen.contains("another desk may be logged in as this user"), "{screen}");
    table.pass(Duration::from_secs(600));
    assert_eq!(table.take(Event::DeadlinePassed), Vec::<String>::new());
    assert_eq!(table.press("r"), ["connect"]);
}
