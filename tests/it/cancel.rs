//! The protocol of a cancel (PRODUCT.md "Cancelling" 1-6), promise by promise, on the real `update` and the pure exchange.

use std::time::Duration;

use rstest::rstest;
use withdraw_desk::app::desk::cancels::attempt::{AttemptEnd, NotSent};
use withdraw_desk::app::{Event, Size};
use withdraw_desk::domain::{IntentId, Outcome, Receipt, TicketNumber};
use withdraw_desk::journal::store::{Claim, Written};
use withdraw_desk::journal::{Fact, Intent, Stamp};
use withdraw_desk::protocol::FrameKind;
use withdraw_desk::simulator::book::Changer;

use crate::records;
use crate::world::{EXCHANGE, Journal, Setup, World, ended, exchange, start};

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

// --- keys that must not send ----------------------------------------------------------------------------------------

#[rstest]
#[case::two_hundred_enters(&"Enter ".repeat(200))]
#[case::x_held_down(&"x ".repeat(100))]
#[case::x_then_y("x y")]
#[case::a_pasted_ticket_list("90393 Enter 90391 Enter 90380 Enter")]
fn keys_without_a_pause_send_nothing_and_the_same_dialog_still_cancels(#[case] storm: &str) {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.press("x");
    world.settle();
    world.burst(storm);
    world.burst(&format!("{ticket} Enter"));
    assert_eq!(frames(&world), 0);
    assert_eq!(world.journal.facts().len(), 0, "{:?}", world.journal.kinds());
    world.press(&"Backspace ".repeat(30));
    world.press(&format!("{ticket} Enter"));
    world.seconds(3);
    assert_eq!((frames(&world), world.outcome()), (1, Some(Outcome::Verified)));
}

#[test]
fn enter_right_after_the_last_digit_waits_for_a_pause() {
    let mut world = World::new();
    world.arm("fine");
    world.millis(299);
    world.happen(Event::KeyPressed("Enter".parse().unwrap()));
    assert!(world.shows("A key came just before that Enter"));
    world.millis(299);
    world.happen(Event::KeyPressed("Enter".parse().unwrap()));
    assert_eq!(frames(&world), 0, "the first Enter is a key, too");
    world.millis(300);
    world.happen(Event::KeyPressed("Enter".parse().unwrap()));
    world.settle();
    assert_eq!(frames(&world), 1);
}

#[test]
fn a_paste_with_brackets_is_ignored_and_counts_as_a_key() {
    let mut world = World::new();
    world.arm("fine");
    world.millis(500);
    world.happen(Event::Pasted);
    world.millis(100);
    world.happen(Event::KeyPressed("Enter".parse().unwrap()));
    world.settle();
    assert_eq!(frames(&world), 0);
    world.press("Enter");
    world.settle();
    assert_eq!(frames(&world), 1);
}

#[test]
fn a_second_enter_while_it_is_sent_sends_nothing_more() {
    let mut world = World::new();
    world.cancel("lost-before");
    world.press(&"Enter ".repeat(50));
    world.burst(&"Enter ".repeat(50));
    assert_eq!(frames(&world), 1);
}

#[test]
fn another_number_does_not_arm() {
    let mut world = World::new();
    let ticket = world.select("fine");
    for wrong in [ticket.0 + 1, ticket.0 * 10, ticket.0 / 10] {
        world.press(&format!("x {wrong} Enter"));
        assert!(world.shows("Type the ticket number to arm"), "{}", world.screen());
        world.press("Esc");
    }
    assert_eq!(frames(&world), 0);
}

#[test]
fn a_resize_disarms() {
    let mut world = World::new();
    let ticket = world.arm("fine");
    world.happen(Event::Resized(Size { width: 100, height: 30 }));
    world.press("Enter");
    world.settle();
    assert_eq!(frames(&world), 0);
    world.press(&format!("{ticket} Enter"));
    world.settle();
    assert_eq!(frames(&world), 1);
}

#[test]
fn a_window_that_hides_facts_does_not_arm_and_says_what_it_needs() {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.happen(Event::Resized(Size { width: 60, height: 16 }));
    world.press(&format!("x {ticket} Enter"));
    world.settle();
    assert_eq!(frames(&world), 0);
    assert!(world.shows("This window hides facts: it needs 60x"), "{}", world.screen());
}

#[test]
fn stale_data_disarms() {
    let mut world = World::new();
    world.arm("fine");
    world.muted = vec!["Ping"];
    world.seconds(16);
    assert!(world.shows("STALE since"), "{}", world.screen());
    world.press("Enter");
    world.settle();
    assert_eq!(frames(&world), 0);
}

// --- the confirming read --------------------------------------------------------------------------------------------

