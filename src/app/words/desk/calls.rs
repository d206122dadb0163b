//! The questions asked of the exchange, in an operator's words, and that no answer came. A call's own name is the exchange's word.

/// The reads and wishes by which the desk learns something.
pub const WHO_WE_ARE: &str = "the question who we are";
pub const PERMISSIONS: &str = "the read of the permissions";
pub const PROTECTED: &str = "the question where a code is wanted";
pub const CODE: &str = "the check of the code";
pub const EVENTS: &str = "the wish for ticket events";
pub const KEEP_ALIVE: &str = "the keep-alive";
pub const PAGE: &str = "the page of the list";
pub const TICKET: &str = "the read of the ticket";
pub const SEARCH: &str = "the search for the ticket";
pub const CANCEL: &str = "the cancel";

/// The time of a call is over.
pub fn no_answer(asked: &str) -> String {
    format!("no answer to {asked} in time")
}
