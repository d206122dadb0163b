//! The steps of a check that need each other: each adds its finding, and the first that fails leaves the rest skipped.

use super::finding::CheckFinding;

/// The steps that were made, and who is told of the next.
pub struct Steps<'a> {
    findings: Vec<CheckFinding>,
    say: &'a dyn Fn(&str),
}

impl<'a> Steps<'a> {
    /// None is made yet; `say` is told of each.
    pub fn new(say: &'a dyn Fn(&str)) -> Self {
        Self { findings: Vec::new(), say }
    }

    /// Tells the operator what is tried now, because it may take a while.
    pub fn say(&self, step: &str) {
        (self.say)(step);
    }

    /// Adds a finding to the report.
    pub fn add(&mut self, finding: CheckFinding) {
        self.findings.push(finding);
    }

    /// The value that a step came to. If it failed, its finding is added, and the error is the step's name.
    pub fn need<T>(&mut self, name: &'static str, tried: Result<T, CheckFinding>) -> Result<T, &'static str> {
        tried.map_err(|finding| {
            self.add(finding);
            name
        })
    }

    /// The findings, once every step was made.
    pub fn into_findings(self) -> Vec<CheckFinding> {
        self.findings
    }

    /// The findings, with those of `all` that were not made skipped because `after` failed.
    pub fn skip_rest(mut self, all: &[&'static str], after: &'static str) -> Vec<CheckFinding> {
        let is_made = |step: &&&str| self.findings.iter().any(|finding| finding.name == **step);
        let rest: Vec<CheckFinding> =
            all.iter().filter(|step| !is_made(step)).map(|step| CheckFinding::skipped(step, after)).collect();
        self.findings.extend(rest);
        self.findings
    }
}
