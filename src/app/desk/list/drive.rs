//! The scan and the desk: asks for the pages that the reading wants, gives it what came, and says where it stands.

use super::List;
use super::scan::page::{PageFacts, Window};
use super::scan::reading::{Reading, ReadingStep};
use super::scan::{Scan, ScanPhase};
use crate::app::desk::calls::Purpose;
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::desk::session::{Feed, Session};
use crate::app::desk::tickets::Reach;
use crate::app::effect::Effect;
use crate::app::words::desk::list as words;
use crate::domain::{Boot, Ticket};
use crate::protocol::Frame;
use crate::protocol::bar::NOT_AUTHORIZED;
use crate::protocol::rpc::get_all_withdraw_tickets::{GetAllWithdrawTickets, Page};
use crate::protocol::rpc::{ReplyError, Rpc, read_reply};

/// More rows than this are no page: the exchange ignores `Limit`, and sends all there are.
const MOST_AT_ONCE: usize = 10_000;

impl List {
    /// Reads the list again from its newest page; a reading that stopped goes on.
    pub(in crate::app::desk) fn reload(&mut self, cx: &mut Cx<'_>) {
        self.is_too_long = false;
        match self.scan.phase {
            ScanPhase::Reading => return cx.show(),
            ScanPhase::Stopped(_) | ScanPhase::Paused => self.open_scan(cx),
            _ => self.start_scan(cx),
        }
        cx.order(Effect::ReadUnresolved);
    }

    /// There is a link: the scan starts, goes on where it was, or reads what is new.
    pub(in crate::app::desk) fn open_scan(&mut self, cx: &mut Cx<'_>) {
        match &self.scan.phase {
            _ if self.is_unread || self.is_too_long => cx.show(),
            ScanPhase::Paused | ScanPhase::Stopped(_) if self.scan.read() > 0 => {
                self.scan.phase = ScanPhase::Reading;
                self.scan.again.go_on(cx.sessions.connection());
                self.ask_pages(cx);
            }
            // A link that drops all the time is read on, not anew: until one lasts, the newest pages have to do.
            _ if self.scan.is_at_rest() && self.scan.again.is_due() => self.start_poll(cx),
            _ => self.start_scan(cx),
        }
    }

    pub(super) fn start_scan(&mut self, cx: &mut Cx<'_>) {
        let limits = &cx.settings.limits;
        let given = self.scan.reading.as_ref().map_or(0, |reading| reading.given());
        let limit = self.page_limit.unwrap_or(limits.page_size);
        let reading = Reading::new(limit, limits.pages_in_flight, given);
        let Scan { read_at, mut again, .. } = std::mem::take(&mut self.scan);
        again.begin(cx.sessions.connection());
        self.scan =
            Scan { phase: ScanPhase::Reading, read_at, reading: Some(Box::new(reading)), again, ..Scan::default() };
        self.tickets.start_reading();
        self.ask_pages(cx);
    }

    /// Asks for the pages that are wanted now; of a reading that stopped or waits for a link none are, whatever still comes.
    pub(super) fn ask_pages(&mut self, cx: &mut Cx<'_>) {
        if matches!(self.scan.phase, ScanPhase::Idle | ScanPhase::Paused | ScanPhase::Stopped(_)) {
            return;
        }
        if *cx.is_ending {
            return self.stop_scan(words::TOLD_TO_END.to_owned(), cx);
        }
        let Some(session) = cx.ready() else {
            return self.stop_scan(words::NO_LINK.to_owned(), cx);
        };
        let (Some(oms), Some(operator)) = (session.oms, session.operator) else {
            return self.stop_scan(words::NO_IDS.to_owned(), cx);
        };
        let wanted = self.scan.reading.as_mut().map(|reading| reading.next()).unwrap_or_default();
        for (ask, Window { start, limit, failed_only }) in wanted {
            let call = GetAllWithdrawTickets::page(oms, operator, start, limit);
            let call = if failed_only { call.only_failed() } else { call };
            cx.ask(&call, Purpose::Page { ask });
        }
    }

