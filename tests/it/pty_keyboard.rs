//! Keys as terminals really send them: the real binary, at the console and at the prompt of a command without a screen.

use std::time::Duration;

use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Winsize, tcgetattr, tcsetattr};
use withdraw_desk::simulator::login;

use crate::pty_console::{BINARY, Console, PAUSE, Profile, SIZE, Server};

const ASKED: &str = "the password of operator";
const LET_IN: &str = "end of list";

/// A profile that says nothing of a password.
fn asking(server: &Server) -> Profile {
    let profile = Profile::new(server, login::PASSWORD);
    let config = profile.dir.path().join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(config, text.split_once("password-file").unwrap().0).unwrap();
    profile
}

/// Where a password is asked for, and how it is seen that it was the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Console,
    Prompt,
}

impl Place {
    fn open(self, profile: &Profile) -> Console {
        let mut words = profile.arguments();
        if self == Self::Prompt {
            words.push("doctor".to_owned());
        }
        let mut console = Console::start(BINARY, &words, &[], SIZE);
        console.wait_for(ASKED);
        console
    }

    fn wait_until_let_in(self, console: &mut Console) {
        match self {
            Self::Console => console.wait_for(LET_IN),
            Self::Prompt => {
                assert_eq!(console.end(), 0, "{}", console.screen());
                let shown = String::from_utf8_lossy(&console.raw).into_owned();
                assert!(shown.contains("let in by password"), "{shown}");
            }
        }
        assert!(!String::from_utf8_lossy(&console.raw).contains(login::PASSWORD));
    }
}

#[rstest]
fn a_pasted_password_is_taken_without_its_line_end_and_enter_gives_it(
    #[values(Place::Console, Place::Prompt)] place: Place,
    #[values("\r", "\n", "\r\n", "\u{1b}[201~\r")] end: &str,
) {
    let server = Server::start();
    let profile = asking(&server);
    let mut console = place.open(&profile);
    console.write(&format!("\u{1b}[200~{}{end}\u{1b}[201~", login::PASSWORD));
    // Nothing is given by it; there is no condition for what does not happen.
    std::thread::sleep(PAUSE);
    assert!(console.screen().contains(ASKED) && console.child.try_wait().unwrap().is_none());
    console.write("\r");
    place.wait_until_let_in(&mut console);
}

#[rstest]
fn what_is_pasted_and_entered_in_one_go_is_given(#[values(Place::Console, Place::Prompt)] place: Place) {
    let server = Server::start();
    let profile = asking(&server);
    let mut console = place.open(&profile);
    let (first, last) = login::PASSWORD.split_at(3);
    console.write(&format!("{first}\u{1b}[200~{last}\n\u{1b}[201~\r"));
    place.wait_until_let_in(&mut console);
}

#[rstest]
fn a_password_is_taken_back_by_every_key_that_does_so(
    #[values(Place::Console, Place::Prompt)] place: Place,
    #[values(
        "wrong\u{15}",
        "wrong words\u{17}\u{17}",
        "xy\u{8}\u{7f}",
        "xyz\u{1b}[127u\u{1b}[27;5;104~\u{1b}[104;5u",
        "wrong\u{1b}[117;5u",
        "wrong\u{1b}[27;5;117~",
        "\u{1b}[200~wrong\u{1b}[201~\u{15}"
    )]
    slip: &str,
) {
    let server = Server::start();
    let profile = asking(&server);
    let mut console = place.open(&profile);
    console.write(&format!("{slip}{}\r", login::PASSWORD));
    place.wait_until_let_in(&mut console);
}

/// `stty erase ^A kill ^X werase ^O`: none of them is one of the usual.
#[rstest]
#[case::erase("xy\u{1}\u{1}")]
#[case::kill("wrong\u{18}")]
#[case::werase("wrong words\u{f}\u{f}")]
fn a_password_is_taken_back_by_the_keys_of_the_terminals_own_settings(
    #[values(Place::Console, Place::Prompt)] place: Place,
    #[case] slip: &str,
) {
    let server = Server::start();
    let profile = asking(&server);
    let mut words = profile.arguments();
    if place == Place::Prompt {
        words.push("doctor".to_owned());
    }
    let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let script = format!("stty erase ^A kill ^X werase ^O; exec '{BINARY}' {words}");
    let mut console = Console::start("/bin/sh", &["-c".to_owned(), script], &[], SIZE);
    console.wait_for(ASKED);
    console.write(&format!("{slip}{}\r", login::PASSWORD));
    place.wait_until_let_in(&mut console);
}

/// Answers to what a program asked that is not there any more.
const ANSWERS: [&str; 12] = [
    "\u{1b}]11;rgb:1e1e/1e1e/1e1e\u{1b}\\",
    "\u{1b}]10;rgb:ffff/ffff/ffff\u{7}",
    "\u{1b}P>|XTerm(388)\u{1b}\\",
    "\u{1b}P1+r544e=787465726d2d323536636f6c6f72\u{1b}\\",
    "\u{1b}_Gi=31;OK\u{1b}\\",
    "\u{1b}^qqq\u{1b}\\",
    "\u{1b}Xqqq\u{1b}\\",
    "\u{1b}[12;40R",
    "\u{1b}[?64;1;2;6;9;15;16;17;18;21;22;28;29c",
    "\u{1b}[>41;388;0c",
    "\u{1b}[?2026;2$y",
    "\u{1b}[?1u",
];

