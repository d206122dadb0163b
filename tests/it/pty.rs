//! The real binary in a pseudo-terminal: what an operator sees, and what is left of the terminal afterwards.

use std::process::{Command, Stdio};
use std::time::Duration;

use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::Winsize;
use withdraw_desk::journal::Fact;
use withdraw_desk::runtime::clock;
use withdraw_desk::simulator::login;

use crate::pty_console::{BINARY, Console, PATIENCE, PAUSE, Profile, SIZE, Server};

#[test]
fn demo_lists_cancels_to_verified_and_gives_the_terminal_back() {
    let mut console = Console::start(BINARY, &["demo".to_owned()], &[], SIZE);
    console.wait_for("end of list");
    let first = console.screen().split("> ").nth(1).unwrap().trim_start()[..5].parse().unwrap();
    console.cancel(first);
    console.wait_for("VERIFIED  Failed -> AdminCanceled, by you");
    console.write("\u{1b}");
    console.wait_for("end of list");
    assert!(console.screen().contains("> AdminCanceled"), "{}", console.screen());
    console.write("q");
    assert_eq!(console.end(), 0);
    console.assert_restored();
}

#[rstest]
#[case::interrupt(Signal::INT, 130)]
#[case::hang_up(Signal::HUP, 129)]
#[case::quit(Signal::QUIT, 131)]
#[case::terminate(Signal::TERM, 143)]
fn a_signal_ends_the_console_and_gives_the_terminal_back(#[case] signal: Signal, #[case] code: u32) {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.wait_for("end of list");
    console.signal(signal);
    assert_eq!(console.end(), code);
    console.assert_restored();
    assert!(matches!(profile.facts().last(), Some(Fact::Closed)));
}

#[test]
fn control_c_ends_the_console_and_gives_the_terminal_back() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.wait_for("end of list");
    console.write("\u{3}");
    assert_eq!(console.end(), 130);
    console.assert_restored();
}

/// A terminal that takes no output holds nothing but the output: the console goes on, and ends when told.
#[test]
fn a_stalled_terminal_does_not_keep_the_process_alive() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.wait_for("end of list");
    console.stall();
    console.signal(Signal::TERM);
    assert_eq!(console.wait_without_reading(), 143);
    assert!(matches!(profile.facts().last(), Some(Fact::Closed)), "the journal is complete");
}

#[test]
fn what_is_typed_at_a_stalled_terminal_is_ignored_and_the_console_goes_on_when_it_takes_output_again() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.wait_for("end of list");
    console.stall();
    // Longer than the frame that is on its way may take to count as seen.
    std::thread::sleep(Duration::from_millis(600));
    console.write("q");
    console.wait_for("typed while the screen was frozen is ignored");
    console.write("q");
    assert_eq!(console.end(), 0);
    console.assert_restored();
}

#[test]
fn a_long_paste_without_brackets_is_taken_in_whole() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.wait_for("end of list");
    for _ in 0..10 {
        console.write(&"z".repeat(2_000));
    }
    console.write("?");
    console.wait_for("this page");
    console.write("\u{1b}");
    console.wait_for("end of list");
    console.write("q");
    assert_eq!(console.end(), 0);
}

#[test]
fn without_a_terminal_there_is_one_clear_line_and_exit_code_2() {
    for arguments in [&["demo"][..], &[][..]] {
        let output = Command::new(BINARY).args(arguments).stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("the console needs a terminal") && said.lines().count() == 1, "{said}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_terminal_that_cannot_place_text_is_refused_in_words() {
    let mut console = Console::start(BINARY, &["demo".to_owned()], &[("TERM", "dumb")], SIZE);
    assert_eq!(console.end(), 2);
    assert!(console.screen().contains("TERM is \"dumb\""), "{}", console.screen());
}

#[test]
fn below_40x8_there_is_one_line_and_a_resize_brings_the_list_back() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let small = Winsize { ws_row: 7, ws_col: 39, ..SIZE };
    let mut console = Console::start(BINARY, &profile.arguments(), &[], small);
    console.wait_for("needs 40x8, have 39x7");
    console.resize(SIZE);
    let size = |length| std::num::NonZeroU16::new(length).unwrap();
    console.parser.screen_mut().set_size(size(24), size(80));
    console.wait_for("end of list");
    console.write("q");
    assert_eq!(console.end(), 0);
    console.assert_restored();
}

#[test]
fn an_idle_console_writes_nothing() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.wait_for("live");
    console.wait_for("end of list");
    // The first frames may take their time, and a minute's step of an age may fall into it; then nothing is written for longer
    // than a keep-alive.
    let start = clock::boot();
    while let Some(written) = console.next_chunk(Duration::from_secs(12)) {
        assert!(clock::boot().since(start) < PATIENCE, "it goes on writing: {written:?}");
    }
}

