//! Asking for a secret on the terminal where there is no screen: without echo, and the echo always comes back.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Signal, getpid, kill_process};
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};
use tokio::sync::mpsc;

use super::clock;
use super::key_bytes::{KeyBytes, KeyPress};
use super::moment::within_a_moment;
use super::terminal_modes::{BRACKETS, NO_BRACKETS, PLAIN_KEYS, edit_keys, is_in_background};
use crate::app::console::key::{Key, NamedKey};
use crate::app::words::secret::asking;
use crate::app::words::{field as words, files, said, terminal};
use crate::domain::{Boot, ConnectionId, Erase, TypedSecret, Wanted};

/// The terminal's modes as they were, while they are changed.
static BEFORE: Mutex<Option<(File, Termios)>> = Mutex::new(None);

/// The process was stopped, and goes on.
static CONTINUED: AtomicBool = AtomicBool::new(false);

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

/// Tells the question that the process was stopped and goes on.
pub(super) fn go_on() {
    CONTINUED.store(true, Ordering::SeqCst);
}

/// Waits no longer than a moment for a terminal that takes no output: nothing here drains it.
fn put_back(before: impl FnOnce(&File)) {
    let taken = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take();
    // One that is another job's has that job's modes; to set others from here would stop the process.
    let Some((mut terminal, modes)) = taken.filter(|(terminal, _)| !is_in_background(terminal)) else { return };
    before(&terminal);
    let _ = tcsetattr(&terminal, OptionalActions::Now, &modes);
    let _ = within_a_moment(move || terminal.write_all(NO_BRACKETS.as_bytes()));
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

fn read(wanted: &Wanted, taken_back: &AtomicBool) -> Result<TypedSecret, String> {
    let device =
        OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(|_| asking::NO_TERMINAL.to_owned())?;
    silence(&device, taken_back).map_err(|error| terminal::no_set_up(&files::why(&error)))?;
    let mut field = PromptField::begin(device, asking::question(wanted));
    let given = field.read_line(taken_back);
    let _ = field.terminal.write_all(b"\r\n");
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
    *before = Some((terminal.try_clone()?, modes.clone()));
    // Keys typed before the question are no answer to it.
    set_silent(terminal, modes)?;
    Ok(tcflush(terminal, QueueSelector::IFlush)?)
}

fn set_silent(terminal: &File, mut modes: Termios) -> std::io::Result<()> {
    modes.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
    Ok(tcsetattr(terminal, OptionalActions::Now, &modes)?)
}

/// The line on which a secret is typed.
struct PromptField {
    terminal: File,
    question: String,
    keys: KeyBytes,
    typed: TypedSecret,
    /// More was typed or pasted than any secret has.
    is_cut: bool,
    /// When the last byte came.
    last: Boot,
    /// The terminal was another job's.
    was_away: bool,
}

impl PromptField {
    fn begin(terminal: File, question: String) -> Self {
        CONTINUED.store(false, Ordering::SeqCst);
        let (keys, typed) = (KeyBytes::default(), TypedSecret::default());
        let mut field = Self { terminal, question, keys, typed, is_cut: false, last: clock::boot(), was_away: false };
        field.show();
        field
    }

    fn show(&mut self) {
        self.keys.edit_with(edit_keys(&self.terminal));
        let _ = write!(self.terminal, "{PLAIN_KEYS}{BRACKETS}{}", self.question);
    }

    /// Says something on a line of its own, and asks again.
    fn say(&mut self, words: &str) {
        let _ = write!(self.terminal, "\r\n{}\r\n", said::line(words));
        self.show();
    }

    fn read_line(&mut self, taken_back: &AtomicBool) -> Result<TypedSecret, String> {
        loop {
            if taken_back.load(Ordering::SeqCst) {
                return Err(asking::TAKEN_BACK.to_owned());
            }
            if self.is_away(taken_back) {
                let _ = poll(&mut [], Some(&LOOK));
                continue;
            }
            for press in self.next_presses(taken_back)? {
                if let Some(line) = self.press(press) {
                    return self.answer(line, taken_back);
                }
            }
        }
    }

    /// True while the terminal is another job's: to read it from there would stop the process. Back from there, or from a stop, the
    /// question is asked anew, since nobody sees how much of an answer was typed.
    fn is_away(&mut self, taken_back: &AtomicBool) -> bool {
        if is_in_background(&self.terminal) {
            self.was_away = true;
            return true;
        }
        let is_back = CONTINUED.swap(false, Ordering::SeqCst) | std::mem::take(&mut self.was_away);
        if is_back && self.silence_again(taken_back) {
            (self.keys, self.typed, self.is_cut) = (KeyBytes::default(), TypedSecret::default(), false);
            let _ = self.terminal.write_all(b"\r\n");
            self.show();
        }
        false
    }

    /// Takes the echo away again, which the shell has put back; unless the question was taken back.
    fn silence_again(&self, taken_back: &AtomicBool) -> bool {
        // Held, so that nobody puts the echo back for good in between.
        let _before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        let stands = !taken_back.load(Ordering::SeqCst);
        stands && tcgetattr(&self.terminal).is_ok_and(|modes| set_silent(&self.terminal, modes).is_ok())
    }

    /// Waits for a byte, for no longer than a look; what is typed behind the answer is the shell's.
    fn next_presses(&mut self, taken_back: &AtomicBool) -> Result<Vec<KeyPress>, String> {
        let quiet = clock::boot().since(self.last);
        let left = self.keys.patience().map(|patience| patience.saturating_sub(quiet));
        let wait = left.and_then(|left| Timespec::try_from(left).ok()).map_or(LOOK, |left| left.min(LOOK));
        let mut fds = [PollFd::new(&self.terminal, PollFlags::IN)];
        if poll(&mut fds, Some(&wait)).unwrap_or(0) == 0 || taken_back.load(Ordering::SeqCst) {
            let quiet = clock::boot().since(self.last);
            let is_all = self.keys.patience().is_some_and(|patience| quiet >= patience);
            return Ok(if is_all { self.keys.end() } else { Vec::new() });
        }
        if is_in_background(&self.terminal) || CONTINUED.load(Ordering::SeqCst) {
            return Ok(Vec::new());
        }
        let mut byte = [0];
        match self.terminal.read(&mut byte) {
            Ok(1) => {}
            _ => return Err(asking::TERMINAL_GONE.to_owned()),
        }
        self.last = clock::boot();
        Ok(self.keys.take(&byte, self.last))
    }

    fn press(&mut self, press: KeyPress) -> Option<Line> {
        match press {
            KeyPress::Key(key) => self.press_key(key),
            KeyPress::PasteBegun => None,
            KeyPress::PasteUnended => {
                self.say(&words::unended());
                None
            }
            KeyPress::Pasted(pasted) => {
                self.is_cut |= !self.typed.paste(&pasted);
                if pasted.is_changed {
                    self.say(&words::changed());
                }
                None
            }
        }
    }

    fn press_key(&mut self, key: Key) -> Option<Line> {
        match key {
            Key::Named(NamedKey::Enter) | Key::Ctrl('j') => return Some(Line::Given),
            Key::Named(NamedKey::Esc) | Key::Ctrl('d') => return Some(Line::Withheld),
            // Ctrl-C and Ctrl-\ mean what they always mean.
            Key::Ctrl('c') => return Some(Line::Signal(Signal::INT)),
            Key::Ctrl('4') => return Some(Line::Signal(Signal::QUIT)),
            Key::Named(NamedKey::Backspace) => self.typed.erase(Erase::Character),
            Key::Ctrl('w') => self.typed.erase(Erase::Word),
            Key::Ctrl('u') => {
                self.typed.erase(Erase::Line);
                self.is_cut = false;
            }
            Key::Char(character) => self.is_cut |= !self.typed.push(character),
            _ => {}
        }
        None
    }

    fn answer(&mut self, line: Line, taken_back: &AtomicBool) -> Result<TypedSecret, String> {
        match line {
            // Cut, it would be a wrong one. It is read to its end, so that no shell gets the rest.
            Line::Given if self.is_cut => Err(asking::TOO_LONG.to_owned()),
            Line::Given if self.typed.is_empty() => Err(asking::NOTHING_TYPED.to_owned()),
            Line::Given => Ok(std::mem::take(&mut self.typed)),
            Line::Withheld => Err(asking::WITHHELD.to_owned()),
            Line::Signal(signal) => {
                let _ = kill_process(getpid(), signal);
                // The end says how it ends; an answer before it would say another.
                for _ in 0..LOOKS_AFTER_A_SIGNAL {
                    if taken_back.load(Ordering::SeqCst) {
                        break;
                    }
                    let _ = poll(&mut [], Some(&LOOK));
                }
                Err(asking::INTERRUPTED.to_owned())
            }
        }
    }
}

/// How a line ends.
#[derive(Clone, Copy)]
enum Line {
    Given,
    Withheld,
    Signal(Signal),
}
