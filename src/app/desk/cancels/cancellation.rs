//! A cancellation: a cancel from its durable intent on. What was received, what was read, and how it stands.

use std::time::Duration;

use jiff::Timestamp;

use crate::app::words::desk::outcome as words;
use crate::domain::outcome::{outcome, settle};
use crate::domain::{Boot, IntentId, LastRead, Now, Outcome, Receipt, TicketNumber, TicketStatus, UserId};
use crate::journal::record::{ReleaseFact, ReplyFact};
use crate::journal::{Intent, Unresolved};
use crate::protocol::Envelope;
use crate::protocol::rpc::get_withdraw_ticket::TicketKey;

/// The waits between the reads after the send; the last one repeats until the follow time ends.
const READ_WAITS: [Duration; 4] =
    [Duration::from_millis(250), Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];
/// The wait between reads in the background.
const BACKGROUND_WAIT: Duration = Duration::from_secs(15);
/// Observations kept for the screen; the journal keeps what decides.
const HISTORY: usize = 60;

/// A cancel with an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancellation {
    /// The intent.
    pub intent: IntentId,
    /// The key that finds the ticket again.
    pub key: TicketKey,
    /// The intent as it was decided upon.
    pub record: Intent,
    /// Whose it is.
    pub origin: Origin,
    /// The steps, as far as they got.
    pub progress: Progress,
    /// The reads after the send.
    pub reads: Reads,
    /// How it stands; `None` while it is followed.
    pub outcome: Option<Outcome>,
    /// The read that decided it; later reads do not change what was said.
    pub decided_by: Option<Seen>,
    /// The column of the table that the outcome is of: a state that was read once, and not since, counts as none.
    pub decided_on: LastRead,
    /// Its release by an operator; then it locks nothing, and goes on being watched.
    pub release: Option<ReleaseFact>,
}

/// One good read of the ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The status.
    pub status: TicketStatus,
    /// `UpdatedByUser`.
    pub by: Option<UserId>,
    /// The user who changed it last, with his name, in words.
    pub by_label: String,
    /// When the answer came, UTC.
    pub at: Timestamp,
}

/// An outcome that is new, and the column of the table that it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The outcome.
    pub outcome: Outcome,
    /// The last read, as far as it is still known.
    pub on: LastRead,
}

/// Whose cancellation it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Opened by this session.
    Ours,
    /// Found open in the journal: an earlier session's or another console's.
    Journal(Box<Unresolved>),
    /// Found open once, and closed by another console since.
    ClosedElsewhere,
}

/// How far a cancellation got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// When the intent was durable, UTC.
    pub opened_at: Timestamp,
    /// When the writer was handed the frame.
    pub sent_at: Option<Timestamp>,
    /// When it was handed over on the boot clock, to tell how long the reply took; only for ours.
    pub sent_boot: Option<Boot>,
    /// The receipt, once it is decided; a late reply changes it once.
    pub receipt: Option<Receipt>,
    /// The reply behind it.
    pub reply: Option<Reply>,
    /// That which came instead of a reply, as the end of the link; inert.
    pub no_reply: Option<String>,
    /// A second, different reply: an anomaly, shown and recorded, never acted upon.
    pub second_reply: Option<Reply>,
    /// When the close reading ends: the follow time after the receipt.
    pub follow_until: Option<Boot>,
    /// The end of the follow time by the wall clock, UTC, to show.
    pub follow_until_wall: Option<Timestamp>,
}

/// A reply to a cancel as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// `m`: 1 or 5.
    pub kind: u8,
    /// The payload, to the letter.
    pub payload: String,
    /// The envelope, where it is one.
    pub envelope: Option<Envelope>,
    /// When it came, UTC.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// It came after the receipt was already decided.
    pub is_late: bool,
}

