//! Limits of a filter: more or less than an amount, older or younger than an age, made before or after a time.

use std::cmp::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::domain::Amount;
use crate::domain::amount::ExactNumber;

/// On which side of a limit a value must lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
}

impl Side {
    /// The signs, the longer ones first: `>=` begins with `>`.
    pub const SIGNS: [(&'static str, Self); 4] =
        [(">=", Self::AtLeast), ("<=", Self::AtMost), (">", Self::Above), ("<", Self::Below)];

    fn takes(self, order: Ordering) -> bool {
        match self {
            Self::Above => order.is_gt(),
            Self::AtLeast => order.is_ge(),
            Self::Below => order.is_lt(),
            Self::AtMost => order.is_le(),
        }
    }
}

/// A limit, and on which side of it a value must lie. A value that is not known lies on none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit<T> {
    /// The side.
    pub side: Side,
    /// The limit itself.
    pub value: T,
}

impl<T: Ord> Limit<T> {
    /// True if a value lies on the side.
    pub fn takes(&self, value: &T) -> bool {
        self.side.takes(value.cmp(&self.value))
    }
}

/// An amount as the limit of a filter has it: the digits of a number, without marks between thousands.
pub fn amount(text: &str) -> Option<ExactNumber> {
    Amount::new(text).exact_number()
}

/// The units of an age, and how many seconds each has.
const UNITS: [(&str, u64); 6] = [("s", 1), ("min", 60), ("m", 60), ("h", 3_600), ("d", 86_400), ("w", 604_800)];
/// No ticket is older.
const OLDEST: u64 = 1_000 * 365 * 86_400;

/// An age as the list shows it: `90s`, `15m`, `24h`, `3d`, `2w`.
pub fn age(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.find(|letter: char| !letter.is_ascii_digit())?)?;
    let (_, seconds) = UNITS.iter().find(|(name, _)| unit.eq_ignore_ascii_case(name))?;
    let seconds = number.parse::<u64>().ok()?.checked_mul(*seconds)?;
    (seconds <= OLDEST).then(|| Duration::from_secs(seconds))
}

/// A time in UTC: a date, which is its first moment, a date with a time, or the last time that the clock stood at a time of the day.
pub fn time(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let at = |moment: DateTime| moment.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    if let Ok(time) = text.parse::<Time>().ok().filter(|_| text.contains(':') && !text.contains('-')).ok_or(()) {
        let today = TimeZone::UTC.to_datetime(now).date();
        let of_today = at(today.to_datetime(time))?;
        return if of_today <= now { Some(of_today) } else { at(today.yesterday().ok()?.to_datetime(time)) };
    }
    let date = || text.parse::<Date>().ok().filter(|_| text.len() == 10).map(|date| date.to_datetime(Time::midnight()));
    let moment = || text.parse::<DateTime>().ok().filter(|_| text.contains(['T', 't', ' ']));
    at(date().or_else(moment)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("90s", Some(90))]
    #[case("15m", Some(900))]
    #[case("15min", Some(900))]
    #[case("24H", Some(86_400))]
    #[case("2w", Some(1_209_600))]
    #[case("24", None)]
    #[case("h", None)]
    #[case("1.5h", None)]
    #[case("-1h", None)]
    #[case("99999999999999999999d", None)]
    #[case("9999999999d", None)]
    fn an_age_is_a_whole_number_with_its_unit(#[case] text: &str, #[case] seconds: Option<u64>) {
        assert_eq!(age(text), seconds.map(Duration::from_secs));
    }

    #[rstest]
    #[case::date("2026-11-25", Some("2026-11-25T00:00:00Z"))]
    #[case::minutes("2026-11-25T05:58", Some("2026-11-25T05:58:00Z"))]
    #[case::seconds("2026-11-25T05:58:04Z", Some("2026-11-25T05:58:04Z"))]
    #[case::with_a_blank("2026-11-25 05:58", Some("2026-11-25T05:58:00Z"))]
    #[case::earlier_today("05:50", Some("2026-11-22T05:50:00Z"))]
    #[case::as_it_is_shown("05:50Z", Some("2026-11-22T05:50:00Z"))]
    #[case::yesterday("23:10", Some("2026-11-21T23:10:00Z"))]
    #[case::no_such_day("2026-02-30", None)]
    #[case::no_such_hour("25:00", None)]
    #[case::word("yesterday", None)]
    #[case::bare_number("12", None)]
    #[case::year("2026", None)]
    fn a_time_is_a_date_or_a_time_of_the_day_or_both(#[case] text: &str, #[case] read: Option<&str>) {
        let now = "2026-11-22T08:32:14Z".parse().unwrap();
        assert_eq!(time(text, now), read.map(|read| read.parse().unwrap()));
    }
}
