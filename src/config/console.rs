//! The look and the keys of the console, from `[console]`.

use super::ConfigError;
use super::layers::ConfigLayers;
use crate::app::console::keymap::Keymap;
use crate::app::theme::ThemeName;
use crate::app::words::configuration::chosen as words;

const THEMES: [(&str, ThemeName); 2] = [("terminal", ThemeName::Terminal), ("colourless", ThemeName::Colourless)];

/// The settings of the console: its looks and its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleSettings {
    /// The theme; `NO_COLOR` in the environment counts for more.
    pub theme: ThemeName,
    /// The keys.
    pub keymap: Keymap,
}

impl ConsoleSettings {
    /// The console as it comes.
    pub fn built_in() -> Result<Self, ConfigError> {
        let keymap = Keymap::built_in().map_err(|error| ConfigError(format!("assets/keys.toml: {error}")))?;
        Ok(Self { theme: ThemeName::default(), keymap })
    }
}

/// Reads what the files say of the console.
pub fn read(layers: &ConfigLayers) -> Result<ConsoleSettings, ConfigError> {
    let mut settings = ConsoleSettings::built_in()?;
    if let Some(found) = layers.find(|file| &file.console.theme) {
        let known = THEMES.iter().find(|(name, _)| *name == found.value);
        let names: Vec<&str> = THEMES.iter().map(|(name, _)| *name).collect();
        let wrong = || found.wrong(words::no_theme(&found.value, &names.join(", ")));
        settings.theme = known.map(|(_, theme)| *theme).ok_or_else(wrong)?;
    }
    let keys = layers.keys();
    for (action, found) in &keys {
        settings.keymap.rebind(action, &found.value).map_err(|error| found.wrong(error))?;
    }
    // Clashes are looked for once all keys are rebound, because two actions may have swapped theirs.
    if let Some(clash) = settings.keymap.clash() {
        let rebound = clash.actions.iter().find_map(|action| keys.get(action.as_str()));
        return Err(rebound.map_or_else(|| ConfigError(clash.to_string()), |found| found.wrong(&clash)));
    }
    Ok(settings)
}
