//! Sentences about the link: that it is there or not, who the exchange says we are, and why the session may not write.

use std::fmt::Display;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::time::near;

/// Nobody is at the terminal any more.
pub const NOBODY_TO_ASK: &str = "there is nobody to ask any more";
/// A keep-alive was not answered twice.
pub const NO_PONG: &str = "the exchange stopped answering";
/// The session ended while its link is up, as a refusal shows.
pub const SESSION_OVER: &str = "the session at the exchange is over";
/// A session that ended, as the reason for a new login.
pub const SESSION_UNKNOWN: &str = "the exchange does not know this session any more (Not Authorized)";
/// A read waits for a code.
pub const CODE_WANTED: &str = "the exchange wants a code of the second factor first";
/// A code was right.
pub const CODE_ACCEPTED: &str = "the exchange accepted the code of the second factor";
/// A code was wrong.
pub const CODE_REFUSED: &str = "the exchange refused the code of the second factor";
/// An event came in a form that nobody here can read.
pub const EVENT_UNREADABLE: &str = "a ticket event could not be read";
/// This machine's time was set.
pub const CLOCK_SET: &str = "this machine's clock was set to another time";

/// The clocks parted.
pub fn all_is_stale() -> String {
    format!("{CLOCK_SET}; everything is stale until it is read again")
}

/// A link is up.
pub fn linked(host: &str) -> String {
    format!("linked to {host}")
}

/// There is no link.
pub fn no_link(why: &str) -> String {
    format!("no link: {why}")
}

/// A call ended with its link.
pub fn lost(why: &str) -> String {
    format!("the link was lost ({why})")
}

/// The exchange closed so many links in a row soon after their logins.
pub fn often_closed(times: u32, why: &str) -> String {
    format!(
        "{times} times in a row the exchange closed the link within a minute of its login: another desk may be logged in as this user \
         ({}); agree who works",
        found(why)
    )
}

/// So many links in a row ended soon after their logins, for so long.
pub fn often_dropped(times: u32, over: Duration, why: &str) -> String {
    format!(
        "{times} times in a row, over {} min, the link ended within a minute of its login, and each new login was taken: another desk \
         may be logged in as this user, or the network drops links ({}); agree who works",
        over.as_secs() / 60,
        found(why)
    )
}

/// A person asks for a try before the time until which it was to wait.
pub fn tried_early(until: Timestamp, now: Timestamp, why: &str) -> String {
    format!("a try was asked for before {}, until when it was to wait: {}", near(until, now), found(why))
}

/// The part of a sentence before what to do.
fn found(why: &str) -> &str {
    why.rsplit_once("; ").map_or(why, |(found, _)| found)
}

/// Something came in that is no message of the exchange's form.
pub fn unreadable(why: &str) -> String {
    format!("a message of the exchange could not be read: {why}")
}

/// Nobody told us who we are.
pub fn nobody_here(error: &str) -> String {
    format!("the exchange does not say who we are: {error}")
}

/// There are no ticket events.
pub fn no_events(why: &str) -> String {
    format!("newest tickets read every 10 s: no ticket events ({why})")
}

/// Two answers differ in the user, or in the OMS.
pub fn told_otherwise(what: &str, told: &impl Display, later: &impl Display) -> String {
    format!("the exchange says {what} {told} at the login, and then {what} {later}")
}

/// The login has no permission for the call of this name.
pub fn not_permitted(call: &str) -> String {
    format!("this login has neither Operator nor {call}")
}

/// The session may not write.
pub fn read_only(why: &str) -> String {
    format!("{why}: read-only")
}

/// The exchange is on another OMS than the profile.
pub fn other_oms(wanted: &impl Display, found: &impl Display) -> String {
    format!("the profile says OMS {wanted}, the exchange says {found}")
}

/// The exchange knows us as another user than the profile.
pub fn other_user(wanted: &impl Display, found: &impl Display) -> String {
    format!("the profile says user {wanted}, the exchange says {found}")
}

/// The operator did not give a secret.
pub fn not_given(wanted: &impl Display, why: &str) -> String {
    format!("{wanted} was not given: {why}")
}

/// The answer to a code cannot be read.
pub fn code_not_answered(error: &str) -> String {
    format!("no good answer to the code of the second factor: {error}")
}
