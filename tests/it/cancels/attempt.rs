//! A dialog that arms and is disarmed, and the ticket that it is about.

use rstest::rstest;
use std::time::Duration;
use withdraw_desk::app::{Event, Size};
use withdraw_desk::domain::{Outcome, TicketNumber};
use withdraw_desk::protocol::FrameKind;

use super::frames;
use crate::world::{Setup, World, exchange};

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
    for pause in [1_999, 30, 300, 660, 1_000, 1_800] {
        world.millis(pause);
        world.happen(Event::KeyPressed("Enter".parse().unwrap()));
        assert_eq!(frames(&world), 0, "an Enter {pause} ms after another may be one key that is held");
    }
    world.millis(2_000);
    world.happen(Event::KeyPressed("Enter".parse().unwrap()));
    world.settle();
    assert_eq!(frames(&world), 1);
}

#[test]
fn a_paste_with_brackets_arms_nothing_and_counts_as_a_key() {
    let mut world = World::new();
    world.arm("fine");
    world.millis(500);
    world.happen(Event::Pasted("90393\r".into()));
    world.millis(100);
    world.happen(Event::KeyPressed("Enter".parse().unwrap()));
    world.settle();
    assert_eq!(frames(&world), 0);
    world.seconds(2);
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
    world.happen(Event::Resized(Size { width: 60, height: 12 }));
    world.press(&format!("x {ticket} Enter"));
    world.settle();
    assert_eq!(frames(&world), 0);
    assert!(world.shows("This window hides facts: it needs 60x14, has 60x12"), "{}", world.screen());
}

#[rstest]
#[case::a_small_window("fine", Size { width: 60, height: 15 })]
#[case::the_smallest_columns("fine", Size { width: 40, height: 20 })]
#[case::a_memo_of_two_kilobytes("long", Size { width: 80, height: 24 })]
fn a_dialog_longer_than_its_window_arms_only_once_all_of_it_was_on_the_screen(#[case] which: &str, #[case] size: Size) {
    let mut world = World::with(Setup { size, ..Setup::default() }, exchange());
    let ticket = world.select("fine");
    let memo: String = (0..200).map(|word| format!("memo-{word:03}")).collect::<Vec<_>>().join(" ");
    if which == "long" {
        world.exchange.comment(ticket.0, &format!("Withdraw Failed: {memo}"), world.now.wall);
    }
    world.press(&format!("x {ticket} Enter"));
    world.settle();
    assert!(world.shows("more lines were not") && !world.shows("ARMED"), "{}", world.screen());
    let mut seen = world.screen();
    for _ in 0..20 {
        world.press("Enter");
        world.settle();
        assert_eq!(frames(&world), 0, "{}", world.screen());
        world.press("PageDown");
        seen.push_str(&world.screen());
        if world.shows("ARMED") {
            break;
        }
    }
    assert!(world.shows("ARMED"), "{}", world.screen());
    let words = memo.split_whitespace().filter(|_| which == "long");
    assert_eq!(words.filter(|word| !seen.contains(*word)).collect::<Vec<_>>(), [""; 0]);
    world.press("PageUp Enter");
    world.settle();
    assert_eq!(frames(&world), 1, "{}", world.screen());
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
    assert!(world.shows("This cancel was not sent.") && world.shows("clock was set"), "{}", world.screen());
    world.settle();
    assert!(world.shows("live"), "a ping was asked and answered: {}", world.screen());
    world.press("Esc");
    world.cancel("fine");
    world.seconds(5);
    assert_eq!(world.outcome(), Some(Outcome::Verified));
}

#[test]
fn a_clock_that_is_set_ends_the_armed_dialog_at_once_without_a_key() {
    let mut world = World::new();
    world.arm("fine");
    world.set_wall_clock(-3_600);
    world.happen(Event::ClockSet);
    assert!(world.shows("clock was set") && !world.shows("ARMED"), "{}", world.screen());
    assert_eq!(world.exchange.all_cancel_frames(), 0);
}

#[rstest]
#[case::resubmitted("SystemProcessing", "SystemProcessing (4)")]
#[case::canceled_by_a_colleague("AdminCanceled", "AdminCanceled (12)")]
fn a_ticket_that_moves_under_an_armed_dialog_disarms_it_at_once_and_says_who_moved_it(
    #[case] status: &str,
    #[case] said: &str,
) {
    let mut world = World::new();
    let ticket = world.arm("fine");
    world.exchange.meddle(ticket.0, status, world.now.wall);
    world.seconds(1);
    for wanted in ["Nothing was sent", said, "user 4", "mlopez"] {
        assert!(world.shows(wanted), "{wanted}: {}", world.screen());
    }
    assert!(!world.shows("ARMED"), "{}", world.screen());
    world.seconds(1);
    world.press("Enter");
    world.seconds(5);
    assert_eq!(world.exchange.all_cancel_frames(), 0);
}

/// An event of a ticket, with these fields beside its number.
fn tell(world: &mut World, ticket: TicketNumber, fields: &str) {
    world.inject(FrameKind::Event, 0, "WithdrawTicketUpdateEvent", &format!(r#"{{"TicketNumber":{ticket},{fields}}}"#));
}

#[test]
fn an_event_with_a_list_of_tickets_disarms_the_dialog_of_one_of_them() {
    let mut world = World::new();
    let ticket = world.arm("fine");
    let list = format!(
        r#"[{{"TicketNumber":1,"Status":"Failed"}},{{"TicketNumber":{ticket},"Status":"Failed","Amount":77.5}}]"#
    );
    world.inject(FrameKind::Event, 0, "WithdrawTicketUpdateEvent", &list);
    assert!(world.shows("Nothing was sent") && world.shows("77.5"), "{}", world.screen());
    world.seconds(1);
    world.press("Enter");
    world.seconds(5);
    assert_eq!(world.exchange.all_cancel_frames(), 0);
}

#[rstest]
#[case::another_update(r#""Status":"Failed","LastUpdateTimestamp":"2031-01-01T00:00:00Z""#, "last update")]
#[case::another_amount(r#""Status":"Failed","Amount":77.5"#, "77.5")]
#[case::another_account(r#""Status":"Failed","AccountId":4711"#, "4711")]
#[case::a_transaction(r#""Status":"Failed","WithdrawTransactionDetails":"{\"TxId\":\"9f2c0160\"}""#, "9f2c0160")]
#[case::without_a_status(r#""Amount":77.5"#, "77.5")]
fn a_ticket_that_changes_and_stays_failed_disarms_its_dialog_at_once(#[case] fields: &str, #[case] said: &str) {
    let mut world = World::new();
    let ticket = world.arm("fine");
    tell(&mut world, ticket, fields);
    assert!(world.shows("Nothing was sent") && world.shows(said), "{}", world.screen());
    world.seconds(1);
    world.press("Enter");
    world.seconds(5);
    assert_eq!(world.exchange.all_cancel_frames(), 0);
}

#[test]
fn what_is_heard_again_of_the_ticket_as_it_is_disarms_nothing() {
    let mut world = World::new();
    let ticket = world.arm("fine");
    tell(&mut world, ticket, r#""Status":"Failed""#);
    tell(&mut world, ticket, r#""AccountName":"someone""#);
    assert!(world.shows("ARMED"), "{}", world.screen());
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
