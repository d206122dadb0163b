//! One ticket by its number, whatever its status: by the list call with `TicketId`, if the exchange honours that, else by
//! the scan. "Not found" is said only of what the scan has passed.

use super::Desk;
use super::detail::DetailReading;
use super::in_flight::Purpose;
use super::scan::ScanPhase;
use crate::app::effect::Effects;
use crate::domain::{Now, Ticket, TicketNumber};
use crate::protocol::Frame;
use crate::protocol::rpc::get_all_withdraw_tickets::GetAllWithdrawTickets;
use crate::protocol::rpc::read_reply;

/// The ticket that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Find {
    number: TicketNumber,
    progress: Progress,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Progress {
    /// The list call with `TicketId` was asked.
    Asked,
    /// It is waited for as the scan goes on; whether the scan was begun anew for it.
    ByScan { anew: bool },
    /// It was read; kept, since the list keeps failed tickets alone.
    Found(Box<Ticket>),
}

impl Desk {
    /// Looks for a ticket, and then into it.
    pub fn find(&mut self, number: TicketNumber, now: Now) -> Effects {
        if self.known(number).is_some() {
            return self.look_into(number, now);
        }
        self.show_detail(number, DetailReading::Asked);
        self.find = Some(Find { number, progress: Progress::Asked });
        let session = self.link.ready().and_then(|session| session.oms.zip(session.operator));
        let Some((oms, operator)) = session else {
            return self.end_find("there is no link on which it could be asked for");
        };
        self.ask(&GetAllWithdrawTickets::page(oms, operator, 0, 1).only(number), Purpose::Find(number), now)
    }

    /// A ticket of the list, or the one that was looked for and found.
    pub fn known(&self, number: TicketNumber) -> Option<&Ticket> {
        let found = || match self.find.as_ref().map(|find| (find.number, &find.progress)) {
            Some((found, Progress::Found(ticket))) if found == number => Some(ticket.as_ref()),
            _ => None,
        };
        self.tickets.get(number).or_else(found)
    }

    /// Old versions took `TicketId` for a filter; an answer with anything but that ticket shows that it was ignored.
    pub(super) fn apply_find(&mut self, number: TicketNumber, frame: &Frame, now: Now) -> Effects {
        let page = read_reply::<GetAllWithdrawTickets>(frame).unwrap_or_default();
        match page.tickets.into_iter().next().filter(|ticket| ticket.number == number && page.unreadable.is_empty()) {
            Some(ticket) => self.note_passed(&ticket, now),
            None => self.find_by_scan(number, now),
        }
    }

    pub(super) fn find_by_scan(&mut self, number: TicketNumber, now: Now) -> Effects {
        if let Some(find) = self.find.as_mut().filter(|find| find.number == number && find.progress == Progress::Asked)
        {
            find.progress = Progress::ByScan { anew: false };
        }
        self.settle_find(now)
    }

    /// A ticket went by; if it is the one that is looked for, it is looked into.
    pub(super) fn note_passed(&mut self, ticket: &Ticket, now: Now) -> Effects {
        let is_wanted = |find: &&mut Find| find.number == ticket.number && !matches!(find.progress, Progress::Found(_));
        let Some(find) = self.find.as_mut().filter(is_wanted) else { return Effects::quiet() };
        find.progress = Progress::Found(Box::new(ticket.clone()));
        // Whoever asked may look at something else by now.
        let is_shown = self.detail.as_ref().is_some_and(|detail| detail.ticket == ticket.number);
        if is_shown { self.look_into(ticket.number, now) } else { Effects::none() }
    }

    /// Whether the scan shows by now that the ticket is not there.
    pub(super) fn settle_find(&mut self, now: Now) -> Effects {
        let Some(Find { number, progress: Progress::ByScan { anew } }) = self.find else { return Effects::quiet() };
        let scan = &self.scan;
        let (read, oldest) = (scan.read(), scan.back_from_newest_to());
        if scan.has_read(number) && scan.is_at_rest() && !anew && !scan.is_filtered() {
            // It was read, and let go since it was not failed.
            self.find = Some(Find { number, progress: Progress::ByScan { anew: true } });
            return self.start_scan(now);
        }
        match &scan.phase {
            _ if scan.has_passed(number) => self.end_find("the exchange has no ticket of this number"),
            ScanPhase::Complete if scan.is_filtered() => {
                self.end_find("it is not failed, or not there: the exchange was asked for failed tickets alone")
            }
            ScanPhase::Complete => self.end_find(&format!("it is none of the {read} tickets that the exchange lists")),
            ScanPhase::AtDepth | ScanPhase::AtLimit | ScanPhase::Stopped(_) => {
                let oldest = oldest.map_or_else(String::new, |oldest| format!(", back to #{oldest}"));
                self.end_find(&format!("it is none of the {read} tickets read{oldest}; older ones were not read"))
            }
            ScanPhase::Idle | ScanPhase::Reading | ScanPhase::Paused => Effects::quiet(),
        }
    }

    fn end_find(&mut self, why: &str) -> Effects {
        if let Some(find) = self.find.take() {
            self.set_detail(find.number, DetailReading::NotFound(why.to_owned()));
        }
        Effects::none()
    }
}
