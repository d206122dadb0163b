//! The list of the scenarios that ship with the program.

/// Columns of a name.
const NAME: usize = 24;

/// A scenario in one line: its name, and what it is for.
pub fn scenario(name: &str, about: &str) -> String {
    format!("{name:<NAME$} {about}")
}
