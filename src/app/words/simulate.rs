//! The scenarios that ship with the program.

/// Columns of a name.
const NAME: usize = 24;

/// A scenario in one line: its name, and what it is for.
pub fn scenario(name: &str, about: &str) -> String {
    format!("{name:<NAME$} {about}")
}

/// Neither a scenario nor a file.
pub fn unknown(name: &str) -> String {
    format!(
        "{name}: no scenario has this name, and there is no such file; `simulate --list-scenarios` lists those that ship"
    )
}
