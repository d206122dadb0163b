//! Sentences about the reading of the list: why it stopped, what is asked for instead, and where a ticket is not.

use crate::app::limits;
use crate::domain::{Ticket, TicketNumber, TicketStatus};

/// The session ends.
pub const TOLD_TO_END: &str = "the program was told to end";
/// There is no link on which pages could be asked for.
pub const NO_LINK: &str = "there is no link";
/// A list is asked for by OMS and operator.
pub const NO_IDS: &str =
    "the exchange did not say which OMS and operator we are; set oms-id and operator-id in the profile";
/// The length of the list cannot be found.
pub const ENDLESS: &str = "the exchange sends more and more tickets, and no end of its list";
/// The newest end does not join.
pub const NEWEST_NOT_JOINED: &str =
    "the newest tickets could not be joined to those that were read before, so some between them may be missing";
/// Page after page brings nothing new.
pub const SAME_AGAIN: &str = "the exchange sends the same tickets again and again";
/// The list ends before its end.
pub const EMPTY_PAGE: &str = "an empty page came where tickets were before, so what is older cannot be read";
/// Rows went while pages were counted from the oldest.
pub const GOT_SHORTER: &str = "the list got shorter while it was read";
/// Pages do not join.
pub const NO_SHARED_TICKET: &str = "two pages of the list share no ticket, so some between them may be missing";

/// It cannot be looked for.
pub const NO_LINK_TO_FIND: &str = "there is no link on which it could be asked for";
/// The whole range of its number was read.
pub const NOT_FOUND: &str = "the exchange has no ticket of this number";

/// The reading stopped.
pub fn stopped(read: usize, why: &str) -> String {
    format!("the list stopped after {read} tickets: {why}")
}

/// A page was too long for a message, and shorter ones are asked for.
pub fn page_too_long(limit: usize, half: usize) -> String {
    let most = most();
    format!(
        "{limit} tickets were more than {most}, the most that is read at once: pages of {half} are asked for (page-size)"
    )
}

/// Not even a page of one ticket is short enough.
pub fn no_page_is_short_enough() -> String {
    let most = most();
    format!(
        "a page of one ticket is still more than {most}, the most that is read at once: the exchange does not keep to Limit, or \
         one ticket alone is that long, and page-size cannot help; tell who runs the exchange"
    )
}

/// One ticket is short enough, and two are not, which pages need that are to join without a gap.
pub fn two_rows_are_too_long() -> String {
    let most = most();
    format!(
        "two tickets of the list together are more than {most}, the most that is read at once, and page-size cannot help; tell \
         who runs the exchange"
    )
}

/// The most that is read of a message.
fn most() -> String {
    format!("{} MiB", limits::MESSAGE >> 20)
}

/// Far more rows came than were asked for.
pub fn all_at_once(rows: usize, limit: usize) -> String {
    format!(
        "the exchange sent {rows} tickets at once where {limit} were asked for: it does not keep to Limit, and its list cannot be \
         read in pages; tell who runs it"
    )
}

/// The list was refused, and this login lacks the permission `call`.
pub fn no_permission(error: &str, call: &str) -> String {
    format!("{error}; this login has neither Operator nor {call}, and an administrator must give it one")
}

/// A read shows another status than the list had.
pub fn status_read(listed: &TicketStatus, ticket: &Ticket) -> String {
    let by = ticket.updated_by_label();
    format!("#{} {listed} -> {} (read, by {by})", ticket.number, ticket.status)
}

/// An event tells another status than the list had.
pub fn status_heard(listed: &TicketStatus, ticket: &Ticket) -> String {
    let by = ticket.updated_by_label();
    format!("#{} {listed} -> {} (event, by {by})", ticket.number, ticket.status)
}

/// A poll was not answered well.
pub fn newest_not_read(why: &str) -> String {
    format!("the newest tickets could not be read: {why}")
}

/// Things that the list has no place for, behind a sentence on what it lacks.
pub fn unread_rows(rows: usize) -> String {
    match rows {
        0 => String::new(),
        1 => ", but 1 row of the list could not be read".to_owned(),
        rows => format!(", but {rows} rows of the list could not be read"),
    }
}

/// Only failed tickets were asked for, and it is none of them.
pub fn not_failed_or_not_there(unread: &str) -> String {
    format!("it is not failed, or not there: the exchange was asked for failed tickets alone{unread}")
}

/// The whole list was read.
pub fn none_of_all(read: usize, unread: &str) -> String {
    format!("it is none of the {read} tickets that the exchange lists{unread}")
}

/// A part of the list was read, from the newest back to `oldest`.
pub fn none_of_those_read(read: usize, oldest: Option<TicketNumber>, unread: &str) -> String {
    let oldest = oldest.map_or_else(String::new, |oldest| format!(", back to #{oldest}"));
    format!("it is none of the {read} tickets read{oldest}; older ones were not read{unread}")
}

/// A ticket without the two names of it that a read needs; `odd` are those that cannot be read, ` (AccountId 7.0)`.
pub fn no_key(odd: &str) -> String {
    format!("without AccountId and RequestCode{odd} it cannot be read again")
}
