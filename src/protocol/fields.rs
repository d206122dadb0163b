//! All fields of a reply as they arrived, for the views that hide nothing.

use std::ops::ControlFlow;

use serde_json::value::RawValue;

use super::{loose, object};
use crate::domain::{RemoteText, kept};

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

/// Fields that are shown of an answer, and bytes of them: more would have to be laid out anew whenever the window is drawn.
const FIELDS: usize = 2_000;
const BYTES: usize = 256 * 1024;

/// The fields of an answer, as far as they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplyFields {
    /// In the order of arrival; a long value is cut, with a sign that says so.
    pub shown: Vec<ReplyField>,
    /// The bytes of the answer, if not all of its fields are shown.
    pub cut: Option<usize>,
}

/// Every field of a JSON object in the order of arrival; objects inside it, or inside its strings and arrays, are opened.
pub fn all(payload: &str) -> ReplyFields {
    let (mut fields, mut bytes) = (ReplyFields::default(), 0);
    let inner = loose::twice_encoded(payload);
    let ended = each(inner.as_deref().unwrap_or(payload), &mut |key, value| {
        let value = kept::text(value.to_owned());
        bytes += key.len() + value.len();
        if fields.shown.len() == FIELDS || bytes > BYTES {
            return ControlFlow::Break(());
        }
        fields.shown.push(ReplyField { key: RemoteText::from(key), value: RemoteText::new(value) });
        ControlFlow::Continue(())
    });
    fields.cut = ended.is_break().then_some(payload.len());
    fields
}

/// Whoever looks at fields, until it has seen enough.
type Look<'a> = dyn FnMut(&str, &str) -> ControlFlow<()> + 'a;

/// Shows every field, its key and its value, one after the other; none is kept.
pub fn each(payload: &str, look: &mut Look<'_>) -> ControlFlow<()> {
    open(payload, "", DEPTH, look).map_continue(|_| ())
}

/// True if there was a field.
fn open(json: &str, prefix: &str, depth: usize, look: &mut Look<'_>) -> ControlFlow<(), bool> {
    let pairs = object::pairs(json).unwrap_or_default();
    let is_any = !pairs.is_empty();
    for (key, raw) in pairs {
        if prefix.is_empty() {
            field(&key, raw, depth, look)?;
        } else {
            field(&format!("{prefix}.{key}"), raw, depth, look)?;
        }
    }
    ControlFlow::Continue(is_any)
}

fn field(key: &str, raw: &RawValue, depth: usize, look: &mut Look<'_>) -> ControlFlow<()> {
    let value = loose::lent(raw);
    let inside = value.trim_start();
    let mut is_open = false;
    if depth > 0 && inside.starts_with('{') {
        is_open = open(inside, key, depth - 1, look)?;
    } else if depth > 0 && inside.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(inside).unwrap_or_default();
        is_open = !items.is_empty();
        for (index, item) in items.into_iter().enumerate() {
            field(&format!("{key}[{index}]"), item, depth - 1, look)?;
        }
    }
    if is_open { ControlFlow::Continue(()) } else { look(key, &value) }
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
        .shown
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

    #[test]
    fn an_answer_without_an_end_is_shown_as_far_as_there_is_room_and_says_so() {
        let many = format!("{{\"Comments\":[{}{{\"Comment\":\"x\"}}]}}", "{\"Comment\":\"x\"},".repeat(100_000));
        let fields = all(&many);
        assert_eq!((fields.shown.len(), fields.cut), (FIELDS, Some(many.len())));
        let field = |at| format!("\"k{at}\":\"{}\"", "y".repeat(1 << 20));
        let fat = format!("{{{},\"z\":1}}", (0..9).map(field).collect::<Vec<_>>().join(","));
        let fields = all(&fat);
        assert!(fields.shown.iter().map(|field| field.value.raw().len()).sum::<usize>() <= BYTES);
        assert_eq!((fields.shown.len(), fields.cut), (3, Some(fat.len())));
        assert!(fields.shown[0].value.raw().contains("[CUT: 1048576 bytes came"));
    }
}
