//! Remote text: the only way a string from the exchange reaches a screen, a log or a copy.

use std::fmt::{self, Write as _};

use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A string that somebody else wrote. It is kept as it arrived and shown inert.
///
/// Compared and journalled by its bytes; shown only through [`RemoteText::inert`], where everything that could move a
/// cursor, recolour, hide or reorder is spelled out as `<U+202E>`.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RemoteText(Box<str>);

/// The bytes that a line can show of a text: no window is as wide.
const GLANCE: usize = 2_048;
/// Stands behind a text that goes on.
const GOES_ON: &str = "...";

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

    /// The bytes that arrived, to be kept in another form.
    pub fn into_raw(self) -> String {
        self.0.into()
    }

    /// Nothing there.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text with every dangerous character spelled out, nothing dropped.
    pub fn inert(&self) -> String {
        inert(&self.0)
    }

    /// The text of an address, an id, a code or an amount: every character that is not printable ASCII is spelled out.
    pub fn exact(&self) -> String {
        exact(&self.0)
    }

    /// The beginning of a text, for a place of one line, so that a draw does not cost the length of what is not in sight.
    #[must_use]
    pub fn glance(&self) -> Self {
        if self.0.len() <= GLANCE {
            return self.clone();
        }
        let end = (0..=GLANCE).rev().find(|end| self.0.is_char_boundary(*end)).unwrap_or_default();
        Self::new(format!("{}{GOES_ON}", &self.0[..end]))
    }

    /// True if anything of an address, an id, a code or an amount had to be spelled out.
    pub fn is_inexact(&self) -> bool {
        !is_plain(&self.0)
    }

    /// True if anything had to be spelled out; the ticket is then flagged.
    pub fn is_hostile(&self) -> bool {
        !is_plain(&self.0) && self.inert() != *self.0
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

/// Spells out everything that must not reach a terminal, and everything of which terminals do not agree how wide it is: a
/// character that the terminal counts otherwise than we do leaves its rest standing in the next ticket's fields. Also for error
/// texts of libraries that quote remote bytes.
pub fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if is_plain(text) {
        out.push_str(text);
        return out;
    }
    for cluster in text.graphemes(true) {
        match kept_of(cluster) {
            Some(kept) => {
                out.push_str(&cluster[..kept]);
                spell(&cluster[kept..], &mut out);
            }
            None => spell(cluster, &mut out),
        }
    }
    out
}

/// Spells out every character that is not printable ASCII: for addresses, ids, codes and amounts, in which a look-alike letter is
/// another address.
pub fn exact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    spell(text, &mut out);
    out
}

/// True for printable ASCII alone, of which every letter takes one column.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

fn spell(text: &str, out: &mut String) {
    for character in text.chars() {
        if (' '..='~').contains(&character) {
            out.push(character);
        } else {
            let _ = write!(out, "<U+{:04X}>", u32::from(character));
        }
    }
}

/// The bytes of a cluster that are shown as they are, from its start: a letter that is as wide to everybody, and a few marks
/// without width on it. Whatever else is joined to it is spelled out, since a terminal that does not join counts it apart.
fn kept_of(cluster: &str) -> Option<usize> {
    let base = cluster.chars().next().filter(|base| is_agreed(*base))?;
    let start = base.len_utf8();
    if !cluster[start..].chars().all(is_mark) {
        return Some(start);
    }
    let marks: usize = cluster[start..].chars().take(MARKS_PER_LETTER).map(char::len_utf8).sum();
    let end = start + marks;
    Some(if Some(cluster[..end].width()) == base.width() { end } else { start })
}

fn is_mark(character: char) -> bool {
    !is_disputed(character)
        && character.width() == Some(0)
        && get_general_category(character) == GeneralCategory::NonspacingMark
}

/// True if a character stands for itself, and takes the same one or two columns on every terminal.
fn is_agreed(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    !is_disputed(character)
        && matches!(character.width(), Some(1 | 2))
        && !matches!(
            get_general_category(character),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::PrivateUse
                | GeneralCategory::Surrogate
                | GeneralCategory::Unassigned
                | GeneralCategory::NonspacingMark
                | GeneralCategory::SpacingMark
                | GeneralCategory::EnclosingMark
        )
}

/// The system's words for an error, inert: without its number, and without what a library puts in front.
pub fn said_by_the_system(said: &str) -> String {
    let said = said.strip_prefix("failed to lookup address information: ").unwrap_or(said);
    inert(said.split(" (os error").next().unwrap_or_default())
}

/// The columns that a text takes, cluster by cluster, as it is drawn. The width of the whole would count letters as one that many
/// terminals do not join, such as lam and alef.
pub fn columns(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.graphemes(true).map(UnicodeWidthStr::width).sum() }
}

/// True if a text takes more than `width` columns; it is read no further than that.
pub fn is_wider(text: &str, width: usize) -> bool {
    let mut taken = 0;
    text.len() > width
        && text.graphemes(true).any(|cluster| {
            taken += cluster.width();
            taken > width
        })
}

