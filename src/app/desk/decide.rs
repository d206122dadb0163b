//! How an attempt goes on: choose, confirm, intent, send (PRODUCT.md "Cancelling" 1-5). Every way out but one sends nothing.

use super::Desk;
use super::attempt::{Attempt, Decision, Fresh, NotSent, Opening, Stage};
use super::cancellation::Cancellation;
use super::in_flight::Purpose;
use crate::app::effect::{Effect, Effects, Exit};
use crate::app::event::OpenAnswer;
use crate::domain::agreement::differences;
use crate::domain::ticket::Transaction;
use crate::domain::{
    AttemptId, CallId, ConnectionId, IntentId, Now, OmsId, Outcome, Ticket, TicketNumber, WritePermit,
};
use crate::journal::{Fact, Intent};
use crate::protocol::Frame;
use crate::protocol::rpc::cancel_failed_withdraw_ticket::{self as cancel_call, CancelOrder};
use crate::protocol::rpc::get_withdraw_ticket::{GetWithdrawTicket, TicketKey};
use crate::protocol::rpc::read_reply;

impl Desk {
    /// Step 1, choose: starts the read that the dialog shows, and asks the journal who holds what.
    pub fn choose(&mut self, number: TicketNumber, now: Now) -> Effects {
        if self.attempt.as_ref().is_some_and(Attempt::is_under_way) {
            return Effects::none();
        }
        self.attempts += 1;
        let id = AttemptId(self.attempts);
        let mut attempt = Attempt { id, ticket: number, stage: Stage::Reading, abandoned: None };
        let effects = match self.why_locked(number) {
            Some(why) => {
                attempt.stage = Stage::Locked(why);
                // Whoever held it may have let go meanwhile; the next `x` knows.
                Effects::one(Effect::ReadUnresolved)
            }
            None if self.must_validate() => self.validate_then(Purpose::Choose(id), now).and(Effect::ReadUnresolved),
            None => match self.read_choice(number, Purpose::Choose(id), now) {
                Ok(effects) => effects.and(Effect::ReadUnresolved),
                Err(locked) => {
                    attempt.stage = locked;
                    Effects::none()
                }
            },
        };
        self.attempt = Some(attempt);
        effects
    }

    /// The first read once more, on another link or after a code, if the dialog still waits for it.
    pub(super) fn ask_choice(&mut self, purpose: Purpose, now: Now) -> Effects {
        let number = self.attempt.as_ref().filter(|_| self.awaits_choice(purpose)).map(|attempt| attempt.ticket);
        let Some(number) = number else { return Effects::none() };
        self.read_choice(number, purpose, now).unwrap_or_else(|locked| {
            self.set_stage(locked);
            Effects::none()
        })
    }

    /// Asks for the first read, or says why there is none.
    fn read_choice(&mut self, number: TicketNumber, purpose: Purpose, now: Now) -> Result<Effects, Stage> {
        let key = self.known(number).and_then(TicketKey::of);
        let asked = key.and_then(|key| self.read_ticket(&key, purpose, now));
        asked.ok_or_else(|| Stage::Locked("There is no link, so it cannot be read.".to_owned()))
    }

    /// Why a ticket cannot be canceled here, before it is read.
    fn why_locked(&self, number: TicketNumber) -> Option<String> {
        if let Some(held) = self.lock_of(number) {
            return Some(held);
        }
        if let Some(why) = self.journal.failed.as_ref().filter(|_| self.permit().is_some()) {
            return Some(format!("No journal, no send: {why}."));
        }
        if self.cancellations.values().any(Cancellation::awaits_receipt) {
            return Some("Another cancel still awaits its receipt; one at a time.".to_owned());
        }
        match self.known(number) {
            None => Some("It is not on the list any more.".to_owned()),
            Some(ticket) if TicketKey::of(ticket).is_none() => Some(
                "The exchange sent it without AccountId or RequestCode, so it cannot be read again, and what cannot be \
                 read again cannot be canceled here."
                    .to_owned(),
            ),
            Some(_) => None,
        }
    }

