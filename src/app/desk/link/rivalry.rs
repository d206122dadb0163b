//! Links that end soon after their login, again and again, as where each login of a user ends the one before it: two desks with one
//! login would throw each other out for ever. A bad network ends links as well, so it is told apart by what such desks never see:
//! a try that fails, a silence, a link that lasts longer than any desk waits. Pure; it decides when a person has to look.

use std::time::Duration;

use crate::domain::Boot;
use crate::protocol::Parting;

/// No rival waits so long before it logs in again: a link that lasted for this long was not ended by one.
const NO_RIVAL: Duration = Duration::from_secs(60);
/// A network makes no close frame: so many in a row are enough.
const MOST_CLOSED: u32 = 3;
/// A link that ends without a word may be the network's: so many in a row
const MOST_DROPPED: u32 = 8;
/// over this time are no passing trouble.
const NO_PASSING_TROUBLE: Duration = Duration::from_secs(180);

/// The links in a row that ended so.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rivalry {
    closed: u32,
    ended: u32,
    first: Option<Boot>,
}

/// A person has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rival {
    /// So many links in a row were closed.
    Closed(u32),
    /// So many links in a row ended, most without a word.
    Dropped { times: u32, over: Duration },
}

impl Rivalry {
    /// A link ended that was logged in for so long, or one could not be opened.
    pub(super) fn take(&mut self, parting: Parting, lasted: Option<Duration>, now: Boot) -> Option<Rival> {
        let is_short = lasted.is_some_and(|lasted| lasted < NO_RIVAL);
        if !is_short || parting == Parting::Troubled {
            *self = Self::default();
            return None;
        }
        self.closed = if parting == Parting::Closed { self.closed + 1 } else { 0 };
        self.ended += 1;
        let over = now.since(*self.first.get_or_insert(now));
        let rival = if self.closed >= MOST_CLOSED {
            Rival::Closed(self.closed)
        } else if self.ended >= MOST_DROPPED && over >= NO_PASSING_TROUBLE {
            Rival::Dropped { times: self.ended, over }
        } else {
            return None;
        };
        // A person looked, and says that it is to be tried: it begins anew.
        *self = Self::default();
        Some(rival)
    }
}

#[cfg(test)]
mod tests {
    use super::super::retry::{STABLE_AFTER, retry_delay};
    use super::*;
    use rstest::rstest;

    const LOGIN: Duration = Duration::from_millis(300);

    fn at(since: Duration) -> Boot {
        Boot::default() + since
    }

    /// A desk, as far as its links go.
    struct Side {
        seed: u64,
        failures: u32,
        up_since: Duration,
        rivalry: Rivalry,
    }

    impl Side {
        fn new(seed: u64) -> Self {
            Self { seed, failures: 0, up_since: Duration::ZERO, rivalry: Rivalry::default() }
        }

        /// Its link ends; how long it waits, unless it is held.
        fn end(&mut self, parting: Parting, now: Duration) -> Result<Duration, Rival> {
            let lasted = now.saturating_sub(self.up_since);
            if let Some(rival) = self.rivalry.take(parting, Some(lasted), at(now)) {
                return Err(rival);
            }
            if lasted >= STABLE_AFTER {
                self.failures = 0;
            }
            self.failures += 1;
            Ok(retry_delay(self.seed, self.failures))
        }
    }

    #[rstest]
    #[case(Parting::Closed, 150)]
    #[case(Parting::Dropped, 420)]
    fn of_two_desks_that_throw_each_other_out_one_stops_soon(#[case] parting: Parting, #[case] limit: u64) {
        for seed in 0..500 {
            let mut sides = [Side::new(seed), Side::new(seed + 1_000_000)];
            let mut now = Duration::from_secs(5);
            // Each turn one logs in, which ends the other's link.
            for turn in 0.. {
                match sides[turn % 2].end(parting, now) {
                    Err(_) => break,
                    Ok(wait) => now += wait + LOGIN,
                }
                sides[turn % 2].up_since = now;
                assert!(now.as_secs() < limit, "seed {seed}: still fighting after {} s", now.as_secs());
            }
        }
    }

    #[test]
    fn a_network_that_drops_every_link_every_two_seconds_for_two_minutes_is_outlasted() {
        for seed in 0..500 {
            let mut side = Side::new(seed);
            let mut now = Duration::ZERO;
            while now.as_secs() < 120 {
                now = Duration::from_secs((now.as_secs() / 2 + 1) * 2);
                let wait = side.end(Parting::Dropped, now).unwrap_or_else(|rival| panic!("seed {seed}: {rival:?}"));
                now += wait + LOGIN;
                side.up_since = now;
            }
        }
    }

    #[rstest]
    #[case::that_is_named(Parting::Troubled, Some(Duration::from_secs(5)))]
    #[case::that_kept_a_link_from_opening(Parting::Dropped, None)]
    #[case::after_a_link_that_lasted(Parting::Dropped, Some(NO_RIVAL))]
    fn a_trouble_begins_the_count_anew(#[case] parting: Parting, #[case] lasted: Option<Duration>) {
        let mut rivalry = Rivalry::default();
        for end in 1..100 {
            let now = at(Duration::from_secs(end * 30));
            let (parting, lasted) =
                if end % 7 == 0 { (parting, lasted) } else { (Parting::Dropped, Some(Duration::from_secs(5))) };
            assert_eq!(rivalry.take(parting, lasted, now), None);
        }
    }
}
