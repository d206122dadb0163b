//! Frames that answer nothing, or come too late.

use std::time::Duration;
use withdraw_desk::app::Event;
use withdraw_desk::app::desk::list::scan::ScanPhase;
use withdraw_desk::domain::{CallId, ConnectionId};
use withdraw_desk::protocol::LinkEnd;
use withdraw_desk::protocol::{Frame, FrameKind};

use super::{LINK, TICKET, Table};

#[test]
fn an_event_of_a_former_link_changes_nothing() {
    let mut table = Table::listed();
    table.take(Event::LinkLost { connection: LINK, end: LinkEnd::soon("reset") });
    table.reconnect(ConnectionId(2));
    let payload = TICKET.replace("Failed", "AdminCanceled");
    let event = Frame { kind: FrameKind::Event, id: CallId(3), name: "WithdrawTicketUpdateEvent".to_owned(), payload };
    table.take(Event::FrameArrived { connection: LINK, frame: event });
    assert_eq!(table.state.desk.list().tickets().failed(), 1);
    assert_eq!(table.state.desk.link().record().elsewhere, 1);
}

#[test]
fn frames_that_answer_nothing_are_counted_by_what_they_are() {
    let mut table = Table::linked();
    let (_, page, _) = table.asked.iter().find(|asked| asked.2 == "GetAllWithdrawTickets").cloned().unwrap();
    let frame = |id, name: &str| Frame { kind: FrameKind::Reply, id, name: name.to_owned(), payload: "[]".to_owned() };
    table.take(Event::FrameArrived { connection: LINK, frame: frame(page, "GetUserInfo") });
    assert_eq!(table.state.desk.list().scan().phase, ScanPhase::Reading, "it goes on waiting");
    table.take(Event::FrameArrived { connection: ConnectionId(0), frame: frame(page, "GetAllWithdrawTickets") });
    table.pass(Duration::from_secs(6));
    table.take(Event::DeadlinePassed);
    table.take(Event::FrameArrived { connection: LINK, frame: frame(page, "GetAllWithdrawTickets") });
    table.take(Event::FrameArrived { connection: LINK, frame: frame(CallId(9_998), "Ping") });
    let record = &table.state.desk.link().record();
    assert_eq!(
        (record.misnamed, record.elsewhere, record.late, table.state.desk.link().record().unmatched),
        (1, 1, 1, 4)
    );
}
