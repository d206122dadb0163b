//! From the bytes of a terminal to keys. Pure, and never waits: crossterm's reader waits in a read once it has half of a
//! sequence, and spins for ever when the terminal ends there (HAZARDS.md 0.1).

use std::time::Duration;

use crate::app::console::key::{Key, NamedKey};
use crate::domain::Boot;

const ESCAPE: u8 = 0x1b;
/// A longer sequence is none that a key sends.
const LONGEST: usize = 32;
/// The end of a paste.
const PASTE_END: &[u8] = b"\x1b[201~";
const CONTROL_C: u8 = 0x03;
/// The bits of Alt and Ctrl in the parameter that tells what is held.
const ALT_OR_CTRL: u8 = 0b110;
/// After this long without a byte, a paste whose end never came is not under way any more.
const SILENCE: Duration = Duration::from_secs(1);
/// The bytes after the oldest report of a mouse, `ESC [ M`: button, column and row. They may be any bytes, also Enter's.
const OF_MOUSE: usize = 3;

/// A press of a key, or what counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPress {
    /// A key.
    Key(Key),
    /// One end of a paste; its content is dropped.
    Paste,
}

/// The bytes that are not understood yet.
#[derive(Debug, Default)]
pub struct KeyBytes {
    rest: Vec<u8>,
    is_pasting: bool,
    /// When the last bytes arrived.
    last: Boot,
}

/// The first of the bytes, understood.
enum Found {
    /// A key, so many bytes long.
    Key(Key, usize),
    /// The beginning of a paste, so many bytes long.
    PasteBegins(usize),
    /// The beginning of something.
    Half,
}

impl KeyBytes {
    /// Takes in what arrived by one read at this time, and gives the keys and pastes in it.
    pub fn take(&mut self, bytes: &[u8], at: Boot) -> Vec<KeyPress> {
        let silence = at.since(std::mem::replace(&mut self.last, at));
        if self.is_pasting && bytes == [CONTROL_C] && silence >= SILENCE {
            // The end of the paste was lost, and with it the way out. No other key gets through: it could be pasted.
            self.is_pasting = false;
            self.rest.clear();
        }
        self.rest.extend_from_slice(bytes);
        self.understand(false)
    }

    /// True if something is begun that the next bytes may complete.
    pub fn is_half(&self) -> bool {
        !self.rest.is_empty() && !self.is_pasting
    }

    /// Nothing more came for a while: what is there is all there is, as after the Esc key.
    pub fn end(&mut self) -> Vec<KeyPress> {
        self.understand(true)
    }

    fn understand(&mut self, is_all: bool) -> Vec<KeyPress> {
        let mut presses = Vec::new();
        loop {
            if self.is_pasting {
                if !self.skip_paste() {
                    return presses;
                }
                // Told again: an Enter after the end may be pasted too, when the content holds an end of its own, and
                // must come right after something that counts as a key, however long the paste took.
                presses.push(KeyPress::Paste);
            }
            match first(&self.rest, is_all) {
                Found::Half => return presses,
                Found::Key(key, length) => {
                    self.drop_first(length);
                    presses.push(KeyPress::Key(key));
                }
                Found::PasteBegins(length) => {
                    self.drop_first(length);
                    self.is_pasting = true;
                    // Told at once and without its content, which nobody looks at.
                    presses.push(KeyPress::Paste);
                }
            }
        }
    }

    fn drop_first(&mut self, length: usize) {
        self.rest.drain(..length.min(self.rest.len()));
    }

    /// Drops pasted bytes, and tells whether the paste has ended.
    fn skip_paste(&mut self) -> bool {
        if let Some(at) = self.rest.windows(PASTE_END.len()).position(|window| window == PASTE_END) {
            self.drop_first(at + PASTE_END.len());
            self.is_pasting = false;
            return true;
        }
        // Its end may be there in part.
        let keep = PASTE_END.len() - 1;
        self.drop_first(self.rest.len().saturating_sub(keep));
        false
    }
}

