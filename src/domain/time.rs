//! Time as the core sees it: injected, never read.

use std::ops::{Add, Range};
use std::time::Duration;

use jiff::Timestamp;

/// Time since the machine started, suspended time included. Ages and limits are measured by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Boot(pub Duration);

impl Boot {
    /// The time since `earlier`; zero if it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Boot {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span))
    }
}

/// One instant on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The wall clock, UTC: for dates on the screen and in the journal.
    pub wall: Timestamp,
    /// The boot clock: for ages and limits.
    pub boot: Boot,
}

impl Now {
    /// The instant at which the boot clock stood at `boot`, which is not later.
    #[must_use]
    pub fn back_to(self, boot: Boot) -> Self {
        let ago = self.boot.since(boot);
        Self { wall: self.wall.checked_sub(ago).unwrap_or(self.wall), boot }
    }
}

/// `08:32:14Z`.
pub fn clock_time(at: Timestamp) -> String {
    at.strftime("%H:%M:%SZ").to_string()
}

/// `08:32:14Z` for a time that is less than half a day from now, else with its date.
pub fn near(at: Timestamp, now: Timestamp) -> String {
    const HALF_A_DAY: i64 = 12 * 60 * 60;
    if at.duration_since(now).as_secs().abs() < HALF_A_DAY { clock_time(at) } else { date_time(at) }
}

/// `08:32:14.204Z`, for the steps of a cancel.
pub fn clock_millis(at: Timestamp) -> String {
    at.strftime("%H:%M:%S%.3fZ").to_string()
}

/// `2026-11-22 08:32:14Z`.
pub fn date_time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// `2026-11-22T08:32:14.204117Z`, as the journal writes it.
pub fn journal_time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// Ticks of 100 ns from the year 1 to 1970.
const TICKS_TO_1970: i64 = 621_355_968_000_000_000;
/// Ticks of a second.
const TICKS: i64 = 10_000_000;

/// A time as the exchange told it, inert: its ticks of 100 ns since the year 1 as a date, to the last digit, anything else as it is.
pub fn told(text: &str) -> String {
    let is_tick = text.len() == 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    let ticks = text.parse::<i64>().ok().filter(|_| is_tick).map(|ticks| ticks - TICKS_TO_1970);
    let at = ticks.and_then(|ticks| {
        let nanos = i32::try_from(ticks.rem_euclid(TICKS) * 100).ok()?;
        Timestamp::new(ticks.div_euclid(TICKS), nanos).ok()
    });
    at.map_or_else(|| super::text::inert(text), |at| at.strftime("%Y-%m-%d %H:%M:%S%.fZ").to_string())
}

/// The first second of 2000, and of 9999. A clock that says another time is wrong: this program is younger.
const PLAUSIBLE: Range<i64> = 946_684_800..253_370_764_800;

/// Clocks of two machines may be as far apart as this.
const APART: i64 = 600;

/// True if a clock that tells this may be right.
pub fn is_plausible(at: Timestamp) -> bool {
    PLAUSIBLE.contains(&at.as_second())
}

/// An age in its largest unit, four columns at most: `5s`, `12m`, `26h`, `3d`, `412d`; `?` where a clock is wrong.
pub fn age(now: Timestamp, then: Timestamp) -> String {
    if !is_plausible(now) || !is_plausible(then) {
        return "?".to_owned();
    }
    let seconds = now.as_second().saturating_sub(then.as_second());
    match seconds {
        ahead if ahead <= -APART => "?".to_owned(),
        i64::MIN..0 => "0s".to_owned(),
        0..60 => format!("{seconds}s"),
        60..7_200 => format!("{}m", seconds / 60),
        7_200..172_800 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn a_time_that_is_not_near_has_its_date() {
        let now: Timestamp = "2026-11-22T08:32:14Z".parse().unwrap();
        let later = |hours: i64| near(now + jiff::SignedDuration::from_hours(hours), now);
        assert_eq!((later(1), later(24)), ("09:32:14Z".to_owned(), "2026-11-23 08:32:14Z".to_owned()));
    }

    #[rstest]
    #[case::ahead(-5, "0s")]
    #[case::ahead_by_minutes(-599, "0s")]
    #[case::seconds(59, "59s")]
    #[case::minutes(119 * 60, "119m")]
    #[case::hours(26 * 3600, "26h")]
    #[case::days(3 * 86_400, "3d")]
    fn an_age_is_shown_in_its_largest_unit(#[case] seconds: i64, #[case] shown: &str) {
        let then: Timestamp = "2026-11-22T08:32:14Z".parse().unwrap();
        let now = Timestamp::from_second(then.as_second() + seconds).unwrap();
        assert_eq!(age(now, then), shown);
    }

    #[rstest]
    #[case::whole("639304130130000000", "2026-11-16 08:03:33Z")]
    #[case::to_the_last_digit("639304130130000001", "2026-11-16 08:03:33.0000001Z")]
    #[case::no_tick("63930413", "63930413")]
    #[case::text("2026-11-22T08:32:14\u{1b}Z", "2026-11-22T08:32:14<U+001B>Z")]
    fn ticks_are_told_as_a_date(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(told(text), shown);
    }

    #[rstest]
    #[case::started_without_a_clock("1970-01-01T00:00:07Z", "2026-11-22T08:32:14Z")]
    #[case::last_second_of_1999("1999-12-31T23:59:59Z", "1999-12-31T23:59:50Z")]
    #[case::after_all("9999-06-01T00:00:00Z", "2026-11-22T08:32:14Z")]
    #[case::no_date_of_a_ticket("2026-11-22T08:32:14Z", "0001-01-01T00:00:00Z")]
    #[case::ahead_by_far("2026-11-22T08:32:14Z", "2026-11-22T09:32:14Z")]
    fn an_age_by_a_wrong_clock_is_not_known(#[case] now: Timestamp, #[case] then: Timestamp) {
        assert_eq!(age(now, then), "?");
    }
}
