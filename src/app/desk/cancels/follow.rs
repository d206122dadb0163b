//! Following a cancel after its send: the reads of its ticket. Only a read asked after the send says what became of it.

use std::time::Duration;

use super::Cancels;
use super::cancellation::{Cancellation, Seen};
use crate::app::desk::calls::Purpose;
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::words::desk::outcome as words;
use crate::domain::{Boot, IntentId, LastRead, Now, Ticket, TicketNumber};
use crate::journal::Fact;
use crate::journal::record::ReadFact;
use crate::protocol::Frame;
use crate::protocol::rpc::get_withdraw_ticket::read_decisive;

impl Cancels {
    /// Reads the ticket of a cancellation now; the operator asked.
    pub(in crate::app::desk) fn read_now(&mut self, intent: IntentId, cx: &mut Cx<'_>) {
        cx.show();
        self.ask_follow(intent, cx);
    }

    /// An event or the list said something of a ticket, which only starts a read; it is noted as what it is.
    pub(in crate::app::desk) fn read_to_be_sure(
        &mut self,
        number: TicketNumber,
        status: &str,
        said_by: &str,
        cx: &mut Cx<'_>,
    ) {
        cx.show();
        let mut followed: Vec<IntentId> = Vec::new();
        for cancellation in self.all.values_mut().filter(|cancel| cancel.ticket() == number && cancel.is_open()) {
            cancellation.observe(cx.now.wall, status.to_owned(), words::read_to_be_sure(said_by));
            followed.push(cancellation.intent);
        }
        for intent in followed {
            self.ask_follow(intent, cx);
        }
    }

    pub(super) fn ask_follow(&mut self, intent: IntentId, cx: &mut Cx<'_>) {
        let Some(cancellation) = self.all.get_mut(&intent) else { return };
        if cancellation.reads.is_asked || !cancellation.may_be_read(cx.now) {
            return;
        }
        let is_asked = cx.read_ticket(&cancellation.key, Purpose::Follow(intent));
        cancellation.reads.is_asked = is_asked;
        // Without a link nothing is due; the next link reads it first.
        cancellation.reads.due = cancellation.reads.due.filter(|_| is_asked);
    }

    pub(super) fn take_follow_read(&mut self, intent: IntentId, asked_at: Now, frame: &Frame, cx: &mut Cx<'_>) {
        let answer = read_decisive(frame).map_err(|error| error.to_string());
        let Some(cancellation) = self.all.get(&intent) else { return };
        match answer {
            Ok(ticket) if cancellation.key.is_answered_by(&ticket) => {
                self.take_good_read(intent, asked_at.boot, ticket, cx);
            }
            Ok(other) => {
                let why = cancellation.key.why_not(&other);
                self.fail_follow_read(intent, why, cx);
            }
            Err(why) => self.fail_follow_read(intent, why, cx),
        }
    }

    fn take_good_read(&mut self, intent: IntentId, asked: Boot, ticket: Ticket, cx: &mut Cx<'_>) {
        let Some(cancellation) = self.all.get_mut(&intent) else { return };
        let also = &cx.settings.canceled_statuses;
        let is_reached = cancellation.record.change().is_some_and(|change| change.is_reached(&ticket.status, also));
        let reads = &mut cancellation.reads;
        let seen = Seen {
            status: ticket.status.clone(),
            by: ticket.updated_by,
            by_label: ticket.updated_by_label(),
            at: cx.now.wall,
        };
        let is_same = |last: &Seen| (&last.status, &last.by_label) == (&seen.status, &seen.by_label);
        let is_news = !reads.last_seen.as_ref().is_some_and(is_same);
        reads.last = match (is_reached, ticket.status.is_failed()) {
            (true, _) => LastRead::Reached,
            (false, true) => LastRead::Failed,
            (false, false) => LastRead::Elsewhere,
        };
        reads.good += 1;
        reads.last_asked = Some(asked);
        reads.bad_since = 0;
        reads.trouble = None;
        let fact = ReadFact {
            id: intent.to_string(),
            status: ticket.status.to_string(),
            updated_by: seen.by_label.clone(),
            last_update: ticket.times.last_update().map(|update| update.raw().to_owned()),
        };
        reads.last_seen = Some(seen);
        cancellation.observe(cx.now.wall, ticket.status.with_number(), words::READ.to_owned());
        if is_news {
            cx.record(Fact::Read(fact));
        }
        cx.tell(News::TicketRead { ticket: Box::new(ticket) });
        self.after_follow_read(intent, cx);
    }

    pub(super) fn fail_follow_read(&mut self, intent: IntentId, why: String, cx: &mut Cx<'_>) {
        if let Some(cancellation) = self.all.get_mut(&intent) {
            cancellation.reads.trouble = Some(why);
            cancellation.reads.bad_since += 1;
        }
        self.after_follow_read(intent, cx);
    }

    fn after_follow_read(&mut self, intent: IntentId, cx: &mut Cx<'_>) {
        cx.show();
        let Some(cancellation) = self.all.get_mut(&intent) else { return };
        cancellation.reads.is_asked = false;
        let again = std::mem::take(&mut cancellation.reads.again);
        let wait = if again { Duration::ZERO } else { cancellation.next_wait(cx.now) };
        cancellation.reads.due = cancellation.is_open().then(|| cx.now.boot + wait);
        cx.tell(News::Followed { intent });
        self.apply_table(intent, cx);
        // A read that was asked too early to count for a release is asked again at once.
        if !again {
            self.finish_release(intent, cx);
        }
    }

    /// Reads that are due, and follow times that are over.
    pub(in crate::app::desk) fn pass_deadlines(&mut self, cx: &mut Cx<'_>) {
        if self.counted_down().is_some() {
            cx.show();
        }
        for intent in self.open_intents() {
            self.apply_table(intent, cx);
            let is_due = |cancel: &Cancellation| cancel.reads.due.is_some_and(|due| due <= cx.now.boot);
            if self.all.get(&intent).is_some_and(is_due) {
                self.ask_follow(intent, cx);
            }
        }
    }

    /// Calls about tickets can be asked: what is open is adopted and read, the tickets of our own cancels too.
    pub(in crate::app::desk) fn begin_session(&mut self, cx: &mut Cx<'_>) {
        self.adopt_unresolved(cx);
        self.resume_follows(cx);
    }

    /// There is a link again: tickets that waited for it are read at once.
    pub(in crate::app::desk) fn resume_follows(&mut self, cx: &mut Cx<'_>) {
        cx.show();
        for intent in self.open_intents() {
            self.ask_follow(intent, cx);
        }
    }

    fn open_intents(&self) -> Vec<IntentId> {
        self.all
            .values()
            .filter(|cancellation| cancellation.is_open())
            .map(|cancellation| cancellation.intent)
            .collect()
    }

    /// When follows need attention: reads only while there is a link to read on, and a follow time's end only once.
    pub fn deadlines(&self, can_read: bool) -> impl Iterator<Item = Boot> {
        self.all.values().filter(|cancellation| cancellation.is_open()).flat_map(move |cancellation| {
            let read = cancellation.reads.due.filter(|_| can_read && !cancellation.reads.is_asked);
            let end = cancellation
                .progress
                .follow_until
                .filter(|_| cancellation.outcome.is_none() && !cancellation.reads.is_asked);
            [read, end].into_iter().flatten()
        })
    }
}
