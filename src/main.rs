//! The program: reads the arguments, runs the command, and maps what comes of it to an exit code.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use withdraw_desk::args::Arguments;
use withdraw_desk::cli;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    cli::run(arguments).unwrap_or_else(|error| {
        // A dead standard error must not turn into a panic.
        let _ = writeln!(std::io::stderr(), "withdraw-desk: {error:#}");
        ExitCode::from(cli::code_of(&error))
    })
}
