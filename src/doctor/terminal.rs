//! The terminal: whether there is one, its size, its colours, its letters, and the way a copy takes to the operator's clipboard.

use std::io::IsTerminal;

use rustix::termios::tcgetwinsize;

use super::environment::Environment;
use super::finding::CheckFinding;
use crate::app::Size;
use crate::app::words::doctor::terminal as words;
use crate::app::words::doctor::terminal::{clipboard as copy_words, colours as colour_words, letters as letter_words};

/// The screens are made for this.
const WANTED: Size = Size { width: 80, height: 24 };

/// The terminal at standard input, output and error, where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TerminalSeen {
    is_terminal: [bool; 3],
    size: Option<Size>,
}

impl TerminalSeen {
    fn look() -> Self {
        let (input, output, error) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
        let is_terminal = [input.is_terminal(), output.is_terminal(), error.is_terminal()];
        let size = tcgetwinsize(&input).or_else(|_| tcgetwinsize(&output)).or_else(|_| tcgetwinsize(&error)).ok();
        Self { is_terminal, size: size.map(|size| Size { width: size.ws_col, height: size.ws_row }) }
    }
}

/// Judges the terminal.
pub fn check(environment: &Environment) -> Vec<CheckFinding> {
    vec![terminal(TerminalSeen::look(), environment), colours(environment), letters(environment)]
}

fn terminal(seen: TerminalSeen, environment: &Environment) -> CheckFinding {
    const NAME: &str = "terminal";
    if seen.is_terminal == [false; 3] {
        return CheckFinding::unknown(NAME, words::NONE).with_mend(words::RUN_THERE);
    }
    let term = environment.get("TERM").unwrap_or_default();
    if matches!(term, "" | "dumb") {
        return CheckFinding::fail(NAME, words::cannot_place_text(term), words::SET_TERM);
    }
    match seen.size {
        None | Some(Size { width: 0, .. } | Size { height: 0, .. }) => {
            CheckFinding::unknown(NAME, words::no_size(term)).with_mend(words::TELL_SIZE)
        }
        Some(size) if size.width < WANTED.width || size.height < WANTED.height => {
            CheckFinding::warn(NAME, words::size(size, term), words::make_it_larger(WANTED))
        }
        Some(size) => CheckFinding::ok(NAME, words::size(size, term)),
    }
}

fn colours(environment: &Environment) -> CheckFinding {
    const NAME: &str = "colours";
    let term = environment.get("TERM").unwrap_or(colour_words::NO_TERM);
    let told = environment.get("COLORTERM").unwrap_or_default();
    let how_many = if environment.has("NO_COLOR") {
        colour_words::NOT_WANTED.to_owned()
    } else if matches!(told, "truecolor" | "24bit") || term.ends_with("-direct") {
        colour_words::all(told, term)
    } else if term.contains("256color") {
        colour_words::many(term)
    } else if matches!(term, colour_words::NO_TERM | "dumb" | "vt100" | "vt102" | "vt220") || term.ends_with("-m") {
        colour_words::none(term)
    } else {
        colour_words::few(term)
    };
    CheckFinding::ok(NAME, colour_words::not_needed(&how_many))
}

fn letters(environment: &Environment) -> CheckFinding {
    const NAME: &str = "letters";
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| Some((*name, environment.get(name)?)));
    let is_utf8 = |value: &str| ["utf-8", "utf8"].iter().any(|word| value.to_ascii_lowercase().ends_with(word));
    let mend = letter_words::SET_LANG;
    match set {
        Some((name, value)) if is_utf8(value) => CheckFinding::ok(NAME, letter_words::utf8(name, value)),
        Some((name, value)) => CheckFinding::warn(NAME, letter_words::not_utf8(name, value), mend),
        None => CheckFinding::unknown(NAME, letter_words::NO_LOCALE).with_mend(mend),
    }
}

