//! The words where a file or a directory cannot be used: what the system says, in an operator's words, and what to do.

pub mod guard;

use std::io::{Error, ErrorKind};

/// The number of "too many open files", of this process and of the machine.
const NO_DESCRIPTOR: [i32; 2] = [24, 23];

/// Why the system does not do it, as the end of a sentence.
pub fn why(error: &Error) -> String {
    if error.raw_os_error().is_some_and(|number| NO_DESCRIPTOR.contains(&number)) {
        return "too many files are open; raise the limit (ulimit -n 256), and start again".to_owned();
    }
    let said = match error.kind() {
        ErrorKind::NotFound => "there is no such file or directory",
        ErrorKind::AlreadyExists => "there is something of this name already",
        ErrorKind::PermissionDenied => {
            "this user has no permission (of it, or of a directory above it); mend owner and mode"
        }
        ErrorKind::IsADirectory => "there is a directory; wanted a file",
        ErrorKind::NotADirectory => "something above it in its path is a file; wanted a directory",
        ErrorKind::StorageFull => "No space left on device: the disk is full; make room",
        ErrorKind::QuotaExceeded => "this user's share of the disk is full; make room",
        ErrorKind::ReadOnlyFilesystem => "Read-only file system: name a place that can be written",
        ErrorKind::FileTooLarge => "it would be longer than this user's files may be (ulimit -f)",
        ErrorKind::InvalidData => "it is not UTF-8 text; save it as UTF-8",
        ErrorKind::InvalidFilename => "its name is too long, or none that can be",
        _ if error.raw_os_error() == Some(LOOP) => {
            "it is a symbolic link, which is not followed here; name the file that it leads to"
        }
        _ => return without_numbers(&error.to_string()),
    };
    said.to_owned()
}

/// A text without the numbers of the system's errors, `(os error 98)`, which tell nobody anything.
pub fn without_numbers(text: &str) -> String {
    let mut parts = text.split(" (os error ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.trim_start_matches(|letter: char| letter.is_ascii_digit()).trim_start_matches(')')
    })
}

/// A kind of file system without a name here; the number is the kernel's.
pub fn unnamed_file_system(number: u64) -> String {
    format!("a file system of kind {number:#x}")
}

/// Why a directory cannot be made. Of a file that stands in its place the system only says that it exists.
pub fn why_no_directory(error: &Error) -> String {
    if error.kind() == ErrorKind::AlreadyExists { why(&ErrorKind::NotADirectory.into()) } else { why(error) }
}

/// The number of "too many levels of symbolic links": what the system says of one that must not be followed.
const LOOP: i32 = 40;

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(2, "there is no such file")]
    #[case(13, "no permission")]
    #[case(20, "wanted a directory")]
    #[case(21, "wanted a file")]
    #[case(24, "ulimit -n 256")]
    #[case(28, "the disk is full")]
    #[case(30, "name a place that can be written")]
    #[case(36, "too long")]
    #[case(40, "symbolic link")]
    #[case(122, "share of the disk")]
    #[case(5, "Input/output error")]
    fn what_the_system_says_is_told_in_an_operators_words(#[case] number: i32, #[case] said: &str) {
        assert!(why(&Error::from_raw_os_error(number)).contains(said));
    }
}
