//! `init`: writes a first configuration, and says what to edit in it. Asks nothing.

use std::process::ExitCode;

use super::journal::print;
use crate::app::words::init as words;
use crate::args::Global;
use crate::config::Surroundings;
use crate::config::first_profile::FirstProfile;
use crate::runtime::new_file;

/// Writes it to where the configuration is looked for, or to where `--config` says.
pub fn run(flags: &Global) -> anyhow::Result<ExitCode> {
    let usual = Surroundings::of_this_machine().user_file;
    let path = flags.config.clone().or_else(|| usual.clone());
    let path = path.ok_or_else(|| anyhow::Error::msg(words::NO_HOME))?;
    let first = FirstProfile::new(flags.profile.as_deref(), flags.url.as_deref())?;
    let shown = path.display().to_string();
    new_file::write(&path, &first.text).map_err(|error| anyhow::Error::msg(words::not_written(&shown, &error)))?;
    let mut lines = vec![words::written(&shown, &first.name)];
    lines.extend(first.to_edit().iter().map(|edit| words::edit(edit.line, &edit.key, &edit.wanted)));
    lines.extend(words::next((usual.as_ref() != Some(&path)).then_some(shown.as_str())));
    print(&(lines.join("\n") + "\n"))?;
    Ok(ExitCode::SUCCESS)
}
