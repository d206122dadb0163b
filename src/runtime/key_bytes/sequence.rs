//! The first key in some bytes: one byte, one letter, or a sequence, as terminals of every age and mode send them. Pure.

use super::ESCAPE;
use crate::app::console::key::{Key, NamedKey};

/// A longer sequence is none that a key sends.
const LONGEST: usize = 32;
/// The bytes after the oldest report of a mouse, `ESC [ M`: button, column and row. They may be any bytes, also Enter's.
const OF_MOUSE: usize = 3;
/// The letters behind an escape with which an answer of the terminal begins: OSC, DCS, APC, PM, SOS.
const ANSWERS: [u8; 5] = [b']', b'P', b'_', b'^', b'X'];

/// The first of the bytes, understood.
pub(super) enum Found {
    /// A key, so many bytes long.
    Key(Key, usize),
    /// The beginning of a paste, so many bytes long.
    PasteBegins(usize),
    /// The beginning of an answer of the terminal, so many bytes long.
    AnswerBegins(usize),
    /// The beginning of something.
    Half,
}

fn named(key: NamedKey, length: usize) -> Found {
    Found::Key(Key::Named(key), length)
}

/// A key that means nothing here, but is one: any key at all counts against a confirming Enter.
fn unknown(length: usize) -> Found {
    Found::Key(Key::Other, length)
}

/// The first key in the bytes. `is_all` says that nothing more came for a while.
pub(super) fn first(bytes: &[u8], is_all: bool) -> Found {
    match bytes {
        [ESCAPE] if is_all => named(NamedKey::Esc, 1),
        [] | [ESCAPE] => Found::Half,
        [ESCAPE, b'[', rest @ ..] => sequence(rest, is_all),
        [ESCAPE, b'O', rest @ ..] => match rest {
            [letter, ..] => Found::Key(of_application_mode(*letter), 3),
            [] if is_all => unknown(2),
            [] => Found::Half,
        },
        // By themselves they were typed, Esc and a letter.
        [ESCAPE, begin] if ANSWERS.contains(begin) && !is_all => Found::Half,
        [ESCAPE, begin, _, ..] if ANSWERS.contains(begin) => Found::AnswerBegins(2),
        // No key with Alt is bound, and a slow line brings an Esc and the key after it at once.
        [ESCAPE, ..] => named(NamedKey::Esc, 1),
        _ => plain(bytes, is_all),
    }
}

/// The rest of a sequence behind `ESC [`: parameters, then the byte that ends it.
fn sequence(bytes: &[u8], is_all: bool) -> Found {
    // The Linux console's function keys have a second bracket.
    if let [b'[', rest @ ..] = bytes {
        return if rest.is_empty() && !is_all { Found::Half } else { unknown(4) };
    }
    // An escape begins anew, whatever was under way: the beginning of a paste must not get lost in half a sequence.
    let anew = bytes.iter().position(|byte| *byte == ESCAPE);
    let end = bytes.iter().position(|byte| (0x40..=0x7e).contains(byte));
    if let Some(at) = anew.filter(|at| end.is_none_or(|end| *at < end)) {
        return unknown(at + 2);
    }
    let Some(end) = end else {
        let is_none = is_all || bytes.len() > LONGEST;
        return if is_none { unknown(bytes.len() + 2) } else { Found::Half };
    };
    let length = end + 3;
    let (parameters, letter) = (&bytes[..end], bytes[end]);
    if letter == b'M' && parameters.is_empty() {
        let is_there = is_all || bytes.len() > end + OF_MOUSE;
        return if is_there { unknown(length + OF_MOUSE) } else { Found::Half };
    }
    let Some(parameters) = Parameters::read(parameters, letter == b'u') else { return unknown(length) };
    match (letter, parameters) {
        (b'~', Parameters { number: 200, .. }) => Found::PasteBegins(length),
        (b'Z', _) => named(NamedKey::BackTab, length),
        // A mouse that is pressed and let go, in the newer encodings.
        (b'M' | b'm', _) => unknown(length),
        (b'u', told) => Found::Key(told.key(told.number), length),
        // The form of xterm's modifyOtherKeys: 27, what is held, the key.
        (b'~', told @ Parameters { number: 27, third: Some(code), .. }) => Found::Key(told.key(code), length),
        (_, told) if told.held & (ALT | CTRL | OTHERS) != 0 => unknown(length),
        (b'~', told) => Found::Key(of_number(told.number), length),
        (letter, _) => Found::Key(of_letter(letter), length),
    }
}

/// The bits of what is held with a key.
const SHIFT: u32 = 0b1;
const ALT: u32 = 0b10;
const CTRL: u32 = 0b100;
/// Super, hyper and meta.
const OTHERS: u32 = 0b11_1000;
/// A key that is let go.
const LET_GO: u32 = 3;

/// The parameters of a key.
#[derive(Clone, Copy)]
struct Parameters {
    number: u32,
    /// Bits, as above; those of the locks are above them.
    held: u32,
    /// Pressed, repeated or let go; told only by terminals in a newer mode.
    event: u32,
    third: Option<u32>,
}