    pub(super) fn apply_choose_read(&mut self, id: AttemptId, frame: &Frame, now: Now) -> Effects {
        let Some((number, connection)) = self.current_attempt(id).zip(self.link.ready().map(|s| s.connection)) else {
            return Effects::quiet();
        };
        // The journal may have named a holder first.
        if !matches!(self.attempt.as_ref().map(|attempt| &attempt.stage), Some(Stage::Reading)) {
            return Effects::none();
        }
        let stage = match self.read_for(number, frame) {
            Err(why) => Stage::Locked(format!("It could not be read: {why}.")),
            Ok(ticket) => {
                let twins = self.tickets.twins(&ticket);
                self.tickets.take(ticket.clone());
                match self.why_not_cancelable(&ticket) {
                    Some(why) => Stage::Locked(why),
                    None => Stage::Shown(Box::new(Fresh { ticket, at: now, connection, twins })),
                }
            }
        };
        self.set_stage(stage);
        Effects::none()
    }

    /// The ticket of a reply, if it is this very one.
    fn read_for(&self, number: TicketNumber, frame: &Frame) -> Result<Ticket, String> {
        let ticket = read_reply::<GetWithdrawTicket>(frame).map_err(|error| error.to_string())?;
        let key = self.known(number).and_then(TicketKey::of).ok_or("it is not on the list any more")?;
        if key.is_answered_by(&ticket) {
            Ok(ticket)
        } else {
            Err(format!("the exchange answered with another ticket, {}", ticket.number))
        }
    }

    fn current_attempt(&self, id: AttemptId) -> Option<TicketNumber> {
        self.attempt.as_ref().filter(|attempt| attempt.id == id).map(|attempt| attempt.ticket)
    }

    fn set_stage(&mut self, stage: Stage) {
        if let Some(attempt) = &mut self.attempt {
            attempt.stage = stage;
        }
    }

    pub(super) fn apply_choose_failed(&mut self, id: AttemptId, why: &str) -> Effects {
        let is_reading = |attempt: &Attempt| attempt.id == id && attempt.stage == Stage::Reading;
        if self.attempt.as_ref().is_some_and(is_reading) {
            self.set_stage(Stage::Locked(format!("It could not be read: {why}.")));
        }
        Effects::none()
    }

    /// The operator keeps the ticket. Once the intent is being opened there is nothing left to keep.
    pub fn keep(&mut self) -> Effects {
        match self.attempt.as_ref().map(|attempt| (&attempt.stage, attempt.ticket)) {
            Some((Stage::Opening(_), _)) | None => Effects::none(),
            Some((Stage::Confirming(..), number)) => {
                self.set_stage(Stage::Locked("Kept.".to_owned()));
                self.declined(number, "the operator kept the ticket during the confirming read")
            }
            Some(_) => {
                self.attempt = None;
                Effects::none()
            }
        }
    }

    /// Step 3, confirm: one more read, always. Only from a dialog that shows a fresh read on the link that is up.
    pub fn confirm(&mut self, decision: Decision, now: Now) -> Effects {
        let Some((id, number, fresh)) = self.attempt.as_ref().and_then(|attempt| match &attempt.stage {
            Stage::Shown(fresh) => Some((attempt.id, attempt.ticket, fresh.clone())),
            _ => None,
        }) else {
            return Effects::none();
        };
        if self.link.stale_since(now).is_some() || !self.link.is_current(fresh.connection) {
            return Effects::none();
        }
        let Some(key) = TicketKey::of(&fresh.ticket) else { return Effects::none() };
        match self.read_ticket(&key, Purpose::Confirm(id), now) {
            Some(effects) => {
                self.set_stage(Stage::Confirming(fresh, decision));
                effects
            }
            None => self.end_unsent(number, NotSent::Because("there is no link".to_owned())),
        }
    }

