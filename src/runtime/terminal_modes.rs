//! The modes of a terminal in which keys arrive: those that a program that died may have left on, ours, and what the terminal's
//! own settings say.

use std::os::fd::AsFd;

use rustix::process::getpgrp;
use rustix::termios::{SpecialCodeIndex, tcgetattr, tcgetpgrp};

use super::key_bytes::EditKeys;

/// Keys as terminals send them at first, and nothing that is no key, whatever a program that died asked for. In this order: xterm's
/// other keys, and its arrows, function keys and the rest in their first form; the newer form of codes; the number block and the
/// arrows in application mode; a line end behind each Enter; each way to tell of a mouse, and of the focus; a paste in brackets; the
/// keys of the console of Windows; the size, told among the keys.
pub(super) const PLAIN_KEYS: &str = concat!(
    "\x1b[>4;0m\x1b[>1m\x1b[>2m\x1b[>0m",
    "\x1b[=0u",
    "\x1b>\x1b[?1l",
    "\x1b[20l",
    "\x1b[?9l\x1b[?1000l\x1b[?1001l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l",
    "\x1b[?1004l",
    "\x1b[?2004l",
    "\x1b[?9001l",
    "\x1b[?2048l",
);

/// A paste is told from typing, from here on.
pub(super) const BRACKETS: &str = "\x1b[?2004h";
/// And no more.
pub(super) const NO_BRACKETS: &str = "\x1b[?2004l";

/// The keys that edit a line: a character, a word, all of it.
pub(super) const EDIT_KEYS: [SpecialCodeIndex; 3] =
    [SpecialCodeIndex::VERASE, SpecialCodeIndex::VWERASE, SpecialCodeIndex::VKILL];

/// The keys that edit a line, by the terminal's own settings.
pub(super) fn edit_keys(terminal: impl AsFd) -> EditKeys {
    let Ok(modes) = tcgetattr(terminal) else { return EditKeys::default() };
    let [erase, erase_word, erase_line] = EDIT_KEYS.map(|key| modes.special_codes[key]);
    EditKeys { erase, erase_word, erase_line }
}

/// True if the terminal is another job's now. One that is nobody's controlling terminal knows no jobs.
pub(super) fn is_in_background(terminal: impl AsFd) -> bool {
    tcgetpgrp(terminal).is_ok_and(|foreground| foreground != getpgrp())
}
