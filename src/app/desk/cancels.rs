//! The cancels: the one that is being decided, those with an intent, and what the journal says of those of others. The only part
//! that changes something on the exchange; it hears of the link and of the list by news alone.

mod answers;
pub mod attempt;
mod cancelable;
pub mod cancellation;
mod choose;
mod confirm;
mod follow;
mod found;
mod locks;
mod receipt;
pub mod release;
pub mod releasing;
mod send;
mod settle;
mod stake;

use std::collections::{BTreeMap, BTreeSet};

use self::attempt::Attempt;
use self::cancellation::Cancellation;
use self::release::Releasing;
use super::locks::Lock;
use crate::domain::{IntentId, TicketNumber};
use crate::journal::Unresolved;

/// The journal, as far as it was read and takes records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalState {
    /// It was read at all.
    pub is_read: bool,
    /// Why nothing can be written any more, if so; the session is read-only until restart.
    pub failed: Option<String>,
    /// Open intents of every exchange, as read last.
    pub open: Vec<Unresolved>,
    /// Intents that this session decided not to send; the record of that may still be on its way.
    unsent: BTreeSet<IntentId>,
}

/// The cancels of this session, and the open ones of others.
#[derive(Clone, Debug, Default)]
pub struct Cancels {
    /// The cancel that is being decided, before its intent.
    attempt: Option<Attempt>,
    /// Attempts so far: no id is given out twice, so that no answer counts for another attempt.
    attempts: u32,
    /// Every cancel with an intent, ours and those found open in the journal.
    all: BTreeMap<IntentId, Cancellation>,
    journal: JournalState,
    /// The release that waits for its read.
    releasing: Option<Releasing>,
    /// The tickets that open cancels hold, or held; kept as they change.
    locks: BTreeMap<TicketNumber, Lock>,
    /// Something happened by which the locks may be others.
    are_locks_due: bool,
}

impl Cancels {
    /// The cancel that is being decided, if one is.
    pub fn attempt(&self) -> Option<&Attempt> {
        self.attempt.as_ref()
    }

    /// Every cancel with an intent, by its intent.
    pub fn all(&self) -> impl Iterator<Item = &Cancellation> {
        self.all.values()
    }

    /// A cancel by its intent.
    pub fn get(&self, intent: IntentId) -> Option<&Cancellation> {
        self.all.get(&intent)
    }

    /// The journal, as far as it was read and takes records.
    pub fn journal(&self) -> &JournalState {
        &self.journal
    }
}
