//! The intent: without a durable one nothing is sent.

use super::frames;
use crate::world::{Setup, World};

// --- the journal ----------------------------------------------------------------------------------------------------

#[test]
fn no_journal_no_send() {
    let mut world = World::new();
    let ticket = world.arm("fine");
    world.journal.fails = Some("journal.jsonl: cannot be written: No space left on device".to_owned());
    world.press("Enter");
    world.settle();
    assert_eq!(frames(&world), 0);
    assert!(world.shows("No journal, no send") && world.shows("No space left"), "{}", world.screen());
    world.journal.fails = None;
    world.press(&format!("Esc x {ticket} Enter"));
    world.settle();
    assert_eq!(frames(&world), 0, "read-only until restart");
}

#[test]
fn a_journal_that_answers_too_late_sends_nothing() {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.journal_waits = true;
    world.press(&format!("x {ticket} Enter"));
    world.seconds(6);
    world.release_journal();
    world.settle();
    assert_eq!(frames(&world), 0);
    assert_eq!(world.journal.kinds(), [format!("intent #{ticket}"), "outcome NotSent".to_owned()]);
}

#[test]
fn a_link_lost_while_the_intent_is_written_is_not_sent() {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.journal_waits = true;
    world.press(&format!("x {ticket} Enter"));
    world.settle();
    world.cut(true);
    world.release_journal();
    world.cut(false);
    world.seconds(30);
    assert_eq!(frames(&world), 0);
    assert_eq!(world.journal.store.unresolved().len(), 0);
}

#[test]
fn a_ticket_held_by_another_console_is_not_sent_and_the_holder_is_named() {
    let mut first = World::new();
    let ticket = first.cancel("lost-before");
    first.settle();
    let setup = Setup { journal: first.journal, session: "s2", ..Setup::default() };
    let mut second = World::at(setup, first.exchange, first.now);
    second.press("Esc");
    second.select_ticket(ticket);
    second.press(&format!("x {ticket} Enter"));
    second.settle();
    assert_eq!(frames(&second), 1, "the first console's");
    assert!(second.shows("operator on desk1 (pid 4242) opened a cancel of it"), "{}", second.screen());
}

#[test]
fn clocks_that_part_while_the_intent_is_written_send_nothing() {
    let mut world = World::new();
    world.journal_waits = true;
    let ticket = world.arm("fine");
    world.press("Enter");
    world.settle();
    world.set_wall_clock(-3);
    world.release_journal();
    assert_eq!(world.exchange.cancel_frames(ticket.0), 0);
    assert_eq!(world.journal.kinds().last().map(String::as_str), Some("outcome NotSent"));
}

#[test]
fn an_intent_without_a_record_of_its_send_is_read_only_when_it_can_no_longer_be_sent() {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.journal_waits = true;
    world.press(&format!("x {ticket} Enter"));
    world.settle();
    let mut other = world.restart();
    other.seconds(5);
    other.press("Enter r");
    other.settle();
    assert_eq!(other.cancellation().reads.good, 0, "the first console might still send it");
    other.seconds(30);
    assert!(other.cancellation().reads.good > 0);
    assert!(other.state.desk.lock_of(ticket).is_some());
}
