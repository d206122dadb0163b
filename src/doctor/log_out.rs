//! The check that processes outlive the log-out: a console whose SSH dies reads a cancel in flight to its end, and a console in
//! tmux is to be there in the morning.

use std::path::Path;

use super::environment::Environment;
use super::finding::CheckFinding;
use crate::app::words::doctor::log_out as words;
use crate::runtime::run_tool;

const NAME: &str = "log-out";

/// A directory that is there where systemd started the machine.
const BOOTED: &str = "/run/systemd/system";
/// Has a file for every user that lingers.
const LINGERERS: &str = "/var/lib/systemd/linger";
/// Where logind is told what to do, the last that says something counts.
const SETTINGS: [&str; 3] =
    ["/usr/lib/systemd/logind.conf.d", "/etc/systemd/logind.conf", "/etc/systemd/logind.conf.d"];

/// By whom a process is ended at log-out: told by its control group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Home {
    /// The session: ended with it where KillUserProcesses is on.
    Session,
    /// The user's manager: ended with the user's last session, unless the user lingers.
    User,
    /// A service of the machine, a container, another place.
    Elsewhere,
}

impl Home {
    fn of(control_group: &str) -> Self {
        let parts = || control_group.lines().flat_map(|line| line.split('/'));
        if parts().any(|part| part.starts_with("user@") && part.ends_with(".service")) {
            Self::User
        } else if parts().any(|part| part.starts_with("session-")) {
            Self::Session
        } else {
            Self::Elsewhere
        }
    }
}

/// Where this process lives, and logind's settings for a log-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Facts {
    home: Home,
    kills: Option<bool>,
    lingers: bool,
}

/// Judges, by control group and by logind's settings, if a console lives on after a log-out.
pub fn check(environment: &Environment) -> CheckFinding {
    if !Path::new(BOOTED).is_dir() {
        return CheckFinding::unknown(NAME, words::NO_SYSTEMD).with_mend(words::TRY_IT);
    }
    let control_group = std::fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let user = environment.get("USER").unwrap_or_default();
    judge(Facts { home: Home::of(&control_group), kills: kills(user), lingers: lingers(user) })
}

fn kills(user: &str) -> Option<bool> {
    match run_tool::ask("loginctl", &["show-session", "--property=KillUserProcesses", "--property=KillExcludeUsers"]) {
        Ok(properties) => told_by_manager(&properties, user),
        // Unless it is told otherwise, logind spares root.
        Err(_) => Some(told_by_files(&settings()) && user != "root"),
    }
}

fn lingers(user: &str) -> bool {
    !user.is_empty() && !user.contains('/') && Path::new(LINGERERS).join(user).exists()
}

fn told_by_manager(properties: &str, user: &str) -> Option<bool> {
    let value = |name: &str| properties.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    let is_spared = value("KillExcludeUsers").is_some_and(|names| names.split(' ').any(|name| name == user));
    Some(is_true(value("KillUserProcesses")?) && !is_spared)
}

fn told_by_files(text: &str) -> bool {
    let mut told =
        text.lines().filter_map(|line| line.trim().strip_prefix("KillUserProcesses")?.trim().strip_prefix('='));
    told.next_back().is_some_and(|value| is_true(value.trim()))
}

fn is_true(word: &str) -> bool {
    matches!(word, "yes" | "true" | "1" | "on")
}

fn settings() -> String {
    let mut text = String::new();
    for place in SETTINGS.map(Path::new) {
        let mut files: Vec<_> = match std::fs::read_dir(place) {
            Ok(entries) => entries.filter_map(Result::ok).map(|entry| entry.path()).collect(),
            Err(_) => vec![place.to_owned()],
        };
        files.sort();
        for file in files {
            text.push_str(&std::fs::read_to_string(file).unwrap_or_default());
            text.push('\n');
        }
    }
    text
}

fn judge(facts: Facts) -> CheckFinding {
    match facts {
        Facts { home: Home::Elsewhere, .. } => CheckFinding::ok(NAME, words::OF_NO_SESSION),
        Facts { home: Home::User, lingers: true, .. } => CheckFinding::ok(NAME, words::LINGERS),
        Facts { home: Home::User, .. } => CheckFinding::warn(NAME, words::DOES_NOT_LINGER, words::ENABLE_LINGER),
        Facts { kills: Some(false), .. } => CheckFinding::ok(NAME, words::SPARED),
        Facts { kills: Some(true), .. } => CheckFinding::warn(NAME, words::KILLED, words::START_OUTSIDE),
        Facts { kills: None, .. } => CheckFinding::unknown(NAME, words::NOT_TOLD).with_mend(words::SEE_SESSION),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::CheckState::{self, Ok, Unknown, Warn};
    use rstest::rstest;

    #[rstest]
    #[case::ssh("0::/user.slice/user-1000.slice/session-4.scope", Home::Session)]
    #[case::scope("0::/user.slice/user-1000.slice/user@1000.service/run-u1.scope", Home::User)]
    #[case::service("0::/system.slice/desk.service", Home::Elsewhere)]
    #[case::container("0::/", Home::Elsewhere)]
    #[case::older("12:pids:/x\n1:name=systemd:/user.slice/user-0.slice/session-c2.scope\n", Home::Session)]
    fn who_ends_a_process_is_told_by_its_control_group(#[case] text: &str, #[case] home: Home) {
        assert_eq!(Home::of(text), home);
    }

    #[rstest]
    #[case::spared_session(Home::Session, Some(false), false, Ok)]
    #[case::ended_session(Home::Session, Some(true), false, Warn)]
    #[case::lingering_does_not_save_a_session(Home::Session, Some(true), true, Warn)]
    #[case::not_told(Home::Session, None, false, Unknown)]
    #[case::lingering(Home::User, Some(true), true, Ok)]
    #[case::not_lingering(Home::User, Some(false), false, Warn)]
    #[case::service(Home::Elsewhere, None, false, Ok)]
    fn a_process_outlives_the_log_out_or_not(
        #[case] home: Home,
        #[case] kills: Option<bool>,
        #[case] lingers: bool,
        #[case] state: CheckState,
    ) {
        assert_eq!(judge(Facts { home, kills, lingers }).state, state);
    }

    #[rstest]
    #[case::no("KillUserProcesses=no\nKillExcludeUsers=root\n", Some(false))]
    #[case::yes("KillUserProcesses=yes\nKillExcludeUsers=root\n", Some(true))]
    #[case::excluded("KillUserProcesses=yes\nKillExcludeUsers=root desk\n", Some(false))]
    #[case::nothing("", None)]
    fn logind_tells_it(#[case] properties: &str, #[case] kills: Option<bool>) {
        assert_eq!(told_by_manager(properties, "desk"), kills);
    }

    #[rstest]
    #[case::default("[Login]\n#KillUserProcesses=no\n", false)]
    #[case::yes("[Login]\nKillUserProcesses=yes\n", true)]
    #[case::the_last_counts("KillUserProcesses=yes\nKillUserProcesses = no\n", false)]
    fn its_files_tell_it_where_it_cannot_be_asked(#[case] text: &str, #[case] kills: bool) {
        assert_eq!(told_by_files(text), kills);
    }
}
