//! Taking back what was typed into a field, as a terminal's own line does it. Pure.

/// How much of the end of a field is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erase {
    /// The last character.
    Character,
    /// The last word, with the blanks behind it.
    Word,
    /// All of it.
    Line,
}

impl Erase {
    /// How many bytes of the text are left, from its start.
    pub fn keeps(self, text: &str) -> usize {
        match self {
            Self::Character => text.char_indices().next_back().map_or(0, |(start, _)| start),
            Self::Word => {
                let word = text.trim_end();
                let blank = word.char_indices().rfind(|(_, letter)| letter.is_whitespace());
                blank.map_or(0, |(start, blank)| start + blank.len_utf8())
            }
            Self::Line => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::character(Erase::Character, "ab ö", "ab ")]
    #[case::of_nothing(Erase::Character, "", "")]
    #[case::word(Erase::Word, "one two", "one ")]
    #[case::word_and_blanks(Erase::Word, "one two  ", "one ")]
    #[case::only_word(Erase::Word, "one", "")]
    #[case::blanks(Erase::Word, "   ", "")]
    #[case::wide_blank(Erase::Word, "one\u{3000}two", "one\u{3000}")]
    #[case::line(Erase::Line, "one two", "")]
    fn the_end_of_a_field_is_taken_back(#[case] erase: Erase, #[case] text: &str, #[case] left: &str) {
        assert_eq!(&text[..erase.keeps(text)], left);
    }
}
