//! `doctor`: has everything checked, prints the report, and gives the exit code.

use std::io::IsTerminal;
use std::process::ExitCode;

use super::FOUND;
use super::journal::print;
use super::session::SHUTDOWN;
use crate::app::words::doctor::report::trying;
use crate::args::{Doctor, Global};
use crate::doctor::finding::DoctorReport;
use crate::doctor::{Checkup, json, words};
use crate::runtime::{signals, standard_error};

/// Checks everything, prints the findings, and gives the exit code: 0, or 9 if a check failed. A warning fails nothing.
pub fn run(flags: &Global, wanted: &Doctor) -> anyhow::Result<ExitCode> {
    super::session::mind_the_clock();
    // Before the exchange: from its checks on, signals are taken in.
    let begun = Checkup::begin(flags);
    let report = match finish(begun)? {
        Ok(report) => report,
        Err(signal) => return Ok(ExitCode::from(128 + signal)),
    };
    print(&if wanted.json { json::report(&report)? } else { words::report(&report, wanted.verbose) })?;
    Ok(if report.is_fine() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

/// The checks that need the exchange; the error is the signal that ended them.
fn finish(begun: Checkup) -> anyhow::Result<Result<DoctorReport, u8>> {
    let runtime = super::runtime()?;
    let checked = runtime.block_on(signals::unless_told_to_end(begun.with_exchange(&say)));
    // A lookup that hangs must not hold up the report.
    runtime.shutdown_timeout(SHUTDOWN);
    Ok(checked?)
}

/// Progress, on a terminal only.
fn say(what: &str) {
    if std::io::stderr().is_terminal() {
        standard_error::say(&trying(what));
    }
}
