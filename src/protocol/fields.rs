//! All fields of a reply as they arrived, for the views that hide nothing.

use serde_json::value::RawValue;

use super::{loose, object};
use crate::domain::RemoteText;

/// One field of a reply: its key, prefixed by the key it sits in, and its value with the digits that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyField {
    /// `Amount`, `TemplateForm.ExternalAddress`.
    pub key: RemoteText,
    /// A string's content, or the raw token.
    pub value: RemoteText,
}

/// Words of a key whose value is a name or free text; every other value may be an address, an id or a code.
const FREE_TEXT: [&str; 8] = ["name", "comment", "reason", "message", "errormsg", "description", "note", "memo"];

impl ReplyField {
    /// The value as it is shown: names and free text as they are written, anything else with every letter that is not ASCII
    /// spelled out.
    pub fn shown(&self) -> String {
        let key = self.key.raw().to_ascii_lowercase();
        let last = key.rsplit('.').next().unwrap_or_default();
        if FREE_TEXT.iter().any(|word| last.contains(word)) { self.value.inert() } else { self.value.exact() }
    }
}

/// Deeper nesting is shown as the raw token.
const DEPTH: usize = 3;

/// Every field of a JSON object in the order of arrival; objects inside it, or inside its strings and arrays, are opened.
pub fn all(payload: &str) -> Vec<ReplyField> {
    let mut out = Vec::new();
    open(payload, "", DEPTH, &mut out);
    out
}

fn open(json: &str, prefix: &str, depth: usize, out: &mut Vec<ReplyField>) {
    for (key, raw) in object::pairs(json).unwrap_or_default() {
        let key = if prefix.is_empty() { key.into_owned() } else { format!("{prefix}.{key}") };
        field(&key, raw, depth, out);
    }
}

fn field(key: &str, raw: &RawValue, depth: usize, out: &mut Vec<ReplyField>) {
    let value = loose::content(raw);
    let inside = value.trim_start();
    let before = out.len();
    if depth > 0 && inside.starts_with('{') {
        open(inside, key, depth - 1, out);
    } else if depth > 0 && inside.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(inside).unwrap_or_default();
        for (index, item) in items.into_iter().enumerate() {
            field(&format!("{key}[{index}]"), item, depth - 1, out);
        }
    }
    if out.len() == before {
        out.push(ReplyField { key: RemoteText::from(key), value: RemoteText::new(value) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_hidden_and_numbers_stay_verbatim() {
        let all: Vec<(String, String)> = all(
            r#"{"Amount":0.0010000000000000000000000000,"TemplateForm":"{\"ExternalAddress\":\"tb1q\",\"Amount\":1E+3}",
                "Comments":[{"CommentId":863,"Comment":"Withdraw Failed: x"}],"Attachments":[],"New":null,"Odd":"{"}"#,
        )
        .into_iter()
        .map(|field| (field.key.inert(), field.value.inert()))
        .collect();
        let expected = [
            ("Amount", "0.0010000000000000000000000000"),
            ("TemplateForm.ExternalAddress", "tb1q"),
            ("TemplateForm.Amount", "1E+3"),
            ("Comments[0].CommentId", "863"),
            ("Comments[0].Comment", "Withdraw Failed: x"),
            ("Attachments", "[]"),
            ("New", "null"),
            ("Odd", "{"),
        ];
        assert_eq!(all, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }
}
