//! Our own secrets, hidden in what the exchange says: one that echoes a password gets it onto no screen and into no journal.
//!
//! Pure. Numbers are left alone, bare or in a string: they are tickets and amounts, and one of them may well look like a code.

use std::borrow::Cow;

use super::Frame;

/// The words in a secret's place.
pub const HIDDEN: &str = "<secret>";

/// A shorter text is no secret, and hiding it would tear up every sentence.
const SHORTEST: usize = 4;
/// From this length on a secret is hidden inside of longer words as well.
const LONG: usize = 8;
/// JSON in a string of JSON, so many times: details of a provider come like that.
const DEPTH: u8 = 4;

/// Hides the secrets in a frame.
pub fn in_frame(frame: &mut Frame, secrets: &[&str]) {
    if let Cow::Owned(name) = in_text(&frame.name, secrets) {
        frame.name = name;
    }
    let is_plain = !frame.payload.contains('\\');
    if is_plain && !secrets.iter().any(|secret| frame.payload.contains(secret)) {
        return;
    }
    frame.payload = in_payload(&frame.payload, secrets, DEPTH);
}

/// Hides the secrets in a text, wherever they stand as a word of their own; long ones anywhere.
pub fn in_text<'a>(text: &'a str, secrets: &[&str]) -> Cow<'a, str> {
    let mut hidden = Cow::Borrowed(text);
    for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST) {
        if hidden.contains(secret) {
            hidden = Cow::Owned(without(&hidden, secret));
        }
    }
    hidden
}

fn without(text: &str, secret: &str) -> String {
    let mut parts = text.split(secret).peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(part) = parts.next() {
        out.push_str(part);
        let Some(next) = parts.peek() else { break };
        let is_in_a_word = continues(part.chars().rev()) || continues(next.chars());
        out.push_str(if is_in_a_word && !is_long_word(secret) { secret } else { HIDDEN });
    }
    out
}

/// True if a word or a number goes on with these characters.
fn continues(mut characters: impl Iterator<Item = char>) -> bool {
    match characters.next() {
        Some('.' | ',') => characters.next().is_some_and(|next| next.is_ascii_digit()),
        next => next.is_some_and(|next| next.is_alphanumeric() || next == '_'),
    }
}

fn is_long_word(secret: &str) -> bool {
    secret.len() >= LONG && !is_number(secret)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| matches!(character, '0'..='9' | '.' | ',' | '+' | '-' | 'e' | 'E'))
}

fn in_payload(text: &str, secrets: &[&str], depth: u8) -> String {
    if depth > 0 && text.trim_start().starts_with(['{', '[', '"']) {
        in_json(text, secrets, depth)
    } else {
        in_text(text, secrets).into_owned()
    }
}

/// Hides secrets in each string by itself, as it reads without its escapes; a string without one stays as it arrived.
fn in_json(text: &str, secrets: &[&str], depth: u8) -> String {
    let long: Vec<&str> = secrets.iter().copied().filter(|secret| is_long_word(secret)).collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('"') {
        out.push_str(&in_text(before, &long));
        let Some((raw, after)) = split_string(from) else {
            // No JSON after all.
            out.push('"');
            rest = from;
            break;
        };
        let is_key = after.trim_start().starts_with(':');
        match in_string(raw, if is_key { &long } else { secrets }, depth) {
            Some(hidden) => out.push_str(&hidden),
            None => out.extend(["\"", raw, "\""]),
        }
        rest = after;
    }
    out.push_str(&in_text(rest, &long));
    out
}

/// The text before the quote that ends the string, and the text after it.
fn split_string(text: &str) -> Option<(&str, &str)> {
    let mut is_escaped = false;
    let end = text.find(|character| {
        let ends = character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        ends
    })?;
    let (raw, after) = text.split_at_checked(end)?;
    Some((raw, after.strip_prefix('"')?))
}

/// The string anew, with its quotes, if there was something to hide.
fn in_string(raw: &str, secrets: &[&str], depth: u8) -> Option<String> {
    let said = if raw.contains('\\') {
        Cow::Owned(serde_json::from_str(&format!("\"{raw}\"")).unwrap_or_else(|_| raw.to_owned()))
    } else {
        Cow::Borrowed(raw)
    };
    let is_long_secret = || secrets.iter().any(|secret| secret.len() >= LONG && *secret == said);
    if is_number(&said) && !is_long_secret() {
        return None;
    }
    let hidden = in_payload(&said, secrets, depth - 1);
    (hidden != said).then(|| serde_json::Value::String(hidden).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CallId;
    use crate::protocol::FrameKind;
    use rstest::rstest;

    const SECRETS: [&str; 4] = ["hunter2!hunter2!", "235991", "pa\"ss", ""];

    fn payload(text: &str) -> String {
        let mut frame = Frame { kind: FrameKind::Reply, id: CallId(2), name: "x".to_owned(), payload: text.to_owned() };
        in_frame(&mut frame, &SECRETS);
        frame.payload
    }

    #[rstest]
    #[case::value(r#"{"errormsg":"no: hunter2!hunter2!"}"#, r#"{"errormsg":"no: <secret>"}"#)]
    #[case::inside_a_word(r#"{"a":"xhunter2!hunter2!x"}"#, r#"{"a":"x<secret>x"}"#)]
    #[case::key(r#"{"hunter2!hunter2!" : 1}"#, r#"{"<secret>" : 1}"#)]
    #[case::escaped(r#"{"a":"\u0068unter2!hunter2!\n"}"#, r#"{"a":"<secret>\n"}"#)]
    #[case::a_quote(r#"{"a":"pa\"ss"}"#, r#"{"a":"<secret>"}"#)]
    #[case::json_in_a_string(r#"{"a":"{\"b\":\"\\u0068unter2!hunter2!\"}"}"#, r#"{"a":"{\"b\":\"<secret>\"}"}"#)]
    #[case::code(r#"{"a":"235991 is wrong, not 235991."}"#, r#"{"a":"<secret> is wrong, not <secret>."}"#)]
    #[case::plain_text("no hunter2!hunter2! (235991)", "no <secret> (<secret>)")]
    #[case::broken(r#"{"a": hunter2!hunter2! "hunter2!hunter2!"#, r#"{"a": <secret> "<secret>"#)]
    fn a_secret_that_is_echoed_is_hidden(#[case] text: &str, #[case] hidden: &str) {
        assert_eq!(payload(text), hidden);
    }

    #[rstest]
    #[case::ticket(r#"{"TicketId":235991,"Id":"235991"}"#)]
    #[case::amount(r#"{"Amount":0.235991,"Fee":"0.235991","Text":"fee 0.235991 or 235991.5"}"#)]
    #[case::key(r#"{"235991":true}"#)]
    #[case::part_of_a_word(r#"{"code":"ab235991c"}"#)]
    #[case::escapes_stay(r#"{"a":"\u00e9\/\\","b":1.10}"#)]
    #[case::not_json("[\"\\")]
    fn everything_else_stays_as_it_arrived(#[case] text: &str) {
        assert_eq!(payload(text), text);
    }
}
