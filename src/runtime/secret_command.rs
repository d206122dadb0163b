//! A secret from a program: its name and arguments, run without a shell. What it prints goes nowhere but into the secret.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::clock;
use crate::app::words::files;
use crate::app::words::secret_source::{self, SecretSource, command as words};
use crate::domain::Boot;
use crate::domain::secret_line::{LONGEST, secret_line};
use crate::domain::text::inert;

/// A password command may ask a person for a passphrase.
pub const PASSWORD_LIMIT: Duration = Duration::from_secs(30);
/// A code is computed.
pub const CODE_LIMIT: Duration = Duration::from_secs(10);

/// As much of the program's complaint as an operator would read.
const QUOTED: usize = 200;
/// The time between two looks whether the program has ended: nothing tells without a signal of the whole process.
const LOOK: Duration = Duration::from_millis(10);

/// Runs a program and takes the first line that it prints. Its standard input is empty, but it has the terminal, if there is
/// one, and may ask there. The error is a sentence; it quotes what the program complains of, never what it prints.
pub fn run(argv: &[String], limit: Duration) -> Result<SecretString, String> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(words::EMPTY.to_owned());
    };
    // Not the arguments: they are the operator's own, and may be more than a name.
    let name = inert(program);
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| words::not_run(&name, &files::why(&error)))?;
    let printed = child.stdout.take().map(read);
    let complained = child.stderr.take().map(read);
    let ended = wait(&mut child, clock::boot() + limit).map_err(|error| words::lost(&name, &files::why(&error)))?;
    let Some(status) = ended else {
        return Err(words::too_slow(&name, limit.as_secs()));
    };
    if !status.success() {
        return Err(words::failed(&name, status, quote(complained).as_deref()));
    }
    let printed = take(printed);
    secret_line(&printed).map_err(|flaw| words::no_secret(&name, &secret_source::flaw(SecretSource::Command, flaw)))
}

/// Reads on a thread of its own, at most as much as counts. Whoever holds the other end open after the program has ended is not
/// waited for.
fn read(mut from: impl Read + Send + 'static) -> Receiver<Zeroizing<Vec<u8>>> {
    let (done, bytes) = sync_channel(1);
    std::thread::spawn(move || {
        // With room for everything, so that no copy is left behind where it grew.
        let mut buffer = Zeroizing::new(vec![0; LONGEST + 3]);
        let mut length = 0;
        while let Some(room) = buffer.get_mut(length..).filter(|room| !room.is_empty()) {
            match from.read(room) {
                Ok(0) | Err(_) => break,
                Ok(count) => length += count,
            }
        }
        buffer.truncate(length);
        let _ = done.send(buffer);
        // A program that prints more must not be stopped by a full pipe.
        let _ = std::io::copy(&mut from, &mut std::io::sink());
    });
    bytes
}

fn take(bytes: Option<Receiver<Zeroizing<Vec<u8>>>>) -> Zeroizing<Vec<u8>> {
    const MOMENT: Duration = Duration::from_millis(500);
    bytes.and_then(|bytes| bytes.recv_timeout(MOMENT).ok()).unwrap_or_default()
}

/// The program's end; `None` if it had to be ended.
fn wait(child: &mut Child, deadline: Boot) -> std::io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if clock::boot() >= deadline {
            let _ = child.kill();
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(LOOK);
    }
}

/// Its complaint, in one line, if it does.
fn quote(complained: Option<Receiver<Zeroizing<Vec<u8>>>>) -> Option<String> {
    let bytes = take(complained);
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let quoted: String = line.chars().take(QUOTED).collect();
    (!quoted.is_empty()).then(|| inert(&quoted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use secrecy::ExposeSecret;

    fn shell(script: &str, limit: Duration) -> Result<String, String> {
        let argv = ["/bin/sh", "-c", script].map(str::to_owned);
        run(&argv, limit).map(|secret| secret.expose_secret().to_owned())
    }

    #[rstest]
    #[case::first_line("printf 'hunter2\\nuser: me\\n'", "hunter2")]
    #[case::no_line_end("printf hunter2", "hunter2")]
    #[case::carriage_return("printf 'hunter2\\r\\n'", "hunter2")]
    #[case::blanks_count("printf ' hunter 2 \\n'", " hunter 2 ")]
    #[case::much_more("echo hunter2; head -c 200000 /dev/zero", "hunter2")]
    #[case::input_is_empty("cat; echo hunter2", "hunter2")]
    fn the_first_line_is_the_secret(#[case] script: &str, #[case] secret: &str) {
        assert_eq!(shell(script, PASSWORD_LIMIT).as_deref(), Ok(secret));
    }

    #[rstest]
    #[case::fails("echo hunter2; printf 'no \\033[2J key\\n' >&2; exit 3", "exit status: 3): no <U+001B>[2J key")]
    #[case::empty("echo; echo hunter2", "printed nothing in its first line")]
    #[case::mark("printf '\\357\\273\\277hunter2\\n'", "printed a byte order mark (BOM) in line 1")]
    #[case::lone_return("printf 'hunter2\\rme'", "printed a carriage return (CR) in line 1")]
    #[case::wide("printf 'h\\0u\\0'", "NUL bytes or the mark of UTF-16")]
    #[case::endless("head -c 20000 /dev/zero | tr '\\0' x", "more than 16 KiB")]
    fn what_goes_wrong_is_said_without_what_was_printed(#[case] script: &str, #[case] said: &str) {
        let error = shell(script, PASSWORD_LIMIT).unwrap_err();
        assert!(error.contains(said) && !error.contains("hunter2") && !error.contains("xxx"), "{error}");
    }

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let error = shell("echo hunter2; exec sleep 60", Duration::from_millis(100)).unwrap_err();
        assert!(error.contains("took longer than") && !error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named_without_its_arguments() {
        let error = run(&["/nonexistent/pass".to_owned(), "hunter2".to_owned()], CODE_LIMIT).err().unwrap();
        assert!(error.contains("/nonexistent/pass") && !error.contains("hunter2"), "{error}");
        assert!(run(&[], CODE_LIMIT).is_err());
    }
}
