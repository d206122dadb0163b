//! Locks: which tickets a cancel without a final outcome holds, or held until an operator released it.

use crate::domain::OmsId;
use crate::journal::Unresolved;

/// How an open cancel stands to its ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lock {
    /// An operator released the ticket; the first request may still act, so it is watched.
    Released,
    /// The ticket is locked.
    Held,
}

/// The exchange and OMS of this session. A ticket is locked by exchange, OMS and number: intents of others lock nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Here<'a> {
    /// The exchange's name in the journal.
    pub exchange: &'a str,
    /// The OMS; before a login, and without `oms-id` in the profile, it is not known: then all of the exchange count.
    pub oms: Option<OmsId>,
}

impl Here<'_> {
    /// True if an intent is of this exchange and OMS.
    pub fn has(&self, open: &Unresolved) -> bool {
        open.stamp.exchange == self.exchange && self.oms.is_none_or(|oms| open.stamp.oms == Some(oms.0))
    }
}
