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
/// The read behind a release is not older than this.
const READ_NOW: Duration = Duration::from_secs(30);
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
    #[error("It was sent less than 15 minutes ago: type the word {EARLY_WORD} as well.")]
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
        self.age_of(cancellation, now) < EARLY
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

    /// The good read made for a release, if it is there: asked since then, and not long ago.
    pub fn read_since(&self, intent: IntentId, asked_since: Boot, now: Now) -> Option<&Seen> {
        let reads = &self.cancellations.get(&intent)?.reads;
        let asked = reads.last_asked?;
        (asked >= asked_since && now.boot.since(asked) <= READ_NOW).then_some(reads.last_seen.as_ref()).flatten()
    }

    /// Releases an open intent, if everything that a release needs is there; else says what is missing.
    pub fn release(
        &mut self,
        intent: IntentId,
        order: &ReleaseOrder,
        asked_since: Boot,
        now: Now,
    ) -> Result<Effects, Lacking> {
        if let Some(why) = self.why_not_releasable(intent) {
            return Err(Lacking::Intent(why));
        }
        let Some(cancellation) = self.cancellations.get(&intent) else {
            return Err(Lacking::Intent("There is no such intent.".to_owned()));
        };
        let ticket = cancellation.ticket();
        if order.number != ticket.to_string() {
            return Err(Lacking::Number(ticket));
        }
        let reason = order.reason.trim();
        if reason.is_empty() {
            return Err(Lacking::Reason);
        }
        let early = self.is_early(cancellation, now);
        if early && order.word != EARLY_WORD {
            return Err(Lacking::Word);
        }
        let Some(seen) = self.read_since(intent, asked_since, now) else {
            let trouble = cancellation.reads.trouble.as_deref().unwrap_or("no answer yet");
            return Err(Lacking::Read(trouble.to_owned()));
        };
        let fact = ReleaseFact {
            id: intent.to_string(),
            ticket: ticket.to_string(),
            reason: reason.to_owned(),
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
