//! From the bytes of a terminal to crossterm's words for keys. Pure, and never waits: crossterm's own reader waits in a read
//! once it has half of a sequence, and spins for ever when the terminal ends there (HAZARDS.md 0.1).

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use crate::domain::Boot;

const ESCAPE: u8 = 0x1b;
/// A longer sequence is none that a key sends.
const LONGEST: usize = 32;
/// What ends a paste.
const PASTE_END: &[u8] = b"\x1b[201~";
const CONTROL_C: u8 = 0x03;
/// After this long without a byte, a paste whose end never came is not under way any more.
const SILENCE: Duration = Duration::from_secs(1);
/// The bytes after the oldest report of a mouse, `ESC [ M`: button, column and row. They may be any bytes, also Enter's.
const OF_MOUSE: usize = 3;

/// The bytes that are not understood yet.
#[derive(Debug, Default)]
pub struct KeyBytes {
    rest: Vec<u8>,
    is_pasting: bool,
    /// When the last bytes arrived.
    last: Boot,
}

/// What the first bytes are.
enum Found {
    /// A key, so many bytes long.
    Key(KeyEvent, usize),
    /// The beginning of a paste, so many bytes long.
    PasteBegins(usize),
    /// The beginning of something.
    Half,
}

impl KeyBytes {
    /// Takes in what arrived by one read at this time, and gives the keys and pastes in it.
    pub fn take(&mut self, bytes: &[u8], at: Boot) -> Vec<Event> {
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
    pub fn end(&mut self) -> Vec<Event> {
        self.understand(true)
    }

    fn understand(&mut self, is_all: bool) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            if self.is_pasting {
                if !self.skip_paste() {
                    return events;
                }
                // Told again: an Enter after the end may be pasted too, when the content holds an end of its own, and
                // must come right after something that counts as a key, however long the paste took.
                events.push(Event::Paste(String::new()));
            }
            match first(&self.rest, is_all) {
                Found::Half => return events,
                Found::Key(key, length) => {
                    self.drop_first(length);
                    events.push(Event::Key(key));
                }
                Found::PasteBegins(length) => {
                    self.drop_first(length);
                    self.is_pasting = true;
                    // Told at once and without its content, which nobody looks at.
                    events.push(Event::Paste(String::new()));
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

fn key(code: KeyCode, modifiers: KeyModifiers, length: usize) -> Found {
    Found::Key(KeyEvent::new(code, modifiers), length)
}

/// A key that means nothing here, but is one: any key at all counts against a confirming Enter.
fn unknown(length: usize) -> Found {
    key(KeyCode::Null, KeyModifiers::NONE, length)
}

fn first(bytes: &[u8], is_all: bool) -> Found {
    match bytes {
        [ESCAPE] if is_all => key(KeyCode::Esc, KeyModifiers::NONE, 1),
        [] | [ESCAPE] => Found::Half,
        [ESCAPE, b'[', rest @ ..] => sequence(rest, is_all),
        [ESCAPE, b'O', rest @ ..] => match rest {
            // The number block's Enter, where the block sends sequences. Here only: after `ESC [` it is a mouse.
            [b'M', ..] => key(KeyCode::Enter, KeyModifiers::NONE, 3),
            [letter, ..] => key(of_letter(*letter), KeyModifiers::NONE, 3),
            [] if is_all => key(KeyCode::Char('O'), KeyModifiers::ALT, 2),
            [] => Found::Half,
        },
        [ESCAPE, ESCAPE, ..] => key(KeyCode::Esc, KeyModifiers::NONE, 1),
        [ESCAPE, rest @ ..] => match first(rest, is_all) {
            Found::Key(found, length) => key(found.code, found.modifiers | KeyModifiers::ALT, length + 1),
            other => other,
        },
        _ => plain(bytes, is_all),
    }
}

/// What follows `ESC [`: parameters, then the byte that ends it.
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
    let Some((number, modifiers)) = numbers(parameters) else { return unknown(length) };
    match letter {
        b'~' if number == 200 => Found::PasteBegins(length),
        b'~' => key(of_number(number), modifiers, length),
        b'Z' => key(KeyCode::BackTab, KeyModifiers::SHIFT, length),
        // A mouse that is pressed and let go, in the newer encodings.
        b'M' | b'm' => unknown(length),
        letter => key(of_letter(letter), modifiers, length),
    }
}

/// The number of a key and what is held with it; `None` for what is not made of numbers alone: that is no key, but the answer
/// of a terminal or the report of a mouse (`ESC [ <`).
fn numbers(parameters: &[u8]) -> Option<(u8, KeyModifiers)> {
    if !parameters.iter().all(|byte| byte.is_ascii_digit() || *byte == b';') {
        return None;
    }
    let mut numbers = std::str::from_utf8(parameters).ok()?.split(';');
    let mut next = || match numbers.next().unwrap_or_default() {
        "" => Some(0),
        number => number.parse().ok(),
    };
    Some((next()?, modifiers(next()?)))
}

fn modifiers(parameter: u8) -> KeyModifiers {
    let bits = parameter.saturating_sub(1);
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::SHIFT, bits & 1 != 0);
    modifiers.set(KeyModifiers::ALT, bits & 2 != 0);
    modifiers.set(KeyModifiers::CONTROL, bits & 4 != 0);
    modifiers
}

fn of_letter(letter: u8) -> KeyCode {
    match letter {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        _ => KeyCode::Null,
    }
}

fn of_number(number: u8) -> KeyCode {
    match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        _ => KeyCode::Null,
    }
}

/// A key without an escape: a control character or one of UTF-8.
fn plain(bytes: &[u8], is_all: bool) -> Found {
    let control = |letter: u8| key(KeyCode::Char(char::from(letter)), KeyModifiers::CONTROL, 1);
    match bytes.first().copied().unwrap_or_default() {
        b'\r' => key(KeyCode::Enter, KeyModifiers::NONE, 1),
        b'\t' => key(KeyCode::Tab, KeyModifiers::NONE, 1),
        0x7f => key(KeyCode::Backspace, KeyModifiers::NONE, 1),
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
        Some(found) => {
            let modifiers = if found.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
            key(KeyCode::Char(found), modifiers, found.len_utf8())
        }
        None => unknown(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const NONE: KeyModifiers = KeyModifiers::NONE;
    const AT: Boot = Boot(Duration::from_secs(60));

    fn keys(bytes: &[u8]) -> Vec<(KeyCode, KeyModifiers)> {
        let mut parser = KeyBytes::default();
        let mut events = parser.take(bytes, AT);
        events.extend(parser.end());
        assert!(!parser.is_half());
        let key = |event| match event {
            Event::Key(key) => (key.code, key.modifiers),
            other => panic!("{other:?}"),
        };
        events.into_iter().map(key).collect()
    }

    #[rstest]
    #[case::digit(b"7", KeyCode::Char('7'), NONE)]
    #[case::capital(b"G", KeyCode::Char('G'), KeyModifiers::SHIFT)]
    #[case::enter(b"\r", KeyCode::Enter, NONE)]
    #[case::tab(b"\t", KeyCode::Tab, NONE)]
    #[case::backspace(b"\x7f", KeyCode::Backspace, NONE)]
    #[case::control_c(b"\x03", KeyCode::Char('c'), KeyModifiers::CONTROL)]
    #[case::control_z(b"\x1a", KeyCode::Char('z'), KeyModifiers::CONTROL)]
    #[case::newline(b"\n", KeyCode::Char('j'), KeyModifiers::CONTROL)]
    #[case::control_backslash(b"\x1c", KeyCode::Char('4'), KeyModifiers::CONTROL)]
    #[case::escape(b"\x1b", KeyCode::Esc, NONE)]
    #[case::alt(b"\x1bq", KeyCode::Char('q'), KeyModifiers::ALT)]
    #[case::alt_enter(b"\x1b\r", KeyCode::Enter, KeyModifiers::ALT)]
    #[case::up(b"\x1b[A", KeyCode::Up, NONE)]
    #[case::up_in_application_mode(b"\x1bOA", KeyCode::Up, NONE)]
    #[case::control_right(b"\x1b[1;5C", KeyCode::Right, KeyModifiers::CONTROL)]
    #[case::page_down(b"\x1b[6~", KeyCode::PageDown, NONE)]
    #[case::home(b"\x1b[1~", KeyCode::Home, NONE)]
    #[case::back_tab(b"\x1b[Z", KeyCode::BackTab, KeyModifiers::SHIFT)]
    #[case::function_key(b"\x1b[15~", KeyCode::Null, NONE)]
    #[case::linux_function_key(b"\x1b[[A", KeyCode::Null, NONE)]
    #[case::umlaut("ö".as_bytes(), KeyCode::Char('ö'), NONE)]
    #[case::not_utf8(b"\xff", KeyCode::Null, NONE)]
    #[case::half_a_character(b"\xc3", KeyCode::Null, NONE)]
    #[case::half_a_sequence(b"\x1b[1;", KeyCode::Null, NONE)]
    fn a_key_is_told_by_its_bytes(#[case] bytes: &[u8], #[case] code: KeyCode, #[case] modifiers: KeyModifiers) {
        assert_eq!(keys(bytes), [(code, modifiers)]);
    }

    #[test]
    fn a_paste_that_begins_within_half_a_sequence_is_a_paste() {
        let mut keys = KeyBytes::default();
        let events = keys.take(b"\x1b[1\x1b[200~90393\r\x1b[201~", Boot::default());
        let typed = |event: &&Event| matches!(event, Event::Key(key) if key.code != KeyCode::Null);
        assert_eq!(events.iter().filter(typed).count(), 0, "{events:?}");
        assert_eq!(events.iter().filter(|event| matches!(event, Event::Paste(_))).count(), 2);
    }

    #[test]
    fn the_number_blocks_enter_is_an_enter() {
        assert_eq!(keys(b"\x1bOM"), [(KeyCode::Enter, NONE)]);
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
        let unknown = [Event::Key(KeyEvent::new(KeyCode::Null, NONE))];
        let next = [Event::Key(KeyEvent::new(KeyCode::Char('a'), NONE))];
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
        assert_eq!(keys(bytes), [(KeyCode::Null, NONE)]);
    }

    #[rstest]
    #[case::less(b"\x1b[<1;5A")]
    #[case::question(b"\x1b[?1;2A")]
    #[case::greater(b"\x1b[>5~")]
    #[case::equals(b"\x1b[=3~")]
    #[case::no_paste(b"\x1b[?200~")]
    #[case::parts_of_a_number(b"\x1b[1;5:3A")]
    fn private_parameters_make_no_key(#[case] bytes: &[u8]) {
        assert_eq!(keys(bytes), [(KeyCode::Null, NONE)]);
    }

    #[test]
    fn what_is_split_between_two_reads_is_one_key() {
        for (first, second) in [(&b"\x1b"[..], &b"[A"[..]), (b"\x1b[", b"A"), (b"\x1bO", b"A"), (b"\x1b[1;1", b"A")] {
            let mut parser = KeyBytes::default();
            assert_eq!(parser.take(first, AT), []);
            assert!(parser.is_half());
            assert_eq!(parser.take(second, AT), [Event::Key(KeyEvent::new(KeyCode::Up, NONE))]);
        }
    }

    #[test]
    fn a_paste_is_told_at_both_ends_and_its_content_is_no_keys() {
        let mut parser = KeyBytes::default();
        let mut events = Vec::new();
        for chunk in [&b"a\x1b[200~91023\r\x1b[2"[..], b"01", b"\r\r\x1b[201", b"~b"] {
            events.extend(parser.take(chunk, AT));
        }
        let letter = |letter| Event::Key(KeyEvent::new(KeyCode::Char(letter), NONE));
        let paste = || Event::Paste(String::new());
        assert_eq!(events, [letter('a'), paste(), paste(), letter('b')]);
    }

    #[test]
    fn an_enter_after_the_end_of_a_long_paste_comes_right_after_something_that_counts_as_a_key() {
        let mut parser = KeyBytes::default();
        parser.take(b"\x1b[200~91023", AT);
        let events = parser.take(b"\x1b[201~\r", AT + Duration::from_secs(2));
        let enter = Event::Key(KeyEvent::new(KeyCode::Enter, NONE));
        assert_eq!(events, [Event::Paste(String::new()), enter]);
    }

    #[test]
    fn a_control_c_after_a_long_silence_gets_out_of_a_paste_that_never_ends() {
        let mut parser = KeyBytes::default();
        parser.take(b"\x1b[200~91023\x1b[20", AT);
        let control_c = Event::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL));
        assert_eq!(parser.take(b"\x03", AT + SILENCE), [control_c]);
        let letter = Event::Key(KeyEvent::new(KeyCode::Char('1'), NONE));
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
