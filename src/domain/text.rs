//! Remote text: the only way a string from the exchange reaches a screen, a log or a copy.

use std::fmt::{self, Write as _};

use unicode_general_category::{GeneralCategory, get_general_category};

/// A string that somebody else wrote. It is kept as it arrived and shown inert.
///
/// Compared and journalled by its bytes; shown only through [`RemoteText::inert`], where everything that could move a
/// cursor, recolour, hide or reorder is spelled out as `<U+202E>`.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RemoteText(Box<str>);

/// More marks than this on one letter are spelled out: they would climb over the lines above.
const MARKS_PER_LETTER: usize = 2;

impl RemoteText {
    /// The one place where remote text is made.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The bytes that arrived: to compare, to journal as JSON, to send back. Never to show.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// Nothing there.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text with every dangerous character spelled out, nothing dropped.
    pub fn inert(&self) -> String {
        inert(&self.0)
    }

    /// True if anything had to be spelled out; the ticket is then flagged.
    pub fn is_hostile(&self) -> bool {
        if self.0.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return false;
        }
        self.inert() != *self.0
    }
}

impl fmt::Debug for RemoteText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.inert())
    }
}

impl From<&str> for RemoteText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// Spells out what must not reach a terminal; also for error texts of libraries that quote remote bytes.
pub fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    for character in text.chars() {
        let mark = is_mark(character);
        marks = if mark { marks + 1 } else { 0 };
        // A mark needs a letter to sit on: a leading one would land on our own text.
        let stray = mark && (marks > MARKS_PER_LETTER || out.is_empty());
        if stray || is_dangerous(character) {
            let _ = write!(out, "<U+{:04X}>", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

fn is_mark(character: char) -> bool {
    !character.is_ascii()
        && matches!(
            get_general_category(character),
            GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark | GeneralCategory::SpacingMark
        )
}

fn is_dangerous(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    match character {
        // Fillers that take a column or none and show nothing.
        '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{2800}' | '\u{034F}' | '\u{17B4}' | '\u{17B5}'
        // Variation selectors change the width that we counted.
        | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180F}' => true,
        _ => matches!(
            get_general_category(character),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::PrivateUse
                | GeneralCategory::Surrogate
                | GeneralCategory::Unassigned
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::escape("a\u{1b}[2Jb", "a<U+001B>[2Jb")]
    #[case::c1_csi("\u{9b}31m", "<U+009B>31m")]
    #[case::carriage_return("100.00\r999", "100.00<U+000D>999")]
    #[case::bidi_override("bc1\u{202e}q", "bc1<U+202E>q")]
    #[case::zero_width("bc\u{200b}1", "bc<U+200B>1")]
    #[case::line_separator("a\u{2028}b", "a<U+2028>b")]
    #[case::hangul_filler("\u{3164}", "<U+3164>")]
    #[case::tag("\u{e0041}", "<U+E0041>")]
    #[case::private("\u{e000}", "<U+E000>")]
    #[case::stacked_marks("e\u{301}\u{301}\u{301}", "e\u{301}\u{301}<U+0301>")]
    #[case::leading_mark("\u{301}a", "<U+0301>a")]
    fn dangerous_characters_are_spelled_out_not_dropped(#[case] raw: &str, #[case] shown: &str) {
        let text = RemoteText::from(raw);
        assert_eq!(text.inert(), shown);
        assert!(text.is_hostile());
        assert_eq!(text.raw(), raw);
    }

    #[rstest]
    #[case::ascii("Insufficient hot wallet balance")]
    #[case::latin("Müller, José")]
    #[case::cjk("山田太郎")]
    #[case::arabic("محمد")]
    #[case::emoji("🙂")]
    fn ordinary_names_are_shown_as_they_are(#[case] raw: &str) {
        let text = RemoteText::from(raw);
        assert_eq!(text.inert(), raw);
        assert!(!text.is_hostile());
    }
}
