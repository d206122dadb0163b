//! The files, one above the other: the user's over the machine's, merged key by key. Every value is found with its place.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::Spanned;

use super::file::{ConfigFile, Given, Profile, SecretsNamed, line_at};
use super::file_guard::{self, FileRefused, Guard};
use super::{ConfigError, Surroundings, plain_text};
use crate::app::words::configuration as words;
use crate::protocol::Target;

/// A longer file is no configuration.
const LONGEST: u64 = 1024 * 1024;

/// One file.
#[derive(Clone, Debug, Default)]
struct ConfigLayer {
    path: PathBuf,
    text: String,
    file: ConfigFile,
}

/// All files, the one that counts first in front.
#[derive(Clone, Debug, Default)]
pub struct ConfigLayers {
    layers: Vec<ConfigLayer>,
    /// The number of them that are the user's own.
    of_the_user: usize,
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigPlace {
    /// In a line of a file.
    Line(PathBuf, usize),
    /// On the command line or in the environment.
    Flag(&'static str),
}

impl ConfigPlace {
    /// The place of a value that was given: the variable, where the same stands in it, else the flag.
    pub fn of_flag(flag: &'static str, variable: &'static str, value: &str) -> Self {
        let is_variables = std::env::var(variable).is_ok_and(|stands| stands == value);
        Self::Flag(if is_variables { variable } else { flag })
    }
}

impl fmt::Display for ConfigPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A value and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: ConfigPlace,
}

impl<T> Setting<T> {
    /// The error of this value, in one line, with its place in front.
    pub fn wrong(&self, why: impl fmt::Display) -> ConfigError {
        ConfigError(format!("{}: {why}", self.place))
    }
}

impl Setting<PathBuf> {
    /// The file that is meant: a relative name counts from the file that says it.
    pub fn path(&self) -> PathBuf {
        match &self.place {
            ConfigPlace::Line(file, _) => file.parent().unwrap_or(Path::new("")).join(&self.value),
            ConfigPlace::Flag(_) => self.value.clone(),
        }
    }
}

impl ConfigLayers {
    /// Reads the files: `given` in place of the user's, and the machine's.
    pub fn read(given: Option<&Path>, surroundings: &Surroundings) -> Result<Self, ConfigError> {
        let mut layers = Vec::new();
        match given {
            Some(path) => layers.push(
                ConfigLayer::read(path)?
                    .ok_or_else(|| ConfigError(words::no_such_file(&path.display().to_string())))?,
            ),
            None => layers.extend(surroundings.user_file.as_deref().map(ConfigLayer::read).transpose()?.flatten()),
        }
        let of_the_user = layers.len();
        layers.extend(ConfigLayer::read(&surroundings.system_file)?);
        Ok(Self { layers, of_the_user })
    }

    /// A value outside of all profiles.
    pub fn find<T: Clone>(&self, get: impl Fn(&ConfigFile) -> &Given<T>) -> Option<Setting<T>> {
        self.layers.iter().find_map(|layer| layer.found(get(&layer.file).as_ref()))
    }

    /// A value of a profile.
    pub fn find_in<T: Clone>(&self, profile: &str, get: impl Fn(&Profile) -> &Given<T>) -> Option<Setting<T>> {
        self.layers.iter().find_map(|layer| layer.found(get(layer.file.profiles.get(profile)?).as_ref()))
    }

    /// The files as the way in of a profile is read from them: down to the first that says who logs in, and of the sources of one
    /// secret those in the first that names any. What a file above says replaces what is below, instead of being a second source,
    /// and nobody's password goes with another's name.
    #[must_use]
    pub fn of_login(&self, profile: &str) -> Self {
        let mut layers = self.clone();
        let names_someone =
            |layer: &ConfigLayer| layer.file.profiles.get(profile).is_some_and(|p| p.login.names_someone());
        if let Some(last) = layers.layers.iter().position(names_someone) {
            layers.layers.truncate(last + 1);
        }
        let mut named = SecretsNamed::default();
        for profile in layers.layers.iter_mut().filter_map(|layer| layer.file.profiles.get_mut(profile)) {
            profile.login.forget_named(&mut named);
        }
        layers
    }

