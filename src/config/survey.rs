//! Which files the configuration reads or names, for `doctor`; also where it cannot be used. Nothing secret is read.

use std::path::{Path, PathBuf};

use super::file::{Given, LoginSection, Profile};
use super::layers::ConfigLayers;
use super::{ConfigError, Surroundings, profile_name};
use crate::args::Global;

/// The files of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Where configuration files are looked for, the one that counts first in front.
    pub files: Vec<PathBuf>,
    /// The files that the chosen profile names; `None` where that cannot be told, because a file does not read.
    pub named: Option<NamedFiles>,
}

/// The profile that is chosen, and the files that it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedFiles {
    /// The profile, if one is chosen.
    pub profile: Option<String>,
    /// The files of its secrets.
    pub secrets: Vec<PathBuf>,
    /// The key of its client certificate.
    pub client_key: Option<PathBuf>,
}

impl Survey {
    /// Looks at the files that these flags mean.
    pub fn of(flags: &Global, surroundings: &Surroundings) -> Self {
        let users = flags.config.as_ref().or(surroundings.user_file.as_ref());
        let files = users.into_iter().chain([&surroundings.system_file]).cloned().collect();
        Self { files, named: named(flags, surroundings).ok() }
    }
}

fn named(flags: &Global, surroundings: &Surroundings) -> Result<NamedFiles, ConfigError> {
    let layers = ConfigLayers::read(flags.config.as_deref(), surroundings)?;
    let Some(profile) = profile_name(&layers, flags, surroundings)? else { return Ok(NamedFiles::default()) };
    let ways_in = layers.of_login(&profile);
    let file = |get: fn(&Profile) -> &Given<PathBuf>| Some(ways_in.find_in(&profile, get)?.path());
    let credential = |get: fn(&LoginSection) -> &Given<String>| {
        let name = ways_in.find_in(&profile, |profile| get(&profile.login))?.value;
        Some(surroundings.credentials.as_deref()?.join(Path::new(&name).file_name()?))
    };
    let secrets = [
        file(|profile| &profile.login.password_file),
        file(|profile| &profile.login.api_key_file),
        file(|profile| &profile.login.api_secret_file),
        credential(|login| &login.password_credential),
        credential(|login| &login.api_key_credential),
        credential(|login| &login.api_secret_credential),
    ];
    let client_key = layers.find_in(&profile, |profile| &profile.tls.key_file).map(|found| found.path());
    Ok(NamedFiles { secrets: secrets.into_iter().flatten().collect(), client_key, profile: Some(profile) })
}
