//! Following a cancel after its send: the receipt and the reads, recorded apart, and the outcome as their table (PRODUCT.md
//! "Cancelling" 6).

use std::time::Duration;

use super::Desk;
use super::cancellation::{Cancellation, Reply, Seen};
use super::in_flight::Purpose;
use crate::app::effect::{Effect, Effects};
use crate::domain::{Boot, IntentId, LastRead, Now, Outcome, Receipt, Ticket, TicketNumber};
use crate::journal::Fact;
use crate::journal::record::{ReadFact, ReplyFact};
use crate::protocol::envelope::receipt;
use crate::protocol::rpc::cancel_failed_withdraw_ticket as cancel_call;
use crate::protocol::rpc::get_withdraw_ticket::GetWithdrawTicket;
use crate::protocol::rpc::{Rpc, read_reply};
use crate::protocol::{Envelope, Frame};

impl Desk {
    pub(super) fn record(&self, fact: Fact) -> Effects {
        Effects::one(Effect::Record { author: self.author(), fact })
    }

    pub(super) fn apply_cancel_handed(&mut self, intent: IntentId, now: Now) -> Effects {
        let Some(cancellation) = self.cancellations.get_mut(&intent) else { return Effects::quiet() };
        cancellation.progress.sent_at = Some(now.wall);
        cancellation.progress.sent_boot = Some(now.boot);
        let wait = cancellation.next_wait(now);
        cancellation.reads.due = Some(now.boot + wait);
        let number = cancellation.ticket();
        self.use_code();
        self.activity.add(now, format!("#{number} {} sent", cancel_call::NAME));
        self.record(Fact::Sent { id: intent.to_string() })
    }

    pub(super) fn apply_cancel_not_handed(&mut self, intent: IntentId, why: &str, now: Now) -> Effects {
        self.in_flight.forget_cancel(intent);
        self.set_outcome(intent, Outcome::NotSent, format!("the frame was never handed to the writer: {why}"), now)
    }

    /// The reply to a cancel: the receipt, or a late change of it, or an anomaly.
    pub(super) fn apply_cancel_reply(&mut self, intent: IntentId, frame: &Frame, now: Now) -> Effects {
        self.note_barred_cancel(frame);
        let Some(cancellation) = self.cancellations.get_mut(&intent) else { return Effects::quiet() };
        let progress = &mut cancellation.progress;
        let reply = Reply {
            kind: frame.kind.number(),
            payload: frame.payload.clone(),
            envelope: Envelope::parse(&frame.payload),
            at: now.wall,
            took: progress.sent_boot.map(|sent| now.boot.since(sent)).unwrap_or_default(),
            is_late: progress.receipt.is_some(),
        };
        let received = receipt(frame, cancel_call::NAME);
        let fact = ReplyFact::new(intent, received, Some(reply.kind), Some(reply.payload.clone()));
        if let Some(first) = &progress.reply {
            if first.payload == reply.payload && first.kind == reply.kind {
                return Effects::none();
            }
            // The first anomaly is recorded; a flood of them must not fill the disk.
            if progress.second_reply.replace(reply).is_some() {
                return Effects::none();
            }
            let number = cancellation.ticket();
            self.activity.add(now, format!("#{number} a second, different reply: recorded, not acted upon"));
            return self.record(Fact::Late(fact));
        }
        let is_late = reply.is_late;
        progress.reply = Some(reply);
        let fact = if is_late { Fact::Late(fact) } else { Fact::Reply(fact) };
        self.record(fact).then(self.decide_receipt(intent, received, now))
    }

    /// No reply in time, or the link was lost first.
    pub(super) fn apply_no_reply(&mut self, intent: IntentId, now: Now) -> Effects {
        let awaited = self.cancellations.get(&intent).is_some_and(Cancellation::awaits_receipt);
        if !awaited {
            return Effects::none();
        }
        self.record(Fact::Reply(ReplyFact::new(intent, Receipt::None, None, None))).then(self.decide_receipt(
            intent,
            Receipt::None,
            now,
        ))
    }

    fn decide_receipt(&mut self, intent: IntentId, received: Receipt, now: Now) -> Effects {
        let follow_time = self.settings.limits.follow_time;
        let Some(cancellation) = self.cancellations.get_mut(&intent) else { return Effects::none() };
        let is_first = cancellation.progress.receipt.is_none();
        cancellation.progress.receipt = Some(received);
        if is_first {
            cancellation.progress.follow_until = Some(now.boot + follow_time);
            cancellation.progress.follow_until_wall = now.wall.checked_add(follow_time).ok();
        }
        let number = cancellation.ticket();
        self.activity.add(now, format!("#{number} receipt: {received} (a receipt only)"));
        Effects::none().then(self.apply_table(intent, now))
    }

