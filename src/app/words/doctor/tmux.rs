//! Words of tmux, and of its settings that an operator would feel.

/// Inside another one.
pub const SCREEN: &str = "inside GNU screen, not tmux";
/// Inside none.
pub const OUTSIDE: &str = "not inside tmux";
/// Advice about a tmux that does not answer.
pub const LOOK: &str = "run `tmux show-options -s` and look at escape-time, set-clipboard and default-terminal";
/// Mends a terminal of another name.
pub const SET_TERMINAL: &str = "in ~/.tmux.conf: set -g default-terminal tmux-256color (another name draws wrong)";
/// Mends an Esc that waits.
pub const SET_ESCAPE: &str = "in ~/.tmux.conf: set -sg escape-time 10";
/// Advice about an Esc of which nothing is told.
pub const SET_ESCAPE_NOW: &str = "set -sg escape-time 10";
/// Mends a clipboard that tmux keeps.
pub const SET_CLIPBOARD: &str = "in ~/.tmux.conf: set -s set-clipboard on";
/// A clipboard that is passed on.
pub const CLIPBOARD_ON: &str = "set-clipboard is on: tmux passes a copy on to the terminal";
/// Stands for a setting that tmux does not tell.
pub const NOT_TOLD: &str = "not told";

/// A tmux that does not answer; `why` is the end of a sentence.
pub fn cannot_be_asked(why: &str) -> String {
    format!("inside tmux, but it cannot be asked: tmux {why}")
}

/// Inside tmux.
pub fn inside(terminal: &str, has_colours: bool) -> String {
    let colours = if has_colours { "passes all colours on" } else { "passes 256 colours or fewer on" };
    format!("inside tmux; default-terminal is {terminal}; it {colours}")
}

/// An Esc that is quick.
pub fn escape(millis: u64) -> String {
    format!("escape-time is {millis} ms")
}

/// An Esc that waits.
pub fn slow_escape(millis: u64) -> String {
    format!("escape-time is {millis} ms: every Esc waits that long, and a key typed meanwhile counts as Alt")
}

/// An Esc of which something else is told than a time.
pub fn unknown_escape(told: &str) -> String {
    format!("escape-time is {told}")
}

/// A clipboard that tmux keeps.
pub fn clipboard_kept(setting: &str) -> String {
    format!("set-clipboard is {setting}: tmux drops what a program inside it copies")
}

/// A clipboard of which something else is told.
pub fn unknown_clipboard(told: &str) -> String {
    format!("set-clipboard is {told}")
}
