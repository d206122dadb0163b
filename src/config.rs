//! The configuration: the files, the environment and the command line, merged and checked once. Secrets stay in
//! their own types.
//!
//! Flags count for more than the environment, the environment for more than the user's file, that for more than the machine's
//! file, and that for more than what is usual; but `write = false` in the machine's file cannot be lifted.

pub mod console;
pub mod file;
pub mod file_guard;
pub mod first_profile;
pub mod layers;
mod limits;
mod login;
pub mod permit;
mod plain_text;
pub mod secret_file;
pub mod span;
pub mod survey;
mod trust;

use std::path::PathBuf;

use crate::app::desk::settings::Settings;
use crate::app::words::configuration as words;
use crate::app::words::configuration::chosen;
use crate::args::Global;
use crate::domain::text::inert;
use crate::domain::{OmsId, OperatorId, TicketStatus};
use crate::journal::{JournalPlace, JournalSettings};
use crate::protocol::rpc::authenticate_user::Credentials;
use crate::protocol::{Target, Trust};

use self::console::ConsoleSettings;
use self::file::{Given, Profile};
use self::layers::{ConfigLayers, ConfigPlace, Setting};
use self::permit::WritePermit;

/// The machine's file.
const SYSTEM_FILE: &str = "/etc/withdraw-desk/config.toml";

/// Why the configuration cannot be used: one line that names the file or flag, what was found and what is wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Where this machine keeps what is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The machine's file; it need not exist.
    pub system_file: PathBuf,
    /// The user's file; it need not exist.
    pub user_file: Option<PathBuf>,
    /// `$CREDENTIALS_DIRECTORY`, where systemd puts secrets.
    pub credentials: Option<PathBuf>,
}

impl Surroundings {
    /// Where they are on this machine. The machine's file is where it is: nothing in the environment moves it.
    pub fn of_this_machine() -> Self {
        use etcetera::BaseStrategy;
        let base = etcetera::base_strategy::Xdg::new().ok();
        Self {
            system_file: PathBuf::from(SYSTEM_FILE),
            user_file: base.map(|base| base.config_dir().join("withdraw-desk/config.toml")),
            credentials: std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from),
        }
    }
}

/// Everything a console needs to start. Without `Debug`: it holds credentials.
pub struct Config {
    /// Where to connect.
    pub target: Target,
    /// The certificates and the key of TLS.
    pub trust: Trust,
    /// The proof of who we are.
    pub credentials: Credentials,
    /// The desk's settings.
    pub settings: Settings,
    /// The look and the keys of the console.
    pub console: ConsoleSettings,
    /// The place of the journal.
    pub journal: JournalPlace,
    /// The settings of the journal.
    pub journal_settings: JournalSettings,
    /// Warnings for the operator before anything starts, a line each.
    pub notes: Vec<String>,
}

/// The embedded exchange of a demo, as it was started.
#[derive(Clone, Debug)]
pub struct DemoExchange {
    /// Where it listens.
    pub target: Target,
    /// The exchange's name in the journal.
    pub name: String,
    /// The place of the journal.
    pub journal: JournalPlace,
}

impl Config {
    /// The configuration of a demo: no set-up at all, and writing is allowed, since nobody's money is there. In a rehearsal
    /// nothing is sent.
    pub fn demo(exchange: DemoExchange, credentials: Credentials, rehearse: bool) -> Result<Self, ConfigError> {
        let DemoExchange { target, name, journal } = exchange;
        let permit = WritePermit::from_setting(!rehearse);
        Ok(Self {
            target,
            trust: Trust::default(),
            credentials,
            settings: Settings { permit, ..Settings::of(&name, "demo") },
            console: ConsoleSettings::built_in()?,
            journal,
            journal_settings: JournalSettings::default(),
            notes: Vec::new(),
        })
    }

    /// Merges flags over the chosen profile of the files.
    pub fn load(flags: &Global, surroundings: &Surroundings) -> Result<Self, ConfigError> {
        let layers = ConfigLayers::read(flags.config.as_deref(), surroundings)?;
        let name = profile_name(&layers, flags, surroundings)?;
        let source = ChosenProfile { layers: &layers, flags, name: name.as_deref() };
        let target = source.target()?;
        let (permit, mut notes) = source.permit(&target)?;
        let profile = source.login_profile()?;
        notes.extend(source.login_elsewhere(&target));
        let (credentials, expected) = login::LoginReader::new(&layers, profile, surroundings).read()?;
        let shown = |key: &str, get: fn(&Profile) -> &Given<String>| match source.find(get) {
            Some(found) if inert(&found.value) != found.value => Err(found.wrong(words::unseen(key, &found.value))),
            found => Ok(found.map(|found| found.value)),
        };
        let settings = Settings {
            exchange: shown("exchange", |profile| &profile.exchange)?.unwrap_or_else(|| target.authority()),
            environment: shown("environment", |profile| &profile.environment)?.unwrap_or_else(|| "unnamed".to_owned()),
            oms: flags.oms_id.or_else(|| source.find(|profile| &profile.oms_id).map(|found| found.value)).map(OmsId),
            operator: flags
                .operator_id
                .or_else(|| source.find(|profile| &profile.operator_id).map(|found| found.value))
                .map(OperatorId),
            permit,
            allow_tx: source.find(|profile| &profile.allow_tx).is_some_and(|found| found.value),
            canceled_statuses: source.canceled_statuses()?,
            expected,
            // Random is the caller's to give: nothing here is.
            seed: 0,
            limits: limits::read(&layers, profile)?,
        };
        Ok(Self {
            target,
            trust: trust::read(&layers, Some(profile))?,
            credentials,
            settings,
            console: console::read(&layers)?,
            journal: journal_place(flags)?,
            journal_settings: journal_settings(&layers),
            notes,
        })
    }
}

