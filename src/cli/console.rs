//! The console on a profile.

use std::process::ExitCode;

use ratatui::backend::CrosstermBackend;

use super::session;
use crate::app::theme::ThemeName;
use crate::app::words::start;
use crate::app::{Console, Desk, State};
use crate::args::Global;
use crate::config::Config;
use crate::runtime::event_loop::{self, Display};
use crate::runtime::output::Outlet;
use crate::runtime::terminal::{self, TerminalGuard};
use crate::runtime::terminal_screen::TerminalScreen;
use crate::runtime::{clock, input, signals};

/// Opens the console on the chosen profile.
pub fn run(flags: &Global) -> anyhow::Result<ExitCode> {
    match (session::configured(flags), TerminalGuard::check()) {
        (Ok(config), Ok(checked)) => open(config, checked),
        (Ok(_), Err(no_terminal)) => Err(no_terminal.into()),
        (Err(error), Ok(_)) => Err(error),
        // Who tries it in a pipe first should not have to try twice.
        (Err(error), Err(no_terminal)) => Err(anyhow::Error::msg(start::both(&no_terminal, &error))),
    }
}

/// Opens the console.
pub fn open(mut config: Config, checked: terminal::Checked) -> anyhow::Result<ExitCode> {
    let console = config.console.clone();
    session::prepare(&mut config)?;
    let begun = session::begin(&config)?;
    let runtime = super::runtime()?;
    let exit = runtime.block_on(async {
        let (events, mut facts) = session::queue();
        signals::watch(&events)?;
        let guard = TerminalGuard::take(checked)?;
        let desk = Desk::new(config.settings.clone());
        let mut performer = session::performer(config, begun, events)?;
        let (writer, mut outlet) = Outlet::start()?;
        let mut screen = TerminalScreen::new(CrosstermBackend::new(writer));
        // Changes of the size are watched for by now: none can be lost in between.
        let size = terminal::size()?;
        let mut shown = Console::new(console.keymap);
        shown.theme = theme(console.theme);
        let mut state = State::new(desk, shown, size, clock::now());
        let mut keys = input::read_terminal()?;
        performer.start(state.desk.author());
        let display = Display { screen: &mut screen, outlet: &mut outlet };
        let exit = event_loop::run(&mut state, display, &mut keys, &mut performer, &mut facts).await;
        input::stop_reading();
        drop(guard);
        terminal::say(&state.desk.farewell());
        drop(facts);
        performer.finish(&state.desk).await;
        anyhow::Ok(exit)
    });
    runtime.shutdown_timeout(session::SHUTDOWN);
    Ok(ExitCode::from(exit?.code()))
}

/// The theme; in an environment that wants no colours, the one without.
fn theme(name: ThemeName) -> ThemeName {
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if is_plain { ThemeName::Colourless } else { name }
}
