//! A text that is looked for in others: letter by letter, whatever the case, unless it has a capital letter itself.

use std::ops::Range;

/// A text that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// In small letters, unless the case counts.
    text: String,
    /// It has a capital letter, so that capital and small letters are not the same.
    is_exact: bool,
}

impl Pattern {
    /// Looks for `text`: in any case, unless it has a capital letter (smart case).
    pub fn new(text: &str) -> Self {
        let is_exact = text.chars().any(char::is_uppercase);
        Self { text: if is_exact { text.to_owned() } else { text.to_lowercase() }, is_exact }
    }

    /// Looks for `text` in any case.
    pub fn in_any_case(text: &str) -> Self {
        Self { text: text.to_lowercase(), is_exact: false }
    }

    /// True if a text has it in it.
    pub fn is_in(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// True if a text is it.
    pub fn is(&self, text: &str) -> bool {
        if self.is_exact { self.text == text } else { small_letters(text).eq(self.text.chars()) }
    }

    /// The first place in a text at which it stands, in bytes of the text.
    pub fn find(&self, text: &str) -> Option<Range<usize>> {
        if self.is_exact {
            return text.find(&self.text).map(|start| start..start + self.text.len());
        }
        if text.is_ascii() && self.text.is_ascii() {
            return self.find_in_ascii(text.as_bytes());
        }
        text.char_indices().find_map(|(start, _)| self.begins(&text[start..]).map(|length| start..start + length))
    }

    fn find_in_ascii(&self, text: &[u8]) -> Option<Range<usize>> {
        let wanted = self.text.as_bytes();
        let Some(first) = wanted.first() else { return Some(0..0) };
        let last_start = text.len().checked_sub(wanted.len())?;
        let capital = first.to_ascii_uppercase();
        let mut start = 0;
        while start <= last_start {
            start += memchr::memchr2(*first, capital, &text[start..=last_start])?;
            if text[start..start + wanted.len()].eq_ignore_ascii_case(wanted) {
                return Some(start..start + wanted.len());
            }
            start += 1;
        }
        None
    }

    /// The bytes of a text's beginning that are the wanted text, if it begins with it.
    fn begins(&self, text: &str) -> Option<usize> {
        let mut wanted = self.text.chars();
        let mut length = 0;
        for letter in text.chars() {
            if wanted.as_str().is_empty() {
                break;
            }
            if !letter.to_lowercase().all(|small| wanted.next() == Some(small)) {
                return None;
            }
            length += letter.len_utf8();
        }
        wanted.as_str().is_empty().then_some(length)
    }

    /// True if every text that has `other` in it has this in it too.
    pub fn is_narrowed_by(&self, other: &Self) -> bool {
        let is_case_kept = !self.is_exact || other.is_exact;
        let other_text = if self.is_exact { other.text.clone() } else { other.text.to_lowercase() };
        is_case_kept && other_text.contains(&self.text)
    }
}

fn small_letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case::in_any_case("wallet", "Hot WALLET empty", Some(4..10))]
    #[case::a_capital_counts("Wallet", "hot wallet, Wallet", Some(12..18))]
    #[case::a_capital_that_is_not_there("Wallet", "hot wallet", None)]
    #[case::whole("abc", "ABC", Some(0..3))]
    #[case::longer_than_the_text("abcd", "abc", None)]
    #[case::nothing("", "abc", Some(0..0))]
    #[case::second_try("aab", "aaab", Some(1..4))]
    #[case::other_letters("müller", "Jörg MÜLLER", Some(6..13))]
    #[case::behind_other_letters("smith", "Jörg SMITH", Some(6..11))]
    fn a_text_is_found_where_it_stands(#[case] wanted: &str, #[case] text: &str, #[case] found: Option<Range<usize>>) {
        assert_eq!(Pattern::new(wanted).find(text), found);
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_a_search_of_small_letters_finds(wanted in "[a-cä]{0,3}", text in "[a-cA-CäÄß]{0,12}") {
            let found = Pattern::in_any_case(&wanted).is_in(&text);
            prop_assert_eq!(found, text.to_lowercase().contains(&wanted));
        }

        #[test]
        fn a_narrower_pattern_is_in_no_text_that_lacks_the_wider(wide in "[abA]{0,2}", narrow in "[abAB]{0,3}", text in "[abAB]{0,8}") {
            let (wide, narrow) = (Pattern::new(&wide), Pattern::new(&narrow));
            if wide.is_narrowed_by(&narrow) && narrow.is_in(&text) {
                prop_assert!(wide.is_in(&text));
            }
        }
    }
}
