//! Words of the checks on a link that is logged in.

use crate::domain::TicketNumber;

/// The step that asks who we are.
pub const WHO_WE_ARE: &str = "who we are";
/// The step that asks for permissions.
pub const WHAT_WE_MAY_DO: &str = "what we may do";
/// The step that asks for pings.
pub const HOW_QUICK: &str = "how quick it answers";
/// Advice about a ticket of an unknown form.
pub const REPORT_IT: &str = "report it with this line: the exchange's tickets have a form that is not known here";
/// Advice about a ticket that cannot be read alone.
pub const ASK_WHY: &str = "such a ticket cannot be canceled here; ask the exchange why";
/// Advice about another ticket than the one asked for.
pub const CHECK_IDS: &str =
    "check oms-id and operator-id in the profile; nothing can be canceled without a read of that very ticket";
/// The meaning of a lack of ticket events means.
pub const EVENTS_NOT_NEEDED: &str =
    "nothing needs it: without ticket events the console reads the list again and again";

/// A list whose ticket cannot be read.
pub fn unreadable_ticket(call: &str, why: &str) -> String {
    format!("{call} was answered, but its ticket cannot be read: {why}")
}

/// No ticket to read.
pub fn empty_list(call: &str) -> String {
    format!("{call} was not tried: the list is empty")
}

/// A ticket that lacks what the call needs.
pub fn lacks_key(call: &str, ticket: TicketNumber) -> String {
    format!("{call} was not tried: ticket {ticket} has no account or no request code")
}

/// Another ticket than the one asked for.
pub fn other_ticket(call: &str, asked: TicketNumber, answered: TicketNumber) -> String {
    format!("{call}: asked for ticket {asked}, the exchange answered with {answered}")
}
