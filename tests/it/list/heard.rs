//! Tickets of which an event alone told.

use withdraw_desk::domain::TicketNumber;

use crate::world::World;

/// A ticket that has not failed, among the newest of the list.
fn not_failed(world: &World) -> TicketNumber {
    let newest = world.state.console.list.rows.at(0).expect("a failed ticket").0;
    let is_failed = |number: &u64| world.state.desk.list().tickets().get(TicketNumber(*number)).is_some();
    TicketNumber((0..newest).rev().find(|number| !is_failed(number)).expect("a ticket that is fine"))
}

#[test]
fn a_ticket_that_fails_meanwhile_is_read_once_for_its_comments_and_says_so_until_then() {
    let mut world = World::new();
    let ticket = not_failed(&world);
    world.exchange.comment(ticket.0, "Withdraw Failed: Hot wallet is empty", world.now.wall);
    world.muted = vec!["GetWithdrawTicket"];
    world.exchange.meddle(ticket.0, "Failed", world.now.wall);
    world.seconds(1);
    world.select_ticket(ticket);
    for wanted in ["why  not read yet", "comments ?"] {
        assert!(world.shows(wanted), "{wanted}: {}", world.screen());
    }
    assert!(!world.shows("not given"), "{}", world.screen());
    world.muted.clear();
    world.cut(true);
    world.cut(false);
    world.seconds(5);
    assert!(world.shows("why  Hot wallet is empty"), "{}", world.screen());
}

#[test]
fn a_read_that_is_not_answered_well_is_not_asked_again() {
    let mut world = World::new();
    let ticket = not_failed(&world);
    world.muted = vec!["GetWithdrawTicket"];
    world.exchange.meddle(ticket.0, "Failed", world.now.wall);
    world.seconds(30);
    let asked = asked(&world);
    world.seconds(60);
    assert_eq!((asked, self::asked(&world)), (1, 1), "{}", world.screen());
}

/// How often a ticket was asked for.
fn asked(world: &World) -> usize {
    world.log.iter().filter(|effect| effect.contains("GetWithdrawTicket")).count()
}
