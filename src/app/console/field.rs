//! A text field of one line: typed into, taken back and pasted into, the same on every screen.

use crate::app::words::field as words;
use crate::domain::{Erase, Pasted};

/// A field while something happens to it.
#[derive(Debug)]
pub struct TextField<'a> {
    text: &'a mut String,
    /// In characters.
    longest: usize,
}

impl<'a> TextField<'a> {
    /// The field that holds this text, and no more than so many characters.
    pub fn new(text: &'a mut String, longest: usize) -> Self {
        Self { text, longest }
    }

    /// Takes in a character; tells whether there was room.
    pub fn insert(&mut self, character: char) -> bool {
        let fits = self.text.chars().count() < self.longest;
        if fits {
            self.text.push(character);
        }
        fits
    }

    /// Takes back the end of the text.
    pub fn erase(&mut self, erase: Erase) {
        self.text.truncate(erase.keeps(self.text));
    }

    /// Takes in what was pasted, as far as there is room; what the operator is told of it, if not all of it is there.
    pub fn paste(&mut self, pasted: &Pasted) -> Option<String> {
        let fits_whole = pasted.text().chars().all(|character| self.insert(character));
        match pasted {
            _ if !fits_whole || pasted.is_cut => Some(words::cut(self.longest)),
            _ if pasted.text().is_empty() => Some(words::empty()),
            _ => pasted.is_changed.then(words::changed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::fits("ab", "abcd", "abcdab", None)]
    #[case::just_fits("abcdefgh", "12", "12abcdefgh", None)]
    #[case::is_cut("abcdefgh", "1234", "1234abcdef", Some(words::cut(10)))]
    #[case::changed("a\nb", "", "ab", Some(words::changed()))]
    #[case::empty("\n", "x", "x", Some(words::empty()))]
    fn a_paste_goes_behind_what_was_typed(
        #[case] pasted: &str,
        #[case] before: &str,
        #[case] after: &str,
        #[case] said: Option<String>,
    ) {
        let mut text = before.to_owned();
        assert_eq!(TextField::new(&mut text, 10).paste(&Pasted::from(pasted)), said);
        assert_eq!(text, after);
    }

    #[test]
    fn a_full_field_takes_nothing_until_something_is_taken_back() {
        let mut text = "one two".to_owned();
        let mut field = TextField::new(&mut text, 7);
        assert!(!field.insert('x'));
        field.erase(Erase::Word);
        assert!(field.insert('x'));
        assert_eq!(text, "one x");
    }
}
