//! Hears that the machine's wall clock was set, as it happens: nothing ticks for it. The desk's own door finds out by how much.

use tokio::sync::mpsc;

use crate::app::Event;

/// Tells each setting of the clock, until nobody listens. Where the system does not tell of it, the next input notices it.
#[cfg(target_os = "linux")]
pub fn watch(events: &mpsc::Sender<Event>) {
    let events = events.clone();
    // A thread, since a file that is read by the runtime wants code that is not safe. It ends with the process.
    let _ = std::thread::Builder::new().name("clock".to_owned()).spawn(move || {
        let Ok(timer) = linux::timer() else { return };
        while linux::wait(&timer).is_ok() && events.blocking_send(Event::ClockSet).is_ok() {}
    });
}

/// Tells nothing: the next input notices it.
#[cfg(not(target_os = "linux"))]
pub fn watch(_: &mpsc::Sender<Event>) {}

#[cfg(target_os = "linux")]
mod linux {
    use rustix::fd::OwnedFd;
    use rustix::io::{Errno, Result};
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
    };

    /// A timer for a time that never comes, which the kernel cancels whenever the wall clock is set, also while nobody waits for it.
    pub(super) fn timer() -> Result<OwnedFd> {
        let timer = timerfd_create(TimerfdClockId::Realtime, TimerfdFlags::CLOEXEC)?;
        let never = Itimerspec {
            it_interval: Timespec { tv_sec: 0, tv_nsec: 0 },
            it_value: Timespec { tv_sec: i64::MAX / 4, tv_nsec: 0 },
        };
        let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
        timerfd_settime(&timer, flags, &never)?;
        Ok(timer)
    }

    /// Waits until the wall clock is set, or was since the last wait.
    pub(super) fn wait(timer: &OwnedFd) -> Result<()> {
        loop {
            match rustix::io::read(timer, &mut [0_u8; 8]) {
                Err(Errno::CANCELED) => return Ok(()),
                Err(Errno::INTR) => {}
                Err(other) => return Err(other),
                // The time that never comes came.
                Ok(_) => return Err(Errno::TIMEDOUT),
            }
        }
    }
}