#[rstest]
fn late_answers_of_the_terminal_are_no_part_of_a_password_however_they_are_split(
    #[values(Place::Console, Place::Prompt)] place: Place,
    #[values(1, 3, 7)] at_once: usize,
) {
    let server = Server::start();
    let profile = asking(&server);
    let mut console = place.open(&profile);
    let (first, last) = login::PASSWORD.split_at(3);
    console.write(first);
    for answer in ANSWERS {
        // No network splits an escape from what follows it by more than the time that tells it from the key.
        let bytes = answer.as_bytes();
        let (escape, rest) = bytes.split_at(3);
        console.write(std::str::from_utf8(escape).unwrap());
        for part in rest.chunks(at_once) {
            std::thread::sleep(Duration::from_millis(1));
            console.write(std::str::from_utf8(part).unwrap());
        }
    }
    console.write(&format!("{last}\r"));
    place.wait_until_let_in(&mut console);
}

#[rstest]
#[case::escape("\u{1b}")]
#[case::escape_in_csi_u("\u{1b}[27u")]
#[case::escape_pressed("\u{1b}[27;1:1u\u{1b}[27;1:3u")]
#[case::escape_of_other_keys("\u{1b}[27;1;27~")]
#[case::escape_and_a_letter_at_once("\u{1b}z")]
fn the_dialog_is_left_in_every_mode_of_the_keys(#[case] key: &str) {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.choose(ticket);
    console.write(key);
    console.wait_for(LET_IN);
    console.write("q");
    assert_eq!(console.end(), 0);
}

#[rstest]
#[case::csi_u("\u{1b}[99;5u")]
#[case::other_keys("\u{1b}[27;5;99~")]
#[case::both_codes("\u{1b}[99:67;5:1u")]
#[case::another_script("\u{1b}[1089::99;5u")]
#[case::behind_half_of_an_answer("\u{1b}]11;rgb\u{3}")]
#[case::behind_half_of_a_sequence("\u{1b}[1;\u{3}")]
fn control_c_leaves_in_every_mode_of_the_keys(#[case] key: &str) {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.wait_for(LET_IN);
    console.write(key);
    assert_eq!(console.end(), 130);
    console.assert_restored();
}

/// The number block in application mode, the newer codes with their releases, and xterm's other keys: each digit another way.
#[test]
fn a_number_is_typed_in_every_mode_of_the_keys() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.choose(ticket);
    for (at, digit) in ticket.to_string().bytes().enumerate() {
        let code = u32::from(digit);
        let key = match at % 4 {
            0 => format!("\u{1b}O{}", char::from(digit - b'0' + b'p')),
            1 => format!("\u{1b}[{code};1:1u\u{1b}[{code};1:3u"),
            2 => format!("\u{1b}[{}u", code - u32::from(b'0') + 57_399),
            _ => format!("\u{1b}[27;1;{code}~"),
        };
        console.write(&key);
    }
    console.wait_for("ARMED");
    std::thread::sleep(PAUSE);
    console.write("\u{1b}OM");
    console.wait_for("VERIFIED");
    assert_eq!(server.cancel_frames(), 1);
}

#[test]
fn modes_that_a_program_left_on_are_reset_at_the_start_and_brackets_are_put_back_at_the_end() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.wait_for(LET_IN);
    let raw = String::from_utf8_lossy(&console.raw).into_owned();
    let resets = ["[=0u", "[>4;0m", ">", "[?1l", "[?1000l", "[?1003l", "[?1006l", "[?1004l", "[?2004l\u{1b}[?9001l"];
    for reset in resets {
        assert!(raw.contains(&format!("\u{1b}{reset}")), "{reset}");
    }
    assert!(console.parser.screen().bracketed_paste());
    console.write("q");
    assert_eq!(console.end(), 0);
    console.assert_restored();
}

/// A shell that an operator works in, at its prompt.
fn shell() -> Console {
    let words = ["--norc", "--noprofile", "-i"].map(str::to_owned);
    let mut console = Console::start("/bin/bash", &words, &[("PS1", "READY> ")], SIZE);
    console.wait_for("READY>");
    console
}

/// The process that the shell has started.
fn child_of(shell: &Console) -> Pid {
    let pid = shell.child.id();
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    Pid::from_raw(children.split_whitespace().next().unwrap().parse().unwrap()).unwrap()
}

fn command(words: &[String]) -> String {
    let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    format!("clear; '{BINARY}' {words}\r")
}

fn echoes(console: &Console) -> bool {
    let modes = tcgetattr(console.master.as_ref().unwrap()).unwrap();
    modes.local_modes.intersects(LocalModes::ECHO | LocalModes::ICANON)
}

fn stop(console: &mut Console) {
    kill_process(child_of(console), Signal::STOP).unwrap();
    console.wait_until(|console| console.screen().contains("Stopped"));
}

