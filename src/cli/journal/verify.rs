//! `journal verify`: whether the journal is what was written.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

use super::{Reading, json, print};
use crate::app::words::journal::verify as words;
use crate::args::JournalVerify;
use crate::journal::JournalPlace;

/// Checks it, and says what was found.
pub fn run(place: JournalPlace, wanted: &JournalVerify) -> anyhow::Result<ExitCode> {
    let heads = wanted.heads.as_deref().map(text_of).transpose()?;
    let reading = Reading::against(place, heads.as_deref())?;
    let report = &reading.report;
    let text = if wanted.json { json::verify(report)? } else { words::report(report) };
    print(&text)?;
    let is_fine = report.findings.is_empty();
    Ok(if is_fine { ExitCode::SUCCESS } else { ExitCode::from(crate::cli::FOUND) })
}

fn text_of(path: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).context(words::INPUT)?;
    } else {
        bytes = std::fs::read(path).with_context(|| format!("--heads {}", path.display()))?;
    }
    // A log may hold any bytes; a head is ASCII.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