/// The reads of the ticket after the send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// The state that the last good read shows.
    pub last: LastRead,
    /// The last good read.
    pub last_seen: Option<Seen>,
    /// When the last good read was asked.
    pub last_asked: Option<Boot>,
    /// Another read is wanted as soon as the one under way is answered.
    pub again: bool,
    /// When the next read is due.
    pub due: Option<Boot>,
    /// A read before this might be one before the send, and prove nothing.
    pub not_before: Option<Boot>,
    /// True if one is under way.
    pub is_asked: bool,
    /// Good reads so far.
    pub good: u32,
    /// Reads since the last good one that got no good answer.
    pub bad_since: u32,
    /// Why the last read was no good; inert.
    pub trouble: Option<String>,
    /// Every state that was observed, oldest first.
    pub history: Vec<Observation>,
    waits: usize,
}

/// A state of the ticket that was observed, and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// When it was observed, UTC.
    pub at: Timestamp,
    /// The status.
    pub status: String,
    /// A read of the ticket, or an event.
    pub source: String,
}

impl Reply {
    /// A reply as the journal kept it; `None` where the record says that there was none.
    fn recorded(fact: &ReplyFact, at: Timestamp, sent_at: Option<Timestamp>) -> Option<Self> {
        let payload = fact.payload.clone()?;
        let took = sent_at.and_then(|sent| Duration::try_from(at.duration_since(sent)).ok()).unwrap_or_default();
        let envelope = Envelope::parse(&payload);
        Some(Self { kind: fact.m?, envelope, payload, at, took, is_late: false })
    }
}

impl Cancellation {
    /// A cancel that this session is about to send.
    pub fn ours(intent: IntentId, key: TicketKey, record: Intent, now: Now) -> Self {
        Self {
            intent,
            key,
            record,
            origin: Origin::Ours,
            progress: Progress {
                opened_at: now.wall,
                sent_at: None,
                sent_boot: None,
                receipt: None,
                reply: None,
                no_reply: None,
                second_reply: None,
                follow_until: None,
                follow_until_wall: None,
            },
            reads: Reads::default(),
            outcome: None,
            decided_by: None,
            decided_on: LastRead::None,
            release: None,
        }
    }

    /// An intent found open in the journal. Its first read is due at once if it was certainly sent before now.
    pub fn found(open: Unresolved, first_read: Boot) -> Self {
        let key = TicketKey { number: open.ticket, account: open.account, request_code: open.request_code.clone() };
        Self {
            intent: open.id,
            key,
            record: open.intent.clone(),
            progress: Progress {
                opened_at: open.opened_at,
                sent_at: open.sent_at,
                sent_boot: None,
                // No reply was recorded, and none can come any more on that link.
                receipt: Some(open.receipt().unwrap_or(Receipt::None)),
                reply: open.reply.as_ref().and_then(|(reply, at)| Reply::recorded(reply, *at, open.sent_at)),
                no_reply: None,
                second_reply: None,
                follow_until: None,
                follow_until_wall: None,
            },
            reads: Reads { due: Some(first_read), not_before: Some(first_read), ..Reads::default() },
            outcome: open.outcome,
            decided_by: None,
            decided_on: LastRead::None,
            release: open.release.as_ref().map(|(release, _)| release.clone()),
            origin: Origin::Journal(Box::new(open)),
        }
    }

    /// Takes in the journal's news of an intent that another console follows as well: its records count more than our guess
    /// that no reply came.
    pub fn refresh(&mut self, open: &Unresolved) {
        self.progress.sent_at = self.progress.sent_at.or(open.sent_at);
        if let Some((reply, at)) = &open.reply {
            self.progress.receipt = Some(reply.receipt());
            self.progress.reply = Reply::recorded(reply, *at, open.sent_at);
        }
    }

    /// The ticket.
    pub fn ticket(&self) -> TicketNumber {
        self.key.number
    }

    /// True if this session opened it.
    pub fn is_ours(&self) -> bool {
        self.origin == Origin::Ours
    }

    /// True if its ticket is locked by it: it is open, and nobody released it.
    pub fn holds(&self) -> bool {
        self.is_open() && self.release.is_none()
    }

