//! Reading a filter: its terms, one after the other.

use std::ops::Range;

use jiff::Timestamp;

use super::limit::{self, Limit, Side};
use super::mistake::{FilterMistake, MistakeKind};
use super::pattern::Pattern;
use super::term::{FLAG_WORDS, Key, Sought, Term};
use super::{LONGEST, MOST_TERMS};

/// The terms of a filter.
pub(super) fn terms(text: &str, now: Timestamp) -> Result<Vec<Term>, FilterMistake> {
    if text.chars().nth(LONGEST).is_some() {
        return Err(FilterMistake { place: 0..text.len(), found: String::new(), kind: MistakeKind::TooLong });
    }
    let mut terms = Vec::new();
    for token in tokens(text) {
        if terms.len() == MOST_TERMS {
            return Err(token.mistake(MistakeKind::TooManyTerms));
        }
        terms.extend(token.term(now)?);
    }
    Ok(terms)
}

/// A term as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// Its place in the text, in bytes, from its minus or key to its end.
    pub place: Range<usize>,
    /// All of it.
    pub whole: &'a str,
    /// It begins with a minus.
    is_excluded: bool,
    /// Its key and the sign behind it, if it has them.
    pub key: Option<(&'a str, &'a str)>,
    /// The word, or what stands behind the sign, without its quotes.
    pub value: &'a str,
    is_quoted: bool,
}

/// The terms of a text, apart from each other by blanks that stand in no quotes.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].len() - text[at..].trim_start().len();
        let token = token(text, at)?;
        at = token.place.end;
        Some(token)
    })
}

fn token(text: &str, start: usize) -> Option<Token<'_>> {
    let rest = &text[start..];
    rest.chars().next()?;
    let is_excluded = rest.starts_with('-');
    let term = &rest[usize::from(is_excluded)..];
    let key = key(term);
    let behind = key.map_or(term, |(word, sign)| &term[word.len() + sign.len()..]);
    let (value, length) = match behind.strip_prefix('"') {
        Some(phrase) => phrase.split_once('"').map_or((phrase, behind.len()), |(inner, _)| (inner, inner.len() + 2)),
        None => {
            let end = behind.find(char::is_whitespace).unwrap_or(behind.len());
            (&behind[..end], end)
        }
    };
    let end = text.len() - behind.len() + length;
    let is_quoted = behind.starts_with('"');
    Some(Token { place: start..end, whole: &text[start..end], is_excluded, key, value, is_quoted })
}

/// The key that a term begins with, and the sign behind it.
fn key(term: &str) -> Option<(&str, &str)> {
    let letters = term.find(|letter: char| !letter.is_ascii_alphabetic()).filter(|letters| *letters > 0)?;
    let (word, rest) = term.split_at(letters);
    let signs = Side::SIGNS.iter().map(|(sign, _)| *sign).chain([":"]);
    let sign = signs.into_iter().find(|sign| rest.starts_with(sign))?;
    Some((word, &rest[..sign.len()]))
}

impl Token<'_> {
    fn mistake(&self, kind: MistakeKind) -> FilterMistake {
        FilterMistake { place: self.place.clone(), found: self.whole.to_owned(), kind }
    }

    /// The term, if there is anything to look for yet.
    fn term(&self, now: Timestamp) -> Result<Option<Term>, FilterMistake> {
        let Some((word, sign)) = self.key else {
            let is_missing = self.value.is_empty();
            let sought = Sought::Text(Pattern::new(self.value));
            return Ok((!is_missing).then_some(Term { is_excluded: self.is_excluded, sought }));
        };
        let key = Key::of(word).ok_or_else(|| self.mistake(MistakeKind::UnknownKey))?;
        let side = Side::SIGNS.iter().find(|(text, _)| *text == sign).map(|(_, side)| *side);
        if side.is_some() != key.has_limit() {
            return Err(self.mistake(MistakeKind::Sign(key)));
        }
        let sought = side.map_or_else(|| self.named(key), |side| self.limited(key, side, now));
        let sought = sought.ok_or_else(|| self.mistake(MistakeKind::Value(key)))?;
        Ok(Some(Term { is_excluded: self.is_excluded, sought }))
    }

    fn limited(&self, key: Key, side: Side, now: Timestamp) -> Option<Sought> {
        match key {
            Key::Amount => limit::amount(self.value).map(|value| Sought::Amount(Limit { side, value })),
            Key::Age => limit::age(self.value).map(|value| Sought::Age(Limit { side, value })),
            _ => limit::time(self.value, now).map(|value| Sought::Made(Limit { side, value })),
        }
    }

    fn named(&self, key: Key) -> Option<Sought> {
        if self.value.is_empty() {
            return None;
        }
        let number = self.value.parse::<i64>().ok().filter(|_| !self.is_quoted);
        let pattern = Pattern::new(self.value);
        Some(match key {
            Key::Asset => Sought::Asset(Pattern::in_any_case(self.value)),
            Key::Account => number.map_or(Sought::AccountName(pattern), Sought::AccountNumber),
            Key::User => number.map_or(Sought::UserName(pattern), Sought::UserNumber),
            Key::Status => number.map_or(Sought::StatusName(pattern), Sought::StatusNumber),
            Key::Reason => Sought::Reason(pattern),
            Key::Flag => Sought::Flag(Pattern::in_any_case(flag(self.value)?)),
            Key::To => Sought::To(pattern),
            Key::Tx => Sought::Tx(pattern),
            Key::Amount | Key::Age | Key::Made => return None,
        })
    }
}

/// A word of the column FLAG, if there is one; that of twins may have their number.
fn flag(value: &str) -> Option<&str> {
    let letters = |word: &str| word.trim_end_matches('!').to_ascii_lowercase();
    let word = letters(value);
    let is_flag = FLAG_WORDS.iter().any(|flag| letters(flag) == word);
    let twins = word.strip_prefix("dup").filter(|count| count.bytes().all(|digit| digit.is_ascii_digit()));
    (is_flag || twins.is_some()).then_some(value)
}
