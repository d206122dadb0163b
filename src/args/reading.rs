//! Reads the command line: each command lists and takes the flags that concern it, and no other; what was typed is inert in
//! every complaint about it.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory, Error, FromArgMatches};

use super::Arguments;
use crate::app::words::configuration as words;
use crate::domain::text::inert;

/// The flags of the console, by their names in [`super::Global`].
const ALL: &[&str] = &["config", "profile", "url", "oms_id", "operator_id", "write", "rehearse", "journal"];

/// The flags that a command obeys. One that is not here, as a command without a session, obeys none.
const CONCERN: [(&[&str], &[&str]); 6] = [
    (&[], ALL),
    (&["demo"], &["write", "rehearse", "journal"]),
    (&["doctor"], ALL),
    (&["init"], &["config", "profile", "url"]),
    (&["journal"], &["journal"]),
    (&["journal", "release"], &["config", "profile", "url", "oms_id", "operator_id", "journal"]),
];

/// The flags that say which profile is meant. Who gives them to every command alike is understood by the journal's too, whose
/// answer does not depend on a profile.
const OF_THE_PROFILE: [&str; 2] = ["config", "profile"];

/// The program's name, whatever it is called by.
const NAME: &str = "withdraw-desk";

/// The beginning of the names of our variables.
const VARIABLES: &str = "WITHDRAW_DESK_";

/// Reads the arguments, the program's name in front. Help and version are errors too, as clap has it.
pub fn read<T: Into<OsString> + Clone>(arguments: impl IntoIterator<Item = T>) -> Result<Arguments, Error> {
    let mut command = command();
    let matches = command.try_get_matches_from_mut(arguments)?;
    if let Some(complaint) = without_concern(&command, &matches) {
        return Err(command.error(ErrorKind::UnknownArgument, complaint));
    }
    Arguments::from_arg_matches(&matches)
}

/// The complaint as lines: everything in it that somebody typed, or set in the environment, is inert.
pub fn complaint(mut error: Error) -> Vec<String> {
    let typed: Vec<(ContextKind, ContextValue)> =
        error.context().filter_map(|(kind, value)| Some((kind, inert_value(value)?))).collect();
    for (kind, value) in typed {
        error.insert(kind, value);
    }
    let mut lines: Vec<String> = error.render().to_string().lines().map(inert).collect();
    if let Some(variable) = variable_of(&error) {
        lines.insert(1.min(lines.len()), words::from_variable(&variable));
    }
    lines
}

/// The variable that a refused value stands in, if it stands in one: clap names the flag alone.
fn variable_of(error: &Error) -> Option<String> {
    let Some(ContextValue::String(refused)) = error.get(ContextKind::InvalidValue) else { return None };
    let variables = std::env::vars_os().map(|(name, value)| (name.to_string_lossy().into_owned(), value));
    let mut ours = variables.filter(|(name, _)| name.starts_with(VARIABLES));
    ours.find(|(_, value)| inert(&value.to_string_lossy()) == *refused).map(|(name, _)| inert(&name))
}

/// True if it is no complaint, but what was asked for.
pub fn is_answer(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion)
}

fn inert_value(value: &ContextValue) -> Option<ContextValue> {
    match value {
        ContextValue::String(text) => Some(ContextValue::String(inert(text))),
        ContextValue::Strings(texts) => Some(ContextValue::Strings(texts.iter().map(|text| inert(text)).collect())),
        _ => None,
    }
}

/// The command line, with the flags hidden that do not concern a command.
fn command() -> Command {
    // A help that shows what stands in a variable, or how the program was called, would show it raw.
    let mut command = Arguments::command().bin_name(NAME).mut_args(|arg| arg.hide_env_values(true));
    // Hands the flags to the commands, so that each has its own.
    command.build();
    command.mut_subcommands(|command| hidden(command, &[]))
}

fn hidden(command: Command, above: &[String]) -> Command {
    let path: Vec<String> = above.iter().cloned().chain([command.get_name().to_owned()]).collect();
    let concern = concern(&path);
    let is_idle = |id: &str| ALL.contains(&id) && !concern.contains(&id);
    let command = command.mut_args(|arg| match arg.get_id().as_str() {
        id if is_idle(id) => arg.hide(true),
        "write" if path == ["demo"] => arg.help(words::DEMO_WRITE),
        "journal" if path == ["demo"] => arg.help(words::DEMO_JOURNAL),
        "config" if path == ["init"] => arg.help(words::INIT_CONFIG),
        "profile" if path == ["init"] => arg.help(words::INIT_PROFILE),
        "url" if path == ["init"] => arg.help(words::INIT_URL),
        _ => arg,
    });
    command.mut_subcommands(|command| hidden(command, &path))
}

/// The flags of a command: its own, else those of the command above it.
fn concern(path: &[String]) -> &'static [&'static str] {
    let named = |length: usize| CONCERN.iter().find(|(name, _)| path.get(..length).is_some_and(|path| *name == path));
    let found = (1..=path.len()).rev().find_map(named);
    let of_console = || if path.is_empty() { ALL } else { &[] };
    found.map_or_else(of_console, |(_, flags)| flags)
}

