//! The form of a configuration file, `assets/config.toml` in its commented form. Every value knows where it stands.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use super::span::Span;
use crate::domain::form_mistake::told;

/// A value, if it is there, and where it stands.
pub type Given<T> = Option<Spanned<T>>;

/// The file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConfigFile {
    /// The profile that is taken when none is named.
    pub default_profile: Given<String>,
    /// `true`: the journal may be written on NFS, CIFS or FUSE too.
    pub journal_anywhere: Given<bool>,
    /// A syslog socket, such as `/dev/log`, that is told the journal's head with every record.
    pub journal_heads: Given<PathBuf>,
    /// `false`: no profile may send a cancel.
    pub write: Given<bool>,
    /// The look and the keys of the console.
    #[serde(default)]
    pub console: ConsoleSection,
    /// The exchanges, by name.
    #[serde(default)]
    pub profiles: BTreeMap<String, Profile>,
}

/// The console.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConsoleSection {
    /// The theme.
    pub theme: Given<String>,
    /// Actions by their dotted names, and the keys they have instead of the usual ones.
    #[serde(default)]
    pub keys: BTreeMap<String, Spanned<Vec<String>>>,
}

/// One exchange.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// `wss://…`; `ws://` to a loopback address only.
    pub url: Given<String>,
    /// The OMS.
    pub oms_id: Given<i64>,
    /// The operator; learnt from GetUserInfo if absent.
    pub operator_id: Given<i64>,
    /// The exchange's name in the journal; the URL's host and port if absent.
    pub exchange: Given<String>,
    /// Shown on every screen; `production` is the one with real money.
    pub environment: Given<String>,
    /// `true`: cancels may be sent.
    pub write: Given<bool>,
    /// `true`: a second typed word opens tickets that carry a transaction id or are confirmed.
    pub allow_tx: Given<bool>,
    /// Statuses that mean "canceled" beside UserCanceled and AdminCanceled.
    pub canceled_statuses: Given<Vec<String>>,
    /// A cancel waits this long for its receipt.
    pub reply_timeout: Given<Span>,
    /// A read waits this long for its answer.
    pub read_timeout: Given<Span>,
    /// A ticket is followed closely this long after the receipt.
    pub follow_time: Given<Span>,
    /// Tickets a page.
    pub page_size: Given<i64>,
    /// Where the reading of the list stops: tickets made longer ago than this.
    pub scan_depth: Given<Span>,
    /// The way in.
    #[serde(default)]
    pub login: LoginSection,
    /// The certificates and the key of TLS.
    #[serde(default)]
    pub tls: TlsSection,
}

/// The way in: exactly one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LoginSection {
    /// The user's name.
    pub username: Given<String>,
    /// A file that holds the password.
    pub password_file: Given<PathBuf>,
    /// A file by this name in `$CREDENTIALS_DIRECTORY`.
    pub password_credential: Given<String>,
    /// A program and its arguments; the first line it prints is the password.
    pub password_command: Given<Vec<String>>,
    /// A program and its arguments; the first line it prints is the code of the second factor.
    pub totp_command: Given<Vec<String>>,
    /// A file that holds the API key.
    pub api_key_file: Given<PathBuf>,
    /// A file by this name in `$CREDENTIALS_DIRECTORY`.
    pub api_key_credential: Given<String>,
    /// A file that holds the API key's secret.
    pub api_secret_file: Given<PathBuf>,
    /// A file by this name in `$CREDENTIALS_DIRECTORY`.
    pub api_secret_credential: Given<String>,
    /// The API key's user.
    pub user_id: Given<i64>,
}

/// Which secrets have a source in a file above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SecretsNamed {
    password: bool,
    api_key: bool,
    api_secret: bool,
}

impl LoginSection {
    /// True if it says who logs in.
    pub fn names_someone(&self) -> bool {
        self.username.is_some() || self.user_id.is_some()
    }

