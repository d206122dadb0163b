//! The reads after the send, and the outcome that they show.

use rstest::rstest;
use withdraw_desk::domain::Outcome;
use withdraw_desk::journal::Fact;
use withdraw_desk::protocol::FrameKind;
use withdraw_desk::simulator::book::Changer;

use super::READ;
use crate::world::World;

#[test]
fn only_our_user_id_makes_it_by_you() {
    let mut world = World::new();
    let ticket = world.cancel("lost-before");
    world.exchange.meddle_as(ticket.0, "AdminCanceled", Changer { id: 71, name: "operator" }, world.now.wall);
    world.seconds(3);
    assert_eq!(world.outcome(), Some(Outcome::Verified));
    assert!(world.shows("by user 71 operator") && !world.shows("by you"), "{}", world.screen());
}

#[test]
fn what_was_verified_is_not_rewritten_by_later_reads() {
    let mut world = World::new();
    world.cancel("fine");
    world.seconds(3);
    let said = world.screen();
    world.exchange.meddle(world.cancellation().ticket().0, "Failed", world.now.wall);
    world.seconds(600);
    world.press("r");
    world.settle();
    let headline = |screen: &str| screen.lines().skip(2).take(2).collect::<Vec<_>>().join(" ");
    assert_eq!(headline(&world.screen()), headline(&said));
}

#[test]
fn an_event_alone_never_verifies() {
    let mut world = World::new();
    world.muted = vec![];
    world.arm("fine");
    world.press("Enter");
    world.millis(100);
    world.muted = vec![READ];
    world.seconds(5);
    assert!(world.shows("event: read to be sure"), "the event came: {}", world.screen());
    assert_eq!(world.outcome(), None);
    world.muted.clear();
    world.seconds(8);
    assert_eq!(world.outcome(), Some(Outcome::Verified));
}

#[test]
fn a_read_of_failed_never_closes_an_unknown_cancel() {
    let mut world = World::new();
    let ticket = world.cancel("lost-before");
    world.seconds(3_600);
    assert_eq!(world.outcome(), Some(Outcome::Unknown));
    assert!(world.state.desk.lock_of(ticket).is_some());
    world.exchange.meddle(ticket.0, "AdminCanceled", world.now.wall);
    world.seconds(20);
    assert_eq!(world.outcome(), Some(Outcome::Verified), "read in the background all the while");
    assert!(world.shows("by user 4 mlopez"), "{}", world.screen());
}

/// Answers every read that waits with this, for a while.
fn answer_reads(world: &mut World, payload: &str, seconds: u64) {
    for _ in 0..seconds * 4 {
        world.millis(250);
        let waiting = world.state.desk.calls().waiting().filter(|(_, call)| call.name == "GetWithdrawTicket");
        let waiting: Vec<u64> = waiting.map(|(id, _)| id.0).collect();
        for id in waiting {
            world.inject(FrameKind::Reply, id, "GetWithdrawTicket", payload);
        }
    }
}

#[rstest]
#[case::no_answer(None)]
#[case::code_102(Some(r#"{"result":false,"errormsg":"Server Error","errorcode":102,"detail":null}"#))]
#[case::not_json(Some("<html>"))]
#[case::another_ticket(Some(r#"{"TicketNumber":1,"Status":"Failed","AccountId":7,"RequestCode":"x"}"#))]
#[case::nothing(Some(""))]
fn a_state_that_was_read_once_and_never_since_is_not_known_at_the_end(#[case] answer: Option<&str>) {
    let mut world = World::new();
    world.cancel("never-settles");
    world.millis(300);
    assert_eq!(world.cancellation().reads.good, 1, "the first read after the send says Failed");
    world.muted.push("GetWithdrawTicket");
    match answer {
        Some(payload) => answer_reads(&mut world, payload, 70),
        None => world.seconds(70),
    }
    assert_eq!(world.outcome(), Some(Outcome::Unknown), "{}", world.screen());
    let screen = world.screen();
    assert!(screen.contains("read 0.25 s after the send"), "{screen}");
    assert!(screen.contains("got no good answer"), "{screen}");
    assert!(!screen.to_lowercase().contains("still failed") && !screen.contains("still reads"), "{screen}");
    let said = world.journal.facts().into_iter().rev().find_map(|fact| match fact {
        Fact::Outcome { because, .. } => Some(because),
        _ => None,
    });
    assert!(said.is_some_and(|because| because.contains("no good read at the end: read 0.25 s after the send")));
}

#[test]
fn a_read_without_a_status_shows_nothing_of_what_became_of_the_ticket() {
    let mut world = World::new();
    world.cancel("never-settles");
    world.millis(300);
    world.muted.push("GetWithdrawTicket");
    let key = world.cancellation().key.clone();
    let payload = serde_json::json!({
        "TicketNumber": key.number.0, "AccountId": key.account.0, "RequestCode": key.request_code.raw(), "Status": {"Id": 12},
    });
    answer_reads(&mut world, &payload.to_string(), 70);
    assert_eq!(world.outcome(), Some(Outcome::Unknown), "{}", world.screen());
    assert!(world.shows("got no good answer"), "{}", world.screen());
}

#[test]
fn a_good_read_after_the_follow_time_says_what_none_said_before_and_later_silence_does_not_unsay_it() {
    let mut world = World::new();
    world.cancel("never-settles");
    world.millis(300);
    world.muted.push("GetWithdrawTicket");
    world.seconds(70);
    assert_eq!(world.outcome(), Some(Outcome::Unknown));
    world.muted.clear();
    world.seconds(40);
    assert_eq!(world.outcome(), Some(Outcome::AcceptedNotMoved), "{}", world.screen());
    assert!(world.shows("the ticket is still failed"), "{}", world.screen());
    world.muted.push("GetWithdrawTicket");
    world.seconds(60);
    assert_eq!(world.outcome(), Some(Outcome::AcceptedNotMoved));
    assert!(!world.shows("still failed") && world.shows("got no good answer"), "{}", world.screen());
}

#[test]
fn a_read_in_the_last_seconds_of_the_follow_time_is_one_of_its_end() {
    let mut world = World::new();
    world.cancel("never-settles");
    world.seconds(57);
    world.muted.push("GetWithdrawTicket");
    world.seconds(20);
    assert_eq!(world.outcome(), Some(Outcome::AcceptedNotMoved), "{}", world.screen());
}

#[test]
fn an_answer_about_another_ticket_is_no_read() {
    let mut world = World::new();
    world.cancel("lost-before");
    let other = r#"{"TicketNumber":1,"Status":"AdminCanceled","AccountId":1,"RequestCode":"x"}"#;
    world.muted = vec![READ];
    world.seconds(1);
    let cancel = world.cancellation().record.i;
    for id in (0..200).map(|n| n * 2).filter(|id| *id != cancel) {
        world.inject(FrameKind::Reply, id, READ, other);
    }
    assert_ne!(world.outcome(), Some(Outcome::Verified));
    assert!(world.shows("another ticket"), "{}", world.screen());
}

#[test]
fn an_outcome_that_cannot_be_recorded_says_so_where_it_is_shown() {
    let mut world = World::new();
    world.cancel("fine");
    world.journal.fails = Some("journal.jsonl: cannot be written: No space left on device".to_owned());
    world.seconds(3);
    assert_eq!(world.outcome(), Some(Outcome::Verified));
    assert!(world.shows("NOT IN THE JOURNAL"), "{}", world.screen());
}
