//! The cancel, from the dialog to its outcome, on the pure exchange.

mod attempt;
mod confirm;
mod follow;
mod found;
mod locks;
mod receipt;
mod release;
mod send;

use withdraw_desk::app::desk::cancels::attempt::AttemptEnd;
use withdraw_desk::domain::Outcome;

use crate::world::{Setup, World, ended, exchange};

const READ: &str = "GetWithdrawTicket";

const CANCEL: &str = "CancelFailedWithdrawTicket";

fn frames(world: &World) -> usize {
    world.exchange.all_cancel_frames()
}

#[test]
fn a_cancel_goes_from_two_reads_over_the_intent_to_one_frame_and_verified() {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.log.clear();
    world.press(&format!("x {ticket} Enter"));
    world.seconds(3);
    let i = world.cancellation().record.i;
    let frame = format!(
        r#"SEND {{"m":0,"i":{i},"n":"CancelFailedWithdrawTicket","o":"{{\"omsId\":1,\"ticketId\":{ticket}}}"}}"#
    );
    let before_the_receipt = [
        "read GetWithdrawTicket".to_owned(),
        "read unresolved".to_owned(),
        "read GetWithdrawTicket".to_owned(),
        format!("open intent #{ticket}"),
        frame,
        "record sent".to_owned(),
        "record reply accepted".to_owned(),
    ];
    assert_eq!(world.log[..before_the_receipt.len()], before_the_receipt, "{:#?}", world.log);
    assert_eq!(world.log.last().map(String::as_str), Some("record outcome Verified"));
    assert_eq!(world.outcome(), Some(Outcome::Verified));
    assert_eq!(world.exchange.cancel_frames(ticket.0), 1);
    assert_eq!(world.exchange.status(ticket.0), Some("AdminCanceled"));
}

// --- read-only ------------------------------------------------------------------------------------------------------

#[test]
fn read_only_ends_in_the_rehearsal_and_sends_nothing() {
    let mut world = World::with(Setup { write: false, ..Setup::default() }, exchange());
    let ticket = world.select("fine");
    world.press(&format!("x {ticket} Enter"));
    world.settle();
    assert_eq!(frames(&world), 0);
    assert!(world.shows("READ-ONLY") && world.shows("would have been sent"), "{}", world.screen());
    assert!(
        matches!(ended(&world.state), Some(AttemptEnd::Rehearsed(frame)) if frame.contains(&format!("ticketId\\\":{ticket}")))
    );
}

#[test]
fn another_oms_than_the_profile_says_is_read_only() {
    let mut world = World::with(Setup { oms: Some(2), ..Setup::default() }, exchange());
    let ticket = world.select("fine");
    world.press(&format!("x {ticket} Enter"));
    world.settle();
    assert_eq!(frames(&world), 0);
    world.press("Esc");
    assert!(world.shows("the profile says OMS 2, the exchange says 1"), "{}", world.screen());
}

#[test]
fn leaving_asks_once_while_a_cancel_is_followed() {
    let mut world = World::new();
    world.cancel("never-settles");
    world.press("Esc q");
    assert_eq!(world.exit, None);
    assert!(world.shows("q again leaves"), "{}", world.screen());
    world.press("j q");
    assert_eq!(world.exit, None, "any other key takes it back");
    world.press("q");
    assert!(world.exit.is_some());
}

#[test]
fn leaving_asks_once_while_a_cancel_of_an_earlier_session_stands_open() {
    let mut world = World::new();
    world.cancel("lost-before");
    world.seconds(120);
    let mut world = world.restart();
    world.seconds(20);
    world.press("Esc Esc q");
    assert_eq!(world.exit, None, "{}", world.screen());
    assert!(world.shows("q again leaves"), "{}", world.screen());
    world.press("q");
    assert!(world.exit.is_some());
}
