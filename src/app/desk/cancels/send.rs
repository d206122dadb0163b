//! Steps 4 and 5 of a cancel: the intent, durable, and then the send, once (PRODUCT.md "Cancelling" 4, 5). Every way out but one
//! sends nothing.

use super::Cancels;
use super::attempt::{Attempt, AttemptEnd, Decision, NotSent, Opening, Stage};
use super::cancellation::Cancellation;
use crate::app::desk::calls::Purpose;
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::effect::{Effect, Exit};
use crate::app::event::OpenAnswer;
use crate::app::words::desk::{cancels as words, link};
use crate::config::permit::WritePermit;
use crate::domain::ticket::Trace;
use crate::domain::{AttemptId, CallId, Change, ConnectionId, Now, OmsId, Outcome, Ticket, TicketNumber};
use crate::journal::durable::DurableIntent;
use crate::journal::{Fact, Intent};
use crate::protocol::rpc::change_ticket::{Asked, ChangeOrder};
use crate::protocol::rpc::get_withdraw_ticket::TicketKey;

/// A cancel whose confirming read agreed with what was shown.
pub(super) struct Confirmed {
    pub attempt: AttemptId,
    pub change: Change,
    pub read: Ticket,
    pub oms: OmsId,
    pub decision: Decision,
    pub connection: ConnectionId,
    pub read_asked_at: Now,
}

impl Cancels {
    /// Step 4: the intent, with the frame to the letter; in a read-only session the rehearsal instead.
    pub(super) fn open_intent(&mut self, confirmed: &Confirmed, cx: &mut Cx<'_>) {
        let number = confirmed.read.number;
        if let Some(why) = self.journal.failed.as_ref().filter(|_| cx.standing.permit.is_some()) {
            let why = words::no_journal(why);
            return self.end_unsent(number, NotSent::Because(why), cx);
        }
        let call = cx.calls.next_id();
        let asked = Asked { change: confirmed.change, call, oms: confirmed.oms, ticket: number };
        let frame = asked.text();
        if cx.standing.permit.is_none() {
            return self.end_attempt(AttemptEnd::Rehearsed(frame), cx);
        }
        let Some(key) = TicketKey::of(&confirmed.read) else {
            return self.end_unsent(number, NotSent::Because(words::NOT_READABLE_AGAIN.to_owned()), cx);
        };
        let intent = intent(confirmed, &key, cx.settings.environment.clone(), SentAs { frame, call });
        let Confirmed { attempt, connection, read_asked_at, .. } = *confirmed;
        let opening = Opening { asked, connection, read_asked_at, key, intent: intent.clone() };
        self.set_stage(Stage::Opening(Box::new(opening)));
        let author = cx.author();
        cx.order(Effect::OpenIntent { attempt, author, intent: Box::new(intent) });
    }

    /// Step 5: the intent is durable; the order is given once, if nothing changed meanwhile.
    pub(in crate::app::desk) fn take_intent_answer(&mut self, id: AttemptId, answer: OpenAnswer, cx: &mut Cx<'_>) {
        cx.show();
        let is_awaited = |attempt: &&mut Attempt| attempt.id == id && attempt.is_opening();
        let Some(attempt) = self.attempt.as_mut().filter(is_awaited) else {
            return self.close_stray_intent(&answer, cx);
        };
        let (number, abandoned) = (attempt.ticket, attempt.abandoned);
        let Stage::Opening(opening) = std::mem::replace(&mut attempt.stage, Stage::Reading) else { return };
        match answer {
            OpenAnswer::Opened(intent) => match self.may_send(&opening, abandoned, cx) {
                Ok(permit) => return self.send(intent, *opening, permit, cx),
                Err(why) => {
                    self.set_unsent(NotSent::Because(why.clone()), cx);
                    self.record_unsent(&intent, why, cx);
                }
            },
            OpenAnswer::HeldBy(open) => self.end_unsent(number, NotSent::HeldBy(open), cx),
            OpenAnswer::Failed { why, for_good } => {
                let because = NotSent::Because(words::no_journal(&why));
                if for_good {
                    cx.tell(News::JournalFailed { why: why.clone() });
                    self.journal.failed = Some(why);
                    self.set_unsent(because, cx);
                } else {
                    // A lock that another process held may be free by the time of this record.
                    self.end_unsent(number, because, cx);
                }
            }
        }
        if let Some(exit) = abandoned {
            cx.tell(News::AttemptAbandoned { exit });
        }
    }

