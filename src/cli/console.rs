//! The console on a profile.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use ratatui::backend::CrosstermBackend;
use tokio::sync::mpsc;

use crate::app::console::keymap::Keymap;
use crate::app::{Console, Desk, State};
use crate::args::Global;
use crate::config::Config;
use crate::runtime::event_loop;
use crate::runtime::fault::{self, Rescue};
use crate::runtime::gateway::Gateway;
use crate::runtime::journal_file::{JournalFile, Process};
use crate::runtime::journal_thread::JournalThread;
use crate::runtime::output::Outlet;
use crate::runtime::perform::Performer;
use crate::runtime::screen::Screen;
use crate::runtime::terminal::{self, TerminalGuard};
use crate::runtime::{clock, input, random, signals};
use crate::view::theme::Theme;

/// Facts that may wait for the loop; a gateway that sends more is read more slowly.
const WAITING: usize = 1_024;
/// Tasks that are left when the console ends may take this long.
const SHUTDOWN: Duration = Duration::from_millis(100);

/// Opens the console on the chosen profile.
pub fn run(flags: &Global) -> anyhow::Result<ExitCode> {
    let guard = TerminalGuard::check()?;
    open(Config::load(flags)?, guard)
}

/// Opens the console.
pub fn open(config: Config, checked: terminal::Checked) -> anyhow::Result<ExitCode> {
    let keymap = Keymap::built_in().context("assets/keys.toml")?;
    let process = Process {
        session: format!("{:032x}", random::bits_128().map_err(anyhow::Error::msg)?),
        host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        exchange: config.settings.exchange.clone(),
    };
    fault::end_on_panic(Rescue {
        target: config.target.clone(),
        credentials: config.credentials.clone(),
        settings: config.settings.clone(),
        journal: config.journal.clone(),
        process: process.clone(),
        keeping: config.keeping.clone(),
    });
    let runtime = super::runtime()?;
    let exit = runtime.block_on(async {
        let (events, mut facts) = mpsc::channel(WAITING);
        signals::watch(&events)?;
        let guard = TerminalGuard::take(checked)?;
        let store = JournalFile::open_file(&config.journal, process, config.keeping);
        let journal = JournalThread::start(store, events.clone());
        let gateway = Gateway::new(config.target, config.credentials, events.clone())?;
        let mut performer = Performer::new(gateway, journal, events);
        let theme = if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            Theme::colourless()
        } else {
            Theme::terminal()
        };
        let (writer, mut outlet) = Outlet::start()?;
        let mut screen = Screen::new(CrosstermBackend::new(writer), theme);
        // Changes of the size are watched for by now: none can be lost in between.
        let size = terminal::size()?;
        let mut state = State::new(Desk::new(config.settings), Console::new(keymap), size, clock::now());
        let mut keys = input::read_terminal()?;
        performer.start(state.desk.author());
        let display = (&mut screen, &mut outlet);
        let exit = event_loop::run(&mut state, display, &mut keys, &mut performer, &mut facts).await;
        input::stop_reading();
        drop(guard);
        terminal::say(&state.desk.farewell());
        drop(facts);
        performer.finish(state.desk.author()).await;
        anyhow::Ok(exit)
    });
    runtime.shutdown_timeout(SHUTDOWN);
    Ok(ExitCode::from(exit?.code()))
}
