//! The simulated exchange by itself, for the console, for public clients and for tests.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use crate::args::Simulate;
use crate::runtime::clock;
use crate::simulator::{Book, Exchange, Script, Simulator, login};

/// Serves until stopped. Prints, on standard output, one `name: value` a line: where it is and how to log in.
pub fn run(arguments: &Simulate) -> anyhow::Result<ExitCode> {
    let book = Book::new(arguments.seed, arguments.tickets, clock::wall());
    let script = match &arguments.scenario {
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
            Script::parse(&text, &book).with_context(|| path.display().to_string())?
        }
        None => Script::default(),
    };
    super::runtime()?.block_on(async {
        let simulator = Simulator::start(Exchange::new(book, script), arguments.listen, arguments.anywhere).await?;
        // Before anything is printed: whoever reads the lines may stop us at once.
        let mut interrupted = signal(SignalKind::interrupt())?;
        let mut terminated = signal(SignalKind::terminate())?;
        print(&simulator.url())?;
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
        anyhow::Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

fn print(url: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "url: {url}")?;
    writeln!(out, "username: {}", login::USERNAME)?;
    writeln!(out, "password: {}", login::PASSWORD)?;
    writeln!(out, "user-id: {}", login::USER_ID)?;
    writeln!(out, "api-key: {}", login::API_KEY)?;
    writeln!(out, "api-secret: {}", login::API_SECRET)?;
    writeln!(out, "oms-id: {}", login::OMS_ID)?;
    writeln!(out, "operator-id: {}", login::OPERATOR_ID)?;
    out.flush()
}
