//! The ends of the calls that the list asked, and the tickets that others read.

use super::List;
use super::detail::DetailReading;
use crate::app::desk::calls::{CallEnd, Purpose};
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::words::desk::list as words;
use crate::domain::agreement::contradictions;
use crate::domain::{Ticket, TicketStatus};
use crate::protocol::Frame;

impl List {
    /// A call of the list came to its end.
    pub(in crate::app::desk) fn end_call(&mut self, purpose: Purpose, end: &CallEnd, cx: &mut Cx<'_>) {
        match (purpose, end) {
            (Purpose::Heard(number), end) => self.end_heard(number, end, cx),
            (_, CallEnd::Answered { frame, .. }) => self.take_answer(purpose, frame, cx),
            (Purpose::Page { .. }, CallEnd::Lost { .. }) => self.pause_scan(cx),
            (Purpose::Page { ask }, CallEnd::TooLong { .. }) => self.halve_pages(ask, cx),
            (Purpose::Page { ask }, CallEnd::Unanswered { why }) => self.fail_page(ask, why.clone(), true, cx),
            (Purpose::Find(number), _) => self.find_by_scan(number, cx),
            (Purpose::Detail(number), end) => {
                cx.show();
                self.set_detail(number, DetailReading::Failed(end.why().unwrap_or_default()));
            }
            _ => {}
        }
    }

    fn take_answer(&mut self, purpose: Purpose, frame: &Frame, cx: &mut Cx<'_>) {
        match purpose {
            Purpose::Page { ask } => self.take_page_frame(ask, frame, cx),
            Purpose::Watch(number) => self.take_watched(number, frame, cx),
            Purpose::Find(number) => self.take_found(number, frame, cx),
            Purpose::Detail(number) => self.take_detail(number, frame, cx),
            _ => {}
        }
    }

    /// A read that was held up may be asked again, as far as somebody still waits for it.
    pub(in crate::app::desk) fn ask_again(&mut self, purpose: Purpose, cx: &mut Cx<'_>) {
        match purpose {
            Purpose::Page { .. } => self.read_again(cx),
            Purpose::Detail(number) => self.look_again(number, cx),
            _ => {}
        }
    }

    /// Another part read a ticket, and read it well.
    pub(in crate::app::desk) fn take_from_sibling(&mut self, ticket: Ticket, cx: &mut Cx<'_>) {
        self.note_change(&ticket, cx);
        self.tickets.take(ticket);
    }

    /// The exchange sent a ticket by itself. It changes the list, and whoever follows the ticket reads it to be sure.
    pub(in crate::app::desk) fn take_event(&mut self, ticket: Ticket, cx: &mut Cx<'_>) {
        let seen = News::TicketSeen { ticket: ticket.number, status: ticket.status.with_number(), said_by: "event" };
        let listed = self.tickets.get(ticket.number);
        let moved = |listed: &&Ticket| listed.status != ticket.status && ticket.status != TicketStatus::Unreadable;
        if let Some(listed) = listed.filter(moved) {
            cx.note(words::status_heard(&listed.status, &ticket));
        }
        self.note_change(&ticket, cx);
        let number = ticket.number;
        self.tickets.take_event(ticket);
        cx.show();
        cx.tell(seen);
        self.note_heard(number, cx);
    }

    /// A ticket was heard of, by a row, a read or an event: whoever shows it or decides on it learns if it is another one by now.
    pub(super) fn note_change(&mut self, seen: &Ticket, cx: &mut Cx<'_>) {
        if let Some(detail) = self.detail.as_mut().filter(|detail| detail.ticket == seen.number) {
            detail.note_change(seen, cx.now.wall);
        }
        // A ticket that is not on the list may be the one that is decided on: it was found by its number.
        let is_other = |listed: &Ticket| !contradictions(listed, seen).is_empty();
        if self.known(seen.number).is_none_or(is_other) {
            cx.tell(News::TicketChanged { seen: Box::new(seen.clone()) });
        }
    }
}
