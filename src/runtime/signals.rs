//! Signals and the end of the terminal, as events.

use rustix::event::{PollFd, PollFlags, poll};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use crate::app::Event;
use crate::app::event::Interruption;

const SIGNALS: [(SignalKind, u8); 4] =
    [(SignalKind::hangup(), 1), (SignalKind::interrupt(), 2), (SignalKind::quit(), 3), (SignalKind::terminate(), 15)];

/// Watches HUP, INT, QUIT and TERM.
pub fn watch(events: &mpsc::Sender<Event>) -> std::io::Result<()> {
    for (kind, number) in SIGNALS {
        let mut arrived = signal(kind)?;
        let events = events.clone();
        tokio::spawn(async move {
            while arrived.recv().await.is_some() {
                if events.send(Event::Interrupted(Interruption::Signal(number))).await.is_err() {
                    return;
                }
            }
        });
    }
    Ok(())
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
