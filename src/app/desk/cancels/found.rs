//! Open intents found in the journal: shown first, read again, and their tickets locked.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Cancels;
use super::attempt::Stage;
use super::cancellation::{Cancellation, Origin};
use crate::app::desk::cx::Cx;
use crate::app::desk::locks::Here;
use crate::app::desk::news::News;
use crate::app::effect::Author;
use crate::app::words::desk::outcome as words;
use crate::domain::{IntentId, Now, OmsId, Outcome, Receipt};
use crate::journal::record::ReplyFact;
use crate::journal::{Fact, Unresolved};

/// An intent that another console opened may be sent this long after, at the most: its confirming read would be too old
/// otherwise. Only a read after that is certainly one after the send. No `read-timeout` is longer (`config::limits`).
const SENT_BY_THEN: Duration = Duration::from_secs(30);

impl Cancels {
    /// The journal was read: the open intents of every exchange.
    pub(in crate::app::desk) fn take_unresolved(&mut self, answer: Result<Vec<Unresolved>, String>, cx: &mut Cx<'_>) {
        match answer {
            Err(why) => self.take_journal_failure(&why, cx),
            Ok(open) => {
                if !self.journal.is_read || self.journal.open != open {
                    cx.show();
                    self.are_locks_due = true;
                }
                self.journal.is_read = true;
                self.journal.open = open;
                self.note_closed_elsewhere();
                self.refresh_found();
                cx.tell(News::JournalRead);
            }
        }
    }

    /// A record could not be made durable: the session writes no more.
    pub(in crate::app::desk) fn take_journal_failure(&mut self, why: &str, cx: &mut Cx<'_>) {
        cx.note(words::journal_failed(why));
        self.journal.failed.get_or_insert_with(|| why.to_owned());
        cx.tell(News::JournalFailed { why: why.to_owned() });
    }

    /// Takes the open intents of this exchange and OMS into the cancellations, once it is known which those are, and reads
    /// those that are due.
    pub(in crate::app::desk) fn adopt_unresolved(&mut self, cx: &mut Cx<'_>) {
        // A session that ends settles its own, and nothing else.
        if cx.ready().is_some() && !*cx.is_ending {
            // A change that this version does not know has a goal that it does not know: no read of ours can settle it.
            let is_new = |open: &&Unresolved| !self.is_known(open.id) && open.intent.change().is_some();
            let found: Vec<Unresolved> = self.unresolved_here(cx.here()).filter(is_new).cloned().collect();
            for open in found {
                let age = Duration::try_from(cx.now.wall.duration_since(open.opened_at)).unwrap_or_default();
                let wait = if open.sent_at.is_some() { Duration::ZERO } else { SENT_BY_THEN.saturating_sub(age) };
                let mut cancellation = Cancellation::found(open.clone(), cx.now.boot + wait);
                cancellation.progress.follow_until = Some(cx.now.boot + left_to_follow(&open, cx).max(wait));
                self.all.insert(open.id, cancellation);
            }
            self.pass_deadlines(cx);
        }
        // The OMS may have become known, and with it whose intents lock tickets here.
        self.are_locks_due = true;
        self.lock_attempt(cx);
    }

    /// Takes over the intents that a session with a fault left: a frame that was never handed over never will be; the others are
    /// read at once, and returned. `handed` are those whose frame may have left.
    pub(in crate::app::desk) fn adopt_left(
        &mut self,
        session: &str,
        handed: &BTreeSet<IntentId>,
        cx: &mut Cx<'_>,
    ) -> Vec<IntentId> {
        let is_left = |open: &&Unresolved| open.stamp.session == session && open.outcome.is_none();
        let left: Vec<Unresolved> = self.journal.open.iter().filter(is_left).cloned().collect();
        let by = left.first().map(|open| &open.stamp);
        let author = by.map(|stamp| Author { oms: stamp.oms.map(OmsId), operator: stamp.operator.clone() });
        *cx.author_before = Some(author.unwrap_or_default());
        let mut followed = Vec::new();
        for open in left {
            let id = open.id;
            if !handed.contains(&id) {
                let why = words::FAULT_BEFORE_SEND.to_owned();
                cx.record(Fact::outcome(id, Outcome::NotSent, why));
                continue;
            }
            if open.reply.is_none() {
                // The link of that session ends with it.
                cx.record(Fact::Reply(ReplyFact::new(id, Receipt::None, None, None)));
            }
            followed.push(id);
            // The order to send was carried out: a read asked now is one after the send.
            self.all.insert(id, Cancellation::found(open, cx.now.boot));
        }
        self.are_locks_due = true;
        self.pass_deadlines(cx);
        followed
    }

    /// Intents that were open and are not any more were closed by another console.
    fn note_closed_elsewhere(&mut self) {
        let open: BTreeSet<IntentId> = self.journal.open.iter().map(|unresolved| unresolved.id).collect();
        for cancellation in self.all.values_mut() {
            if !cancellation.is_ours() && cancellation.is_open() && !open.contains(&cancellation.intent) {
                cancellation.origin = Origin::ClosedElsewhere;
            }
        }
    }

    /// Another console may have recorded more about its intents since we found them.
    fn refresh_found(&mut self) {
        for open in &self.journal.open {
            let Some(known) = self.all.get_mut(&open.id) else { continue };
            known.release = known.release.take().or_else(|| open.release.as_ref().map(|(release, _)| release.clone()));
            if !known.is_ours() {
                known.refresh(open);
            }
        }
    }

    /// True if this session knows more of an intent than the journal says.
    fn is_known(&self, id: IntentId) -> bool {
        self.all.contains_key(&id) || self.journal.unsent.contains(&id)
    }

    /// Open intents of this exchange and OMS.
    pub fn unresolved_here<'a>(&'a self, here: Here<'a>) -> impl Iterator<Item = &'a Unresolved> {
        self.journal.open.iter().filter(move |open| here.has(open))
    }

    /// Open intents of other exchanges: listed, never read through this link, and they lock nothing here.
    pub fn unresolved_elsewhere<'a>(&'a self, here: Here<'a>) -> impl Iterator<Item = &'a Unresolved> {
        self.journal.open.iter().filter(move |open| !here.has(open))
    }

    /// The journal may have named a holder while the dialog was open.
    fn lock_attempt(&mut self, cx: &mut Cx<'_>) {
        let Some(attempt) = &self.attempt else { return };
        if !matches!(attempt.stage, Stage::Reading | Stage::Shown(_)) {
            return;
        }
        if let Some(why) = self.lock_of(attempt.ticket, cx.here()) {
            self.lock_attempt_because(why, cx);
        }
    }
}

/// The rest of the follow time of an intent of an earlier session, and time for one read in any case.
fn left_to_follow(open: &Unresolved, cx: &Cx<'_>) -> Duration {
    let limits = &cx.settings.limits;
    let Now { wall, .. } = cx.now;
    let (received_at, extra) = match open.reply {
        Some((_, at)) => (at, Duration::ZERO),
        None => (open.sent_at.unwrap_or(open.opened_at), limits.reply_timeout),
    };
    let since = Duration::try_from(wall.duration_since(received_at)).unwrap_or_default();
    (limits.follow_time + extra).saturating_sub(since).max(limits.read_timeout)
}