    /// Forgets the sources of secrets that have one above, and notes which have one here.
    pub fn forget_named(&mut self, named: &mut SecretsNamed) {
        if named.password {
            (self.password_file, self.password_credential, self.password_command) = (None, None, None);
        }
        if named.api_key {
            (self.api_key_file, self.api_key_credential) = (None, None);
        }
        if named.api_secret {
            (self.api_secret_file, self.api_secret_credential) = (None, None);
        }
        named.password |= self.password_file.is_some() || self.password_credential.is_some();
        named.password |= self.password_command.is_some();
        named.api_key |= self.api_key_file.is_some() || self.api_key_credential.is_some();
        named.api_secret |= self.api_secret_file.is_some() || self.api_secret_credential.is_some();
    }
}

/// The certificates and the key of TLS.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TlsSection {
    /// Authorities that replace the platform's.
    pub ca_file: Given<PathBuf>,
    /// A client certificate, with those that lead to its authority.
    pub cert_file: Given<PathBuf>,
    /// The private key of the client certificate.
    pub key_file: Given<PathBuf>,
}

impl ConfigFile {
    /// Reads the text of a file. A mistake is `:LINE: ` and what is wrong, in one line.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| {
            let place = error.span().map_or_else(String::new, |span| format!(":{}", line_at(text, span.start)));
            format!("{place}: {}", told(&error.message().replace('\n', "; ")))
        })
    }
}

/// The number of the line at this offset, from 1.
pub fn line_at(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const COMMENTED: &str = include_str!("../../assets/config.toml");

    #[test]
    fn the_commented_default_file_reads() {
        let file = ConfigFile::parse(COMMENTED).unwrap();
        assert_eq!(file.default_profile.unwrap().get_ref(), "staging");
        assert!(file.profiles.values().all(|profile| profile.url.is_some()));
    }

    fn uncommented() -> String {
        let is_setting = |line: &&str| line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
        let lines = COMMENTED.lines().map(|line| str::strip_prefix(line, "# ").filter(is_setting).unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_is_commented_out_in_it_reads_too_and_is_as_usual_where_it_says_so() {
        let file = ConfigFile::parse(&uncommented()).unwrap();
        let staging = &file.profiles["staging"];
        assert!(file.journal_anywhere.is_some() && file.journal_heads.is_some() && staging.allow_tx.is_some());
        assert_eq!(staging.scan_depth.as_ref().unwrap().get_ref().to_string(), "90 days");
        assert!(staging.tls.key_file.is_some() && staging.login.totp_command.is_some());
    }

    /// Every key that the form knows, told by the form itself.
    #[test]
    fn the_commented_default_file_names_every_key() {
        for table in ["", "[console]\n", "[profiles.a]\n", "[profiles.a.login]\n", "[profiles.a.tls]\n"] {
            let error = ConfigFile::parse(&format!("{table}no-such-key = 1")).unwrap_err();
            let (_, wanted) = error.split_once("wanted one of ").or_else(|| error.split_once("wanted ")).unwrap();
            for key in wanted.split(", ").flat_map(|keys| keys.split(" or ")).map(|key| key.trim_matches('`')) {
                let is_named = uncommented().lines().any(|line| {
                    line.starts_with(&format!("{key} = "))
                        || line.contains(&format!(".{key}]"))
                        || line.contains(&format!("[{key}"))
                });
                assert!(is_named, "{key} of {table:?} is not in assets/config.toml");
            }
        }
    }

    #[rstest]
    #[case::key("default-profile = \"a\"\nprofle = 1", ":2: there is no setting `profle` here; wanted one of ")]
    #[case::value("[profiles.a]\nwrite = \"yes\"", ":2: the text \"yes\" does not belong here; wanted true or false")]
    #[case::password("[profiles.a.login]\npassword = \"x\"", ":2: there is no setting `password` here")]
    #[case::bare_number(
        "[profiles.a]\n\nread-timeout = 5",
        ":3: the number 5 does not belong here; wanted a time with its unit"
    )]
    #[case::unit("[profiles.a]\nread-timeout = \"5\"", ":2: \"5\" has no unit; wanted a time with its unit")]
    #[case::form("a = = 1", ":1: ")]
    fn a_mistake_names_its_line_and_what_is_wanted(#[case] text: &str, #[case] said: &str) {
        let error = ConfigFile::parse(text).unwrap_err();
        assert!(error.starts_with(said), "{error}");
        assert!(!error.contains('\n'));
    }
}
