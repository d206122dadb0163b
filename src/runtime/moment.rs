//! Work that may wait for a terminal that takes no output, waited for no longer than a moment.

use std::sync::mpsc;
use std::time::Duration;

/// A terminal that takes no output is waited for this long.
const MOMENT: Duration = Duration::from_millis(200);

/// Does the work, on a thread of its own; `None` if it is not done within a moment.
pub(super) fn within_a_moment<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, waited) = mpsc::channel();
    let started = std::thread::Builder::new().spawn(move || {
        let _ = done.send(work());
    });
    started.ok().and_then(|_| waited.recv_timeout(MOMENT).ok())
}
