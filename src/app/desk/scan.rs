//! The scan: reading pages of all tickets, newest first, to find the failed ones. It always says how far it got.

use std::collections::BTreeSet;

use super::Desk;
use super::in_flight::Purpose;
use crate::app::effect::{Effect, Effects};
use crate::domain::{Now, Ticket, TicketNumber};
use crate::protocol::Frame;
use crate::protocol::rpc::get_all_withdraw_tickets::{GetAllWithdrawTickets, Page};
use crate::protocol::rpc::read_reply;

/// Where the scan stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ScanPhase {
    /// Not started.
    #[default]
    Idle,
    /// Pages are being read.
    Reading,
    /// It read to the end of the list.
    Complete,
    /// It stopped at the limit on tickets; there may be more.
    AtLimit,
    /// It stopped before its end; why. Inert.
    Stopped(String),
}

/// How far the reading of the list got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Where it stands.
    pub phase: ScanPhase,
    /// When it ended, UTC.
    pub ended_at: Option<jiff::Timestamp>,
    /// Rows that could not be read, in this reading.
    pub unreadable: usize,
    /// Statuses without a name that were met, in this reading.
    pub unknown_statuses: usize,
    seen: BTreeSet<TicketNumber>,
}

impl Scan {
    /// Different tickets read in this reading.
    pub fn read(&self) -> usize {
        self.seen.len()
    }

    /// The oldest ticket number read in this reading.
    pub fn back_to(&self) -> Option<TicketNumber> {
        self.seen.first().copied()
    }
}

impl Desk {
    /// Reads the list again from its newest page.
    pub fn reload(&mut self, now: Now) -> Effects {
        if self.scan.phase == ScanPhase::Reading {
            return Effects::none();
        }
        self.start_scan(now).and(Effect::ReadUnresolved)
    }

    pub(super) fn start_scan(&mut self, now: Now) -> Effects {
        if !self.reads_list {
            return Effects::none();
        }
        self.scan = Scan { phase: ScanPhase::Reading, ended_at: self.scan.ended_at, ..Scan::default() };
        self.tickets.start_reading();
        self.ask_page(0, now)
    }

    fn ask_page(&mut self, start: usize, now: Now) -> Effects {
        if self.is_leaving() {
            return self.stop_scan("the program was told to end".to_owned(), now);
        }
        let Some(session) = self.link.ready() else {
            return self.stop_scan("there is no link".to_owned(), now);
        };
        let (Some(oms), Some(operator)) = (session.oms, session.operator) else {
            let why =
                "the exchange did not say which OMS and operator we are; set oms-id and operator-id in the profile";
            return self.stop_scan(why.to_owned(), now);
        };
        let call = GetAllWithdrawTickets::page(oms, operator, start, self.settings.limits.page_size);
        self.ask(&call, Purpose::Page { start }, now)
    }

    pub(super) fn apply_page(&mut self, start: usize, frame: &Frame, now: Now) -> Effects {
        match read_reply::<GetAllWithdrawTickets>(frame) {
            Ok(page) => self.take_page(start, page, now),
            Err(error) => self.stop_scan(self.why_no_list(&error), now),
        }
    }

    /// Pages shift while tickets arrive, so every ticket counts once. The scan goes on until a page is empty: a page shorter than asked for is not yet the end, since an exchange may cap the page size.
    fn take_page(&mut self, start: usize, page: Page, now: Now) -> Effects {
        let rows = page.rows();
        let read_before = self.scan.read();
        self.scan.unreadable += page.unreadable.len();
        for ticket in page.tickets {
            if self.scan.seen.insert(ticket.number) {
                self.scan.unknown_statuses += usize::from(!ticket.status.is_known());
                self.tickets.take(ticket);
            }
        }
        if rows == 0 {
            return self.end_scan(ScanPhase::Complete, now);
        }
        if self.scan.read() == read_before {
            return self.stop_scan("the exchange sent a page again, or one that cannot be read".to_owned(), now);
        }
        if self.scan.read() >= self.settings.limits.scan_tickets {
            return self.end_scan(ScanPhase::AtLimit, now);
        }
        self.ask_page(start + rows, now)
    }

    fn end_scan(&mut self, phase: ScanPhase, now: Now) -> Effects {
        let floor = (phase == ScanPhase::AtLimit).then(|| self.scan.back_to()).flatten();
        self.tickets.end_reading(floor);
        self.scan.phase = phase;
        self.scan.ended_at = Some(now.wall);
        Effects::none()
    }

    pub(super) fn stop_scan(&mut self, why: String, now: Now) -> Effects {
        if self.scan.phase == ScanPhase::Reading {
            self.activity.add(now, format!("the list stopped after {} tickets: {why}", self.scan.read()));
            self.scan.phase = ScanPhase::Stopped(why);
        }
        Effects::none()
    }

    pub(super) fn apply_ticket_event(&mut self, ticket: Ticket, now: Now) -> Effects {
        if let Some(listed) = self.tickets.get(ticket.number).filter(|listed| listed.status != ticket.status) {
            let by = ticket.updated_by_label();
            let text = format!("#{} {} -> {} (event, by {by})", ticket.number, listed.status, ticket.status);
            self.activity.add(now, text);
        }
        self.tickets.take_event(ticket);
        Effects::none()
    }
}
