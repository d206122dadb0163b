//! The parameters of a key that a terminal sends as a sequence, and the key behind its code. Pure.

use std::num::ParseIntError;

use crate::app::console::key::{Key, NamedKey};

/// The bits of what is held with a key.
const SHIFT: u32 = 0b1;
const ALT: u32 = 0b10;
const CTRL: u32 = 0b100;
/// Super, hyper and meta.
const OTHERS: u32 = 0b11_1000;
const CAPS_LOCK: u32 = 0b100_0000;
/// A key that is held down, and one that is let go.
const REPEATED: u32 = 2;
const LET_GO: u32 = 3;

/// Between `ESC [` and the letter that ends it: `code:shifted:usual ; held:event ; text`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parameters {
    /// The first number: the key's code in one form, a number of its own in others.
    pub(super) number: u32,
    /// The key's code with Shift, where the terminal tells it.
    shifted: Option<u32>,
    /// The code of the key in the same place of a usual keyboard, where the terminal tells it: Ctrl-C on one of another script.
    usual: Option<u32>,
    /// Bits, as above; those of the locks are above them.
    held: u32,
    /// Pressed, repeated or let go; told only by terminals in a newer mode.
    event: u32,
    /// The third number: text in one form, the key's code in another.
    pub(super) third: Option<u32>,
    /// The text is of more than one character.
    is_text_long: bool,
}

impl Parameters {
    /// `None` for those that are not made of numbers alone: they are no key's, but of the answer of a terminal or the report of a
    /// mouse (`ESC [ <`).
    pub(super) fn read(parameters: &[u8]) -> Option<Self> {
        if !parameters.iter().all(|byte| byte.is_ascii_digit() || b";:".contains(byte)) {
            return None;
        }
        let mut groups = std::str::from_utf8(parameters).ok()?.split(';').map(|group| group.split(':'));
        let mut next = || groups.next().unwrap_or_else(|| "".split(':'));
        let (mut codes, mut held, mut text) = (next(), next(), next());
        Some(Self {
            number: number(codes.next()).ok()?.unwrap_or(0),
            shifted: number(codes.next()).ok()?,
            usual: number(codes.next()).ok()?,
            held: number(held.next()).ok()?.unwrap_or(1).saturating_sub(1),
            event: number(held.next()).ok()?.unwrap_or(1),
            third: number(text.next()).ok()?,
            is_text_long: text.next().is_some(),
        })
    }

    /// True for a key that is let go: it was told when it was pressed.
    pub(super) fn is_let_go(self) -> bool {
        self.event == LET_GO
    }

    /// True if something is held with which no key without a letter means anything here.
    pub(super) fn is_changed(self) -> bool {
        self.held & (ALT | CTRL | OTHERS) != 0
    }

    /// The key of the newer form, `CSI code u`; `None` for one that by itself is no press: Shift, a lock, and such.
    pub(super) fn key(self) -> Option<Key> {
        let is_typed = self.held & (ALT | CTRL | OTHERS) == 0;
        let text = self.third.filter(|_| is_typed && !self.is_text_long).and_then(letter);
        match (text, self.number) {
            (Some(text), _) => Some(Key::Char(text)),
            (None, 57_358..=57_360 | 57_441..=57_454) => None,
            // A key that is held down confirms nothing.
            (None, 13 | 57_414) if self.event == REPEATED => Some(Key::Other),
            (None, 57_344..=63_743) if is_typed => Some(of_number_block(self.number)),
            (None, 57_344..=63_743) => Some(Key::Other),
            (None, code) => Some(self.of_code(code)),
        }
    }

    /// The key of a code that stands for a character.
    pub(super) fn of_code(self, code: u32) -> Key {
        let has_shift = self.held & SHIFT != 0;
        match code {
            // Whatever is held with it: it is the way out, and does nothing.
            27 => Key::Named(NamedKey::Esc),
            8 | 127 if self.held & (ALT | OTHERS) == 0 => Key::Named(NamedKey::Backspace),
            _ if self.held & (ALT | OTHERS) != 0 => Key::Other,
            _ if self.held & CTRL != 0 => self.with_ctrl(code),
            13 => Key::Named(NamedKey::Enter),
            9 if has_shift => Key::Named(NamedKey::BackTab),
            9 => Key::Named(NamedKey::Tab),
            _ => {
                let shifted = self.shifted.filter(|_| has_shift).and_then(letter);
                let Some(letter) = shifted.or_else(|| letter(code)) else { return Key::Other };
                let is_capital = has_shift != (self.held & CAPS_LOCK != 0);
                let capital = letter.to_uppercase().next().filter(|_| is_capital && shifted.is_none());
                Key::Char(capital.unwrap_or(letter))
            }
        }
    }

    /// As a terminal without the newer forms sends it: some keys with Ctrl are others.
    fn with_ctrl(self, code: u32) -> Key {
        let told = [Some(code), self.usual].into_iter().flatten().filter_map(char::from_u32);
        let Some(letter) = told.into_iter().find(char::is_ascii) else { return Key::Other };
        match letter.to_ascii_lowercase() {
            'i' => Key::Named(NamedKey::Tab),
            'm' => Key::Named(NamedKey::Enter),
            '[' | '3' => Key::Named(NamedKey::Esc),
            letter @ 'a'..='z' => Key::Ctrl(letter),
            '\\' | '4' => Key::Ctrl('4'),
            ']' | '5' => Key::Ctrl('5'),
            '^' | '6' => Key::Ctrl('6'),
            '_' | '7' | '/' => Key::Ctrl('7'),
            ' ' | '@' | '2' => Key::Ctrl(' '),
            _ => Key::Other,
        }
    }
}

/// A number, if there is one; an error where it is too great to be a key's.
fn number(text: Option<&str>) -> Result<Option<u32>, ParseIntError> {
    match text {
        None | Some("") => Ok(None),
        Some(digits) => digits.parse().map(Some),
    }
}

fn letter(code: u32) -> Option<char> {
    char::from_u32(code).filter(|letter| !letter.is_control())
}

/// The codes that the newer form gives to keys without a letter of their own; those of the number block make one.
fn of_number_block(code: u32) -> Key {
    match code {
        57_399..=57_408 => char::from_digit(code - 57_399, 10).map_or(Key::Other, Key::Char),
        57_409 => Key::Char('.'),
        57_410 => Key::Char('/'),
        57_411 => Key::Char('*'),
        57_412 => Key::Char('-'),
        57_413 => Key::Char('+'),
        57_414 => Key::Named(NamedKey::Enter),
        57_415 => Key::Char('='),
        57_416 => Key::Char(','),
        57_417 => Key::Named(NamedKey::Left),
        57_418 => Key::Named(NamedKey::Right),
        57_419 => Key::Named(NamedKey::Up),
        57_420 => Key::Named(NamedKey::Down),
        57_421 => Key::Named(NamedKey::PageUp),
        57_422 => Key::Named(NamedKey::PageDown),
        57_423 => Key::Named(NamedKey::Home),
        57_424 => Key::Named(NamedKey::End),
        _ => Key::Other,
    }
}
