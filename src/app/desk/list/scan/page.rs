//! A page, as far as the scan needs it: what is asked for, and which tickets came.

use jiff::Timestamp;

use crate::domain::TicketNumber;
use crate::protocol::rpc::get_all_withdraw_tickets::Page;

/// The rows that a page call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// `StartIndex`.
    pub start: usize,
    /// `Limit`.
    pub limit: usize,
    /// With the old `Status` filter: failed tickets only, if the exchange honours it.
    pub failed_only: bool,
}

/// A page that came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageFacts {
    /// The tickets that could be read.
    pub numbers: Vec<TicketNumber>,
    /// The failed ones among `numbers`.
    pub failed: Vec<TicketNumber>,
    /// Rows that came, readable or not.
    pub rows: usize,
    /// True if every one of them is older than the scan has to go.
    pub is_old: bool,
}

impl PageFacts {
    /// The facts of a page; what was made before `depth` need not be read.
    pub fn of(page: &Page, depth: Timestamp) -> Self {
        let failed = page.tickets.iter().filter(|ticket| ticket.status.is_failed());
        let is_old = |created: Option<Timestamp>| created.is_some_and(|created| created < depth);
        Self {
            numbers: page.tickets.iter().map(|ticket| ticket.number).collect(),
            failed: failed.map(|ticket| ticket.number).collect(),
            rows: page.rows(),
            is_old: !page.tickets.is_empty()
                && page.unreadable.is_empty()
                && page.tickets.iter().all(|ticket| is_old(ticket.times.created)),
        }
    }
}
