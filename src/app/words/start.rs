//! The words where a session, or the demo's exchange, cannot begin.

use std::fmt::Display;

use jiff::Timestamp;

use crate::domain::time::date_time;

/// The demo's exchange ended before it could be reached, and says no why.
pub const DEMO_ENDED: &str = "the demo exchange ended before it began";

/// That the password is not to be had, and why.
pub fn no_password(why: &impl Display) -> String {
    format!("no password: {why}")
}

/// That this machine's clock is wrong, and what follows.
pub fn wrong_clock(now: Timestamp) -> String {
    format!(
        "this machine's clock says {}, which cannot be: set it (timedatectl set-ntp true); until then ages are shown as \"?\", \
         the journal's times are wrong, and no certificate is taken as valid",
        date_time(now)
    )
}