/// The complaint about a flag on the command line that its command would not obey. The environment is for all commands.
fn without_concern(command: &Command, matches: &ArgMatches) -> Option<String> {
    let (mut path, mut levels) = (Vec::new(), vec![matches]);
    while let Some((name, below)) = levels.last().and_then(|level| level.subcommand()) {
        path.push(name.to_owned());
        levels.push(below);
    }
    let concern = concern(&path);
    let is_of_journal = path.first().is_some_and(|name| name == "journal");
    let is_typed = |id: &str| levels.iter().any(|level| source(level, id) == Some(ValueSource::CommandLine));
    let is_taken = |id: &str| concern.contains(&id) || is_of_journal && OF_THE_PROFILE.contains(&id);
    let idle = ALL.iter().find(|id| !is_taken(id) && is_typed(id))?;
    let flag = |id: &str| {
        let arg = command.get_arguments().find(|arg| arg.get_id() == id);
        format!("--{}", arg.and_then(|arg| arg.get_long()).unwrap_or(id))
    };
    let taken: Vec<String> = concern.iter().map(|id| flag(id)).collect();
    Some(words::idle_flag(&flag(idle), &path.join(" "), &taken))
}

/// Where a flag comes from; none if this level does not know it.
fn source(matches: &ArgMatches, id: &str) -> Option<ValueSource> {
    matches.try_contains_id(id).ok()?;
    matches.value_source(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn help(of: &str) -> String {
        let arguments = ["withdraw-desk"].into_iter().chain(of.split_whitespace()).chain(["--help"]);
        let error = read(arguments).unwrap_err();
        assert!(is_answer(&error));
        error.render().to_string()
    }

    #[rstest]
    #[case("", ALL)]
    #[case("demo", &["write", "rehearse", "journal"])]
    #[case("doctor", ALL)]
    #[case("init", &["config", "profile", "url"])]
    #[case("simulate", &[])]
    #[case("journal", &["journal"])]
    #[case("journal list", &["journal"])]
    #[case("journal verify", &["journal"])]
    #[case("journal release", &["config", "profile", "url", "oms_id", "operator_id", "journal"])]
    fn a_command_lists_the_flags_that_concern_it(#[case] of: &str, #[case] listed: &[&str]) {
        let help = help(of);
        for id in ALL {
            let flag = format!("--{} ", id.replace('_', "-"));
            let is_listed = help.lines().any(|line| {
                let line = format!("{} ", line.trim().replace("[=", " "));
                line.starts_with(&flag)
            });
            assert_eq!(is_listed, listed.contains(id), "{flag} of {of:?}: {help}");
        }
    }

    #[rstest]
    #[case::behind(
        "demo --config F",
        "--config has no meaning for \"demo\", which takes --write, --rehearse, --journal"
    )]
    #[case::in_front("--config F demo", "--config has no meaning for \"demo\"")]
    #[case::url("journal list --url wss://x", "--url has no meaning for \"journal list\", which takes --journal")]
    #[case::write("journal release 7 --confirm 7 --reason r --write", "--write has no meaning for \"journal release\"")]
    #[case::rehearse("--rehearse journal release 7 --confirm 7 --reason r", "--rehearse has no meaning")]
    #[case::none(
        "--journal F simulate",
        "--journal has no meaning for \"simulate\", which takes no flag of the console"
    )]
    #[case::own("init --journal F", "--journal has no meaning for \"init\"")]
    fn a_flag_that_would_not_be_obeyed_is_refused(#[case] typed: &str, #[case] said: &str) {
        let error = read(["withdraw-desk"].into_iter().chain(typed.split_whitespace())).unwrap_err();
        let said_all = complaint(error).join("\n");
        assert!(said_all.contains(said), "{said_all}");
    }

    #[rstest]
    #[case("demo --write=false --rehearse --journal F")]
    #[case("--journal F demo")]
    #[case("--config F --profile p --journal F journal list")]
    #[case("journal verify --config F")]
    #[case("--config F --journal F journal release 7 --confirm 7 --reason r")]
    #[case("--config F doctor --json --url wss://x --rehearse")]
    fn a_flag_that_is_obeyed_may_stand_before_and_behind_the_command(#[case] typed: &str) {
        assert!(read(["withdraw-desk"].into_iter().chain(typed.split_whitespace())).is_ok());
    }

    #[rstest]
    #[case::value(&["--oms-id", "1\u{1b}[2J"], "'1<U+001B>[2J'")]
    #[case::line_end(&["--oms-id", "1\nwithdraw-desk: all is well"], "1<U+000A>withdraw-desk: all is well")]
    #[case::flag(&["--no\u{1b}[2J"], "--no<U+001B>[2J")]
    #[case::command(&["no\u{1b}]0;x\u{7}"], "no<U+001B>]0;x<U+0007>")]
    #[case::reordered(&["simulate", "--listen", "\u{202e}1"], "<U+202E>1")]
    #[case::choice(&["--write=\u{9b}2J"], "<U+009B>2J")]
    #[case::surplus(&["journal", "list", "x\u{1b}c"], "x<U+001B>c")]
    fn what_was_typed_is_inert_in_a_complaint(#[case] typed: &[&str], #[case] shown: &str) {
        let error = read(["withdraw-desk"].iter().chain(typed)).unwrap_err();
        let lines = complaint(error);
        assert!(lines.iter().any(|line| line.contains(shown)), "{lines:?}");
        assert!(lines.iter().all(|line| inert(line) == *line), "{lines:?}");
    }
}
