//! The commands, each from its arguments to its exit code.

pub mod console;
pub mod demo;
mod doctor;
pub mod journal;
mod manual;
mod session;
pub mod simulate;

use std::process::ExitCode;

use crate::args::{Arguments, Command};
use crate::runtime::{core_dumps, terminal};

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
pub fn code_of(error: &anyhow::Error) -> u8 {
    if error.is::<NoSecret>() { LOGIN } else { USAGE }
}

/// Runs a command. An error is one line, to be shown by the caller, with the exit code of [`code_of`].
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    if let Err(why) = core_dumps::forbid() {
        terminal::say(&[why]);
    }
    match arguments.command {
        None => console::run(&arguments.global),
        Some(Command::Demo) => demo::run(&arguments.global),
        Some(Command::Doctor(doctor)) => doctor::run(&arguments.global, &doctor),
        Some(Command::Journal(journal)) => journal::run(&arguments.global, &journal.command),
        Some(Command::Manual(manual)) => manual::run(&manual),
        Some(Command::Simulate(simulate)) => simulate::run(&simulate),
    }
}

/// A runtime for one thread: quicker per message than several, and nothing here needs more.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
