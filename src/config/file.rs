//! The configuration file, `assets/config.toml` in its commented form.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct File {
    /// The profile that is taken when none is named.
    pub default_profile: Option<String>,
    /// Whether the journal may be written on NFS, CIFS or FUSE.
    #[serde(default)]
    pub journal_anywhere: bool,
    /// A syslog socket, such as `/dev/log`, that is told the journal's head with every record.
    pub journal_heads: Option<PathBuf>,
    /// The exchanges, by name.
    #[serde(default)]
    pub profiles: BTreeMap<String, Profile>,
}

/// One exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// `wss://…`; `ws://` to a loopback address only.
    pub url: Option<String>,
    /// The OMS.
    pub oms_id: Option<i64>,
    /// The operator; learnt from GetUserInfo if absent.
    pub operator_id: Option<i64>,
    /// The exchange's name in the journal; the URL's host and port if absent.
    pub exchange: Option<String>,
    /// Shown on every screen; `production` is the one with real money.
    pub environment: Option<String>,
    /// Whether cancels may be sent.
    #[serde(default)]
    pub write: bool,
    /// Whether a second typed word opens tickets that carry a transaction id or are confirmed.
    #[serde(default)]
    pub allow_tx: bool,
    /// Statuses that mean "canceled" beside UserCanceled and AdminCanceled.
    #[serde(default)]
    pub canceled_statuses: Vec<String>,
    /// The way in.
    pub login: Option<Login>,
}

/// The way in: exactly one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Login {
    /// The user's name.
    pub username: Option<String>,
    /// A file that holds the password.
    pub password_file: Option<PathBuf>,
    /// A file that holds the API key.
    pub api_key_file: Option<PathBuf>,
    /// A file that holds the API key's secret.
    pub api_secret_file: Option<PathBuf>,
    /// The API key's user.
    pub user_id: Option<i64>,
}

impl File {
    /// Reads the file; a mistake is one line that names file, line and what is wanted.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Self::parse(&text).map_err(|why| format!("{}{why}", path.display()))
    }

    fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text.get(..span.start).unwrap_or("").matches('\n').count() + 1);
            let place = line.map_or_else(String::new, |line| format!(":{line}"));
            format!("{place}: {}", error.message().replace('\n', "; "))
        })
    }

    /// The profiles' names, for a message.
    pub fn names(&self) -> String {
        let names: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn the_commented_default_file_reads() {
        let file = File::parse(include_str!("../../assets/config.toml")).unwrap();
        assert_eq!(file.default_profile.as_deref(), Some("staging"));
        assert!(file.profiles.values().all(|profile| profile.url.is_some() && profile.login.is_some()));
    }

    #[test]
    fn what_is_commented_out_in_it_reads_too() {
        let is_setting = |line: &&str| line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
        let uncommented = |line| str::strip_prefix(line, "# ").filter(is_setting).unwrap_or(line);
        let lines: Vec<&str> = include_str!("../../assets/config.toml").lines().map(uncommented).collect();
        let file = File::parse(&lines.join("\n")).unwrap();
        assert!(file.journal_anywhere && file.journal_heads.is_some() && file.profiles["staging"].allow_tx);
    }

    #[rstest]
    #[case::key("default-profile = \"a\"\nprofle = 1", ":2: unknown field `profle`")]
    #[case::value("[profiles.a]\nwrite = \"yes\"", ":2: invalid type: string \"yes\", expected a boolean")]
    #[case::password("[profiles.a.login]\npassword = \"x\"", ":2: unknown field `password`")]
    #[case::form("a = = 1", ":1: ")]
    fn a_mistake_names_its_line_and_what_is_wanted(#[case] text: &str, #[case] said: &str) {
        let error = File::parse(text).unwrap_err();
        assert!(error.starts_with(said), "{error}");
        assert!(!error.contains('\n'));
    }
}
