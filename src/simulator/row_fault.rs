//! Odd tickets as scenario data: fields of a ticket's answers in any form, so that each fault of the wire is data and no code.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::wire::TicketForm;
use crate::protocol::object;

/// A ticket, or all of them, and how its answers differ from what they would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowFault {
    only: Option<Answers>,
    /// Tokens to the letter, by field.
    set: Vec<(String, String)>,
    drop: Vec<String>,
    raw: Option<String>,
}

/// The answers that differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answers {
    /// The rows of the list.
    List,
    /// The reads of single tickets.
    Read,
    /// Events.
    Event,
}

/// A fault as a scenario spells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RowCase {
    /// The ticket's number.
    pub(super) ticket: Option<u64>,
    /// Or its place among the failed ones, from the newest, from 1.
    pub(super) failed: Option<usize>,
    /// Or every ticket, those that come later too.
    #[serde(default)]
    pub(super) all: bool,
    only: Option<Answers>,
    /// Fields with the JSON that they hold, whatever it is.
    #[serde(default)]
    set: BTreeMap<String, Box<RawValue>>,
    /// Fields with a text that is repeated.
    #[serde(default)]
    repeat: BTreeMap<String, Repeat>,
    /// So many comments of the same text.
    comments: Option<Repeat>,
    /// Fields that are left out.
    #[serde(default)]
    drop: Vec<String>,
    /// The whole answer to the letter.
    raw: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Repeat {
    text: String,
    times: usize,
}

impl RowCase {
    /// Its name in an error.
    pub(super) fn label(&self) -> String {
        match (self.ticket, self.failed) {
            (Some(number), _) => format!("rows: ticket {number}"),
            (None, Some(nth)) => format!("rows: failed {nth}"),
            (None, None) => "rows".to_owned(),
        }
    }

    pub(super) fn into_fault(self) -> RowFault {
        let mut set: Vec<(String, String)> =
            self.set.into_iter().map(|(key, value)| (key, value.get().to_owned())).collect();
        let repeated = self.repeat.into_iter().map(|(key, of)| (key, quoted(&of.text.repeat(of.times))));
        set.extend(repeated);
        if let Some(of) = self.comments {
            let comments: Vec<String> = (1..=of.times)
                .map(|id| format!("{{\"CommentId\":{id},\"EnteredBy\":1,\"Comment\":{}}}", quoted(&of.text)))
                .collect();
            set.push(("Comments".to_owned(), format!("[{}]", comments.join(","))));
        }
        RowFault { only: self.only, set, drop: self.drop, raw: self.raw }
    }
}

fn quoted(text: &str) -> String {
    super::wire::text(text)
}

impl RowFault {
    /// An answer with the fault in it.
    pub fn applied(&self, answer: String, form: TicketForm) -> String {
        let is_meant = match self.only {
            None => true,
            Some(Answers::List) => matches!(form, TicketForm::Row | TicketForm::BareRow),
            Some(Answers::Read) => form == TicketForm::Whole,
            Some(Answers::Event) => form == TicketForm::Event,
        };
        if !is_meant {
            return answer;
        }
        if let Some(raw) = &self.raw {
            return raw.clone();
        }
        let mut fields: Vec<(String, String)> = object::pairs(&answer)
            .unwrap_or_default()
            .into_iter()
            .map(|(key, value)| (key.into_owned(), value.get().to_owned()))
            .filter(|(key, _)| !self.drop.contains(key))
            .collect();
        for (key, value) in &self.set {
            match fields.iter_mut().find(|(known, _)| known == key) {
                Some((_, known)) => known.clone_from(value),
                None => fields.push((key.clone(), value.clone())),
            }
        }
        let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{}:{value}", quoted(key))).collect();
        format!("{{{}}}", fields.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn fault(case: &str) -> RowFault {
        serde_json::from_str::<RowCase>(case).unwrap().into_fault()
    }

    #[rstest]
    #[case::set(r#"{"set":{"AccountId":7.0,"New":"\ud83d"}}"#, r#"{"AccountId":7.0,"Status":"Failed","New":"\ud83d"}"#)]
    #[case::drop(r#"{"drop":["AccountId"]}"#, r#"{"Status":"Failed"}"#)]
    #[case::repeat(r#"{"repeat":{"Status":{"text":"ab","times":3}}}"#, r#"{"AccountId":1,"Status":"ababab"}"#)]
    #[case::raw(r#"{"raw":"{"}"#, "{")]
    #[case::comments(
        r#"{"comments":{"text":"x","times":2}}"#,
        r#"{"AccountId":1,"Status":"Failed","Comments":[{"CommentId":1,"EnteredBy":1,"Comment":"x"},{"CommentId":2,"EnteredBy":1,"Comment":"x"}]}"#
    )]
    #[case::elsewhere(r#"{"only":"event","drop":["AccountId"]}"#, r#"{"AccountId":1,"Status":"Failed"}"#)]
    fn an_answer_differs_as_the_scenario_has_it(#[case] case: &str, #[case] answer: &str) {
        let whole = r#"{"AccountId":1,"Status":"Failed"}"#.to_owned();
        assert_eq!(fault(case).applied(whole, TicketForm::Row), answer);
    }
}