    /// Why an intent must not be sent any more, or the permit to send it: nothing changed since the confirming read.
    fn may_send(&self, opening: &Opening, abandoned: Option<Exit>, cx: &Cx<'_>) -> Result<WritePermit, String> {
        if abandoned.is_some() {
            return Err(words::TOLD_TO_END.to_owned());
        }
        if let Some(why) = &self.journal.failed {
            return Err(words::no_journal(why));
        }
        if cx.clocks.parted_since(opening.read_asked_at.boot) {
            return Err(link::CLOCK_SET.to_owned());
        }
        if cx.ready().is_none_or(|session| session.connection != opening.connection) {
            return Err(words::LOST_BEFORE_SEND.to_owned());
        }
        let waited = cx.now.boot.since(opening.read_asked_at.boot);
        if waited > cx.settings.limits.read_timeout {
            return Err(words::read_too_old(waited.as_secs()));
        }
        cx.standing.permit.ok_or_else(|| words::MAY_NOT_WRITE.to_owned())
    }

    fn send(&mut self, durable: DurableIntent, opening: Opening, permit: WritePermit, cx: &mut Cx<'_>) {
        let Opening { asked, connection, key, intent: record, .. } = opening;
        let order = ChangeOrder::new(permit, durable, &asked);
        let intent = order.intent();
        let limit = cx.limit(Purpose::Cancel(intent));
        cx.calls.insert(asked.call, connection, asked.change.call(), Purpose::Cancel(intent), cx.now, limit);
        self.all.insert(intent, Cancellation::ours(intent, key, record, cx.now));
        self.are_locks_due = true;
        self.end_attempt(AttemptEnd::Handed(intent), cx);
        cx.order(Effect::SendCancel { connection, intent, order });
    }

    /// An intent that nobody waits for any more was never sent.
    fn close_stray_intent(&mut self, answer: &OpenAnswer, cx: &mut Cx<'_>) {
        if let OpenAnswer::Opened(intent) = answer {
            self.record_unsent(intent, words::NOBODY_WAITED.to_owned(), cx);
        }
    }

    /// A durable intent that will not be sent. Until that is in the journal, its state there is out of date.
    fn record_unsent(&mut self, intent: &DurableIntent, why: String, cx: &mut Cx<'_>) {
        self.journal.unsent.insert(intent.id());
        cx.record(Fact::outcome(intent.id(), Outcome::NotSent, why));
    }

    /// The attempt ends, and nothing was sent.
    pub(super) fn set_unsent(&mut self, why: NotSent, cx: &mut Cx<'_>) {
        self.end_attempt(AttemptEnd::NotSent(why), cx);
        cx.show();
    }

    /// The attempt ends before its intent, and nothing was sent; that it was declined is recorded.
    pub(super) fn end_unsent(&mut self, number: TicketNumber, why: NotSent, cx: &mut Cx<'_>) {
        let said = why.to_string();
        self.set_unsent(why, cx);
        Self::decline(number, &said, cx);
    }

    pub(super) fn decline(number: TicketNumber, because: &str, cx: &mut Cx<'_>) {
        cx.record(Fact::Declined { ticket: number.to_string(), because: because.to_owned() });
    }
}

/// The frame of a cancel as it will leave, and its sequence number.
struct SentAs {
    frame: String,
    call: CallId,
}

fn intent(confirmed: &Confirmed, key: &TicketKey, environment: String, sent_as: SentAs) -> Intent {
    let Confirmed { read, decision, connection, .. } = confirmed;
    let digits = |amount: &Option<crate::domain::Amount>| amount.as_ref().map(|a| a.digits().raw().to_owned());
    Intent {
        id: String::new(),
        call: Intent::call_of(confirmed.change),
        ticket: read.number.to_string(),
        account: key.account.0,
        request_code: key.request_code.raw().to_owned(),
        asset: read.asset.as_ref().map_or_else(|| read.asset_label(), |asset| asset.raw().to_owned()),
        amount: digits(&read.amount),
        fee: digits(&read.fee),
        template_form: read.template_form.as_ref().map(|form| form.raw().to_owned()),
        status: read.status.to_string(),
        transaction: transaction(read),
        last_update: read.times.last_update().map(|update| update.raw().to_owned()),
        environment,
        reason: decision.reason.word().to_owned(),
        note: decision.note.clone(),
        frame: sent_as.frame,
        connection: connection.0,
        i: sent_as.call.0,
        newer: serde_json::Map::new(),
    }
}

/// The ticket's words of a transaction, when it was canceled in spite of it.
fn transaction(read: &Ticket) -> Option<String> {
    let confirmed = if read.transaction.is_confirmed() { ", confirmed" } else { "" };
    match read.tx_id() {
        // `TxId` is told by its value alone, as in every journal so far.
        Some(_) if read.transaction.tx_id().is_some() => {
            read.transaction.tx_id().map(|tx_id| format!("{}{confirmed}", tx_id.raw()))
        }
        Some(Trace { text, source }) => Some(format!("{}{confirmed} ({})", text.raw(), source.raw())),
        None if read.transaction.is_confirmed() => Some("confirmed".to_owned()),
        None => (!read.is_clear()).then(|| "details unreadable".to_owned()),
    }
}