#[rstest]
#[case::at_once("fg\r")]
#[case::over_the_background("bg; sleep 0.3; fg\r")]
fn stopped_from_outside_and_brought_back_by_the_shell_the_console_is_raw_and_redrawn(#[case] back: &str) {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = shell();
    console.write(&command(&profile.arguments()));
    console.wait_for(LET_IN);
    stop(&mut console);
    console.write(back);
    console.wait_until(|console| console.screen().contains(LET_IN) && !console.screen().contains("Stopped"));
    console.wait_until(|console| !echoes(console));
    console.write("?");
    console.wait_for("this page");
    console.write("\u{1b}");
    console.wait_for(LET_IN);
    console.write("q");
    console.wait_for("READY>");
    console.write("exit\r");
    console.end();
}

#[rstest]
#[case::at_once("fg\r")]
#[case::over_the_background("bg; sleep 0.3; fg\r")]
fn stopped_from_outside_and_brought_back_by_the_shell_the_prompt_is_silent_and_asks_again(#[case] back: &str) {
    let server = Server::start();
    let profile = asking(&server);
    let mut console = shell();
    let words: Vec<String> = profile.arguments().into_iter().chain(["doctor".to_owned()]).collect();
    console.write(&command(&words));
    console.wait_for(ASKED);
    console.write("half of an answer");
    // Until it was read; nobody can see that.
    std::thread::sleep(PAUSE);
    stop(&mut console);
    console.write(&format!("clear; {back}"));
    console.wait_until(|console| !console.screen().contains("Stopped") && console.screen().contains(ASKED));
    console.wait_until(|console| !echoes(console));
    console.write(&format!("{}\r", login::PASSWORD));
    console.wait_until(|console| String::from_utf8_lossy(&console.raw).contains("let in by password"));
    console.wait_for("READY>");
    assert!(!String::from_utf8_lossy(&console.raw).contains(login::PASSWORD));
    console.write("exit\r");
    console.end();
}

/// The settings of a terminal may change while somebody else has it.
#[test]
fn after_a_stop_the_keys_of_the_terminals_settings_are_read_anew() {
    let server = Server::start();
    let profile = asking(&server);
    let mut console = Place::Console.open(&profile);
    console.stop();
    let master = console.master.as_ref().unwrap();
    let mut modes = tcgetattr(master).unwrap();
    modes.special_codes[SpecialCodeIndex::VKILL] = 0x18;
    tcsetattr(master, OptionalActions::Now, &modes).unwrap();
    console.signal(Signal::CONT);
    console.wait_until(|console| !echoes(console));
    console.write(&format!("wrong\u{18}{}\r", login::PASSWORD));
    console.wait_for(LET_IN);
}

#[rstest]
#[case::told(&[("COLUMNS", "90"), ("LINES", "30")], 90, 30)]
#[case::told_badly(&[("COLUMNS", "wide"), ("LINES", "0")], 80, 24)]
#[case::told_beyond_measure(&[("COLUMNS", "65535"), ("LINES", "65535")], 80, 24)]
fn a_terminal_without_a_size_is_as_large_as_the_environment_says(
    #[case] env: &[(&str, &str)],
    #[case] columns: u16,
    #[case] rows: u16,
) {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let nothing = Winsize { ws_row: 0, ws_col: 0, ..SIZE };
    let mut console = Console::start(BINARY, &profile.arguments(), env, nothing);
    let length = |length: u16| std::num::NonZeroU16::new(length).unwrap();
    console.parser.screen_mut().set_size(length(rows), length(columns));
    console.wait_for(LET_IN);
    console.wait_for("q quit");
    assert_eq!(console.screen().lines().count(), usize::from(rows));
    console.write("q");
    assert_eq!(console.end(), 0);
}

#[rstest]
fn a_paste_whose_end_does_not_come_is_told_and_left_by_control_c(
    #[values(Place::Console, Place::Prompt)] place: Place,
) {
    let server = Server::start();
    let profile = asking(&server);
    let mut console = place.open(&profile);
    console.write(&format!("\u{1b}[200~{}\r", login::PASSWORD));
    console.wait_for("its end does not");
    console.write("q\r");
    // The silence itself is what is tested.
    std::thread::sleep(Duration::from_millis(1_100));
    assert!(console.child.try_wait().unwrap().is_none());
    console.write("\u{3}");
    assert_eq!(console.end(), 130);
    console.assert_restored();
    assert!(!String::from_utf8_lossy(&console.raw).contains(login::PASSWORD));
}

#[rstest]
#[case::of_a_string("\u{1b}]11;rgb:1e1e")]
#[case::of_attributes("\u{1b}P>|XTerm")]
#[case::of_a_sequence("\u{1b}[?64;1")]
fn esc_leaves_the_dialog_behind_an_answer_whose_end_does_not_come(#[case] half: &str) {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.choose(ticket);
    console.write(half);
    console.write("\u{1b}");
    console.wait_for(LET_IN);
    console.write("q");
    assert_eq!(console.end(), 0);
}
