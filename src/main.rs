//! The program: reads the arguments, runs the command, and maps what comes of it to an exit code.

use std::process::ExitCode;

use withdraw_desk::args::reading;
use withdraw_desk::cli;

fn main() -> ExitCode {
    let arguments = match reading::read(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => return cli::not_understood(error),
    };
    cli::run(arguments).unwrap_or_else(|error| cli::failed(&error))
}
