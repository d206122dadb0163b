//! The words of `journal release`: why nothing is released, what is waited for, and how it ended.

use std::fmt::Display;

use super::desk::outcome::stands;
use super::{outcome, release};
use crate::app::desk::Desk;
use crate::app::desk::cancels::cancellation::Cancellation;
use crate::app::desk::order::Lacking;
use crate::domain::{Boot, Now};
use crate::journal::history::Stands;
use crate::journal::{JournalPlace, Story};

/// Nothing was released, and what was said before tells why.
pub const NOTHING: &str = "nothing was released";
/// The journal's files do not fit.
pub const JOURNAL_UNFIT: &str =
    "the journal is not whole, see `withdraw-desk journal verify`; it takes no record, so nothing was released";
/// The login is on another OMS than the cancel.
pub const OTHER_OMS: &str = "the login is on another OMS than the cancel, where the number is another ticket; choose its profile by --profile; nothing was released";
/// A signal ended it before anything was given to the journal.
pub const STOPPED: &str = "stopped; nothing was released";
/// A signal ended it after the release was given to the journal.
pub const STOPPED_RECORDING: &str = "stopped while the release was recorded; `journal show` says whether it was";

/// That there is no journal where one was named.
pub fn no_journal(journal: &JournalPlace) -> String {
    format!("{journal}: there is no such journal")
}

/// That nothing was released, and why.
pub fn nothing(why: &impl Display) -> String {
    format!("{why}; {NOTHING}")
}

/// That nothing was released, because there is no link.
pub fn no_link(why: &str) -> String {
    format!("no link: {why}; {NOTHING}")
}

/// That the number that was typed is not the ticket of the cancel.
pub fn not_its_ticket(confirm: &str, story: &Story) -> String {
    let ticket = &story.intent.ticket;
    format!("--confirm {confirm} is not the ticket of cancel {}, which is {ticket}", story.short())
}

/// Why a cancel that was found holds no ticket here; without one, that there is none.
pub fn holds_nothing(found: Option<&Story>) -> String {
    let Some(story) = found else { return "there is nothing to release".to_owned() };
    let name = format!("cancel {} of ticket {}", story.short(), story.intent.ticket);
    match story.stands() {
        Stands::Final(outcome) => {
            let outcome = stands(Some(outcome));
            format!("{name} is settled, {outcome}: it locks nothing, there is nothing to release")
        }
        Stands::Released => format!("{name} is released already, and still watched"),
        Stands::Open(_) => {
            let stamp = story.opened().map(|record| &record.stamp);
            let oms = stamp.and_then(|stamp| stamp.oms).map_or("none".to_owned(), |oms| oms.to_string());
            let exchange = stamp.map_or("?", |stamp| &stamp.exchange);
            format!(
                "{name} is of {exchange}, OMS {oms}, and not of the chosen profile's; choose another by --profile NAME"
            )
        }
    }
}

/// Why the desk did not take the release.
pub fn lacks(lacking: &Lacking) -> String {
    match lacking {
        Lacking::EarlyWord => {
            "it was sent less than 15 minutes ago: --early releases it all the same; nothing was released".to_owned()
        }
        _ => format!("{lacking} Nothing was released."),
    }
}

/// The facts of the release dialog, one a line.
pub fn facts(desk: &Desk, cancellation: &Cancellation, since: Boot, now: Now) -> [String; 3] {
    release::facts(desk, cancellation, since, now).map(|(label, value)| format!("{label}: {value}"))
}

/// The meaning of a release.
pub fn warning() -> &'static str {
    release::WARNING.trim_start_matches("! ")
}

/// That the outcome is waited for.
pub fn following(cancellation: &Cancellation, now: Now) -> String {
    let until = cancellation.progress.follow_until;
    let until = until.map_or(0, |until| until.since(now.boot).as_millis().div_ceil(1_000));
    format!(
        "the outcome of the cancel of ticket {} is not recorded; its ticket is read until it is, for {until} s at most",
        cancellation.ticket()
    )
}

/// That the lock is gone.
pub fn released(ticket: &str) -> String {
    format!("the lock of ticket {ticket} is released, for every console on this journal")
}

/// That the cancel is settled, and how it stands; without it, that another console settled it.
pub fn settled(ticket: &str, cancellation: Option<&Cancellation>, desk: &Desk) -> String {
    let stands = match cancellation {
        Some(cancellation) => outcome::headline(cancellation, desk).text,
        None => "Closed by another console on this journal; `withdraw-desk journal show` tells how.".to_owned(),
    };
    format!("the cancel of ticket {ticket} is settled, so there is nothing to release: {stands}")
}

/// That the journal failed before the release was given to it.
pub fn journal_failed(why: &str) -> String {
    format!("the journal failed, so nothing was released: {why}")
}

/// That the journal failed after the release was given to it.
pub fn journal_failed_recording(why: &str) -> String {
    format!("the journal failed while the release was recorded; `journal show` says whether it was: {why}")
}
