//! The report for people: a line per check, 80 columns wide, decided by words alone.

use unicode_width::UnicodeWidthStr;

use super::finding::{CheckFinding, CheckState, DoctorReport};
use crate::app::words::doctor::report::{self as words, FAILED, MEND};

/// Columns of a line; a word that is longer, such as a path, is not broken.
const WIDTH: usize = 80;
/// The longest state, and two spaces.
const STATE_WIDTH: usize = 9;
/// The longest name, and two spaces.
const NAME_WIDTH: usize = 16;

/// The report, with what failed and a verdict at its end, where a small terminal shows them. Checks that were not tried are told
/// in one line, unless all is wanted.
pub fn report(report: &DoctorReport, is_verbose: bool) -> String {
    let is_told = |finding: &&CheckFinding| is_verbose || finding.state != CheckState::Skipped;
    let mut text: String = report.findings.iter().filter(is_told).map(lines).collect();
    if !is_verbose {
        text.push_str(&skipped(report));
    }
    let failed: Vec<&CheckFinding> = report.findings.iter().filter(|finding| finding.is_fail()).collect();
    if !failed.is_empty() {
        text.push_str(&format!("\n{FAILED}\n"));
        text.extend(failed.into_iter().map(lines));
    }
    text.push_str(&format!("\n{}\n", verdict(report)));
    text
}

/// One line, as far as it goes, of what was not tried.
fn skipped(report: &DoctorReport) -> String {
    let skipped: Vec<&CheckFinding> =
        report.findings.iter().filter(|finding| finding.state == CheckState::Skipped).collect();
    let mut after: Vec<&str> = skipped.iter().filter_map(|finding| finding.after).collect();
    after.dedup();
    match skipped.as_slice() {
        [] => String::new(),
        [one] => lines(one),
        several => told(CheckState::Skipped, &words::checks(several.len()), &words::several_not_tried(&after), None),
    }
}

fn lines(finding: &CheckFinding) -> String {
    told(finding.state, finding.name, &finding.found, finding.mend.as_deref())
}

fn told(state: CheckState, name: &str, found: &str, mend: Option<&str>) -> String {
    let mut text = format!("{:<STATE_WIDTH$}{name:<NAME_WIDTH$}", state.word());
    let margin = STATE_WIDTH + NAME_WIDTH;
    text.push_str(&wrapped(found, margin).join(&format!("\n{}", " ".repeat(margin))));
    if let Some(mend) = mend {
        let inner = margin + MEND.len();
        let mend = wrapped(mend, inner).join(&format!("\n{}", " ".repeat(inner)));
        text.push_str(&format!("\n{}{MEND}{mend}", " ".repeat(margin)));
    }
    text.push('\n');
    text
}

fn wrapped(text: &str, margin: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |line| line.width());
        if last > 0 && margin + last + 1 + word.width() > WIDTH {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

fn verdict(report: &DoctorReport) -> String {
    let count = |state| report.count(state);
    let told: Vec<String> =
        [CheckState::Fail, CheckState::Warn, CheckState::Unknown, CheckState::Skipped, CheckState::Ok]
            .into_iter()
            .filter(|state| count(*state) > 0)
            .map(|state| format!("{} {}", count(state), state.word()))
            .collect();
    words::verdict(report.findings.len(), &told, report.is_fine())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_state_name_what_was_found_and_what_to_do_within_80_columns() {
        let found = "the certificate of gateway.example.com:443 expired on 2026-10-01 12:00:00Z";
        let findings = vec![
            CheckFinding::ok("tcp", "connected to 192.0.2.7:443 in 12 ms"),
            CheckFinding::fail(
                "tls",
                found,
                "the exchange must renew it; until then nobody can tell that it is the exchange",
            ),
            CheckFinding::skipped("login", "tls"),
        ];
        let said = report(&DoctorReport { findings }, false);
        let failed = "\
fail     tls             the certificate of gateway.example.com:443 expired on
                         2026-10-01 12:00:00Z
                         -> the exchange must renew it; until then nobody can
                            tell that it is the exchange
";
        let wanted = format!(
            "\
ok       tcp             connected to 192.0.2.7:443 in 12 ms
{failed}skipped  login           not tried: it needs tls

what failed:
{failed}
3 checks: 1 fail, 1 skipped, 1 ok; NOT FINE: mend what failed, the first one first
"
        );
        assert_eq!(said, wanted);
        assert!(said.lines().all(|line| line.len() <= WIDTH + 4), "{said}");
    }

    #[test]
    fn what_was_not_tried_is_one_line_unless_all_is_wanted() {
        let findings = vec![
            CheckFinding::fail("name", "x", "y"),
            CheckFinding::skipped("tcp", "name"),
            CheckFinding::skipped("tls", "name"),
            CheckFinding::ok("journal", "z"),
        ];
        let report = DoctorReport { findings };
        let told = super::report(&report, false);
        assert!(
            told.contains("\nskipped  2 checks        not tried: they need name (--verbose names them)\n"),
            "{told}"
        );
        let told = super::report(&report, true);
        assert!(told.contains("skipped  tcp") && told.contains("skipped  tls"), "{told}");
    }

    /// A terminal of 24 rows shows the end of the report.
    #[test]
    fn what_failed_and_the_verdict_are_at_the_end() {
        let mut findings = vec![CheckFinding::fail("name", "no such name", "look at the URL")];
        findings.extend((0..40).map(|_| CheckFinding::ok("journal", "fine")));
        findings.extend((0..20).map(|_| CheckFinding::skipped("tcp", "name")));
        let told = super::report(&DoctorReport { findings }, false);
        let last: Vec<&str> = told.lines().rev().take(23).collect();
        assert!(last.iter().any(|line| line.starts_with("fail     name")), "{told}");
        assert!(last.iter().any(|line| line.contains("NOT FINE")), "{told}");
    }

    #[test]
    fn a_report_without_a_failure_says_so() {
        let report =
            DoctorReport { findings: vec![CheckFinding::warn("tmux-escape", "500 ms", "set -sg escape-time 10")] };
        assert!(super::report(&report, false).ends_with("1 checks: 1 warn; no check failed\n"));
    }
}
