//! Words where a stream broke: what the system says, in an operator's words.

use std::io::{Error, ErrorKind};

use crate::domain::text::said_by_the_system;

/// The words for an error, without its number; inert.
pub fn why(error: &Error) -> String {
    let words = match error.kind() {
        ErrorKind::ConnectionReset => "the other side reset it",
        ErrorKind::ConnectionAborted => "it was aborted",
        ErrorKind::BrokenPipe | ErrorKind::NotConnected => "the other side is gone",
        ErrorKind::UnexpectedEof => "it ended in the middle of a message",
        ErrorKind::TimedOut => "the other side acknowledged nothing for too long",
        ErrorKind::HostUnreachable => "the host cannot be reached",
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => "the network cannot be reached",
        _ => return said_by_the_system(&error.to_string()),
    };
    words.to_owned()
}
