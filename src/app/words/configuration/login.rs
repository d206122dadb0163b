//! The words where `[profiles.NAME.login]` says no way in, or more than one, or a secret has no source that can be used.

use std::fmt::Display;

/// The ways in that there are.
const WANTED: &str = "username with password-file, password-credential, password-command or none of them to be asked; or \
                      user-id with api-key-file and api-secret-file, or with api-key-credential and api-secret-credential";

/// A user's name, and elsewhere an API key; to stand behind the place of the name.
pub fn name_and_api_key(key_at: impl Display) -> String {
    format!("two ways in, by user name here and by API key at {key_at}; wanted exactly one: {WANTED}")
}

/// An API key, and elsewhere a password.
pub fn password_and_api_key(password_at: impl Display, key_at: impl Display) -> String {
    format!("{password_at}: two ways in, by password here and by API key at {key_at}; wanted exactly one: {WANTED}")
}

/// A password of nobody.
pub fn password_without_name(place: impl Display, section: &str) -> String {
    format!("{place}: a password without username in {section}; wanted: {WANTED}")
}

/// No way in at all; `files` are the names of those that were read.
pub fn no_way_in(files: Option<&str>, section: &str) -> String {
    let files = files.unwrap_or("the configuration");
    format!("{files}: {section} names no way in; wanted: {WANTED}")
}

/// The user's name is empty.
pub const EMPTY_NAME: &str = "username is empty; wanted the name that the exchange knows";

/// A secret has a second source; to stand behind the place of one of them.
pub fn two_sources(secret: &str, other: impl Display) -> String {
    format!("two sources of the {secret}, here and at {other}; wanted one")
}

/// A program for codes, and an API key, which wants none.
pub fn needless_codes(place: impl Display) -> String {
    format!("{place}: totp-command with an API key, which bypasses the second factor; wanted one or the other")
}

/// An API key lacks a part.
pub fn part_of_api_key(place: impl Display, missing: &str) -> String {
    format!("{place}: an API key without {missing}; wanted: {WANTED}")
}

/// The file of a secret is refused, which `why` tells.
pub fn secret_file(secret: &str, path: &str, why: &str) -> String {
    format!("{secret}-file = {path:?}: the file {why}")
}

/// A credential of the service manager is refused, which `why` tells.
pub fn credential(secret: &str, name: &str, why: &str) -> String {
    format!("{secret}-credential = {name:?}: {why}")
}

/// The text there can be no credential's name.
pub const NO_CREDENTIAL_NAME: &str = "no name of a credential; wanted the name that the service manager gives it";

/// Nobody said where credentials are.
pub const NO_CREDENTIALS: &str = "CREDENTIALS_DIRECTORY is not set; wanted a start by systemd with LoadCredential=";

/// The file of a credential is refused, which `why` tells.
pub fn credential_file(path: impl Display, why: &str) -> String {
    format!("the file {path} {why}")
}

/// A command of a secret is empty.
pub fn no_program(key: &str) -> String {
    format!("{key} names no program; wanted such as [\"pass\", \"show\", \"desk\"]")
}
