//! The words where the program of a secret cannot be run, or does not do its work.

use std::fmt::Display;

/// No program is named.
pub const EMPTY: &str = "the command of a secret is empty; wanted a program and its arguments";

/// The system does not start it.
pub fn not_run(name: &str, why: &str) -> String {
    format!("the command {name:?} cannot be run: {why}")
}

/// The system does not say how it ended.
pub fn lost(name: &str, why: &str) -> String {
    format!("the command {name:?}: {why}")
}

/// It did not end in time.
pub fn too_slow(name: &str, seconds: u64) -> String {
    format!("the command {name:?} took longer than {seconds} s, and was ended")
}

/// It ended with a failure; `complaint` is what it said of it, if anything.
pub fn failed(name: &str, status: impl Display, complaint: Option<&str>) -> String {
    let why = complaint.map_or_else(String::new, |complaint| format!(": {complaint}"));
    format!("the command {name:?} failed ({status}){why}")
}

/// It printed no secret, which `flaw` tells.
pub fn no_secret(name: &str, flaw: &str) -> String {
    format!("the command {name:?} {flaw}")
}
