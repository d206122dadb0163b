//! Words of the terminal: its size, its colours, its letters, and the way to the clipboard.

use crate::app::Size;

/// No terminal.
pub const NONE: &str = "there is none at standard input, output or error";
/// Advice without a terminal.
pub const RUN_THERE: &str = "run the doctor where the console is to run (over SSH: ssh -t)";
/// Mends a name that says nothing.
pub const SET_TERM: &str = "set TERM to what the terminal is, such as xterm-256color";
/// Mends a size that is not told.
pub const TELL_SIZE: &str = "stty rows 24 cols 80";

/// A terminal that cannot place text.
pub fn cannot_place_text(term: &str) -> String {
    format!("TERM is {term:?}: the console could not place text")
}

/// A terminal that does not tell its size.
pub fn no_size(term: &str) -> String {
    format!("TERM is {term}; it does not tell its size")
}

/// The size, and the name.
pub fn size(size: Size, term: &str) -> String {
    format!("{} columns, {} rows, TERM is {term}", size.width, size.height)
}

/// Mends a window that is too small.
pub fn make_it_larger(wanted: Size) -> String {
    format!("make it at least {}x{}: below that the screens leave things out", wanted.width, wanted.height)
}

/// Words of the colours that a terminal has.
pub mod colours {
    /// None, by the operator's wish.
    pub const NOT_WANTED: &str = "none, because NO_COLOR is set";
    /// Stands for `TERM` where it is not set.
    pub const NO_TERM: &str = "not set";

    /// All.
    pub fn all(told: &str, term: &str) -> String {
        format!("16 million (COLORTERM is {told:?}, TERM is {term})")
    }

    /// Many.
    pub fn many(term: &str) -> String {
        format!("256 (TERM is {term})")
    }

    /// None, by the terminal's name.
    pub fn none(term: &str) -> String {
        format!("none (TERM is {term})")
    }

    /// Few.
    pub fn few(term: &str) -> String {
        format!("8 or 16 (TERM is {term})")
    }

    /// Their number, and that none is needed.
    pub fn not_needed(how_many: &str) -> String {
        format!("{how_many}; the console needs none: every state has a word")
    }
}

/// Words of the letters that a terminal has.
pub mod letters {
    /// Mends letters that may look wrong.
    pub const SET_LANG: &str = "set LANG to a UTF-8 locale, such as C.UTF-8, here and in the terminal";
    /// No locale.
    pub const NO_LOCALE: &str = "no locale is set (LC_ALL, LC_CTYPE, LANG)";

    /// All letters.
    pub fn utf8(name: &str, value: &str) -> String {
        format!("UTF-8 ({name} is {value})")
    }

    /// Some letters.
    pub fn not_utf8(name: &str, value: &str) -> String {
        format!("{name} is {value}, which is not UTF-8: names with other letters than ASCII may look wrong")
    }
}

/// Words of the way that a copy takes.
pub mod clipboard {
    /// Advice about a copy that does not arrive.
    pub const ALLOW: &str = "if a copy does not arrive, allow OSC 52 (writing the clipboard) in the terminal's settings, \
                             or select with the mouse";
    /// No clipboard.
    pub const LINUX_CONSOLE: &str = "the Linux console has none";
    /// Advice without a clipboard.
    pub const USE_EMULATOR: &str = "use a terminal emulator, or read the digits off";
    /// A terminal that takes no copy.
    pub const TERMINAL_APP: &str = "Terminal.app does not take OSC 52";
    /// Advice in a terminal that takes no copy.
    pub const USE_THE_MOUSE: &str = "select with the mouse, or use another terminal";

    /// The places that a copy passes.
    pub struct Way {
        /// True inside tmux.
        pub tmux: bool,
        /// True inside GNU screen.
        pub screen: bool,
        /// True over SSH.
        pub ssh: bool,
    }

    /// The way, as far as it can be told.
    pub fn way(way: &Way) -> String {
        let mut told = vec!["OSC 52 to the terminal"];
        if way.tmux {
            told.push("through tmux (see tmux-clipboard)");
        } else if way.screen {
            told.push("through GNU screen, which lets it pass only if wrapped");
        }
        if way.ssh {
            told.push("over SSH");
        }
        format!("{}; whether it is taken there cannot be asked", told.join(" "))
    }
}