/// By which way a copy reaches the clipboard. Nothing is sent: a terminal does not answer that it took one.
pub fn clipboard(environment: &Environment) -> CheckFinding {
    const NAME: &str = "clipboard";
    if environment.get("TERM") == Some("linux") {
        return CheckFinding::warn(NAME, copy_words::LINUX_CONSOLE, copy_words::USE_EMULATOR);
    }
    if environment.get("TERM_PROGRAM") == Some("Apple_Terminal") && !environment.has("TMUX") {
        return CheckFinding::warn(NAME, copy_words::TERMINAL_APP, copy_words::USE_THE_MOUSE);
    }
    let way =
        copy_words::Way { tmux: environment.has("TMUX"), screen: environment.has("STY"), ssh: environment.is_ssh() };
    CheckFinding::unknown(NAME, copy_words::way(&way)).with_mend(copy_words::ALLOW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::CheckState;
    use rstest::rstest;

    fn seen(is_terminal: [bool; 3], size: Option<(u16, u16)>) -> TerminalSeen {
        TerminalSeen { is_terminal, size: size.map(|(width, height)| Size { width, height }) }
    }

    #[rstest]
    #[case::fine(seen([true; 3], Some((120, 40))), "xterm", CheckState::Ok, "120 columns, 40 rows, TERM is xterm")]
    #[case::piped_on(seen([true, false, true], Some((80, 24))), "xterm", CheckState::Ok, "80 columns")]
    #[case::narrow(seen([true; 3], Some((79, 24))), "xterm", CheckState::Warn, "79 columns")]
    #[case::low(seen([true; 3], Some((80, 23))), "xterm", CheckState::Warn, "23 rows")]
    #[case::no_size(seen([true; 3], Some((0, 0))), "xterm", CheckState::Unknown, "does not tell its size")]
    #[case::dumb(seen([true; 3], Some((80, 24))), "dumb", CheckState::Fail, "TERM is \"dumb\"")]
    #[case::none(seen([false; 3], None), "dumb", CheckState::Unknown, "there is none")]
    fn the_terminal_is_judged_by_what_the_console_needs(
        #[case] seen: TerminalSeen,
        #[case] term: &str,
        #[case] state: CheckState,
        #[case] said: &str,
    ) {
        let finding = terminal(seen, &Environment::from([("TERM", term)]));
        assert_eq!(finding.state, state, "{finding:?}");
        assert!(finding.found.contains(said), "{finding:?}");
    }

    #[rstest]
    #[case::no_colour([("TERM", "xterm-256color"), ("NO_COLOR", "1")], "none, because NO_COLOR")]
    #[case::true_colour([("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], "16 million")]
    #[case::many([("TERM", "tmux-256color"), ("COLORTERM", "x")], "256 ")]
    #[case::few([("TERM", "xterm"), ("COLORTERM", "x")], "8 or 16")]
    #[case::one([("TERM", "vt100"), ("COLORTERM", "x")], "none (TERM is vt100)")]
    fn colours_are_told_and_never_needed(#[case] variables: [(&'static str, &str); 2], #[case] said: &str) {
        let finding = colours(&Environment::from(variables));
        assert_eq!(finding.state, CheckState::Ok);
        assert!(finding.found.starts_with(said), "{finding:?}");
    }

    #[rstest]
    #[case::utf8([("LANG", "de_CH.UTF-8")], CheckState::Ok)]
    #[case::latin([("LANG", "de_CH.ISO8859-1")], CheckState::Warn)]
    #[case::none([("TERM", "xterm")], CheckState::Unknown)]
    fn letters_need_utf_8(#[case] variables: [(&'static str, &str); 1], #[case] state: CheckState) {
        assert_eq!(letters(&Environment::from(variables)).state, state);
    }

    #[test]
    fn the_first_locale_that_is_set_counts() {
        assert_eq!(letters(&Environment::from([("LC_ALL", "C"), ("LANG", "C.UTF-8")])).state, CheckState::Warn);
    }

    #[rstest]
    #[case::ssh_and_tmux([("SSH_TTY", "/dev/pts/1"), ("TMUX", "x")], CheckState::Unknown, "through tmux (see tmux-clipboard) over SSH")]
    #[case::screen([("STY", "1.x"), ("TERM", "screen")], CheckState::Unknown, "GNU screen")]
    #[case::virtual_console([("TERM", "linux"), ("LANG", "C")], CheckState::Warn, "Linux console")]
    #[case::apple([("TERM", "xterm"), ("TERM_PROGRAM", "Apple_Terminal")], CheckState::Warn, "Terminal.app")]
    fn a_copy_is_never_said_to_arrive(
        #[case] variables: [(&'static str, &str); 2],
        #[case] state: CheckState,
        #[case] said: &str,
    ) {
        let finding = clipboard(&Environment::from(variables));
        assert_eq!(finding.state, state);
        assert!(finding.found.contains(said), "{finding:?}");
    }
}
