//! The whole list, read to its end, and how far it got where it is not.

use rstest::rstest;
use withdraw_desk::app::desk::list::scan::ScanPhase;
use withdraw_desk::app::{Event, Size};
use withdraw_desk::simulator::{Book, Exchange, Script};

use super::conducted;
use crate::world::{Setup, World, exchange};

#[test]
fn the_list_is_read_in_pages_to_its_end_and_holds_every_failed_ticket_once() {
    let world = World::new();
    let desk = &world.state.desk;
    assert_eq!((desk.list().scan().read(), &desk.list().scan().phase), (400, &ScanPhase::Complete));
    let shown: Vec<u64> = desk.list().tickets().numbers().map(|number| number.0).collect();
    let failed: Vec<u64> = (1..).map_while(|nth| world.exchange.failed(nth)).collect();
    assert_eq!(shown, failed);
    let pages = world.log.iter().filter(|line| line.as_str() == "read GetAllWithdrawTickets").count();
    assert_eq!(pages, 7, "the first and its filtered twin, three that overlap, and two that look for the end");
}

#[test]
fn the_list_is_read_back_to_the_limit_on_age_and_says_so() {
    let start = "2026-11-22T08:30:00Z".parse().unwrap();
    let big = Exchange::new(Book::new(1, 3_000, start), Script::default());
    let world = World::with(Setup::default(), big);
    let read = world.state.desk.list().scan().read();
    assert!((400..3_000).contains(&read), "{read}");
    assert_eq!(world.state.desk.list().scan().phase, ScanPhase::AtDepth);
    assert!(
        world.shows(&format!("{read} read, back to #")) && world.shows(", 90 days; no further"),
        "{}",
        world.screen()
    );
}

#[test]
fn a_list_that_cannot_be_read_says_how_far_it_got_and_can_be_read_again() {
    let mut world = World::with(Setup { is_cut: true, ..Setup::default() }, exchange());
    assert!(world.shows("NO LINK") && world.shows("connection refused"), "{}", world.screen());
    world.muted = vec!["GetAllWithdrawTickets"];
    world.cut(false);
    world.seconds(20);
    assert!(world.shows("The list could not be read: no answer to the page of the list in time"), "{}", world.screen());
    world.muted.clear();
    world.press("r");
    world.settle();
    assert!(world.shows("400 read, back to #90001, 2026-08-16, end of list"), "{}", world.screen());
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
fn a_list_whose_link_is_lost_says_that_it_goes_on_and_does() {
    let mut world = World::with(Setup { is_cut: true, ..Setup::default() }, exchange());
    world.muted = vec!["GetAllWithdrawTickets"];
    world.cut(false);
    world.seconds(2);
    world.cut(true);
    assert!(world.shows("not read; the link was lost, goes on after it is back"), "{}", world.screen());
    world.muted.clear();
    world.cut(false);
    world.seconds(20);
    assert!(world.shows("400 read, back to #90001, 2026-08-16, end of list"), "{}", world.screen());
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

#[rstest]
#[case::the_same_page_for_ever(r#"{"list":{"start-ignored":true}}"#, "Failed 28  200 read, STOPPED early")]
#[case::the_whole_list_for_ever(
    r#"{"list":{"start-ignored":true,"limit-ignored":true}}"#,
    "Failed 67  400 read, STOPPED early"
)]
fn a_list_whose_pages_are_all_the_same_says_how_many_tickets_it_showed(#[case] conduct: &str, #[case] counts: &str) {
    let world = conducted(conduct);
    for wanted in [counts, "the exchange sends the same", "tickets again and again"] {
        assert!(world.shows(wanted), "{wanted}: {}", world.screen());
    }
}
