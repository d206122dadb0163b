//! Words of this machine's clock against the exchange's, and of how long an answer takes.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::domain::time::date_time;

/// Mends a clock that says what cannot be.
pub const SET_THE_CLOCK: &str = "set it: timedatectl set-ntp true";
/// The handshake's answer has nothing to compare with.
pub const NO_DATE: &str = "the exchange's answer carries no Date to compare with";
/// Advice where nothing can be compared.
pub const SEE_THAT_IT_IS_SYNCHRONISED: &str = "see that this machine's clock is synchronised: timedatectl";
/// The header `Date` cannot be read. It is not quoted, because nothing hides what it may echo.
pub const UNREADABLE_DATE: &str = "the exchange's answer carries a Date that is none";
/// Mends clocks that part.
pub const SYNCHRONISE: &str =
    "synchronise this machine's clock (timedatectl set-ntp true), or ask whose clock is wrong";
/// The clocks are together.
pub const TOGETHER: &str = "no more than 2 s from the exchange's";
/// Why no ping was answered, where none was sent.
pub const NONE_SENT: &str = "none was sent";
/// Advice about pings that stop.
pub const LOOK_AT_THE_NETWORK: &str = "look at the network between here and it";
/// The meaning of answers that take long.
pub const NEARER: &str = "every read waits that long; run the console nearer to the exchange";

/// A clock of a year that cannot be.
pub fn impossible(said: Timestamp) -> String {
    format!("this machine's clock says {}, which cannot be", date_time(said))
}

/// A clock that is off by so much; positive where ours is ahead.
pub fn apart(skew: SignedDuration, said: Timestamp) -> String {
    let side = if skew.is_negative() { "behind" } else { "ahead of" };
    let seconds = skew.abs().as_secs();
    format!("this machine is {seconds} s {side} the exchange, which said {}", date_time(said))
}

/// A clock that is off by more than a second factor bears.
pub fn too_far_apart(skew: SignedDuration, said: Timestamp) -> String {
    format!("{}; codes of a second factor are refused", apart(skew, said))
}

/// No ping was answered.
pub fn no_ping(why: &str) -> String {
    format!("no Ping was answered: {why}")
}

/// The middle and the worst of so many pings.
pub fn round_trip(middle: Duration, worst: Duration, count: usize) -> String {
    format!("{}, {} at the worst of {count}", millis(middle), millis(worst))
}

/// Pings that were answered until one was not.
pub fn then(found: &str, why: &str) -> String {
    format!("{found}; then {why}")
}

/// `12 ms`.
pub fn millis(took: Duration) -> String {
    match took.as_millis() {
        0 => "under 1 ms".to_owned(),
        millis => format!("{millis} ms"),
    }
}
