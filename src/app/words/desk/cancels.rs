//! Sentences about a cancel before it is sent: why it cannot be begun, who holds its ticket, why nothing was sent.

use super::outcome::stands;
use crate::domain::ticket::Trace;
use crate::domain::{OmsId, Ticket, text, time};
use crate::journal::Unresolved;

/// There is no link for the first read.
pub const NO_LINK_TO_READ: &str = "There is no link, so it cannot be read.";
/// The list lost the ticket.
pub const NOT_LISTED: &str = "It is not on the list any more.";
/// The operator changed his mind.
pub const KEPT: &str = "the operator kept the ticket during the confirming read";
/// The dialog's link is gone.
pub const LINK_LOST: &str = "the link was lost";
/// There is no link for the confirming read.
pub const NO_LINK: &str = "there is no link";
/// The dialog's link is another one by now.
pub const LINK_CHANGED: &str = "the link changed since the dialog was shown";
/// A read that is to be followed needs names of the ticket.
pub const NOT_READABLE_AGAIN: &str = "it cannot be read again";
/// The session ends.
pub const TOLD_TO_END: &str = "the program was told to end";
/// The link went between the read and the send.
pub const LOST_BEFORE_SEND: &str = "the link was lost before the send";
/// The session became read-only.
pub const MAY_NOT_WRITE: &str = "this session may not write any more";
/// The intent became durable too late.
pub const NOBODY_WAITED: &str = "nobody waited for it any more";
/// How a ticket of which money may have left can be opened all the same.
const ALLOW_TX: &str = "allow-tx = true in the profile, and a second typed word, open it.";

/// The journal failed.
pub fn no_journal(why: &str) -> String {
    format!("No journal, no send: {why}")
}

/// The first read was not answered well.
pub fn not_read(why: &str) -> String {
    format!("It could not be read: {why}.")
}

/// The ticket is another OMS's.
pub fn other_oms(ticket: Option<OmsId>, session: Option<OmsId>) -> String {
    let of = |oms: Option<OmsId>| oms.map_or_else(|| "unknown".to_owned(), |id| id.to_string());
    format!("It is a ticket of OMS {}, and this session is on OMS {}.", of(ticket), of(session))
}

/// The ticket is not failed.
pub fn not_failed(ticket: &Ticket) -> String {
    let when = ticket.times.updated.map_or_else(|| "at an unknown time".to_owned(), time::date_time);
    format!("Ticket {} is now {} (changed {when} by {}).", ticket.number, ticket.status, ticket.updated_by_label())
}

/// Money may already have left.
pub fn not_clear(ticket: &Ticket) -> String {
    if let Some(Trace { text, source }) = ticket.tx_id() {
        let (id, source) = (text.exact(), source.exact());
        return format!(
            "STOP  This failed ticket carries the trace of a transaction, {source}: {id}. Money may have left. Check the chain \
             first. {ALLOW_TX}"
        );
    }
    if ticket.transaction.is_confirmed() {
        format!("STOP  The provider calls this withdrawal confirmed. Money may have left. Check first. {ALLOW_TX}")
    } else {
        format!("STOP  Its transaction details cannot be read, so nobody can say here whether money left. {ALLOW_TX}")
    }
}

/// Why a ticket wants a second word.
pub mod second_word {
    /// A trace of a transaction, or details that nobody can read.
    pub const MONEY: &str = "Money may have left";
    /// No amount, or one in a form that nobody can read.
    pub const AMOUNT: &str = "The amount is not known";
    /// Nothing, or less.
    pub const NOT_POSITIVE: &str = "The amount is not above 0";
    /// Nobody knows of what it is so much.
    pub const ASSET: &str = "The asset is not known";
    /// They differ.
    pub const DESTINATIONS: &str = "Two destinations are told";
    /// Another fact that decides.
    pub const FIELD: &str = "A field that counts cannot be read";
}

/// Who holds the ticket of an open intent.
pub fn holder(open: &Unresolved) -> String {
    let operator = open.stamp.operator.as_deref().unwrap_or("somebody");
    format!(
        "{} on {} (pid {}) opened a {} of it at {}; it is {}",
        text::inert(operator),
        text::inert(&open.stamp.host),
        open.stamp.pid,
        open.intent.change_words(),
        time::date_time(open.opened_at),
        stands(open.outcome),
    )
}

/// Another session's open intent locks the ticket.
pub fn locked_by(open: &Unresolved) -> String {
    format!("Locked: {}.", holder(open))
}

/// An open intent of this session locks it.
pub fn locked_by_us(intent: &str) -> String {
    format!("Locked: this session sent a cancel of it (intent {intent}); its outcome is not settled.")
}

/// The confirming read shows another ticket than the dialog did.
pub fn changed(by: &str, differences: impl Iterator<Item = String>) -> String {
    let mut said = format!("the ticket changed (last by {by}):");
    said.extend(differences);
    said
}

/// A fact in which it differs.
pub fn difference(fact: &str, shown: &str, read: &str) -> String {
    format!(" {fact} was {shown}, is {read};")
}

/// Its status was heard to be another one.
pub fn heard_changed(ticket: &Ticket, status: &str, at: &str) -> String {
    let by = ticket.updated_by_label();
    format!("Ticket {} is now {status}, changed by {by}: heard at {at}.", ticket.number)
}

/// Something happened to the window.
pub fn while_confirming(why: &str) -> String {
    format!("{why} during the confirming read")
}

/// Too much time went by until the intent was durable.
pub fn read_too_old(seconds: u64) -> String {
    format!("the confirming read was asked {seconds} s ago, which is too old")
}

/// The exchange names the ticket too badly; `odd` are the names that cannot be read, ` (AccountId 7.0)`.
pub fn no_key(odd: &str) -> String {
    format!(
        "The exchange sent it without an AccountId and RequestCode that can be read{odd}, so it cannot be read again, and what cannot be \
         read again cannot be canceled here."
    )
}
