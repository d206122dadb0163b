//! The newest pages, read until they join what is known: which tickets arrived meanwhile.

use std::collections::BTreeSet;

use super::page::{PageFacts, Window};
use super::walk::CountsFrom;
use crate::domain::TicketNumber;

/// More pages than this without joining: so much arrived that the list is read anew.
const MOST_PAGES: u32 = 1_000;
/// More tickets than this without joining, however many come at once, have the list read anew as well.
const MOST_READ: usize = 200_000;

/// The state of the reading after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joining {
    /// It needs another page.
    Going,
    /// The newest pages lie next to what was known, with nothing between.
    Joined,
    /// It does not come to join.
    Broken,
}

/// The reading of the newest pages, one at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newest {
    counts_from: CountsFrom,
    limit: usize,
    start: usize,
    read: BTreeSet<TicketNumber>,
    pages: u32,
}

impl Newest {
    /// Starts at the newest end.
    pub fn new(counts_from: CountsFrom, limit: usize, size: usize) -> Self {
        let start = match counts_from {
            CountsFrom::Newest => 0,
            CountsFrom::Oldest(length) => length.saturating_sub((size / 10).max(1)),
        };
        Self { counts_from, limit, start, read: BTreeSet::new(), pages: 0 }
    }

    /// The next page to ask for.
    pub fn window(&self) -> Window {
        Window { start: self.start, limit: self.limit, failed_only: false }
    }

    /// The tickets of the pages so far.
    pub fn read(&self) -> &BTreeSet<TicketNumber> {
        &self.read
    }

    /// The counts_from, with what is known now of the list's length.
    pub fn counts_from(&self) -> CountsFrom {
        self.counts_from
    }

    fn is_newer(&self, page: &PageFacts) -> bool {
        let (oldest, newest) = (page.numbers.iter().min(), self.read.last());
        self.counts_from == CountsFrom::Newest && oldest.zip(newest).is_some_and(|(oldest, newest)| oldest > newest)
    }

    /// A page came.
    pub fn take(&mut self, page: &PageFacts, known: &BTreeSet<TicketNumber>) -> Joining {
        self.pages += 1;
        if self.is_newer(page) && self.pages <= MOST_PAGES {
            // More arrived since the first of these pages than fits on one: it belongs to the next time.
            self.start += page.rows;
            return Joining::Going;
        }
        let reaches = page.numbers.iter().any(|number| known.contains(number));
        let follows = self.read.is_empty() || page.numbers.iter().any(|number| self.read.contains(number));
        let rows_before = self.read.len();
        self.read.extend(&page.numbers);
        if self.pages > MOST_PAGES || self.read.len() > MOST_READ || !follows {
            return Joining::Broken;
        }
        match &mut self.counts_from {
            CountsFrom::Newest if reaches => Joining::Joined,
            // An empty page joins nothing, and asking on from it would not either.
            CountsFrom::Newest if page.rows == 0 => Joining::Broken,
            CountsFrom::Newest => {
                self.start += page.rows.saturating_sub((page.rows / 10).max(1)).max(1);
                Joining::Going
            }
            CountsFrom::Oldest(_) if rows_before == 0 && !reaches => Joining::Broken,
            CountsFrom::Oldest(length) => {
                let end = self.start + page.rows;
                if end <= *length || page.numbers.is_empty() {
                    return Joining::Joined;
                }
                *length = end;
                self.start = end.saturating_sub((page.rows / 10).max(1));
                Joining::Going
            }
        }
    }
}
