//! Release: an operator gives the ticket of an open intent free again, with a reason (PRODUCT.md "Release"). The first
//! request may still act, so the intent goes on being watched.

use std::time::Duration;

use super::Desk;
use super::cancellation::{Cancellation, Seen};
use crate::app::effect::Effects;
use crate::domain::{Boot, IntentId, Now, TicketNumber};
use crate::journal::Fact;
use crate::journal::record::ReleaseFact;

/// Earlier than this after the send, a release needs a word of its own.
const EARLY: Duration = Duration::from_secs(15 * 60);
/// That word.
pub const EARLY_WORD: &str = "early";

/// What an operator typed to release an intent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseOrder {
    /// The ticket number.
    pub number: String,
    /// Why, in his own words.
    pub reason: String,
    /// The word that an early release needs.
    pub word: String,
}

/// A release that was confirmed and waits for its read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Releasing {
    intent: IntentId,
    order: ReleaseOrder,
    since: Boot,
}

/// What a release lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lacking {
    /// The intent cannot be released at all; why.
    #[error("{0}")]
    Intent(String),
    /// The typed number is not the ticket's.
    #[error("Type the ticket number, {0}.")]
    Number(TicketNumber),
    /// The reason is empty.
    #[error("A release needs a reason.")]
    Reason,
    /// It was sent a short while ago, and the word for that was not typed.
    #[error("It was sent less than 15 minutes ago: type the word `{EARLY_WORD}` as well.")]
    Word,
    /// No good read since it was asked for; why.
    #[error("A release needs a read of the ticket made now: {0}.")]
    Read(String),
}

impl Desk {
    /// How long ago a cancel was sent, or, where that is not recorded, opened.
    pub fn age_of(&self, cancellation: &Cancellation, now: Now) -> Duration {
        if let Some(sent) = cancellation.progress.sent_boot {
            return now.boot.since(sent);
        }
        let sent = cancellation.progress.sent_at.unwrap_or(cancellation.progress.opened_at);
        Duration::try_from(now.wall.duration_since(sent)).unwrap_or_default()
    }

    /// Whether a release now is an early one.
    pub fn is_early(&self, cancellation: &Cancellation, now: Now) -> bool {
        // Of an intent of another process only the wall clock tells the age; once it was set, nobody can.
        let is_guessed = cancellation.progress.sent_boot.is_none() && self.clocks.parted_since(Boot::default());
        is_guessed || self.age_of(cancellation, now) < EARLY
    }

    /// Why an intent cannot be released at all, before anything is typed.
    pub fn why_not_releasable(&self, intent: IntentId) -> Option<String> {
        let Some(cancellation) = self.cancellations.get(&intent) else {
            return Some("It can be released once its ticket can be read.".to_owned());
        };
        if !cancellation.is_open() {
            return Some("It is settled, so it locks nothing.".to_owned());
        }
        if cancellation.release.is_some() {
            return Some("It is released already, and still watched.".to_owned());
        }
        if cancellation.outcome.is_none() {
            return Some("It is still followed; wait until its outcome is known or stands open.".to_owned());
        }
        self.journal.failed.as_ref().map(|why| format!("A release must be recorded, and the journal failed: {why}"))
    }

    /// Asks for the read that a release needs.
    pub fn read_for_release(&mut self, intent: IntentId, now: Now) -> Effects {
        if let Some(cancellation) = self.cancellations.get_mut(&intent) {
            // One that is under way was asked before, and does not count.
            cancellation.reads.again = cancellation.reads.is_asked;
        }
        self.read_now(intent, now)
    }

    /// The last good read asked since, to show.
    pub fn seen_since(&self, intent: IntentId, asked_since: Boot) -> Option<&Seen> {
        let reads = &self.cancellations.get(&intent)?.reads;
        reads.last_seen.as_ref().filter(|_| reads.last_asked.is_some_and(|asked| asked >= asked_since))
    }

