//! The scan and the desk: asks for the pages that the reading wants, gives it what came, and says where it stands.

use super::page::{PageFacts, Window};
use super::reading::{Reading, ReadingStep};
use super::{Scan, ScanPhase};
use crate::app::desk::Desk;
use crate::app::desk::in_flight::Purpose;
use crate::app::desk::tickets::{MOST_ROWS, Reach};
use crate::app::effect::{Effect, Effects};
use crate::domain::{Now, Ticket};
use crate::protocol::Frame;
use crate::protocol::bar::NOT_AUTHORIZED;
use crate::protocol::rpc::get_all_withdraw_tickets::{GetAllWithdrawTickets, Page};
use crate::protocol::rpc::{ReplyError, read_reply};

/// More rows than this are no page: the exchange ignores `Limit`, and sends all there are.
const MOST_AT_ONCE: usize = 10_000;

impl Desk {
    /// Reads the list again from its newest page; a reading that stopped goes on.
    pub fn reload(&mut self, now: Now) -> Effects {
        let effects = match self.scan.phase {
            ScanPhase::Reading => return Effects::none(),
            ScanPhase::Stopped(_) | ScanPhase::Paused => self.open_scan(now),
            _ => self.start_scan(now),
        };
        effects.and(Effect::ReadUnresolved)
    }

    /// There is a link: the scan starts, goes on where it was, or reads what is new.
    pub(in crate::app::desk) fn open_scan(&mut self, now: Now) -> Effects {
        match &self.scan.phase {
            _ if !self.reads_list => Effects::none(),
            ScanPhase::Paused | ScanPhase::Stopped(_) if self.scan.read() > 0 => {
                self.scan.phase = ScanPhase::Reading;
                self.scan.again.go_on(self.link.current());
                self.ask_pages(now)
            }
            // A link that drops all the time is read on, not anew: until one lasts, the newest pages have to do.
            _ if self.scan.is_at_rest() && self.scan.again.is_due() => self.start_poll(now),
            _ => self.start_scan(now),
        }
    }

    pub(in crate::app::desk) fn start_scan(&mut self, now: Now) -> Effects {
        let limits = &self.settings.limits;
        let given = self.scan.reading.as_ref().map_or(0, |reading| reading.given());
        let reading = Reading::new(limits.page_size, limits.pages_in_flight, given);
        let Scan { read_at, poll, mut again, .. } = std::mem::take(&mut self.scan);
        again.begin(self.link.current());
        self.scan = Scan {
            phase: ScanPhase::Reading,
            read_at,
            reading: Some(Box::new(reading)),
            poll,
            again,
            ..Scan::default()
        };
        self.tickets.start_reading();
        self.ask_pages(now)
    }

    /// Asks for the pages that are wanted now; of a reading that stopped or waits for a link none are, whatever still comes.
    pub(super) fn ask_pages(&mut self, now: Now) -> Effects {
        if matches!(self.scan.phase, ScanPhase::Idle | ScanPhase::Paused | ScanPhase::Stopped(_)) {
            return Effects::quiet();
        }
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
        let wanted = self.scan.reading.as_mut().map(|reading| reading.next()).unwrap_or_default();
        let mut effects = Effects::quiet();
        for (ask, Window { start, limit, failed_only }) in wanted {
            let call = GetAllWithdrawTickets::page(oms, operator, start, limit);
            let call = if failed_only { call.only_failed() } else { call };
            effects = effects.then(self.ask(&call, Purpose::Page { ask }, now));
        }
        effects
    }

    pub(in crate::app::desk) fn apply_page(&mut self, ask: u32, frame: &Frame, now: Now) -> Effects {
        match read_reply::<GetAllWithdrawTickets>(frame) {
            Ok(page) if page.rows() > MOST_AT_ONCE => {
                let (rows, limit) = (page.rows(), self.settings.limits.page_size);
                let why = format!(
                    "the exchange sent {rows} tickets at once where {limit} were asked for: it does not keep to Limit, and \
                     its list cannot be read in pages; tell who runs it"
                );
                self.page_failed(ask, why, false, now)
            }
            Ok(page) => self.take_page(ask, page, now),
            Err(error) => {
                // Asking again would not help.
                let is_refused = matches!(&error, ReplyError::Refused(said) if said.code() == Some(NOT_AUTHORIZED));
                self.page_failed(ask, self.why_no_list(&error), !is_refused, now)
            }
        }
    }

    fn take_page(&mut self, ask: u32, page: Page, now: Now) -> Effects {
        let depth = now.wall.checked_sub(self.settings.limits.scan_depth).unwrap_or(now.wall);
        let facts = PageFacts::of(&page, depth);
        self.scan.note(&page);
        let mut effects = Effects::quiet();
        for ticket in page.tickets {
            self.note_covered(ticket.number);
            effects = effects.then(self.note_passed(&ticket, now));
            effects = effects.then(self.take_read_ticket(ticket, now));
        }
        let Some(reading) = &mut self.scan.reading else { return effects };
        let step = reading.take(ask, facts);
        self.scan.forget_made();
        effects.then(self.take_step(step, now)).then(self.settle_find(now))
    }

