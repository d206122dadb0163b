//! The rows of the list in their order: a view of the store, which it learns of by its changes and never walks.

use std::collections::{BTreeSet, VecDeque};

use super::sort::Sort;
use crate::app::desk::tickets::RowChange;
use crate::domain::TicketNumber;

/// The rows, from the top.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    sort: Sort,
    /// Open at both ends: a list may come from its newest or from its oldest ticket.
    order: VecDeque<TicketNumber>,
}

impl Rows {
    /// The store changed.
    pub fn hear(&mut self, changes: &[RowChange]) {
        for change in changes {
            // The order goes by the number, which no change touches.
            if let RowChange::Added(number) = *change
                && let Err(at) = self.find(number)
            {
                self.order.insert(at, number);
            }
        }
        // All that went go in one pass, since a reading of the list may take away many at once.
        let gone: BTreeSet<TicketNumber> = changes.iter().filter_map(RowChange::gone).collect();
        if !gone.is_empty() {
            self.order.retain(|number| !gone.contains(number));
        }
    }

    fn find(&self, number: TicketNumber) -> Result<usize, usize> {
        self.order.binary_search_by(|row| self.sort.order(*row, number))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The ticket of a row.
    pub fn at(&self, row: usize) -> Option<TicketNumber> {
        self.order.get(row).copied()
    }

    /// The row of a ticket.
    pub fn row_of(&self, number: TicketNumber) -> Option<usize> {
        self.find(number).ok()
    }

    /// The row of a ticket, or the one at which it would stand if it had one.
    pub fn place_of(&self, number: TicketNumber) -> Result<usize, usize> {
        self.find(number)
    }

    /// The tickets of at most `count` rows from `first` on.
    pub fn window(&self, first: usize, count: usize) -> impl Iterator<Item = TicketNumber> {
        self.order.range(first.min(self.order.len())..).take(count).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn added(numbers: &[u64]) -> Vec<RowChange> {
        numbers.iter().map(|number| RowChange::Added(TicketNumber(*number))).collect()
    }

    fn numbers(rows: &Rows) -> Vec<u64> {
        rows.window(0, 99).map(|number| number.0).collect()
    }

    #[test]
    fn rows_are_newest_first_and_each_ticket_has_one() {
        let mut rows = Rows::default();
        rows.hear(&added(&[5, 9, 7, 9, 5]));
        assert_eq!(numbers(&rows), [9, 7, 5]);
        assert_eq!((rows.row_of(TicketNumber(7)), rows.row_of(TicketNumber(8))), (Some(1), None));
        rows.hear(&[RowChange::Gone(TicketNumber(9)), RowChange::Changed(TicketNumber(5))]);
        assert_eq!(numbers(&rows), [7, 5]);
    }

    proptest! {
        #[test]
        fn whatever_comes_and_goes_the_rows_are_those_of_a_sorted_set(
            changes in proptest::collection::vec((0u64..30, any::<bool>()), 0..60),
        ) {
            let (mut rows, mut set) = (Rows::default(), BTreeSet::new());
            for (number, comes) in changes {
                let number = TicketNumber(number);
                if comes { set.insert(number) } else { set.remove(&number) };
                rows.hear(&[if comes { RowChange::Added(number) } else { RowChange::Gone(number) }]);
                prop_assert!(rows.window(0, 99).eq(set.iter().rev().copied()));
            }
        }
    }
}
