//! The cursor of the list: a ticket number, never a row.

use crate::app::list::rows::Rows;
use crate::domain::TicketNumber;

/// Which ticket is selected, and which row of the list is on top of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The selected ticket. `None` until the operator or the first page chose one.
    pub ticket: Option<TicketNumber>,
    /// The row on top of the screen.
    pub top: usize,
    /// The selected ticket went off the list; until a cursor key chooses again, no ticket is selected.
    pub gone: Option<TicketNumber>,
    /// The operator's ticket, while the filter leaves it out and the cursor stands on the first hit.
    hidden: Option<TicketNumber>,
    row: usize,
}

impl Selection {
    /// Moves by rows, at most to the ends.
    pub fn move_by(&mut self, by: isize, rows: &Rows) {
        let last = rows.len().saturating_sub(1);
        let place = |ticket| rows.place_of(ticket).unwrap_or(Err(self.row));
        let row = match self.ticket.or(self.gone).map(place) {
            Some(Ok(row)) => row.saturating_add_signed(by),
            // The ticket that went stood between two rows: the one below it is one down.
            Some(Err(below)) if by > 0 => below.saturating_add_signed(by - 1),
            Some(Err(below)) => below.saturating_add_signed(by),
            None => self.row.min(last).saturating_add_signed(by),
        };
        self.choose(row.min(last), rows);
    }

    /// Moves to the first or the last row.
    pub fn move_to(&mut self, row: usize, rows: &Rows) {
        self.choose(row.min(rows.len().saturating_sub(1)), rows);
    }

    fn choose(&mut self, row: usize, rows: &Rows) {
        self.row = row;
        self.ticket = rows.at(row);
        self.gone = None;
        self.hidden = None;
    }

    /// Moves to the next row, or the one before; from the last to the first.
    pub fn move_round(&mut self, is_forward: bool, rows: &Rows) {
        let last = rows.len().saturating_sub(1);
        match (self.ticket.and_then(|ticket| rows.row_of(ticket)), is_forward) {
            (Some(row), true) if row == last => self.choose(0, rows),
            (Some(0), false) => self.choose(last, rows),
            (_, is_forward) => self.move_by(if is_forward { 1 } else { -1 }, rows),
        }
    }

    /// The rows are looked for by another filter or in another order: the cursor goes on with its ticket where that has a row again, and
    /// stands on the first one until then.
    pub fn look_anew(&mut self) {
        self.hidden = self.hidden.or(self.ticket).or(self.gone);
        self.ticket = None;
        self.gone = None;
        self.row = 0;
    }

    /// The list changed: the cursor stays on its ticket, whatever its row is now. If the ticket went, the cursor says so and
    /// does not slide onto a neighbour.
    pub fn follow(&mut self, rows: &Rows, page: usize) {
        if self.hidden.is_some_and(|hidden| rows.row_of(hidden).is_some()) {
            self.ticket = self.hidden.take();
        }
        match self.ticket.map(|ticket| (ticket, rows.row_of(ticket))) {
            Some((_, Some(row))) => self.row = row,
            Some((ticket, None)) => {
                self.ticket = None;
                self.gone = Some(ticket);
            }
            None if self.gone.is_none() => self.ticket = rows.at(self.row),
            None => {}
        }
        self.scroll(rows.len(), page);
    }

