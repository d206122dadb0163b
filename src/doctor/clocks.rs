//! This machine's clock against the exchange's, and how long an answer takes.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::finding::CheckFinding;
use crate::app::words::doctor::{ASK_THE_EXCHANGE, clocks as words};
use crate::domain::time::is_plausible;
use crate::runtime::probe::Shaken;

/// The check of the clock.
pub const CLOCK: &str = "clock";
/// The check of the round trip.
pub const ROUND_TRIP: &str = "round-trip";

/// More than this, and the dates on the screen are off.
const NOTABLE: SignedDuration = SignedDuration::from_secs(2);
/// More than this, and codes of a second factor are refused.
const WRONG: SignedDuration = SignedDuration::from_secs(30);
/// A slower answer is felt with every key that reads.
const SLOW: Duration = Duration::from_millis(500);

/// Judges the clock by the `Date` of the handshake's answer.
pub fn clock(shaken: &Shaken) -> CheckFinding {
    if !is_plausible(shaken.answered) {
        return CheckFinding::fail(CLOCK, words::impossible(shaken.answered), words::SET_THE_CLOCK);
    }
    let Some(date) = &shaken.date else {
        return CheckFinding::unknown(CLOCK, words::NO_DATE).with_mend(words::SEE_THAT_IT_IS_SYNCHRONISED);
    };
    match jiff::fmt::rfc2822::parse(date) {
        Ok(date) => judge(skew(date.timestamp(), shaken), date.timestamp()),
        Err(_) => CheckFinding::unknown(CLOCK, words::UNREADABLE_DATE),
    }
}

/// Our clock is off by this, at the least: the header has whole seconds, and was written while the request was under way.
/// Positive where ours is ahead.
fn skew(date: Timestamp, shaken: &Shaken) -> SignedDuration {
    let Shaken { sent, answered, .. } = *shaken;
    let end_of_second = date.saturating_add(SignedDuration::from_secs(1)).unwrap_or(date);
    if sent > end_of_second {
        sent.duration_since(end_of_second)
    } else if answered < date {
        answered.duration_since(date)
    } else {
        SignedDuration::ZERO
    }
}

fn judge(skew: SignedDuration, date: Timestamp) -> CheckFinding {
    match skew.abs() {
        off if off > WRONG => CheckFinding::fail(CLOCK, words::too_far_apart(skew, date), words::SYNCHRONISE),
        off if off > NOTABLE => CheckFinding::warn(CLOCK, words::apart(skew, date), words::SYNCHRONISE),
        _ => CheckFinding::ok(CLOCK, words::TOGETHER),
    }
}

/// Judges the answers to a few pings: how long each took.
pub fn round_trip(took: &[Duration], failed: Option<String>) -> CheckFinding {
    let mut sorted = took.to_vec();
    sorted.sort_unstable();
    let (Some(middle), Some(worst)) = (sorted.get(sorted.len() / 2), sorted.last()) else {
        let why = failed.as_deref().unwrap_or(words::NONE_SENT);
        return CheckFinding::fail(ROUND_TRIP, words::no_ping(why), ASK_THE_EXCHANGE);
    };
    let found = words::round_trip(*middle, *worst, sorted.len());
    match failed {
        Some(why) => CheckFinding::warn(ROUND_TRIP, words::then(&found, &why), words::LOOK_AT_THE_NETWORK),
        None if *middle >= SLOW => CheckFinding::warn(ROUND_TRIP, found, words::NEARER),
        None => CheckFinding::ok(ROUND_TRIP, found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::CheckState::{self, Fail, Ok, Unknown, Warn};
    use rstest::rstest;

    fn shaken(date: Option<&str>, sent: &str, arrived: &str) -> Shaken {
        let (sent, answered) = (sent.parse().unwrap(), arrived.parse().unwrap());
        Shaken { date: date.map(str::to_owned), sent, answered, took: Duration::ZERO }
    }

    const DATE: Option<&str> = Some("Sun, 22 Nov 2026 08:32:14 GMT");

    #[rstest]
    #[case::same("08:32:14.2", "08:32:14.3", Ok, "no more than 2 s")]
    #[case::end_of_the_second("08:32:17.0", "08:32:17.1", Ok, "no more than 2 s")]
    #[case::a_slow_answer_is_no_skew("08:32:04", "08:32:24", Ok, "no more than 2 s")]
    #[case::ahead("08:32:20", "08:32:21", Warn, "5 s ahead of the exchange, which said 2026-11-22 08:32:14Z")]
    #[case::behind("08:32:03", "08:32:04", Warn, "10 s behind the exchange")]
    #[case::an_hour("07:32:14", "07:32:15", Fail, "3599 s behind the exchange")]
    fn the_clock_is_judged_by_the_least_that_it_is_off(
        #[case] sent: &str,
        #[case] arrived: &str,
        #[case] state: CheckState,
        #[case] said: &str,
    ) {
        let day = |time| format!("2026-11-22T{time}Z");
        let finding = clock(&shaken(DATE, &day(sent), &day(arrived)));
        assert_eq!(finding.state, state, "{finding:?}");
        assert!(finding.found.contains(said), "{finding:?}");
    }

    #[rstest]
    #[case::none(None)]
    #[case::no_date(Some("yesterday\u{1b}"))]
    fn without_a_date_the_clock_is_unknown(#[case] date: Option<&str>) {
        let finding = clock(&shaken(date, "2026-11-22T08:32:14Z", "2026-11-22T08:32:14Z"));
        assert_eq!(finding.state, Unknown, "{finding:?}");
    }

    #[rstest]
    #[case::quick(&[3, 90, 4], None, Ok, "4 ms, 90 ms at the worst of 3")]
    #[case::slow(&[499, 500, 501], None, Warn, "500 ms")]
    #[case::broken(&[3], Some("no answer within 5 s"), Warn, "then no answer")]
    #[case::none(&[], Some("no answer within 5 s"), Fail, "no Ping was answered: no answer within 5 s")]
    fn the_round_trip_is_the_middle_of_a_few(
        #[case] millis: &[u64],
        #[case] failed: Option<&str>,
        #[case] state: CheckState,
        #[case] said: &str,
    ) {
        let took: Vec<_> = millis.iter().copied().map(Duration::from_millis).collect();
        let finding = round_trip(&took, failed.map(str::to_owned));
        assert_eq!(finding.state, state, "{finding:?}");
        assert!(finding.found.contains(said), "{finding:?}");
    }
}