/// Letters and signs that some terminals join to their neighbours, draw wider, or do not show.
fn is_disputed(character: char) -> bool {
    matches!(
        character,
        // Letters that came with newer versions of Unicode, or changed their width: terminals that do not know them drop them, or
        // draw them narrow. Beyond the first plane the older signs and ideographs alone are known to all.
        '\u{2630}'..='\u{2637}' | '\u{268A}'..='\u{268F}' | '\u{2FFC}'..='\u{2FFF}' | '\u{31E4}' | '\u{31E5}' | '\u{31EF}'
        | '\u{17A4}' | '\u{1B4E}' | '\u{1B4F}' | '\u{1B7F}' | '\u{1C89}' | '\u{1C8A}' | '\u{2427}'..='\u{2429}'
        | '\u{3248}'..='\u{324F}' | '\u{A7CB}'..='\u{A7CD}' | '\u{A7DA}'..='\u{A7DC}' | '\u{10000}'..='\u{1F2FF}' | '\u{1F650}'..='\u{1F67F}' | '\u{1F6C6}'..='\u{1F8FF}'
        | '\u{1F93F}' | '\u{1F94D}'..='\u{1FFFF}' | '\u{2A6D7}'..='\u{10FFFF}'
        // Half-width voice marks take no column of their own on some.
        | '\u{FF9E}' | '\u{FF9F}'
        // Fillers that take a column or none and show nothing.
        | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{2800}' | '\u{034F}' | '\u{17B4}' | '\u{17B5}'
        // Variation selectors change the width that we counted.
        | '\u{FE00}'..='\u{FE0F}' | '\u{180B}'..='\u{180F}'
        // SARA AM of Thai and Lao is joined to the letter before it.
        | '\u{0E33}' | '\u{0EB3}'
        // Jamo are joined to syllables by some.
        | '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{D7B0}'..='\u{D7FF}'
        // A letter that is written before the next one, and belongs to its cell.
        | '\u{0D4E}'
        // Skin tones change the sign before them.
        | '\u{1F3FB}'..='\u{1F3FF}'
        // Dashes and signs that are wider than their column in many fonts.
        | '\u{2E3A}' | '\u{2E3B}' | '\u{FDFD}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("Operation not permitted (os error 1)", "Operation not permitted")]
    #[case("failed to lookup address information: Name or service not known", "Name or service not known")]
    #[case("out of\u{7}paper", "out of<U+0007>paper")]
    fn an_error_of_the_system_is_told_in_its_words_alone(#[case] said: &str, #[case] told: &str) {
        assert_eq!(said_by_the_system(said), told);
    }

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
    #[case::sara_am("กำ", "ก<U+0E33>")]
    #[case::lao_am("ກຳ", "ກ<U+0EB3>")]
    #[case::spacing_mark("का", "क<U+093E>")]
    #[case::conjunct("क्ष", "क<U+094D><U+0937>")]
    #[case::jamo("\u{1100}\u{1161}", "<U+1100><U+1161>")]
    #[case::flag("🇨🇭", "<U+1F1E8><U+1F1ED>")]
    #[case::skin("👍🏽", "👍<U+1F3FD>")]
    #[case::family("👨\u{200d}👩", "👨<U+200D><U+1F469>")]
    #[case::keycap("1\u{fe0f}\u{20e3}", "1<U+FE0F><U+20E3>")]
    #[case::prepended("\u{d4e}a", "<U+0D4E>a")]
    #[case::joiner_behind_a_letter("a\u{34f}b", "a<U+034F>b")]
    #[case::selector_behind_a_letter("A\u{fe0f}", "A<U+FE0F>")]
    #[case::voice_mark("\u{ff9e}abc", "<U+FF9E>abc")]
    #[case::newly_wide("☰", "<U+2630>")]
    #[case::of_unicode_15("\u{11f04}", "<U+11F04>")]
    #[case::ambiguous_ring("㉈", "<U+3248>")]
    fn dangerous_characters_are_spelled_out_not_dropped(#[case] raw: &str, #[case] shown: &str) {
        let text = RemoteText::from(raw);
        assert_eq!(text.inert(), shown);
        assert!(text.is_hostile());
        assert_eq!(text.raw(), raw);
    }

    #[test]
    fn in_an_address_every_letter_that_is_not_ascii_is_spelled_out() {
        assert_eq!(RemoteText::from("b\u{441}1q กำ ٣").exact(), "b<U+0441>1q <U+0E01><U+0E33> <U+0663>");
        assert!(RemoteText::from("bс1q").is_inexact() && !RemoteText::from("bc1q").is_inexact());
    }

    #[rstest]
    #[case::vowels('\u{1161}'..='\u{11FF}')]
    #[case::vowels_b('\u{D7B0}'..='\u{D7FB}')]
    #[case::leading('\u{1100}'..='\u{1160}')]
    #[case::leading_a('\u{A960}'..='\u{A97C}')]
    #[case::fillers('\u{3164}'..='\u{3164}')]
    #[case::half_width_filler('\u{FFA0}'..='\u{FFA0}')]
    #[case::soft_hyphen('\u{AD}'..='\u{AD}')]
    #[case::joiner('\u{34F}'..='\u{34F}')]
    #[case::arabic_letter_mark('\u{61C}'..='\u{61C}')]
    #[case::khmer('\u{17B4}'..='\u{17B5}')]
    #[case::mongolian('\u{180B}'..='\u{180F}')]
    #[case::invisible('\u{200B}'..='\u{200F}')]
    #[case::directions('\u{202A}'..='\u{202E}')]
    #[case::operators('\u{2060}'..='\u{206F}')]
    #[case::selectors('\u{FE00}'..='\u{FE0F}')]
    #[case::mark('\u{FEFF}'..='\u{FEFF}')]
    #[case::specials('\u{FFF0}'..='\u{FFFB}')]
    #[case::shorthand('\u{1BCA0}'..='\u{1BCA3}')]
    #[case::music('\u{1D173}'..='\u{1D17A}')]
    #[case::tags('\u{E0000}'..='\u{E0FFF}')]
    fn letters_that_show_nothing_are_spelled_out_wherever_they_stand(#[case] letters: std::ops::RangeInclusive<char>) {
        for letter in letters {
            let spelled = format!("<U+{:04X}>", u32::from(letter));
            for raw in [format!("{letter}"), format!("a{letter}b"), format!("가{letter}")] {
                let text = RemoteText::from(raw.as_str());
                assert_eq!(text.inert(), raw.replace(letter, &spelled), "{spelled}");
                assert!(text.is_hostile());
            }
        }
    }

    #[test]
    fn a_glance_costs_no_more_than_a_line_whatever_the_text_is_made_of() {
        for letter in ["a", "é", "山", "\u{1161}", "\u{301}", "\u{d4e}", "\u{200d}", "🇨"] {
            let long = RemoteText::new(letter.repeat(100_000));
            let glance = long.glance();
            assert!(glance.raw().len() <= GLANCE + GOES_ON.len() && glance.raw().ends_with(GOES_ON), "{letter:?}");
            assert!(long.raw().starts_with(glance.raw().trim_end_matches(GOES_ON)));
        }
        assert_eq!(RemoteText::from("short").glance().raw(), "short");
    }

    #[rstest]
    #[case("abc", 3, false)]
    #[case("abcd", 3, true)]
    #[case("山田", 4, false)]
    #[case("山田", 3, true)]
    #[case("e\u{301}e\u{301}", 2, false)]
    fn a_text_is_wider_than_the_columns_that_it_takes(#[case] text: &str, #[case] width: usize, #[case] wider: bool) {
        assert_eq!(is_wider(text, width), wider);
        assert_eq!(columns(text) > width, wider);
    }

    /// The columns that a terminal counts which knows nothing of clusters.
    fn plain_columns(text: &str) -> usize {
        text.chars().map(|character| character.width().unwrap_or(0)).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]
        #[test]
        fn whoever_counts_counts_the_same_columns_and_few_characters_a_cell(text in "\\PC{0,24}|[ก-๛ກ-ໝअ-ॿം-ൿᄀ-ᇿ가-각🇦-🇿👍🏻-🏿\u{200d}\u{fe0f}\u{20e3}a1é\u{301}\u{327}]{0,24}") {
            for shown in [inert(&text), exact(&text)] {
                let mut columns = 0;
                for cluster in shown.graphemes(true) {
                    prop_assert!(cluster.chars().count() <= 1 + MARKS_PER_LETTER, "{cluster:?}");
                    columns += cluster.width();
                    prop_assert_eq!(cluster.width(), plain_columns(cluster), "{:?}", cluster);
                }
                prop_assert_eq!(super::columns(&shown), columns);
                prop_assert_eq!(inert(&shown), shown.clone(), "spelled out once");
            }
        }
    }

    #[test]
    fn every_character_by_itself_is_as_wide_to_everybody() {
        for character in '\u{80}'..='\u{1FFFF}' {
            for shown in
                [inert(&character.to_string()), inert(&format!("a{character}")), inert(&format!("{character}a"))]
            {
                assert_eq!(shown.width(), plain_columns(&shown), "{character:?} {shown:?}");
            }
        }
    }

    #[rstest]
    #[case::ascii("Insufficient hot wallet balance")]
    #[case::latin("Müller, José")]
    #[case::cjk("山田太郎")]
    #[case::arabic("محمد")]
    #[case::cyrillic("Владимир")]
    #[case::greek("Ελένη")]
    #[case::hebrew("שלום")]
    #[case::vietnamese("Nguyễn Thị Hồng")]
    #[case::hangul("김민수")]
    #[case::thai("สมชาย")]
    #[case::emoji("🙂")]
    fn ordinary_names_are_shown_as_they_are(#[case] raw: &str) {
        let text = RemoteText::from(raw);
        assert_eq!(text.inert(), raw);
        assert!(!text.is_hostile());
    }
}
