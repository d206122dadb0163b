//! What was asked of the exchange, in an operator's words, and that no answer came. A call's own name is the exchange's word.

/// The time of a call is over.
pub fn no_answer(asked: &str) -> String {
    format!("no answer to {asked} in time")
}
