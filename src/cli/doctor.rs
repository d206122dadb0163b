//! `doctor`: everything that could be wrong, checked and explained. It changes nothing, here or on the exchange.
//!
//! The order of the checks and the output; what each found is judged by pure functions in the files below. An error in the
//! configuration is a finding like another: what does not need it is still checked.

mod disk;
mod environment;
mod finding;
mod journal;
mod json;
mod log_out;
mod mode;
mod terminal;
mod tmux;
mod words;

use std::process::ExitCode;

use self::environment::Environment;
use self::finding::{Finding, Report};
use super::journal::print;
use crate::args::{Doctor, Global};
use crate::config::journal_path;

/// Checks everything, prints what was found, and gives the exit code.
pub fn run(flags: &Global, wanted: &Doctor) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    let environment = Environment::of_process();
    report.add(terminal::check(&environment));
    report.add(tmux::check(&environment));
    report.add([terminal::clipboard(&environment)]);
    report.add(journal(flags, false));
    report.add([log_out::check(&environment)]);
    print(&if wanted.json { json::report(&report)? } else { words::report(&report) })?;
    Ok(report.code())
}

fn journal(flags: &Global, anywhere: bool) -> Vec<Finding> {
    let path = match journal_path(flags) {
        Ok(path) => path,
        Err(error) => return vec![Finding::fail("journal", error.to_string(), "give --journal FILE")],
    };
    let mut findings = journal::check(&path);
    findings.extend(disk::check(&journal::disk(&path), anywhere));
    findings
}
