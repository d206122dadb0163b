//! Reading the whole list again in the background: what changed while no link or no event told of it. The rows stay until the
//! reading is complete.

use std::time::Duration;

use crate::app::desk::session::{Feed, Session};
use crate::domain::{Boot, ConnectionId, Now};

/// Without events nothing tells that an old ticket failed: the whole list is read this long after it was read last.
const READ_EVERY: Duration = Duration::from_secs(600);
/// A reading that was cut off waits this long for a link that lasts, so that one that drops all the time is not read on for ever.
const LASTS_AFTER: Duration = Duration::from_secs(10);
/// A reading that stopped, and was not refused, goes on after this, by itself.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// True if the list is to be read again, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Again {
    /// Tickets that the last whole reading read, if there was one.
    pub before: Option<usize>,
    /// The link on which this reading began.
    begun_on: Option<ConnectionId>,
    /// True if this reading went on over another link: what it read first is as old as that.
    was_cut: bool,
    /// True if this reading makes up for one that was cut.
    makes_up: bool,
    /// When the last whole reading ended.
    ended: Option<Boot>,
    /// When it is to be read again, but not before the link lasts.
    due: Option<Boot>,
}

impl Again {
    /// A reading begins on a link.
    pub fn begin(&mut self, link: ConnectionId) {
        self.begun_on = Some(link);
        self.was_cut = false;
        self.due = None;
    }

    /// A reading goes on, on this link.
    pub fn go_on(&mut self, link: ConnectionId) {
        self.was_cut |= self.begun_on != Some(link);
        self.due = None;
    }

    /// The reading read so many tickets to its end.
    pub fn end(&mut self, read: usize, now: Now) {
        self.before = Some(read);
        self.ended = Some(now.boot);
        self.due = self.was_cut.then(|| if self.makes_up { now.boot + READ_EVERY } else { now.boot });
        self.makes_up = self.was_cut;
    }

    /// True if a reading of the list waits for a link that lasts.
    pub fn is_due(&self) -> bool {
        self.due.is_some()
    }

    /// When the list is to be read again on this link. Without events nothing tells that an old ticket failed, so a list at
    /// rest is read again every while.
    pub fn due_on(&self, session: &Session, feed: Feed, is_at_rest: bool) -> Option<Boot> {
        let lasts = session.since.boot + LASTS_AFTER;
        let slow = self.ended.filter(|_| feed == Feed::Reads && is_at_rest).map(|ended| ended + READ_EVERY);
        self.due.into_iter().chain(slow).map(|due| due.max(lasts)).min()
    }

    /// The reading stopped, for a reason that may pass; it goes on by itself.
    pub fn stop(&mut self, now: Now) {
        self.due = Some(now.boot + RETRY_AFTER);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    const FIRST: ConnectionId = ConnectionId(1);
    const SECOND: ConnectionId = ConnectionId(2);

    fn at(seconds: u64) -> Now {
        Now { wall: Timestamp::UNIX_EPOCH, boot: Boot(Duration::from_secs(seconds)) }
    }

    fn read(again: &mut Again, is_cut: bool, end: u64) -> Option<u64> {
        again.begin(FIRST);
        again.go_on(if is_cut { SECOND } else { FIRST });
        again.end(400, at(end));
        again.due.map(|due| due.0.as_secs())
    }

    #[test]
    fn a_reading_on_one_link_is_not_read_again() {
        assert_eq!(read(&mut Again::default(), false, 5), None);
    }

    #[test]
    fn a_cut_reading_is_made_up_for_at_once_and_a_cut_one_that_makes_up_later() {
        let mut again = Again::default();
        assert_eq!(read(&mut again, true, 5), Some(5));
        assert_eq!(read(&mut again, true, 20), Some(620), "not for ever one after the other");
        assert_eq!(read(&mut again, true, 700), Some(1_300));
        assert_eq!(read(&mut again, false, 1_400), None);
        assert_eq!(read(&mut again, true, 1_500), Some(1_500));
    }

    #[test]
    fn a_reading_that_stopped_goes_on_by_itself_the_first_one_too() {
        let mut again = Again::default();
        again.stop(at(5));
        assert_eq!(again.due, Some(at(35).boot));
        read(&mut again, false, 40);
        again.stop(at(50));
        assert_eq!(again.due, Some(at(80).boot));
    }
}
