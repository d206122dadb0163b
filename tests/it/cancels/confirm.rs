//! The confirming read: whatever differs, or is not known in time, sends nothing.

use withdraw_desk::app::Event;
use withdraw_desk::app::desk::cancels::attempt::{AttemptEnd, NotSent};

use super::{READ, frames};
use crate::world::{World, ended};

// --- the confirming read --------------------------------------------------------------------------------------------

#[test]
fn a_ticket_that_a_colleague_changed_meanwhile_is_not_sent_and_both_values_are_shown() {
    let mut world = World::new();
    // The event that would disarm the dialog is lost.
    world.muted.push("WithdrawTicketUpdateEvent");
    let ticket = world.arm("fine");
    world.exchange.meddle(ticket.0, "SystemProcessing", world.now.wall);
    world.press("Enter");
    world.settle();
    assert_eq!(frames(&world), 0);
    assert!(matches!(ended(&world.state), Some(AttemptEnd::NotSent(NotSent::Changed { .. }))));
    assert!(world.shows("SystemProcessing (4)") && world.shows("mlopez"), "{}", world.screen());
    assert_eq!(world.journal.kinds(), ["declined"]);
}

#[test]
fn a_ticket_resubmitted_and_failed_again_meanwhile_is_noticed_by_its_last_update() {
    let mut world = World::new();
    // The event that would disarm the dialog is lost.
    world.muted.push("WithdrawTicketUpdateEvent");
    let ticket = world.arm("fine");
    world.exchange.meddle(ticket.0, "Accepted", world.now.wall);
    world.seconds(1);
    world.exchange.meddle(ticket.0, "Failed", world.now.wall);
    world.press("Enter");
    world.settle();
    assert_eq!(frames(&world), 0);
    assert!(world.shows("last update"), "{}", world.screen());
}

#[test]
fn a_confirming_read_that_is_not_answered_in_5_seconds_sends_nothing() {
    let mut world = World::new();
    world.arm("fine");
    world.muted = vec![READ];
    world.press("Enter");
    world.seconds(6);
    assert!(matches!(ended(&world.state), Some(AttemptEnd::NotSent(_))), "{}", world.screen());
    assert_eq!(frames(&world), 0);
    assert_eq!(world.journal.kinds(), ["declined"]);
}

#[test]
fn a_link_lost_between_arm_and_send_sends_nothing_also_on_the_next_link() {
    let mut world = World::new();
    world.arm("fine");
    world.cut(true);
    world.press("Enter");
    world.cut(false);
    world.seconds(60);
    assert_eq!(frames(&world), 0);
    assert!(world.shows("Nothing was sent"), "{}", world.screen());
}

#[test]
fn the_operator_may_keep_the_ticket_until_the_intent_is_opened() {
    let mut world = World::new();
    world.arm("fine");
    // The answer is on its way, but Esc is quicker.
    world.millis(400);
    world.happen(Event::KeyPressed("Enter".parse().unwrap()));
    world.happen(Event::KeyPressed("Esc".parse().unwrap()));
    world.seconds(30);
    assert_eq!(frames(&world), 0);
    assert_eq!(world.journal.kinds(), ["declined"]);
}

#[test]
fn a_transaction_id_that_appears_between_dialog_and_confirm_sends_nothing() {
    let mut world = World::new();
    let ticket = world.arm("fine");
    world.exchange.give_transaction(ticket.0, "9f2c77");
    world.press("Enter");
    world.settle();
    assert_eq!(frames(&world), 0);
    assert!(world.shows("transaction id") && world.shows("9f2c77"), "{}", world.screen());
}
