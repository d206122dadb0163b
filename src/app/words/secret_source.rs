//! The words where a file, a credential or a program gives no secret. Nothing of the secret is in them.

pub mod command;

use crate::domain::secret_line::{LONGEST, SecretFlaw};

/// Where a secret was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// A file, of its own or of the service manager.
    File,
    /// A program.
    Command,
}

/// The flaw, the form that is wanted and the mend, as the end of a sentence that begins with the source.
pub fn flaw(source: SecretSource, flaw: SecretFlaw) -> String {
    let holds = match source {
        SecretSource::File => "holds",
        SecretSource::Command => "printed",
    };
    let found = match (source, flaw) {
        (SecretSource::File, SecretFlaw::Nothing) => "is empty".to_owned(),
        (SecretSource::File, SecretFlaw::EmptyLine) => "has a first line that is empty".to_owned(),
        (SecretSource::Command, SecretFlaw::Nothing | SecretFlaw::EmptyLine) => {
            "printed nothing in its first line".to_owned()
        }
        (_, SecretFlaw::Blank) => format!("{holds} nothing but blanks in its first line"),
        (_, SecretFlaw::Marked) => {
            format!("{holds} a byte order mark (BOM) in line 1, which would be sent with the secret")
        }
        (_, SecretFlaw::Wide) => format!("{holds} NUL bytes or the mark of UTF-16 in line 1, which is no UTF-8 text"),
        (_, SecretFlaw::NotUtf8) => format!("{holds} a first line that is not UTF-8 text"),
        (_, SecretFlaw::LoneReturn) => format!("{holds} a carriage return (CR) in line 1 that ends no line"),
        (_, SecretFlaw::Unseen(character)) => {
            format!("{holds} a character in line 1 that nobody sees (U+{:04X})", u32::from(character))
        }
        (_, SecretFlaw::TooLong) => {
            format!("{holds} a first line of more than {} KiB, which is no secret", LONGEST / 1024)
        }
    };
    let mend = match source {
        SecretSource::File => "write it anew, saved as plain UTF-8 without BOM",
        SecretSource::Command => "mend what it prints",
    };
    format!("{found}; wanted the secret alone in the first line, as UTF-8 text; nothing was sent: {mend}")
}
