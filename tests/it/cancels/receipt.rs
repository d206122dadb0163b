//! The reply to a cancel: which is the receipt, and what it is worth.

use rstest::rstest;
use withdraw_desk::app::Event;
use withdraw_desk::domain::{Outcome, Receipt};
use withdraw_desk::protocol::{FrameKind, LinkEnd};

use super::{CANCEL, frames};
use crate::world::World;

#[rstest]
#[case::accepted("fine", Receipt::Accepted, Outcome::Verified)]
#[case::slow("slow", Receipt::Accepted, Outcome::Verified)]
#[case::moved("moves-elsewhere", Receipt::Accepted, Outcome::Moved)]
#[case::to_a_status_without_a_name("unknown-status", Receipt::Accepted, Outcome::Moved)]
#[case::never_settles("never-settles", Receipt::Accepted, Outcome::AcceptedNotMoved)]
#[case::server_error("code-102", Receipt::Unclear, Outcome::Unknown)]
#[case::not_supported("code-106", Receipt::Unclear, Outcome::Unknown)]
#[case::in_process("code-107", Receipt::Unclear, Outcome::Verified)]
#[case::plain_text("plain-text", Receipt::Unclear, Outcome::Unknown)]
#[case::garbage("garbage", Receipt::Unclear, Outcome::Unknown)]
#[case::true_with_a_code("true-with-code", Receipt::Unclear, Outcome::Unknown)]
#[case::lost_before("lost-before", Receipt::None, Outcome::Unknown)]
#[case::lost_after("lost-after", Receipt::None, Outcome::Verified)]
#[case::dropped_before("dropped-before", Receipt::None, Outcome::Unknown)]
#[case::dropped_after("dropped-after", Receipt::None, Outcome::Verified)]
fn every_answer_ends_in_the_outcome_of_the_table(
    #[case] case: &str,
    #[case] receipt: Receipt,
    #[case] outcome: Outcome,
) {
    let mut world = World::new();
    let ticket = world.cancel(case);
    world.seconds(90);
    assert_eq!((world.cancellation().progress.receipt, world.outcome()), (Some(receipt), Some(outcome)));
    assert_eq!(frames(&world), 1, "one confirmation, one frame, also after a reconnect");
    assert_eq!(world.state.desk.lock_of(ticket).is_some(), !outcome.is_final());
    let recorded = world.journal.kinds();
    let outcomes: Vec<&String> = recorded.iter().filter(|kind| kind.starts_with("outcome")).collect();
    assert_eq!(outcomes.last(), Some(&&format!("outcome {outcome}")), "{recorded:?}");
    assert_eq!(world.journal.store.unresolved().len(), usize::from(!outcome.is_final()));
}

#[rstest]
#[case("code-20", 20)]
#[case("code-100", 100)]
#[case("code-101", 101)]
#[case("code-104", 104)]
fn a_clear_no_is_refused_once_the_follow_time_is_over_without_a_move(#[case] case: &str, #[case] code: i64) {
    let mut world = World::new();
    let ticket = world.cancel(case);
    world.seconds(50);
    assert_eq!(world.outcome(), None, "the ticket is still read, to be sure");
    assert!(world.shows("Reading its status to be sure"));
    world.seconds(15);
    assert_eq!(world.outcome(), Some(Outcome::Refused));
    assert!(world.shows(&format!("REFUSED ({code})")), "{}", world.screen());
    assert_eq!(frames(&world), 1);
    assert!(world.state.desk.lock_of(ticket).is_none());
}

#[test]
fn a_ticket_canceled_although_we_were_refused_is_verified_and_says_so() {
    let mut world = World::new();
    world.cancel("refused-yet-canceled");
    world.seconds(3);
    assert_eq!(world.outcome(), Some(Outcome::Verified));
    assert!(world.shows("canceled although our request was refused (101)") || world.shows("although our"));
}

#[test]
fn after_a_restart_the_reply_is_shown_as_it_arrived() {
    let mut world = World::new();
    world.cancel("never-settles");
    world.seconds(2);
    let mut next = world.restart();
    next.press("Enter");
    assert!(next.shows("result     true") && next.shows("accepted"), "{}", next.screen());
}

// --- receipts, reads and time ---------------------------------------------------------------------------------------

