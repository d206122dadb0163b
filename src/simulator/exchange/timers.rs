//! Timers, for all that happens without a call: new tickets, sessions that end, links that break by the clock.

use std::time::Duration;

use jiff::Timestamp;

use super::{Deed, Exchange, Later};
use crate::simulator::book::Changer;

impl Exchange {
    /// Begins: what comes by the clock is planned from now on. The first client does it, if nobody did before.
    pub fn open(&mut self, now: Timestamp) {
        if std::mem::replace(&mut self.is_open, true) {
            return;
        }
        if let Some(after) = self.conduct.sessions.expire_after_ms {
            self.plan(Duration::from_millis(after), Later::Expiry, now);
        }
        if let Some(arrivals) = self.conduct.arrivals {
            self.plan(pause(arrivals.every_ms), Later::Arrival(0), now);
        }
        if let Some(colleague) = &self.conduct.colleague {
            self.plan(pause(colleague.every_ms), Later::Colleague, now);
        }
        for (which, of) in self.conduct.links.breaks.clone().into_iter().enumerate() {
            if let Some(first) = of.after_ms.or(of.every_ms) {
                self.plan(Duration::from_millis(first), Later::TimedBreak(which), now);
            }
        }
    }

    /// A new ticket comes now, at the newest end, with an event. Answers its number.
    pub fn arrive(&mut self, is_failed: bool, now: Timestamp) -> u64 {
        let number = self.book.arrive(is_failed, self.clock(now));
        let mut deeds = Vec::new();
        self.tell(number, &mut deeds);
        for deed in deeds {
            self.plan(Duration::ZERO, Later::Deed(deed), now);
        }
        number
    }

    pub(super) fn arrive_in_turn(&mut self, before: u64, now: Timestamp, deeds: &mut Vec<Deed>) {
        let Some(arrivals) = self.conduct.arrivals else { return };
        if arrivals.times.is_some_and(|times| before >= times) {
            return;
        }
        for nth in before..before + arrivals.at_once.max(1) {
            let is_failed = fastrand::Rng::with_seed(nth).u32(0..100) < arrivals.failed_of_100;
            let number = self.book.arrive(is_failed, self.clock(now));
            self.tell(number, deeds);
        }
        self.plan(pause(arrivals.every_ms), Later::Arrival(before + arrivals.at_once.max(1)), now);
    }

    /// A colleague takes the newest failed ticket, and goes on.
    pub(super) fn meddle_in_turn(&mut self, now: Timestamp, deeds: &mut Vec<Deed>) {
        let Some(colleague) = self.conduct.colleague.clone() else { return };
        if let Some(ticket) = self.failed(1) {
            self.change(ticket, &colleague.becomes, Changer { id: 4, name: "mlopez" }, now, deeds);
        }
        self.plan(pause(colleague.every_ms), Later::Colleague, now);
    }
}

/// Between two arrivals there is always a moment: else they would never let anything else happen.
fn pause(every_ms: u64) -> Duration {
    Duration::from_millis(every_ms.max(1))
}
