//! The scan: reading the list of all tickets to find the failed ones. What it knows, and what it says of itself.
//!
//! All of it is pure: `reading` says which pages to ask for and is told what came. It always says how far it got, and never
//! calls a list complete over a gap.

pub(super) mod again;
mod length;
#[cfg(test)]
mod model_tests;
mod newest;
pub(super) mod page;
pub(super) mod reading;
mod status_filter;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;

use self::again::Again;
use self::reading::Reading;
use crate::domain::{Ticket, TicketNumber};
use crate::protocol::rpc::get_all_withdraw_tickets::Page;

/// Rows that cannot be read, and statuses without a name, are told apart up to so many; there may be more.
const MOST_COUNTED: usize = 100_000;

/// Where the scan stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ScanPhase {
    /// Not started.
    #[default]
    Idle,
    /// Pages are being read.
    Reading,
    /// The link was lost; it goes on after it is back.
    Paused,
    /// It read to the end of the list.
    Complete,
    /// It read back to the limit on age; there may be older ones.
    AtDepth,
    /// It stopped at the limit on tickets; there may be more.
    AtLimit,
    /// It stopped before its end; why. Inert.
    Stopped(String),
}

/// How far the reading of the list got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Where it stands.
    pub phase: ScanPhase,
    /// When the newest tickets were last read up to what was known, UTC.
    pub read_at: Option<Timestamp>,
    /// Rows that could not be read, in this reading, by a hash of what they say: pages overlap, and are read again. Rows that say the
    /// same count as often as they stand on one page.
    pub(super) unreadable: BTreeMap<u64, usize>,
    /// Tickets with a status without a name, in this reading.
    pub(super) unnamed: BTreeSet<TicketNumber>,
    /// When the oldest tickets of the pages were made; what is newer than all that is joined is let go.
    pub(super) made: BTreeMap<TicketNumber, Timestamp>,
    pub(super) reading: Option<Box<Reading>>,
    /// Different tickets of the reading that was let go since its pages did not join.
    pub(super) let_go: usize,
    /// Where the scan will stand once the newest end is joined again.
    pub(super) goal: Option<ScanPhase>,
    pub(super) again: Again,
}

impl Scan {
    /// Different tickets read in this reading, without a gap between them.
    pub fn read(&self) -> usize {
        self.reading.as_ref().map_or(0, |reading| reading.joined().len())
    }

    /// Tickets that the reading before this one read to its end, while this one is under way.
    pub fn read_before(&self) -> Option<usize> {
        self.again.before.filter(|_| !self.is_at_rest())
    }

    /// Different tickets read in this reading so far; once it is at rest, those without a gap between them.
    pub fn read_so_far(&self) -> usize {
        if self.is_at_rest() {
            self.read()
        } else {
            self.reading.as_ref().map_or(self.let_go, |reading| reading.read())
        }
    }

    /// The oldest ticket down to which this reading has no gap from the newest on; `None` while it is not known where the list
    /// begins.
    pub fn back_from_newest_to(&self) -> Option<TicketNumber> {
        let is_known =
            self.phase == ScanPhase::Complete || self.reading.as_ref().is_some_and(|reading| reading.is_from_newest());
        self.back_to().filter(|_| is_known)
    }

    /// The oldest ticket that is joined.
    pub fn back_to(&self) -> Option<TicketNumber> {
        self.reading.as_ref().and_then(|reading| reading.joined().first().copied())
    }

    /// When that ticket was made, UTC.
    pub fn back_to_time(&self) -> Option<Timestamp> {
        self.made.get(&self.back_from_newest_to()?).copied()
    }

    /// True if this reading saw a ticket.
    pub fn has_read(&self, number: TicketNumber) -> bool {
        self.reading.as_ref().is_some_and(|reading| reading.joined().contains(&number))
    }

    /// True if this reading went from newer tickets to older ones past a number, and did not meet it.
    pub fn has_passed(&self, number: TicketNumber) -> bool {
        let joined = self.reading.as_ref().filter(|reading| !reading.is_filtered()).map(|reading| reading.joined());
        joined.is_some_and(|joined| {
            let is_between = joined.first() < Some(&number) && joined.last() > Some(&number);
            is_between && !joined.contains(&number)
        })
    }

    /// True if the exchange filters the list by status, as it proved.
    pub fn is_filtered(&self) -> bool {
        self.reading.as_ref().is_some_and(|reading| reading.is_filtered())
    }

    /// Tickets of this reading with a status that has no name.
    pub fn unknown_statuses(&self) -> usize {
        self.unnamed.len()
    }

    /// True if nothing is known of the list: this reading has read nothing so far, and none before it came to its end.
    pub fn is_unread(&self) -> bool {
        !self.is_at_rest() && self.read_so_far() == 0 && self.read_before().is_none()
    }

    /// Different rows of this reading that could not be read.
    pub fn unreadable(&self) -> usize {
        self.unreadable.values().sum()
    }

    /// True if the list was read as far as it will be, so that only the newest pages are read again.
    pub fn is_at_rest(&self) -> bool {
        matches!(self.phase, ScanPhase::Complete | ScanPhase::AtDepth | ScanPhase::AtLimit)
    }

    /// Notes what the screen says of a page's tickets.
    pub(super) fn note(&mut self, page: &Page) {
        let mut here: BTreeMap<u64, usize> = BTreeMap::new();
        for row in &page.unreadable {
            let mut hasher = DefaultHasher::new();
            row.raw.hash(&mut hasher);
            *here.entry(hasher.finish()).or_default() += 1;
        }
        for (hash, count) in here {
            if self.unreadable.len() < MOST_COUNTED || self.unreadable.contains_key(&hash) {
                let known = self.unreadable.entry(hash).or_default();
                *known = count.max(*known);
            }
        }
        let unnamed = page.tickets.iter().filter(|ticket| !ticket.status.is_known());
        let room = MOST_COUNTED.saturating_sub(self.unnamed.len());
        self.unnamed.extend(unnamed.map(|ticket| ticket.number).take(room));
        let oldest = page.tickets.iter().min_by_key(|ticket| ticket.number);
        if let Some((number, made)) = oldest.and_then(|ticket: &Ticket| Some((ticket.number, ticket.times.created?))) {
            self.made.insert(number, made);
        }
    }

    /// Lets go of the times that can no longer be the oldest's.
    pub(super) fn forget_made(&mut self) {
        if let Some(oldest) = self.back_to() {
            self.made.retain(|number, _| *number <= oldest);
        }
    }
}
