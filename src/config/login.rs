//! The way in, from `[profiles.NAME.login]`: exactly one, and each secret from exactly one source.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::file::{Given, LoginSection, Profile};
use super::layers::{ConfigLayers, ConfigPlace, Setting};
use super::{ConfigError, Surroundings, secret_file};
use crate::app::desk::settings::Expected;
use crate::app::words::configuration::{self, login as words};
use crate::domain::text::inert;
use crate::domain::{Secret, UserId};
use crate::protocol::rpc::authenticate_user::Credentials;

/// The sources of one secret: a file, a credential of the service manager.
struct SecretSources {
    key: &'static str,
    file: Option<Setting<PathBuf>>,
    credential: Option<Setting<String>>,
}

/// Reads the way in of a profile.
pub struct LoginReader<'a> {
    layers: ConfigLayers,
    profile: &'a str,
    surroundings: &'a Surroundings,
}

impl<'a> LoginReader<'a> {
    /// A reader for this profile.
    pub fn new(layers: &'a ConfigLayers, profile: &'a str, surroundings: &'a Surroundings) -> Self {
        Self { layers: layers.of_login(profile), profile, surroundings }
    }

    /// The proof of who we are, and who that is.
    pub fn read(&self) -> Result<(Credentials, Expected), ConfigError> {
        let username = self.find(|login| &login.username);
        let user_id = self.find(|login| &login.user_id);
        let key_ways = [self.place(|login| &login.api_key_file), self.place(|login| &login.api_key_credential)];
        let secret_ways =
            [self.place(|login| &login.api_secret_file), self.place(|login| &login.api_secret_credential)];
        let by_key = key_ways.into_iter().chain(secret_ways).flatten().next();
        let by_key = by_key.or_else(|| user_id.as_ref().map(|id| id.place.clone()));
        match (username, by_key) {
            (Some(username), None) => self.by_password(&username),
            (None, Some(place)) => self.by_api_key(&place, user_id),
            (Some(username), Some(place)) => Err(username.wrong(words::name_and_api_key(place))),
            (None, None) => Err(self.nothing()),
        }
    }

    fn nothing(&self) -> ConfigError {
        let section = format!("[profiles.{}.login]", self.profile);
        let password = [
            self.place(|login| &login.password_file),
            self.place(|login| &login.password_credential),
            self.place(|login| &login.password_command),
        ];
        match password.into_iter().flatten().next() {
            Some(place) => ConfigError(words::password_without_name(place, &section)),
            None => ConfigError(words::no_way_in(self.layers.paths().as_deref(), &section)),
        }
    }

    fn by_password(&self, username: &Setting<String>) -> Result<(Credentials, Expected), ConfigError> {
        if username.value.is_empty() {
            return Err(username.wrong(words::EMPTY_NAME));
        }
        if inert(&username.value) != username.value {
            return Err(username.wrong(configuration::unseen("username", &username.value)));
        }
        let sources = SecretSources {
            key: "password",
            file: self.find(|login| &login.password_file),
            credential: self.find(|login| &login.password_credential),
        };
        let command = self.find(|login| &login.password_command);
        let at = sources.place();
        let password = match (at, command) {
            (Some(place), Some(command)) => {
                return Err(command.wrong(words::two_sources("password", place)));
            }
            (None, Some(command)) => program("password-command", command)?,
            (Some(_), None) => Secret::Held(self.held(sources)?),
            (None, None) => Secret::Prompt,
        };
        let code = match self.find(|login| &login.totp_command) {
            Some(command) => program("totp-command", command)?,
            None => Secret::Prompt,
        };
        let expected = Expected { user_name: Some(username.value.clone()), user: None };
        Ok((Credentials::Password { username: username.value.clone(), password, code }, expected))
    }

    fn by_api_key(
        &self,
        place: &ConfigPlace,
        user: Option<Setting<i64>>,
    ) -> Result<(Credentials, Expected), ConfigError> {
        if let Some(useless) = self.place(|login| &login.totp_command) {
            return Err(ConfigError(words::needless_codes(useless)));
        }
        let passwords = [
            self.place(|login| &login.password_file),
            self.place(|login| &login.password_credential),
            self.place(|login| &login.password_command),
        ];
        if let Some(other) = passwords.into_iter().flatten().next() {
            return Err(ConfigError(words::password_and_api_key(other, place)));
        }
        let key = SecretSources {
            key: "api-key",
            file: self.find(|login| &login.api_key_file),
            credential: self.find(|login| &login.api_key_credential),
        };
        let secret = SecretSources {
            key: "api-secret",
            file: self.find(|login| &login.api_secret_file),
            credential: self.find(|login| &login.api_secret_credential),
        };
        let whole = |missing: &str| ConfigError(words::part_of_api_key(place, missing));
        let user = user.ok_or_else(|| whole("user-id"))?;
        key.place().ok_or_else(|| whole("api-key-file"))?;
        secret.place().ok_or_else(|| whole("api-secret-file"))?;
        let expected = Expected { user_name: None, user: Some(UserId(user.value)) };
        let (key, secret) = (self.held(key)?, self.held(secret)?);
        Ok((Credentials::ApiKey { key, secret, user_id: user.value }, expected))
    }

    /// The secret itself.
    fn held(&self, sources: SecretSources) -> Result<SecretString, ConfigError> {
        match (sources.file, sources.credential) {
            (Some(file), Some(credential)) => Err(file.wrong(words::two_sources(sources.key, credential.place))),
            (Some(file), None) => {
                let path = file.path();
                let shown = path.display().to_string();
                secret_file::read(&path).map_err(|why| file.wrong(words::secret_file(sources.key, &shown, &why)))
            }
            (None, Some(credential)) => self.credential(sources.key, &credential),
            (None, None) => Err(self.nothing()),
        }
    }

    /// A file in the directory of the service manager, under the same rule as any secret.
    fn credential(&self, key: &str, name: &Setting<String>) -> Result<SecretString, ConfigError> {
        let wrong = |why: &str| name.wrong(words::credential(key, &name.value, why));
        if name.value.is_empty() || name.value.starts_with('.') || name.value.contains('/') {
            return Err(wrong(words::NO_CREDENTIAL_NAME));
        }
        let directory = self
            .surroundings
            .credentials
            .as_deref()
            .filter(|path| path.is_absolute())
            .ok_or_else(|| wrong(words::NO_CREDENTIALS))?;
        let path = Path::new(directory).join(&name.value);
        secret_file::read(&path).map_err(|why| wrong(&words::credential_file(path.display(), &why)))
    }

    fn find<T: Clone>(&self, get: impl Fn(&LoginSection) -> &Given<T>) -> Option<Setting<T>> {
        self.layers.find_in(self.profile, |profile: &Profile| get(&profile.login))
    }

    fn place<T: Clone>(&self, get: impl Fn(&LoginSection) -> &Given<T>) -> Option<ConfigPlace> {
        self.find(get).map(|found| found.place)
    }
}

impl SecretSources {
    fn place(&self) -> Option<&ConfigPlace> {
        self.file.as_ref().map(|file| &file.place).or(self.credential.as_ref().map(|name| &name.place))
    }
}

/// A program that prints a secret.
fn program(key: &str, command: Setting<Vec<String>>) -> Result<Secret, ConfigError> {
    if command.value.first().is_none_or(String::is_empty) {
        return Err(command.wrong(words::no_program(key)));
    }
    Ok(Secret::Command(command.value))
}
