//! The first key in some bytes: one byte, one letter, or a sequence, as terminals of every age and mode send them. Pure.

use super::ESCAPE;
use super::edit_keys::DELETE;
use super::parameters::Parameters;
use super::paste::{self, Brackets};
use crate::app::console::key::{Key, NamedKey};

/// A longer sequence is none that a terminal sends.
const LONGEST: usize = 256;
/// The bytes after the oldest report of a mouse, `ESC [ M`: button, column and row. They may be any bytes, also Enter's.
const OF_MOUSE: usize = 3;

/// The first of the bytes, understood.
#[derive(Clone, Copy)]
pub(super) enum Found {
    /// A key, so many bytes long.
    Key(Key, usize),
    /// No key, so many bytes long: an answer of the terminal, or a key that is let go.
    Nothing(usize),
    /// The beginning of a paste, so many bytes long.
    PasteBegins(Brackets, usize),
    /// The beginning of an answer of the terminal that is a string, so many bytes long.
    AnswerBegins(usize),
    /// The beginning of something.
    Half,
}

/// The kinds of sequences.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// CSI: parameters, and a letter that ends it.
    Parameters,
    /// SS3: one letter.
    Letter,
    /// OSC, DCS, APC, PM, SOS: a string up to its terminator.
    String,
}

fn named(key: NamedKey, length: usize) -> Found {
    Found::Key(Key::Named(key), length)
}

/// A key that means nothing here, but is one: any key at all counts against a confirming Enter.
fn unknown(length: usize) -> Found {
    Found::Key(Key::Other, length)
}

/// The kind of sequence that the bytes begin, and the length of its beginning: an escape and a letter, or both in one byte. Such
/// a byte begins no character of UTF-8.
fn kind(bytes: &[u8]) -> Option<(Kind, usize)> {
    let (letter, length) = match bytes {
        [ESCAPE, letter, ..] => (*letter, 2),
        [byte @ 0x80..=0x9f, ..] => (byte - 0x40, 1),
        _ => return None,
    };
    match letter {
        b'[' => Some((Kind::Parameters, length)),
        b'O' => Some((Kind::Letter, length)),
        b']' | b'P' | b'_' | b'^' | b'X' => Some((Kind::String, length)),
        _ => None,
    }
}

/// The first key in the bytes. `is_all` says that nothing more came for a while.
pub(super) fn first(bytes: &[u8], is_all: bool) -> Found {
    let Some((kind, head)) = kind(bytes) else {
        return match bytes {
            [ESCAPE] if is_all => named(NamedKey::Esc, 1),
            [] | [ESCAPE] => Found::Half,
            // No key with Alt is bound, and a slow line brings an Esc and the key after it at once.
            [ESCAPE, ..] => named(NamedKey::Esc, 1),
            _ => plain(bytes, is_all),
        };
    };
    let rest = &bytes[head..];
    match (rest.first(), kind) {
        (None, _) if !is_all => Found::Half,
        // It may be empty.
        (Some(&ESCAPE), Kind::String) => Found::AnswerBegins(head),
        // By themselves they were typed, Esc and a letter; so were those before a control character.
        (None | Some(..0x20), _) => typed(head, rest),
        (Some(_), Kind::String) => Found::AnswerBegins(head),
        (Some(_), Kind::Letter) => of_application_mode(rest, head, is_all),
        (Some(_), Kind::Parameters) => sequence(rest, head, is_all),
    }
}

/// The beginning of a sequence that is none: an Esc by itself. Before another escape it may also be half a sequence.
fn typed(head: usize, rest: &[u8]) -> Found {
    if head == 2 && rest.first() != Some(&ESCAPE) { named(NamedKey::Esc, 1) } else { unknown(head) }
}

