//! tmux: whether the console would run inside one, and the settings that an operator would feel.

use std::collections::BTreeMap;

use super::environment::Environment;
use super::finding::CheckFinding;
use crate::app::words::doctor::tmux as words;
use crate::runtime::run_tool;

/// Longer than this between Esc and the next key is felt, and told apart from an Alt key by luck.
const LONGEST_ESCAPE: u64 = 50;

/// Asks tmux, if this runs inside one.
pub fn check(environment: &Environment) -> Vec<CheckFinding> {
    if !environment.has("TMUX") {
        let found = if environment.has("STY") { words::SCREEN } else { words::OUTSIDE };
        return vec![CheckFinding::ok("tmux", found)];
    }
    let features = run_tool::ask("tmux", &["display-message", "-p", "#{client_termfeatures}"]).unwrap_or_default();
    match run_tool::ask("tmux", &["show-options", "-s"]) {
        Ok(options) => judge(&Options::read(&options), features.trim()),
        Err(why) => {
            vec![CheckFinding::unknown("tmux", words::cannot_be_asked(&why)).with_mend(words::LOOK)]
        }
    }
}

/// The server's options, as `tmux show-options -s` lists them.
struct Options<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Options<'a> {
    fn read(text: &'a str) -> Self {
        Self(
            text.lines().filter_map(|line| line.split_once(' ')).map(|(name, value)| (name, unquoted(value))).collect(),
        )
    }

    fn get(&self, name: &str) -> &'a str {
        self.0.get(name).copied().unwrap_or(words::NOT_TOLD)
    }
}

fn unquoted(value: &str) -> &str {
    let inner = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

fn judge(options: &Options, features: &str) -> Vec<CheckFinding> {
    vec![
        inside(options.get("default-terminal"), features),
        escape(options.get("escape-time")),
        clipboard(options.get("set-clipboard")),
    ]
}

fn inside(terminal: &str, features: &str) -> CheckFinding {
    const NAME: &str = "tmux";
    let has_colours = features.split(',').any(|feature| feature == "RGB");
    let found = words::inside(terminal, has_colours);
    if terminal.starts_with("tmux") || terminal.starts_with("screen") {
        CheckFinding::ok(NAME, found)
    } else {
        CheckFinding::warn(NAME, found, words::SET_TERMINAL)
    }
}

fn escape(time: &str) -> CheckFinding {
    const NAME: &str = "tmux-escape";
    match time.parse::<u64>() {
        Ok(millis) if millis <= LONGEST_ESCAPE => CheckFinding::ok(NAME, words::escape(millis)),
        Ok(millis) => CheckFinding::warn(NAME, words::slow_escape(millis), words::SET_ESCAPE),
        Err(_) => CheckFinding::unknown(NAME, words::unknown_escape(time)).with_mend(words::SET_ESCAPE_NOW),
    }
}

fn clipboard(setting: &str) -> CheckFinding {
    const NAME: &str = "tmux-clipboard";
    let mend = words::SET_CLIPBOARD;
    match setting {
        "on" => CheckFinding::ok(NAME, words::CLIPBOARD_ON),
        "external" | "off" => CheckFinding::warn(NAME, words::clipboard_kept(setting), mend),
        other => CheckFinding::unknown(NAME, words::unknown_clipboard(other)).with_mend(mend),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::CheckState::{self, Ok, Unknown, Warn};
    use rstest::rstest;

    #[rstest]
    #[case::as_installed("default-terminal \"screen\"\nescape-time 500\nset-clipboard external\n", [Ok, Warn, Warn])]
    #[case::as_wanted("default-terminal tmux-256color\nescape-time 10\nset-clipboard on\n", [Ok, Ok, Ok])]
    #[case::at_the_limit("default-terminal 'tmux'\nescape-time 50\nset-clipboard off\n", [Ok, Ok, Warn])]
    #[case::wrong_name("default-terminal xterm-256color\nescape-time 51\nset-clipboard on\n", [Warn, Warn, Ok])]
    #[case::another_version("command-alias[0] split-pane=split-window\n", [Warn, Unknown, Unknown])]
    fn its_settings_are_judged_one_by_one(#[case] options: &str, #[case] states: [CheckState; 3]) {
        let findings = judge(&Options::read(options), "256,RGB");
        assert_eq!(findings.iter().map(|finding| finding.state).collect::<Vec<_>>(), states);
        assert!(findings.iter().all(|finding| finding.state == Ok || finding.mend.is_some()), "{findings:?}");
    }

    #[test]
    fn outside_of_it_there_is_nothing_to_ask() {
        let findings = check(&Environment::from([("TERM", "xterm")]));
        assert_eq!(findings, [CheckFinding::ok("tmux", "not inside tmux")]);
    }
}