    /// Brings the selected row into sight.
    fn scroll(&mut self, rows: usize, page: usize) {
        let page = page.max(1);
        if self.row < self.top {
            self.top = self.row;
        } else if self.row >= self.top + page {
            self.top = self.row + 1 - page;
        }
        self.top = self.top.min(rows.saturating_sub(page));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::desk::list::List;
    use crate::app::desk::tickets::RowChange;
    use proptest::prelude::*;
    use rstest::rstest;

    fn hear(rows: &mut Rows, numbers: &[u64]) {
        let added: Vec<_> = numbers.iter().map(|number| RowChange::Added(TicketNumber(*number))).collect();
        rows.hear(&added, &List::default(), jiff::Timestamp::UNIX_EPOCH);
    }

    fn rows_of(numbers: &[u64]) -> Rows {
        let mut rows = Rows::default();
        hear(&mut rows, numbers);
        rows
    }

    #[test]
    fn the_cursor_stays_on_its_ticket_when_newer_ones_arrive() {
        let mut rows = rows_of(&[1, 2, 3]);
        let mut selection = Selection::default();
        selection.follow(&rows, 10);
        selection.move_by(1, &rows);
        assert_eq!(selection.ticket, Some(TicketNumber(2)));
        hear(&mut rows, &[9]);
        selection.follow(&rows, 10);
        assert_eq!(selection.ticket, Some(TicketNumber(2)));
    }

    #[test]
    fn the_cursor_does_not_slide_onto_a_neighbour_when_its_ticket_goes() {
        let mut selection = Selection::default();
        selection.follow(&rows_of(&[1, 2, 3]), 10);
        selection.follow(&rows_of(&[1, 2]), 10);
        assert_eq!((selection.ticket, selection.gone), (None, Some(TicketNumber(3))));
        selection.follow(&rows_of(&[1, 2]), 10);
        assert_eq!(selection.ticket, None);
        selection.move_by(1, &rows_of(&[1, 2]));
        assert_eq!((selection.ticket, selection.gone), (Some(TicketNumber(2)), None));
    }

    #[rstest]
    #[case::next_below(&[9, 7, 3, 1], 1, 3)]
    #[case::two_below(&[9, 7, 3, 1], 2, 1)]
    #[case::next_above(&[9, 7, 3, 1], -1, 7)]
    #[case::two_above(&[9, 7, 3, 1], -2, 9)]
    #[case::newer_ones_came(&[40, 30, 9, 7, 3, 1], 1, 3)]
    #[case::others_went_too(&[7, 3], -1, 7)]
    #[case::none_below(&[9, 7], 1, 7)]
    #[case::none_above(&[3, 1], -1, 3)]
    fn from_a_ticket_that_went_a_cursor_key_leads_to_its_neighbours(
        #[case] left: &[u64],
        #[case] by: isize,
        #[case] to: u64,
    ) {
        let mut selection = Selection::default();
        selection.follow(&rows_of(&[9, 7, 5, 3, 1]), 10);
        selection.move_by(2, &rows_of(&[9, 7, 5, 3, 1]));
        assert_eq!(selection.ticket, Some(TicketNumber(5)));
        let rows = rows_of(left);
        selection.follow(&rows, 10);
        selection.move_by(by, &rows);
        assert_eq!(selection.ticket, Some(TicketNumber(to)));
    }

    #[test]
    fn the_cursor_comes_back_to_its_ticket_when_the_filter_shows_it_again() {
        let mut selection = Selection::default();
        selection.follow(&rows_of(&[1, 2, 3]), 10);
        selection.move_by(1, &rows_of(&[1, 2, 3]));
        selection.look_anew();
        selection.follow(&rows_of(&[1, 3]), 10);
        assert_eq!((selection.ticket, selection.gone), (Some(TicketNumber(3)), None));
        selection.look_anew();
        selection.follow(&rows_of(&[1, 2, 3]), 10);
        assert_eq!(selection.ticket, Some(TicketNumber(2)));
    }

    #[test]
    fn a_cursor_that_was_moved_among_the_hits_stays_where_it_was_moved_to() {
        let mut selection = Selection::default();
        selection.follow(&rows_of(&[1, 2, 3]), 10);
        selection.look_anew();
        selection.follow(&rows_of(&[1, 2]), 10);
        selection.move_by(1, &rows_of(&[1, 2]));
        selection.look_anew();
        selection.follow(&rows_of(&[1, 2, 3]), 10);
        assert_eq!(selection.ticket, Some(TicketNumber(1)));
    }

    #[rstest]
    #[case::on(&[3, 2, 1], 1, true, 1)]
    #[case::from_the_last_to_the_first(&[3, 2, 1], 2, true, 3)]
    #[case::from_the_first_to_the_last(&[3, 2, 1], 0, false, 1)]
    fn hits_go_round(#[case] hits: &[u64], #[case] row: usize, #[case] is_forward: bool, #[case] to: u64) {
        let (mut selection, rows) = (Selection::default(), rows_of(hits));
        selection.move_to(row, &rows);
        selection.move_round(is_forward, &rows);
        assert_eq!(selection.ticket, Some(TicketNumber(to)));
    }

    proptest! {
        #[test]
        fn whatever_the_list_does_the_selected_ticket_is_the_one_chosen_or_none(
            lists in proptest::collection::vec(proptest::collection::vec(1u64..30, 0..20), 1..12),
        ) {
            let mut selection = Selection { ticket: Some(TicketNumber(7)), ..Selection::default() };
            for list in lists {
                selection.follow(&rows_of(&list), 5);
                prop_assert!(selection.ticket.is_none_or(|ticket| ticket == TicketNumber(7)));
                if !list.contains(&7) {
                    prop_assert_eq!(selection.ticket, None);
                }
            }
        }
    }
}