    /// All rebound keys; the user's count.
    pub fn keys(&self) -> BTreeMap<String, Setting<Vec<String>>> {
        let mut merged = BTreeMap::new();
        for layer in self.layers.iter().rev() {
            let keys = layer.file.console.keys.iter();
            merged.extend(keys.filter_map(|(action, keys)| Some((action.clone(), layer.found(Some(keys))?))));
        }
        merged
    }

    /// Where the machine's file forbids writing: for all, for this profile, or for a profile at the same host and port, so that
    /// a copy of it under another name lifts nothing.
    pub fn write_lock(&self, profile: Option<&str>, target: &Target) -> Option<ConfigPlace> {
        let mut of_the_machine = self.layers.iter().skip(self.of_the_user);
        of_the_machine.find_map(|layer| layer.write_lock(profile, target))
    }

    /// Where any file forbids writing for all profiles.
    pub fn write_in_general(&self) -> Option<Setting<bool>> {
        self.find(|file| &file.write)
    }

    /// True if any file has a profile of this name.
    pub fn has_profile(&self, name: &str) -> bool {
        self.layers.iter().any(|layer| layer.file.profiles.contains_key(name))
    }

    /// The profiles' names, for a message.
    pub fn names(&self) -> String {
        let mut names: Vec<&str> =
            self.layers.iter().flat_map(|layer| layer.file.profiles.keys()).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }

    /// The files' names, for a message; none if there is no file.
    pub fn paths(&self) -> Option<String> {
        let paths: Vec<String> = self.layers.iter().map(|layer| layer.path.display().to_string()).collect();
        (!paths.is_empty()).then(|| paths.join(", "))
    }
}

impl ConfigLayer {
    /// Reads a file that nobody else may write; none if it does not exist.
    fn read(path: &Path) -> Result<Option<Self>, ConfigError> {
        let text = match file_guard::read(path, Guard::Trusted, LONGEST) {
            Ok(bytes) => plain_text::read(bytes).map_err(|why| ConfigError(format!("{}{why}", path.display())))?,
            Err(FileRefused::Absent) => return Ok(None),
            Err(FileRefused::Because(why)) => return Err(ConfigError(words::file_refused(path.display(), &why))),
        };
        let file = ConfigFile::parse(&text).map_err(|why| ConfigError(format!("{}{why}", path.display())))?;
        Ok(Some(Self { path: path.to_owned(), text, file }))
    }

    fn found<T: Clone>(&self, given: Option<&Spanned<T>>) -> Option<Setting<T>> {
        let given = given?;
        Some(Setting { value: given.get_ref().clone(), place: self.place(given) })
    }

    fn place<T>(&self, given: &Spanned<T>) -> ConfigPlace {
        ConfigPlace::Line(self.path.clone(), line_at(&self.text, given.span().start))
    }

    fn write_lock(&self, name: Option<&str>, target: &Target) -> Option<ConfigPlace> {
        let counts = |other: &str, profile: &Profile| {
            // A URL that cannot be read may lead to the same place.
            let is_elsewhere =
                |url: &Spanned<String>| Target::parse(url.get_ref()).is_ok_and(|url| !url.is_same_place(target));
            Some(other) == name || profile.url.as_ref().is_some_and(|url| !is_elsewhere(url))
        };
        let of_profiles = self.file.profiles.iter().filter(|(other, profile)| counts(other, profile));
        let mut writes = self.file.write.iter().chain(of_profiles.filter_map(|(_, profile)| profile.write.as_ref()));
        writes.find(|write| !*write.get_ref()).map(|write| self.place(write))
    }
}