impl Parameters {
    /// `None` for those that are not made of numbers alone: they are no key's, but of the answer of a terminal or the report of a
    /// mouse (`ESC [ <`). Parts of a number, behind a colon, come in one form of sequence alone.
    fn read(parameters: &[u8], has_parts: bool) -> Option<Self> {
        let is_known = |byte: &u8| byte.is_ascii_digit() || *byte == b';' || (has_parts && *byte == b':');
        if !parameters.iter().all(is_known) {
            return None;
        }
        let mut numbers = std::str::from_utf8(parameters).ok()?.split(';');
        let part = |text: Option<&str>, missing: u32| match text {
            None | Some("") => Some(missing),
            Some(digits) => digits.parse().ok(),
        };
        let number = part(numbers.next().and_then(|number| number.split(':').next()), 0)?;
        let mut second = numbers.next().unwrap_or_default().split(':');
        let held = part(second.next(), 1)?.saturating_sub(1);
        let event = part(second.next(), 1)?;
        let third = numbers.next().and_then(|third| third.parse().ok());
        Some(Self { number, held, event, third })
    }

    /// The key of a code: a letter's, or one of those that keys have that make none.
    fn key(&self, code: u32) -> Key {
        if self.event == LET_GO || self.held & (ALT | OTHERS) != 0 {
            return Key::Other;
        }
        let letter = char::from_u32(code).filter(|letter| !letter.is_control());
        match (code, letter) {
            (_, Some(letter)) if self.held & CTRL != 0 && letter.is_ascii_alphabetic() => {
                Key::Ctrl(letter.to_ascii_lowercase())
            }
            _ if self.held & CTRL != 0 => Key::Other,
            (27, _) => Key::Named(NamedKey::Esc),
            (13 | 57_414, _) => Key::Named(NamedKey::Enter),
            (9, _) if self.held & SHIFT != 0 => Key::Named(NamedKey::BackTab),
            (9, _) => Key::Named(NamedKey::Tab),
            (8 | 127, _) => Key::Named(NamedKey::Backspace),
            (57_344..=63_743, _) => of_number_block(code),
            (_, Some(letter)) if self.held & SHIFT != 0 => Key::Char(letter.to_ascii_uppercase()),
            (_, Some(letter)) => Key::Char(letter),
            (_, None) => Key::Other,
        }
    }
}

/// The codes that the newer form gives to keys without a letter of their own; those of the number block make one.
fn of_number_block(code: u32) -> Key {
    match code {
        57_399..=57_408 => char::from_digit(code - 57_399, 10).map_or(Key::Other, Key::Char),
        57_409 => Key::Char('.'),
        57_412 => Key::Char('-'),
        57_413 => Key::Char('+'),
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

/// A key behind `ESC O`: the number block and the arrows, where a program put them into application mode.
fn of_application_mode(letter: u8) -> Key {
    match letter {
        // Here only: after `ESC [` it is a mouse.
        b'M' => Key::Named(NamedKey::Enter),
        b'I' => Key::Named(NamedKey::Tab),
        b'p'..=b'y' => Key::Char(char::from(letter - b'p' + b'0')),
        b'j'..=b'o' => Key::Char(char::from(letter - b'j' + b'*')),
        letter => of_letter(letter),
    }
}

fn of_letter(letter: u8) -> Key {
    Key::Named(match letter {
        b'A' => NamedKey::Up,
        b'B' => NamedKey::Down,
        b'C' => NamedKey::Right,
        b'D' => NamedKey::Left,
        b'F' => NamedKey::End,
        b'H' => NamedKey::Home,
        _ => return Key::Other,
    })
}

fn of_number(number: u32) -> Key {
    Key::Named(match number {
        1 | 7 => NamedKey::Home,
        4 | 8 => NamedKey::End,
        5 => NamedKey::PageUp,
        6 => NamedKey::PageDown,
        _ => return Key::Other,
    })
}

/// A key without an escape: a control character or one of UTF-8.
fn plain(bytes: &[u8], is_all: bool) -> Found {
    let control = |letter: u8| Found::Key(Key::Ctrl(char::from(letter)), 1);
    match bytes.first().copied().unwrap_or_default() {
        b'\r' => named(NamedKey::Enter, 1),
        b'\t' => named(NamedKey::Tab, 1),
        // Which of the two a terminal sends, its settings say and few programs obey.
        0x7f | 0x08 => named(NamedKey::Backspace, 1),
        0 => control(b' '),
        byte @ 1..=0x1a => control(byte - 1 + b'a'),
        byte @ 0x1b..=0x1f => control(byte - 0x1c + b'4'),
        _ => character(bytes, is_all),
    }
}

fn character(bytes: &[u8], is_all: bool) -> Found {
    let start = &bytes[..bytes.len().min(4)];
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) if error.valid_up_to() > 0 => std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default(),
        Err(error) => {
            return match error.error_len() {
                None if !is_all => Found::Half,
                wrong => unknown(wrong.unwrap_or(start.len())),
            };
        }
    };
    match text.chars().next() {
        Some(found) => Found::Key(Key::Char(found), found.len_utf8()),
        None => unknown(1),
    }
}