#[test]
fn pastes_and_held_keys_send_nothing_and_the_same_dialog_still_cancels() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.choose(ticket);
    console.write(&"\r".repeat(200));
    console.write(&"x".repeat(100));
    console.wait_for("Digits only here");
    console.write(&format!("{ticket}\r"));
    console.wait_for("A key came just before that Enter");
    console.write(&format!("\u{1b}[200~{ticket}\r\u{1b}[201~"));
    console.wait_for("Pasted text is ignored");
    assert_eq!(server.cancel_frames(), 0);
    std::thread::sleep(PAUSE);
    console.write("\r");
    console.wait_for("VERIFIED");
    assert_eq!(server.cancel_frames(), 1);
}

#[test]
fn a_mouse_that_was_left_on_is_turned_off_and_its_clicks_confirm_nothing() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.parser.process(b"\x1b[?1000h\x1b[?1006h");
    console.arm(ticket);
    assert_eq!(console.parser.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    for click in ["\u{1b}[M !!", "\u{1b}[<0;10;5M", "\u{1b}[<0;10;5m", "\u{1b}[<64;10;5M", "\u{1b}[32;10;5M"] {
        std::thread::sleep(PAUSE);
        console.write(click);
    }
    std::thread::sleep(PAUSE);
    assert_eq!(server.cancel_frames(), 0);
    console.write("\r");
    console.wait_for("VERIFIED");
    assert_eq!(server.cancel_frames(), 1);
}

#[test]
fn suspended_the_shell_has_its_terminal_and_going_on_draws_everything_again() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let arguments = profile.arguments().iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    // A shell with job control, as at a desk.
    let script = format!("set -m; '{BINARY}' {arguments}; echo stopped; read -r _; fg; echo ended");
    let mut console = Console::start("/bin/bash", &["-c".to_owned(), script], &[], SIZE);
    console.wait_for("end of list");
    console.write("\u{1a}");
    console.wait_for("stopped");
    console.write("\n");
    console.wait_for("end of list");
    console.write("q");
    assert_eq!(console.end(), 0);
    console.assert_restored();
}

/// The console in a shell with job control; after Ctrl-Z the shell does this.
fn suspended(profile: &Profile, then: &str) -> Console {
    let arguments = profile.arguments().iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let script = format!("set -m; '{BINARY}' {arguments}; echo stopped; {then}");
    let mut console = Console::start("/bin/bash", &["-c".to_owned(), script], &[], SIZE);
    console.wait_for("end of list");
    console.write("\u{1a}");
    console.wait_for("stopped");
    console
}

#[rstest]
#[case::at_once("")]
#[case::after_it_went_on_in_the_background("bg; sleep 1; ")]
#[case::after_something_was_typed_for_the_shell("bg; read -r _; sleep 0.5; ")]
fn suspended_and_then_killed_the_process_ends_and_leaves_the_terminal_to_the_shell(#[case] before: &str) {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    // 148 is the shell's word for a job that it still takes for stopped.
    let wait = "wait %1; s=$?; while [ $s = 148 ]; do sleep 0.05; wait %1; s=$?; done; echo \"ended $s\"";
    let mut console = suspended(&profile, &format!("{before}kill %1; {wait}"));
    console.write("a line for the shell\n");
    assert_eq!(console.end(), 0);
    // The shell tells it by itself where it was quicker than the script.
    let told = console.screen();
    assert!(told.contains("ended 143") || told.contains("Exit 143"), "{told}");
    assert!(matches!(profile.facts().last(), Some(Fact::Closed)), "the journal is complete");
    console.assert_restored();
}

#[test]
fn in_the_background_it_leaves_the_terminal_to_the_shell_and_takes_it_in_the_foreground() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = suspended(&profile, "bg; read -r line; echo \"got $line\"; read -r _; fg; echo ended");
    console.write("a line for the shell\n");
    console.wait_for("got a line for the shell");
    assert!(!console.parser.screen().alternate_screen());
    console.write("\n");
    console.wait_for("end of list");
    assert!(console.parser.screen().alternate_screen());
    console.write("q");
    assert_eq!(console.end(), 0);
    console.assert_restored();
}

#[rstest]
#[case::it_was_acted_upon("lost-after", "VERIFIED")]
#[case::it_was_not("lost-before", "Do not send again")]
fn killed_between_send_and_reply_the_next_start_locks_the_ticket_and_reads_it(
    #[case] case: &'static str,
    #[case] stands: &str,
) {
    let server = Server::start();
    let ticket = server.ticket(case);
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.cancel(ticket);
    console.wait_for("Waiting for the receipt");
    server.wait_for_cancel_frame();
    console.signal(Signal::KILL);
    console.end();
    assert!(!profile.facts().iter().any(|fact| matches!(fact, Fact::Reply(_) | Fact::Outcome { .. })));
    let mut next = profile.open();
    next.wait_for(&format!("#{ticket}"));
    next.wait_for("on this exchange");
    next.wait_for(stands);
    if case == "lost-before" {
        next.write("\u{1b}");
        next.select(ticket);
        next.write("x");
        next.wait_for("Locked: ");
    }
    assert_eq!(server.cancel_frames(), 1);
}

