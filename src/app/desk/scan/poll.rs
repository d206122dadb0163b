//! Polling: where the exchange sends no ticket events, the newest pages and the tickets on the screen are read every while.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::app::desk::Desk;
use crate::app::desk::in_flight::Purpose;
use crate::app::desk::link::Feed;
use crate::app::effect::Effects;
use crate::domain::{Boot, Now, TicketNumber};
use crate::protocol::Frame;
use crate::protocol::rpc::get_withdraw_ticket::{GetWithdrawTicket, TicketKey};
use crate::protocol::rpc::read_reply;

/// The newest pages are read this long after they were read last.
const POLL_EVERY: Duration = Duration::from_secs(10);
/// So many tickets of the screen are read with a poll, besides the selected one.
const MOST_WATCHED: usize = 5;

/// What is polled, and when.
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
    /// The tickets whose turn it is: the selected one, and a few of the screen after the one whose turn it was last.
    fn take_turn(&mut self) -> Vec<TicketNumber> {
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

impl Desk {
    /// What is on the screen: the tickets of the visible rows from the top, and the selected one.
    pub fn watch(&mut self, visible: impl Iterator<Item = TicketNumber>, selected: Option<TicketNumber>) {
        if self.link.feed == Feed::Reads {
            let poll = &mut self.scan.poll;
            poll.watched.clear();
            poll.watched.extend(visible);
            poll.selected = selected;
        }
    }

    pub(super) fn plan_poll(&mut self, now: Now) {
        self.scan.poll.due = Some(now.boot + POLL_EVERY);
    }

    /// When the next poll is due: only without events, on a link, and once the list was read.
    pub(in crate::app::desk) fn poll_due(&self) -> Option<Boot> {
        let is_idle = self.scan.is_at_rest() && !self.is_leaving() && self.reads_list;
        let session = self.link.ready().filter(|session| session.oms.is_some() && session.operator.is_some());
        self.scan.poll.due.filter(|_| is_idle && self.link.feed == Feed::Reads && session.is_some())
    }

    pub(in crate::app::desk) fn poll_deadlines(&mut self, now: Now) -> Effects {
        match self.poll_due() {
            Some(due) if due <= now.boot => self.start_poll(now),
            _ => Effects::quiet(),
        }
    }

    /// Reads the newest pages until they join what is known.
    pub(in crate::app::desk) fn start_poll(&mut self, now: Now) -> Effects {
        // Nothing is due while one is under way; its end plans the next.
        self.scan.poll.due = None;
        let Some(reading) = &mut self.scan.reading else { return self.start_scan(now) };
        if reading.joined().is_empty() || reading.may_hide_newer() {
            return self.start_scan(now);
        }
        reading.catch_up();
        self.ask_pages(now)
    }

    /// The newest end is joined: what of the screen was not among it is read by itself.
    pub(super) fn end_poll(&mut self, now: Now) -> Effects {
        self.scan.read_at = Some(now.wall);
        self.plan_poll(now);
        if self.link.feed != Feed::Reads {
            return Effects::none();
        }
        let mut effects = Effects::none();
        for number in self.scan.poll.take_turn() {
            // A ticket whose cancel stands open is read for its sake.
            if self.cancellations.values().any(|open| open.ticket() == number && open.is_open()) {
                continue;
            }
            if let Some(key) = self.tickets.get(number).and_then(TicketKey::of) {
                let asked = self.read_ticket(&key, Purpose::Watch(number), now);
                effects = effects.then(asked.unwrap_or_default());
            }
        }
        effects
    }

    pub(super) fn note_covered(&mut self, number: TicketNumber) {
        if self.scan.is_at_rest() {
            self.scan.poll.covered.insert(number);
        }
    }

    pub(super) fn poll_failed(&mut self, why: &str, now: Now) -> Effects {
        if let Some(reading) = &mut self.scan.reading {
            reading.rest();
        }
        self.activity.add(now, format!("the newest tickets could not be read: {why}"));
        self.plan_poll(now);
        Effects::none()
    }

    pub(in crate::app::desk) fn apply_watched(&mut self, number: TicketNumber, frame: &Frame, now: Now) -> Effects {
        let is_asked =
            |ticket: &_| self.tickets.get(number).and_then(TicketKey::of).is_some_and(|key| key.is_answered_by(ticket));
        match read_reply::<GetWithdrawTicket>(frame) {
            Ok(ticket) if is_asked(&ticket) => self.take_read_ticket(ticket, now),
            // The next poll, or the operator who looks into it, finds out more.
            _ => Effects::quiet(),
        }
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
