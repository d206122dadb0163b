//! The words of what the check of a journal finds: the line, and why it does not fit; and what is worth knowing and no fault.

use crate::domain::text::inert;
use crate::journal::verify::finding::{Alteration, Finding, Note, Place, What};

/// The line, and why it does not fit.
pub fn finding(finding: &Finding) -> String {
    format!("{}: {}", place(&finding.place), what(&finding.what))
}

/// The line as an operator finds it.
fn place(place: &Place) -> String {
    let record = place.record.map_or_else(String::new, |record| format!(" (record {record})"));
    format!("{} line {}{record}", inert(&place.file), place.line)
}

/// Why a line does not fit.
pub fn what(what: &What) -> String {
    match what {
        What::Changed(change) => format!("changed: {}", alteration(change)),
        What::Missing { from, to, at_end } => missing(*from, *to, *at_end),
        What::Swapped { wanted, stands_at: Some(line) } => {
            format!("swapped: record {wanted} was to come here, and stands in line {line}")
        }
        What::Swapped { wanted, stands_at: None } => {
            format!("swapped: it is an earlier record again, where record {wanted} was to come")
        }
        What::Foreign { chain } => format!("another journal's line: it belongs to the chain {}", inert(chain)),
        What::Beginning => {
            "the beginning is missing: the file begins neither with record 1 nor with a record that carries another \
             file on"
                .to_owned()
        }
        What::Torn { bytes } => format!(
            "torn: {bytes} bytes without a line end. A crash in mid-write leaves that, before anything is sent; it is no \
             sign of tampering. If it names a ticket, look at that ticket all the same. The next cancel on this journal \
             keeps it aside and goes on"
        ),
    }
}

fn missing(from: u64, to: u64, at_end: bool) -> String {
    let text = if from == to {
        format!("missing: record {from} is not there")
    } else {
        format!("missing: records {from} to {to} are not there")
    };
    if at_end { text + "; the journal ends here, but a later head was told" } else { text }
}

fn alteration(change: &Alteration) -> String {
    let said = match change {
        Alteration::Content => "it does not have the content its hash was made of",
        Alteration::NoRecord => "it is no record of a journal (not JSON, or without a hash)",
        Alteration::Resealed => "it was sealed anew, for the record after it was written behind another content of it",
        Alteration::Renumbered => "it was sealed anew, with another number or chain than it had",
        Alteration::Unlinked => "it says that it was written behind another record, but it is the first",
        Alteration::PutIn => "it was put in: another line has its number and the same record before it",
        Alteration::Told { told, here } => {
            return format!(
                "it is not the record that was told of. Either it or a record before it was changed, and all since were \
                 sealed anew. Told: {}, here: {}",
                inert(told),
                inert(here)
            );
        }
    };
    said.to_owned()
}

/// Something that is worth knowing and no fault.
pub fn note(note: &Note) -> String {
    match note {
        Note::FileGone { name, why } => {
            format!("the records before are in {}, which was not checked ({})", inert(name), inert(why))
        }
        Note::EarlierHeads(earlier) => format!("heads of {earlier} earlier records could not be compared"),
        Note::NoHead => "no head of this journal was given, so nobody can say whether its tail was cut off".to_owned(),
        Note::NotUnderstood(at) => format!(
            "{}: whole and in its place, but this version cannot tell which ticket it is about, and no console of this \
             version will write to this journal",
            place(at)
        ),
    }
}
