//! The link and the list: logging in, reading, losing the link and coming back, on the pure exchange.

use withdraw_desk::app::Repaint;
use withdraw_desk::app::desk::list::scan::ScanPhase;
use withdraw_desk::protocol::rpc::authenticate_user::LoginRefused;
use withdraw_desk::simulator::{Book, Exchange, Script};

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
    assert!(
        world.shows("The list could not be read: no answer to GetAllWithdrawTickets in time"),
        "{}",
        world.screen()
    );
    world.muted.clear();
    world.press("r");
    world.settle();
    assert!(world.shows("400 read, back to #90001, 2026-08-16, end of list"), "{}", world.screen());
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

#[test]
fn without_answers_to_pings_everything_is_stale_and_then_the_link_is_dropped() {
    let mut world = World::new();
    world.muted = vec!["Ping", "GetUserInfo"];
    world.seconds(16);
    assert!(world.shows("STALE since"), "{}", world.screen());
    world.seconds(10);
    assert!(world.log.iter().any(|line| line == "disconnect"), "{:#?}", world.log);
    world.muted.clear();
    world.seconds(30);
    assert!(world.shows("live"), "{}", world.screen());
}

#[test]
fn an_idle_console_asks_for_a_pong_its_session_and_the_journal_and_has_nothing_to_draw() {
    let mut world = World::new();
    world.seconds(5);
    world.state.repaint = Repaint::Nothing;
    world.log.clear();
    world.seconds(20);
    let each = ["read Ping", "read GetUserInfo", "read unresolved"];
    assert_eq!(world.log, each.repeat(2));
    assert_eq!(world.state.repaint, Repaint::Nothing);
}

#[test]
fn without_ticket_events_the_header_says_when_the_list_was_read() {
    let mut world = World::with(Setup { is_cut: true, ..Setup::default() }, exchange());
    world.muted = vec!["SubscribeAllAccountEvents"];
    world.cut(false);
    world.seconds(12);
    assert!(world.shows("polled 08:30:1"), "{}", world.screen());
}

#[test]
fn a_ticket_that_somebody_else_moves_shows_it_in_its_row() {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.exchange.meddle(ticket.0, "SystemProcessing", world.now.wall);
    world.settle();
    assert!(world.shows("-> SystemProcessing"), "{}", world.screen());
    assert!(world.shows("by user 4 mlopez"), "{}", world.screen());
}

#[test]
fn hostile_text_is_spelled_out_and_flagged() {
    let mut world = World::new();
    world.select_failed(13);
    let screen = world.screen();
    assert!(screen.contains("<U+202E>") && screen.contains("U!"), "{screen}");
    assert!(!screen.contains('\u{202e}') && !screen.contains('\u{1b}'));
}
