//! tmux: whether the console would run inside one, and the settings that an operator would feel.

use std::collections::BTreeMap;

use super::environment::Environment;
use super::finding::CheckFinding;
use crate::runtime::run_tool;

/// Longer than this between Esc and the next key is felt, and told apart from an Alt key by luck.
const LONGEST_ESCAPE: u64 = 50;

/// Asks tmux, if this runs inside one.
pub fn check(environment: &Environment) -> Vec<CheckFinding> {
    if !environment.has("TMUX") {
        let found = if environment.has("STY") { "inside GNU screen, not tmux" } else { "not inside tmux" };
        return vec![CheckFinding::ok("tmux", found)];
    }
    let features = run_tool::ask("tmux", &["display-message", "-p", "#{client_termfeatures}"]).unwrap_or_default();
    match run_tool::ask("tmux", &["show-options", "-s"]) {
        Ok(options) => judge(&Options::read(&options), features.trim()),
        Err(why) => {
            let mend = "run `tmux show-options -s` and look at escape-time, set-clipboard and default-terminal";
            vec![
                CheckFinding::unknown("tmux", format!("inside tmux, but it cannot be asked: tmux {why}"))
                    .with_mend(mend),
            ]
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
        self.0.get(name).copied().unwrap_or("not told")
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
    let colours = if has_colours { "passes all colours on" } else { "passes 256 colours or fewer on" };
    let found = format!("inside tmux; default-terminal is {terminal}; it {colours}");
    if terminal.starts_with("tmux") || terminal.starts_with("screen") {
        CheckFinding::ok(NAME, found)
    } else {
        let mend = "in ~/.tmux.conf: set -g default-terminal tmux-256color (another name draws wrong)";
        CheckFinding::warn(NAME, found, mend)
    }
}

fn escape(time: &str) -> CheckFinding {
    const NAME: &str = "tmux-escape";
    match time.parse::<u64>() {
        Ok(millis) if millis <= LONGEST_ESCAPE => CheckFinding::ok(NAME, format!("escape-time is {millis} ms")),
        Ok(millis) => CheckFinding::warn(
            NAME,
            format!("escape-time is {millis} ms: every Esc waits that long, and a key typed meanwhile counts as Alt"),
            "in ~/.tmux.conf: set -sg escape-time 10",
        ),
        Err(_) => CheckFinding::unknown(NAME, format!("escape-time is {time}")).with_mend("set -sg escape-time 10"),
    }
}

fn clipboard(setting: &str) -> CheckFinding {
    const NAME: &str = "tmux-clipboard";
    let mend = "in ~/.tmux.conf: set -s set-clipboard on";
    match setting {
        "on" => CheckFinding::ok(NAME, "set-clipboard is on: tmux passes a copy on to the terminal"),
        "external" | "off" => {
            let found = format!("set-clipboard is {setting}: tmux drops what a program inside it copies");
            CheckFinding::warn(NAME, found, mend)
        }
        other => CheckFinding::unknown(NAME, format!("set-clipboard is {other}")).with_mend(mend),
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
