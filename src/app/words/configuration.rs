//! The words where the configuration, or a flag, cannot be used: where, what was found, what is wanted, what to do.

pub mod chosen;
pub mod limits;
pub mod login;
pub mod trust;

use std::fmt::Display;

use crate::domain::text::inert;
use crate::protocol::target::{Side, TargetFlaw};

/// A file of the configuration is refused, which `why` tells.
pub fn file_refused(path: impl Display, why: &str) -> String {
    format!("{path}: the file {why}")
}

/// A line of a file is not UTF-8; to stand behind the file's name.
pub fn no_utf8(line: usize) -> String {
    format!(":{line}: line {line} is not UTF-8 text, perhaps Latin-1 (ISO 8859-1); wanted UTF-8: save it as UTF-8")
}

/// A file is of two bytes a character, or holds NUL bytes; to stand behind the file's name.
pub fn wide_text(line: usize) -> String {
    format!(":{line}: line {line} holds NUL bytes or the mark of UTF-16; wanted UTF-8 text: save it as UTF-8")
}

const URL_WANTED: &str = "wanted wss://HOST[:PORT]/PATH, or ws:// to a loopback address";

/// A URL that is none: the flaw, the form that is wanted, the mend. A password in it is not shown.
pub fn url(url: &str, flaw: &TargetFlaw) -> String {
    // Anything before an @, wherever it is, may be a password.
    let shown = if url.contains('@') { "it".to_owned() } else { format!("\"{}\"", inert(url)) };
    let found = match flaw {
        TargetFlaw::Empty => "it is empty".to_owned(),
        TargetFlaw::Password => {
            "a user or password has no place in the URL: take away what stands before the @".to_owned()
        }
        TargetFlaw::Unseen(side, character) => {
            let unseen =
                if *character == ' ' { "a blank".to_owned() } else { format!("U+{:04X}", u32::from(*character)) };
            let place = match side {
                Side::Front => "in front",
                Side::Within => "within",
                Side::End => "at its end",
            };
            format!("{shown} has {unseen} {place}: take it away")
        }
        TargetFlaw::Character(character) => {
            let named = inert(&character.to_string());
            format!("{shown} holds {named} (U+{:04X}), which no URL may: write it in ASCII", u32::from(*character))
        }
        TargetFlaw::NoScheme => format!("{shown} is no URL, for it has no scheme: put wss:// in front"),
        TargetFlaw::Scheme(scheme) => match scheme.as_str() {
            "https" => format!("{shown} begins with \"https\": write wss instead"),
            "http" => format!("{shown} begins with \"http\": write wss instead, or ws to this machine"),
            other if !url.contains('@') => format!("{shown} begins with \"{}\"", inert(other)),
            _ => format!("{shown} begins with another scheme"),
        },
        TargetFlaw::Fragment => format!("{shown} has a fragment: take away the # and what follows"),
        TargetFlaw::NoHost => format!("{shown} names no host"),
        TargetFlaw::Host => format!("{shown} has a host that is neither a name nor an address"),
        TargetFlaw::NoBrackets => format!("{shown} has an IPv6 address without brackets: write [ADDRESS]:PORT"),
        TargetFlaw::NoPort => format!("{shown} has a port that is no number: write :1 to :65535, or none"),
        TargetFlaw::Port(port) => format!("{shown} has the port {port}, which there is not: write :1 to :65535"),
        TargetFlaw::ClearText => format!("{shown} would send the login in clear text"),
    };
    format!("{found}; {URL_WANTED}")
}

/// The help of `demo --write`.
pub const DEMO_WRITE: &str =
    "false: nothing is sent, as with --rehearse; otherwise cancels are sent, for the exchange is the demo's own";
/// The help of `demo --journal`.
pub const DEMO_JOURNAL: &str = "The journal [default: a new one, told at the end]";
/// The help of `init --config`.
pub const INIT_CONFIG: &str = "The file to write [default: ~/.config/withdraw-desk/config.toml]";
/// The help of `init --profile`.
pub const INIT_PROFILE: &str = "The name of the profile in it [default: staging]";
/// The help of `init --url`.
pub const INIT_URL: &str = "The gateway in it, if you know it already";

/// The variable that a refused value stands in.
pub fn from_variable(name: &str) -> String {
    format!("(the value stands in the variable {name}: unset or mend it)")
}

/// A flag that a command would not obey.
pub fn idle_flag(flag: &str, command: &str, taken: &[String]) -> String {
    let taken = if taken.is_empty() { "no flag of the console".to_owned() } else { taken.join(", ") };
    format!("{flag} has no meaning for \"{}\", which takes {taken}: leave it away", inert(command))
}

/// A text that the screens would not show as it is.
pub fn unseen(key: &str, value: &str) -> String {
    format!("{key} holds characters that no screen shows as they are, \"{}\"; wanted plain text", inert(value))
}

/// No file is there, and nothing was said in its place.
pub fn no_configuration(usual: Option<&str>) -> String {
    let place = usual.map_or_else(String::new, |path| format!(": {path} does not exist"));
    format!(
        "there is no configuration yet{place}; \"withdraw-desk init\" writes a first one there, \
         \"withdraw-desk demo\" needs none, --config FILE names another"
    )
}

/// A profile is named, and no file is there to find it in.
pub fn no_file_for(profile: &str, usual: Option<&str>) -> String {
    format!("no configuration has the profile \"{}\": {}", inert(profile), no_configuration(usual))
}

/// A name that cannot stand in the file as it is.
pub fn no_profile_name(name: &str) -> String {
    format!("--profile: \"{}\" is no name for a first profile; wanted letters, digits, - and _", inert(name))
}

/// A file is named that does not exist.
pub fn no_such_file(path: &str) -> String {
    format!("{path}: there is no such file; \"withdraw-desk init --config FILE\" writes a first one")
}

/// A profile is named that no file has.
pub fn no_profile(profile: &str, names: &str) -> String {
    format!("there is no profile \"{}\"; there are: {names}; give one of them, or add [profiles.NAME]", inert(profile))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Target;
    use rstest::rstest;

    #[rstest]
    #[case::blank("wss://host/x ", "has a blank at its end: take it away")]
    #[case::scheme("https://x", "\"https://x\" begins with \"https\": write wss instead")]
    #[case::no_scheme("host", "put wss:// in front")]
    #[case::escapes("wss://\u{1b}[2Jhost/", "\"wss://<U+001B>[2Jhost/\" has U+001B within")]
    #[case::look_alike("wss://g\u{430}teway.test/", "(U+0430), which no URL may")]
    #[case::port("wss://host:0/", "has the port 0, which there is not: write :1 to :65535")]
    fn a_url_is_refused_with_its_mend(#[case] given: &str, #[case] said: &str) {
        let why = url(given, &Target::parse(given).unwrap_err());
        assert!(why.contains(said) && why.ends_with(URL_WANTED), "{why}");
    }

    #[test]
    fn a_password_in_a_url_is_never_shown() {
        for given in [
            "wss://user:secret@host/",
            "user:secret@host",
            " wss://user:se cret@host:0/#x",
            "wss://user:se/cret@host",
            "user:secret://@",
        ] {
            let why = url(given, &Target::parse(given).unwrap_err());
            assert!(!why.contains("cret"), "{why}");
        }
    }
}
