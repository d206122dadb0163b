//! A fault in this program: a panic on any thread. The terminal first, then the message, then what is in flight, then the end.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::panic::PanicHookInfo;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::mpsc;

use super::access::Access;
use super::gateway::Gateway;
use super::headless::{self, Ended, Skin};
use super::journal::thread::JournalThread;
use super::journal::{self, Process};
use super::perform::Performer;
use super::{clock, forced_end, input, signals, terminal};
use crate::app::desk::Desk;
use crate::app::desk::end::Fault;
use crate::app::desk::news::News;
use crate::app::desk::order::{Lacking, Order};
use crate::app::desk::settings::Settings;
use crate::app::desk::stake::READ_ON;
use crate::app::effect::Exit;
use crate::app::words::fault as words;
use crate::domain::Now;
use crate::domain::text::inert;
use crate::journal::{JournalPlace, JournalSettings};

/// Facts that may wait for the rescue.
const WAITING: usize = 1_024;
/// A rescue may take this much longer than its reading, journal included.
const GRACE: Duration = Duration::from_secs(5);

/// A rescue settles the cancels in flight once the loop cannot be trusted any more, by a link and a journal of its own. Without
/// `Debug`: it holds credentials.
pub struct Rescue {
    /// Where the exchange is, and how to get in.
    pub access: Access,
    /// The desk's settings.
    pub settings: Settings,
    /// The place of the journal.
    pub journal: JournalPlace,
    /// Who this process is.
    pub process: Process,
    /// The settings of the journal.
    pub journal_settings: JournalSettings,
}

/// From now on a panic on any thread ends the process, and gives the terminal back first.
pub fn end_on_panic(rescue: Rescue) {
    let rescue = std::sync::Mutex::new(Some(rescue));
    std::panic::set_hook(Box::new(move |panic| {
        let rescue = rescue.try_lock().ok().and_then(|mut rescue| rescue.take());
        let is_first = forced_end::note_fault();
        input::stop_reading();
        terminal::give_back();
        terminal::say(&describe(panic));
        // A second fault, as in the rescue itself, settles nothing any more.
        let exit = match rescue {
            Some(rescue) if is_first && forced_end::has_unsettled() => rescue.run(),
            _ => forced_end::exit_after_fault(),
        };
        std::process::exit(i32::from(exit.code()));
    }));
}

/// Where it happened, and what was said of it; inert, since a fault may quote what the exchange sent.
fn describe(panic: &PanicHookInfo<'_>) -> Vec<String> {
    let payload = panic.payload();
    let said = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let place = panic.location().map(ToString::to_string);
    let thread = std::thread::current();
    let mut lines = vec![words::fault(place.as_deref(), thread.name(), said.map(inert).as_deref())];
    let trace = Backtrace::capture();
    if trace.status() == BacktraceStatus::Captured {
        lines.extend(trace.to_string().lines().map(str::to_owned));
    }
    lines
}

/// The skin of a rescue: it waits until the desk ends by itself.
struct Rescuer;

impl Skin for Rescuer {
    type Done = Infallible;

    fn hear(&mut self, _: &News, _: &Desk, _: Now) -> ControlFlow<Infallible, Vec<Order>> {
        ControlFlow::Continue(Vec::new())
    }

    fn refused(&mut self, _: &Lacking, _: &Desk, _: Now) -> ControlFlow<Infallible, Vec<Order>> {
        ControlFlow::Continue(Vec::new())
    }
}

impl Rescue {
    /// Settles what this session left, on a thread that knows nothing of the one that had the fault.
    fn run(self) -> Exit {
        let (done, settled) = sync_channel(1);
        let started = std::thread::Builder::new().name("rescue".to_owned()).spawn(move || {
            let _ = done.send(self.settle());
        });
        let settled = started.ok().and_then(|_| settled.recv_timeout(READ_ON + GRACE).ok());
        settled.and_then(Result::ok).unwrap_or_else(forced_end::exit_after_fault)
    }

    fn settle(self) -> std::io::Result<Exit> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            signals::refuse_to_stop();
            let (events, mut facts) = mpsc::channel(WAITING);
            let fault = Fault {
                session: self.process.session.clone(),
                handed: forced_end::handed(),
                exit: forced_end::exit_after_fault(),
            };
            let store = journal::open(&self.journal, self.process, self.journal_settings);
            let journal = JournalThread::start(store, events.clone());
            let gateway = Gateway::new(self.access, events.clone())?.alone();
            let mut performer = Performer::new(gateway, journal, events);
            let mut desk = Desk::rescue(self.settings, fault, clock::now());
            // The session that had the fault has noted already how the process ends.
            let Ended::ByDesk(exit) =
                headless::run(&mut desk, &mut Rescuer, &mut performer, &mut facts, clock::now, |_| {}).await;
            terminal::say(&desk.farewell());
            drop(facts);
            performer.finish(&desk).await;
            Ok(exit)
        })
    }
}
