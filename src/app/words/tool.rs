//! The words where another program, which was asked for a few lines, does not answer. Each stands behind its name.

use std::fmt::Display;

/// The system does not start it.
pub fn not_run(why: &str) -> String {
    format!("cannot be run: {why}")
}

/// It did not answer in time.
pub fn no_answer(seconds: u64) -> String {
    format!("did not answer in {seconds} s")
}

/// It ended with a failure.
pub fn failed(status: impl Display) -> String {
    format!("failed ({status})")
}
