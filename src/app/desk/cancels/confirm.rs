//! Steps 2 and 3 of a cancel, arm and confirm: what was typed arms, and one more read must agree with what was shown (PRODUCT.md
//! "Cancelling" 2, 3). The rules stand here, for whoever drives the desk.

use super::Cancels;
use super::attempt::{Attempt, Confirmation, Fresh, NotSent, Owner, Stage, WORD, why_word};
use super::cancelable::why_not_cancelable;
use super::cancellation::Cancellation;
use super::send::Confirmed;
use crate::app::desk::calls::Purpose;
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::desk::order::Lacking;
use crate::app::words::desk::cancels as words;
use crate::domain::agreement::{contradictions, differences};
use crate::domain::{AttemptId, IntentId, Now, OmsId, Ticket, TicketNumber, time};
use crate::protocol::Frame;
use crate::protocol::rpc::get_withdraw_ticket::{TicketKey, read_decisive};

impl Cancels {
    /// The read that is shown, if what was typed arms it; else what it lacks.
    pub fn check(&self, typed: &Confirmation) -> Result<&Fresh, Lacking> {
        let Some(Attempt { stage: Stage::Shown(fresh), .. }) = &self.attempt else { return Err(Lacking::Shown) };
        if typed.number != fresh.ticket.number.to_string() {
            return Err(Lacking::Number(fresh.ticket.number));
        }
        if let Some(why) = why_word(&fresh.ticket).filter(|_| typed.word != WORD) {
            return Err(Lacking::Word(why));
        }
        if let Some(other) = self.awaiting_receipt() {
            return Err(Lacking::Receipt(other.ticket()));
        }
        Ok(fresh)
    }

    /// The cancel that awaits its receipt: until it has come, or was waited for long enough, no other is sent.
    pub fn awaiting_receipt(&self) -> Option<&Cancellation> {
        self.all.values().find(|cancellation| cancellation.awaits_receipt())
    }

    /// The cancel whose receipt a dialog that shows its ticket waits for, by a countdown.
    pub fn counted_down(&self) -> Option<IntentId> {
        let is_shown = matches!(self.attempt.as_ref().map(|attempt| &attempt.stage), Some(Stage::Shown(_)));
        self.awaiting_receipt().filter(|_| is_shown).map(|cancellation| cancellation.intent)
    }

    /// Confirms what was typed: one more read, always. Only of a fresh read on the link that is up.
    pub(in crate::app::desk) fn confirm(&mut self, typed: Confirmation, cx: &mut Cx<'_>) -> Result<(), Lacking> {
        cx.show();
        let fresh = self.check(&typed)?.clone();
        if let Some(since) = cx.standing.stale_since {
            return Err(Lacking::Freshness { since });
        }
        if cx.session().is_none_or(|session| session.connection != fresh.connection) {
            return Err(Lacking::Link);
        }
        let (Some(id), Some(key)) = (self.attempt.as_ref().map(|attempt| attempt.id), TicketKey::of(&fresh.ticket))
        else {
            return Err(Lacking::Shown);
        };
        if cx.read_ticket(&key, Purpose::Confirm(id)) {
            self.set_stage(Stage::Confirming(Box::new(fresh), typed.decision));
            return Ok(());
        }
        self.end_unsent(fresh.ticket.number, NotSent::Because(words::NO_LINK.to_owned()), cx);
        Err(Lacking::Link)
    }

    pub(super) fn take_confirm_read(&mut self, id: AttemptId, asked_at: Now, frame: &Frame, cx: &mut Cx<'_>) {
        let is_ours = |attempt: &&mut Attempt| attempt.id == id && matches!(attempt.stage, Stage::Confirming(..));
        let Some(attempt) = self.attempt.as_mut().filter(is_ours) else { return };
        cx.show();
        let (number, change) = (attempt.ticket, attempt.change);
        let Stage::Confirming(shown, decision) = std::mem::replace(&mut attempt.stage, Stage::Reading) else { return };
        match self.check_confirming_read(number, &shown, frame, cx) {
            Err(why) => self.end_unsent(number, why, cx),
            Ok((read, oms)) => {
                let connection = shown.connection;
                let confirmed =
                    Confirmed { attempt: id, change, read, oms, decision, connection, read_asked_at: asked_at };
                self.open_intent(&confirmed, cx);
            }
        }
    }

