//! Answers that are longer than any message may be: each ends its link, and none is asked for in the same way again.

use std::time::Duration;

use withdraw_desk::app::Event;
use withdraw_desk::app::desk::cancels::attempt::AttemptEnd;
use withdraw_desk::app::desk::list::scan::ScanPhase;
use withdraw_desk::domain::ConnectionId;
use withdraw_desk::protocol::LinkEnd;

use super::{LINK, Table};
use crate::world::ended;

fn too_long(connection: ConnectionId) -> Event {
    Event::LinkLost { connection, end: LinkEnd::too_long("a message of more than 16 MiB") }
}

#[test]
fn a_ticket_that_is_too_long_is_told_and_not_asked_for_again() {
    let mut table = Table::listed();
    table.press("x");
    table.take(too_long(LINK));
    assert!(
        matches!(ended(&table.state), Some(AttemptEnd::Locked(why)) if why.contains("16 MiB")),
        "{:?}",
        ended(&table.state)
    );
    assert!(!table.reconnect(ConnectionId(2)).contains(&"GetWithdrawTicket".to_owned()));
}

#[test]
fn a_read_that_waits_beside_a_page_that_is_too_long_may_be_it_and_is_not_asked_again_by_itself() {
    let mut table = Table::listed();
    // The list is being read again when the dialog opens.
    table.press("r x");
    assert!(table.asked.iter().any(|asked| asked.2 == "GetAllWithdrawTickets"));
    table.take(too_long(LINK));
    assert!(matches!(ended(&table.state), Some(AttemptEnd::Locked(_))), "{:?}", ended(&table.state));
    assert!(!table.reconnect(ConnectionId(2)).contains(&"GetWithdrawTicket".to_owned()));
}

#[test]
fn pages_are_halved_to_one_ticket_over_as_many_links_and_then_only_a_person_asks() {
    let mut table = Table::linked();
    let mut links = 1;
    while !matches!(table.state.desk.list().scan().phase, ScanPhase::Stopped(_)) {
        table.take(too_long(ConnectionId(links)));
        links += 1;
        // The waits do not grow: the link itself is in order.
        table.asked.clear();
        table.pass(Duration::from_secs(1));
        assert_eq!(table.take(Event::DeadlinePassed), ["connect"]);
        table.open(ConnectionId(links));
        assert!(links < 20, "it does not end");
    }
    assert_eq!(links, 9, "200, 100, 50, 25, 12, 6, 3, 1, and the one that stays");
    assert!(!table.asked.iter().any(|asked| asked.2 == "GetAllWithdrawTickets"));
    let screen = table.screen();
    assert!(screen.contains("page of one ticket is still more than 16 MiB"), "{screen}");
    // Nothing is due because of the list, and a later link asks for nothing either.
    for _ in 0..50 {
        table.pass(Duration::from_secs(60));
        table.take(Event::DeadlinePassed);
    }
    assert!(!table.asked.iter().any(|asked| asked.2 == "GetAllWithdrawTickets"));
}