#[test]
fn a_ticket_that_a_colleague_changed_meanwhile_is_not_sent_and_both_values_are_shown() {
    let mut world = World::new();
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
fn what_another_console_recorded_of_its_intent_counts_here() {
    let mut first = World::new();
    first.cancel("never-settles");
    let at_once = first.journal.facts();
    assert!(at_once.iter().any(|fact| matches!(fact, withdraw_desk::journal::Fact::Sent { .. })));
    let mut second =
        World::at(Setup { journal: first.journal, session: "s2", ..Setup::default() }, first.exchange, first.now);
    assert_eq!(second.cancellation().progress.receipt, Some(Receipt::None), "not recorded yet");
    let id = second.cancellation().intent;
    let reply = withdraw_desk::journal::record::ReplyFact::new(id, Receipt::Accepted, Some(1), Some("{}".to_owned()));
    second.record_elsewhere(withdraw_desk::journal::Fact::Reply(reply));
    second.press("Esc r");
    second.seconds(90);
    assert_eq!(second.outcome(), Some(Outcome::AcceptedNotMoved));
}

#[test]
fn a_change_that_this_version_does_not_know_keeps_its_ticket_locked_and_no_read_settles_it() {
    let (mut exchange, mut journal) = (exchange(), Journal::default());
    let ticket = exchange.ticket_of_case("fine").unwrap();
    let resubmit = Intent { call: Some("ResubmitFailedWithdrawTicket".to_owned()), ..records::intent(ticket) };
    let by = Stamp { exchange: EXCHANGE.to_owned(), ..records::stamp("c0") };
    let written = Written { by, at: start() };
    assert!(matches!(journal.store.open(&mut journal.medium, written, IntentId(7), resubmit), Ok(Claim::Opened(_))));
    exchange.meddle(ticket, "AdminCanceled", start());
    let mut world = World::with(Setup { journal, ..Setup::default() }, exchange);
    world.seconds(300);
    assert!(world.shows("1 UNRESOLVED on this exchange"), "{}", world.screen());
    for said in ["opened a change unknown to this version", "(ResubmitFailedWithdrawTicket)", "newer program"] {
        assert!(world.shows(said), "{}", world.screen());
    }
    assert!(!world.journal.kinds().iter().any(|kind| kind.starts_with("outcome") || kind.starts_with("read")));
    assert_eq!(world.exchange.all_cancel_frames(), 0);
    assert!(world.state.desk.lock_of(TicketNumber(ticket)).is_some());
}

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

#[test]
fn an_outcome_that_cannot_be_recorded_says_so_where_it_is_shown() {
    let mut world = World::new();
    world.cancel("fine");
    world.journal.fails = Some("journal.jsonl: cannot be written: No space left on device".to_owned());
    world.seconds(3);
    assert_eq!(world.outcome(), Some(Outcome::Verified));
    assert!(world.shows("NOT IN THE JOURNAL"), "{}", world.screen());
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

#[test]
fn suspending_disarms_and_is_refused_while_a_receipt_is_awaited() {
    let mut world = World::new();
    let ticket = world.select("lost-before");
    world.press(&format!("x {ticket} C-z"));
    assert_eq!(world.log.last().map(String::as_str), Some("suspend"));
    world.press("Enter");
    world.settle();
    assert_eq!(frames(&world), 0);
    assert!(world.shows("Type the ticket number to arm"), "{}", world.screen());
    world.press(&format!("{ticket} Enter"));
    world.settle();
    world.press("C-z");
    assert_eq!(world.log.iter().filter(|line| line.as_str() == "suspend").count(), 1);
    assert!(world.shows("not suspended"), "{}", world.screen());
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
fn a_reply_on_another_link_is_not_the_reply() {
    let mut world = World::new();
    world.cancel("dropped-before");
    world.seconds(5);
    let i = world.cancellation().record.i;
    world.inject(FrameKind::Reply, i, CANCEL, r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#);
    assert_eq!(world.cancellation().progress.receipt, Some(Receipt::None));
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
fn one_cancel_awaits_its_receipt_at_a_time_and_any_number_are_followed() {
    let mut world = World::new();
    world.cancel("lost-before");
    world.press("Esc");
    let other = world.select("fine");
    world.press("x");
    assert!(world.shows("one at a time"), "{}", world.screen());
    world.press("Esc");
    world.seconds(11);
    world.press(&format!("x {other} Enter"));
    world.seconds(3);
    assert_eq!(frames(&world), 2);
    let outcomes: Vec<_> = world.state.desk.cancels().all().map(|c| c.outcome).collect();
    assert_eq!(outcomes, [None, Some(Outcome::Verified)]);
}

// --- money that may have left, tickets that cannot be read again -----------------------------------------------------

#[rstest]
#[case::transaction_id(9, "carries a transaction id")]
#[case::confirmed(11, "confirmed")]
#[case::no_request_code(15, "without AccountId or RequestCode")]
fn such_a_ticket_is_locked_and_says_why(#[case] nth: usize, #[case] said: &str) {
    let mut world = World::new();
    let ticket = world.select_failed(nth);
    world.press(&format!("x {ticket} Enter"));
    world.settle();
    assert!(world.shows(said), "{}", world.screen());
    assert_eq!(frames(&world), 0);
}

#[test]
fn twins_are_named_in_the_dialog() {
    let mut world = World::new();
    let twin = world.state.console.list.rows.at(4).unwrap();
    world.select_failed(3);
    world.press("x");
    world.settle();
    assert!(world.shows(&format!("also failed: #{twin}")), "{}", world.screen());
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

// --- the end of the program -----------------------------------------------------------------------------------------

#[test]
fn killed_between_send_and_reply_the_next_start_shows_it_first_locks_it_and_settles_it_by_reading() {
    let mut world = World::new();
    let ticket = world.cancel("lost-after");
    world.cut(true);
    let mut next = world.restart();
    assert!(next.shows("1 UNRESOLVED on this exchange") && next.shows(&format!("#{ticket}")), "{}", next.screen());
    assert!(next.state.desk.lock_of(ticket).is_some(), "locked before it can be read");
    next.cut(false);
    next.seconds(5);
    assert_eq!(next.outcome(), Some(Outcome::Verified));
    assert!(next.shows("VERIFIED"), "{}", next.screen());
    assert_eq!(frames(&next), 1);
    assert!(next.state.desk.lock_of(ticket).is_none());
}

#[test]
fn before_a_login_the_open_intents_of_the_exchange_are_shown_whatever_their_oms() {
    let mut world = World::with(Setup { oms: None, ..Setup::default() }, exchange());
    let ticket = world.cancel("lost-before");
    let setup = Setup { journal: world.journal, oms: None, session: "s2", is_cut: true, ..Setup::default() };
    let next = World::at(setup, world.exchange, world.now);
    assert!(next.shows("1 UNRESOLVED on this exchange") && next.shows(&format!("#{ticket}")), "{}", next.screen());
}

#[test]
fn killed_before_a_change_that_never_comes_it_stays_unknown_and_locked_at_every_start() {
    let mut world = World::new();
    let ticket = world.cancel("lost-before");
    let mut world = {
        world.seconds(1);
        world.restart()
    };
    for _ in 0..3 {
        world.seconds(120);
        assert_eq!(world.outcome(), Some(Outcome::Unknown));
        assert!(world.state.desk.lock_of(ticket).is_some());
        world = world.restart();
    }
    assert_eq!(frames(&world), 1);
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
fn the_ticket_acted_on_is_the_ticket_shown_while_new_ones_arrive() {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.press("x");
    world.settle();
    let newer = r#"{"TicketNumber":99999,"Status":"Failed","AccountId":1,"RequestCode":"n","OMSId":1}"#;
    world.inject(FrameKind::Event, 1, "WithdrawTicketUpdateEvent", newer);
    world.press(&format!("{ticket} Enter"));
    world.advance(Duration::from_secs(3));
    assert_eq!(world.exchange.cancel_frames(ticket.0), 1);
    assert_eq!(world.cancellation().ticket(), ticket);
    world.press("Esc");
    assert_eq!(world.state.console.list.selection.ticket, Some(ticket));
    assert_eq!(world.state.console.list.rows.at(0), Some(TicketNumber(99_999)));
}

#[test]
fn clocks_that_part_make_everything_stale_and_end_the_dialog_until_it_is_read_again() {
    let mut world = World::new();
    world.arm("fine");
    world.set_wall_clock(3);
    world.press("Enter");
    assert!(world.shows("NotSent") && world.shows("clock parted"), "{}", world.screen());
    world.settle();
    assert!(world.shows("live"), "a ping was asked and answered: {}", world.screen());
    world.press("Esc");
    world.cancel("fine");
    world.seconds(5);
    assert_eq!(world.outcome(), Some(Outcome::Verified));
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
fn a_transaction_id_that_appears_between_dialog_and_confirm_sends_nothing() {
    let mut world = World::new();
    let ticket = world.arm("fine");
    world.exchange.give_transaction(ticket.0, "9f2c77");
    world.press("Enter");
    world.settle();
    assert_eq!(frames(&world), 0);
    assert!(world.shows("transaction id") && world.shows("9f2c77"), "{}", world.screen());
}