    /// A ticket as a page or a read of the screen's tickets showed it.
    pub(super) fn take_read_ticket(&mut self, ticket: Ticket, now: Now) -> Effects {
        let listed = self.tickets.get(ticket.number);
        let is_same = listed == Some(&ticket);
        if let Some(listed) = listed.filter(|listed| listed.status != ticket.status) {
            let by = ticket.updated_by_label();
            let text = format!("#{} {} -> {} (read, by {by})", ticket.number, listed.status, ticket.status);
            self.activity.add(now, text);
        } else if listed.is_none() && !ticket.status.is_failed() {
            return Effects::quiet();
        }
        let (number, status) = (ticket.number, ticket.status.with_number());
        let is_news = listed.is_some_and(|listed| listed.status != ticket.status);
        self.tickets.take(ticket);
        match (is_same, is_news) {
            (true, _) => Effects::quiet(),
            (false, true) => self.read_to_be_sure(number, &status, "list", now),
            (false, false) => Effects::none(),
        }
    }

    fn take_step(&mut self, step: ReadingStep, now: Now) -> Effects {
        let is_reading = self.scan.phase == ScanPhase::Reading;
        match step {
            ReadingStep::Going if is_reading && self.is_over_limit() => self.end_walk(ScanPhase::AtLimit, now),
            ReadingStep::Going if is_reading => Effects::none().then(self.ask_pages(now)),
            ReadingStep::Going if self.scan.is_at_rest() => self.ask_pages(now),
            // An answer that came after the reading stopped does not set it going again.
            ReadingStep::Going => Effects::quiet(),
            ReadingStep::EndOfList => self.end_walk(ScanPhase::Complete, now),
            ReadingStep::EndOfDepth => self.end_walk(ScanPhase::AtDepth, now),
            ReadingStep::CaughtUp => self.end_catching_up(now),
            // So much changed at the newest end that only a whole reading shows it.
            ReadingStep::Broken(_) if self.scan.is_at_rest() => self.start_scan(now),
            ReadingStep::Broken(why) => {
                let stopped = self.stop_scan(why, now);
                // What did not join will not join by going on.
                self.scan.reading = None;
                self.scan.again.stop(now);
                stopped
            }
        }
    }

    fn is_over_limit(&self) -> bool {
        self.scan.read() >= self.settings.limits.scan_tickets || self.tickets.rows() >= MOST_ROWS
    }

    /// The older end is reached; what arrived meanwhile is read before the reading counts.
    fn end_walk(&mut self, phase: ScanPhase, now: Now) -> Effects {
        let Some(reading) = &mut self.scan.reading else { return Effects::none() };
        if phase == ScanPhase::Complete && !reading.may_lack_newer() || reading.joined().is_empty() {
            return self.end_scan(phase, now);
        }
        reading.catch_up();
        self.scan.goal = Some(phase);
        Effects::none().then(self.ask_pages(now))
    }

    fn end_catching_up(&mut self, now: Now) -> Effects {
        match self.scan.goal.take() {
            Some(phase) => self.end_scan(phase, now),
            None => self.end_poll(now),
        }
    }

    fn end_scan(&mut self, phase: ScanPhase, now: Now) -> Effects {
        if let Some(reading) = &mut self.scan.reading {
            reading.rest();
        }
        self.tickets.end_reading(match self.scan.back_to() {
            _ if self.scan.unreadable > 0 => Reach::Unsure,
            Some(floor) if phase != ScanPhase::Complete => Reach::DownTo(floor),
            _ => Reach::Everything,
        });
        self.scan.phase = phase;
        self.scan.read_at = Some(now.wall);
        self.scan.again.end(self.scan.read(), now);
        self.plan_poll(now);
        Effects::none()
    }

    /// A page was not answered, or not well.
    pub(in crate::app::desk) fn page_failed(&mut self, ask: u32, why: String, may_retry: bool, now: Now) -> Effects {
        let Some(reading) = &mut self.scan.reading else { return Effects::quiet() };
        match reading.fail(ask, may_retry) {
            None if self.scan.phase == ScanPhase::Reading || self.scan.is_at_rest() => self.ask_pages(now),
            // Refused beside the page that stopped the reading: asking again would go round without a pause.
            None => Effects::quiet(),
            Some(()) if self.scan.is_at_rest() => self.poll_failed(&why, now),
            Some(()) => {
                let stopped = self.stop_scan(why, now);
                // Refused once is refused: only the operator, or another link, asks again.
                if may_retry {
                    self.scan.again.stop(now);
                }
                stopped
            }
        }
    }

    /// The link was lost while a page was awaited: the scan goes on where it was, on the next link.
    pub(in crate::app::desk) fn page_lost(&mut self) -> Effects {
        if let Some(reading) = &mut self.scan.reading {
            reading.forget_asked();
        }
        if self.scan.phase == ScanPhase::Reading {
            self.scan.phase = ScanPhase::Paused;
        }
        Effects::none()
    }

    pub(in crate::app::desk) fn stop_scan(&mut self, why: String, now: Now) -> Effects {
        if let Some(reading) = &mut self.scan.reading {
            reading.forget_asked();
        }
        if self.scan.phase == ScanPhase::Reading {
            self.activity.add(now, format!("the list stopped after {} tickets: {why}", self.scan.read()));
            self.scan.phase = ScanPhase::Stopped(why);
        }
        Effects::none()
    }

    pub(in crate::app::desk) fn apply_ticket_event(&mut self, ticket: Ticket, now: Now) -> Effects {
        if let Some(listed) = self.tickets.get(ticket.number).filter(|listed| listed.status != ticket.status) {
            let by = ticket.updated_by_label();
            let text = format!("#{} {} -> {} (event, by {by})", ticket.number, listed.status, ticket.status);
            self.activity.add(now, text);
        }
        self.tickets.take_event(ticket);
        Effects::none()
    }
}
