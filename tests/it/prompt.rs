//! A secret that is asked for on the terminal of a command without a screen: the real binary in a pseudo-terminal.

use std::process::{Command, Stdio};

use rstest::rstest;
use rustix::process::Signal;
use rustix::termios::{LocalModes, tcgetattr};
use withdraw_desk::journal::Fact;
use withdraw_desk::simulator::conduct::SecondFactor;
use withdraw_desk::simulator::login;

use crate::pty_console::{BINARY, Console, PAUSE, Profile, SIZE, Server};
use crate::release_command::{LONG_AGO, Past};

const QUESTION: &str = "the password of operator (not shown";
const CODE: &str = "235991";

/// An exchange, a profile that says nothing of a password, and a journal with a locked ticket.
struct Desk {
    server: Server,
    profile: Profile,
    ticket: String,
}

impl Desk {
    fn new() -> Self {
        let server = Server::start();
        let profile = Profile::new(&server, login::PASSWORD);
        let config = profile.dir.path().join("config.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        std::fs::write(config, text.split_once("password-file").unwrap().0).unwrap();
        std::fs::remove_file(profile.dir.path().join("password")).unwrap();
        let ticket = server.ticket("fine");
        let mut past = Past::of(&server);
        past.unknown(ticket, LONG_AGO);
        past.keep(&profile);
        Self { server, profile, ticket: ticket.to_string() }
    }

    fn words(&self, command: &str) -> Vec<String> {
        let words: &[&str] = match command {
            "doctor" => &["doctor"],
            _ => &["journal", "release", &self.ticket, "--confirm", &self.ticket, "--reason", "because"],
        };
        self.profile.arguments().into_iter().chain(words.iter().map(|word| (*word).to_owned())).collect()
    }

    /// Runs a command until it asks for the password.
    fn ask(&self, command: &str) -> Console {
        let mut console = Console::start(BINARY, &self.words(command), &[], SIZE);
        console.wait_for(QUESTION);
        assert!(!echoes(&console), "nothing is shown from the question on");
        console
    }

    fn releases(&self) -> usize {
        self.profile.facts().iter().filter(|fact| matches!(fact, Fact::Release(_))).count()
    }
}

fn echoes(console: &Console) -> bool {
    tcgetattr(console.master.as_ref().unwrap()).unwrap().local_modes.contains(LocalModes::ECHO)
}

fn assert_never_shown(console: &Console, secrets: &[&str]) {
    let shown = String::from_utf8_lossy(&console.raw);
    for secret in secrets {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[rstest]
#[case::doctor("doctor", "let in by password")]
#[case::release("release", "is released, for every console")]
fn what_is_typed_is_not_shown_and_counts(#[case] command: &str, #[case] said: &str) {
    let desk = Desk::new();
    let mut console = desk.ask(command);
    // A slip of the hand, and the whole of it once more.
    console.write(&format!("wrong\u{15}{}x\u{7f}\r", login::PASSWORD));
    assert_eq!(console.end(), 0, "{}", console.screen());
    let shown = String::from_utf8_lossy(&console.raw).into_owned();
    assert!(shown.contains(said), "{shown}");
    assert_never_shown(&console, &[login::PASSWORD]);
    console.assert_restored();
}

#[test]
fn a_code_is_asked_for_after_the_password_and_is_not_shown() {
    let desk = Desk::new();
    let wanted = SecondFactor { login: true, code: CODE.to_owned(), ..SecondFactor::default() };
    let set = desk.server.simulator.with(move |exchange, _| exchange.conduct_mut().second_factor = Some(wanted));
    desk.server.runtime.block_on(set).unwrap();
    let mut console = desk.ask("doctor");
    console.write(&format!("{}\r", login::PASSWORD));
    console.wait_for("the code of the second factor");
    console.write(&format!("{CODE}\r"));
    assert_eq!(console.end(), 0, "{}", console.screen());
    assert_never_shown(&console, &[login::PASSWORD, CODE]);
    console.assert_restored();
}

#[rstest]
fn whatever_ends_the_question_the_echo_is_back_and_nothing_was_done(
    #[values("doctor", "release")] command: &str,
    #[values("\u{3}", "\u{1c}", "TERM", "HUP")] end: &str,
) {
    let desk = Desk::new();
    let mut console = desk.ask(command);
    console.write("half of it");
    std::thread::sleep(PAUSE);
    let signal = match end {
        "TERM" => Signal::TERM,
        "HUP" => Signal::HUP,
        key => {
            console.write(key);
            if key == "\u{3}" { Signal::INT } else { Signal::QUIT }
        }
    };
    if end.len() > 1 {
        console.signal(signal);
    }
    assert_eq!(console.end(), 128 + u32::try_from(signal.as_raw()).unwrap(), "{}", console.screen());
    assert_never_shown(&console, &["half of it"]);
    console.assert_restored();
    assert_eq!(desk.releases(), 0);
}

#[rstest]
#[case::nothing("\r", "nothing was typed")]
#[case::escape("abc\u{1b}", "nobody gave it")]
#[case::too_long(&format!("{}\r", "x".repeat(1_025)), "longer than any password or code")]
fn a_question_without_an_answer_is_a_login_that_was_not_tried(#[case] keys: &str, #[case] said: &str) {
    let desk = Desk::new();
    let mut console = desk.ask("release");
    console.write(keys);
    assert_eq!(console.end(), 4, "{}", console.screen());
    assert!(console.screen().replace('\n', " ").contains(said), "{}", console.screen());
    console.assert_restored();
    assert_eq!(desk.releases(), 0);
}

#[rstest]
#[case::release("release", 4, "nothing was released")]
#[case::doctor("doctor", 9, "password-command")]
fn without_a_terminal_it_says_what_to_set(#[case] command: &str, #[case] code: i32, #[case] said: &str) {
    let desk = Desk::new();
    let mut run = Command::new("setsid");
    run.args(["--wait", BINARY]).args(desk.words(command)).stdin(Stdio::null());
    let done = run.output().unwrap();
    let text = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(done.status.code(), Some(code), "{text}");
    assert!(
        one_line.contains("there is no terminal to ask on; use password-file") && one_line.contains(said),
        "{text}"
    );
}
