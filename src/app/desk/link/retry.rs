//! How long to wait before a link is opened again: full jitter, so that consoles that lost their links together do not come
//! back together. Pure: it depends on the process and on how often it failed, and on nothing else.

use std::time::Duration;

/// The longest first wait; doubled with each failure.
const FIRST: Duration = Duration::from_secs(1);
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(30);
/// The shortest wait.
const SHORTEST: Duration = Duration::from_millis(250);

/// A link that was logged in for this long was stable: the failures before it do not count any more.
pub const STABLE_AFTER: Duration = Duration::from_secs(10);

/// The wait after `failures` failures in a row, in a process with this random seed: anything up to a bound that doubles.
pub fn retry_delay(seed: u64, failures: u32) -> Duration {
    let factor = 2u32.saturating_pow(failures.saturating_sub(1));
    let bound = FIRST.saturating_mul(factor).min(LONGEST);
    let bound = u64::try_from(bound.as_millis()).unwrap_or(0);
    let millis = scatter(seed ^ u64::from(failures).rotate_left(32)) % (bound + 1);
    Duration::from_millis(millis).max(SHORTEST)
}

/// Numbers that are near each other become numbers that are not (the finalizer of SplitMix64).
fn scatter(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(failures: u32) -> Vec<Duration> {
        (0..2_000).map(|seed| retry_delay(seed, failures)).collect()
    }

    #[test]
    fn every_wait_is_between_the_floor_and_a_bound_that_doubles_up_to_its_cap() {
        for (failures, bound) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (7, 30), (u32::MAX, 30)] {
            let bound = Duration::from_secs(bound);
            assert!(waits(failures).iter().all(|wait| (SHORTEST..=bound).contains(wait)), "{failures}");
        }
    }

    #[test]
    fn the_whole_span_is_used_evenly() {
        let waits = waits(6);
        for tenth in 0..10 {
            let span = LONGEST / 10 * tenth..LONGEST / 10 * (tenth + 1);
            let count = waits.iter().filter(|wait| span.contains(*wait)).count();
            assert!((130..270).contains(&count), "{count} of 2000 in tenth {tenth}");
        }
    }

    #[test]
    fn a_process_waits_the_same_each_time_it_is_asked_and_another_otherwise() {
        assert_eq!(retry_delay(7, 5), retry_delay(7, 5));
        let (one, other): (Vec<_>, Vec<_>) = (3..9).map(|n| (retry_delay(7, n), retry_delay(8, n))).unzip();
        assert_ne!(one, other);
    }
}