    pub(super) fn take_page_frame(&mut self, ask: u32, frame: &Frame, cx: &mut Cx<'_>) {
        match read_reply::<GetAllWithdrawTickets>(frame) {
            Ok(page) if page.rows() > MOST_AT_ONCE => {
                let why = words::all_at_once(page.rows(), cx.settings.limits.page_size);
                self.fail_page(ask, why, false, cx);
            }
            Ok(page) => self.take_page(ask, page, cx),
            Err(error) => {
                // Asking again would not help.
                let is_refused = matches!(&error, ReplyError::Refused(said) if said.code() == Some(NOT_AUTHORIZED));
                self.fail_page(ask, why_no_list(&error, cx), !is_refused, cx);
            }
        }
    }

    fn take_page(&mut self, ask: u32, page: Page, cx: &mut Cx<'_>) {
        let depth = cx.now.wall.checked_sub(cx.settings.limits.scan_depth).unwrap_or(cx.now.wall);
        let facts = PageFacts::of(&page, depth);
        self.scan.note(&page);
        for ticket in page.tickets {
            if self.scan.is_at_rest() {
                self.poll.cover(ticket.number);
            }
            self.note_passed(&ticket, cx);
            self.take_read_ticket(ticket, cx);
        }
        let Some(reading) = &mut self.scan.reading else { return };
        let step = reading.take(ask, facts);
        self.scan.forget_made();
        if step == ReadingStep::Going && self.is_down_to_one(cx) {
            return self.stop_at_one(cx);
        }
        self.take_step(step, cx);
        self.settle_find(cx);
    }

    /// Takes in a ticket as a page or a read of the screen's tickets showed it.
    pub(super) fn take_read_ticket(&mut self, ticket: Ticket, cx: &mut Cx<'_>) {
        let listed = self.tickets.get(ticket.number);
        if listed == Some(&ticket) {
            self.tickets.take(ticket);
            return;
        }
        if let Some(listed) = listed.filter(|listed| listed.status != ticket.status) {
            cx.note(words::status_read(&listed.status, &ticket));
            let status = ticket.status.with_number();
            cx.tell(News::TicketSeen { ticket: ticket.number, status, said_by: "list" });
        }
        if listed.is_some() || self.known(ticket.number).is_some() {
            self.note_change(&ticket, cx);
        } else if !ticket.is_listed() {
            return;
        }
        self.tickets.take(ticket);
        cx.show();
    }

    fn take_step(&mut self, step: ReadingStep, cx: &mut Cx<'_>) {
        let is_reading = self.scan.phase == ScanPhase::Reading;
        match step {
            ReadingStep::Going if is_reading && self.is_over_limit(cx) => self.end_walk(ScanPhase::AtLimit, cx),
            ReadingStep::Going if is_reading => {
                cx.show();
                self.ask_pages(cx);
            }
            ReadingStep::Going if self.scan.is_at_rest() => self.ask_pages(cx),
            // An answer that came after the reading stopped does not set it going again.
            ReadingStep::Going => {}
            ReadingStep::EndOfList => self.end_walk(ScanPhase::Complete, cx),
            ReadingStep::EndOfDepth => self.end_walk(ScanPhase::AtDepth, cx),
            ReadingStep::CaughtUp => self.end_catching_up(cx),
            // So much changed at the newest end that only a whole reading shows it.
            ReadingStep::Broken(_) if self.scan.is_at_rest() => self.start_scan(cx),
            ReadingStep::Broken(why) => {
                self.scan.let_go = self.scan.read_so_far();
                self.stop_scan(why, cx);
                // Pages that did not join will not join by going on.
                self.scan.reading = None;
                self.scan.again.stop(cx.now);
            }
        }
    }

    fn is_over_limit(&self, cx: &Cx<'_>) -> bool {
        self.scan.read() >= cx.settings.limits.scan_tickets || self.tickets.is_full()
    }

    /// The older end is reached; what arrived meanwhile is read before the reading counts.
    fn end_walk(&mut self, phase: ScanPhase, cx: &mut Cx<'_>) {
        cx.show();
        let Some(reading) = &mut self.scan.reading else { return };
        if phase == ScanPhase::Complete && !reading.may_lack_newer() || reading.joined().is_empty() {
            return self.end_scan(phase, cx);
        }
        reading.catch_up();
        self.scan.goal = Some(phase);
        self.ask_pages(cx);
    }

