//! The rows of the list: the tickets that the filter takes, in their order. A view of the store, which it learns of by its changes. A
//! filter or an order that is new is worked through slice by slice, so that no key waits for it; what is found stands there at once.

use std::collections::HashMap;

use jiff::Timestamp;

use super::filter::Filter;
use super::ordered::Ordered;
use super::sort::{Place, Sort, SortColumn, SortKey};
use crate::app::desk::list::List;
use crate::app::desk::tickets::RowChange;
use crate::domain::TicketNumber;

/// The tickets that are looked at in one slice, at the most.
const SLICE: usize = 1_000;
/// A slice ends behind a ticket with which it has looked at more text than this.
const SLICE_BYTES: usize = 2 * 1024 * 1024;

/// The rows, from the top.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    filter: Filter,
    shown: Ordered,
    /// What each of them is ordered by; empty where that is the number.
    keys: HashMap<TicketNumber, SortKey>,
    sweep: Option<Sweep>,
}

/// The tickets that a new filter or order has still to look at.
#[derive(Clone, Debug)]
struct Sweep {
    left: Left,
    looked_at: usize,
    of: usize,
}

#[derive(Clone, Debug)]
enum Left {
    /// Every ticket that is older than this one.
    Below(TicketNumber),
    /// These, of which the last comes first.
    These(Vec<TicketNumber>),
}

/// How far the looking for rows got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepProgress {
    /// Tickets looked at.
    pub looked_at: usize,
    /// Tickets to look at.
    pub of: usize,
}

impl Rows {
    /// The filter; an empty one takes every ticket.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The order.
    pub fn sort(&self) -> Sort {
        self.shown.sort()
    }

    /// Shows what a filter takes, from the first slice on.
    pub fn set_filter(&mut self, filter: Filter, list: &List, now: Timestamp) {
        let narrowed = self.sweep.is_none() && self.filter.is_narrowed_by(&filter) && !self.filter.goes_by_age();
        self.filter = filter;
        self.start(narrowed, self.sort(), list, now);
    }

    /// Shows the rows in another order, from the first slice on.
    pub fn set_sort(&mut self, sort: Sort, list: &List, now: Timestamp) {
        self.start(self.sweep.is_none(), sort, list, now);
    }

    fn start(&mut self, among_shown: bool, sort: Sort, list: &List, now: Timestamp) {
        let left = if among_shown {
            let mut shown: Vec<_> = self.shown.from(0).map(|place| place.number).collect();
            shown.reverse();
            Left::These(shown)
        } else {
            Left::Below(TicketNumber(u64::MAX))
        };
        let of = match &left {
            Left::Below(_) => list.tickets().rows(),
            Left::These(tickets) => tickets.len(),
        };
        self.shown = Ordered::by(sort);
        self.keys.clear();
        self.sweep = Some(Sweep { left, looked_at: 0, of });
        self.go_on(list, now);
    }

    /// How far the looking got, while there is something left to look at.
    pub fn progress(&self) -> Option<SweepProgress> {
        self.sweep.as_ref().map(|sweep| SweepProgress { looked_at: sweep.looked_at, of: sweep.of })
    }

    /// Looks at the next slice of what is left.
    pub fn go_on(&mut self, list: &List, now: Timestamp) {
        let Some(mut sweep) = self.sweep.take() else { return };
        let tickets = list.tickets();
        let mut bytes = 0;
        let mut slice: Vec<TicketNumber> = match &mut sweep.left {
            Left::Below(number) => tickets.numbers_below(*number).take(SLICE).collect(),
            Left::These(these) => these.iter().rev().take(SLICE).copied().collect(),
        };
        let is_within = |number: &TicketNumber| {
            let fits = bytes <= SLICE_BYTES;
            bytes += tickets.bytes_of(*number);
            fits
        };
        slice.truncate(slice.iter().copied().take_while(is_within).count());
        for number in &slice {
            self.look_at(*number, list, now);
        }
        sweep.looked_at += slice.len();
        let is_over = match &mut sweep.left {
            Left::Below(number) => {
                *number = slice.last().copied().unwrap_or(*number);
                slice.is_empty()
            }
            Left::These(these) => {
                these.truncate(these.len() - slice.len());
                these.is_empty()
            }
        };
        self.sweep = (!is_over).then_some(sweep);
    }

    /// The store changed.
    pub fn hear(&mut self, changes: &[RowChange], list: &List, now: Timestamp) {
        for change in changes {
            match *change {
                RowChange::Gone(number) => self.take_out(number),
                RowChange::Added(number) if self.takes_all() => self.put_in(Place { key: SortKey::Number, number }),
                RowChange::Changed(_) if self.takes_all() => {}
                RowChange::Added(number) | RowChange::Changed(number) => self.look_at(number, list, now),
            }
        }
    }

    /// True if neither the rows nor their order depend on what the tickets hold.
    fn takes_all(&self) -> bool {
        self.filter.is_empty() && self.sort().column == SortColumn::Ticket
    }

    /// Gives a ticket the row that it must have now, if any.
    fn look_at(&mut self, number: TicketNumber, list: &List, now: Timestamp) {
        self.take_out(number);
        let row = list.row(number).filter(|row| self.filter.has(row, now));
        if let Some(row) = row {
            self.put_in(Place { key: self.sort().key(&row), number });
        }
    }

    fn put_in(&mut self, place: Place) {
        if place.key != SortKey::Number {
            self.keys.insert(place.number, place.key.clone());
        }
        self.shown.insert(place);
    }

    fn take_out(&mut self, number: TicketNumber) {
        if let Some(place) = self.place(number) {
            self.shown.remove(&place);
            self.keys.remove(&number);
        }
    }

    /// The place that a ticket has, or would have where rows are ordered by number.
    fn place(&self, number: TicketNumber) -> Option<Place> {
        let key = match self.sort().column {
            SortColumn::Ticket => SortKey::Number,
            _ => self.keys.get(&number)?.clone(),
        };
        Some(Place { key, number })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// The ticket of a row.
    pub fn at(&self, row: usize) -> Option<TicketNumber> {
        self.shown.from(row).next().map(|place| place.number)
    }

    /// The row of a ticket.
    pub fn row_of(&self, number: TicketNumber) -> Option<usize> {
        self.place_of(number)?.ok()
    }

    /// The row of a ticket, or the one at which it would stand if it had one; nothing where that is not known any more.
    pub fn place_of(&self, number: TicketNumber) -> Option<Result<usize, usize>> {
        self.place(number).map(|place| self.shown.find(&place))
    }

    /// The tickets of at most `count` rows from `first` on.
    pub fn window(&self, first: usize, count: usize) -> impl Iterator<Item = TicketNumber> {
        self.shown.from(first).take(count).map(|place| place.number)
    }
}

#[cfg(test)]
mod tests;
