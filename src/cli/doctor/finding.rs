//! The finding of a check: its state, its words, and the mend. Decides the exit code and nothing else.

use std::process::ExitCode;

use crate::domain::text::inert;

/// How a check ended. Each has a word: nothing is told by a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Fine.
    Ok,
    /// It works, but something should be mended.
    Warn,
    /// It does not work, or is not safe.
    Fail,
    /// It cannot be told from here.
    Unknown,
    /// It was not tried, because an earlier check failed.
    Skipped,
}

impl State {
    /// Its word, also in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
        }
    }
}

/// The result of one check. Its texts are inert, whoever wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The check's stable name.
    pub name: &'static str,
    /// How it ended.
    pub state: State,
    /// The words on what was found.
    pub found: String,
    /// The way to mend it, where there is something to mend.
    pub mend: Option<String>,
    /// The check without which this one could not be tried.
    pub after: Option<&'static str>,
}

impl Finding {
    fn new(name: &'static str, state: State, found: &str) -> Self {
        Self { name, state, found: inert(found), mend: None, after: None }
    }

    /// Fine.
    pub fn ok(name: &'static str, found: impl AsRef<str>) -> Self {
        Self::new(name, State::Ok, found.as_ref())
    }

    /// It works, but should be mended.
    pub fn warn(name: &'static str, found: impl AsRef<str>, mend: impl AsRef<str>) -> Self {
        Self::new(name, State::Warn, found.as_ref()).with_mend(mend)
    }

    /// It does not work.
    pub fn fail(name: &'static str, found: impl AsRef<str>, mend: impl AsRef<str>) -> Self {
        Self::new(name, State::Fail, found.as_ref()).with_mend(mend)
    }

    /// It cannot be told.
    pub fn unknown(name: &'static str, found: impl AsRef<str>) -> Self {
        Self::new(name, State::Unknown, found.as_ref())
    }

    /// It was not tried, because `after` did not go well.
    pub fn skipped(name: &'static str, after: &'static str) -> Self {
        Self { after: Some(after), ..Self::new(name, State::Skipped, &format!("not tried: it needs {after}")) }
    }

    /// With what to do about it.
    #[must_use]
    pub fn with_mend(self, mend: impl AsRef<str>) -> Self {
        Self { mend: Some(inert(mend.as_ref())), ..self }
    }

    /// True if the check failed.
    pub fn is_fail(&self) -> bool {
        self.state == State::Fail
    }
}

/// All findings, in the order of the checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Them.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Takes findings in.
    pub fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.findings.extend(findings);
    }

    /// How many ended so.
    pub fn count(&self, state: State) -> usize {
        self.findings.iter().filter(|finding| finding.state == state).count()
    }

    /// True if no check failed.
    pub fn is_fine(&self) -> bool {
        self.count(State::Fail) == 0
    }

    /// 0, or 9 if a check failed. A warning fails nothing.
    pub fn code(&self) -> ExitCode {
        if self.is_fine() { ExitCode::SUCCESS } else { ExitCode::from(crate::cli::FOUND) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::nothing(Report::default(), true)]
    #[case::ok(of(&[Finding::ok("a", "x")]), true)]
    #[case::warning(of(&[Finding::warn("a", "x", "y")]), true)]
    #[case::unknown(of(&[Finding::unknown("a", "x")]), true)]
    #[case::fail(of(&[Finding::ok("a", "x"), Finding::fail("b", "x", "y"), Finding::skipped("c", "b")]), false)]
    fn only_a_failed_check_changes_the_exit_code(#[case] report: Report, #[case] is_fine: bool) {
        assert_eq!(report.is_fine(), is_fine);
        assert_eq!(report.code() == ExitCode::SUCCESS, is_fine);
    }

    fn of(findings: &[Finding]) -> Report {
        Report { findings: findings.to_vec() }
    }

    #[test]
    fn whatever_is_found_is_inert() {
        let finding = Finding::fail("tls", "a\u{1b}[2Jb", "c\u{202e}d");
        assert_eq!((finding.found.as_str(), finding.mend.as_deref()), ("a<U+001B>[2Jb", Some("c<U+202E>d")));
    }
}
