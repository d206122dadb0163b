//! A length of time with its unit, as the file writes it: `"10 s"`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

use crate::app::words::configuration::limits::{SpanFlaw, TIME_WANTED, no_span};

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

/// The units, and how many seconds each has.
const UNITS: [(&[&str], u64); 4] = [(&["s"], 1), (&["min"], 60), (&["h"], 3_600), (&["d", "day", "days"], 86_400)];

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |flaw| no_span(text, flaw);
        let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(digits).unwrap_or((text, ""));
        let number: u64 = number.parse().map_err(|_| wrong(SpanFlaw::NoNumber))?;
        let unit = unit.trim();
        if unit.is_empty() {
            return Err(wrong(SpanFlaw::NoUnit));
        }
        let seconds = UNITS.iter().find(|(names, _)| names.contains(&unit)).map(|(_, seconds)| seconds);
        let seconds = seconds.ok_or_else(|| wrong(SpanFlaw::UnknownUnit))?;
        let seconds = number.checked_mul(*seconds).ok_or_else(|| wrong(SpanFlaw::TooLong))?;
        Ok(Self(Duration::from_secs(seconds)))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let unit = |(_, size): &&(&[&str], u64)| seconds >= *size && seconds.is_multiple_of(*size);
        match UNITS.iter().rfind(unit) {
            Some((names, size)) => write!(f, "{} {}", seconds / size, names.last().unwrap_or(&"s")),
            None => write!(f, "{seconds} s"),
        }
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;
        impl Visitor<'_> for Words {
            type Value = Span;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(TIME_WANTED)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Span, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("10 s", 10, "10 s")]
    #[case("10s", 10, "10 s")]
    #[case("90 s", 90, "90 s")]
    #[case("2 min", 120, "2 min")]
    #[case("1 h", 3_600, "1 h")]
    #[case("90 days", 90 * 86_400, "90 days")]
    #[case("1 day", 86_400, "1 days")]
    fn a_time_has_a_unit(#[case] text: &str, #[case] seconds: u64, #[case] shown: &str) {
        let span: Span = text.parse().unwrap();
        assert_eq!((span.0.as_secs(), span.to_string().as_str()), (seconds, shown));
    }

    #[rstest]
    #[case("10", "has no unit")]
    #[case("", "no whole number")]
    #[case("s", "no whole number")]
    #[case("1.5 h", "unknown unit")]
    #[case("-1 s", "no whole number")]
    #[case("10 m", "unknown unit")]
    #[case("10 ms", "unknown unit")]
    #[case("99999999999999999 days", "too long")]
    #[case("99999999999999999999999 s", "no whole number that can be")]
    fn anything_else_is_refused_in_words(#[case] text: &str, #[case] said: &str) {
        let why = text.parse::<Span>().unwrap_err();
        assert!(why.contains(said) && why.contains("\"2 min\""), "{why}");
    }
}