fn named(key: NamedKey, length: usize) -> Found {
    Found::Key(Key::Named(key), length)
}

/// A key that means nothing here, but is one: any key at all counts against a confirming Enter.
fn unknown(length: usize) -> Found {
    Found::Key(Key::Other, length)
}

fn first(bytes: &[u8], is_all: bool) -> Found {
    match bytes {
        [ESCAPE] if is_all => named(NamedKey::Esc, 1),
        [] | [ESCAPE] => Found::Half,
        [ESCAPE, b'[', rest @ ..] => sequence(rest, is_all),
        [ESCAPE, b'O', rest @ ..] => match rest {
            // The number block's Enter, where the block sends sequences. Here only: after `ESC [` it is a mouse.
            [b'M', ..] => named(NamedKey::Enter, 3),
            [letter, ..] => Found::Key(of_letter(*letter), 3),
            [] if is_all => unknown(2),
            [] => Found::Half,
        },
        [ESCAPE, ESCAPE, ..] => named(NamedKey::Esc, 1),
        [ESCAPE, rest @ ..] => match first(rest, is_all) {
            // A key with Alt means nothing here.
            Found::Key(_, length) => unknown(length + 1),
            other => other,
        },
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
    let Some(Numbers { number, is_shifted_at_most }) = numbers(parameters) else { return unknown(length) };
    match letter {
        b'~' if number == 200 => Found::PasteBegins(length),
        b'Z' => named(NamedKey::BackTab, length),
        // A mouse that is pressed and let go, in the newer encodings.
        b'M' | b'm' => unknown(length),
        _ if !is_shifted_at_most => unknown(length),
        b'~' => Found::Key(of_number(number), length),
        letter => Found::Key(of_letter(letter), length),
    }
}

/// The parameters of a key.
struct Numbers {
    number: u8,
    /// True if neither Alt nor Ctrl is held with it.
    is_shifted_at_most: bool,
}

/// The parameters of a key; `None` for those that are not made of numbers alone: they are no key's, but of the answer of a
/// terminal or the report of a mouse (`ESC [ <`).
fn numbers(parameters: &[u8]) -> Option<Numbers> {
    if !parameters.iter().all(|byte| byte.is_ascii_digit() || *byte == b';') {
        return None;
    }
    let mut numbers = std::str::from_utf8(parameters).ok()?.split(';');
    let mut next = || -> Option<u8> {
        match numbers.next().unwrap_or_default() {
            "" => Some(0),
            number => number.parse().ok(),
        }
    };
    let number = next()?;
    let held = next()?.saturating_sub(1);
    Some(Numbers { number, is_shifted_at_most: held & ALT_OR_CTRL == 0 })
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

fn of_number(number: u8) -> Key {
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
        0x7f => named(NamedKey::Backspace, 1),
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

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const AT: Boot = Boot(Duration::from_secs(60));

    fn keys(bytes: &[u8]) -> Vec<Key> {
        let mut parser = KeyBytes::default();
        let mut events = parser.take(bytes, AT);
        events.extend(parser.end());
        assert!(!parser.is_half());
        let key = |press| match press {
            KeyPress::Key(key) => key,
            KeyPress::Paste => panic!("a paste"),
        };
        events.into_iter().map(key).collect()
    }

    #[rstest]
    #[case::digit(b"7", Key::Char('7'))]
    #[case::capital(b"G", Key::Char('G'))]
    #[case::enter(b"\r", Key::Named(NamedKey::Enter))]
    #[case::tab(b"\t", Key::Named(NamedKey::Tab))]
    #[case::backspace(b"\x7f", Key::Named(NamedKey::Backspace))]
    #[case::control_c(b"\x03", Key::Ctrl('c'))]
    #[case::control_z(b"\x1a", Key::Ctrl('z'))]
    #[case::newline(b"\n", Key::Ctrl('j'))]
    #[case::control_backslash(b"\x1c", Key::Ctrl('4'))]
    #[case::escape(b"\x1b", Key::Named(NamedKey::Esc))]
    #[case::alt(b"\x1bq", Key::Other)]
    #[case::alt_enter(b"\x1b\r", Key::Other)]
    #[case::up(b"\x1b[A", Key::Named(NamedKey::Up))]
    #[case::up_in_application_mode(b"\x1bOA", Key::Named(NamedKey::Up))]
    #[case::control_right(b"\x1b[1;5C", Key::Other)]
    #[case::page_down(b"\x1b[6~", Key::Named(NamedKey::PageDown))]
    #[case::home(b"\x1b[1~", Key::Named(NamedKey::Home))]
    #[case::back_tab(b"\x1b[Z", Key::Named(NamedKey::BackTab))]
    #[case::function_key(b"\x1b[15~", Key::Other)]
    #[case::linux_function_key(b"\x1b[[A", Key::Other)]
    #[case::umlaut("ö".as_bytes(), Key::Char('ö'))]
    #[case::not_utf8(b"\xff", Key::Other)]
    #[case::half_a_character(b"\xc3", Key::Other)]
    #[case::half_a_sequence(b"\x1b[1;", Key::Other)]
    fn a_key_is_told_by_its_bytes(#[case] bytes: &[u8], #[case] key: Key) {
        assert_eq!(keys(bytes), [key]);
    }

    #[test]
    fn a_paste_that_begins_within_half_a_sequence_is_a_paste() {
        let mut keys = KeyBytes::default();
        let events = keys.take(b"\x1b[1\x1b[200~90393\r\x1b[201~", Boot::default());
        let typed = |press: &&KeyPress| matches!(press, KeyPress::Key(key) if *key != Key::Other);
        assert_eq!(events.iter().filter(typed).count(), 0, "{events:?}");
        assert_eq!(events.iter().filter(|event| **event == KeyPress::Paste).count(), 2);
    }

    #[test]
    fn the_number_blocks_enter_is_an_enter() {
        assert_eq!(keys(b"\x1bOM"), [Key::Named(NamedKey::Enter)]);
    }

    #[rstest]
    #[case::x10(b"\x1b[M !!")]
    #[case::x10_wheel(b"\x1b[M`!!")]
    #[case::x10_far_to_the_right(b"\x1b[M \r\r")]
    #[case::sgr_pressed(b"\x1b[<0;10;5M")]
    #[case::sgr_let_go(b"\x1b[<0;10;5m")]
    #[case::sgr_wheel(b"\x1b[<64;10;5M")]
    #[case::urxvt(b"\x1b[32;10;5M")]
    #[case::urxvt_wide(b"\x1b[32;300;5M")]
    fn a_mouse_is_one_unknown_key_wherever_it_is_split(#[case] bytes: &[u8]) {
        let unknown = [KeyPress::Key(Key::Other)];
        let next = [KeyPress::Key(Key::Char('a'))];
        for at in 1..=bytes.len() {
            let mut parser = KeyBytes::default();
            let mut events = parser.take(&bytes[..at], AT);
            assert_eq!(parser.is_half(), at < bytes.len());
            events.extend(parser.take(&bytes[at..], AT));
            assert_eq!(events, unknown, "split at {at}");
            assert_eq!(parser.take(b"a", AT), next);
        }
        let mut parser = KeyBytes::default();
        let events: Vec<_> = bytes.iter().flat_map(|byte| parser.take(&[*byte], AT)).collect();
        assert_eq!(events, unknown);
    }

    #[rstest]
    #[case::nothing_after_it(b"\x1b[M")]
    #[case::one_byte(b"\x1b[M ")]
    #[case::half_of_sgr(b"\x1b[<0;10")]
    fn half_of_a_mouse_is_not_waited_for_for_ever(#[case] bytes: &[u8]) {
        assert_eq!(keys(bytes), [Key::Other]);
    }

    #[rstest]
    #[case::less(b"\x1b[<1;5A")]
    #[case::question(b"\x1b[?1;2A")]
    #[case::greater(b"\x1b[>5~")]
    #[case::equals(b"\x1b[=3~")]
    #[case::no_paste(b"\x1b[?200~")]
    #[case::parts_of_a_number(b"\x1b[1;5:3A")]
    fn private_parameters_make_no_key(#[case] bytes: &[u8]) {
        assert_eq!(keys(bytes), [Key::Other]);
    }

    #[test]
    fn what_is_split_between_two_reads_is_one_key() {
        for (first, second) in [(&b"\x1b"[..], &b"[A"[..]), (b"\x1b[", b"A"), (b"\x1bO", b"A"), (b"\x1b[1;1", b"A")] {
            let mut parser = KeyBytes::default();
            assert_eq!(parser.take(first, AT), []);
            assert!(parser.is_half());
            assert_eq!(parser.take(second, AT), [KeyPress::Key(Key::Named(NamedKey::Up))]);
        }
    }

    #[test]
    fn a_paste_is_told_at_both_ends_and_its_content_is_no_keys() {
        let mut parser = KeyBytes::default();
        let mut events = Vec::new();
        for chunk in [&b"a\x1b[200~91023\r\x1b[2"[..], b"01", b"\r\r\x1b[201", b"~b"] {
            events.extend(parser.take(chunk, AT));
        }
        let letter = |letter| KeyPress::Key(Key::Char(letter));
        let paste = || KeyPress::Paste;
        assert_eq!(events, [letter('a'), paste(), paste(), letter('b')]);
    }

    #[test]
    fn an_enter_after_the_end_of_a_long_paste_comes_right_after_something_that_counts_as_a_key() {
        let mut parser = KeyBytes::default();
        parser.take(b"\x1b[200~91023", AT);
        let events = parser.take(b"\x1b[201~\r", AT + Duration::from_secs(2));
        let enter = KeyPress::Key(Key::Named(NamedKey::Enter));
        assert_eq!(events, [KeyPress::Paste, enter]);
    }

    #[test]
    fn a_control_c_after_a_long_silence_gets_out_of_a_paste_that_never_ends() {
        let mut parser = KeyBytes::default();
        parser.take(b"\x1b[200~91023\x1b[20", AT);
        let control_c = KeyPress::Key(Key::Ctrl('c'));
        assert_eq!(parser.take(b"\x03", AT + SILENCE), [control_c]);
        let letter = KeyPress::Key(Key::Char('1'));
        assert_eq!(parser.take(b"1", AT + SILENCE), [letter]);
    }

    #[rstest]
    #[case::too_early(b"\x03", Duration::from_millis(999))]
    #[case::not_alone(b"\x03\r", SILENCE)]
    #[case::twice(b"\x03\x03", SILENCE)]
    #[case::enter(b"\r", SILENCE)]
    #[case::escape(b"\x1b", SILENCE)]
    #[case::quit(b"q", SILENCE)]
    fn nothing_else_gets_out_of_a_paste(#[case] bytes: &[u8], #[case] silence: Duration) {
        let mut parser = KeyBytes::default();
        parser.take(b"\x1b[200~9", AT);
        parser.take(b"1", AT + SILENCE);
        assert_eq!(parser.take(bytes, AT + SILENCE + silence), []);
        assert_eq!(parser.take(b"\r", AT + SILENCE * 9), []);
    }

    #[test]
    fn no_bytes_stop_it_or_stay_for_ever() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..2_000 {
            let mut parser = KeyBytes::default();
            for _ in 0..random.usize(1..6) {
                let bytes: Vec<u8> = (0..random.usize(0..40))
                    .map(|_| if random.bool() { *random.choice(b"\x1b[O~;0129Am").unwrap() } else { random.u8(..) })
                    .collect();
                parser.take(&bytes, AT);
            }
            parser.end();
            assert!(!parser.is_half(), "{parser:?}");
        }
    }
}
