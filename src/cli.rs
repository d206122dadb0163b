//! The commands, each from its arguments to its exit code.

pub mod console;
pub mod demo;
mod doctor;
mod init;
pub mod journal;
mod manual;
mod session;
pub mod simulate;

use std::process::ExitCode;

use crate::app::words::start;
use crate::args::{Arguments, Command, reading};
use crate::runtime::{core_dumps, open_files, standard_error, terminal};

/// Exit code 2: usage or configuration.
pub const USAGE: u8 = 2;
/// Exit code 4: the exchange refused the login.
pub const LOGIN: u8 = 4;
/// Exit code 6: what was asked for may not be done, or the journal does not take it.
pub const HELD: u8 = 6;
/// Exit code 7: no link, or no answer.
pub const NO_LINK: u8 = 7;
/// Exit code 9: a check found something.
pub const FOUND: u8 = 9;

/// The login was not even tried: its secret was not to be had. Exit code 4, as if it were refused.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoSecret(String);

/// The exit code of an error that [`run`] ends with.
fn code_of(error: &anyhow::Error) -> u8 {
    if error.is::<NoSecret>() { LOGIN } else { USAGE }
}

/// Answers a command line that runs nothing: with help, or with a complaint in which nothing that was typed acts.
pub fn not_understood(error: clap::Error) -> ExitCode {
    let code = if reading::is_answer(&error) { 0 } else { USAGE };
    if code == 0 {
        // Whoever reads may have seen enough.
        let _ = error.print();
    } else {
        standard_error::write_lines(&reading::complaint(error));
    }
    ExitCode::from(code)
}

/// Says why a command failed, and gives the exit code. The error may quote a file, a variable or the exchange.
pub fn failed(error: &anyhow::Error) -> ExitCode {
    standard_error::say(&start::why(error.chain()));
    ExitCode::from(code_of(error))
}

/// Runs a command. An error is shown by [`failed`], which has its exit code.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    if let Err(why) = core_dumps::forbid() {
        terminal::say(&[why]);
    }
    match arguments.command {
        None => console::run(&arguments.global),
        Some(Command::Demo) => demo::run(&arguments.global),
        Some(Command::Init) => init::run(&arguments.global),
        Some(Command::Doctor(doctor)) => doctor::run(&arguments.global, &doctor),
        Some(Command::Journal(journal)) => journal::run(&arguments.global, &journal.command),
        Some(Command::Manual(manual)) => manual::run(&manual),
        Some(Command::Simulate(simulate)) => simulate::run(&simulate),
    }
}

/// A runtime for one thread: quicker per message than several, and nothing here needs more.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    open_files::see_to().map_err(|limit| anyhow::Error::msg(start::too_few_files(limit, open_files::WANTED)))?;
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}
