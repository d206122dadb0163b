//! From the bytes of a terminal to keys. Pure, and never waits: crossterm's reader waits in a read once it has half of a
//! sequence, and spins for ever when the terminal ends there (HAZARDS.md 0.1).

mod sequence;

use std::time::Duration;

use self::sequence::Found;
use crate::app::console::key::Key;
use crate::domain::Boot;

const ESCAPE: u8 = 0x1b;
/// The end of an answer, as xterm also has it; others end with `ESC \`.
const BELL: u8 = 0x07;
/// They break an answer off.
const CANCEL: [u8; 2] = [0x18, 0x1a];
/// The end of a paste.
const PASTE_END: &[u8] = b"\x1b[201~";
const CONTROL_C: u8 = 0x03;
/// After this long without a byte, a paste or an answer whose end never came is not under way any more.
const SILENCE: Duration = Duration::from_secs(1);

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
    /// A late answer of the terminal is under way (`ESC ]`, `ESC P` ...): it is no typing, however it is split.
    is_answered: bool,
    /// When the last bytes arrived.
    last: Boot,
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
        if self.is_answered && silence >= SILENCE {
            self.is_answered = false;
            self.rest.clear();
        }
        self.rest.extend_from_slice(bytes);
        self.understand(false)
    }

    /// True if something is begun that the next bytes may complete.
    pub fn is_half(&self) -> bool {
        !self.rest.is_empty() && !self.is_pasting && !self.is_answered
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
            if self.is_answered && !self.skip_answer() {
                return presses;
            }
            match sequence::first(&self.rest, is_all) {
                Found::Half => return presses,
                Found::AnswerBegins(length) => {
                    self.drop_first(length);
                    self.is_answered = true;
                }
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

    /// Drops the bytes of an answer, and tells whether it has ended. Its content acts as no key; only Ctrl-C gets out of one.
    fn skip_answer(&mut self) -> bool {
        let ends = |byte: &u8| *byte == ESCAPE || *byte == BELL || *byte == CONTROL_C || CANCEL.contains(byte);
        let Some(at) = self.rest.iter().position(ends) else {
            self.rest.clear();
            return false;
        };
        match (self.rest[at], self.rest.get(at + 1)) {
            // The second half of its end may still come.
            (ESCAPE, None) => {
                self.drop_first(at);
                return false;
            }
            (ESCAPE, Some(b'\\')) => self.drop_first(at + 2),
            (ESCAPE | CONTROL_C, _) => self.drop_first(at),
            _ => self.drop_first(at + 1),
        }
        self.is_answered = false;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::console::key::NamedKey;
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
    #[case::control_h(b"\x08", Key::Named(NamedKey::Backspace))]
    #[case::escape_in_csi_u(b"\x1b[27u", Key::Named(NamedKey::Esc))]
    #[case::escape_with_num_lock(b"\x1b[27;129u", Key::Named(NamedKey::Esc))]
    #[case::enter_in_csi_u(b"\x1b[13u", Key::Named(NamedKey::Enter))]
    #[case::tab_back_in_csi_u(b"\x1b[9;2u", Key::Named(NamedKey::BackTab))]
    #[case::control_c_in_csi_u(b"\x1b[99;5u", Key::Ctrl('c'))]
    #[case::control_c_with_both_codes(b"\x1b[99:67;5:1u", Key::Ctrl('c'))]
    #[case::control_c_of_other_keys(b"\x1b[27;5;99~", Key::Ctrl('c'))]
    #[case::escape_of_other_keys(b"\x1b[27;1;27~", Key::Named(NamedKey::Esc))]
    #[case::letter_in_csi_u(b"\x1b[113u", Key::Char('q'))]
    #[case::capital_in_csi_u(b"\x1b[103;2u", Key::Char('G'))]
    #[case::let_go_in_csi_u(b"\x1b[13;1:3u", Key::Other)]
    #[case::alt_in_csi_u(b"\x1b[113;3u", Key::Other)]
    #[case::backspace_in_csi_u(b"\x1b[127u", Key::Named(NamedKey::Backspace))]
    #[case::digit_of_the_number_block(b"\x1b[57406u", Key::Char('7'))]
    #[case::enter_of_the_number_block(b"\x1b[57414u", Key::Named(NamedKey::Enter))]
    #[case::digit_in_application_mode(b"\x1bOw", Key::Char('7'))]
    #[case::zero_in_application_mode(b"\x1bOp", Key::Char('0'))]
    #[case::minus_in_application_mode(b"\x1bOm", Key::Char('-'))]
    #[case::no_such_letter(b"\x1b[1114112u", Key::Other)]
    #[case::far_too_great(b"\x1b[99999999999u", Key::Other)]
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

    #[rstest]
    #[case::letter(b"\x1bq", Key::Char('q'))]
    #[case::digit(b"\x1b7", Key::Char('7'))]
    #[case::enter(b"\x1b\r", Key::Named(NamedKey::Enter))]
    #[case::control_c(b"\x1b\x03", Key::Ctrl('c'))]
    #[case::begin_of_an_answer(b"\x1bP", Key::Char('P'))]
    #[case::bracket(b"\x1b]", Key::Char(']'))]
    fn escape_and_a_key_in_one_read_are_two_keys(#[case] bytes: &[u8], #[case] key: Key) {
        assert_eq!(keys(bytes), [Key::Named(NamedKey::Esc), key]);
    }

    #[rstest]
    #[case::colour(b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\")]
    #[case::colour_with_a_bell(b"\x1b]11;rgb:1e1e/1e1e/1e1e\x07")]
    #[case::version(b"\x1bP>|XTerm(388)\x1b\\")]
    #[case::capability(b"\x1bP1+r544e=787465726d\x1b\\")]
    #[case::application(b"\x1b_Gi=31;OK\x1b\\")]
    #[case::private(b"\x1b^x\x1b\\")]
    #[case::start_of_string(b"\x1bXx\x1b\\")]
    #[case::with_an_enter(b"\x1b]52;c;\rq\r\x07")]
    #[case::broken_off(b"\x1b]11;rgb\x18")]
    fn a_late_answer_of_the_terminal_is_no_typing_wherever_it_is_split(#[case] bytes: &[u8]) {
        for at in 3..bytes.len() {
            let mut parser = KeyBytes::default();
            let mut events = parser.take(&bytes[..at], AT);
            events.extend(parser.end());
            events.extend(parser.take(&bytes[at..], AT + Duration::from_millis(900)));
            assert_eq!(events, [], "split at {at}");
            assert_eq!(parser.take(b"7", AT + Duration::from_millis(901)), [KeyPress::Key(Key::Char('7'))]);
        }
    }

    #[test]
    fn an_answer_that_never_ends_holds_keys_up_for_a_second_and_ctrl_c_not_at_all() {
        let mut parser = KeyBytes::default();
        assert_eq!(parser.take(b"\x1b]11;rgb", AT), []);
        assert_eq!(parser.take(b"q", AT + Duration::from_millis(999)), []);
        assert_eq!(parser.take(b"q", AT + Duration::from_millis(1_999)), [KeyPress::Key(Key::Char('q'))]);
        parser.take(b"\x1b]11;rgb", AT + SILENCE * 9);
        assert_eq!(parser.take(b"x\x03", AT + SILENCE * 9), [KeyPress::Key(Key::Ctrl('c'))]);
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
