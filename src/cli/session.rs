//! What every session on an exchange starts with.

use std::time::Duration;

use tokio::sync::mpsc;

use crate::app::Event;
use crate::config::Config;
use crate::runtime::fault::{self, Rescue};
use crate::runtime::gateway::Gateway;
use crate::runtime::journal_file::{JournalFile, Process};
use crate::runtime::journal_thread::JournalThread;
use crate::runtime::perform::Performer;
use crate::runtime::random;

/// Facts that may wait for the loop; a gateway that sends more is read more slowly.
const WAITING: usize = 1_024;
/// Tasks that are left when the session ends may take this long.
pub const SHUTDOWN: Duration = Duration::from_millis(100);

/// The queue on which everything from outside comes.
pub fn queue() -> (mpsc::Sender<Event>, mpsc::Receiver<Event>) {
    mpsc::channel(WAITING)
}

/// Names this session, and from now on ends the process in order on a panic.
pub fn begin(config: &Config) -> anyhow::Result<Process> {
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
    Ok(process)
}

/// Everything that acts on the outside for this session.
pub fn performer(config: Config, process: Process, events: mpsc::Sender<Event>) -> anyhow::Result<Performer> {
    let store = JournalFile::open_file(&config.journal, process, config.keeping);
    let journal = JournalThread::start(store, events.clone());
    let gateway = Gateway::new(config.target, config.credentials, events.clone())?;
    Ok(Performer::new(gateway, journal, events))
}
