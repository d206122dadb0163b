//! Cancels that a start finds in the journal, or another console records.

use withdraw_desk::domain::{IntentId, Outcome, Receipt, TicketNumber};
use withdraw_desk::journal::store::{Claim, Written};
use withdraw_desk::journal::{Intent, Stamp};

use super::frames;
use crate::records;
use crate::world::{EXCHANGE, Journal, Setup, World, exchange, start};

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
