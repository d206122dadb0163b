//! The stable JSON of the journal's commands (`"schema": 1`), ASCII only. Digits are strings, as they arrived.

use serde::Serialize;

use crate::app::words::journal::finding as words;
use crate::journal::record::{ReadFact, ReleaseFact, ReplyFact, ascii};
use crate::journal::verify::Report;
use crate::journal::verify::finding::{Finding, What};
use crate::journal::{Intent, Record, Stamp, Story};

const SCHEMA: u8 = 1;

/// Evidence: a record's number and hash.
#[derive(Serialize)]
struct Evidence<'a> {
    seq: u64,
    hash: &'a str,
}

/// A fact with its time.
#[derive(Serialize)]
struct At<'a, T> {
    at: &'a str,
    #[serde(flatten)]
    fact: T,
}

#[derive(Serialize)]
struct OutcomeShape<'a> {
    outcome: &'a str,
    because: &'a str,
}

#[derive(Serialize)]
struct IntentShape<'a> {
    #[serde(flatten)]
    intent: &'a Intent,
    opened: Option<&'a str>,
    by: Option<&'a Stamp>,
    sent: Option<&'a str>,
    reply: Option<At<'a, &'a ReplyFact>>,
    late: Vec<At<'a, &'a ReplyFact>>,
    last_read: Option<At<'a, &'a ReadFact>>,
    outcomes: Vec<At<'a, OutcomeShape<'a>>>,
    release: Option<At<'a, &'a ReleaseFact>>,
    stands: &'static str,
    open: bool,
    holds: bool,
    evidence: Option<Evidence<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<&'a [Record]>,
}

impl<'a> IntentShape<'a> {
    fn of(story: &'a Story, with_records: bool) -> Self {
        let at = |record: &'a Record| record.at.as_str();
        let stands = story.stands();
        Self {
            intent: &story.intent,
            opened: story.opened().map(at),
            by: story.opened().map(|record| &record.stamp),
            sent: story.sent().map(at),
            reply: story.reply().map(|(record, fact)| At { at: at(record), fact }),
            late: story.late().map(|(record, fact)| At { at: at(record), fact }).collect(),
            last_read: story.last_read().map(|(record, fact)| At { at: at(record), fact }),
            outcomes: story
                .outcomes()
                .map(|(record, outcome, because)| At { at: at(record), fact: OutcomeShape { outcome, because } })
                .collect(),
            release: story.release().map(|(record, fact)| At { at: at(record), fact }),
            stands: stands.word(),
            open: stands.is_open(),
            holds: stands.holds(),
            evidence: story.latest().map(|record| Evidence { seq: record.seq, hash: &record.hash }),
            records: with_records.then_some(&story.records),
        }
    }
}

/// `journal list`.
pub fn list(stories: &[&Story]) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Shape<'a> {
        schema: u8,
        intents: Vec<IntentShape<'a>>,
    }
    let intents = stories.iter().map(|story| IntentShape::of(story, false)).collect();
    text(&Shape { schema: SCHEMA, intents })
}

/// `journal show`.
pub fn show(stories: &[&Story], declined: &[&Record]) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Shape<'a> {
        schema: u8,
        intents: Vec<IntentShape<'a>>,
        declined: &'a [&'a Record],
    }
    let intents = stories.iter().map(|story| IntentShape::of(story, true)).collect();
    text(&Shape { schema: SCHEMA, intents, declined })
}

/// `journal export`.
pub fn export(report: &Report, stories: &[Story], declined: &[Record]) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Shape<'a> {
        schema: u8,
        chain: Option<&'a str>,
        head: Evidence<'a>,
        whole: bool,
        intents: Vec<IntentShape<'a>>,
        declined: &'a [Record],
    }
    text(&Shape {
        schema: SCHEMA,
        chain: report.head.chain.as_deref(),
        head: Evidence { seq: report.head.seq, hash: &report.head.hash },
        whole: report.findings.is_empty(),
        intents: stories.iter().map(|story| IntentShape::of(story, false)).collect(),
        declined,
    })
}

#[derive(Serialize)]
struct FindingShape<'a> {
    kind: &'static str,
    file: &'a str,
    line: usize,
    record: Option<u64>,
    from: Option<u64>,
    to: Option<u64>,
    stands_at: Option<usize>,
    what: String,
}

impl<'a> FindingShape<'a> {
    fn of(finding: &'a Finding) -> Self {
        let (mut from, mut to, mut at) = (None, None, None);
        match finding.what {
            What::Missing { from: first, to: last, .. } => (from, to) = (Some(first), Some(last)),
            What::Swapped { stands_at, .. } => at = stands_at,
            _ => {}
        }
        let place = &finding.place;
        Self {
            kind: finding.what.word(),
            file: &place.file,
            line: place.line,
            record: place.record,
            from,
            to,
            stands_at: at,
            what: words::what(&finding.what),
        }
    }
}

/// `journal verify`.
pub fn verify(report: &Report) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct HeadsShape {
        ours: usize,
        others: usize,
        unreadable: usize,
    }
    #[derive(Serialize)]
    struct Shape<'a> {
        schema: u8,
        fits: bool,
        files: &'a [String],
        records: u64,
        chain: Option<&'a str>,
        head: Evidence<'a>,
        open: usize,
        findings: Vec<FindingShape<'a>>,
        heads: Option<HeadsShape>,
        notes: Vec<String>,
    }
    text(&Shape {
        schema: SCHEMA,
        fits: report.findings.is_empty(),
        files: &report.files,
        records: report.records,
        chain: report.head.chain.as_deref(),
        head: Evidence { seq: report.head.seq, hash: &report.head.hash },
        open: report.ledger.unresolved().count(),
        findings: report.findings.iter().map(FindingShape::of).collect(),
        heads: report.told.as_ref().map(|told| HeadsShape {
            ours: told.ours,
            others: told.others,
            unreadable: told.unreadable,
        }),
        notes: report.notes.iter().map(words::note).collect(),
    })
}

fn text(shape: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(format!("{}\n", ascii(&serde_json::to_string(shape)?)))
}
