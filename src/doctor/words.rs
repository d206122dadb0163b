//! The words for people: what is tried, and the report with a line per check, 80 columns wide, decided by words alone.

use unicode_width::UnicodeWidthStr;

use super::finding::{CheckFinding, CheckState, DoctorReport};

/// Columns of a line; a word that is longer, such as a path, is not broken.
const WIDTH: usize = 80;
/// The longest state, and two spaces.
const STATE_WIDTH: usize = 9;
/// The longest name, and two spaces.
const NAME_WIDTH: usize = 16;
/// Begins what to do.
const MEND: &str = "-> ";

/// A step that is made now.
pub fn trying(step: &str) -> String {
    format!("trying {step}")
}

/// The report, with a verdict at its end.
pub fn report(report: &DoctorReport) -> String {
    let mut text: String = report.findings.iter().map(lines).collect();
    text.push('\n');
    text.push_str(&verdict(report));
    text.push('\n');
    text
}

fn lines(finding: &CheckFinding) -> String {
    let (state, name) = (finding.state.word(), finding.name);
    let mut text = format!("{state:<STATE_WIDTH$}{name:<NAME_WIDTH$}");
    let margin = STATE_WIDTH + NAME_WIDTH;
    text.push_str(&wrapped(&finding.found, margin).join(&format!("\n{}", " ".repeat(margin))));
    if let Some(mend) = &finding.mend {
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
    let said = if report.is_fine() { "no check failed" } else { "NOT FINE: see each \"fail\" above, first one first" };
    format!("{} checks: {}; {said}", report.findings.len(), told.join(", "))
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
        let said = report(&DoctorReport { findings });
        let wanted = "\
ok       tcp             connected to 192.0.2.7:443 in 12 ms
fail     tls             the certificate of gateway.example.com:443 expired on
                         2026-10-01 12:00:00Z
                         -> the exchange must renew it; until then nobody can
                            tell that it is the exchange
skipped  login           not tried: it needs tls

3 checks: 1 fail, 1 skipped, 1 ok; NOT FINE: see each \"fail\" above, first one first
";
        assert_eq!(said, wanted);
        assert!(said.lines().all(|line| line.len() <= WIDTH + 4), "{said}");
    }

    #[test]
    fn a_report_without_a_failure_says_so() {
        let report =
            DoctorReport { findings: vec![CheckFinding::warn("tmux-escape", "500 ms", "set -sg escape-time 10")] };
        assert!(super::report(&report).ends_with("1 checks: 1 warn; no check failed\n"));
    }
}
