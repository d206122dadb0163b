//! Tickets that cannot be canceled now, and why.

use rstest::rstest;
use withdraw_desk::app::desk::cancels::attempt::AttemptEnd;

use super::frames;
use crate::world::{World, ended};

#[test]
fn a_console_that_was_open_before_learns_of_the_lock_when_the_dialog_opens() {
    let mut second = World::new();
    let ticket = second.select("lost-before");
    let mut first = World::new();
    first.cancel("lost-before");
    second.journal = first.journal;
    second.press("x");
    second.settle();
    assert!(
        matches!(ended(&second.state), Some(AttemptEnd::Locked(why)) if why.contains("operator on desk1")),
        "{}",
        second.screen()
    );
    second.press(&format!("Esc x {ticket} Enter"));
    second.settle();
    assert_eq!(frames(&second), 0);
}

// --- money that may have left, tickets that cannot be read again -----------------------------------------------------

#[rstest]
#[case::transaction_id(9, "carries the trace of a transaction")]
#[case::confirmed(11, "confirmed")]
#[case::no_request_code(15, "without an AccountId and RequestCode")]
fn such_a_ticket_is_locked_and_says_why(#[case] nth: usize, #[case] said: &str) {
    let mut world = World::new();
    let ticket = world.select_failed(nth);
    world.press(&format!("x {ticket} Enter"));
    world.settle();
    assert!(world.shows(said), "{}", world.screen());
    assert_eq!(frames(&world), 0);
}
