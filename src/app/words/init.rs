//! The words of `init`.

use std::io;

use super::files;
use crate::domain::text::inert;

/// There is no place for a configuration.
pub const NO_HOME: &str = "there is no home directory to write to; set HOME or XDG_CONFIG_HOME, or give --config FILE";

/// The file is there.
pub fn written(path: &str, profile: &str) -> String {
    format!("wrote {}, which only you can read, with the profile \"{profile}\"; it sends no cancel yet", inert(path))
}

/// A line to edit.
pub fn edit(line: usize, key: &str, wanted: &str) -> String {
    format!("  edit line {line}, {key}: {wanted}")
}

/// The next steps; the file is named where it is not found by itself.
pub fn next(elsewhere: Option<&str>) -> Vec<String> {
    let config = elsewhere.map_or_else(String::new, |path| format!(" --config {}", inert(path)));
    vec![
        format!("then:  withdraw-desk{config} doctor    checks all of it, and changes nothing"),
        format!("       withdraw-desk{config}           opens the console"),
        "until then:  withdraw-desk demo    shows the console on an exchange of its own".to_owned(),
    ]
}

/// Nothing was written, and why.
pub fn not_written(path: &str, error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::AlreadyExists {
        return format!(
            "{}: there is something already, which stays as it is; edit it, or give --config FILE for another",
            inert(path)
        );
    }
    format!("{}: the configuration cannot be written: {}; nothing was written", inert(path), files::why(error))
}
