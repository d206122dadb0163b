//! `doctor`: everything that could be wrong, checked and explained. It changes nothing, here or on the exchange.
//!
//! The order of the checks and the output; what each found is judged by pure functions in the files below. An error in the
//! configuration is a finding like another: what does not need it is still checked.

mod certificate;
mod clocks;
mod disk;
mod environment;
mod exchange;
mod finding;
mod identity;
mod journal;
mod json;
mod log_out;
mod mode;
mod on_link;
mod terminal;
mod tmux;
mod words;

use std::io::IsTerminal;
use std::process::ExitCode;

use self::environment::Environment;
use self::finding::{Finding, Report};
use super::journal::{print, tell};
use crate::args::{Doctor, Global};
use crate::config::{Config, journal_path};

/// The check of the configuration; without it nothing remote can be tried.
const CONFIG: &str = "config";

/// Checks everything, prints what was found, and gives the exit code.
pub fn run(flags: &Global, wanted: &Doctor) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    let environment = Environment::of_process();
    let config = Config::load(flags);
    let anywhere = config.as_ref().is_ok_and(|config| config.keeping.anywhere);
    match config {
        Ok(config) => {
            report.add([Finding::ok(CONFIG, format!("read; {}", config.target.url))]);
            report.add(super::runtime()?.block_on(exchange::check(&config, &say)));
        }
        Err(error) => {
            report.add([Finding::fail(CONFIG, error.to_string(), "mend that line, and run the doctor again")]);
            report.add(exchange::skipped(CONFIG));
        }
    }
    report.add(terminal::check(&environment));
    report.add(tmux::check(&environment));
    report.add([terminal::clipboard(&environment)]);
    report.add(journal(flags, anywhere));
    report.add([log_out::check(&environment)]);
    print(&if wanted.json { json::report(&report)? } else { words::report(&report) })?;
    Ok(report.code())
}

/// Progress, on a terminal only.
fn say(what: &str) {
    if std::io::stderr().is_terminal() {
        tell(&format!("trying {what}"));
    }
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