#[test]
fn an_event_with_the_number_of_the_cancel_is_not_its_reply() {
    let mut world = World::new();
    world.cancel("lost-before");
    let i = world.cancellation().record.i;
    world.inject(FrameKind::Event, i, CANCEL, r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#);
    world.inject(FrameKind::Event, i, "Level2UpdateEvent", "[]");
    assert_eq!(world.cancellation().progress.receipt, None);
}

#[rstest]
#[case::accepted(r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#, Outcome::AcceptedNotMoved)]
#[case::refused(r#"{"result":false,"errormsg":"x","errorcode":101,"detail":null}"#, Outcome::Refused)]
fn a_late_reply_changes_the_receipt_once(#[case] payload: &str, #[case] outcome: Outcome) {
    let mut world = World::new();
    world.cancel("lost-before");
    let i = world.cancellation().record.i;
    world.seconds(80);
    assert_eq!(world.outcome(), Some(Outcome::Unknown));
    world.inject(FrameKind::Reply, i, CANCEL, payload);
    assert_eq!(world.outcome(), Some(outcome));
    let again = r#"{"result":false,"errormsg":"y","errorcode":100,"detail":null}"#;
    world.inject(FrameKind::Reply, i, CANCEL, again);
    assert_eq!(world.outcome(), Some(outcome), "a second, different reply is an anomaly");
    assert!(world.cancellation().progress.second_reply.is_some());
}

#[test]
fn a_late_reply_never_turns_verified_into_something_else() {
    let mut world = World::new();
    world.cancel("lost-after");
    world.seconds(3);
    assert_eq!(world.outcome(), Some(Outcome::Verified), "before any receipt: every row of the table says so");
    let i = world.cancellation().record.i;
    world.inject(FrameKind::Reply, i, CANCEL, r#"{"result":false,"errormsg":"x","errorcode":101,"detail":null}"#);
    world.seconds(80);
    assert_eq!(world.outcome(), Some(Outcome::Verified));
}

#[test]
fn a_second_different_reply_is_shown_and_recorded_and_changes_nothing() {
    let mut world = World::new();
    world.cancel("second-reply");
    world.seconds(3);
    assert_eq!(world.cancellation().progress.receipt, Some(Receipt::Accepted));
    assert_eq!(world.outcome(), Some(Outcome::Verified));
    assert!(world.journal.kinds().contains(&"late refused".to_owned()));
}

#[test]
fn a_close_instead_of_the_reply_is_told_in_the_timeline_and_says_nothing_of_the_ticket() {
    let mut world = World::new();
    world.cancel("lost-before");
    let end = LinkEnd::for_a_person("the exchange closed the link: 4001 \"x\"; agree who works");
    let connection = world.state.desk.session().expect("a link").connection;
    world.happen(Event::LinkLost { connection, end });
    assert_eq!(world.cancellation().progress.receipt, Some(Receipt::None));
    assert_eq!(world.outcome(), None);
    let screen = world.screen().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(screen.contains("the exchange closed the link: 4001"), "{screen}");
}

#[test]
fn a_reply_on_another_link_is_not_the_reply() {
    let mut world = World::new();
    world.cancel("dropped-before");
    world.seconds(5);
    let i = world.cancellation().record.i;
    world.inject(FrameKind::Reply, i, CANCEL, r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#);
    assert_eq!(world.cancellation().progress.receipt, Some(Receipt::None));
}

#[test]
fn one_cancel_awaits_its_receipt_at_a_time_and_any_number_are_followed() {
    let mut world = World::new();
    world.cancel("lost-before");
    world.press("Esc");
    let other = world.select("fine");
    let waited_for = world.cancellation().ticket();
    world.press(&format!("x {other}"));
    world.settle();
    let hint = format!("The cancel of ticket {waited_for} still awaits its receipt; one at a time.");
    assert!(world.shows(&hint) && !world.shows("ARMED"), "{}", world.screen());
    let left = |world: &World| {
        let screen = world.screen();
        let words: Vec<&str> = screen.split_whitespace().collect();
        let at = words.iter().position(|word| *word == "waits").expect("a countdown");
        words[at + 1].parse::<u64>().unwrap()
    };
    let before = left(&world);
    world.seconds(3);
    assert_eq!(left(&world) + 3, before, "{}", world.screen());
    world.press("Enter");
    world.settle();
    assert_eq!(frames(&world), 1, "{}", world.screen());
    world.seconds(8);
    assert!(world.shows("ARMED"), "it arms by itself, and still wants its Enter: {}", world.screen());
    assert_eq!(frames(&world), 1);
    world.press("Enter");
    world.seconds(3);
    assert_eq!(frames(&world), 2);
    let outcomes: Vec<_> = world.state.desk.cancels().all().map(|c| c.outcome).collect();
    assert_eq!(outcomes, [None, Some(Outcome::Verified)]);
}