    pub(super) fn apply_confirm_read(&mut self, id: AttemptId, asked_at: Now, frame: &Frame) -> Effects {
        let is_ours = |attempt: &&mut Attempt| attempt.id == id && matches!(attempt.stage, Stage::Confirming(..));
        let Some(attempt) = self.attempt.as_mut().filter(is_ours) else { return Effects::quiet() };
        let number = attempt.ticket;
        let Stage::Confirming(shown, decision) = std::mem::replace(&mut attempt.stage, Stage::Reading) else {
            return Effects::none();
        };
        match self.check_confirming_read(number, &shown, frame) {
            Err(why) => self.end_unsent(number, why),
            Ok((read, oms)) => self.open_intent(id, &read, oms, &decision, (shown.connection, asked_at)),
        }
    }

    fn check_confirming_read(
        &mut self,
        number: TicketNumber,
        shown: &Fresh,
        frame: &Frame,
    ) -> Result<(Ticket, OmsId), NotSent> {
        let because = |why: String| NotSent::Because(why);
        let read = read_reply::<GetWithdrawTicket>(frame).map_err(|error| because(error.to_string()))?;
        let found = differences(&shown.ticket, &read);
        let by = read.updated_by_label();
        if read.number == number {
            self.tickets.take(read.clone());
        }
        if !found.is_empty() {
            return Err(NotSent::Changed { differences: found, by });
        }
        if let Some(why) = self.why_not_cancelable(&read) {
            return Err(because(why));
        }
        if let Some(held) = self.lock_of(number) {
            return Err(because(held));
        }
        let oms = self.link.ready().filter(|session| session.connection == shown.connection).and_then(|s| s.oms);
        oms.map(|oms| (read, oms)).ok_or_else(|| because("the link changed since the dialog was shown".to_owned()))
    }

    /// Step 4: the intent, with the frame to the letter; in a read-only session the rehearsal instead.
    fn open_intent(
        &mut self,
        attempt: AttemptId,
        read: &Ticket,
        oms: OmsId,
        decision: &Decision,
        (connection, read_asked_at): (ConnectionId, Now),
    ) -> Effects {
        if let Some(why) = self.journal.failed.as_ref().filter(|_| self.permit().is_some()) {
            let why = format!("No journal, no send: {why}");
            return self.end_unsent(read.number, NotSent::Because(why));
        }
        let call = self.in_flight.next_id();
        if self.permit().is_none() {
            self.set_stage(Stage::Rehearsed(cancel_call::text(call, oms, read.number)));
            return Effects::none();
        }
        let Some(key) = TicketKey::of(read) else {
            return self.end_unsent(read.number, NotSent::Because("it cannot be read again".to_owned()));
        };
        let frame = cancel_call::text(call, oms, read.number);
        let environment = self.settings.environment.clone();
        let intent = intent(read, &key, decision, environment, (frame, connection, call));
        let opening = Opening { call, oms, connection, read_asked_at, key, intent: intent.clone() };
        self.set_stage(Stage::Opening(Box::new(opening)));
        Effects::one(Effect::OpenIntent { attempt, author: self.author(), intent: Box::new(intent) })
    }

    /// The permission to write, unless the exchange says that we are not who the profile says.
    pub fn permit(&self) -> Option<WritePermit> {
        self.settings.permit.filter(|_| self.mismatch().is_none())
    }

