//! Tokens of JSON, each read into the one kind of value that is wanted, however the exchange spells it (PROTOCOL.md 2, 5, 6, 8).
//!
//! All of them read the raw token, so that no number passes through a float.

use std::borrow::Cow;

use serde_json::value::RawValue;

use crate::domain::TicketStatus;

/// A value that can be read from a token, in each of the forms in which the exchange sends it.
pub trait FromToken: Sized {
    /// The value, or `None` if the token has another form.
    fn from_token(raw: &RawValue) -> Option<Self>;
}

/// Text: a string's content, or a bare number or flag where a name was expected.
impl FromToken for String {
    fn from_token(raw: &RawValue) -> Option<Self> {
        (!raw.get().starts_with(['{', '['])).then(|| content(raw))
    }
}

/// A whole number, bare or in a string.
impl FromToken for i64 {
    fn from_token(raw: &RawValue) -> Option<Self> {
        lent(raw).parse().ok()
    }
}

/// A ticket number: a whole number from 0 to 2^64 - 1, bare or in a string.
impl FromToken for u64 {
    fn from_token(raw: &RawValue) -> Option<Self> {
        lent(raw).parse().ok()
    }
}

/// A yes or no: `true`, `"true"`, `1`.
impl FromToken for bool {
    fn from_token(raw: &RawValue) -> Option<Self> {
        match lent(raw).to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }
}

/// A status by its name or its number, `Failed`, `6`, `6.0`, `Failed (6)`; a word without a documented meaning is one as well, anything
/// else is none.
impl FromToken for TicketStatus {
    fn from_token(raw: &RawValue) -> Option<Self> {
        let text = lent(raw);
        let text = text.trim();
        let named = text.strip_suffix(')').and_then(|text| text.split_once('('));
        if let Some((name, number)) = named {
            let (name, number) = (Self::from_name(name.trim()), Self::from_name(number.trim()));
            return (name == number && name.is_known()).then_some(name);
        }
        let whole = text.split_once('.').filter(|(_, rest)| !rest.is_empty() && rest.bytes().all(|byte| byte == b'0'));
        let status = Self::from_name(whole.map_or(text, |(whole, _)| whole));
        let is_word = |name: &str| {
            name.len() <= LONGEST_WORD
                && name.starts_with(|first: char| first.is_ascii_alphabetic())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b' '))
        };
        let is_flag =
            matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "null" | "nan" | "none" | "undefined");
        match &status {
            Self::OtherName(name) if is_flag || !is_word(name.raw()) => None,
            _ => Some(status),
        }
    }
}

/// No status has a longer name.
const LONGEST_WORD: usize = 64;

/// JSON, inside a string or bare: a string's content, else the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inner(pub String);

impl FromToken for Inner {
    fn from_token(raw: &RawValue) -> Option<Self> {
        Some(Self(content(raw)))
    }
}

/// The text of a raw token: a string's content, or the token itself. Half of a letter that takes two escapes, which no text can
/// hold, is spelled out as `<U+D83D>`.
pub fn content(raw: &RawValue) -> String {
    lent(raw).into_owned()
}

/// The text of a raw token, lent where it stands there as it is: an answer of many fields is not copied to be looked through.
pub fn lent(raw: &RawValue) -> Cow<'_, str> {
    let token = raw.get();
    let Some(inside) = token.strip_prefix('"').and_then(|token| token.strip_suffix('"')) else {
        return Cow::Borrowed(token);
    };
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    let read = serde_json::from_str(token).or_else(|_| serde_json::from_str(&halves_spelled(token)));
    read.unwrap_or_else(|_| token.to_owned()).into()
}

/// A list or an object that was put into a string twice: what is in the inner string. No more than this one layer is taken off.
pub fn twice_encoded(payload: &str) -> Option<String> {
    let text = payload.trim();
    if !text.starts_with('"') {
        return None;
    }
    let inner = content(serde_json::from_str(text).ok()?);
    let inner = escaped(&inner).unwrap_or(inner);
    inner.trim_start().starts_with(['{', '[']).then_some(inner)
}

/// True for the raw token `null`.
pub fn is_null(raw: &RawValue) -> bool {
    raw.get() == "null"
}

