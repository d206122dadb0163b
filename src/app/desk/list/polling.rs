//! Polling: where the exchange sends no ticket events, the newest pages and the tickets on the screen are read every while.

use super::List;
use crate::app::desk::calls::Purpose;
use crate::app::desk::cx::Cx;
use crate::app::desk::session::{Feed, Session};
use crate::app::words::desk::list as words;
use crate::domain::{Boot, TicketNumber};
use crate::protocol::Frame;
use crate::protocol::rpc::get_withdraw_ticket::{GetWithdrawTicket, TicketKey};
use crate::protocol::rpc::read_reply;

impl List {
    /// Notes what is on the screen.
    pub(in crate::app::desk) fn watch(
        &mut self,
        visible: Vec<TicketNumber>,
        selected: Option<TicketNumber>,
        cx: &Cx<'_>,
    ) {
        if cx.standing.feed == Feed::Reads {
            self.poll.watch(visible, selected);
        }
    }

    /// When the next poll is due on this link: only without events, and once the list was read.
    pub fn poll_due(&self, session: Option<&Session>, feed: Feed) -> Option<Boot> {
        let may_poll = self.scan.is_at_rest() && !self.is_unread && feed == Feed::Reads;
        self.poll.due().filter(|_| may_poll && session.is_some_and(|session| !session.lacks_ids()))
    }

    pub(super) fn pass_poll_deadline(&mut self, cx: &mut Cx<'_>) {
        let due = self.poll_due(cx.ready(), cx.standing.feed);
        if due.is_some_and(|due| due <= cx.now.boot) && !*cx.is_ending {
            self.start_poll(cx);
        }
    }

    /// Reads the newest pages until they join what is known.
    pub(super) fn start_poll(&mut self, cx: &mut Cx<'_>) {
        self.poll.begin();
        let Some(reading) = &mut self.scan.reading else { return self.start_scan(cx) };
        if reading.joined().is_empty() || reading.may_hide_newer() {
            return self.start_scan(cx);
        }
        reading.catch_up();
        self.ask_pages(cx);
    }

    /// The newest end is joined: those tickets of the screen that were not among it are read by themselves.
    pub(super) fn end_poll(&mut self, cx: &mut Cx<'_>) {
        cx.show();
        self.scan.read_at = Some(cx.now.wall);
        self.poll.plan(cx.now);
        self.read_heard(cx);
        if cx.standing.feed != Feed::Reads {
            return;
        }
        for number in self.poll.take_turn() {
            // A ticket whose cancel stands open is read for its sake.
            if self.locks.contains_key(&number) {
                continue;
            }
            if let Some(key) = self.tickets.get(number).and_then(TicketKey::of) {
                cx.read_ticket(&key, Purpose::Watch(number));
            }
        }
    }

    pub(super) fn fail_poll(&mut self, why: &str, cx: &mut Cx<'_>) {
        if let Some(reading) = &mut self.scan.reading {
            reading.rest();
        }
        cx.note(words::newest_not_read(why));
        self.poll.plan(cx.now);
    }

    /// Takes in the answer to a read of a ticket that has a row, if it is about that one.
    pub(super) fn take_watched(&mut self, number: TicketNumber, frame: &Frame, cx: &mut Cx<'_>) {
        let key = self.tickets.get(number).and_then(TicketKey::of);
        match read_reply::<GetWithdrawTicket>(frame) {
            Ok(ticket) if key.is_some_and(|key| key.is_answered_by(&ticket)) => self.take_read_ticket(ticket, cx),
            // The next poll, or the operator who looks into it, finds out more.
            _ => {}
        }
    }
}
