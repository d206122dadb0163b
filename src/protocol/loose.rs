//! Values that the exchange spells in more than one way, each read into one type (PROTOCOL.md 2, 5, 6, 8).
//!
//! All of them read the raw token, so that no number passes through a float.

use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

/// Text, whether it came as a string or as a bare token (a number where a name was expected).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub String);

/// A whole number, bare or in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole(pub i64);

/// A ticket number: a whole number from 0 to 2^64 - 1, bare or in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub u64);

/// A yes or no: `true`, `"true"`, `1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag(pub bool);

/// The text of a raw token: a string's content, or the token itself.
pub fn content(raw: &RawValue) -> Result<String, serde_json::Error> {
    if raw.get().starts_with('"') { serde_json::from_str(raw.get()) } else { Ok(raw.get().to_owned()) }
}

/// True for the raw token `null`.
pub fn is_null(raw: &RawValue) -> bool {
    raw.get() == "null"
}

fn token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    content(raw).map_err(de::Error::custom)
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        token(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = token(deserializer)?;
        text.parse().map(Self).map_err(|_| de::Error::custom(format_args!("{text:?} is not a whole number")))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = token(deserializer)?;
        text.parse().map(Self).map_err(|_| de::Error::custom(format_args!("{text:?} is not a ticket number")))
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = token(deserializer)?;
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(Self(true)),
            "false" | "0" => Ok(Self(false)),
            _ => Err(de::Error::custom(format_args!("{text:?} is not true or false"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_flags_are_read_bare_or_in_strings() {
        assert_eq!(serde_json::from_str::<Whole>("\"-7\"").unwrap(), Whole(-7));
        assert_eq!(serde_json::from_str::<Number>("18446744073709551615").unwrap(), Number(u64::MAX));
        assert_eq!(serde_json::from_str::<Flag>("\"True\"").unwrap(), Flag(true));
        assert_eq!(serde_json::from_str::<Text>("12").unwrap(), Text("12".to_owned()));
        for wrong in ["1.5", "1e3", "\"x\"", "[]"] {
            assert!(serde_json::from_str::<Whole>(wrong).is_err(), "{wrong}");
        }
    }
}
