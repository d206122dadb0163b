//! The form of what the program says on standard error: its name in front of each line, and words kept whole on a terminal.

use super::wrap::wrap;
use crate::domain::text::inert;

/// A line with the program's name in front; what is quoted in it does not act.
pub fn line(said: &str) -> String {
    format!("withdraw-desk: {}", inert(said))
}

/// Lines with their ends, each with the program's name in front; wrapped at words where a terminal of this width shows them, and
/// whole for a pipe or a file.
pub fn lines<T: AsRef<str>>(said: &[T], width: Option<usize>) -> String {
    said.iter().map(|said| ended(&line(said.as_ref()), width)).collect()
}

/// A line as it is, and its end; wrapped at words where a terminal of this width shows it.
pub fn ended(line: &str, width: Option<usize>) -> String {
    match width {
        Some(width) => wrap(line, width).join("\n") + "\n",
        None => format!("{line}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_on_a_terminal_and_lines_in_a_pipe() {
        let said = ["the journal was full", "again"];
        assert_eq!(lines(&said, None), "withdraw-desk: the journal was full\nwithdraw-desk: again\n");
        assert_eq!(lines(&said, Some(24)), "withdraw-desk: the\njournal was full\nwithdraw-desk: again\n");
        assert_eq!(lines(&["a\nb\u{1b}"], Some(80)), "withdraw-desk: a<U+000A>b<U+001B>\n");
    }
}