/// JSON with the control characters inside its strings escaped. Some servers put a customer's line end into a string as it is,
/// which no reader of JSON takes, and the whole list with it. `None` where there are none to escape, so that no page is copied for it.
pub fn escaped(json: &str) -> Option<String> {
    if !json.bytes().any(|byte| byte < b' ') || !json.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let (mut out, mut is_inside, mut is_escaped) = (String::with_capacity(json.len()), false, false);
    for letter in json.chars() {
        match letter {
            control if is_inside && control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
        is_inside ^= letter == '"' && !is_escaped;
        is_escaped = is_inside && letter == '\\' && !is_escaped;
    }
    Some(out)
}

/// A string's token in which every escape of half a letter stands spelled out.
fn halves_spelled(token: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(token.len()), token);
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = &rest[at..];
        let length = match (unit(escape), unit(escape.get(UNIT..).unwrap_or_default())) {
            (Some(0xD800..0xDC00), Some(0xDC00..0xE000)) => 2 * UNIT,
            (Some(half @ 0xD800..0xE000), _) => {
                out.push_str(&format!("<U+{half:04X}>"));
                rest = &escape[UNIT..];
                continue;
            }
            _ => escape.chars().take(2).map(char::len_utf8).sum(),
        };
        out.push_str(&escape[..length]);
        rest = &escape[length..];
    }
    out.push_str(rest);
    out
}

/// The length of an escape `\uXXXX`.
const UNIT: usize = 6;

/// The unit of an escape `\uXXXX` at the start of a text.
fn unit(text: &str) -> Option<u32> {
    u32::from_str_radix(text.strip_prefix("\\u")?.get(..UNIT - 2)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn raw(token: &str) -> &RawValue {
        serde_json::from_str(token).unwrap()
    }

    #[test]
    fn numbers_and_flags_are_read_bare_or_in_strings() {
        assert_eq!(i64::from_token(raw("\"-7\"")), Some(-7));
        assert_eq!(u64::from_token(raw("18446744073709551615")), Some(u64::MAX));
        assert_eq!(bool::from_token(raw("\"True\"")), Some(true));
        assert_eq!(String::from_token(raw("12")), Some("12".to_owned()));
        for wrong in ["1.5", "1e3", "\"x\"", "[]", "\"\"", "{}"] {
            assert_eq!(i64::from_token(raw(wrong)), None, "{wrong}");
            assert_eq!(bool::from_token(raw(wrong)), None, "{wrong}");
        }
        assert_eq!(String::from_token(raw("{}")), None);
        assert_eq!(Inner::from_token(raw("{\"a\":1}")), Some(Inner("{\"a\":1}".to_owned())));
    }

    #[rstest]
    #[case::first_half(r#""a\ud83d b""#, "a<U+D83D> b")]
    #[case::second_half(r#""\udE00""#, "<U+DE00>")]
    #[case::turned(r#""\ude00\ud83d""#, "<U+DE00><U+D83D>")]
    #[case::three(r#""\ud83d\ud83d\ude00""#, "<U+D83D>😀")]
    #[case::whole(r#""\ud83d\ude00""#, "😀")]
    #[case::no_escape(r#""\\ud83d""#, "\\ud83d")]
    #[case::beside_others(r#""\"\n\ud83d\u0041""#, "\"\n<U+D83D>A")]
    fn half_a_letter_is_spelled_out(#[case] token: &str, #[case] text: &str) {
        assert_eq!(content(raw(token)), text);
    }

    #[rstest]
    #[case::line_end("[\"a\nb\"]", "[\"a\\u000ab\"]")]
    #[case::between("[\n\"a\",\t1]", "[\n\"a\",\t1]")]
    #[case::behind_a_quote("[\"a\\\"\tb\"]\n", "[\"a\\\"\\u0009b\"]\n")]
    #[case::behind_a_backslash("[\"a\\\\\",\n\"\u{1}\"]", "[\"a\\\\\",\n\"\\u0001\"]")]
    #[case::words("busy \"\n\"", "busy \"\n\"")]
    fn control_characters_inside_strings_are_escaped(#[case] json: &str, #[case] read: &str) {
        assert_eq!(escaped(json).as_deref().unwrap_or(json), read);
    }
}
