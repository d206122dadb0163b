//! The parser by itself: keys, answers and pastes, cut where the line cuts them.

use super::*;
use crate::app::console::key::NamedKey;
use rstest::rstest;

const AT: Boot = Boot(Duration::from_secs(60));

fn keys(bytes: &[u8]) -> Vec<Key> {
    let mut parser = KeyBytes::default();
    let mut events = parser.take(bytes, AT);
    events.extend(parser.end());
    assert_eq!(parser.patience(), None);
    let key = |press| match press {
        KeyPress::Key(key) => key,
        press => panic!("{press:?}"),
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
#[case::alt_in_csi_u(b"\x1b[113;3u", Key::Other)]
#[case::super_in_csi_u(b"\x1b[113;9u", Key::Other)]
#[case::enter_with_ctrl(b"\x1b[13;5u", Key::Other)]
#[case::enter_with_alt(b"\x1b[13;3u", Key::Other)]
#[case::escape_with_anything_held(b"\x1b[27;16u", Key::Named(NamedKey::Esc))]
#[case::escape_pressed(b"\x1b[27;1:1u", Key::Named(NamedKey::Esc))]
#[case::enter_that_is_held_down(b"\x1b[13;1:2u", Key::Other)]
#[case::escape_repeated(b"\x1b[27;1:2u", Key::Named(NamedKey::Esc))]
#[case::escape_of_other_keys_with_shift(b"\x1b[27;2;27~", Key::Named(NamedKey::Esc))]
#[case::escape_of_a_terminal_of_its_own(b"\x1bO[", Key::Named(NamedKey::Esc))]
#[case::control_bracket_in_csi_u(b"\x1b[91;5u", Key::Named(NamedKey::Esc))]
#[case::control_m_in_csi_u(b"\x1b[109;5u", Key::Named(NamedKey::Enter))]
#[case::control_i_in_csi_u(b"\x1b[105;5u", Key::Named(NamedKey::Tab))]
#[case::control_h_in_csi_u(b"\x1b[104;5u", Key::Named(NamedKey::Backspace))]
#[case::control_u_of_other_keys(b"\x1b[27;5;117~", Key::Ctrl('u'))]
#[case::control_w_in_csi_u(b"\x1b[119;5u", Key::Ctrl('w'))]
#[case::control_backslash_in_csi_u(b"\x1b[92;5u", Key::Ctrl('4'))]
#[case::control_c_with_caps_lock(b"\x1b[99;69u", Key::Ctrl('c'))]
#[case::control_c_with_shift(b"\x1b[99;6u", Key::Ctrl('c'))]
#[case::control_c_of_a_cyrillic_keyboard(b"\x1b[1089::99;5u", Key::Ctrl('c'))]
#[case::capital_with_its_own_code(b"\x1b[97:65;2u", Key::Char('A'))]
#[case::sign_with_its_own_code(b"\x1b[49:33;2u", Key::Char('!'))]
#[case::sign_of_other_keys(b"\x1b[27;2;33~", Key::Char('!'))]
#[case::sign_with_its_text(b"\x1b[49;2;33u", Key::Char('!'))]
#[case::capital_with_caps_lock(b"\x1b[97;65u", Key::Char('A'))]
#[case::small_with_caps_lock_and_shift(b"\x1b[97;66u", Key::Char('a'))]
#[case::text_without_a_key(b"\x1b[0;;229u", Key::Char('å'))]
#[case::divide_of_the_number_block(b"\x1b[57410u", Key::Char('/'))]
#[case::comma_in_application_mode(b"\x1bOl", Key::Char(','))]
#[case::times_in_application_mode(b"\x1bOj", Key::Char('*'))]
#[case::plus_in_application_mode(b"\x1bOk", Key::Char('+'))]
#[case::point_in_application_mode(b"\x1bOn", Key::Char('.'))]
#[case::divide_in_application_mode(b"\x1bOo", Key::Char('/'))]
#[case::equals_in_application_mode(b"\x1bOX", Key::Char('='))]
#[case::nine_in_application_mode(b"\x1bOy", Key::Char('9'))]
#[case::home_in_application_mode(b"\x1bOH", Key::Named(NamedKey::Home))]
#[case::function_key_in_application_mode(b"\x1bOP", Key::Other)]
#[case::function_key_with_shift(b"\x1bO2P", Key::Other)]
#[case::function_key_in_csi_u(b"\x1b[57376u", Key::Other)]
#[case::function_key_with_ctrl(b"\x1b[1;5R", Key::Other)]
#[case::rxvt_home_with_shift(b"\x1b[7$", Key::Other)]
#[case::up_pressed(b"\x1b[1;1:1A", Key::Named(NamedKey::Up))]
#[case::page_up_repeated(b"\x1b[5;1:2~", Key::Named(NamedKey::PageUp))]
#[case::up_in_one_byte(b"\x9bA", Key::Named(NamedKey::Up))]
#[case::digit_in_one_byte(b"\x8fw", Key::Char('7'))]
#[case::control_c_in_one_byte(b"\x9b99;5u", Key::Ctrl('c'))]
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
#[case::begin_of_a_sequence(b"\x1b[", Key::Char('['))]
#[case::begin_of_a_letter(b"\x1bO", Key::Char('O'))]
#[case::begin_of_a_string(b"\x1bX", Key::Char('X'))]
#[case::tab(b"\x1b\t", Key::Named(NamedKey::Tab))]
#[case::backspace(b"\x1b\x7f", Key::Named(NamedKey::Backspace))]
#[case::umlaut("\x1bö".as_bytes(), Key::Char('ö'))]
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
#[case::empty(b"\x1b]\x1b\\")]
#[case::ended_in_one_byte(b"\x1b]11;rgb:1e1e/1e1e/1e1e\x9c")]
#[case::in_one_byte(b"\x9d11;rgb:1e1e/1e1e/1e1e\x9c")]
#[case::version_in_one_byte(b"\x90>|XTerm(388)\x9c")]
#[case::with_a_letter_that_holds_the_end("\x1b]lqœ x \u{91dc} q\x1b\\".as_bytes())]
#[case::clipboard(b"\x1b]52;c;cXF4eHg5MDM5MwpxcXh4\x07")]
fn a_late_answer_of_the_terminal_is_no_typing_wherever_it_is_split(#[case] bytes: &[u8]) {
    let begin = if bytes[0] == ESCAPE { 3 } else { 2 };
    for at in begin..bytes.len() {
        let mut parser = KeyBytes::default();
        let mut events = parser.take(&bytes[..at], AT);
        assert_eq!(parser.patience(), Some(SILENCE));
        events.extend(parser.take(&bytes[at..], AT + Duration::from_millis(900)));
        assert_eq!(events, [], "split at {at}");
        assert_eq!(
            parser.take(b"7", AT + Duration::from_millis(901)),
            [KeyPress::Key(Key::Char('7'))],
            "split at {at}"
        );
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
    assert_eq!(events.iter().filter(|event| **event == KeyPress::PasteBegun).count(), 1);
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
        assert_eq!(parser.patience().is_some(), at < bytes.len());
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
#[case::of_a_mouse(b"\x1b[<1;5A")]
#[case::no_number_of_a_key(b"\x1b[99999999999;5A")]
#[case::parts_of_a_number(b"\x1b[1;5:1A")]
fn odd_parameters_make_no_key_that_means_anything(#[case] bytes: &[u8]) {
    assert_eq!(keys(bytes), [Key::Other]);
}

#[rstest]
#[case::place_of_the_cursor(b"\x1b[24;80R")]
#[case::attributes(b"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28;29c")]
#[case::attributes_of_old_terminals(b"\x1b[?1;2c")]
#[case::other_attributes(b"\x1b[>41;388;0c")]
#[case::attributes_in_one_byte(b"\x9b?62;4c")]
#[case::third_attributes(b"\x1bP!|00000000\x1b\\")]
#[case::state(b"\x1b[0n")]
#[case::theme(b"\x1b[?997;1n")]
#[case::mode(b"\x1b[?2026;2$y")]
#[case::other_mode(b"\x1b[4;2$y")]
#[case::size_of_the_window(b"\x1b[8;24;80t")]
#[case::size_in_dots(b"\x1b[4;600;800t")]
#[case::size_told_among_the_keys(b"\x1b[48;24;80;600;800t")]
#[case::title(b"\x1b]ltitle q\x1b\\")]
#[case::newer_keys(b"\x1b[?1u")]
#[case::other_keys(b"\x1b[>4;2m")]
#[case::focus(b"\x1b[I")]
#[case::focus_lost(b"\x1b[O")]
#[case::parameters_of_the_terminal(b"\x1b[2;1;1;120;120;1;0x")]
#[case::let_go(b"\x1b[13;1:3u")]
#[case::digit_let_go(b"\x1b[57;1:3u")]
#[case::arrow_let_go(b"\x1b[1;1:3A")]
#[case::page_let_go(b"\x1b[5;1:3~")]
#[case::escape_let_go(b"\x1b[27;1:3u")]
#[case::shift(b"\x1b[57441;2u")]
#[case::caps_lock(b"\x1b[57358;65u")]
#[case::end_of_a_string(b"\x9c")]
fn an_answer_and_a_key_let_go_are_no_keys_wherever_they_are_split(#[case] bytes: &[u8]) {
    let first = if bytes[0] == ESCAPE { 3 } else { 2 };
    for at in first.min(bytes.len())..=bytes.len() {
        let mut parser = KeyBytes::default();
        let mut events = parser.take(&bytes[..at], AT);
        events.extend(parser.take(&bytes[at..], AT + Duration::from_millis(900)));
        assert_eq!(events, [], "split at {at}");
        assert_eq!(parser.take(b"a", AT + Duration::from_millis(901)), [KeyPress::Key(Key::Char('a'))]);
    }
    let mut parser = KeyBytes::default();
    let events: Vec<_> = bytes.iter().flat_map(|byte| parser.take(&[*byte], AT)).collect();
    assert_eq!(events, []);
    assert_eq!(parser.patience(), None);
}

#[rstest]
#[case::of_a_sequence(b"\x1b[12;", b'\x03', Key::Ctrl('c'))]
#[case::of_an_answer(b"\x1b]11;rgb", b'\x03', Key::Ctrl('c'))]
#[case::of_a_letter(b"\x1bO", b'\x03', Key::Ctrl('c'))]
#[case::of_two(b"\x1b[", b'\r', Key::Named(NamedKey::Enter))]
fn a_control_character_is_a_key_whatever_was_under_way(#[case] half: &[u8], #[case] byte: u8, #[case] key: Key) {
    let mut parser = KeyBytes::default();
    parser.take(half, AT);
    assert_eq!(parser.take(&[byte], AT).last(), Some(&KeyPress::Key(key)));
}

#[rstest]
#[case::string(b"\x1b]11;rgb")]
#[case::string_in_one_byte(b"\x90+r")]
#[case::kitty(b"\x1b_Gi=31;")]
fn esc_gets_out_of_an_answer_that_never_ends_after_a_second(#[case] half: &[u8]) {
    let mut parser = KeyBytes::default();
    assert_eq!(parser.take(half, AT), []);
    assert_eq!(parser.take(b"\x1b", AT + Duration::from_millis(500)), []);
    assert_eq!(parser.patience(), Some(SILENCE));
    assert_eq!(parser.end(), [KeyPress::Key(Key::Named(NamedKey::Esc))]);
    assert_eq!(parser.patience(), None);
}

#[rstest]
#[case::string(b"]11;rgb:1e1e/1e1e/1e1e\x1b\\", None)]
#[case::version(b"P>|XTerm(388)\x1b\\", None)]
#[case::attributes(b"[?64;1;2c", None)]
#[case::place_of_the_cursor(b"[24;80R", None)]
#[case::arrow(b"[A", Some(Key::Named(NamedKey::Up)))]
fn what_lost_its_escape_to_a_slow_line_is_not_typed(#[case] rest: &[u8], #[case] key: Option<Key>) {
    let mut parser = KeyBytes::default();
    assert_eq!(parser.take(b"\x1b", AT), []);
    assert_eq!(parser.end(), [KeyPress::Key(Key::Named(NamedKey::Esc))]);
    let events = parser.take(rest, AT + Duration::from_millis(200));
    assert_eq!(events, key.map(KeyPress::Key).into_iter().collect::<Vec<_>>());
    assert_eq!(parser.take(b"a", AT + Duration::from_millis(201)), [letter('a')]);
}

#[rstest]
#[case::one_after_the_other(&["[", "A"], &['[', 'A'])]
#[case::behind_another_key(&["x", "[A"], &['x', '[', 'A'])]
fn what_is_typed_behind_an_escape_is_typed(#[case] reads: &[&str], #[case] typed: &[char]) {
    let mut parser = KeyBytes::default();
    parser.take(b"\x1b", AT);
    parser.end();
    let events: Vec<_> =
        reads.iter().flat_map(|read| parser.take(read.as_bytes(), AT + Duration::from_millis(200))).collect();
    assert_eq!(events, typed.iter().map(|typed| letter(*typed)).collect::<Vec<_>>());
}

#[test]
fn somebody_who_goes_on_typing_gets_out_of_an_answer_that_never_ends() {
    let mut parser = KeyBytes::default();
    parser.take(b"\x1bP+r", AT);
    let got_out = (1..40).find(|press| !parser.take(b"j", AT + Duration::from_millis(press * 200)).is_empty());
    assert_eq!(got_out, Some(15));
}

#[test]
fn a_sequence_that_never_ends_holds_keys_up_for_a_second() {
    let mut parser = KeyBytes::default();
    assert_eq!(parser.take(b"\x1b[1;", AT), []);
    assert_eq!(parser.patience(), Some(SILENCE));
    assert_eq!(parser.take(b"q", AT + SILENCE), [KeyPress::Key(Key::Other), KeyPress::Key(Key::Char('q'))]);
}

#[test]
fn what_is_split_between_two_reads_is_one_key() {
    for (first, second) in [(&b"\x1b"[..], &b"[A"[..]), (b"\x1b[", b"A"), (b"\x1bO", b"A"), (b"\x1b[1;1", b"A")] {
        let mut parser = KeyBytes::default();
        assert_eq!(parser.take(first, AT), []);
        assert!(parser.patience().is_some());
        assert_eq!(parser.take(second, AT), [KeyPress::Key(Key::Named(NamedKey::Up))]);
    }
}

fn letter(letter: char) -> KeyPress {
    KeyPress::Key(Key::Char(letter))
}

fn pasted(text: &str) -> KeyPress {
    KeyPress::Pasted(text.into())
}

/// Everything that comes of these reads, each of which follows at once, and of the silence behind them.
fn burst(reads: &[&[u8]]) -> Vec<KeyPress> {
    let mut parser = KeyBytes::default();
    let mut events: Vec<_> = reads.iter().flat_map(|read| parser.take(read, AT)).collect();
    events.extend(parser.end());
    events
}

#[rstest]
#[case::usual(b"\x1b[200~hunter2\x1b[201~", "hunter2")]
#[case::line_end(b"\x1b[200~hunter2\r\x1b[201~", "hunter2")]
#[case::lines(b"\x1b[200~one\r\ntwo\n\x1b[201~", "one\r\ntwo")]
#[case::in_one_byte(b"\x9b200~hunter2\x9b201~", "hunter2")]
#[case::letters_that_hold_the_beginning("\x1b[200~Û201~ö\x1b[201~".as_bytes(), "Û201~ö")]
#[case::its_own_end(b"\x1b[200~a\x1b[201~\rq\x1b[201~", "a\rq")]
#[case::its_own_end_twice(b"\x1b[200~a\x1b[201~b\x1b[201~\x03\x1b[201~", "ab\x03")]
#[case::its_own_beginning(b"\x1b[200~a\x1b[200~b\x1b[201~", "ab")]
#[case::both(b"\x1b[200~a\x1b[201~x\r\x1b[200~b\x1b[201~", "ax\rb")]
#[case::half_an_end(b"\x1b[200~a\x1b[201\x1b[20\x1b[201~", "a\x1b[201\x1b[20")]
#[case::nothing(b"\x1b[200~\x1b[201~", "")]
fn a_paste_is_one_thing_wherever_it_is_split(#[case] bytes: &[u8], #[case] text: &str) {
    let wanted = [KeyPress::PasteBegun, pasted(text)];
    for one in 1..bytes.len() {
        for two in one..bytes.len() {
            let reads = [&bytes[..one], &bytes[one..two], &bytes[two..]];
            assert_eq!(burst(&reads), wanted, "split at {one} and {two}");
        }
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(burst(&single), wanted);
}

#[test]
fn what_is_typed_around_a_paste_is_typed() {
    let mut parser = KeyBytes::default();
    assert_eq!(parser.take(b"a\x1b[200~91023\x1b[201~\rb", AT), [letter('a'), KeyPress::PasteBegun]);
    assert_eq!(parser.patience(), Some(ONE_KEY), "an end of its own may be within it");
    assert_eq!(parser.end(), [pasted("91023"), KeyPress::Key(Key::Named(NamedKey::Enter)), letter('b')]);
    assert_eq!(parser.take(b"c", AT), [letter('c')]);
}

#[test]
fn more_than_anybody_types_at_once_behind_the_end_of_a_paste_was_pasted_too() {
    let flood = b"x".repeat(200);
    let mut parser = KeyBytes::default();
    parser.take(b"\x1b[200~a\x1b[201~", AT);
    assert_eq!(parser.take(&flood, AT), []);
    assert_eq!(parser.take(b"\r\x1b", AT), []);
    let [KeyPress::Pasted(text)] = &parser.end()[..] else { panic!("a paste") };
    assert!(text.text().starts_with("axxxx"));
    assert_eq!(parser.take(b"c", AT), [letter('c')]);
}

#[test]
fn a_paste_beyond_all_measure_is_cut() {
    let mut parser = KeyBytes::default();
    parser.take(b"\x1b[200~", AT);
    for _ in 0..1_000 {
        parser.take(&[b'x'; 4_096], AT);
    }
    parser.take(b"\x1b[201~", AT);
    let [KeyPress::Pasted(text)] = &parser.end()[..] else { panic!("a paste") };
    assert!(text.is_cut && text.text().len() == crate::domain::pasted::LONGEST);
    assert!(parser.rest.capacity() < 32_768);
}

#[test]
fn a_paste_whose_end_does_not_come_is_told_once_and_left_by_control_c_after_a_silence() {
    let mut parser = KeyBytes::default();
    assert_eq!(parser.take(b"\x1b[200~91023\x1b[20", AT), [KeyPress::PasteBegun]);
    assert_eq!(parser.patience(), Some(SILENCE));
    assert_eq!(parser.end(), [KeyPress::PasteUnended]);
    assert_eq!((parser.patience(), parser.end()), (None, Vec::new()));
    let control_c = KeyPress::Key(Key::Ctrl('c'));
    assert_eq!(parser.take(b"\x03", AT + SILENCE), [control_c]);
    assert_eq!(parser.take(b"1", AT + SILENCE), [letter('1')]);
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
    assert_eq!(parser.end(), [KeyPress::PasteUnended]);
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
        parser.end();
        assert_eq!(parser.patience(), None, "{parser:?}");
    }
}
