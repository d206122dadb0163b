//! The start of every session on an exchange, and the run of one without a screen.

use std::time::Duration;

use tokio::sync::mpsc;

use crate::app::words::start;
use crate::app::{Desk, Event};
use crate::args::Global;
use crate::config::{Config, Surroundings};
use crate::domain::Secret;
use crate::domain::time::is_plausible;
use crate::protocol::rpc::authenticate_user::Credentials;
use crate::runtime::access::Access;
use crate::runtime::fault::{self, Rescue};
use crate::runtime::gateway::Gateway;
use crate::runtime::headless::{self, Ended, Skin};
use crate::runtime::journal::thread::JournalThread;
use crate::runtime::journal::{self, Process};
use crate::runtime::perform::Performer;
use crate::runtime::{clock, clock_set, forced_end, random, secret_command, signals, terminal};

/// Facts that may wait for the loop; a gateway that sends more is read more slowly.
const WAITING: usize = 1_024;
/// Tasks that are left when the session ends may take this long.
pub const SHUTDOWN: Duration = Duration::from_millis(100);

/// The queue on which everything from outside comes. The machine's clock tells on it from now on.
pub fn queue() -> (mpsc::Sender<Event>, mpsc::Receiver<Event>) {
    let (events, facts) = mpsc::channel(WAITING);
    clock_set::watch(&events);
    (events, facts)
}

/// Reads the configuration, and says what the operator should know of it.
pub fn configured(flags: &Global) -> anyhow::Result<Config> {
    let config = Config::load(flags, &Surroundings::of_this_machine())?;
    terminal::say(&config.notes);
    mind_the_clock();
    Ok(config)
}

/// Says if this machine's clock cannot be right.
pub fn mind_the_clock() {
    let now = clock::wall();
    if !is_plausible(now) {
        terminal::say(&[start::wrong_clock(now)]);
    }
}

/// A session that has begun. Without `Debug`: it holds credentials.
pub struct BegunSession {
    process: Process,
    access: Access,
}

/// Names this session, prepares the network, and from now on ends the process in order on a panic.
pub fn begin(config: &Config) -> anyhow::Result<BegunSession> {
    let access = Access::over_network(config.target.clone(), config.credentials.clone(), &config.trust);
    let access = access.map_err(anyhow::Error::msg)?;
    let process = Process {
        session: format!("{:032x}", random::bits_128().map_err(anyhow::Error::msg)?),
        host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        exchange: config.settings.exchange.clone(),
    };
    fault::end_on_panic(Rescue {
        access: access.clone(),
        settings: config.settings.clone(),
        journal: config.journal.clone(),
        process: process.clone(),
        journal_settings: config.journal_settings.clone(),
    });
    Ok(BegunSession { process, access })
}

/// Adds to a configuration what it cannot hold: a random seed; and the password, if a command prints it, which is run once
/// and before a screen is there, since it may ask on the terminal.
pub fn prepare(config: &mut Config) -> anyhow::Result<()> {
    config.settings.seed = random::bits_64();
    if let Credentials::Password { password, .. } = &mut config.credentials
        && let Secret::Command(argv) = password
    {
        let fetched = secret_command::run(argv, secret_command::PASSWORD_LIMIT);
        *password = Secret::Held(fetched.map_err(|why| super::NoSecret(start::no_password(&why)))?);
    }
    Ok(())
}

/// Everything that acts on the outside for this session.
pub fn performer(config: Config, session: BegunSession, events: mpsc::Sender<Event>) -> anyhow::Result<Performer> {
    let BegunSession { process, access } = session;
    let gateway = Gateway::new(access, events.clone())?;
    let store = journal::open(&config.journal, process, config.journal_settings);
    let journal = JournalThread::start(store, events.clone());
    Ok(Performer::new(gateway, journal, events))
}

/// Runs a desk that reads no list, without a screen and without keys, until its skin is done or a signal ends it.
pub fn run_unattended<S: Skin>(mut config: Config, skin: &mut S) -> anyhow::Result<Ended<S::Done>> {
    prepare(&mut config)?;
    let session = begin(&config)?;
    let runtime = super::runtime()?;
    let ended = runtime.block_on(async {
        let (events, mut facts) = queue();
        signals::watch(&events)?;
        let mut desk = Desk::without_list(config.settings.clone());
        let mut performer = performer(config, session, events)?;
        performer.start(desk.author());
        let ended = headless::run(&mut desk, skin, &mut performer, &mut facts, clock::now, forced_end::note).await;
        drop(facts);
        performer.finish(&desk).await;
        anyhow::Ok(ended)
    });
    runtime.shutdown_timeout(SHUTDOWN);
    ended
}
