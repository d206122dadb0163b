//! Tickets of which an event alone told: each is read once, one at a time and beside nothing else, since an event tells no comments and
//! so no reason.

use std::collections::BTreeSet;

use super::List;
use super::scan::ScanPhase;
use crate::app::desk::calls::{CallEnd, Purpose};
use crate::app::desk::cx::Cx;
use crate::domain::TicketNumber;
use crate::protocol::rpc::get_withdraw_ticket::TicketKey;

/// No more tickets wait to be read; the oldest numbers go first, and say that they were not read.
const MOST_WAITING: usize = 1_000;

/// The tickets that wait for their read, and the one that is being read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    waiting: BTreeSet<TicketNumber>,
    asked: Option<TicketNumber>,
}

impl Heard {
    fn add(&mut self, number: TicketNumber) {
        self.waiting.insert(number);
        if self.waiting.len() > MOST_WAITING {
            self.waiting.pop_first();
        }
    }
}

impl List {
    /// An event told of a ticket; if nothing else did, it is to be read.
    pub(super) fn note_heard(&mut self, number: TicketNumber, cx: &mut Cx<'_>) {
        if self.tickets.is_unread(number) && !self.is_unread {
            self.heard.add(number);
        }
        self.read_heard(cx);
    }

    /// Reads the newest ticket that waits, unless one is being read, or the list is.
    pub(super) fn read_heard(&mut self, cx: &mut Cx<'_>) {
        let may_read = self.heard.asked.is_none() && self.scan.phase != ScanPhase::Reading && !*cx.is_ending;
        while may_read && self.heard.asked.is_none() {
            let Some(number) = self.heard.waiting.pop_last() else { return };
            let key = self.tickets.get(number).filter(|_| self.tickets.is_unread(number)).and_then(TicketKey::of);
            let Some(key) = key else { continue };
            if !cx.read_ticket(&key, Purpose::Heard(number)) {
                self.heard.add(number);
                return;
            }
            self.heard.asked = Some(number);
        }
    }

    /// The read came to its end. It is not asked twice on one link: whoever looks into the ticket reads it.
    pub(super) fn end_heard(&mut self, number: TicketNumber, end: &CallEnd, cx: &mut Cx<'_>) {
        self.heard.asked = None;
        match end {
            CallEnd::Answered { frame, .. } => self.take_watched(number, frame, cx),
            CallEnd::Lost { .. } => self.heard.add(number),
            CallEnd::Unanswered { .. } | CallEnd::TooLong { .. } => {}
        }
        self.read_heard(cx);
    }
}
