//! The words where a session, or the demo's exchange, cannot begin.

use std::error::Error;
use std::fmt::Display;
use std::io;

use jiff::Timestamp;

use super::files;
use crate::domain::time::date_time;

/// The demo's exchange ended before it could be reached, and says no why.
pub const DEMO_ENDED: &str = "the exchange of the demo could not be started; try again";

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

/// Too few files may be open at once.
pub fn too_few_files(limit: u64, wanted: u64) -> String {
    format!(
        "no more than {limit} files may be open at once, wanted {wanted}; raise it (ulimit -n 256), and start again"
    )
}

/// An error with what led to it; what the system says in an operator's words.
pub fn why<'a>(causes: impl Iterator<Item = &'a (dyn Error + 'static)>) -> String {
    let said = |cause: &'a (dyn Error + 'static)| {
        cause.downcast_ref::<io::Error>().map_or_else(|| cause.to_string(), files::why)
    };
    causes.map(said).collect::<Vec<_>>().join(": ")
}

/// Where a demo's journal is, until when, and how it is read.
pub fn demo_journal(path: &str) -> String {
    format!(
        "this demo's journal is {path}, until the next demo starts; withdraw-desk journal list --journal FILE reads it"
    )
}