    fn check_confirming_read(
        &self,
        number: TicketNumber,
        shown: &Fresh,
        frame: &Frame,
        cx: &mut Cx<'_>,
    ) -> Result<(Ticket, OmsId), NotSent> {
        let because = |why: String| NotSent::Because(why);
        let mut read = read_decisive(frame).map_err(|error| because(error.to_string()))?;
        read.keep_trace(self.attempt.as_ref().and_then(|attempt| attempt.told.clone()));
        let found = differences(&shown.ticket, &read);
        let by = read.updated_by_label();
        if read.number == number {
            cx.tell(News::TicketRead { ticket: Box::new(read.clone()) });
        }
        if !found.is_empty() {
            return Err(NotSent::Changed { differences: found, by });
        }
        if let Some(why) = why_not_cancelable(&read, cx.author().oms, cx.settings.allow_tx) {
            return Err(because(why));
        }
        if let Some(held) = self.lock_of(number, cx.here()) {
            return Err(because(held));
        }
        let oms = cx.ready().filter(|session| session.connection == shown.connection).and_then(|session| session.oms);
        oms.map(|oms| (read, oms)).ok_or_else(|| because(words::LINK_CHANGED.to_owned()))
    }

    pub(super) fn fail_confirm_read(&mut self, id: AttemptId, why: String, cx: &mut Cx<'_>) {
        cx.show();
        let is_ours = |attempt: &&Attempt| attempt.id == id && attempt.is_under_way();
        if let Some(number) = self.attempt.as_ref().filter(is_ours).map(|attempt| attempt.ticket) {
            self.end_unsent(number, NotSent::Because(why), cx);
        }
    }

    /// Something happened to the window during the confirming read after which the Enter behind it no longer counts.
    pub(in crate::app::desk) fn disarm(&mut self, why: &str, cx: &mut Cx<'_>) {
        cx.show();
        if let Some(Attempt { stage: Stage::Confirming(..), owner: Owner::Dialog, ticket, .. }) = &self.attempt {
            self.end_unsent(*ticket, NotSent::Because(words::while_confirming(why)), cx);
        }
    }

    /// The ticket that is decided on changed, as the list or an event shows: no dialog goes on standing armed on what it was.
    pub(in crate::app::desk) fn disarm_changed(&mut self, seen: &Ticket, cx: &mut Cx<'_>) {
        let Some(attempt) = self.attempt.as_ref().filter(|attempt| attempt.ticket == seen.number) else { return };
        // A first read that is under way tells the same, and later news.
        let (Stage::Shown(fresh) | Stage::Confirming(fresh, _)) = &attempt.stage else { return };
        let differences = contradictions(&fresh.ticket, seen);
        let by = seen.updated_by_label();
        let why = match differences.as_slice() {
            [] => return,
            [first, ..] if first.fact == "status" => {
                let at = time::clock_time(cx.now.wall);
                NotSent::Because(words::heard_changed(seen, &first.read, &at))
            }
            _ => NotSent::Changed { differences, by },
        };
        self.end_unsent(seen.number, why, cx);
    }

    /// The clocks parted: nothing that was read is as old as it looks, and no decision is made on it.
    pub(in crate::app::desk) fn part_clocks(&mut self, why: &str, cx: &mut Cx<'_>) {
        match self.attempt.as_ref().map(|attempt| (&attempt.stage, attempt.ticket)) {
            Some((Stage::Reading | Stage::Shown(_) | Stage::Confirming(..), number)) => {
                self.end_unsent(number, NotSent::Because(why.to_owned()), cx);
            }
            _ => cx.show(),
        }
    }
}
