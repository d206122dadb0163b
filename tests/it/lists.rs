//! The list while it lives: polls where there are no events, what was missed while the link was down, one ticket by number.

use rstest::rstest;
use withdraw_desk::app::{Event, Size};
use withdraw_desk::domain::TicketNumber;
use withdraw_desk::simulator::{Book, Exchange, Script};

use crate::world::{Setup, World, exchange, start};

/// A console on an exchange that conducts itself like this.
fn conducted(conduct: &str) -> World {
    let book = Book::new(1, 400, start());
    let script = Script::parse(&format!(r#"{{"about":"","exchange":{conduct}}}"#), &book).expect("the scenario reads");
    let mut world = World::with(Setup { is_cut: true, ..Setup::default() }, Exchange::new(book, script));
    world.cut(false);
    world.seconds(20);
    world
}

/// A console on an exchange that sends no ticket events.
fn polling() -> World {
    let mut world = World::with(Setup { is_cut: true, ..Setup::default() }, exchange());
    world.muted = vec!["SubscribeAllAccountEvents", "WithdrawTicketUpdateEvent"];
    world.cut(false);
    world.seconds(12);
    world
}

#[test]
fn without_events_the_newest_page_and_the_tickets_on_the_screen_are_read_every_ten_seconds() {
    let mut world = polling();
    world.press("G");
    world.log.clear();
    world.seconds(20);
    let count = |name: &str| world.log.iter().filter(|line| line.as_str() == name).count();
    assert_eq!(count("read GetAllWithdrawTickets"), 2, "{:?}", world.log);
    assert!((2..=12).contains(&count("read GetWithdrawTicket")), "{:?}", world.log);
}

#[test]
fn without_events_a_ticket_on_the_screen_shows_that_somebody_else_moved_it() {
    let mut world = polling();
    world.press("G");
    let ticket = world.state.console.list.selection.ticket.expect("a ticket");
    world.exchange.meddle(ticket.0, "SystemProcessing", world.now.wall);
    world.seconds(12);
    assert!(world.shows("-> SystemProcessing") && world.shows("(read, by user 4 mlopez)"), "{}", world.screen());
    assert!(world.shows("polled 08:30:") && !world.shows("live"), "{}", world.screen());
}

#[test]
fn what_happened_while_the_link_was_down_is_read_when_it_is_back() {
    let mut world = World::new();
    let ticket = world.select_failed(2);
    world.cut(true);
    world.exchange.meddle(ticket.0, "SystemProcessing", world.now.wall);
    world.log.clear();
    world.cut(false);
    world.seconds(5);
    assert!(world.shows("-> SystemProcessing"), "{}", world.screen());
}

/// The oldest ticket that is failed, and one nearby that is not.
fn oldest(world: &World) -> [TicketNumber; 2] {
    let is_listed = |number: &TicketNumber| world.state.desk.list().tickets().get(*number).is_some();
    let numbers = || (90_001..90_200).map(TicketNumber);
    [numbers().find(is_listed), numbers().find(|number| !is_listed(number))].map(|found| found.expect("a ticket"))
}

/// Old tickets, far beyond the newest page: one is canceled, one fails.
fn change_old_ones(world: &mut World, [canceled, failing]: [TicketNumber; 2]) {
    world.exchange.meddle(canceled.0, "AdminCanceled", world.now.wall);
    world.exchange.meddle(failing.0, "Failed", world.now.wall);
}

#[test]
fn old_tickets_that_changed_while_the_link_was_down_are_right_on_the_list_after_it_is_back() {
    let mut world = World::new();
    let [canceled, failing] = oldest(&world);
    let cursor = world.select_failed(3);
    world.cut(true);
    change_old_ones(&mut world, [canceled, failing]);
    world.log.clear();
    world.cut(false);
    world.seconds(5);
    assert!(world.state.desk.list().tickets().get(failing).is_some(), "{}", world.screen());
    let status = world.state.desk.list().tickets().get(canceled).map(|ticket| ticket.status.to_string());
    assert_eq!(status.as_deref(), Some("AdminCanceled"), "{}", world.screen());
    assert_eq!(world.state.console.list.selection.ticket, Some(cursor));
    assert!(world.shows("live") && world.shows("400 read, back to #90001"), "{}", world.screen());
}

#[test]
fn a_list_that_is_read_again_keeps_its_rows_and_says_how_far_it_got() {
    let mut world = World::new();
    let rows = world.state.desk.list().tickets().rows();
    world.cut(true);
    world.muted = vec!["GetAllWithdrawTickets"];
    world.cut(false);
    world.seconds(2);
    assert!(world.shows("reading again, 0 of 400 read"), "{}", world.screen());
    assert_eq!(world.state.desk.list().tickets().rows(), rows);
}

#[test]
fn a_reading_in_the_background_that_stopped_goes_on_by_itself() {
    let mut world = World::new();
    world.cut(true);
    world.muted = vec!["GetAllWithdrawTickets"];
    world.cut(false);
    world.seconds(30);
    assert!(world.shows("STOPPED early"), "{}", world.screen());
    world.muted.clear();
    world.seconds(70);
    assert!(world.shows("400 read, back to #90001") && world.shows("end of list"), "{}", world.screen());
}

#[test]
fn without_events_the_whole_list_is_read_every_ten_minutes() {
    let mut world = polling();
    let [canceled, failing] = oldest(&world);
    change_old_ones(&mut world, [canceled, failing]);
    world.seconds(300);
    assert_eq!(world.state.desk.list().tickets().get(failing), None, "the newest pages do not show it");
    world.seconds(310);
    assert!(world.state.desk.list().tickets().get(failing).is_some(), "{}", world.screen());
    let status = world.state.desk.list().tickets().get(canceled).map(|ticket| ticket.status.to_string());
    assert_eq!(status.as_deref(), Some("AdminCanceled"), "{}", world.screen());
}

#[test]
fn a_ticket_that_is_not_failed_is_found_by_its_number_and_its_cancel_dialog_says_so() {
    let mut world = World::new();
    let listed = |number: &u64| world.state.desk.list().tickets().get(TicketNumber(*number)).is_some();
    let number = (90_001..90_400).rev().find(|number| !listed(number)).expect("a ticket that is not failed");
    world.press("#");
    assert!(world.shows("Ticket number: _"), "{}", world.screen());
    world.press(&format!("{number} Enter"));
    world.settle();
    assert!(world.shows(&format!("Ticket {number}")) && world.shows("every field as it arrived"), "{}", world.screen());
    world.press("x");
    world.settle();
    assert!(world.shows(&format!("Ticket {number} is now")), "{}", world.screen());
}

#[test]
fn a_ticket_found_by_its_number_says_its_status_and_amount_before_its_fields() {
    let mut world = World::new();
    let listed = |number: &u64| world.state.desk.list().tickets().get(TicketNumber(*number)).is_some();
    let number = (90_001..90_400).rev().find(|number| !listed(number)).expect("a ticket that is not failed");
    world.press(&format!("# {number} Enter"));
    world.settle();
    let screen = world.screen();
    let line = screen.lines().skip(1).take(2).map(str::trim).collect::<Vec<_>>().join(" ");
    let status = (0..30).any(|status| line.contains(&format!(" ({status})  ")));
    assert!(line.starts_with(&format!("Ticket {number}   ")) && status && line.contains(" read 08:"), "{line}");
}

#[test]
fn what_is_no_digit_is_left_out_of_a_ticket_number_and_the_prompt_says_so() {
    let mut world = World::new();
    world.press("# 1 2 x");
    assert!(world.shows("Ticket number: 12_   Only digits count: x was left out."), "{}", world.screen());
    world.press("4");
    assert!(world.shows("Ticket number: 124_") && !world.shows("left out"), "{}", world.screen());
    world.press(&"9".repeat(17));
    assert!(world.shows("No number has more than 19 digits."), "{}", world.screen());
}

#[test]
fn a_number_that_the_whole_list_does_not_hold_is_not_found() {
    let mut world = World::new();
    world.press("# 12 Enter");
    world.settle();
    let said = "Not found: it is none of the 400 tickets that the exchange lists.";
    assert!(world.shows(said), "{}", world.screen());
    world.press("Esc # Enter");
    assert!(world.shows("Type the number of a ticket"), "{}", world.screen());
}

#[test]
fn a_list_whose_link_is_lost_says_that_it_goes_on_and_does() {
    let mut world = World::with(Setup { is_cut: true, ..Setup::default() }, exchange());
    world.muted = vec!["GetAllWithdrawTickets"];
    world.cut(false);
    world.seconds(2);
    world.cut(true);
    assert!(world.shows("0 read; the link was lost, goes on after it is back"), "{}", world.screen());
    world.muted.clear();
    world.cut(false);
    world.seconds(20);
    assert!(world.shows("400 read, back to #90001, 2026-08-16, end of list"), "{}", world.screen());
}

#[test]
fn an_exchange_without_ticket_events_is_said_to_be_read_instead() {
    let mut world = World::with(Setup { is_cut: true, ..Setup::default() }, exchange());
    world.muted = vec!["SubscribeAllAccountEvents"];
    world.cut(false);
    world.seconds(12);
    let mut happened = world.state.desk.activity().newest().map(|line| line.text.as_str());
    let said = |line: &str| line.starts_with("newest tickets read every 10 s: no ticket events (");
    assert!(happened.any(said), "{}", world.screen());
}

#[test]
fn a_list_that_was_never_read_is_not_said_to_be_read_now() {
    let world = conducted(r#"{"events":"refused","user":{"permissions":[]}}"#);
    let head = world.screen().lines().next().expect("the header").to_owned();
    assert!(head.contains("NOT READ") && !head.contains("reading"), "{head}");
}

#[rstest]
#[case::nothing("[]", false)]
#[case::another_call(r#"["GetWithdrawTicket"]"#, false)]
#[case::operator(r#"["Operator"]"#, true)]
#[case::this_call(r#"["GetAllWithdrawTickets"]"#, true)]
fn a_login_that_may_not_read_the_list_is_told_what_it_lacks(#[case] permissions: &str, #[case] may: bool) {
    let world = conducted(&format!(r#"{{"user":{{"permissions":{permissions}}}}}"#));
    let screen = world.screen().split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "The list could not be read: the exchange answered: Not Authorized (20); this login has neither Operator nor \
                GetAllWithdrawTickets, and an administrator must give it one. r tries again.";
    assert_eq!(screen.contains(said), !may, "{}", world.screen());
    assert_eq!(screen.contains("400 read, back to #90001"), may, "{}", world.screen());
}

#[test]
fn a_filtered_list_says_so_where_there_is_room_and_always_how_far_it_got() {
    let mut world = conducted(r#"{"list":{"status-filter":"honoured"}}"#);
    let line = world.screen().lines().nth(1).expect("the counts").to_owned();
    assert!(line.trim_end().ends_with(", end of list, the exchange filters"), "{line}");
    world.happen(Event::Resized(Size { width: 60, height: 24 }));
    let line = world.screen().lines().nth(1).expect("the counts").to_owned();
    assert!(line.trim_end().ends_with(", end of list"), "{line}");
}
