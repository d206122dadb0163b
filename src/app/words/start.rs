//! The words where a session, or the demo's exchange, cannot begin.

use std::fmt::Display;

/// The demo's exchange ended before it could be reached, and says no why.
pub const DEMO_ENDED: &str = "the demo exchange ended before it began";

/// That the password is not to be had, and why.
pub fn no_password(why: &impl Display) -> String {
    format!("no password: {why}")
}
