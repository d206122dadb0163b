//! The words where the chosen profile, or the lack of one, leaves open where to connect, or whether anything may be sent.

use std::fmt::Display;

/// No place for the journal.
pub const NO_HOME: &str = "there is no home directory; set HOME or XDG_STATE_HOME, or give --journal FILE";

/// Files are there, and nobody says which of their profiles counts.
pub fn no_profile(files: &str, names: &str) -> String {
    format!("{files}: no profile was chosen; give --profile NAME, or set default-profile to one of: {names}")
}

/// Nobody says where to connect: neither the profile of these files nor a flag.
pub fn no_url(files: Option<&str>, profile: Option<&str>) -> String {
    let place = match (files, profile) {
        (Some(files), Some(profile)) => format!("{files}: [profiles.{profile}] url"),
        _ => "--url".to_owned(),
    };
    format!("{place} is missing; wanted there, or by --url, such as wss://gateway.example.com/WSGateway/")
}

/// A flag sends the login of a profile elsewhere than the profile would.
pub fn login_elsewhere(profile: &str, place: impl Display) -> String {
    format!("--url (or WITHDRAW_DESK_URL): the login of profile {profile:?} goes to {place}")
}

/// Nothing says who logs in.
pub const NO_LOGIN: &str = "no profile says how to log in; give --profile NAME with a [profiles.NAME.login] section";

/// Writing is allowed where no profile is named, which allows it nowhere.
pub const WRITE_OUTSIDE: &str = "write = true outside of a profile; wanted it in the profile that may write";

/// The machine's file forbids what the profile allows.
pub fn write_locked(place: impl Display) -> String {
    format!("{place}: write = false; this session is read-only")
}

/// A failed ticket is no canceled one.
pub const FAILED_IS_NOT_CANCELED: &str = "canceled-statuses: Failed cannot mean canceled; wanted other statuses";

/// A theme that there is not.
pub fn no_theme(name: &str, themes: &str) -> String {
    format!("there is no theme {name:?}; wanted one of: {themes}")
}
