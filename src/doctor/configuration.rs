//! The configuration: its files, what they come to, and who else could read or change them.

use std::path::{Path, PathBuf};

use super::finding::CheckFinding;
use super::mode;
use crate::app::words::doctor::configuration as words;
use crate::config::file_guard::{self, FileRefused, Guard, Ownership};
use crate::config::survey::{NamedFiles, Survey};
use crate::config::{Config, ConfigError};

/// The check of what the files say; without it nothing remote can be tried.
pub const CONFIG: &str = "config";
const FILES: &str = "config-files";
const SECRETS: &str = "secret-files";
const CLIENT_KEY: &str = "client-key";

/// Judges the files, and the configuration that came of them.
pub fn check(survey: &Survey, config: Result<&Config, &ConfigError>) -> Vec<CheckFinding> {
    vec![files(&seen(&survey.files, Guard::Trusted)), said(survey, config), secrets(survey), client_key(survey)]
}

/// A file, and how it is guarded.
type OwnershipSeen = (String, Result<Ownership, FileRefused>);

fn seen(paths: &[PathBuf], guard: Guard) -> Vec<OwnershipSeen> {
    let look = |path: &Path| (path.display().to_string(), file_guard::look(path, guard));
    paths.iter().map(|path| look(path)).collect()
}

fn files(seen: &[OwnershipSeen]) -> CheckFinding {
    let told: Vec<String> = seen
        .iter()
        .map(|(path, kept)| match kept {
            Ok(kept) => words::guarded(path, &kept_in_words(*kept)),
            Err(FileRefused::Absent) => words::none(path),
            Err(FileRefused::Because(why)) => words::refused(path, why),
        })
        .collect();
    if seen.iter().any(|(_, kept)| matches!(kept, Err(FileRefused::Because(_)))) {
        return CheckFinding::fail(FILES, told.join("; "), words::NOBODY_ELSE_MAY_WRITE);
    }
    CheckFinding::ok(FILES, told.join("; "))
}

fn kept_in_words(kept: Ownership) -> String {
    words::guard(kept.mode, kept.owner, mode::us())
}

fn said(survey: &Survey, config: Result<&Config, &ConfigError>) -> CheckFinding {
    let config = match config {
        Ok(config) => config,
        Err(error) => return CheckFinding::fail(CONFIG, error.to_string(), words::MEND_THAT),
    };
    let found = words::outline(&words::Outline {
        profile: survey.named.as_ref().and_then(|named| named.profile.as_deref()),
        environment: &config.settings.environment,
        url: &config.target.url,
        may_write: config.settings.permit.is_some(),
    });
    match config.notes.as_slice() {
        [] => CheckFinding::ok(CONFIG, found),
        notes => CheckFinding::warn(CONFIG, words::with_notes(&found, notes), words::NOTHING_IF_MEANT),
    }
}

fn secrets(survey: &Survey) -> CheckFinding {
    let Some(named) = &survey.named else { return CheckFinding::skipped(SECRETS, CONFIG) };
    if named.secrets.is_empty() {
        return CheckFinding::ok(SECRETS, words::NO_SECRET_FILE);
    }
    guarded_well(SECRETS, &seen(&named.secrets, Guard::Secret))
}

fn client_key(survey: &Survey) -> CheckFinding {
    match &survey.named {
        None => CheckFinding::skipped(CLIENT_KEY, CONFIG),
        Some(NamedFiles { client_key: None, .. }) => CheckFinding::ok(CLIENT_KEY, words::NO_CLIENT_KEY),
        Some(NamedFiles { client_key: Some(path), .. }) => {
            guarded_well(CLIENT_KEY, &seen(std::slice::from_ref(path), Guard::Secret))
        }
    }
}

fn guarded_well(name: &'static str, seen: &[OwnershipSeen]) -> CheckFinding {
    let (mut fine, mut wrong) = (Vec::new(), Vec::new());
    for (path, kept) in seen {
        match kept {
            Ok(kept) => fine.push(words::guarded(path, &kept_in_words(*kept))),
            Err(FileRefused::Absent) => wrong.push(words::missing(path)),
            Err(FileRefused::Because(why)) => wrong.push(words::refused(path, why)),
        }
    }
    if wrong.is_empty() {
        return CheckFinding::ok(name, fine.join("; "));
    }
    CheckFinding::fail(name, wrong.join("; "), words::NOBODY_ELSE_MAY_READ)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::CheckState::{self, Fail, Ok as Fine, Skipped};
    use rstest::rstest;

    const OURS: Ownership = Ownership { owner: 4_000_000_000, mode: 0o600 };

    fn seen(kept: Result<Ownership, FileRefused>) -> Vec<OwnershipSeen> {
        vec![("/f".to_owned(), kept)]
    }

    #[rstest]
    #[case::there(Ok(OURS), Fine, "/f (mode 0600, of user 4000000000)")]
    #[case::not_there(Err(FileRefused::Absent), Fine, "/f (none)")]
    #[case::shared(Err(FileRefused::Because("has mode 0666".to_owned())), Fail, "/f has mode 0666")]
    fn a_file_that_others_can_change_fails(
        #[case] kept: Result<Ownership, FileRefused>,
        #[case] state: CheckState,
        #[case] said: &str,
    ) {
        let finding = files(&seen(kept));
        assert_eq!((finding.state, finding.found.as_str()), (state, said));
    }

    #[rstest]
    #[case::there(Ok(OURS), Fine)]
    #[case::not_there(Err(FileRefused::Absent), Fail)]
    #[case::shared(Err(FileRefused::Because("has mode 0644".to_owned())), Fail)]
    fn a_secret_is_there_and_nobody_elses(#[case] kept: Result<Ownership, FileRefused>, #[case] state: CheckState) {
        assert_eq!(guarded_well(SECRETS, &seen(kept)).state, state);
    }

    #[test]
    fn what_a_file_that_does_not_read_names_is_not_known() {
        let survey = Survey::default();
        assert_eq!((secrets(&survey).state, client_key(&survey).state), (Skipped, Skipped));
        let survey = Survey { named: Some(NamedFiles::default()), ..survey };
        assert_eq!((secrets(&survey).state, client_key(&survey).state), (Fine, Fine));
    }
}
