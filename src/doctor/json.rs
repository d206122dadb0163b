//! The report as one stable JSON object (`"schema": 1`), ASCII only. Names of checks and of states do not change.

use serde::Serialize;

use super::finding::{CheckFinding, DoctorReport};
use crate::journal::record::ascii;

const SCHEMA: u8 = 1;

#[derive(Serialize)]
struct Shape<'a> {
    schema: u8,
    version: &'static str,
    fine: bool,
    checks: Vec<CheckShape<'a>>,
}

#[derive(Serialize)]
struct CheckShape<'a> {
    name: &'static str,
    state: &'static str,
    found: &'a str,
    mend: Option<&'a str>,
    after: Option<&'static str>,
}

impl<'a> CheckShape<'a> {
    fn of(finding: &'a CheckFinding) -> Self {
        Self {
            name: finding.name,
            state: finding.state.word(),
            found: &finding.found,
            mend: finding.mend.as_deref(),
            after: finding.after,
        }
    }
}

/// The report.
pub fn report(report: &DoctorReport) -> Result<String, serde_json::Error> {
    let shape = Shape {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        fine: report.is_fine(),
        checks: report.findings.iter().map(CheckShape::of).collect(),
    };
    Ok(format!("{}\n", ascii(&serde_json::to_string(&shape)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_an_object_with_the_same_keys_however_it_ended() {
        let findings = vec![
            CheckFinding::ok("config", "caf\u{e9}"),
            CheckFinding::fail("tcp", "refused", "look"),
            CheckFinding::skipped("tls", "tcp"),
        ];
        let text = super::report(&DoctorReport { findings }).unwrap();
        let version = env!("CARGO_PKG_VERSION");
        let wanted = format!(
            concat!(
                r#"{{"schema":1,"version":"{}","fine":false,"checks":["#,
                r#"{{"name":"config","state":"ok","found":"caf\u00e9","mend":null,"after":null}},"#,
                r#"{{"name":"tcp","state":"fail","found":"refused","mend":"look","after":null}},"#,
                r#"{{"name":"tls","state":"skipped","found":"not tried: it needs tcp","mend":null,"after":"tcp"}}]}}"#,
                "\n"
            ),
            version
        );
        assert_eq!(text, wanted);
    }
}
