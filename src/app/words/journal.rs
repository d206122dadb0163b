//! The words of the journal's commands: what its files say, in lines and tables. Texts of the journal are made inert here.

pub mod file;
pub mod find;
pub mod finding;
pub mod list;
pub mod show;
mod table;
pub mod verify;

use crate::journal::verify::Report;

/// The name of standard output, for an error about it.
pub const OUTPUT: &str = "standard output";

/// The lines that a reader should know of what was read: the notes of its check, records about cancels that are elsewhere, and what did
/// not fit.
pub fn warnings(report: &Report, strays: usize) -> Vec<String> {
    let notes = report.notes.iter().map(|note| format!("note: {}", finding::note(note)));
    let strays = (strays > 0).then(|| format!("note: {strays} records are about cancels that are not in these files"));
    let findings = report.findings.iter().map(|found| {
        let behind = "; what is behind it in this file was left out: see `withdraw-desk journal verify`";
        format!("{}{}", finding::finding(found), if found.is_torn() { "" } else { behind })
    });
    notes.chain(strays).chain(findings).collect()
}
