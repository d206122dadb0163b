//! The words where a password or a code is asked for without a screen, and where none is given.

use std::fmt::Display;

/// The question; what is typed stands behind it and is not shown.
pub fn question(wanted: impl Display) -> String {
    format!("withdraw-desk: {wanted} (not shown; Enter gives it, Esc does not): ")
}

/// A secret is wanted by a command that asks nobody.
pub fn nobody_to_ask(wanted: impl Display) -> String {
    format!("the login needs {wanted}, and there is nobody to ask")
}

/// A person took too long.
pub fn not_in_time(wanted: impl Display, seconds: u64) -> String {
    format!("{wanted} was not given within {seconds} s")
}

/// Nobody asks any more, since the program ends.
pub const PROGRAM_ENDED: &str = "the program ended";

/// Nobody asks any more, since the link that wanted the secret is given up.
pub const LINK_GIVEN_UP: &str = "the link was given up";

/// The process has no terminal.
pub const NO_TERMINAL: &str =
    "there is no terminal to ask on; use password-file or password-command, and totp-command for a code";

/// The question was taken back before an answer came.
pub const TAKEN_BACK: &str = "the question was taken back";

/// The terminal went away under the question.
pub const TERMINAL_GONE: &str = "the terminal is gone";

/// More was typed or pasted than any secret has.
pub const TOO_LONG: &str = "what was typed is longer than any password or code; nothing of it was sent";

/// Enter was pressed, and nothing before it.
pub const NOTHING_TYPED: &str = "nothing was typed";

/// Esc was pressed.
pub const WITHHELD: &str = "nobody gave it";

/// Ctrl-C or Ctrl-\ was pressed.
pub const INTERRUPTED: &str = "it was interrupted";
