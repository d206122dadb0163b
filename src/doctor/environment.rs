//! The variables of the environment that the checks look at: these by name, and no others. None holds a secret.

use std::collections::BTreeMap;

/// The variables.
const LOOKED_AT: [&str; 14] = [
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "TERM_PROGRAM",
    "TMUX",
    "STY",
    "SSH_TTY",
    "SSH_CONNECTION",
    "LC_ALL",
    "LC_CTYPE",
    "LANG",
    "USER",
    "DISPLAY",
    "WAYLAND_DISPLAY",
];

/// The variables that are set, with their values.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<&'static str, String>);

impl Environment {
    /// Of this process. A variable that is empty counts as none.
    pub fn of_process() -> Self {
        let read = |name: &'static str| Some((name, std::env::var_os(name)?.to_string_lossy().into_owned()));
        Self(LOOKED_AT.into_iter().filter_map(read).filter(|(_, value)| !value.is_empty()).collect())
    }

    /// A variable's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// True if the variable is set.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// True at the far end of an SSH connection.
    pub fn is_ssh(&self) -> bool {
        self.has("SSH_TTY") || self.has("SSH_CONNECTION")
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&'static str, &str); N]> for Environment {
    fn from(variables: [(&'static str, &str); N]) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name, value.to_owned())).collect())
    }
}