    fn end_catching_up(&mut self, cx: &mut Cx<'_>) {
        match self.scan.goal.take() {
            Some(phase) => self.end_scan(phase, cx),
            None => self.end_poll(cx),
        }
    }

    fn end_scan(&mut self, phase: ScanPhase, cx: &mut Cx<'_>) {
        cx.show();
        if let Some(reading) = &mut self.scan.reading {
            reading.rest();
        }
        self.tickets.end_reading(match self.scan.back_to() {
            _ if self.scan.unreadable() > 0 => Reach::Unsure,
            Some(floor) if phase != ScanPhase::Complete => Reach::DownTo(floor),
            _ => Reach::Everything,
        });
        self.scan.phase = phase;
        self.scan.read_at = Some(cx.now.wall);
        self.scan.again.end(self.scan.read(), cx.now);
        self.poll.plan(cx.now);
        self.read_heard(cx);
    }

    /// A page was not answered, or not well.
    pub(super) fn fail_page(&mut self, ask: u32, why: String, may_retry: bool, cx: &mut Cx<'_>) {
        let Some(reading) = &mut self.scan.reading else { return };
        match reading.fail(ask, may_retry) {
            None if self.scan.phase == ScanPhase::Reading || self.scan.is_at_rest() => self.ask_pages(cx),
            // Refused beside the page that stopped the reading: asking again would go round without a pause.
            None => {}
            Some(()) if self.scan.is_at_rest() => self.fail_poll(&why, cx),
            Some(()) => {
                self.stop_scan(why, cx);
                // Refused once is refused: only the operator, or another link, asks again.
                if may_retry {
                    self.scan.again.stop(cx.now);
                }
            }
        }
    }

    /// The link was lost while a page was awaited: the scan goes on where it was, on the next link.
    pub(super) fn pause_scan(&mut self, cx: &mut Cx<'_>) {
        cx.show();
        if let Some(reading) = &mut self.scan.reading {
            reading.forget_asked();
        }
        if self.scan.phase == ScanPhase::Reading {
            self.scan.phase = ScanPhase::Paused;
        }
    }

    fn stop_scan(&mut self, why: String, cx: &mut Cx<'_>) {
        cx.show();
        if let Some(reading) = &mut self.scan.reading {
            reading.forget_asked();
        }
        if self.scan.phase == ScanPhase::Reading {
            cx.note(words::stopped(self.scan.read_so_far(), &why));
            self.scan.phase = ScanPhase::Stopped(why);
        }
    }

    /// Pages that were held up for want of a code may be asked: the list is read once, however many there were.
    pub(super) fn read_again(&mut self, cx: &mut Cx<'_>) {
        match self.scan.phase {
            ScanPhase::Reading => self.start_scan(cx),
            _ if self.scan.is_at_rest() => self.start_poll(cx),
            _ => {}
        }
    }

    /// When the list is to be read again in the background, if that is known and may be asked on this link.
    pub fn reading_due(&self, session: Option<&Session>, feed: Feed) -> Option<Boot> {
        let session = session.filter(|session| !session.lacks_ids())?;
        let may_read = self.scan.is_at_rest() || matches!(self.scan.phase, ScanPhase::Stopped(_));
        if !may_read || self.is_unread || self.is_too_long {
            return None;
        }
        self.scan.again.due_on(session, feed, self.scan.is_at_rest())
    }

    /// A poll, or another reading of the whole list, that is due.
    pub(in crate::app::desk) fn pass_deadlines(&mut self, cx: &mut Cx<'_>) {
        let due = self.reading_due(cx.ready(), cx.standing.feed).filter(|_| !*cx.is_ending);
        if due.is_some_and(|due| due <= cx.now.boot) {
            if self.scan.is_at_rest() { self.start_scan(cx) } else { self.open_scan(cx) }
        }
        self.pass_poll_deadline(cx);
    }
}

/// Why the list was refused, with the mend where it is known.
fn why_no_list(error: &ReplyError, cx: &Cx<'_>) -> String {
    if cx.standing.lacks_list {
        return words::no_permission(&error.to_string(), GetAllWithdrawTickets::NAME);
    }
    error.to_string()
}
