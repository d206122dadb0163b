//! A row, as it shows its ticket.

use crate::world::World;

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
