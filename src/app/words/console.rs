//! Hints: why a key does nothing on the screen that is shown, or what happened to what was typed.

use crate::domain::TicketNumber;

/// Why what was typed counts no more: nothing good was heard for a while.
pub const STALE: &str = "the data is stale";
/// Why what was typed counts no more: the window is another one.
pub const RESIZED: &str = "the window changed its size";
/// Why what was typed counts no more: the program slept.
pub const SUSPENDED: &str = "the program was suspended";
/// Why what was typed counts no more: a question came over it.
pub const ASKED: &str = "the exchange asked for a password or a code";
/// Why a secret was not given.
pub const ESC_AT_QUESTION: &str = "Esc was pressed at the question";

/// Keys that nobody can have aimed.
pub const UNSEEN: &str = "What was typed while the screen was frozen is ignored.";
/// Nobody would hear the receipt.
pub const NOT_SUSPENDED: &str = "A receipt is awaited: not suspended. Try again in a moment.";
/// A reason of no link is there to be read.
pub const READ_WHY: &str = "Read why there is no link, pause, then press r once.";
/// A refused login is not tried again in passing.
pub const READ_REFUSAL: &str = "Accounts lock: read why it was refused, pause, then press r once.";
/// A key that needs a ticket.
pub const NONE_SELECTED: &str = "No ticket is selected; a cursor key selects one.";
/// The timeline of a cancel that is not followed yet.
pub const NOT_READ_YET: &str = "It will be read as soon as there is a link.";

/// The cancel dialog: nothing was typed.
pub const TYPE_TO_ARM: &str = "Type the ticket number to arm. Enter alone does nothing.";
/// The cancel dialog: the journal is about to answer.
pub const TOO_LATE_TO_KEEP: &str = "The intent is being written; too late to keep the ticket from here.";
/// The cancel dialog: a letter in the field of the number.
pub const DIGITS_OR_TAB: &str = "Digits only here; Tab leads to the other fields.";
/// The cancel dialog: a letter at the reasons.
pub const ARROWS_CHOOSE: &str = "Left and Right choose the reason.";
/// The cancel dialog: an arrow elsewhere.
pub const TAB_TO_CHOOSE: &str = "Tab leads to the reason; there the arrows choose.";
/// The cancel dialog: it is over.
pub const NOTHING_TO_CONFIRM: &str = "Nothing can be confirmed here. Esc leads back.";

/// The release dialog: a letter in the field of the number.
pub const DIGITS_OR_REASON: &str = "Digits only here; Tab leads to the reason.";
/// The release dialog: no reason.
pub const REASON_WANTED: &str = "A release needs a reason; Tab leads to it.";

/// The question for a secret: Enter at an empty field.
pub const NOTHING_TYPED: &str = "Nothing was typed yet. Esc gives nothing.";
/// The question for a secret: no end.
pub const TOO_LONG: &str = "That is longer than any password.";

/// Finding: Enter without a number.
pub const NUMBER_WANTED: &str = "Type the number of a ticket; Esc leads back.";

/// The cancel dialog: the number is another one.
pub fn other_number(ticket: TicketNumber) -> String {
    format!("The number typed is not this ticket's, {ticket}.")
}

/// The cancel dialog: the second word is wanted.
pub fn word_wanted(why: &str, word: &str) -> String {
    format!("{why}: type the word `{word}` as well; Tab leads to it.")
}

/// The cancel dialog: what armed it was taken back.
pub fn disarmed(why: &str) -> String {
    format!("Disarmed: {why}. Type the number again.")
}

/// The cancel dialog: the note is full.
pub fn note_is_full(most: usize) -> String {
    format!("A note has {most} characters at the most.")
}

/// The release dialog: the reason is full.
pub fn reason_is_full(most: usize) -> String {
    format!("A reason has {most} characters at the most.")
}

/// Finding: the number is full.
pub fn number_is_full(most: usize) -> String {
    format!("No number has more than {most} digits.")
}

/// Finding: a letter; `left_out` is inert.
pub fn only_digits(left_out: &str) -> String {
    format!("Only digits count: {left_out} was left out.")
}

/// Finding: the field, with the cursor behind what was typed.
pub fn find_prompt(typed: &str) -> String {
    format!("Ticket number: {typed}_")
}
