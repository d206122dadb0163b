//! Words of a link that ends by this side, and of calls that get no answer on it; `far_side` has those of the other side.

use std::fmt::Display;

use super::counted;

/// The desk closed it.
pub const CLOSED_BY_US: &str = "this program closed the link";
/// Nobody listens any more.
pub const PROGRAM_ENDED: &str = "the program ended";
/// A link that is no more; why is not known.
pub const ENDED: &str = "the link ended";
/// Nothing can be sent: another link is open, or none.
pub const GONE: &str = "that link is gone";
/// Nothing can be sent: the link does not keep up.
pub const FULL: &str = "more waits to be sent than the link takes";
/// Nothing can be sent: the link ends.
pub const CLOSED: &str = "the link is closed";
/// A code was refused for another one.
pub const ANOTHER_CODE: &str = "it asked for another";

/// A key that was refused, behind what the exchange says, which speaks of a password.
pub fn with_key(said: &str, user: impl Display) -> String {
    format!("{said} (API key of user {user}; check api-key-file, api-secret-file and user-id)")
}

/// An answer that says nothing of the token.
pub fn unclear_token(host: &str, answer: impl Display) -> String {
    format!("{host}: the session token got no clear answer: {answer}")
}

/// A call of the login without an answer.
pub fn call_is_late(host: &str, call: &str, seconds: u64) -> String {
    format!("{host}: {call} was not answered within {seconds} s")
}

/// A read, or an address, without an answer.
pub fn no_answer(seconds: u64) -> String {
    format!("no answer within {seconds} s")
}

/// A read without an answer that could be read; `first` is inert.
pub fn no_readable_answer(seconds: u64, count: usize, first: &str) -> String {
    format!("no answer within {seconds} s; {} could not be read ({first})", counted(count, "message"))
}

/// A link that ended under a read; `why` is inert.
pub fn lost(why: &str) -> String {
    format!("the link was lost ({why})")
}