    /// The table of outcomes, applied; whatever is new is recorded.
    fn apply_table(&mut self, intent: IntentId, now: Now) -> Effects {
        let Some(cancellation) = self.cancellations.get(&intent) else { return Effects::none() };
        match cancellation.settled(now) {
            Some(outcome) => {
                let because = because(cancellation);
                self.set_outcome(intent, outcome, because, now)
            }
            None => Effects::quiet(),
        }
    }

    /// The follow time ends here, whatever is still awaited; what was not received by now counts as none.
    pub(super) fn settle_now(&mut self, intent: IntentId, now: Now) -> Effects {
        let unanswered = self.apply_no_reply(intent, now);
        if let Some(cancellation) = self.cancellations.get_mut(&intent) {
            cancellation.progress.follow_until = Some(now.boot);
            cancellation.reads.is_asked = false;
        }
        unanswered.then(self.apply_table(intent, now))
    }

    fn set_outcome(&mut self, intent: IntentId, outcome: Outcome, because: String, now: Now) -> Effects {
        let Some(cancellation) = self.cancellations.get_mut(&intent) else { return Effects::none() };
        cancellation.outcome = Some(outcome);
        cancellation.decided_by.clone_from(&cancellation.reads.last_seen);
        if outcome.is_final() {
            cancellation.reads.due = None;
        }
        let number = cancellation.ticket();
        self.activity.add(now, format!("#{number} {outcome}: {because}"));
        self.record(Fact::outcome(intent, outcome, because))
    }

    /// Reads the ticket of a cancellation now; the operator asked.
    pub fn read_now(&mut self, intent: IntentId, now: Now) -> Effects {
        self.ask_follow(intent, now)
    }

    /// What an event or the list says of a ticket only starts a read; it is noted as what it is.
    pub(super) fn read_to_be_sure(&mut self, number: TicketNumber, status: &str, said_by: &str, now: Now) -> Effects {
        let mut followed: Vec<IntentId> = Vec::new();
        for cancellation in self.cancellations.values_mut().filter(|c| c.ticket() == number && c.is_open()) {
            cancellation.observe(now.wall, status.to_owned(), format!("{said_by}: read to be sure"));
            followed.push(cancellation.intent);
        }
        let mut effects = Effects::none();
        for intent in followed {
            effects = effects.then(self.ask_follow(intent, now));
        }
        effects
    }

    fn ask_follow(&mut self, intent: IntentId, now: Now) -> Effects {
        let Some(cancellation) = self.cancellations.get(&intent) else { return Effects::none() };
        if cancellation.reads.is_asked || !cancellation.may_be_read(now) {
            return Effects::none();
        }
        let key = cancellation.key.clone();
        let asked = self.read_ticket(&key, Purpose::Follow(intent), now);
        if let Some(cancellation) = self.cancellations.get_mut(&intent) {
            cancellation.reads.is_asked = asked.is_some();
            // Without a link nothing is due; the next link reads it first.
            cancellation.reads.due = cancellation.reads.due.filter(|_| asked.is_some());
        }
        asked.unwrap_or_default()
    }

    pub(super) fn apply_follow_read(&mut self, intent: IntentId, asked: Now, frame: &Frame, now: Now) -> Effects {
        let answer = read_reply::<GetWithdrawTicket>(frame).map_err(|error| error.to_string());
        let Some(cancellation) = self.cancellations.get(&intent) else { return Effects::quiet() };
        match answer {
            Ok(ticket) if cancellation.key.is_answered_by(&ticket) => {
                self.take_follow_read(intent, asked.boot, ticket, now)
            }
            Ok(other) => {
                let why = format!("the exchange answered with another ticket, {}", other.number);
                self.apply_follow_failed(intent, why, now)
            }
            Err(why) => self.apply_follow_failed(intent, why, now),
        }
    }

