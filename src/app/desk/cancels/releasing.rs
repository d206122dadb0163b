//! Releasing the ticket of an open intent: what it needs, the read before it, and the record of it.

use std::time::Duration;

use super::Cancels;
use super::cancellation::{Cancellation, Seen};
use super::release::{EARLY, EARLY_WORD, ReleaseOrder, Releasing};
use crate::app::desk::clocks::Clocks;
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::desk::order::Lacking;
use crate::app::words::desk::release as words;
use crate::domain::{Boot, IntentId, Now};
use crate::journal::Fact;
use crate::journal::record::ReleaseFact;

/// How long ago a cancel was sent, or, where that is not recorded, opened.
pub fn age_of(cancellation: &Cancellation, now: Now) -> Duration {
    if let Some(sent) = cancellation.progress.sent_boot {
        return now.boot.since(sent);
    }
    let sent = cancellation.progress.sent_at.unwrap_or(cancellation.progress.opened_at);
    Duration::try_from(now.wall.duration_since(sent)).unwrap_or_default()
}

/// True if a release now is an early one.
pub fn is_early(cancellation: &Cancellation, clocks: &Clocks, now: Now) -> bool {
    // Of an intent of another process only the wall clock tells the age; once it was set, nobody can.
    let is_guessed = cancellation.progress.sent_boot.is_none() && clocks.parted_since(Boot::default());
    is_guessed || age_of(cancellation, now) < EARLY
}

impl Cancels {
    /// Why an intent cannot be released at all, before anything is typed.
    pub fn why_not_releasable(&self, intent: IntentId) -> Option<String> {
        let Some(cancellation) = self.all.get(&intent) else {
            return Some(words::NOT_FOLLOWED.to_owned());
        };
        if !cancellation.is_open() {
            return Some(words::SETTLED.to_owned());
        }
        if cancellation.release.is_some() {
            return Some(words::RELEASED.to_owned());
        }
        if cancellation.outcome.is_none() {
            return Some(words::STILL_FOLLOWED.to_owned());
        }
        self.journal.failed.as_ref().map(|why| words::no_journal(why))
    }

    /// Asks for the read that a release needs.
    pub(in crate::app::desk) fn read_for_release(&mut self, intent: IntentId, cx: &mut Cx<'_>) {
        if let Some(cancellation) = self.all.get_mut(&intent) {
            // One that is under way was asked before, and does not count.
            cancellation.reads.again = cancellation.reads.is_asked;
        }
        self.read_now(intent, cx);
    }

    /// The last good read asked since, to show.
    pub fn seen_since(&self, intent: IntentId, asked_since: Boot) -> Option<&Seen> {
        let reads = &self.all.get(&intent)?.reads;
        reads.last_seen.as_ref().filter(|_| reads.last_asked.is_some_and(|asked| asked >= asked_since))
    }

    /// The good read made for a release, if it is there: asked since then, and not longer ago than `limit`.
    pub fn read_since(&self, intent: IntentId, asked_since: Boot, limit: Duration, now: Now) -> Option<&Seen> {
        let asked = self.all.get(&intent)?.reads.last_asked?;
        self.seen_since(intent, asked_since).filter(|_| now.boot.since(asked) <= limit)
    }

    /// The operator confirmed a release: one more read, always, and the release follows from its answer.
    pub(in crate::app::desk) fn confirm_release(
        &mut self,
        intent: IntentId,
        typed: ReleaseOrder,
        cx: &mut Cx<'_>,
    ) -> Result<(), Lacking> {
        cx.show();
        self.check_release(intent, &typed, cx)?;
        self.read_for_release(intent, cx);
        if !self.all.get(&intent).is_some_and(|cancellation| cancellation.reads.is_asked) {
            return Err(Lacking::Read(words::NO_LINK.to_owned()));
        }
        self.releasing = Some(Releasing { intent, order: typed, since: cx.now.boot });
        Ok(())
    }

    /// True if a release waits for its read.
    pub fn is_releasing(&self, intent: IntentId) -> bool {
        self.releasing.as_ref().is_some_and(|releasing| releasing.intent == intent)
    }

    /// The operator keeps the lock after all.
    pub(in crate::app::desk) fn keep_lock(&mut self, cx: &mut Cx<'_>) {
        self.releasing = None;
        cx.show();
    }

    /// A read of an intent was answered, or not: a release that waited for it comes about, or not.
    pub(super) fn finish_release(&mut self, intent: IntentId, cx: &mut Cx<'_>) {
        let Some(releasing) = self.releasing.take_if(|releasing| releasing.intent == intent) else { return };
        cx.show();
        if let Err(lacking) = self.release(&releasing, cx) {
            cx.tell(News::NotReleased { intent, lacking });
        }
    }

    /// Everything that a release needs is there, but for its read; else what it lacks.
    fn check_release(&self, intent: IntentId, typed: &ReleaseOrder, cx: &Cx<'_>) -> Result<&Cancellation, Lacking> {
        if let Some(why) = self.why_not_releasable(intent) {
            return Err(Lacking::Intent(why));
        }
        let missing = || Lacking::Intent(words::NO_INTENT.to_owned());
        let cancellation = self.all.get(&intent).ok_or_else(missing)?;
        if typed.number != cancellation.ticket().to_string() {
            return Err(Lacking::Number(cancellation.ticket()));
        }
        if typed.reason.trim().is_empty() {
            return Err(Lacking::Reason);
        }
        if is_early(cancellation, cx.clocks, cx.now) && typed.word != EARLY_WORD {
            return Err(Lacking::EarlyWord);
        }
        Ok(cancellation)
    }

    /// Releases an open intent, if everything that a release needs is there; else says what is missing.
    fn release(&mut self, releasing: &Releasing, cx: &mut Cx<'_>) -> Result<(), Lacking> {
        let Releasing { intent, order, since } = releasing;
        let cancellation = self.check_release(*intent, order, cx)?;
        let (ticket, early) = (cancellation.ticket(), is_early(cancellation, cx.clocks, cx.now));
        let Some(seen) = self.read_since(*intent, *since, cx.settings.limits.read_timeout, cx.now) else {
            let trouble = cancellation.reads.trouble.as_deref().unwrap_or(words::NO_ANSWER);
            return Err(Lacking::Read(trouble.to_owned()));
        };
        let fact = ReleaseFact {
            id: intent.to_string(),
            ticket: ticket.to_string(),
            reason: order.reason.trim().to_owned(),
            read: words::read(&seen.status, &seen.by_label),
            age: age_of(cancellation, cx.now).as_secs(),
            early,
        };
        cx.note(words::released(ticket));
        if let Some(cancellation) = self.all.get_mut(intent) {
            cancellation.release = Some(fact.clone());
        }
        self.are_locks_due = true;
        cx.record(Fact::Release(fact));
        cx.tell(News::Released { intent: *intent, ticket });
        Ok(())
    }
}
