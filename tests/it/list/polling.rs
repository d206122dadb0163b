//! The list where there are no events of tickets.

use super::polling;
use crate::world::{Setup, World, exchange};

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
fn without_ticket_events_the_header_says_when_the_list_was_read() {
    let mut world = World::with(Setup { is_cut: true, ..Setup::default() }, exchange());
    world.muted = vec!["SubscribeAllAccountEvents"];
    world.cut(false);
    world.seconds(12);
    assert!(world.shows("polled 08:30:1"), "{}", world.screen());
}
