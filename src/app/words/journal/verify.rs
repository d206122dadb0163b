//! The words of `journal verify`: what was checked, what was found, and the verdict.

use super::finding;
use crate::domain::text::inert;
use crate::journal::verify::Report;
use crate::journal::verify::finding::Finding;

/// Where the heads come from, if not from a file.
pub const INPUT: &str = "standard input";

/// The report, a line per fact, the verdict last.
pub fn report(report: &Report) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| text.push_str(&format!("{name:<8} {value}\n"));
    for file in &report.files {
        line("file", &inert(file));
    }
    line("records", &records(report));
    line("chain", &inert(report.head.chain.as_deref().unwrap_or("none")));
    line("head", &format!("seq={} hash={}", report.head.seq, report.head.hash));
    line(
        "open",
        &match report.ledger.unresolved().count() {
            1 => "1 intent".to_owned(),
            count => format!("{count} intents"),
        },
    );
    if let Some(told) = &report.told {
        let (ours, others, unreadable) = (told.ours, told.others, told.unreadable);
        line("heads", &format!("{ours} of this journal, {others} of others, {unreadable} unreadable"));
    }
    for note in &report.notes {
        line("note", &finding::note(note));
    }
    for found in &report.findings {
        line("FOUND", &finding::finding(found));
    }
    line("verdict", verdict(report));
    text
}

fn records(report: &Report) -> String {
    let checked = if report.findings.is_empty() { "all fit" } else { "fit" };
    match report.first {
        Some(first) => format!("{} (from {first} to {}), {checked}", report.records, report.head.seq),
        None => "0".to_owned(),
    }
}

fn verdict(report: &Report) -> &'static str {
    let is_torn = report.findings.iter().all(Finding::is_torn);
    match (report.findings.is_empty(), is_torn) {
        (true, _) if report.told.as_ref().is_some_and(|told| told.ours > 0) => {
            "whole: every line fits, and every head that was told of"
        }
        (true, _) => "whole: every line fits. A tail that was cut off would show only against --heads",
        (false, true) => "whole but for half a line at the end, as a crash leaves it",
        (false, false) => "NOT WHOLE: what is behind the line named above was not checked. Keep the file as it is",
    }
}
