//! Release of an open intent: what it needs, what it frees, and that it goes on being watched.

use insta::assert_snapshot;
use rstest::rstest;
use withdraw_desk::domain::{Outcome, TicketNumber};
use withdraw_desk::journal::Fact;

use crate::world::{Setup, World};

/// A cancel that stands open, on the screen of unresolved ones.
fn unknown() -> (World, TicketNumber) {
    let mut world = World::new();
    let ticket = world.cancel("lost-before");
    world.seconds(90);
    assert_eq!(world.outcome(), Some(Outcome::Unknown));
    world.press("Esc u");
    (world, ticket)
}

fn releases(world: &World) -> Vec<Fact> {
    world.journal.facts().into_iter().filter(|fact| matches!(fact, Fact::Release(_))).collect()
}

/// Types a reason, with its spaces.
fn reason(world: &mut World, text: &str) {
    for word in text.split(' ') {
        world.press(word);
        world.press("Space");
    }
}

#[test]
fn a_release_with_number_reason_and_a_read_made_now_frees_the_ticket_and_goes_on_watching() {
    let (mut world, ticket) = unknown();
    world.seconds(15 * 60);
    world.press(&format!("R {ticket} Tab"));
    reason(&mut world, "asked the exchange");
    world.press("Enter");
    world.settle();
    assert!(world.shows("RELEASED  (asked the exchange)"), "{}", world.screen());
    let [Fact::Release(release)] = &releases(&world)[..] else { panic!() };
    assert_eq!((release.ticket.as_str(), release.reason.as_str()), (&*ticket.to_string(), "asked the exchange"));
    assert!(release.read.starts_with("Failed (6)") && !release.early && release.age >= 15 * 60);
    // To the page where the release began, then to the list.
    world.press("Esc Esc");
    world.select_ticket(ticket);
    world.press("x");
    world.settle();
    assert!(world.shows("Type the ticket number to arm"), "{}", world.screen());
    assert!(world.shows("released (asked") && world.shows("STILL"), "{}", world.screen());
    // The first request acts after all.
    world.press("Esc");
    world.exchange.meddle(ticket.0, "AdminCanceled", world.now.wall);
    world.seconds(20);
    assert_eq!(world.outcome(), Some(Outcome::Verified));
    assert_eq!(world.exchange.cancel_frames(ticket.0), 1);
}

#[rstest]
#[case::number("R Tab because Tab early Enter", "Type the ticket number")]
#[case::wrong_number("R 1 Tab because Tab early Enter", "Type the ticket number")]
#[case::reason("R # Enter", "A release needs a reason")]
#[case::blank_reason("R # Tab Space Space Tab early Enter", "A release needs a reason")]
#[case::early("R # Tab because Enter", "less than 15 minutes ago: type the word `early`")]
#[case::wrong_word("R # Tab because Tab late Enter", "type the word `early`")]
fn what_a_release_needs_is_said_and_nothing_is_freed(#[case] keys: &str, #[case] said: &str) {
    let (mut world, ticket) = unknown();
    world.press(&keys.replace('#', &ticket.to_string()));
    assert!(world.shows(said), "{}", world.screen());
    assert!(releases(&world).is_empty());
}

#[test]
fn an_early_release_needs_the_word_and_says_so_in_the_journal() {
    let (mut world, ticket) = unknown();
    world.press(&format!("R {ticket} Tab because Tab early Enter"));
    world.settle();
    let [Fact::Release(release)] = &releases(&world)[..] else { panic!("{}", world.screen()) };
    assert!(release.early && release.age < 15 * 60);
}

#[test]
fn without_a_read_made_after_the_enter_nothing_is_released() {
    let (mut world, ticket) = unknown();
    world.press(&format!("R {ticket} Tab because Tab early"));
    world.seconds(1);
    assert!(world.shows("Failed (6), by user 0 system"), "{}", world.screen());
    // The read that the dialog shows is not enough.
    world.muted = vec!["GetWithdrawTicket"];
    world.press("Enter");
    world.seconds(6);
    assert!(world.shows("no good read: no answer to the read of the ticket in time"), "{}", world.screen());
    world.muted.clear();
    world.seconds(60);
    assert!(releases(&world).is_empty(), "a later read releases nothing by itself");
    world.press("Enter");
    world.settle();
    assert_eq!(releases(&world).len(), 1);
}