/// The place of the journal.
pub fn journal_place(flags: &Global) -> Result<JournalPlace, ConfigError> {
    match &flags.journal {
        Some(path) => Ok(JournalPlace::File(path.clone())),
        None => Ok(JournalPlace::File(state_dir()?.join("journal.jsonl"))),
    }
}

/// The directory of this program's state, `$XDG_STATE_HOME/withdraw-desk`.
pub fn state_dir() -> Result<PathBuf, ConfigError> {
    use etcetera::BaseStrategy;
    let no_home = || ConfigError(chosen::NO_HOME.to_owned());
    let base = etcetera::base_strategy::Xdg::new().map_err(|_| no_home())?;
    let state = base.state_dir().unwrap_or_else(|| base.home_dir().join(".local/state"));
    Ok(state.join("withdraw-desk"))
}

fn journal_settings(layers: &ConfigLayers) -> JournalSettings {
    JournalSettings {
        anywhere: layers.find(|file| &file.journal_anywhere).is_some_and(|found| found.value),
        heads: layers.find(|file| &file.journal_heads).map(|found| found.value),
        ..JournalSettings::default()
    }
}

/// The chosen profile; none if the flags say where to connect and nothing is chosen.
fn profile_name(
    layers: &ConfigLayers,
    flags: &Global,
    surroundings: &Surroundings,
) -> Result<Option<String>, ConfigError> {
    let usual = surroundings.user_file.as_ref().map(|path| path.display().to_string());
    let chosen = flags
        .profile
        .clone()
        .map(|value| Setting { place: ConfigPlace::of_flag("--profile", "WITHDRAW_DESK_PROFILE", &value), value });
    let Some(found) = chosen.or_else(|| layers.find(|file| &file.default_profile)) else {
        return match layers.paths() {
            Some(paths) if flags.url.is_none() => Err(ConfigError(chosen::no_profile(&paths, &layers.names()))),
            None if flags.url.is_none() => Err(ConfigError(words::no_configuration(usual.as_deref()))),
            _ => Ok(None),
        };
    };
    if layers.has_profile(&found.value) {
        return Ok(Some(found.value));
    }
    if layers.paths().is_none() {
        return Err(ConfigError(words::no_file_for(&found.value, usual.as_deref())));
    }
    Err(found.wrong(words::no_profile(&found.value, &layers.names())))
}

/// The chosen profile, under the flags.
struct ChosenProfile<'a> {
    layers: &'a ConfigLayers,
    flags: &'a Global,
    name: Option<&'a str>,
}

impl ChosenProfile<'_> {
    fn find<T: Clone>(&self, get: impl Fn(&Profile) -> &Given<T>) -> Option<Setting<T>> {
        self.layers.find_in(self.name?, get)
    }

    fn target(&self) -> Result<Target, ConfigError> {
        let given = self
            .flags
            .url
            .clone()
            .map(|value| Setting { place: ConfigPlace::of_flag("--url", "WITHDRAW_DESK_URL", &value), value });
        let url = given
            .or_else(|| self.find(|profile| &profile.url))
            .ok_or_else(|| ConfigError(chosen::no_url(self.layers.paths().as_deref(), self.name)))?;
        Target::parse(&url.value).map_err(|flaw| url.wrong(format!("url: {}", words::url(&url.value, &flaw))))
    }

    /// A password goes where a flag says, and no longer where its profile does: that is worth a word.
    fn login_elsewhere(&self, target: &Target) -> Option<String> {
        let (name, _) = self.name.zip(self.flags.url.as_ref())?;
        let own = self.find(|profile| &profile.url).and_then(|url| Target::parse(&url.value).ok());
        if own.is_some_and(|own| own.is_same_place(target)) {
            return None;
        }
        Some(chosen::login_elsewhere(name, target.authority()))
    }

    /// The profile that says how to log in: no flag does.
    fn login_profile(&self) -> Result<&str, ConfigError> {
        self.name.ok_or_else(|| ConfigError(chosen::NO_LOGIN.to_owned()))
    }

    /// The permit to send cancels, if this session may, and a warning for the operator where a flag was overruled.
    fn permit(&self, target: &Target) -> Result<(Option<WritePermit>, Vec<String>), ConfigError> {
        let general = self.layers.write_in_general();
        if let Some(found) = general.as_ref().filter(|found| found.value) {
            return Err(found.wrong(chosen::WRITE_OUTSIDE));
        }
        let wanted = self.flags.write.or_else(|| self.find(|profile| &profile.write).map(|found| found.value));
        let wanted = wanted.unwrap_or(false) && !self.flags.rehearse;
        let of_machine = self.layers.write_lock(self.name, target);
        // In the user's own file it is what is usual for all profiles: a flag still counts for more.
        let of_user = general.filter(|_| self.flags.write != Some(true)).map(|found| found.place);
        match of_machine.or(of_user) {
            Some(place) if wanted => Ok((None, vec![chosen::write_locked(place)])),
            Some(_) => Ok((None, Vec::new())),
            None => Ok((WritePermit::from_setting(wanted), Vec::new())),
        }
    }

    fn canceled_statuses(&self) -> Result<Vec<TicketStatus>, ConfigError> {
        let Some(found) = self.find(|profile| &profile.canceled_statuses) else { return Ok(Vec::new()) };
        let statuses: Vec<_> = found.value.iter().map(|name| TicketStatus::from_name(name)).collect();
        if statuses.iter().any(TicketStatus::is_failed) {
            return Err(found.wrong(chosen::FAILED_IS_NOT_CANCELED));
        }
        Ok(statuses)
    }
}
