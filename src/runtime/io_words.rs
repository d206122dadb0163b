//! What the system says of a broken stream, in an operator's words.

use std::io::{Error, ErrorKind};

use crate::domain::text::inert;

/// The words for an error, without its number; inert.
pub(super) fn of(error: &Error) -> String {
    let words = match error.kind() {
        ErrorKind::ConnectionReset => "the other side reset it",
        ErrorKind::ConnectionAborted => "it was aborted",
        ErrorKind::BrokenPipe | ErrorKind::NotConnected => "the other side is gone",
        ErrorKind::UnexpectedEof => "it ended in the middle of a message",
        ErrorKind::TimedOut => "the other side acknowledged nothing for too long",
        ErrorKind::HostUnreachable => "the host cannot be reached",
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => "the network cannot be reached",
        _ => {
            let said = error.to_string();
            // Words of the system only: what stands behind them is a number.
            return inert(said.split(" (os error").next().unwrap_or_default());
        }
    };
    words.to_owned()
}
