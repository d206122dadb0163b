//! `doctor`: everything that could be wrong, checked and explained. It changes nothing, here or on the exchange.
//!
//! The order of the checks; each finding is judged by pure functions in the files below, with its words. An error in the
//! configuration is a finding like another: what does not need it is still checked.

mod certificate;
mod clocks;
mod configuration;
mod disk;
mod environment;
mod exchange;
pub mod finding;
mod identity;
mod journal;
pub mod json;
mod log_out;
mod mode;
mod session_checks;
mod steps;
mod terminal;
mod tmux;
pub mod words;

use self::configuration::CONFIG;
use self::environment::Environment;
use self::finding::{CheckFinding, DoctorReport};
use crate::app::words::doctor::GIVE_JOURNAL;
use crate::args::Global;
use crate::config::survey::Survey;
use crate::config::{Config, ConfigError, Surroundings, journal_place};
use crate::journal::JournalPlace;

/// The findings of the checks that need no exchange, and the configuration that the others need. Without `Debug`: it holds
/// credentials.
pub struct Checkup {
    config: Result<Config, ConfigError>,
    configuration: Vec<CheckFinding>,
    machine: Vec<CheckFinding>,
}

impl Checkup {
    /// Checks the configuration, the terminal, the journal and the log-out of this machine.
    pub fn begin(flags: &Global) -> Self {
        let surroundings = Surroundings::of_this_machine();
        let config = Config::load(flags, &surroundings);
        let configuration = configuration::check(&Survey::of(flags, &surroundings), config.as_ref());
        let machine = of_machine(flags, config.as_ref().is_ok_and(|config| config.journal_settings.anywhere));
        Self { config, configuration, machine }
    }

    /// Checks the exchange, with one login, and gives the report; `say` is told what is tried, because it may take a while.
    pub async fn with_exchange(self, say: &dyn Fn(&str)) -> DoctorReport {
        let mut report = DoctorReport::default();
        report.add(self.configuration);
        report.add(match &self.config {
            Ok(config) => exchange::check(config, say).await,
            Err(_) => exchange::skipped(CONFIG),
        });
        report.add(self.machine);
        report
    }
}

fn of_machine(flags: &Global, anywhere: bool) -> Vec<CheckFinding> {
    let environment = Environment::of_process();
    let mut findings = terminal::check(&environment);
    findings.extend(tmux::check(&environment));
    findings.push(terminal::clipboard(&environment));
    findings.extend(of_journal(flags, anywhere));
    findings.push(log_out::check(&environment));
    findings
}

fn of_journal(flags: &Global, anywhere: bool) -> Vec<CheckFinding> {
    let path = match journal_place(flags) {
        Ok(JournalPlace::File(path)) => path,
        Err(error) => return vec![CheckFinding::fail("journal", error.to_string(), GIVE_JOURNAL)],
    };
    let mut findings = journal::check(&path);
    findings.extend(disk::check(&journal::disk(&path), anywhere));
    findings
}
