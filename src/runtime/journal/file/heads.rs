//! The head of the journal's chain, told to a syslog socket with every record: a chain alone cannot show that its tail was cut
//! off, a head kept elsewhere can.
//!
//! journald listens on `/dev/log` as well. It is a second sink, not a condition: nothing is refused because of it.

use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

use crate::app::words::files;
use crate::journal::heads;
use crate::journal::seal::Head;

/// The facility `log audit` with the severity `informational` (RFC 3164).
const PRIORITY: u8 = 13 * 8 + 6;

/// The socket.
#[derive(Debug)]
pub struct Heads {
    path: PathBuf,
    /// A fault is told once, until it is over.
    is_failing: bool,
}

impl Heads {
    /// The heads go to this socket.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), is_failing: false }
    }

    /// Tells the head. An error is returned once, until it is over.
    pub fn tell(&mut self, head: &Head) -> Result<(), String> {
        let told = self.send(&heads::line(head));
        let is_news = told.is_err() && !self.is_failing;
        self.is_failing = told.is_err();
        if is_news { told.map_err(|error| format!("{}: {}", self.path.display(), files::why(&error))) } else { Ok(()) }
    }

    fn send(&self, line: &str) -> std::io::Result<()> {
        let socket = UnixDatagram::unbound()?;
        // A syslog that does not take it in must not hold up a cancel.
        socket.set_nonblocking(true)?;
        let message = format!("<{PRIORITY}>withdraw-desk[{}]: {line}", std::process::id());
        socket.send_to(message.as_bytes(), &self.path).map(|_| ())
    }
}
