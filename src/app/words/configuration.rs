//! The words where the configuration, or a flag, cannot be used: where, what was found, what is wanted, what to do.

/// A line of a file is not UTF-8; to stand behind the file's name.
pub fn no_utf8(line: usize) -> String {
    format!(":{line}: line {line} is not UTF-8 text, perhaps Latin-1 (ISO 8859-1); wanted UTF-8: save it as UTF-8")
}

/// A file is of two bytes a character, or holds NUL bytes; to stand behind the file's name.
pub fn wide_text(line: usize) -> String {
    format!(":{line}: line {line} holds NUL bytes or the mark of UTF-16; wanted UTF-8 text: save it as UTF-8")
}
