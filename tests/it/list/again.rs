//! The list, read again in the background.

use super::{change_old_ones, oldest, polling};
use crate::world::World;

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