#[test]
fn a_wrong_password_is_told_and_not_tried_again_and_never_shown() {
    let server = Server::start();
    let canary = "canary-3f9a1c77";
    let profile = Profile::new(&server, canary);
    let mut console = profile.open();
    console.wait_for("LOGIN REFUSED");
    console.wait_for("Invalid username or password");
    console.write("q");
    assert_eq!(console.end(), 0);
    console.assert_restored();
    let written = String::from_utf8_lossy(&console.raw).into_owned();
    let journal = std::fs::read_to_string(profile.journal()).unwrap();
    assert!(!written.contains(canary) && !journal.contains(canary));
}

#[test]
fn a_full_disk_sends_nothing_and_says_so() {
    let server = Server::start();
    let ticket = server.ticket("fine");
    let profile = Profile::new(&server, login::PASSWORD);
    // The kernel lets no file grow beyond one block, as a full disk does; ignored, its signal becomes the error EFBIG.
    let mut words =
        vec!["-c".to_owned(), "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"".to_owned(), BINARY.to_owned()];
    words.extend(profile.arguments());
    let mut console = Console::start("/bin/sh", &words, &[], SIZE);
    console.cancel(ticket);
    console.wait_for("No journal, no send");
    assert_eq!(server.cancel_frames(), 0);
    let facts = profile.facts();
    assert!(!facts.iter().any(|fact| matches!(fact, Fact::Intent(_))), "the half line is cut back");
    console.write("\u{1b}");
    console.wait_for("NO JOURNAL, NO SEND");
    assert!(console.screen().contains("READ-ONLY (journal)"));
    console.write("q");
    assert_eq!(console.end(), 0);
    assert!(console.screen().contains("the journal failed"), "{}", console.screen());
}

#[test]
fn a_mistake_in_the_configuration_is_one_line_before_the_screen_is_touched() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let config = profile.dir.path().join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::set_permissions(profile.dir.path().join("password"), std::os::unix::fs::PermissionsExt::from_mode(0o644))
        .unwrap();
    let broken = [
        (text.clone(), "chmod 600"),
        (text.replace("write = true", "write = \"yes\""), "wanted true or false"),
        (text.replace("url = \"ws://127.0.0.1", "url = \"ws://10.0.0.1"), "clear text"),
        (text.replace("password-file", "pasword-file"), "pasword-file"),
        (text.replace("default-profile = \"sim\"", "default-profile = \"prod\""), "there are: sim"),
    ];
    for (text, said) in broken {
        std::fs::write(&config, text).unwrap();
        let mut console = Console::start(BINARY, &profile.arguments(), &[], Winsize { ws_col: 250, ..SIZE });
        assert_eq!(console.end(), 2);
        let screen = console.screen();
        assert!(screen.contains(said) && screen.contains("config.toml"), "{screen}");
        assert!(!String::from_utf8_lossy(&console.raw).contains("\u{1b}[?1049h"));
    }
}

#[test]
fn the_simulator_prints_how_to_log_in() {
    let mut child = Command::new(BINARY).arg("simulate").stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let mut names = Vec::new();
    while names.len() < 8 {
        let line = lines.next().unwrap().unwrap();
        let (name, value) = line.split_once(": ").unwrap();
        assert!(!value.is_empty());
        names.push(name.to_owned());
    }
    let wanted = ["url", "username", "password", "user-id", "api-key", "api-secret", "oms-id", "operator-id"];
    assert_eq!(names, wanted);
    let pid = Pid::from_child(&child);
    kill_process(pid, Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// `kill -STOP` asks nobody; the shell sets its own modes meanwhile, and writes on the screen.
#[test]
fn stopped_from_outside_and_continued_the_console_is_raw_again_and_redrawn() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let mut console = profile.open();
    console.wait_for("end of list");
    let raw = console.modes();
    console.stop();
    assert_ne!(console.modes(), raw);
    console.parser.process(b"\x1b[5;1H[1]+ Stopped");
    console.signal(Signal::CONT);
    console.wait_until(|console| console.modes() == raw);
    console.wait_until(|console| !console.screen().contains("Stopped"));
    console.write("?");
    console.wait_for("this page");
    console.write("\u{1b}");
    console.wait_for("end of list");
    console.write("q");
    assert_eq!(console.end(), 0);
    console.assert_restored();
}

/// A serial line, or a window that is not drawn yet.
#[test]
fn a_terminal_that_does_not_know_its_size_is_taken_for_the_usual_one() {
    let server = Server::start();
    let profile = Profile::new(&server, login::PASSWORD);
    let nothing = Winsize { ws_row: 0, ws_col: 0, ..SIZE };
    let mut console = Console::start(BINARY, &profile.arguments(), &[], nothing);
    let size = |length| std::num::NonZeroU16::new(length).unwrap();
    console.parser.screen_mut().set_size(size(24), size(80));
    console.wait_for("end of list");
    assert!(console.screen().contains("q quit"), "{}", console.screen());
    console.write("q");
    assert_eq!(console.end(), 0);
}
