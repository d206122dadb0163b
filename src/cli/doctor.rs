//! `doctor`: everything that could be wrong, checked and explained. It changes nothing, here or on the exchange.
//!
//! The order of the checks and the output; what each found is judged by pure functions in the files below. An error in the
//! configuration is a finding like another: what does not need it is still checked.

mod certificate;
mod clocks;
mod configuration;
mod disk;
mod environment;
mod exchange;
mod finding;
mod identity;
mod journal;
mod json;
mod log_out;
mod mode;
mod session_checks;
mod steps;
mod terminal;
mod tmux;
mod words;

use std::io::IsTerminal;
use std::process::ExitCode;

use self::configuration::CONFIG;
use self::environment::Environment;
use self::finding::{CheckFinding, DoctorReport};
use super::journal::{print, tell};
use super::session::SHUTDOWN;
use crate::args::{Doctor, Global};
use crate::config::survey::Survey;
use crate::config::{Config, Surroundings, journal_place};
use crate::journal::JournalPlace;
use crate::runtime::signals;

/// Checks everything, prints what was found, and gives the exit code.
pub fn run(flags: &Global, wanted: &Doctor) -> anyhow::Result<ExitCode> {
    let surroundings = Surroundings::of_this_machine();
    let config = Config::load(flags, &surroundings);
    let survey = Survey::of(flags, &surroundings);
    let mut report = DoctorReport::default();
    report.add(configuration::check(&survey, config.as_ref()));
    // Before the exchange: from its checks on, signals are taken in.
    let local = local(flags, config.as_ref().is_ok_and(|config| config.journal_settings.anywhere));
    match &config {
        Ok(config) => match remote(config)? {
            Ok(findings) => report.add(findings),
            Err(signal) => return Ok(ExitCode::from(128 + signal)),
        },
        Err(_) => report.add(exchange::skipped(CONFIG)),
    }
    report.add(local);
    print(&if wanted.json { json::report(&report)? } else { words::report(&report) })?;
    Ok(report.code())
}

/// The checks that need the exchange; the error is the signal that ended them.
fn remote(config: &Config) -> anyhow::Result<Result<Vec<CheckFinding>, u8>> {
    let runtime = super::runtime()?;
    let checked = runtime.block_on(signals::unless_told_to_end(exchange::check(config, &say)));
    // A lookup that hangs must not hold up the report.
    runtime.shutdown_timeout(SHUTDOWN);
    Ok(checked?)
}

/// The checks that need no exchange.
fn local(flags: &Global, anywhere: bool) -> Vec<CheckFinding> {
    let environment = Environment::of_process();
    let mut findings = terminal::check(&environment);
    findings.extend(tmux::check(&environment));
    findings.push(terminal::clipboard(&environment));
    findings.extend(journal(flags, anywhere));
    findings.push(log_out::check(&environment));
    findings
}

/// Progress, on a terminal only.
fn say(what: &str) {
    if std::io::stderr().is_terminal() {
        tell(&format!("trying {what}"));
    }
}

fn journal(flags: &Global, anywhere: bool) -> Vec<CheckFinding> {
    let path = match journal_place(flags) {
        Ok(JournalPlace::File(path)) => path,
        Err(error) => return vec![CheckFinding::fail("journal", error.to_string(), "give --journal FILE")],
    };
    let mut findings = journal::check(&path);
    findings.extend(disk::check(&journal::disk(&path), anywhere));
    findings
}