    fn take_follow_read(&mut self, intent: IntentId, asked: Boot, ticket: Ticket, now: Now) -> Effects {
        let is_canceled = self.settings.is_canceled(&ticket.status);
        let Some(cancellation) = self.cancellations.get_mut(&intent) else { return Effects::none() };
        let reads = &mut cancellation.reads;
        let seen = Seen {
            status: ticket.status.clone(),
            by: ticket.updated_by,
            by_label: ticket.updated_by_label(),
            at: now.wall,
        };
        let is_same = |last: &Seen| (&last.status, &last.by_label) == (&seen.status, &seen.by_label);
        let is_news = !reads.last_seen.as_ref().is_some_and(is_same);
        reads.last = match (is_canceled, ticket.status.is_failed()) {
            (true, _) => LastRead::Canceled,
            (false, true) => LastRead::Failed,
            (false, false) => LastRead::Elsewhere,
        };
        reads.good += 1;
        reads.last_asked = Some(asked);
        reads.trouble = None;
        let fact = ReadFact {
            id: intent.to_string(),
            status: ticket.status.to_string(),
            updated_by: seen.by_label.clone(),
            last_update: ticket.times.last_update().map(|update| update.raw().to_owned()),
        };
        reads.last_seen = Some(seen);
        cancellation.observe(now.wall, ticket.status.with_number(), GetWithdrawTicket::NAME.to_owned());
        let recorded = if is_news { self.record(Fact::Read(fact)) } else { Effects::none() };
        self.tickets.take(ticket);
        recorded.then(self.after_follow_read(intent, now))
    }

    pub(super) fn apply_follow_failed(&mut self, intent: IntentId, why: String, now: Now) -> Effects {
        if let Some(cancellation) = self.cancellations.get_mut(&intent) {
            cancellation.reads.trouble = Some(why);
        }
        self.after_follow_read(intent, now)
    }

    fn after_follow_read(&mut self, intent: IntentId, now: Now) -> Effects {
        let Some(cancellation) = self.cancellations.get_mut(&intent) else { return Effects::none() };
        cancellation.reads.is_asked = false;
        let again = std::mem::take(&mut cancellation.reads.again);
        let wait = if again { Duration::ZERO } else { cancellation.next_wait(now) };
        cancellation.reads.due = cancellation.is_open().then(|| now.boot + wait);
        Effects::none().then(self.apply_table(intent, now)).then(self.finish_release(intent, again, now))
    }

    /// Reads that are due, and follow times that are over.
    pub(super) fn follow_deadlines(&mut self, now: Now) -> Effects {
        let mut effects = Effects::quiet();
        let open: Vec<IntentId> = self.open_intents().collect();
        for intent in open {
            effects = effects.then(self.apply_table(intent, now));
            let is_due =
                self.cancellations.get(&intent).is_some_and(|c| c.reads.due.is_some_and(|due| due <= now.boot));
            if is_due {
                effects = effects.then(self.ask_follow(intent, now));
            }
        }
        effects
    }

    /// There is a link again: what waited is read at once.
    pub(super) fn resume_follows(&mut self, now: Now) -> Effects {
        let mut effects = Effects::none();
        let open: Vec<IntentId> = self.open_intents().collect();
        for intent in open {
            effects = effects.then(self.ask_follow(intent, now));
        }
        effects
    }

    fn open_intents(&self) -> impl Iterator<Item = IntentId> {
        self.cancellations
            .values()
            .filter(|cancellation| cancellation.is_open())
            .map(|cancellation| cancellation.intent)
    }

    /// When follows need attention: reads only while there is a link to read on, and a follow time's end only once.
    pub(super) fn follow_times(&self) -> impl Iterator<Item = Boot> {
        let can_read = self.link.ready().is_some();
        self.cancellations.values().filter(|cancellation| cancellation.is_open()).flat_map(move |cancellation| {
            let read = cancellation.reads.due.filter(|_| can_read && !cancellation.reads.is_asked);
            let end = cancellation
                .progress
                .follow_until
                .filter(|_| cancellation.outcome.is_none() && !cancellation.reads.is_asked);
            [read, end].into_iter().flatten()
        })
    }
}

/// Why the outcome is what it is, in a sentence of facts.
fn because(cancellation: &Cancellation) -> String {
    let receipt = cancellation.progress.receipt.map_or("not there yet".to_owned(), |receipt| receipt.to_string());
    match &cancellation.reads.last_seen {
        Some(Seen { status, by_label, .. }) => {
            format!("receipt {receipt}; GetWithdrawTicket after the send says {status}, last changed by {by_label}")
        }
        None => format!("receipt {receipt}; no good read after the send"),
    }
}
