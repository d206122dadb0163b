//! Sentences about orders that were refused: what they lack.

use jiff::Timestamp;

use crate::domain::{TicketNumber, time};

/// Another cancel is being confirmed.
pub const FREE: &str = "Another cancel is being confirmed.";
/// No fresh read is shown.
pub const SHOWN: &str = "No ticket was read that could be confirmed.";
/// It was read on another link.
pub const LINK: &str = "The link on which the ticket was read is gone.";
/// Why it is released.
pub const REASON: &str = "A release needs a reason.";
/// No secret is waited for.
pub const QUESTION: &str = "Nobody asked for a password or a code.";

/// Nothing good was heard since then.
pub fn freshness(since: Timestamp) -> String {
    format!("The data is stale: nothing was heard since {}.", time::date_time(since))
}

/// The number was not typed, or another one.
pub fn number(ticket: TicketNumber) -> String {
    format!("Type the ticket number, {ticket}.")
}

/// The word that answers for the ticket was not typed.
pub fn word(why: &str, word: &str) -> String {
    format!("{why}: type the word `{word}` as well.")
}

/// The word of an early release was not typed.
pub fn early_word(word: &str) -> String {
    format!("It was sent less than 15 minutes ago: type the word `{word}` as well.")
}

/// One cancel at a time.
pub fn receipt(ticket: TicketNumber) -> String {
    format!("The cancel of ticket {ticket} still awaits its receipt; one at a time. This one arms when that has come.")
}

/// A release rests on a read made for it.
pub fn read(why: &str) -> String {
    format!("A release needs a read of the ticket made now: {why}.")
}
