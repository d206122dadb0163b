//! Sentences about a release: why there can be none, and that there was one.

use crate::domain::{TicketNumber, TicketStatus};

/// The session does not follow it yet.
pub const NOT_FOLLOWED: &str = "It can be released once its ticket can be read.";
/// It has a final outcome.
pub const SETTLED: &str = "It is settled, so it locks nothing.";
/// Once is enough.
pub const RELEASED: &str = "It is released already, and still watched.";
/// Its outcome may come any moment.
pub const STILL_FOLLOWED: &str = "It is still followed; wait until its outcome is known or stands open.";
/// There is no link for the read.
pub const NO_LINK: &str = "there is no link";
/// Nobody knows it.
pub const NO_INTENT: &str = "There is no such intent.";
/// The read got no answer.
pub const NO_ANSWER: &str = "no answer yet";

/// It could not be recorded.
pub fn no_journal(why: &str) -> String {
    format!("A release must be recorded, and the journal failed: {why}")
}

/// The read that the release rests on.
pub fn read(status: &TicketStatus, by: &str) -> String {
    format!("{} by {by}", status.with_number())
}

/// It came about.
pub fn released(ticket: TicketNumber) -> String {
    format!("#{ticket} released; the first request may still act, so it is watched")
}
