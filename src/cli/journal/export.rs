//! `journal export`: all intents, for other programs.

use std::process::ExitCode;

use super::{Reading, csv, json};
use crate::args::JournalExport;
use crate::journal::Story;

/// The columns of the CSV.
const COLUMNS: [&str; 33] = [
    "id",
    "opened",
    "exchange",
    "oms",
    "environment",
    "operator",
    "host",
    "ticket",
    "account",
    "request_code",
    "asset",
    "amount",
    "fee",
    "template_form",
    "status_before",
    "transaction",
    "reason",
    "note",
    "sent",
    "receipt",
    "code",
    "payload",
    "last_read_at",
    "last_read",
    "last_read_updated_by",
    "stands",
    "because",
    "released_at",
    "release_reason",
    "late_replies",
    "holds",
    "evidence_seq",
    "evidence_hash",
];

/// Exports them, as JSON unless CSV is asked for.
pub fn run(reading: &Reading, wanted: &JournalExport) -> anyhow::Result<ExitCode> {
    let (stories, declined) = (reading.history.stories(), reading.history.declined());
    if !wanted.csv {
        return reading.answer(&json::export(&reading.report, stories, declined)?);
    }
    let rows = stories.iter().map(row);
    let text: String = std::iter::once(csv::row(COLUMNS)).chain(rows).collect();
    reading.answer(&text)
}

fn row(story: &Story) -> String {
    let (intent, opened, latest) = (&story.intent, story.opened(), story.latest());
    let stamp = opened.map(|record| &record.stamp);
    let (reply, read, release) = (story.reply(), story.last_read(), story.release());
    let oms = stamp.and_then(|stamp| stamp.oms).map(|oms| oms.to_string());
    let code = reply.and_then(|(_, reply)| reply.code).map(|code| code.to_string());
    let seq = latest.map(|record| record.seq.to_string());
    let (account, late, stands) = (intent.account.to_string(), story.late().count().to_string(), story.stands());
    let id = story.id.to_string();
    let cells: [Option<&str>; 33] = [
        Some(&id),
        opened.map(|record| record.at.as_str()),
        stamp.map(|stamp| stamp.exchange.as_str()),
        oms.as_deref(),
        Some(&intent.environment),
        stamp.and_then(|stamp| stamp.operator.as_deref()),
        stamp.map(|stamp| stamp.host.as_str()),
        Some(&intent.ticket),
        Some(&account),
        Some(&intent.request_code),
        Some(&intent.asset),
        intent.amount.as_deref(),
        intent.fee.as_deref(),
        intent.template_form.as_deref(),
        Some(&intent.status),
        intent.transaction.as_deref(),
        Some(&intent.reason),
        Some(&intent.note),
        story.sent().map(|record| record.at.as_str()),
        reply.map(|(_, reply)| reply.receipt.as_str()),
        code.as_deref(),
        reply.and_then(|(_, reply)| reply.payload.as_deref()),
        read.map(|(record, _)| record.at.as_str()),
        read.map(|(_, read)| read.status.as_str()),
        read.map(|(_, read)| read.updated_by.as_str()),
        Some(stands.word()),
        story.outcomes().last().map(|(_, _, because)| because),
        release.map(|(record, _)| record.at.as_str()),
        release.map(|(_, release)| release.reason.as_str()),
        Some(&late),
        Some(if stands.holds() { "yes" } else { "no" }),
        seq.as_deref(),
        latest.map(|record| record.hash.as_str()),
    ];
    csv::row(cells.map(Option::unwrap_or_default))
}
