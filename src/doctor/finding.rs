//! The finding of a check: its state, its words, and the mend.

use crate::app::words::doctor::report as words;
use crate::domain::text::inert;

/// The end of a check. Each has a word: nothing is told by a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
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

impl CheckState {
    /// The state's word, also in JSON.
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
pub struct CheckFinding {
    /// The check's stable name.
    pub name: &'static str,
    /// The end of the check.
    pub state: CheckState,
    /// The words on what was found.
    pub found: String,
    /// The way to mend it, where there is something to mend.
    pub mend: Option<String>,
    /// The check without which this one could not be tried.
    pub after: Option<&'static str>,
}

impl CheckFinding {
    fn new(name: &'static str, state: CheckState, found: &str) -> Self {
        Self { name, state, found: inert(found), mend: None, after: None }
    }

    /// Fine.
    pub fn ok(name: &'static str, found: impl AsRef<str>) -> Self {
        Self::new(name, CheckState::Ok, found.as_ref())
    }

    /// It works, but should be mended.
    pub fn warn(name: &'static str, found: impl AsRef<str>, mend: impl AsRef<str>) -> Self {
        Self::new(name, CheckState::Warn, found.as_ref()).with_mend(mend)
    }

    /// It does not work.
    pub fn fail(name: &'static str, found: impl AsRef<str>, mend: impl AsRef<str>) -> Self {
        Self::new(name, CheckState::Fail, found.as_ref()).with_mend(mend)
    }

    /// It cannot be told.
    pub fn unknown(name: &'static str, found: impl AsRef<str>) -> Self {
        Self::new(name, CheckState::Unknown, found.as_ref())
    }

    /// It was not tried, because `after` did not go well.
    pub fn skipped(name: &'static str, after: &'static str) -> Self {
        Self { after: Some(after), ..Self::new(name, CheckState::Skipped, &words::not_tried(after)) }
    }

    /// With what to do about it.
    #[must_use]
    pub fn with_mend(self, mend: impl AsRef<str>) -> Self {
        Self { mend: Some(inert(mend.as_ref())), ..self }
    }

    /// True if the check failed.
    pub fn is_fail(&self) -> bool {
        self.state == CheckState::Fail
    }
}

/// All findings, in the order of the checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoctorReport {
    /// Them.
    pub findings: Vec<CheckFinding>,
}

impl DoctorReport {
    /// Takes findings in.
    pub fn add(&mut self, findings: impl IntoIterator<Item = CheckFinding>) {
        self.findings.extend(findings);
    }

    /// The number of checks that ended so.
    pub fn count(&self, state: CheckState) -> usize {
        self.findings.iter().filter(|finding| finding.state == state).count()
    }

    /// True if no check failed. A warning fails nothing.
    pub fn is_fine(&self) -> bool {
        self.count(CheckState::Fail) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::nothing(DoctorReport::default(), true)]
    #[case::ok(of(&[CheckFinding::ok("a", "x")]), true)]
    #[case::warning(of(&[CheckFinding::warn("a", "x", "y")]), true)]
    #[case::unknown(of(&[CheckFinding::unknown("a", "x")]), true)]
    #[case::fail(of(&[CheckFinding::ok("a", "x"), CheckFinding::fail("b", "x", "y"), CheckFinding::skipped("c", "b")]), false)]
    fn only_a_failed_check_is_not_fine(#[case] report: DoctorReport, #[case] is_fine: bool) {
        assert_eq!(report.is_fine(), is_fine);
    }

    fn of(findings: &[CheckFinding]) -> DoctorReport {
        DoctorReport { findings: findings.to_vec() }
    }

    #[test]
    fn whatever_is_found_is_inert() {
        let finding = CheckFinding::fail("tls", "a\u{1b}[2Jb", "c\u{202e}d");
        assert_eq!((finding.found.as_str(), finding.mend.as_deref()), ("a<U+001B>[2Jb", Some("c<U+202E>d")));
    }
}
