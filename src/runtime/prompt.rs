//! Asking for a secret on the terminal where there is no screen: without echo, and the echo always comes back.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Signal, getpid, kill_process};
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};
use tokio::sync::mpsc;

use crate::app::words::files;
use crate::domain::{ConnectionId, TypedSecret, Wanted};

/// The terminal's modes as they were, while they are changed.
static BEFORE: Mutex<Option<(File, Termios)>> = Mutex::new(None);

/// The time between two looks whether the question still stands.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// A signal takes the question back; without that, it stands no longer than this.
const LOOKS_AFTER_A_SIGNAL: u8 = 50;

/// The answer to a question.
pub(super) struct PromptAnswer {
    /// The link that asked.
    pub(super) connection: ConnectionId,
    /// The secret that was typed, or why none was.
    pub(super) given: Result<TypedSecret, String>,
}

/// A question on the terminal. Dropped, it is taken back, and the echo with it.
pub(super) struct Question(Arc<AtomicBool>);

impl Drop for Question {
    fn drop(&mut self) {
        // A question that was answered is over; what was typed after it is the shell's.
        if !self.0.swap(true, Ordering::SeqCst) {
            restore();
        }
    }
}

/// Puts the echo back, if it is off. Also for whoever ends the process without unwinding. Half a secret that was typed goes
/// to nobody: not to the shell, and not to the screen.
pub fn restore() {
    put_back(|terminal| {
        let _ = tcflush(terminal, QueueSelector::IFlush);
    });
}

/// Never waits for a terminal that takes no output: nothing here drains it.
fn put_back(before: impl FnOnce(&File)) {
    if let Some((terminal, modes)) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
        before(&terminal);
        let _ = tcsetattr(&terminal, OptionalActions::Now, &modes);
    }
}

/// Asks on the terminal, on a thread of its own; the answer comes on `answers`.
pub(super) fn ask(connection: ConnectionId, wanted: &Wanted, answers: mpsc::Sender<PromptAnswer>) -> Question {
    let taken_back = Arc::new(AtomicBool::new(false));
    let question = Question(Arc::clone(&taken_back));
    let wanted = wanted.clone();
    std::thread::spawn(move || {
        let given = read(&wanted, &taken_back);
        // If it was taken back, so was the echo, and by now there may be another question.
        if !taken_back.swap(true, Ordering::SeqCst) {
            put_back(|_| {});
        }
        let _ = answers.blocking_send(PromptAnswer { connection, given });
    });
    question
}

fn no_terminal() -> String {
    "there is no terminal to ask on; use password-file or password-command, and totp-command for a code".to_owned()
}

fn read(wanted: &Wanted, taken_back: &AtomicBool) -> Result<TypedSecret, String> {
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(|_| no_terminal())?;
    silence(&terminal, taken_back).map_err(|error| format!("the terminal cannot be set up: {}", files::why(&error)))?;
    let _ = write!(terminal, "withdraw-desk: {wanted} (not shown; Enter gives it, Esc does not): ");
    let given = read_line(&mut terminal, taken_back);
    let _ = terminal.write_all(b"\r\n");
    given
}

/// No echo, byte by byte, and no signal keys: they are looked for among the bytes, so that nothing stops us with the echo off.
fn silence(terminal: &File, taken_back: &AtomicBool) -> std::io::Result<()> {
    let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
    if taken_back.load(Ordering::SeqCst) {
        // Whoever took it back has put the echo back, and does so once.
        return Err(std::io::ErrorKind::Interrupted.into());
    }
    let modes = tcgetattr(terminal)?;
    let mut silent = modes.clone();
    silent.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
    *before = Some((terminal.try_clone()?, modes));
    // Keys typed before the question are no answer to it.
    tcsetattr(terminal, OptionalActions::Now, &silent)?;
    Ok(tcflush(terminal, QueueSelector::IFlush)?)
}

fn read_line(terminal: &mut File, taken_back: &AtomicBool) -> Result<TypedSecret, String> {
    let mut typed = TypedSecret::default();
    let mut half = Vec::with_capacity(4);
    let mut is_cut = false;
    loop {
        if taken_back.load(Ordering::SeqCst) {
            return Err("the question was taken back".to_owned());
        }
        let mut fds = [PollFd::new(&*terminal, PollFlags::IN)];
        let ready = poll(&mut fds, Some(&LOOK)).unwrap_or(0);
        if ready == 0 || taken_back.load(Ordering::SeqCst) {
            continue;
        }
        let mut byte = [0];
        match terminal.read(&mut byte) {
            Ok(1) => {}
            _ => return Err("the terminal is gone".to_owned()),
        }
        match byte[0] {
            // Cut, it would be a wrong one. It is read to its end, so that no shell gets the rest.
            b'\r' | b'\n' if is_cut => {
                return Err("what was typed is longer than any password or code; nothing of it was sent".to_owned());
            }
            b'\r' | b'\n' if typed.is_empty() => return Err("nothing was typed".to_owned()),
            b'\r' | b'\n' => return Ok(typed),
            // Ctrl-C and Ctrl-\ mean what they always mean.
            3 | 28 => {
                let _ = kill_process(getpid(), if byte[0] == 3 { Signal::INT } else { Signal::QUIT });
                // The end says how it ends; an answer before it would say another.
                for _ in 0..LOOKS_AFTER_A_SIGNAL {
                    if taken_back.load(Ordering::SeqCst) {
                        break;
                    }
                    let _ = poll(&mut [], Some(&LOOK));
                }
                return Err("it was interrupted".to_owned());
            }
            // Ctrl-D, Esc.
            4 | 27 => return Err("nobody gave it".to_owned()),
            8 | 127 => typed.erase(),
            // Ctrl-U.
            21 => (typed, is_cut) = (TypedSecret::default(), false),
            control if control < 32 => {}
            other => is_cut |= !take_byte(other, &mut half, &mut typed),
        }
    }
}

/// Characters of more than one byte arrive in parts. Tells whether there was room.
fn take_byte(byte: u8, half: &mut Vec<u8>, typed: &mut TypedSecret) -> bool {
    half.push(byte);
    match std::str::from_utf8(half) {
        Ok(text) => {
            let fits = text.chars().all(|character| typed.push(character));
            half.clear();
            fits
        }
        Err(error) => {
            if error.error_len().is_some() || half.len() >= 4 {
                half.clear();
            }
            true
        }
    }
}
