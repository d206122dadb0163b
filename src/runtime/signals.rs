//! Signals and the end of the terminal, as events.

use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use super::terminal;
use crate::app::Event;
use crate::app::event::Interruption;

const SIGNALS: [(SignalKind, u8); 4] =
    [(SignalKind::hangup(), 1), (SignalKind::interrupt(), 2), (SignalKind::quit(), 3), (SignalKind::terminate(), 15)];

/// The orderly end takes no longer, journal included; after that the loop is stuck, as in a write to a stalled terminal.
const GRACE: Duration = Duration::from_secs(5);

/// Watches HUP, INT, QUIT and TERM, on a thread of its own: the process always ends, also while the loop cannot.
pub fn watch(events: &mpsc::Sender<Event>) -> std::io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let arrivals = {
        let _entered = runtime.enter();
        SIGNALS.map(|(kind, number)| signal(kind).map(|arrivals| (arrivals, number)))
    };
    for arrival in arrivals {
        let (arrivals, number) = arrival?;
        runtime.spawn(tell(arrivals, number, events.clone()));
    }
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(std::future::pending::<()>());
    })?;
    Ok(())
}

async fn tell(mut arrivals: Signal, number: u8, events: mpsc::Sender<Event>) {
    while arrivals.recv().await.is_some() {
        let events = events.clone();
        tokio::spawn(async move {
            // A queue that stays full means a stuck loop; the end comes all the same.
            let told = events.send(Event::Interrupted(Interruption::Signal(number)));
            let _ = tokio::join!(tokio::time::timeout(GRACE, told), tokio::time::sleep(GRACE));
            terminal::end_now(128 + i32::from(number));
        });
    }
}

/// Watches for the end of the terminal on a thread of its own: crossterm 0.29 does not report it, and spins instead
/// (HAZARDS.md 0.1), and SIGHUP reaches only the session that the kernel signals. No wake-ups meanwhile.
pub fn watch_terminal(events: mpsc::Sender<Event>) {
    std::thread::spawn(move || {
        let stdin = std::io::stdin();
        loop {
            let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
            let found = poll(&mut fds, None);
            let gone = fds.iter().any(|fd| fd.revents().intersects(PollFlags::HUP | PollFlags::ERR));
            match found {
                Ok(_) if gone => break,
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return,
            }
        }
        let _ = events.blocking_send(Event::Interrupted(Interruption::TerminalLost));
    });
}