#[test]
fn escape_keeps_the_lock_also_while_the_read_is_under_way() {
    let (mut world, ticket) = unknown();
    world.press(&format!("R {ticket} Tab because Tab early"));
    world.muted = vec!["GetWithdrawTicket"];
    world.press("Enter Esc");
    world.muted.clear();
    world.seconds(60);
    assert!(releases(&world).is_empty());
}

#[test]
fn a_release_that_waits_for_its_read_does_not_wait_for_another_link() {
    let (mut world, ticket) = unknown();
    world.press(&format!("R {ticket} Tab because Tab early"));
    // A read asked before the Enter is under way, so another one is to follow.
    world.muted = vec!["GetWithdrawTicket"];
    world.seconds(14);
    world.press("Enter");
    world.cut(true);
    world.muted.clear();
    world.cut(false);
    world.seconds(60);
    assert!(releases(&world).is_empty());
}

#[test]
fn after_the_machines_time_was_set_the_age_of_a_found_cancel_is_not_trusted() {
    let (world, ticket) = unknown();
    let mut world = world.restart();
    world.seconds(20 * 60);
    world.set_wall_clock(3_600);
    world.seconds(20);
    world.press(&format!("R {ticket} Tab because Enter"));
    world.settle();
    assert!(world.shows("type the word `early`"), "{}", world.screen());
}

#[test]
fn a_release_without_a_link_is_refused() {
    let (mut world, ticket) = unknown();
    world.press(&format!("R {ticket} Tab because Tab early"));
    world.cut(true);
    world.press("Enter");
    assert!(world.shows("there is no link"), "{}", world.screen());
    world.cut(false);
    world.seconds(60);
    assert!(releases(&world).is_empty());
}

#[test]
fn a_read_that_says_canceled_settles_it_and_there_is_nothing_to_release() {
    let (mut world, ticket) = unknown();
    world.exchange.meddle(ticket.0, "AdminCanceled", world.now.wall);
    world.press(&format!("R {ticket} Tab because Tab early Enter"));
    assert_eq!(world.outcome(), Some(Outcome::Verified));
    assert!(releases(&world).is_empty());
}

#[test]
fn a_cancel_that_is_still_followed_cannot_be_released() {
    let mut world = World::new();
    world.cancel("lost-before");
    world.seconds(20);
    world.press("Esc u R");
    assert!(world.shows("It is still followed"), "{}", world.screen());
}

#[test]
fn keys_without_a_pause_release_nothing() {
    let (mut world, ticket) = unknown();
    world.press("R");
    world.burst(&format!("{ticket} Tab because Tab early Enter"));
    assert!(world.shows("A key came just before that Enter"), "{}", world.screen());
    assert!(releases(&world).is_empty());
}

#[test]
fn a_release_counts_in_every_console_on_the_journal() {
    let (mut first, ticket) = unknown();
    first.press(&format!("R {ticket} Tab because Tab early Enter"));
    first.settle();
    let setup = Setup { journal: first.journal, session: "s2", ..Setup::default() };
    let mut second = World::at(setup, first.exchange, first.now);
    assert!(second.shows("Failed 6"), "it opens on the list, not on what was released: {}", second.screen());
    second.select_ticket(ticket);
    second.press(&format!("x {ticket} Enter"));
    second.settle();
    assert_eq!(second.exchange.cancel_frames(ticket.0), 2, "the second confirmation's own frame");
    assert_eq!(second.journal.store.unresolved().len(), 2, "both are watched");
}

