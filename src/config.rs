//! What the operator configured: the file and the command line, merged and checked once. Secrets stay in their own types.

pub mod file;
pub mod secret_file;

use std::path::{Path, PathBuf};

use crate::app::desk::settings::{Expected, Limits, Settings};
use crate::args::Global;
use crate::domain::{OmsId, OperatorId, Secret, TicketStatus, WritePermit};
use crate::journal::Keeping;
use crate::protocol::rpc::authenticate_user::Credentials;
use crate::protocol::{Target, Trust};

use self::file::{File, Login, Profile};

/// Why the configuration cannot be used: one line that names the file or flag, what was found and what is wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Everything a console needs to start. Without `Debug`: it holds credentials.
pub struct Config {
    /// Where to connect.
    pub target: Target,
    /// What TLS rests on.
    pub trust: Trust,
    /// What proves who we are.
    pub credentials: Credentials,
    /// What the desk needs to know.
    pub settings: Settings,
    /// The journal's file.
    pub journal: PathBuf,
    /// How it is kept.
    pub keeping: Keeping,
}

impl Config {
    /// Merges flags over the profile of the file.
    pub fn load(flags: &Global) -> Result<Self, ConfigError> {
        let source = Source::read(flags)?;
        let profile = &source.profile;
        let url = flags.url.as_ref().or(profile.url.as_ref());
        let url = url.ok_or_else(|| source.missing("url", "--url, such as wss://gateway.example.com/WSGateway/"))?;
        let target = Target::parse(url).map_err(|why| source.wrong("url", &why))?;
        let credentials = source.credentials()?;
        let exchange = profile.exchange.clone().unwrap_or_else(|| target.authority());
        let canceled: Vec<_> = profile.canceled_statuses.iter().map(|name| TicketStatus::from_name(name)).collect();
        if canceled.iter().any(TicketStatus::is_failed) {
            return Err(source.wrong("canceled-statuses", "Failed cannot mean canceled; wanted other statuses"));
        }
        let settings = Settings {
            exchange,
            environment: profile.environment.clone().unwrap_or_else(|| "unnamed".to_owned()),
            oms: flags.oms_id.or(profile.oms_id).map(OmsId),
            operator: flags.operator_id.or(profile.operator_id).map(OperatorId),
            permit: WritePermit::from_setting((flags.write || profile.write) && !flags.rehearse),
            allow_tx: profile.allow_tx,
            canceled_statuses: canceled,
            expected: Expected::default(),
            seed: 0,
            limits: Limits::default(),
        };
        let journal = journal_path(flags)?;
        Ok(Self { target, trust: Trust::default(), credentials, settings, journal, keeping: source.keeping })
    }
}

/// Where the journal is.
pub fn journal_path(flags: &Global) -> Result<PathBuf, ConfigError> {
    match &flags.journal {
        Some(path) => Ok(path.clone()),
        None => Ok(state_dir()?.join("journal.jsonl")),
    }
}

/// The directory of this program's state, `$XDG_STATE_HOME/withdraw-desk`.
pub fn state_dir() -> Result<PathBuf, ConfigError> {
    use etcetera::BaseStrategy;
    let no_home =
        || ConfigError("there is no home directory; set HOME or XDG_STATE_HOME, or give --journal FILE".to_owned());
    let base = etcetera::base_strategy::Xdg::new().map_err(|_| no_home())?;
    let state = base.state_dir().unwrap_or_else(|| base.home_dir().join(".local/state"));
    Ok(state.join("withdraw-desk"))
}

fn config_file() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::base_strategy::Xdg::new().ok()?;
    Some(base.config_dir().join("withdraw-desk/config.toml"))
}

/// The profile, and where it came from, for messages.
#[derive(Default)]
struct Source {
    profile: Profile,
    keeping: Keeping,
    path: Option<PathBuf>,
    name: Option<String>,
}

impl Source {
    fn read(flags: &Global) -> Result<Self, ConfigError> {
        let given = flags.config.clone();
        let path = given.clone().or_else(config_file).filter(|path| given.is_some() || path.exists());
        let Some(path) = path else {
            return match &flags.profile {
                Some(name) => Err(ConfigError(format!(
                    "there is no configuration file to find profile {name:?} in; give --config FILE, or --url"
                ))),
                None => Ok(Self::default()),
            };
        };
        let file = File::read(&path).map_err(ConfigError)?;
        let keeping =
            Keeping { anywhere: file.journal_anywhere, heads: file.journal_heads.clone(), ..Keeping::default() };
        let name = flags.profile.clone().or_else(|| file.default_profile.clone());
        let Some(name) = name else {
            return match flags.url {
                Some(_) => Ok(Self { keeping, path: Some(path), ..Self::default() }),
                None => Err(ConfigError(format!(
                    "{}: no profile was chosen; give --profile NAME, or set default-profile to one of: {}",
                    path.display(),
                    file.names()
                ))),
            };
        };
        let profile = file.profiles.get(&name).cloned().ok_or_else(|| {
            ConfigError(format!("{}: there is no profile {name:?}; there are: {}", path.display(), file.names()))
        })?;
        Ok(Self { profile, keeping, path: Some(path), name: Some(name) })
    }

    fn place(&self, key: &str) -> String {
        match (&self.path, &self.name) {
            (Some(path), Some(name)) => format!("{}: [profiles.{name}] {key}", path.display()),
            (Some(path), None) => format!("{}: {key}", path.display()),
            _ => format!("--{key}"),
        }
    }

    fn missing(&self, key: &str, wanted: &str) -> ConfigError {
        ConfigError(format!("{} is missing; wanted there, or by {wanted}", self.place(key)))
    }

    fn wrong(&self, key: &str, why: &str) -> ConfigError {
        ConfigError(format!("{}: {why}", self.place(key)))
    }

    fn credentials(&self) -> Result<Credentials, ConfigError> {
        let wanted =
            "login.username and login.password-file, or login.api-key-file, login.api-secret-file and login.user-id";
        let login = self.profile.login.as_ref();
        let login =
            login.ok_or_else(|| ConfigError(format!("{} is missing; wanted: {wanted}", self.place("login"))))?;
        match login {
            Login {
                username: Some(username),
                password_file: Some(file),
                api_key_file: None,
                api_secret_file: None,
                user_id: None,
            } => Ok(Credentials::by_password(username, Secret::Held(self.secret("password-file", file)?))),
            Login {
                username: None,
                password_file: None,
                api_key_file: Some(key),
                api_secret_file: Some(secret),
                user_id: Some(user_id),
            } => Ok(Credentials::ApiKey {
                key: self.secret("api-key-file", key)?,
                secret: self.secret("api-secret-file", secret)?,
                user_id: *user_id,
            }),
            _ => Err(ConfigError(format!("{} is not exactly one way in; wanted: {wanted}", self.place("login")))),
        }
    }

    fn secret(&self, key: &str, file: &Path) -> Result<secrecy::SecretString, ConfigError> {
        secret_file::read(file).map_err(|why| {
            ConfigError(format!(
                "{} = {:?}: the file {why}",
                self.place(&format!("login.{key}")),
                file.display().to_string()
            ))
        })
    }
}