/// The rest of a sequence behind `ESC [`: parameters, then the byte that ends it.
fn sequence(bytes: &[u8], head: usize, is_all: bool) -> Found {
    // The Linux console's function keys have a second bracket.
    if let [b'[', rest @ ..] = bytes {
        return match rest {
            [] if !is_all => Found::Half,
            [b'A'..=b'E', ..] => unknown(head + 2),
            _ => typed(head, bytes),
        };
    }
    let is_parameter = |byte: &u8| (0x20..=0x3f).contains(byte);
    let Some(end) = bytes.iter().position(|byte| !is_parameter(byte)) else {
        let is_none = is_all || bytes.len() > LONGEST;
        return if is_none { unknown(bytes.len() + head) } else { Found::Half };
    };
    let length = head + end + 1;
    let (parameters, letter) = (&bytes[..end], bytes[end]);
    if let [digits @ .., b'$'] = parameters
        && digits.iter().all(u8::is_ascii_digit)
        && letter != b'y'
    {
        // The rxvt terminal ends a key with Shift by the dollar.
        return unknown(length - 1);
    }
    // An escape begins anew, and a control character is a key, whatever was under way: the beginning of a paste must not get lost
    // in half a sequence, nor Ctrl-C.
    if !(0x40..=0x7e).contains(&letter) {
        return unknown(length - 1);
    }
    if letter == b'M' && parameters.is_empty() {
        let is_there = is_all || bytes.len() > end + OF_MOUSE;
        return if is_there { unknown(length + OF_MOUSE) } else { Found::Half };
    }
    match Parameters::read(parameters) {
        Some(told) => of_parameters(told, parameters, letter, length),
        None if is_answer(parameters) => Found::Nothing(length),
        // Also a mouse: it counts as a key.
        None => unknown(length),
    }
}

/// True for the parameters of an answer: marked as private, or with signs between them and the letter.
fn is_answer(parameters: &[u8]) -> bool {
    parameters.first().is_some_and(|byte| b"?>=".contains(byte)) || parameters.iter().any(|byte| *byte < b'0')
}

fn of_parameters(told: Parameters, parameters: &[u8], letter: u8, length: usize) -> Found {
    let brackets = if length == parameters.len() + 2 { paste::OF_EIGHT_BITS } else { paste::USUAL };
    match (letter, told) {
        _ if told.is_let_go() => Found::Nothing(length),
        (b'~', _) if parameters == b"200" => Found::PasteBegins(brackets, length),
        (b'Z', _) => named(NamedKey::BackTab, length),
        (b'u', _) => told.key().map_or(Found::Nothing(length), |key| Found::Key(key, length)),
        // The form of xterm's modifyOtherKeys: 27, what is held, the key.
        (b'~', Parameters { number: 27, third: Some(code), .. }) => Found::Key(told.of_code(code), length),
        // The place of the cursor, attributes, states, sizes, settings, modes and the focus: answers.
        (b'R', Parameters { number: 2.., .. }) | (b'c' | b'n' | b't' | b'x' | b'y', _) => Found::Nothing(length),
        (b'I' | b'O', _) if parameters.is_empty() => Found::Nothing(length),
        _ if told.is_changed() => unknown(length),
        (b'~', _) => Found::Key(of_number(told.number), length),
        (letter, _) => Found::Key(of_letter(letter), length),
    }
}

/// A key behind `ESC O`: the number block and the arrows, where a program put them into application mode.
fn of_application_mode(rest: &[u8], head: usize, is_all: bool) -> Found {
    // Some terminals tell between them what is held.
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let Some(letter) = rest.get(digits) else {
        return if is_all { unknown(head + digits) } else { Found::Half };
    };
    let length = head + digits + 1;
    if digits > 0 {
        return if (0x40..=0x7e).contains(letter) { unknown(length) } else { unknown(length - 1) };
    }
    let key = match letter {
        // Here only: after `ESC [` it is a mouse.
        b'M' => Key::Named(NamedKey::Enter),
        b'I' => Key::Named(NamedKey::Tab),
        b' ' => Key::Char(' '),
        b'X' => Key::Char('='),
        // The Esc of terminals that have one of their own.
        b'[' => Key::Named(NamedKey::Esc),
        b'p'..=b'y' => Key::Char(char::from(letter - b'p' + b'0')),
        b'j'..=b'o' => Key::Char(char::from(letter - b'j' + b'*')),
        0x20..=0x7e => of_letter(*letter),
        _ => return typed(head, rest),
    };
    Found::Key(key, length)
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
        0x7f => Found::Key(DELETE, 1),
        // The end of a string, without one.
        0x9c => Found::Nothing(1),
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
