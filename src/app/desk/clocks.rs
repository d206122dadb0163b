//! The two clocks against each other: if they part, the machine's time was set, and nothing on the screen is as old as it
//! looks.

use jiff::SignedDuration;

use crate::domain::{Boot, Now};

/// Clocks that part by more than this between two events make everything stale.
const PARTED: SignedDuration = SignedDuration::from_secs(2);

/// The clocks as the last event saw them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    last: Option<Now>,
    parted_at: Option<Boot>,
}

impl Clocks {
    /// Notes the time of an input; tells whether the clocks parted since the one before.
    pub fn note(&mut self, now: Now) -> bool {
        let Some(last) = self.last.replace(now) else { return false };
        let boot = signed(now.boot).saturating_sub(signed(last.boot));
        let wall = now.wall.duration_since(last.wall);
        let has_parted = wall.saturating_sub(boot).abs() > PARTED;
        if has_parted {
            self.parted_at = Some(now.boot);
        }
        has_parted
    }

    /// True if they parted since.
    pub fn parted_since(&self, boot: Boot) -> bool {
        self.parted_at.is_some_and(|at| at >= boot)
    }
}

fn signed(boot: Boot) -> SignedDuration {
    SignedDuration::try_from(boot.0).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use rstest::rstest;
    use std::time::Duration;

    #[rstest]
    #[case::together(10_000, 10_000, false)]
    #[case::a_slept_laptop(3_600_000, 3_600_000, false)]
    #[case::a_little_apart(10_000, 12_000, false)]
    #[case::set_ahead(10_000, 12_001, true)]
    #[case::set_back(10_000, 7_999, true)]
    #[case::set_to_last_year(10, -31_536_000_000, true)]
    fn clocks_that_part_by_more_than_two_seconds_are_noticed(
        #[case] boot: u64,
        #[case] wall: i64,
        #[case] parted: bool,
    ) {
        let first = Now { wall: Timestamp::UNIX_EPOCH, boot: Boot(Duration::from_secs(9)) };
        let wall = Timestamp::from_millisecond(wall).unwrap();
        let mut clocks = Clocks::default();
        assert!(!clocks.note(first));
        assert_eq!(clocks.note(Now { wall, boot: first.boot + Duration::from_millis(boot) }), parted);
        assert_eq!(clocks.parted_since(first.boot), parted);
    }
}
