//! Pasted text, made fit for a field of one line. Pure. It may be a password: it is overwritten when it goes, and shown by no
//! `Debug`.

use std::fmt;

use secrecy::zeroize::Zeroizing;

/// More than any field takes, in bytes; the rest of a longer paste is not kept.
pub const LONGEST: usize = 4_096;

/// The marks with which a terminal brackets a paste. Those within one are part of no text.
const MARKS: [&str; 4] = ["\u{1b}[200~", "\u{1b}[201~", "\u{9b}200~", "\u{9b}201~"];

/// The separators of lines and paragraphs, besides the control characters.
const OTHER_LINE_ENDS: [char; 2] = ['\u{2028}', '\u{2029}'];

/// Text that somebody pasted, without line ends and control characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Pasted {
    text: Zeroizing<String>,
    /// There was more of it.
    pub is_cut: bool,
    /// Something within it was left out: a line end between two lines, or a control character. The line ends around it are no loss.
    pub is_changed: bool,
}

impl fmt::Debug for Pasted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pasted")
    }
}

impl Pasted {
    /// Takes the bytes between the brackets. `is_cut` says that there were more.
    pub fn of(bytes: &[u8], is_cut: bool) -> Self {
        let whole = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
        let unmarked =
            Zeroizing::new(MARKS.iter().fold(whole.to_string(), |text, mark| Zeroizing::new(text).replace(mark, "")));
        let is_left_out = |letter: char| letter.is_control() || OTHER_LINE_ENDS.contains(&letter);
        let inner = unmarked.trim_matches(['\r', '\n']);
        let mut text = Zeroizing::new(String::with_capacity(inner.len()));
        text.extend(inner.chars().filter(|letter| !is_left_out(*letter) && *letter != char::REPLACEMENT_CHARACTER));
        Self { is_changed: text.len() != inner.len(), text, is_cut }
    }

    /// The text, of one line.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl From<&str> for Pasted {
    fn from(text: &str) -> Self {
        Self::of(text.as_bytes(), false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::plain("hunter2", "hunter2", false)]
    #[case::line_end_of_a_copied_line("hunter2\n", "hunter2", false)]
    #[case::line_end_of_other_systems("\r\nhunter2\r\n", "hunter2", false)]
    #[case::two_lines("one\ntwo\r\n", "onetwo", true)]
    #[case::separators("one\u{2028}two\u{85}three", "onetwothree", true)]
    #[case::controls("a\u{3}b\u{1b}c\td\u{7f}", "abcd", true)]
    #[case::marks("a\u{1b}[201~b\u{1b}[200~", "ab", false)]
    #[case::a_mark_within_a_mark("\u{1b}[20\u{1b}[201~1~x", "[201~x", true)]
    #[case::blanks_are_kept(" a b ", " a b ", false)]
    #[case::other_scripts("пароль 密", "пароль 密", false)]
    #[case::nothing("\n\r\n", "", false)]
    fn a_paste_is_one_line_without_control_characters(
        #[case] pasted: &str,
        #[case] text: &str,
        #[case] is_changed: bool,
    ) {
        let pasted = Pasted::from(pasted);
        assert_eq!((pasted.text(), pasted.is_changed), (text, is_changed));
    }

    #[test]
    fn bytes_that_are_no_text_are_left_out() {
        let pasted = Pasted::of(b"a\xffb\xc3", false);
        assert_eq!((pasted.text(), pasted.is_changed), ("ab", true));
    }

    #[test]
    fn what_was_pasted_is_not_shown_by_debug() {
        assert_eq!(format!("{:?}", Pasted::from("hunter2")), "Pasted");
    }
}
