//! The console on an embedded exchange on loopback. It may write: the exchange is its own, and so is the journal.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use anyhow::Context;

use super::{console, session};
use crate::app::words::{configuration as words, start};
use crate::args::Global;
use crate::config::{Config, DemoExchange, state_dir};
use crate::journal::JournalPlace;
use crate::protocol::Target;
use crate::protocol::rpc::authenticate_user::Credentials;
use crate::runtime::demo_journals::DemoJournal;
use crate::runtime::terminal::{self, TerminalGuard};
use crate::runtime::{clock, random};
use crate::simulator::{Book, Exchange, Script, Simulator, login};

const SCENARIO: &str = include_str!("../../assets/simulator/demo.json");
/// The directory of the demos' journals.
const DIRECTORY: &str = "demo";
const SEED: u64 = 1;
const TICKETS: u64 = 400;

/// Opens the console on the demo exchange.
pub fn run(flags: &Global) -> anyhow::Result<ExitCode> {
    let checked = TerminalGuard::check()?;
    session::mind_the_clock();
    let url = start_exchange()?;
    let run = random::bits_128().map_err(anyhow::Error::msg)?;
    // Every demo exchange is new, so its journal is too: an open intent of an earlier one could never be settled.
    let own = match &flags.journal {
        Some(_) => None,
        None => Some(DemoJournal::of_run(&state_dir()?.join(DIRECTORY), run)),
    };
    let path = own.as_ref().map(|own| own.path.clone()).or_else(|| flags.journal.clone()).unwrap_or_default();
    let target = Target::parse(&url).map_err(|flaw| anyhow::Error::msg(words::url(&url, &flaw)))?;
    let exchange = DemoExchange { target, name: format!("demo-{run:08x}"), journal: JournalPlace::File(path) };
    let credentials = Credentials::by_password(login::USERNAME, login::PASSWORD);
    let ended =
        console::open(Config::demo(exchange, credentials, flags.rehearse || flags.write == Some(false))?, checked);
    if let Some(path) = own.and_then(DemoJournal::end) {
        terminal::say(&[start::demo_journal(&path.display().to_string())]);
    }
    ended
}

/// Starts the exchange on a thread of its own, as it would be on a machine of its own.
fn start_exchange() -> anyhow::Result<String> {
    let book = Book::new(SEED, TICKETS, clock::wall());
    let script = Script::parse(SCENARIO, &book).context("assets/simulator/demo.json")?;
    let (started, url) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let serve = || -> anyhow::Result<()> {
            super::runtime()?.block_on(async {
                let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
                let simulator = Simulator::start(Exchange::new(book, script), listen, false).await?;
                let _ = started.send(Ok(simulator.url()));
                std::future::pending::<()>().await;
                Ok(())
            })
        };
        if let Err(error) = serve() {
            let _ = started.send(Err(error));
        }
    });
    url.recv().context(start::DEMO_ENDED)?
}
