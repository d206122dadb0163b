//! The keys with which a field is edited, as the terminal's own settings say (`stty erase`, `kill`, `werase`). Pure.

use crate::app::console::key::{Key, NamedKey};
use crate::domain::Erase;

/// The bytes of these three keys; a byte of 0 is no key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EditKeys {
    /// VERASE.
    pub erase: u8,
    /// VWERASE.
    pub erase_word: u8,
    /// VKILL.
    pub erase_line: u8,
}

impl EditKeys {
    /// The meaning of a key, whatever byte it is edited with here. Backspace, Ctrl-U and Ctrl-W mean the same everywhere else, and
    /// no setting takes its meaning from a key that leaves, moves or confirms.
    pub(super) fn meaning(self, key: Key) -> Key {
        let own = byte_of(key).filter(|_| !KEPT.contains(&key)).and_then(|byte| self.erases(byte));
        match own {
            Some(Erase::Character) => Key::Named(NamedKey::Backspace),
            Some(Erase::Word) => Key::Ctrl('w'),
            Some(Erase::Line) => Key::Ctrl('u'),
            None if [DELETE, Key::Ctrl('h')].contains(&key) => Key::Named(NamedKey::Backspace),
            None => key,
        }
    }

    fn erases(self, byte: u8) -> Option<Erase> {
        let keys = [(self.erase, Erase::Character), (self.erase_word, Erase::Word), (self.erase_line, Erase::Line)];
        keys.into_iter().find(|(key, _)| *key == byte && byte != 0).map(|(_, erase)| erase)
    }
}

/// The key behind byte 127, which terminals send for Backspace, and settings may give another meaning.
pub(super) const DELETE: Key = Key::Ctrl('?');

/// The keys that no setting gives another meaning: leave, redraw, suspend, the end of input, and a line end.
const KEPT: [Key; 5] = [Key::Ctrl('c'), Key::Ctrl('l'), Key::Ctrl('z'), Key::Ctrl('d'), Key::Ctrl('j')];

/// The byte of a key with Ctrl, in whatever form it came. A letter or a sign is text: no setting makes it edit.
fn byte_of(key: Key) -> Option<u8> {
    match key {
        DELETE => Some(0x7f),
        Key::Ctrl(letter @ 'a'..='z') => u8::try_from(letter).ok().map(|letter| letter & 0x1f),
        Key::Ctrl(digit @ '4'..='7') => u8::try_from(digit).ok().map(|digit| digit - b'4' + 0x1c),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const BACKSPACE: Key = Key::Named(NamedKey::Backspace);
    const USUAL: EditKeys = EditKeys { erase: 0x7f, erase_word: 0x17, erase_line: 0x15 };
    const OTHERS: EditKeys = EditKeys { erase: 0x08, erase_word: 0x1c, erase_line: 0x18 };

    #[rstest]
    #[case::usual_erase(USUAL, DELETE, BACKSPACE)]
    #[case::the_other_backspace(USUAL, Key::Ctrl('h'), BACKSPACE)]
    #[case::usual_word(USUAL, Key::Ctrl('w'), Key::Ctrl('w'))]
    #[case::usual_line(USUAL, Key::Ctrl('u'), Key::Ctrl('u'))]
    #[case::other_erase(OTHERS, Key::Ctrl('h'), BACKSPACE)]
    #[case::other_word(OTHERS, Key::Ctrl('4'), Key::Ctrl('w'))]
    #[case::other_line(OTHERS, Key::Ctrl('x'), Key::Ctrl('u'))]
    #[case::what_it_was(OTHERS, Key::Ctrl('u'), Key::Ctrl('u'))]
    #[case::backspace_where_it_is_unset(EditKeys::default(), DELETE, BACKSPACE)]
    #[case::kill_on_delete(EditKeys { erase_line: 0x7f, ..OTHERS }, DELETE, Key::Ctrl('u'))]
    #[case::word_on_backspace(EditKeys { erase_word: 0x08, ..USUAL }, Key::Ctrl('h'), Key::Ctrl('w'))]
    #[case::leaving_stays_leaving(EditKeys { erase: 0x03, ..USUAL }, Key::Ctrl('c'), Key::Ctrl('c'))]
    #[case::enter_stays_enter(EditKeys { erase: 0x0d, ..USUAL }, Key::Named(NamedKey::Enter), Key::Named(NamedKey::Enter))]
    #[case::a_letter_is_text(EditKeys { erase_line: b'@', ..USUAL }, Key::Char('@'), Key::Char('@'))]
    fn a_key_edits_as_the_terminal_says(#[case] keys: EditKeys, #[case] pressed: Key, #[case] means: Key) {
        assert_eq!(keys.meaning(pressed), means);
    }
}
