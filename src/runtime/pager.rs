//! A pager for a long text, where there is a terminal and a pager to be had.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::{Child, Command, Stdio};

use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

/// The shell's answers where a program is not to be had.
const NOT_RUN: [i32; 2] = [126, 127];

/// Shows the text by `$PAGER`, else by `less -R`, and waits until it was read. False if nothing was shown, because nobody reads on a
/// terminal or no pager can be run: then the text is to be printed.
pub fn show(text: &str) -> io::Result<bool> {
    if !io::stdout().is_terminal() {
        return Ok(false);
    }
    let Some(mut pager) = pager() else { return Ok(false) };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let _entered = runtime.enter();
    // Ctrl-C and Ctrl-\ are the pager's: ended by them, this program would leave it behind, with nobody waiting for it.
    let _kept = [signal(SignalKind::interrupt())?, signal(SignalKind::quit())?];
    let Ok(mut child) = pager.stdin(Stdio::piped()).spawn() else { return Ok(false) };
    let given = give(&mut child, text);
    let status = child.wait()?;
    given?;
    Ok(!status.code().is_some_and(|code| NOT_RUN.contains(&code)))
}

/// The operator's own pager is a command of the shell, as everywhere; an empty one means none. The usual one needs a terminal that can
/// place text.
fn pager() -> Option<Command> {
    let Some(own) = std::env::var_os("PAGER") else {
        let can_place = std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb");
        let mut usual = Command::new("less");
        usual.arg("-R");
        return can_place.then_some(usual);
    };
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(&own);
    (!own.is_empty()).then_some(shell)
}

/// Whoever reads may leave before the end; that is no fault.
fn give(child: &mut Child, text: &str) -> io::Result<()> {
    let Some(mut input) = child.stdin.take() else { return Ok(()) };
    match input.write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}
