//! The words where a session, or the demo's exchange, cannot begin.

use std::error::Error;
use std::fmt::Display;
use std::io;

use jiff::Timestamp;

use super::files;
use crate::domain::time::date_time;

/// The demo's exchange ended before it could be reached, and says no why.
pub const DEMO_ENDED: &str = "the exchange of the demo could not be started; try again";

/// A crash could leave the memory of this process in a file, with the secrets in it.
pub fn core_dumps(why: &str) -> String {
    format!("core dumps cannot be turned off ({why}); secrets could end up in one, should this program crash")
}

/// The system gives nothing to make ids of.
pub fn no_random(why: &impl Display) -> String {
    format!("the system gives no random bits: {why}")
}

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
    files::without_numbers(&causes.map(said).collect::<Vec<_>>().join(": "))
}

/// Where a demo's journal is, until when, and how it is read.
pub fn demo_journal(path: &str) -> String {
    format!(
        "this demo's journal is {path}, until the next demo starts; withdraw-desk journal list --journal FILE reads it"
    )
}

/// Two things that are wrong at once.
pub fn both(one: &impl Display, other: &impl Display) -> String {
    format!("{one}; and {other}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_without_the_systems_numbers() {
        let error = io::Error::other("cannot listen on 127.0.0.1:1: Address already in use (os error 98); see");
        assert_eq!(
            why([&error as &(dyn Error + 'static)].into_iter()),
            "cannot listen on 127.0.0.1:1: Address already in use; see"
        );
        let full = io::Error::from_raw_os_error(28);
        assert_eq!(
            why([&full as &(dyn Error + 'static)].into_iter()),
            "No space left on device: the disk is full; make room"
        );
    }
}