    /// True if it has no final outcome.
    pub fn is_open(&self) -> bool {
        self.origin != Origin::ClosedElsewhere && self.outcome.is_none_or(|outcome| !outcome.is_final())
    }

    /// True if a read asked now is certainly one after the send, so that it counts.
    pub fn may_be_read(&self, now: Now) -> bool {
        match self.origin {
            Origin::Ours => self.progress.sent_at.is_some(),
            _ => self.reads.not_before.is_none_or(|first| first <= now.boot),
        }
    }

    /// True if the receipt is still awaited. One at a time.
    pub fn awaits_receipt(&self) -> bool {
        self.progress.receipt.is_none() && self.outcome != Some(Outcome::NotSent)
    }

    /// The outcome as the table has it now, if that is anything new. A final outcome stays.
    pub fn settled(&self, read_timeout: Duration, now: Now) -> Option<Settled> {
        if self.outcome.is_some_and(Outcome::is_final) {
            return None;
        }
        let end = self.progress.follow_until.filter(|until| *until <= now.boot && self.progress.receipt.is_some());
        let receipt = self.progress.receipt.unwrap_or(Receipt::None);
        let on = self.last_read(end, read_timeout);
        let outcome = settle(receipt, on, end.is_some()).filter(|outcome| self.outcome != Some(*outcome))?;
        // A final no waits for the read that is on its way: it may say canceled.
        (outcome != Outcome::Refused || !self.reads.is_asked).then_some(Settled { outcome, on })
    }

    /// The column of the table. "Still failed" at the end of the follow time needs a good read asked within `read-timeout`
    /// before it, or later: a state that was read once is not known for ever.
    fn last_read(&self, end: Option<Boot>, read_timeout: Duration) -> LastRead {
        let is_recent = |end: Boot| self.reads.last_asked.is_some_and(|asked| asked + read_timeout >= end);
        match self.reads.last {
            LastRead::Failed if !end.is_none_or(is_recent) => LastRead::None,
            last => last,
        }
    }

    /// The outcome if the session ends now, after the send: the table, as if the follow time ended here.
    pub fn outcome_if_left(&self, read_timeout: Duration, now: Now) -> Outcome {
        let receipt = self.progress.receipt.unwrap_or(Receipt::None);
        match outcome(receipt, self.last_read(Some(now.boot), read_timeout)) {
            // A no is final only once it is in the journal.
            Outcome::Refused => Outcome::Unknown,
            outcome => outcome,
        }
    }

    /// The wait before the next read.
    pub fn next_wait(&mut self, now: Now) -> Duration {
        if self.progress.follow_until.is_some_and(|until| until <= now.boot) {
            return BACKGROUND_WAIT;
        }
        let wait = READ_WAITS.get(self.reads.waits).or(READ_WAITS.last()).copied().unwrap_or(BACKGROUND_WAIT);
        self.reads.waits += 1;
        wait
    }

    /// Adds an observation, unless it repeats the one before.
    pub fn observe(&mut self, at: Timestamp, status: String, source: String) {
        let history = &mut self.reads.history;
        if let Some(last) = history.last_mut().filter(|last| last.status == status && last.source == source) {
            last.at = at;
            return;
        }
        if history.len() == HISTORY {
            history.remove(0);
        }
        history.push(Observation { at, status, source });
    }

    /// When a read was made, in words: how long after our send it was asked, or at what time it was answered.
    pub fn read_when(&self, seen: &Seen) -> String {
        match self.progress.sent_boot.zip(self.reads.last_asked) {
            Some((sent, asked)) => words::read_after(asked.since(sent)),
            None => words::read_at(seen.at),
        }
    }
}

impl Reads {
    /// The failures of the reads since the last good one, in words; empty if there were none.
    pub fn bad_words(&self) -> String {
        words::bad_reads(self.bad_since, self.trouble.as_deref().unwrap_or(words::NO_ANSWER))
    }
}
