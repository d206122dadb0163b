//! The words about a fault in this program itself.

/// It happened nobody knows where.
const NO_PLACE: &str = "an unknown place";
/// It happened on a thread of no name.
const NO_NAME: &str = "without a name";
/// It says nothing of itself.
const NO_MESSAGE: &str = "no message";

/// Where it happened, on which thread, and what it says of itself.
pub fn fault(place: Option<&str>, thread: Option<&str>, message: Option<&str>) -> String {
    format!(
        "a fault in this program, at {} ({}): {}",
        place.unwrap_or(NO_PLACE),
        thread.unwrap_or(NO_NAME),
        message.unwrap_or(NO_MESSAGE)
    )
}

/// A cancel is not sent, since the program ends by a fault.
pub const ENDS_THE_PROGRAM: &str = "a fault ends the program";
