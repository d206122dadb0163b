//! The words of `journal show`: everything that is recorded about a cancel, record by record.

use crate::domain::text::inert;
use crate::domain::time;
use crate::journal::record::{Intent, ReplyFact};
use crate::journal::{Fact, Record, Story};

/// The cancels, and the attempts that were declined, each with its records.
pub fn records(stories: &[&Story], declined: &[&Record]) -> String {
    let stories = stories.iter().map(|story| story_words(story));
    let declined = declined.iter().map(|record| format!("declined\n{}", entry(record)));
    stories.chain(declined).collect::<Vec<_>>().join("\n")
}

fn story_words(story: &Story) -> String {
    let amount = inert(story.intent.amount.as_deref().unwrap_or("?"));
    let (ticket, asset) = (inert(&story.intent.ticket), inert(&story.intent.asset));
    let (change, stands) = (story.intent.change_words(), story.stands().word());
    let mut text = format!("{change} {} of ticket {ticket}, {amount} {asset}: {stands}\n", story.id);
    story.records.iter().for_each(|record| text.push_str(&entry(record)));
    if let Some(latest) = story.latest() {
        text.push_str(&format!("evidence: record {}, hash {}\n", latest.seq, inert(&latest.hash)));
    }
    text
}

/// A record: its time and kind, and below it its facts, one a line.
fn entry(record: &Record) -> String {
    let stamp = &record.stamp;
    let (kind, facts) = facts(&record.fact);
    let operator = stamp.operator.as_deref().unwrap_or("nobody yet");
    let oms = stamp.oms.map_or("none yet".to_owned(), |oms| oms.to_string());
    let mut text = format!("{}  {}  (record {})\n", inert(&record.at), inert(&kind), record.seq);
    let by = format!("{operator}@{} pid {}, {} oms {oms}", stamp.host, stamp.pid, stamp.exchange);
    for (name, value) in facts.into_iter().chain([("by", by)]) {
        text.push_str(&format!("    {name:<13} {}\n", inert(&value)));
    }
    text
}

type Facts = Vec<(&'static str, String)>;

fn facts(fact: &Fact) -> (String, Facts) {
    let (kind, facts): (&str, Facts) = match fact {
        Fact::Intent(intent) => ("intent", intent_facts(intent)),
        Fact::Sent { .. } => ("sent", vec![("means", "it was handed to the link: it may have arrived".to_owned())]),
        Fact::Reply(reply) => ("reply", reply_facts(reply)),
        Fact::Late(reply) => ("late", reply_facts(reply)),
        Fact::Read(read) => (
            "read",
            vec![
                ("status", read.status.clone()),
                ("updated by", read.updated_by.clone()),
                ("last update", changed(read.last_update.as_deref())),
            ],
        ),
        Fact::Outcome { outcome, because, .. } => {
            ("outcome", vec![("outcome", outcome.clone()), ("because", because.clone())])
        }
        Fact::Declined { ticket, because } => (
            "declined",
            vec![("ticket", ticket.clone()), ("means", "nothing was sent".to_owned()), ("because", because.clone())],
        ),
        Fact::Release(release) => (
            "release",
            vec![
                ("reason", release.reason.clone()),
                ("read", release.read.clone()),
                ("age", format!("{} s after the send", release.age)),
                ("early", if release.early { "yes, the word was typed" } else { "no" }.to_owned()),
            ],
        ),
        Fact::Other(fields) => return other(fields),
        Fact::Opened => ("opened", Vec::new()),
        Fact::RecoveredTail { .. } => ("recovered-tail", Vec::new()),
        Fact::Rotated(_) => ("rotated", Vec::new()),
        Fact::Closed => ("closed", Vec::new()),
    };
    (kind.to_owned(), facts)
}

/// A kind of a newer version: its fields as they are.
fn other(fields: &serde_json::Map<String, serde_json::Value>) -> (String, Facts) {
    let kind = fields.get("kind").and_then(|kind| kind.as_str()).unwrap_or("unknown").to_owned();
    (kind, vec![("as recorded", serde_json::Value::Object(fields.clone()).to_string())])
}

fn intent_facts(intent: &Intent) -> Facts {
    let transaction = intent.transaction.iter().map(|transaction| ("transaction", transaction.clone()));
    let facts = vec![
        ("ticket", intent.ticket.clone()),
        ("account", intent.account.to_string()),
        ("request code", intent.request_code.clone()),
        ("amount", format!("{} {}", or_none(intent.amount.as_deref()), intent.asset)),
        ("fee", or_none(intent.fee.as_deref())),
        ("template form", or_none(intent.template_form.as_deref())),
        ("status", intent.status.clone()),
        ("last update", changed(intent.last_update.as_deref())),
        ("environment", intent.environment.clone()),
        ("reason", intent.reason.clone()),
        ("note", intent.note.clone()),
        ("frame", intent.frame.clone()),
        ("connection", format!("{}, i={}", intent.connection, intent.i)),
    ];
    facts.into_iter().chain(transaction).collect()
}

fn reply_facts(reply: &ReplyFact) -> Facts {
    let code = reply.code.map_or(String::new(), |code| format!(" ({code})"));
    let mut facts = vec![("receipt", format!("{}{code}", reply.receipt))];
    facts.extend(reply.m.map(|m| ("m", m.to_string())));
    facts.push(("payload", reply.payload.clone().unwrap_or_else(|| "no reply".to_owned())));
    facts
}

/// The mark of a change, as a date.
fn changed(mark: Option<&str>) -> String {
    mark.map_or_else(|| or_none(None), time::told)
}

fn or_none(text: Option<&str>) -> String {
    text.unwrap_or("none").to_owned()
}
