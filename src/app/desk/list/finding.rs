//! Finding one ticket by its number: by the list call with `TicketId`, if the exchange honours that, else by the scan. "Not
//! found" is said only of what the scan has passed.

use super::List;
use super::detail::{Detail, DetailReading};
use super::find::{Find, FindProgress};
use super::scan::ScanPhase;
use crate::app::desk::calls::Purpose;
use crate::app::desk::cx::Cx;
use crate::app::words::desk::list as words;
use crate::domain::{Ticket, TicketNumber};
use crate::protocol::Frame;
use crate::protocol::rpc::get_all_withdraw_tickets::GetAllWithdrawTickets;
use crate::protocol::rpc::read_reply;

impl List {
    /// Looks for a ticket, and then into it.
    pub(in crate::app::desk) fn find(&mut self, number: TicketNumber, cx: &mut Cx<'_>) {
        if self.known(number).is_some() {
            return self.look_into(number, cx);
        }
        cx.show();
        self.detail = Some(Detail::new(number, DetailReading::Asked));
        self.find = Some(Find { number, progress: FindProgress::Asked });
        let Some((oms, operator)) = cx.ready().and_then(|session| session.oms.zip(session.operator)) else {
            return self.end_find(words::NO_LINK_TO_FIND, cx);
        };
        cx.ask(&GetAllWithdrawTickets::page(oms, operator, 0, 1).only(number), Purpose::Find(number));
    }

    /// Old versions took `TicketId` for a filter; an answer with anything but that ticket shows that it was ignored.
    pub(super) fn take_found(&mut self, number: TicketNumber, frame: &Frame, cx: &mut Cx<'_>) {
        let page = read_reply::<GetAllWithdrawTickets>(frame).unwrap_or_default();
        match page.tickets.into_iter().next().filter(|ticket| ticket.number == number && page.unreadable.is_empty()) {
            Some(ticket) => self.note_passed(&ticket, cx),
            None => self.find_by_scan(number, cx),
        }
    }

    pub(super) fn find_by_scan(&mut self, number: TicketNumber, cx: &mut Cx<'_>) {
        let is_asked = |find: &&mut Find| find.number == number && find.progress == FindProgress::Asked;
        if let Some(find) = self.find.as_mut().filter(is_asked) {
            find.progress = FindProgress::ByScan { anew: false };
        }
        self.settle_find(cx);
    }

    /// A ticket went by; if it is the one that is looked for, it is looked into.
    pub(super) fn note_passed(&mut self, ticket: &Ticket, cx: &mut Cx<'_>) {
        let is_wanted =
            |find: &&mut Find| find.number == ticket.number && !matches!(find.progress, FindProgress::Found(_));
        let Some(find) = self.find.as_mut().filter(is_wanted) else { return };
        find.progress = FindProgress::Found(Box::new(ticket.clone()));
        cx.show();
        // Whoever asked may look at something else by now.
        if self.detail.as_ref().is_some_and(|detail| detail.ticket == ticket.number) {
            self.look_into(ticket.number, cx);
        }
    }

    /// Ends the search once the scan shows that the ticket is not there.
    pub(super) fn settle_find(&mut self, cx: &mut Cx<'_>) {
        let Some(Find { number, progress: FindProgress::ByScan { anew } }) = self.find else { return };
        let scan = &self.scan;
        let (read, oldest) = (scan.read(), scan.back_from_newest_to());
        if scan.has_read(number) && scan.is_at_rest() && !anew && !scan.is_filtered() {
            // It was read, and let go since it was not failed.
            self.find = Some(Find { number, progress: FindProgress::ByScan { anew: true } });
            return self.start_scan(cx);
        }
        let unread = words::unread_rows(scan.unreadable());
        match &scan.phase {
            _ if scan.has_passed(number) && unread.is_empty() => {
                self.end_find(words::NOT_FOUND, cx);
            }
            ScanPhase::Complete if scan.is_filtered() => {
                self.end_find(&words::not_failed_or_not_there(&unread), cx);
            }
            ScanPhase::Complete => {
                self.end_find(&words::none_of_all(read, &unread), cx);
            }
            ScanPhase::AtDepth | ScanPhase::AtLimit | ScanPhase::Stopped(_) => {
                self.end_find(&words::none_of_those_read(read, oldest, &unread), cx);
            }
            ScanPhase::Idle | ScanPhase::Reading | ScanPhase::Paused => {}
        }
    }

    fn end_find(&mut self, why: &str, cx: &mut Cx<'_>) {
        cx.show();
        if let Some(find) = self.find.take() {
            self.set_detail(find.number, DetailReading::NotFound(why.to_owned()));
        }
    }
}