    /// The good read made for a release, if it is there: asked since then, and not long ago.
    pub fn read_since(&self, intent: IntentId, asked_since: Boot, now: Now) -> Option<&Seen> {
        let asked = self.cancellations.get(&intent)?.reads.last_asked?;
        let is_now = now.boot.since(asked) <= self.settings.limits.read_timeout;
        self.seen_since(intent, asked_since).filter(|_| is_now)
    }

    /// The operator confirmed a release: one more read, always, and the release follows from its answer.
    pub fn confirm_release(&mut self, intent: IntentId, order: &ReleaseOrder, now: Now) -> Result<Effects, Lacking> {
        self.check_release(intent, order, now)?;
        let asked = self.read_for_release(intent, now);
        if !self.cancellations.get(&intent).is_some_and(|cancellation| cancellation.reads.is_asked) {
            return Err(Lacking::Read("there is no link".to_owned()));
        }
        self.releasing = Some(Releasing { intent, order: order.clone(), since: now.boot });
        Ok(asked)
    }

    /// Whether a release waits for its read.
    pub fn is_releasing(&self, intent: IntentId) -> bool {
        self.releasing.as_ref().is_some_and(|releasing| releasing.intent == intent)
    }

    /// The operator keeps the lock after all.
    pub fn keep_lock(&mut self) {
        self.releasing = None;
    }

    /// A read of an intent was answered, or not; the next one is asked at once if this was asked too early to count.
    pub(super) fn finish_release(&mut self, intent: IntentId, is_asked_again: bool, now: Now) -> Effects {
        if is_asked_again {
            return Effects::quiet();
        }
        match self.releasing.take_if(|releasing| releasing.intent == intent) {
            // Without a good read nothing is released; the dialog says why.
            Some(Releasing { order, since, .. }) => self.release(intent, &order, since, now).unwrap_or_default(),
            None => Effects::quiet(),
        }
    }

    /// Whether everything that a release needs is there, but for its read.
    fn check_release(&self, intent: IntentId, order: &ReleaseOrder, now: Now) -> Result<&Cancellation, Lacking> {
        if let Some(why) = self.why_not_releasable(intent) {
            return Err(Lacking::Intent(why));
        }
        let missing = || Lacking::Intent("There is no such intent.".to_owned());
        let cancellation = self.cancellations.get(&intent).ok_or_else(missing)?;
        if order.number != cancellation.ticket().to_string() {
            return Err(Lacking::Number(cancellation.ticket()));
        }
        if order.reason.trim().is_empty() {
            return Err(Lacking::Reason);
        }
        if self.is_early(cancellation, now) && order.word != EARLY_WORD {
            return Err(Lacking::Word);
        }
        Ok(cancellation)
    }

    /// Releases an open intent, if everything that a release needs is there; else says what is missing.
    pub fn release(
        &mut self,
        intent: IntentId,
        order: &ReleaseOrder,
        asked_since: Boot,
        now: Now,
    ) -> Result<Effects, Lacking> {
        let cancellation = self.check_release(intent, order, now)?;
        let (ticket, early) = (cancellation.ticket(), self.is_early(cancellation, now));
        let Some(seen) = self.read_since(intent, asked_since, now) else {
            let trouble = cancellation.reads.trouble.as_deref().unwrap_or("no answer yet");
            return Err(Lacking::Read(trouble.to_owned()));
        };
        let fact = ReleaseFact {
            id: intent.to_string(),
            ticket: ticket.to_string(),
            reason: order.reason.trim().to_owned(),
            read: format!("{} by {}", seen.status.with_number(), seen.by_label),
            age: self.age_of(cancellation, now).as_secs(),
            early,
        };
        self.activity.add(now, format!("#{ticket} released; the first request may still act, so it is watched"));
        if let Some(cancellation) = self.cancellations.get_mut(&intent) {
            cancellation.release = Some(fact.clone());
        }
        Ok(self.record(Fact::Release(fact)))
    }
}
