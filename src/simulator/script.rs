//! Scenarios of the simulated exchange, from JSON files: one fault per ticket, and its conduct otherwise.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Book;
use super::conduct::Conduct;
use super::row_fault::{RowCase, RowFault};
use super::wire::TicketForm;
use crate::domain::form_mistake;

/// The fate of a cancel of one ticket. Without any fault the exchange says `result: true`, and the ticket becomes
/// `AdminCanceled` a moment later.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct CancelFault {
    /// Milliseconds before the reply.
    pub delay_ms: u64,
    /// An error envelope with this code.
    pub code: Option<i64>,
    /// A plain text in an error frame (m 5).
    pub text: Option<String>,
    /// This payload instead of the envelope, to the letter.
    pub payload: Option<String>,
    /// No reply at all.
    pub silent: bool,
    /// The link is dropped instead of a reply.
    pub drop: bool,
    /// A second reply: the first once more, or this other payload.
    pub second: Option<String>,
    /// True if the ticket changes; by default it does unless the answer is an error.
    pub acts: Option<bool>,
    /// Milliseconds from the request to the change.
    pub settle_ms: u64,
    /// The status it changes to.
    pub becomes: String,
    /// The answers to reads of the ticket once the cancel came.
    pub later_reads: Option<LaterReads>,
}

/// The answers to reads of a ticket whose cancel came: good ones, then another, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct LaterReads {
    /// So many are answered well.
    pub good: u32,
    /// Then an error envelope with this code.
    pub code: Option<i64>,
    /// Or this, to the letter. Without either, no answer.
    pub payload: Option<String>,
}

impl Default for CancelFault {
    fn default() -> Self {
        Self {
            delay_ms: 40,
            code: None,
            text: None,
            payload: None,
            silent: false,
            drop: false,
            second: None,
            acts: None,
            settle_ms: 900,
            becomes: "AdminCanceled".to_owned(),
            later_reads: None,
        }
    }
}

impl CancelFault {
    /// True if the ticket changes.
    pub fn acts(&self) -> bool {
        self.acts.unwrap_or(self.code.is_none() && self.text.is_none() && self.payload.is_none())
    }
}

/// The faults of an exchange, by ticket number, and how it conducts itself otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    conduct: Box<Conduct>,
    faults: BTreeMap<u64, CancelFault>,
    named: BTreeMap<String, u64>,
    /// The odd answers, each with its ticket; without one, of every ticket.
    rows: Vec<(Option<u64>, RowFault)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    #[serde(default)]
    cancels: Vec<Case>,
    #[serde(default)]
    rows: Vec<RowCase>,
    #[serde(default)]
    exchange: Conduct,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    ticket: Option<u64>,
    #[serde(default)]
    failed: Option<usize>,
    #[serde(default)]
    fault: CancelFault,
}

/// Why a scenario cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// Not the form of a scenario.
    #[error("not a scenario: {0}")]
    Form(String),
    /// The conduct cannot be played.
    #[error("{0}")]
    Conduct(String),
    /// The case names no ticket, or one that is not there.
    #[error(
        "case {0:?} names no ticket of this exchange: wanted \"ticket\": NUMBER, or \"failed\": N for the N-th newest"
    )]
    NoTicket(String),
    /// Two cases are about one ticket.
    #[error("case {0:?} is the second about ticket {1}; one fault a ticket")]
    Twice(String, u64),
}

/// Where a scenario is not one, and why.
fn mistake(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let why = said.rsplit_once(" at line ").map_or(said.as_str(), |(why, _)| why);
    format!("line {}: {}", error.line(), form_mistake::told(why))
}

impl Script {
    /// Reads a scenario for a book of tickets.
    pub fn parse(text: &str, book: &Book) -> Result<Self, ScriptError> {
        let file: File = serde_json::from_str(text).map_err(|error| ScriptError::Form(mistake(&error)))?;
        file.exchange.check().map_err(ScriptError::Conduct)?;
        let mut script = Self { conduct: Box::new(file.exchange), ..Self::default() };
        for case in file.cancels {
            let number = case.ticket.or_else(|| book.failed(case.failed?)).filter(|number| book.get(*number).is_some());
            let number = number.ok_or_else(|| ScriptError::NoTicket(case.name.clone()))?;
            if script.faults.insert(number, case.fault).is_some() {
                return Err(ScriptError::Twice(case.name, number));
            }
            script.named.insert(case.name, number);
        }
        for case in file.rows {
            let number = case.ticket.or_else(|| book.failed(case.failed?)).filter(|number| book.get(*number).is_some());
            if number.is_none() && !case.all {
                return Err(ScriptError::NoTicket(case.label()));
            }
            script.rows.push((number, case.into_fault()));
        }
        Ok(script)
    }

    /// The conduct of the exchange.
    pub fn conduct(&self) -> &Conduct {
        &self.conduct
    }

    /// The fate of a cancel of a ticket.
    pub fn fault(&self, ticket: u64) -> CancelFault {
        self.faults.get(&ticket).cloned().unwrap_or_default()
    }

    /// The answer about a ticket, with its faults.
    pub fn spelled(&self, ticket: u64, answer: String, form: TicketForm) -> String {
        let faults = self.rows.iter().filter(|(number, _)| number.is_none_or(|number| number == ticket));
        faults.fold(answer, |answer, (_, fault)| fault.applied(answer, form))
    }

    /// The ticket of a named case.
    pub fn ticket(&self, name: &str) -> Option<u64> {
        self.named.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::conduct::{How, RowOrder};

    #[test]
    fn every_scenario_in_assets_reads() {
        let book = Book::new(1, 400, jiff::Timestamp::UNIX_EPOCH);
        for file in std::fs::read_dir("assets/simulator").unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            Script::parse(&text, &book).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
    }

    #[test]
    fn the_conduct_is_spelled_as_the_manual_has_it() {
        let manual = include_str!("../../assets/manual/simulator.md");
        let text = manual.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let script = Script::parse(text, &Book::new(1, 400, jiff::Timestamp::UNIX_EPOCH)).unwrap();
        let breaks = &script.conduct().links.breaks;
        assert_eq!(breaks[1].how, How::Restart { down_ms: 3_000 });
        assert_eq!(script.conduct().list.row_order, RowOrder::Shuffled(7));
    }

    #[test]
    fn a_mistake_is_named() {
        let book = Book::new(1, 10, jiff::Timestamp::UNIX_EPOCH);
        let wrong = r#"{"about":"","cancels":[{"name":"a","failed":99}]}"#;
        assert!(Script::parse(wrong, &book).unwrap_err().to_string().contains("case \"a\" names no ticket"));
        let unknown = r#"{"about":"","cancels":[{"name":"a","failed":1,"fault":{"sillent":true}}]}"#;
        assert!(
            Script::parse(unknown, &book)
                .unwrap_err()
                .to_string()
                .contains("line 1: there is no setting `sillent` here; wanted one of")
        );
        let told = |exchange: &str| {
            let text = format!(r#"{{"about":"","exchange":{exchange}}}"#);
            Script::parse(&text, &book).unwrap_err().to_string()
        };
        assert!(told(r#"{"lists":{}}"#).contains("lists"));
        assert!(told(r#"{"links":{"breaks":[{"how":"cut"}]}}"#).contains("breaks[0] never comes"));
        assert!(told(r#"{"second-factor":{"totp-secret":"0"}}"#).contains("not base 32"));
    }
}
