//! The stake when the process ends: the cancels that have no outcome, the words on them, and the exit code.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Cancels;
use super::attempt::Attempt;
use super::cancellation::Cancellation;
use crate::app::desk::cx::Cx;
use crate::app::desk::stake::{AtStake, READ_ON};
use crate::app::effect::Exit;
use crate::app::words::desk::cancels::TOLD_TO_END;
use crate::app::words::desk::outcome as words;
use crate::domain::receipt::RefusalCode;
use crate::domain::{IntentId, Now, Outcome, Receipt};

impl Cancels {
    /// The cancels of this session that an end now would leave without an outcome.
    pub fn at_stake(&self) -> AtStake {
        AtStake {
            in_flight: self.in_flight().map(|cancellation| cancellation.intent).collect(),
            is_opening: self.is_opening(),
            may_wait_for_journal: self.attempt.as_ref().is_some_and(Attempt::may_wait_for_journal),
            said: self.in_flight().map(read_on).collect(),
        }
    }

    /// The session is told to end: a confirmation under way does not count, and an intent that is being opened is not sent.
    pub(in crate::app::desk) fn end(&mut self, exit: Exit, cx: &mut Cx<'_>) {
        self.disarm(TOLD_TO_END, cx);
        if let Some(attempt) = self.attempt.as_mut().filter(|attempt| attempt.is_opening()) {
            attempt.abandon(exit);
        }
    }

    /// True if the journal is still to answer, or a cancel that is followed to the end has no outcome yet.
    pub fn is_waited_for(&self, followed: &BTreeSet<IntentId>) -> bool {
        let mut followed = followed.iter().filter_map(|intent| self.all.get(intent));
        self.is_opening() || followed.any(|cancellation| cancellation.outcome.is_none())
    }

    fn is_opening(&self) -> bool {
        self.attempt.as_ref().is_some_and(Attempt::is_opening)
    }

    /// The cancels of this session that were handed over and have no outcome yet.
    fn in_flight(&self) -> impl Iterator<Item = &Cancellation> {
        self.all.values().filter(|cancellation| cancellation.is_ours() && cancellation.outcome.is_none())
    }

    /// The cancels of this session that have no final outcome.
    fn ours_open(&self) -> impl Iterator<Item = &Cancellation> {
        self.all.values().filter(|cancellation| cancellation.is_ours() && cancellation.is_open())
    }

    /// The cancels of this session that the end of the process is about.
    fn told_of<'a>(&'a self, followed: Option<&'a BTreeSet<IntentId>>) -> impl Iterator<Item = &'a Cancellation> {
        self.all.values().filter(move |cancellation| {
            let is_followed = followed.is_some_and(|followed| followed.contains(&cancellation.intent));
            is_followed || (cancellation.is_ours() && cancellation.is_open())
        })
    }

    /// Once a frame was handed over, only the outcomes give the exit code: the worst of them.
    pub fn worst_exit(&self, followed: Option<&BTreeSet<IntentId>>, limit: Duration, now: Now) -> Option<Exit> {
        let exit = |cancellation: &Cancellation| {
            let left = || cancellation.outcome_if_left(limit, now);
            exit_of(cancellation, cancellation.outcome.unwrap_or_else(left))
        };
        self.told_of(followed).filter_map(exit).max_by_key(|exit| exit.weight())
    }

    /// How the process would end now, were its end forced; `None` as long as no frame was handed over, or all is well.
    pub fn exit_if_forced(&self) -> Option<Exit> {
        let in_flight = self.in_flight().map(|_| Exit::Unknown);
        let known = self.ours_open().filter_map(|cancellation| exit_of(cancellation, cancellation.outcome?));
        in_flight.chain(known).max_by_key(|exit| exit.weight())
    }

    /// True if an intent of this session has no outcome yet: one in flight, or one that is just being opened.
    pub fn has_unsettled(&self) -> bool {
        self.in_flight().next().is_some() || self.is_opening()
    }

    /// True if nobody waits for an answer that decides a cancel.
    pub fn may_suspend(&self) -> bool {
        !self.is_opening() && self.awaiting_receipt().is_none()
    }

    /// The lines that must still be said when the screen is gone: how the cancels that were in flight ended, which ones of this
    /// session stand open, and a journal that failed.
    pub fn farewell(&self, followed: Option<&BTreeSet<IntentId>>) -> Vec<String> {
        let mut lines: Vec<String> = self.told_of(followed).map(last_word).collect();
        lines.extend(self.journal.failed.iter().flat_map(|why| self.missing_records(why)));
        lines
    }

    /// The lines that must be said when the journal's end may be missing.
    pub fn missing_records(&self, why: &str) -> Vec<String> {
        let ours = self.all.values().filter(|cancellation| cancellation.is_ours());
        let seen = ours.filter_map(|cancellation| Some((cancellation.ticket(), cancellation.outcome?)));
        let said = |(ticket, outcome)| words::seen_to_end(ticket, outcome);
        std::iter::once(words::journal_lacks(why)).chain(seen.map(said)).collect()
    }
}

fn read_on(cancellation: &Cancellation) -> String {
    words::in_flight(cancellation.ticket(), READ_ON)
}

fn last_word(cancellation: &Cancellation) -> String {
    words::last_word(cancellation.ticket(), cancellation.outcome)
}

/// The exit code of a cancel; `None` if its frame never left.
fn exit_of(cancellation: &Cancellation, outcome: Outcome) -> Option<Exit> {
    match outcome {
        Outcome::NotSent => None,
        Outcome::Verified => Some(Exit::Done),
        Outcome::Moved => Some(Exit::Moved),
        Outcome::Refused => {
            let is_permission = cancellation.progress.receipt == Some(Receipt::Refused(RefusalCode::NotAuthorized));
            Some(if is_permission { Exit::NotPermitted } else { Exit::Refused })
        }
        Outcome::AcceptedNotMoved => Some(Exit::AcceptedNotMoved),
        Outcome::Unknown => Some(Exit::Unknown),
    }
}
