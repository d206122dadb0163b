//! The poll: what is read every while where the exchange sends no ticket events, and whose turn it is. It asks nothing itself.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::domain::{Boot, Now, TicketNumber};

/// The newest pages are read this long after they were read last.
const POLL_EVERY: Duration = Duration::from_secs(10);
/// So many tickets of the screen are read with a poll, besides the selected one.
const MOST_WATCHED: usize = 5;

/// The tickets that are polled, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Poll {
    due: Option<Boot>,
    /// The tickets on the screen, from the top.
    watched: Vec<TicketNumber>,
    selected: Option<TicketNumber>,
    /// Whose turn it was last.
    turn: Option<TicketNumber>,
    /// Tickets that the newest pages of this poll showed.
    covered: BTreeSet<TicketNumber>,
}

impl Poll {
    /// Notes the tickets of the visible rows from the top, and the selected one.
    pub(super) fn watch(&mut self, visible: Vec<TicketNumber>, selected: Option<TicketNumber>) {
        self.watched = visible;
        self.selected = selected;
    }

    /// The next poll is due after a while.
    pub(super) fn plan(&mut self, now: Now) {
        self.due = Some(now.boot + POLL_EVERY);
    }

    /// One is under way; nothing is due until its end plans the next.
    pub(super) fn begin(&mut self) {
        self.due = None;
    }

    pub(super) fn due(&self) -> Option<Boot> {
        self.due
    }

    /// The newest pages showed a ticket, so it is not read by itself.
    pub(super) fn cover(&mut self, number: TicketNumber) {
        self.covered.insert(number);
    }

    /// The tickets whose turn it is: the selected one, and a few of the screen after the one whose turn it was last.
    pub(super) fn take_turn(&mut self) -> Vec<TicketNumber> {
        let covered = std::mem::take(&mut self.covered);
        let others: Vec<TicketNumber> = self
            .watched
            .iter()
            .copied()
            .filter(|number| !covered.contains(number) && Some(*number) != self.selected)
            .collect();
        // The screen runs from the newest down, so the next one has a smaller number.
        let next = self.turn.map_or(0, |last| others.partition_point(|number| *number >= last));
        let turn: Vec<TicketNumber> =
            others.iter().cycle().skip(next).take(MOST_WATCHED.min(others.len())).copied().collect();
        self.turn = turn.last().copied().or(self.turn);
        self.selected.filter(|number| !covered.contains(number)).into_iter().chain(turn).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(from: impl IntoIterator<Item = u64>) -> Vec<TicketNumber> {
        from.into_iter().map(TicketNumber).collect()
    }

    #[test]
    fn every_ticket_of_the_screen_has_its_turn_and_the_selected_one_always() {
        let mut poll = Poll { watched: numbers((1..=12).rev()), selected: Some(TicketNumber(12)), ..Poll::default() };
        assert_eq!(poll.take_turn(), numbers([12, 11, 10, 9, 8, 7]));
        assert_eq!(poll.take_turn(), numbers([12, 6, 5, 4, 3, 2]));
        assert_eq!(poll.take_turn(), numbers([12, 1, 11, 10, 9, 8]));
    }

    #[test]
    fn what_the_newest_pages_showed_is_not_read_again() {
        let mut poll = Poll {
            watched: numbers([5, 4, 3]),
            selected: Some(TicketNumber(5)),
            covered: numbers([5, 4]).into_iter().collect(),
            ..Poll::default()
        };
        assert_eq!(poll.take_turn(), numbers([3]));
        assert_eq!(poll.take_turn(), numbers([5, 4, 3]), "covered by that poll alone");
    }
}
