//! Standard error, where the program says what belongs to no screen and no answer. A dead one must not turn into a panic.

use std::io::{self, IsTerminal, Write};

use rustix::termios::tcgetwinsize;

use crate::app::words::said;

/// On a narrower terminal nothing is gained by keeping words whole.
const NARROWEST: usize = 20;

/// Lines as they are to be written there, with the program's name in front; whole, or wrapped at words on a terminal.
pub(super) fn text(lines: &[String]) -> String {
    said::lines(lines, width())
}

/// Says a line, with the program's name in front.
pub fn say(line: &str) {
    write(&said::lines(&[line], width()));
}

/// Writes lines as they are, without the program's name; wrapped at words on a terminal.
pub fn write_lines(lines: &[String]) {
    let width = width();
    write(&lines.iter().map(|line| said::ended(line, width)).collect::<String>());
}

fn write(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// The columns of the terminal that shows it; none if a pipe or a file takes it, or if the terminal does not know them.
fn width() -> Option<usize> {
    let error = io::stderr();
    let columns = error.is_terminal().then(|| tcgetwinsize(&error).ok())??.ws_col;
    Some(usize::from(columns)).filter(|columns| *columns >= NARROWEST)
}
