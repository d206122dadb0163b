//! The first configuration, as `init` writes it: a commented profile that works once its marked lines are edited.

use super::ConfigError;
use crate::app::words::configuration as words;
use crate::protocol::Target;

const TEXT: &str = include_str!("../../assets/first-profile.toml");
/// The profile's name in the text.
const NAME: &str = "staging";
/// The address in the text, which leads nowhere.
const URL: &str = "wss://gateway.example.com/WSGateway/";
/// Marks a line that is to be edited.
const MARK: &str = "# EDIT: ";

/// A first configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstProfile {
    /// The profile's name.
    pub name: String,
    /// The text of the file.
    pub text: String,
}

/// A line to edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineToEdit {
    /// Its number, from 1.
    pub line: usize,
    /// The setting in it.
    pub key: String,
    /// The value that belongs there.
    pub wanted: String,
}

impl FirstProfile {
    /// The text, with a name and an address where they are known.
    pub fn new(name: Option<&str>, url: Option<&str>) -> Result<Self, ConfigError> {
        let name = name.unwrap_or(NAME);
        let is_bare = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
        if name.is_empty() || !name.chars().all(is_bare) {
            return Err(ConfigError(words::no_profile_name(name)));
        }
        let mut text = TEXT.replace(&format!("[profiles.{NAME}"), &format!("[profiles.{name}"));
        text = text.replace(&format!("default-profile = \"{NAME}\""), &format!("default-profile = \"{name}\""));
        if let Some(url) = url {
            Target::parse(url).map_err(|flaw| ConfigError(format!("--url: {}", words::url(url, &flaw))))?;
            let known: Vec<String> = text.lines().map(|line| with_url(line, url)).collect();
            text = known.join("\n") + "\n";
        }
        Ok(Self { name: name.to_owned(), text })
    }

    /// The lines to edit.
    pub fn to_edit(&self) -> Vec<LineToEdit> {
        let marked = self.text.lines().enumerate().filter_map(|(index, line)| {
            let (setting, wanted) = line.split_once(MARK)?;
            let (key, _) = setting.split_once(" = ")?;
            Some(LineToEdit { line: index + 1, key: key.to_owned(), wanted: wanted.to_owned() })
        });
        marked.collect()
    }
}

/// A line with the address in it; what is known needs no edit.
fn with_url(line: &str, url: &str) -> String {
    let setting = format!("url = \"{URL}\"");
    if line.starts_with(&setting) { format!("url = \"{url}\"") } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file::ConfigFile;

    #[test]
    fn it_reads_and_says_what_to_edit() {
        let first = FirstProfile::new(None, None).unwrap();
        let file = ConfigFile::parse(&first.text).unwrap();
        assert_eq!(file.default_profile.unwrap().get_ref(), NAME);
        assert!(Target::parse(file.profiles[NAME].url.as_ref().unwrap().get_ref()).is_ok());
        let keys: Vec<String> = first.to_edit().into_iter().map(|line| line.key).collect();
        assert_eq!(keys, ["url", "environment", "username"]);
        assert!(first.text.lines().all(|line| line.len() <= 120));
    }

    #[test]
    fn what_is_known_stands_in_it() {
        let first = FirstProfile::new(Some("live_2"), Some("wss://gw.test:8443/x?y='z'")).unwrap();
        let file = ConfigFile::parse(&first.text).unwrap();
        assert_eq!(file.default_profile.unwrap().get_ref(), "live_2");
        assert_eq!(file.profiles["live_2"].url.as_ref().unwrap().get_ref(), "wss://gw.test:8443/x?y='z'");
        assert_eq!(first.to_edit().len(), 2);
    }

    #[test]
    fn a_name_or_an_address_that_cannot_be_is_refused() {
        assert!(FirstProfile::new(Some("a]\n[b"), None).unwrap_err().0.contains("wanted letters, digits"));
        assert!(FirstProfile::new(Some(""), None).is_err());
        assert!(FirstProfile::new(None, Some("gw.test")).unwrap_err().0.contains("put wss:// in front"));
    }
}
