//! Keys and pastes, read from the terminal on a thread of its own.

use std::io::{self, PipeReader, PipeWriter};
use std::sync::{Mutex, PoisonError};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc;

use super::key_bytes::{KeyBytes, KeyPress};
use super::{clock, terminal, terminal_modes};
use crate::domain::Boot;

/// A press that the terminal sent, and when it arrived here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The time of arrival, noted by the thread that does nothing else: the pause before a confirming Enter is measured
    /// by it, also while the console is busy.
    pub at: Boot,
    /// The press itself.
    pub press: KeyPress,
}

/// Keys that may wait; a larger paste makes the terminal wait.
const WAITING: usize = 4_096;

/// As long as this end of a pipe is open, the terminal is read.
static READING: Mutex<Option<PipeWriter>> = Mutex::new(None);

/// Reads the terminal on a thread of its own. The channel is closed when the terminal ends: told by its hang-up, which is
/// looked for before every read, since a read of a dead terminal tells nothing.
pub fn read_terminal() -> io::Result<mpsc::Receiver<Typed>> {
    let (typed, keys) = mpsc::channel(WAITING);
    let (stop, reading) = io::pipe()?;
    *READING.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
    std::thread::Builder::new().name("input".to_owned()).spawn(move || read(&stop, &typed))?;
    Ok(keys)
}

/// Stops reading: what is typed from now on is the shell's.
pub fn stop_reading() {
    drop(READING.lock().unwrap_or_else(PoisonError::into_inner).take());
}

fn read(stop: &PipeReader, typed: &mpsc::Sender<Typed>) {
    let stdin = io::stdin();
    let mut parser = KeyBytes::default();
    let mut bytes = [0; 4_096];
    loop {
        let mut fds = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(stop, PollFlags::IN)];
        let patience = parser.patience().and_then(|patience| Timespec::try_from(patience).ok());
        let arrived = poll(&mut fds, patience.as_ref());
        let [input, stopped] = fds.map(|fd| fd.revents());
        let is_gone = input.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
        let presses = match arrived {
            Ok(0) => parser.end(),
            Ok(_) if is_gone || !stopped.is_empty() => return,
            Ok(_) if terminal::is_in_background() => {
                // Keys are another job's now, and to read them would stop the process.
                std::thread::sleep(terminal::LOOK);
                continue;
            }
            Ok(_) => match rustix::io::read(&stdin, &mut bytes) {
                Ok(0) => return,
                Ok(length) => {
                    // Asked each time: the terminal was perhaps another job's meanwhile, and set anew.
                    parser.edit_with(terminal_modes::edit_keys(&stdin));
                    parser.take(&bytes[..length], clock::boot())
                }
                Err(Errno::INTR | Errno::AGAIN) => continue,
                Err(_) => return,
            },
            Err(Errno::INTR) => continue,
            Err(_) => return,
        };
        let at = clock::boot();
        for press in presses {
            if typed.blocking_send(Typed { at, press }).is_err() {
                return;
            }
        }
    }
}
