//! The filter as it is typed: its text, what was understood of it last, and what Tab offers. The list goes by it.

use jiff::Timestamp;

use super::field::TextField;
use crate::app::list::filter::completion::completions;
use crate::app::list::filter::mistake::FilterMistake;
use crate::app::list::filter::{Filter, LONGEST};
use crate::app::words::field as words;
use crate::domain::{Erase, Pasted};

/// The filter line.
#[derive(Clone, Debug, Default)]
pub struct FilterLine {
    text: String,
    /// The last text that could be read: a term that means nothing leaves the list as it is.
    filter: Filter,
    mistake: Option<FilterMistake>,
    offer: Option<Offer>,
    /// Its field takes what is typed.
    pub(super) is_typed: bool,
}

/// The ways in which the last term can go on, and which of them stands in the line.
#[derive(Clone, Debug)]
struct Offer {
    ways: Vec<String>,
    at: usize,
}

impl FilterLine {
    /// The text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True if its line stands above the table.
    pub fn is_shown(&self) -> bool {
        self.is_typed || !self.text.is_empty()
    }

    /// True while its field takes what is typed.
    pub fn is_typed(&self) -> bool {
        self.is_typed
    }

    /// The filter by which the list goes.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The term that means nothing, if there is one.
    pub fn mistake(&self) -> Option<&FilterMistake> {
        self.mistake.as_ref()
    }

    /// Takes in a character; what the operator is told, if there was no room.
    pub(super) fn insert(&mut self, character: char, now: Timestamp) -> Option<String> {
        let fits = TextField::new(&mut self.text, LONGEST).insert(character);
        self.read(now);
        (!fits).then(|| words::full(LONGEST))
    }

    /// Takes in what was pasted.
    pub(super) fn paste(&mut self, pasted: &Pasted, now: Timestamp) -> Option<String> {
        let told = TextField::new(&mut self.text, LONGEST).paste(pasted);
        self.read(now);
        told
    }

    /// Takes back the end of the text.
    pub(super) fn erase(&mut self, erase: Erase, now: Timestamp) {
        TextField::new(&mut self.text, LONGEST).erase(erase);
        self.read(now);
    }

    /// Takes back all of it.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Leaves the field: a term that means nothing goes with it, so that the line says what the list goes by.
    pub(super) fn leave(&mut self) {
        if let Some(mistake) = self.mistake.take() {
            let text = format!("{}{}", &self.text[..mistake.place.start], &self.text[mistake.place.end..]);
            self.text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
    }

    /// Goes on with the last term as one of the ways does, the next one at each turn; `assets` are those of the list.
    pub(super) fn complete(&mut self, assets: &[String], now: Timestamp) -> Option<String> {
        let mut offer = match self.offer.take() {
            Some(offer) => Offer { at: (offer.at + 1) % offer.ways.len(), ..offer },
            None => Offer { ways: completions(&self.text, assets), at: 0 },
        };
        let Some(way) = offer.ways.get(offer.at) else { return Some(words::nothing_offered()) };
        self.text.clone_from(way);
        self.read(now);
        if offer.ways.len() == 1 {
            offer.ways.clear();
        }
        self.offer = (!offer.ways.is_empty()).then_some(offer);
        None
    }

    fn read(&mut self, now: Timestamp) {
        self.offer = None;
        match Filter::parse(&self.text, now) {
            Ok(filter) => {
                self.filter = filter;
                self.mistake = None;
            }
            Err(mistake) => self.mistake = Some(mistake),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> FilterLine {
        let mut line = FilterLine::default();
        text.chars().for_each(|letter| assert_eq!(line.insert(letter, Timestamp::UNIX_EPOCH), None));
        line
    }

    fn filter(text: &str) -> Filter {
        Filter::parse(text, Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn a_term_that_means_nothing_leaves_the_list_as_it_is_and_goes_with_the_field() {
        let mut line = typed("wallet amount>");
        assert_eq!((line.filter(), line.mistake().is_some()), (&filter("wallet amount"), true));
        line.leave();
        assert_eq!((line.text(), line.mistake()), ("wallet", None));
    }

    #[test]
    fn tab_goes_through_what_the_last_term_can_be() {
        let mut line = typed("a");
        let assets = ["BTC".to_owned(), "ETH".to_owned()];
        let mut seen = Vec::new();
        for _ in 0..5 {
            assert_eq!(line.complete(&assets, Timestamp::UNIX_EPOCH), None);
            seen.push(line.text().to_owned());
        }
        assert_eq!(seen, ["asset:", "amount>", "age>", "account:", "asset:"]);
        line.insert('b', Timestamp::UNIX_EPOCH);
        assert_eq!(line.complete(&assets, Timestamp::UNIX_EPOCH), None);
        assert_eq!((line.text(), line.filter()), ("asset:BTC", &filter("asset:BTC")));
        assert!(line.complete(&assets, Timestamp::UNIX_EPOCH).is_some());
    }
}