    /// Step 5: the intent is durable; the order is given once, if nothing changed meanwhile.
    pub(super) fn apply_intent_answered(&mut self, id: AttemptId, answer: OpenAnswer, now: Now) -> Effects {
        let Some(attempt) = self.attempt.as_mut().filter(|attempt| attempt.id == id && attempt.is_opening()) else {
            return self.close_stray_intent(&answer);
        };
        let (number, abandoned) = (attempt.ticket, attempt.abandoned);
        let Stage::Opening(opening) = std::mem::replace(&mut attempt.stage, Stage::Reading) else {
            return Effects::none();
        };
        let intent = match answer {
            OpenAnswer::Opened(intent) => intent,
            OpenAnswer::HeldBy(open) => {
                return self.end_unsent(number, NotSent::HeldBy(open)).then(self.leave_if(abandoned));
            }
            OpenAnswer::Failed { why, for_good } => {
                if for_good {
                    self.journal.failed = Some(why.clone());
                }
                let why = NotSent::Because(format!("No journal, no send: {why}"));
                // A lock that another process held may be free by the time of this record.
                let effects = if for_good { self.set_unsent(why) } else { self.end_unsent(number, why) };
                return effects.then(self.leave_if(abandoned));
            }
        };
        match self.may_send(&opening, abandoned, now) {
            Err(why) => {
                self.set_stage(Stage::NotSent(NotSent::Because(why.clone())));
                self.record_unsent(intent, why).then(self.leave_if(abandoned))
            }
            Ok(permit) => self.send(intent, *opening, permit, now),
        }
    }

    fn leave_if(&mut self, abandoned: Option<Exit>) -> Effects {
        abandoned.map_or_else(Effects::none, |exit| self.leave(exit))
    }

    /// Whether anything changed since the confirming read that speaks against the send.
    fn may_send(&self, opening: &Opening, abandoned: Option<Exit>, now: Now) -> Result<WritePermit, String> {
        if abandoned.is_some() {
            return Err("the program was told to end".to_owned());
        }
        if let Some(why) = &self.journal.failed {
            return Err(format!("No journal, no send: {why}"));
        }
        if let Some(why) = self.why_not_timely(opening.read_asked_at.boot) {
            return Err(why);
        }
        if !self.link.is_current(opening.connection) || self.link.ready().is_none() {
            return Err("the link was lost before the send".to_owned());
        }
        let waited = now.boot.since(opening.read_asked_at.boot);
        if waited > self.settings.limits.read_timeout {
            return Err(format!("the confirming read was asked {} s ago, which is too old", waited.as_secs()));
        }
        self.permit().ok_or_else(|| "this session may not write any more".to_owned())
    }

    fn send(&mut self, intent: IntentId, opening: Opening, permit: WritePermit, now: Now) -> Effects {
        let Opening { call, oms, connection, key, intent: record, .. } = opening;
        let limit = self.settings.limits.reply_timeout;
        let order = CancelOrder::new(permit, intent, call, oms, key.number);
        self.in_flight.insert(call, connection, cancel_call::NAME, Purpose::Cancel(intent), now, limit);
        self.cancellations.insert(intent, Cancellation::ours(intent, key, record, now));
        self.set_stage(Stage::Handed(intent));
        Effects::one(Effect::SendCancel { connection, intent, order })
    }

    /// An intent that nobody waits for any more was never sent.
    fn close_stray_intent(&mut self, answer: &OpenAnswer) -> Effects {
        match answer {
            OpenAnswer::Opened(intent) => self.record_unsent(*intent, "nobody waited for it any more".to_owned()),
            _ => Effects::none(),
        }
    }

    /// A durable intent that will not be sent. Until that is in the journal, what is read there of it is out of date.
    fn record_unsent(&mut self, intent: IntentId, why: String) -> Effects {
        self.journal.unsent.insert(intent);
        self.record(Fact::outcome(intent, Outcome::NotSent, why))
    }

    pub(super) fn apply_confirm_failed(&mut self, id: AttemptId, why: String) -> Effects {
        match self.current_attempt(id) {
            Some(number) if self.attempt.as_ref().is_some_and(Attempt::is_under_way) => {
                self.end_unsent(number, NotSent::Because(why))
            }
            _ => Effects::none(),
        }
    }

    /// A dialog does not outlive its link: another link is another login. One that still waits for its first read goes on
    /// waiting; that read is asked again.
    pub(super) fn apply_attempt_link_lost(&mut self) -> Effects {
        let stage = self.attempt.as_ref().map(|attempt| &attempt.stage);
        if matches!(stage, Some(Stage::Shown(_))) {
            self.set_stage(Stage::NotSent(NotSent::Because("the link was lost".to_owned())));
        }
        Effects::none()
    }

