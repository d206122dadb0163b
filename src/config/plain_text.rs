//! The text in the bytes of a configuration file. A mistake is `:LINE: `, what was found, what is wanted and what to do.

use crate::app::words::configuration as words;

/// The byte order mark of UTF-8, which some editors put in front; it means nothing.
const MARK: &str = "\u{FEFF}";

/// Reads the text. The error begins with a colon, to stand behind the file's name.
pub fn read(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(words::wide_text(1));
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(words::wide_text(line_of(&bytes, at)));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix(MARK).map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let line = line_of(error.as_bytes(), error.utf8_error().valid_up_to());
            Err(words::no_utf8(line))
        }
    }
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::latin_1(b"a = 1\nb = \"\xE9\"\n", ":2: line 2 is not UTF-8")]
    #[case::utf_16(b"\xFF\xFEa\0", ":1: ")]
    #[case::utf_16_of_the_other_order(b"\xFE\xFF\0a", ":1: ")]
    #[case::utf_16_without_a_mark(b"a = 1\nb\0", ":2: ")]
    #[case::half_a_letter(b"a = 1\n\n\xC3", ":3: ")]
    fn bytes_that_are_no_text_are_told_with_their_line(#[case] bytes: &[u8], #[case] said: &str) {
        let error = read(bytes.to_vec()).unwrap_err();
        assert!(error.starts_with(said) && error.contains("save it as UTF-8"), "{error}");
    }

    #[test]
    fn a_mark_in_front_means_nothing() {
        assert_eq!(read(b"\xEF\xBB\xBFa = 1\r\n".to_vec()).as_deref(), Ok("a = 1\r\n"));
    }
}
