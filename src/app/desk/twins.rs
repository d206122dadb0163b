//! Twins: failed tickets that only their numbers tell apart, since account, asset and amount are the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::domain::amount::ExactNumber;
use crate::domain::{AccountId, RemoteText, Ticket, TicketNumber};

/// The facts that twins share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TwinKey {
    account: AccountId,
    asset_id: Option<i64>,
    asset: Option<RemoteText>,
    amount: ExactNumber,
}

impl TwinKey {
    /// The key of a ticket whose account and amount are known.
    pub(super) fn of(ticket: &Ticket) -> Option<Self> {
        let (account, amount) = (ticket.account?, ticket.amount.as_ref()?.exact_number()?);
        Some(Self { account, asset_id: ticket.asset_id, asset: ticket.asset.clone(), amount })
    }
}

/// The failed tickets by the facts that twins share. Derived from the tickets, so its `Debug` does not tell them twice.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Twins(BTreeMap<TwinKey, BTreeSet<TicketNumber>>);

impl fmt::Debug for Twins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Twins")
    }
}

impl Twins {
    pub(super) fn add(&mut self, key: &TwinKey, number: TicketNumber) {
        self.0.entry(key.clone()).or_default().insert(number);
    }

    pub(super) fn remove(&mut self, key: &TwinKey, number: TicketNumber) {
        let Some(twins) = self.0.get_mut(key) else { return };
        twins.remove(&number);
        if twins.is_empty() {
            self.0.remove(key);
        }
    }

    pub(super) fn count(&self, key: &TwinKey) -> usize {
        self.0.get(key).map_or(0, BTreeSet::len)
    }

    /// Newest first.
    pub(super) fn of(&self, key: &TwinKey) -> impl Iterator<Item = TicketNumber> {
        self.0.get(key).into_iter().flatten().rev().copied()
    }
}
