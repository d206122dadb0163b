//! Asks another program, such as `tmux` or `loginctl`, for a few lines. It is given no input, no shell and no long time.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::app::words::{files, tool as words};

/// A program that has not answered by now is killed.
const LIMIT: Duration = Duration::from_secs(2);
/// More than this is not read.
const LONGEST: u64 = 256 * 1024;

/// Runs the program and returns its standard output. The error is the end of a sentence that begins with its name.
pub fn ask(program: &str, arguments: &[&str]) -> Result<String, String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| words::not_run(&files::why(&error)))?;
    let (told, answer) = mpsc::channel();
    let out = child.stdout.take();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = out.map_or(Ok(0), |out| out.take(LONGEST).read_to_end(&mut bytes));
        let _ = told.send(read.map(|_| bytes));
    });
    let read = answer.recv_timeout(LIMIT);
    if read.is_err() {
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| files::why(&error))?;
    match read {
        Err(_) => Err(words::no_answer(LIMIT.as_secs())),
        Ok(Err(error)) => Err(files::why(&error)),
        Ok(Ok(_)) if !status.success() => Err(words::failed(status)),
        Ok(Ok(bytes)) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_prints_is_read_and_what_it_fails_with_is_said() {
        assert_eq!(ask("echo", &["a", "b c"]), Ok("a b c\n".to_owned()));
        assert_eq!(ask("false", &[]), Err("failed (exit status: 1)".to_owned()));
        assert!(ask("/no/such/program", &[]).unwrap_err().starts_with("cannot be run: "));
    }

    #[test]
    fn a_program_that_does_not_end_is_killed() {
        assert_eq!(ask("sleep", &["60"]), Err("did not answer in 2 s".to_owned()));
    }
}
