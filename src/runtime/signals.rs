//! Signals as events, and the end of the process also while nobody takes them in.

use std::time::Duration;

use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use super::{forced_end, terminal};
use crate::app::Event;
use crate::app::desk::stake::READ_ON;
use crate::app::event::Interruption;

const SIGNALS: [(SignalKind, u8); 4] =
    [(SignalKind::hangup(), 1), (SignalKind::interrupt(), 2), (SignalKind::quit(), 3), (SignalKind::terminate(), 15)];

/// The orderly end takes no longer, journal included; after that the loop is stuck.
const GRACE: Duration = Duration::from_secs(5);

/// Watches HUP, INT, QUIT, TERM, CONT and the window's size, on a thread of its own: the process always ends, also while the loop cannot.
pub fn watch(events: &mpsc::Sender<Event>) -> std::io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let arrivals = {
        let _entered = runtime.enter();
        runtime.spawn(tell_size(signal(SignalKind::window_change())?, events.clone()));
        runtime.spawn(go_on(continued()?));
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

/// Does `work` to its end, or gives it up at the first signal that ends a process; then its number is the error.
pub async fn unless_told_to_end<T>(work: impl Future<Output = T>) -> std::io::Result<Result<T, u8>> {
    let (told, mut signals) = mpsc::channel(1);
    tokio::spawn(go_on(continued()?));
    for (kind, number) in SIGNALS {
        let (mut arrivals, told) = (signal(kind)?, told.clone());
        tokio::spawn(async move {
            arrivals.recv().await;
            let _ = told.send(number).await;
        });
    }
    Ok(tokio::select! {
        done = work => Ok(done),
        Some(number) = signals.recv() => Err(number),
    })
}

/// From now on Ctrl-Z does not stop the process: given back, the terminal makes a signal of it, and a stopped process reads no
/// ticket. To be called where tokio runs.
pub fn refuse_to_stop() {
    let _ = signal(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()));
}

async fn tell(mut arrivals: Signal, number: u8, events: mpsc::Sender<Event>) {
    while arrivals.recv().await.is_some() {
        let events = events.clone();
        tokio::spawn(async move {
            let was_unsettled = forced_end::has_unsettled();
            // A queue that stays full means a stuck loop; the end comes all the same.
            let told = events.send(Event::Interrupted(Interruption::Signal(number)));
            let _ = tokio::join!(tokio::time::timeout(GRACE, told), tokio::time::sleep(GRACE));
            if was_unsettled || forced_end::has_unsettled() {
                // The loop reads on, and writes down what it read.
                tokio::time::sleep(READ_ON).await;
            }
            terminal::end_now(number);
        });
    }
}

/// The signal with which a shell lets a stopped process go on.
fn continued() -> std::io::Result<Signal> {
    signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))
}

async fn go_on(mut continued: Signal) {
    while continued.recv().await.is_some() {
        terminal::go_on();
    }
}

async fn tell_size(mut changes: Signal, events: mpsc::Sender<Event>) {
    while changes.recv().await.is_some() {
        if let Ok(size) = terminal::size() {
            let _ = events.send(Event::Resized(size)).await;
        }
    }
}
