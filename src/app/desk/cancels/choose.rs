//! Step 1 of a cancel, choose: a ticket is read for the dialog that shows it (PRODUCT.md "Cancelling" 1).

use super::Cancels;
use super::attempt::{Attempt, AttemptEnd, Fresh, NotSent, Owner, Stage};
use super::cancelable::why_not_cancelable;
use crate::app::desk::calls::Purpose;
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::desk::order::Lacking;
use crate::app::words::desk::cancels as words;
use crate::domain::{AttemptId, Change, Ticket, TicketNumber};
use crate::protocol::Frame;
use crate::protocol::rpc::get_withdraw_ticket::{TicketKey, read_decisive};

impl Cancels {
    /// Starts the read that the dialog shows, and asks the journal who holds what. `known` is the ticket as the list has it.
    pub(in crate::app::desk) fn choose(
        &mut self,
        number: TicketNumber,
        change: Change,
        owner: Owner,
        known: Option<&Ticket>,
        cx: &mut Cx<'_>,
    ) -> Result<(), Lacking> {
        cx.show();
        if self.attempt.as_ref().is_some_and(Attempt::is_under_way) {
            return Err(Lacking::Free);
        }
        self.end_attempt(AttemptEnd::Kept, cx);
        self.attempts += 1;
        let id = AttemptId(self.attempts);
        let key = known.and_then(TicketKey::of);
        let told = known.and_then(|ticket| ticket.trace.clone());
        self.attempt =
            Some(Attempt { id, ticket: number, change, owner, stage: Stage::Reading, key, told, abandoned: None });
        if let Some(why) = self.why_locked(number, known, cx) {
            self.lock_attempt_because(why.clone(), cx);
            // Whoever held it may have let go meanwhile; the next `x` knows.
            cx.tell(News::HoldersWanted);
            return Err(Lacking::Ticket(why));
        }
        if cx.standing.wants_code && cx.standing.permit.is_some() {
            cx.tell(News::CodeNeeded { purpose: Purpose::Choose(id) });
        } else {
            self.read_choice(cx)?;
        }
        cx.tell(News::HoldersWanted);
        Ok(())
    }

    /// Asks for the first read, or says why there is none.
    fn read_choice(&mut self, cx: &mut Cx<'_>) -> Result<(), Lacking> {
        let Some(attempt) = &self.attempt else { return Ok(()) };
        let purpose = Purpose::Choose(attempt.id);
        if attempt.key.as_ref().is_some_and(|key| cx.read_ticket(key, purpose)) {
            return Ok(());
        }
        let why = words::NO_LINK_TO_READ.to_owned();
        self.lock_attempt_because(why.clone(), cx);
        Err(Lacking::Ticket(why))
    }

    /// The first read once more, on another link or after a code, if the dialog still waits for it.
    pub(super) fn read_choice_again(&mut self, id: AttemptId, cx: &mut Cx<'_>) {
        if self.is_reading(id) {
            // The dialog shows why there is none.
            let _ = self.read_choice(cx);
        }
    }

    /// Why a ticket cannot be canceled here, before it is read.
    fn why_locked(&self, number: TicketNumber, known: Option<&Ticket>, cx: &Cx<'_>) -> Option<String> {
        if let Some(held) = self.lock_of(number, cx.here()) {
            return Some(held);
        }
        if let Some(why) = self.journal.failed.as_ref().filter(|_| cx.standing.permit.is_some()) {
            return Some(format!("{}.", words::no_journal(why)));
        }
        match known {
            None => Some(words::NOT_LISTED.to_owned()),
            Some(ticket) if TicketKey::of(ticket).is_none() => Some(words::no_key(&ticket.odd_key_label())),
            Some(_) => None,
        }
    }

    pub(super) fn take_choose_read(&mut self, id: AttemptId, frame: &Frame, cx: &mut Cx<'_>) {
        let Some(connection) = cx.ready().map(|session| session.connection) else { return };
        // The journal may have named a holder first.
        if !self.is_reading(id) {
            return;
        }
        let Some(key) = self.attempt.as_ref().and_then(|attempt| attempt.key.as_ref()) else { return };
        cx.show();
        match read_for(key, frame) {
            Err(why) => self.lock_attempt_because(words::not_read(&why), cx),
            Ok(mut ticket) => {
                ticket.keep_trace(self.attempt.as_ref().and_then(|attempt| attempt.told.clone()));
                cx.tell(News::TicketRead { ticket: Box::new(ticket.clone()) });
                match why_not_cancelable(&ticket, cx.author().oms, cx.settings.allow_tx) {
                    Some(why) => self.lock_attempt_because(why, cx),
                    None => self.set_stage(Stage::Shown(Box::new(Fresh { ticket, at: cx.now, connection }))),
                }
            }
        }
    }

    pub(super) fn fail_choose_read(&mut self, id: AttemptId, why: &str, cx: &mut Cx<'_>) {
        cx.show();
        if self.is_reading(id) {
            self.lock_attempt_because(words::not_read(why), cx);
        }
    }

    /// The operator keeps the ticket. Once the intent is being opened there is nothing left to keep.
    pub(in crate::app::desk) fn keep(&mut self, cx: &mut Cx<'_>) {
        cx.show();
        match self.attempt.as_ref().map(|attempt| (&attempt.stage, attempt.ticket)) {
            Some((Stage::Opening(_), _)) | None => {}
            Some((Stage::Confirming(..), number)) => {
                self.end_attempt(AttemptEnd::Kept, cx);
                Self::decline(number, words::KEPT, cx);
            }
            Some(_) => self.end_attempt(AttemptEnd::Kept, cx),
        }
    }

    /// A dialog does not outlive its link: another link is another login. One that still waits for its first read goes on
    /// waiting; that read is asked again.
    pub(in crate::app::desk) fn lose_link(&mut self, cx: &mut Cx<'_>) {
        // A release that waited for its read does not wait for another link.
        self.releasing = None;
        cx.show();
        if matches!(self.attempt.as_ref().map(|attempt| &attempt.stage), Some(Stage::Shown(_))) {
            self.set_unsent(NotSent::Because(words::LINK_LOST.to_owned()), cx);
        }
    }

    fn is_reading(&self, id: AttemptId) -> bool {
        self.attempt.as_ref().is_some_and(|attempt| attempt.id == id && attempt.stage == Stage::Reading)
    }

    pub(super) fn set_stage(&mut self, stage: Stage) {
        if let Some(attempt) = &mut self.attempt {
            attempt.stage = stage;
        }
    }

    /// The attempt ends before a decision.
    pub(super) fn lock_attempt_because(&mut self, why: String, cx: &mut Cx<'_>) {
        self.end_attempt(AttemptEnd::Locked(why), cx);
    }

    /// The attempt ends, and its owner hears how.
    pub(super) fn end_attempt(&mut self, end: AttemptEnd, cx: &mut Cx<'_>) {
        if let Some(Attempt { ticket, owner, .. }) = self.attempt.take() {
            cx.tell(News::AttemptEnded { ticket, owner, end });
        }
    }
}

/// The ticket of a reply, if it is this very one.
fn read_for(key: &TicketKey, frame: &Frame) -> Result<Ticket, String> {
    let ticket = read_decisive(frame).map_err(|error| error.to_string())?;
    if key.is_answered_by(&ticket) { Ok(ticket) } else { Err(key.why_not(&ticket)) }
}