    /// Something happened during the confirming read after which the Enter behind it no longer counts.
    pub fn withdraw_confirmation(&mut self, why: &str) -> Effects {
        match &self.attempt {
            Some(Attempt { stage: Stage::Confirming(..), ticket, .. }) => {
                let ticket = *ticket;
                self.end_unsent(ticket, NotSent::Because(format!("{why} during the confirming read")))
            }
            _ => Effects::none(),
        }
    }

    fn set_unsent(&mut self, why: NotSent) -> Effects {
        self.set_stage(Stage::NotSent(why));
        Effects::none()
    }

    pub(super) fn end_unsent(&mut self, number: TicketNumber, why: NotSent) -> Effects {
        let said = why.to_string();
        self.set_stage(Stage::NotSent(why));
        self.declined(number, &said)
    }

    fn declined(&self, number: TicketNumber, because: &str) -> Effects {
        let fact = Fact::Declined { ticket: number.to_string(), because: because.to_owned() };
        Effects::one(Effect::Record { author: self.author(), fact })
    }
}

impl Desk {
    /// Why a ticket, as it was just read, cannot be canceled here.
    fn why_not_cancelable(&self, ticket: &Ticket) -> Option<String> {
        why_not_failed(ticket, self.author().oms).or_else(|| why_not_clear(ticket, self.settings.allow_tx))
    }
}

fn why_not_failed(ticket: &Ticket, oms: Option<OmsId>) -> Option<String> {
    if ticket.oms.is_some() && ticket.oms != oms {
        let of = |oms: Option<OmsId>| oms.map_or_else(|| "unknown".to_owned(), |id| id.to_string());
        return Some(format!("It is a ticket of OMS {}, and this session is on OMS {}.", of(ticket.oms), of(oms)));
    }
    (!ticket.status.is_failed()).then(|| {
        let when = ticket.times.updated.map_or_else(|| "at an unknown time".to_owned(), crate::domain::time::date_time);
        format!("Ticket {} is now {} (changed {when} by {}).", ticket.number, ticket.status, ticket.updated_by_label())
    })
}

/// Money may already have left: such a ticket is locked, unless the profile and a second typed word open it.
fn why_not_clear(ticket: &Ticket, allow_tx: bool) -> Option<String> {
    if matches!(ticket.transaction, Transaction::Unreadable(_)) {
        return Some(
            "STOP  Its transaction details cannot be read, so nobody can say here whether money left.".to_owned(),
        );
    }
    if allow_tx {
        return None;
    }
    if let Some(tx_id) = ticket.transaction.tx_id() {
        return Some(format!(
            "STOP  This failed ticket carries a transaction id: {}. Money may have left. Check the chain first. \
             {ALLOW_TX}",
            tx_id.inert()
        ));
    }
    ticket.transaction.is_confirmed().then(|| {
        format!("STOP  The provider calls this withdrawal confirmed. Money may have left. Check first. {ALLOW_TX}")
    })
}

/// How such a ticket can be opened all the same.
const ALLOW_TX: &str = "allow-tx = true in the profile, and a second typed word, open it.";

fn intent(
    read: &Ticket,
    key: &TicketKey,
    decision: &Decision,
    environment: String,
    (frame, connection, call): (String, ConnectionId, CallId),
) -> Intent {
    let digits = |amount: &Option<crate::domain::Amount>| amount.as_ref().map(|a| a.digits().raw().to_owned());
    Intent {
        id: String::new(),
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
        frame,
        connection: connection.0,
        i: call.0,
    }
}

/// What the ticket said of a transaction when it was canceled in spite of it.
fn transaction(read: &Ticket) -> Option<String> {
    let confirmed = if read.transaction.is_confirmed() { ", confirmed" } else { "" };
    match read.transaction.tx_id() {
        Some(tx_id) => Some(format!("{}{confirmed}", tx_id.raw())),
        None => read.transaction.is_confirmed().then(|| "confirmed".to_owned()),
    }
}
