//! `withdraw-desk manual`, by the real binary: in a pipe, and on a terminal with pagers that a person may have.

use std::io::Read;
use std::process::{Command, Output, Stdio};

use withdraw_desk::app::words::manual::TOPICS;

use crate::pty_console::{BINARY, Console, SIZE};

fn manual(arguments: &[&str]) -> Output {
    let pager = ("PAGER", "echo a pager in a pipe");
    Command::new(BINARY).arg("manual").args(arguments).envs([pager]).stdin(Stdio::null()).output().unwrap()
}

fn on_a_terminal(arguments: &[&str], pager: &str) -> Console {
    let arguments: Vec<String> = [&["manual"], arguments].concat().into_iter().map(str::to_owned).collect();
    Console::start(BINARY, &arguments, &[("PAGER", pager), ("TERM", "xterm")], SIZE)
}

#[test]
fn in_a_pipe_every_manual_is_printed_as_it_is() {
    for topic in TOPICS {
        let output = manual(&[topic.name]);
        assert!(output.status.success() && output.stderr.is_empty());
        assert_eq!(String::from_utf8(output.stdout).unwrap(), topic.text);
    }
}

#[test]
fn without_a_topic_all_are_listed_with_a_line_each() {
    let listed = String::from_utf8(manual(&[]).stdout).unwrap();
    for topic in TOPICS {
        assert!(listed.lines().any(|line| line.contains(topic.name) && line.contains(topic.about)), "{listed}");
    }
    assert!(listed.lines().all(|line| line.len() <= 80), "{listed}");
}

#[test]
fn an_unknown_topic_is_a_usage_error_that_says_which_there_are() {
    let output = manual(&["withdrawals"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.stdout.is_empty() && said.lines().count() == 1, "{said}");
    assert!(TOPICS.iter().all(|topic| said.contains(topic.name)), "{said}");
}

#[test]
fn a_reader_that_leaves_early_is_no_fault() {
    let mut child = Command::new(BINARY);
    child.args(["manual", "configuration"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success() && said.is_empty(), "{said}");
}

#[test]
fn on_a_terminal_the_pager_of_the_operator_is_a_command_of_the_shell_and_gets_the_text() {
    let mut console = on_a_terminal(&["exit-codes"], "read first; echo \"paged: $first\"; cat > /dev/null");
    console.wait_for("paged: # Exit codes");
    assert_eq!(console.end(), 0);
}

#[test]
fn a_pager_that_is_left_early_or_fails_is_no_fault() {
    assert_eq!(on_a_terminal(&["configuration"], "head -n 1 > /dev/null").end(), 0);
    assert_eq!(on_a_terminal(&["configuration"], "exit 3").end(), 0);
}

#[test]
fn without_a_pager_the_manual_is_printed() {
    for pager in ["", "/no/such/pager"] {
        let mut console = on_a_terminal(&["exit-codes"], pager);
        console.wait_for("says what to do.");
        assert_eq!(console.end(), 0);
    }
}

#[test]
fn on_a_terminal_that_cannot_place_text_the_usual_pager_is_left_out() {
    let arguments = ["-u", "PAGER", "TERM=dumb", BINARY, "manual", "exit-codes"].map(str::to_owned);
    let mut console = Console::start("/usr/bin/env", &arguments, &[], SIZE);
    console.wait_for("says what to do.");
    assert_eq!(console.end(), 0);
}

#[test]
fn a_terminal_that_is_only_written_to_is_one_for_the_pager() {
    let arguments = ["-c".to_owned(), format!("{BINARY} manual journal < /dev/null")];
    let mut console = Console::start("/bin/sh", &arguments, &[("PAGER", "wc -l; echo paged")], SIZE);
    console.wait_for("paged");
    assert_eq!(console.end(), 0);
}

/// Ctrl-C is for the pager: a program that dies of it leaves the pager behind with a shell that reads the same keys.
#[test]
fn a_key_for_the_pager_does_not_end_the_program_that_waits_for_it() {
    let mut console = on_a_terminal(
        &["journal"],
        "trap 'echo interrupted; exit 0' INT; cat > /dev/null; echo ready; read line < /dev/tty",
    );
    console.wait_for("ready");
    // A shell that hears of the key just before it begins to read waits for a line all the same.
    console.write("\u{3}\n");
    console.wait_for("interrupted");
    assert_eq!(console.end(), 0);
}
