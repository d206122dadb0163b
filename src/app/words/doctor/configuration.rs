//! Words of the configuration's files, what they come to, and who else could read or change them.

/// Mends a file that others can change.
pub const NOBODY_ELSE_MAY_WRITE: &str =
    "wanted a regular file that nobody else may write (chmod go-w): who writes it says where passwords go";
/// Mends a configuration that has a mistake.
pub const MEND_THAT: &str = "mend that, and run the doctor again";
/// Advice about a note.
pub const NOTHING_IF_MEANT: &str = "nothing, if that is meant";
/// No file with a secret is named.
pub const NO_SECRET_FILE: &str = "none is named: the login asks, or runs a program";
/// No client key is named.
pub const NO_CLIENT_KEY: &str = "none is set";
/// Mends a secret that others can read.
pub const NOBODY_ELSE_MAY_READ: &str =
    "wanted: a regular file of your own, chmod 600; if others could read it, change the secret as well";

/// A file that is guarded so.
pub fn guarded(path: &str, guard: &str) -> String {
    format!("{path} ({guard})")
}

/// A file that need not be there, and is not.
pub fn none(path: &str) -> String {
    format!("{path} (none)")
}

/// A file that cannot be used; `why` is the end of a sentence.
pub fn refused(path: &str, why: &str) -> String {
    format!("{path} {why}")
}

/// A file that has to be there, and is not.
pub fn missing(path: &str) -> String {
    format!("{path} does not exist")
}

/// The mode and the owner of a file; `us` is our user id.
pub fn guard(mode: u32, owner: u32, us: u32) -> String {
    let owner = match owner {
        owner if owner == us => "ours".to_owned(),
        0 => "root's".to_owned(),
        owner => format!("of user {owner}"),
    };
    format!("mode {mode:04o}, {owner}")
}

/// The sum of the files.
pub struct Outline<'a> {
    /// The profile's name, if there is one.
    pub profile: Option<&'a str>,
    /// The name of the environment.
    pub environment: &'a str,
    /// The gateway.
    pub url: &'a str,
    /// True if it may cancel.
    pub may_write: bool,
}

/// The sum of the files.
pub fn outline(outline: &Outline) -> String {
    let profile = outline.profile.map_or_else(|| "no profile".to_owned(), |name| format!("profile {name}"));
    let write = if outline.may_write { "may cancel" } else { "read-only: it rehearses" };
    format!("{profile}, {}, {}; {write}", outline.environment, outline.url)
}

/// The sum of the files, with what they should not say.
pub fn with_notes(found: &str, notes: &[String]) -> String {
    format!("{found}; {}", notes.join("; "))
}