#[test]
fn a_lock_of_another_console_is_learnt_without_a_key() {
    let mut world = World::new();
    let ticket = world.arm("fine");
    let elsewhere = {
        let mut other = World::new();
        other.cancel("lost-before");
        let Some(Fact::Intent(mut intent)) = other.journal.facts().into_iter().next() else { panic!() };
        intent.ticket = ticket.to_string();
        Fact::Intent(intent)
    };
    world.record_elsewhere(elsewhere);
    world.seconds(11);
    assert!(world.shows("Locked: operator on desk1"), "{}", world.screen());
}

#[test]
fn the_release_dialog() {
    let (mut world, ticket) = unknown();
    world.press(&format!("R {ticket} Tab because"));
    assert_snapshot!(world.screen());
}

#[test]
fn the_release_dialog_while_the_ticket_cannot_be_read_and_no_word_is_needed() {
    let (mut world, _) = unknown();
    world.seconds(16 * 60);
    world.cut(true);
    world.press("R");
    world.seconds(10);
    assert_snapshot!(world.screen());
}

#[test]
fn unresolved_released_and_settled_cancels_stand_on_one_page() {
    let (mut world, ticket) = unknown();
    world.press(&format!("R {ticket} Tab because Tab early Enter"));
    world.settle();
    world.press("Esc Esc");
    world.cancel("code-101");
    world.seconds(90);
    world.press("Esc");
    world.cancel("never-settles");
    world.seconds(90);
    world.press("Esc u");
    assert_snapshot!(world.screen());
}

// --- allow-tx -------------------------------------------------------------------------------------------------------

/// The ninth failed ticket carries a transaction id, the eleventh is confirmed.
fn with_allow_tx(nth: usize) -> (World, TicketNumber) {
    let mut world = World::with(Setup { allow_tx: true, ..Setup::default() }, crate::world::exchange());
    let ticket = world.select_failed(nth);
    (world, ticket)
}

#[rstest]
#[case::transaction_id(9)]
#[case::confirmed(11)]
fn money_that_may_have_left_needs_a_second_word_also_where_the_profile_allows_it(#[case] nth: usize) {
    let (mut world, ticket) = with_allow_tx(nth);
    world.press(&format!("x {ticket} Enter"));
    assert!(world.shows("type the word `checked`"), "{}", world.screen());
    world.press("Tab chec Enter");
    assert_eq!(world.exchange.cancel_frames(ticket.0), 0);
    world.press("ked Enter");
    world.settle();
    assert_eq!(world.exchange.cancel_frames(ticket.0), 1);
    let facts = world.journal.facts();
    let Fact::Intent(intent) = &facts[0] else { panic!("{facts:?}") };
    assert!(intent.transaction.is_some());
}

#[test]
fn without_allow_tx_the_lock_says_how_it_is_opened() {
    let mut world = World::new();
    world.select_failed(9);
    world.press("x");
    world.settle();
    assert!(world.shows("carries the trace") && world.shows("allow-tx = true in the profile"), "{}", world.screen());
}

#[test]
fn the_dialog_of_a_ticket_with_a_transaction_id() {
    let (mut world, ticket) = with_allow_tx(9);
    world.press(&format!("x {ticket} Tab"));
    world.settle();
    assert_snapshot!(world.screen());
}

#[test]
fn esc_goes_back_to_where_one_came_from() {
    let mut world = World::new();
    world.cancel("never-settles");
    world.seconds(70);
    world.press("Esc u Enter");
    assert!(world.shows("Cancel of #"), "{}", world.screen());
    world.press("Esc");
    assert!(
        world.shows("UNRESOLVED on this exchange"),
        "from a timeline opened on `u` back to `u`: {}",
        world.screen()
    );
    world.press("R Esc");
    assert!(world.shows("UNRESOLVED on this exchange"), "{}", world.screen());
    world.press("Esc");
    assert!(world.shows("TICKET  AGE ASSET"), "{}", world.screen());
    world.press("j Enter x Esc");
    assert!(
        world.shows("Every field, as the exchange sent it"),
        "from the dialog of a detail back to it: {}",
        world.screen()
    );
    world.press("Esc");
    assert!(world.shows("TICKET  AGE ASSET"), "{}", world.screen());
}
