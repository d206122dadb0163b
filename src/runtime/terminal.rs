//! The terminal: taken, and always given back. Nothing here may panic, also not on a terminal that is gone, and nothing here
//! waits for longer than a moment for one that takes no output.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crossterm::style::Print;
use crossterm::{cursor, queue, terminal};
use rustix::process::{Signal, getpgrp, getpid, kill_process, kill_process_group};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

use super::moment::within_a_moment;
use super::terminal_modes::{self, BRACKETS, EDIT_KEYS, NO_BRACKETS, PLAIN_KEYS};
use super::{forced_end, prompt, standard_error};
use crate::app::Size;
use crate::app::words::{files, terminal as words};

/// True if the terminal is ours, so that it is given back once.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// True if the terminal was given back for good: who waits for the foreground takes it no more.
static GIVEN_BACK: AtomicBool = AtomicBool::new(false);

/// The modes of the terminal as the shell has them.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// Held while something is written, so that nothing lands in the middle of a frame.
static WRITING: Mutex<()> = Mutex::new(());

/// More rows than any terminal has; it stops at its last.
const LAST_ROW: u16 = 998;

/// The time between two looks whether the shell has brought us back to the foreground: nothing tells.
pub(super) const LOOK: Duration = Duration::from_millis(100);

/// No terminal has more rows or columns; what says so is wrong.
const MOST: u16 = 1_000;

/// The size of a terminal that does not know its own, as a serial line.
const USUAL: Size = Size { width: 80, height: 24 };

/// Proof that the terminal is in raw mode on the alternate screen. Gives it back when dropped.
pub struct TerminalGuard(());

/// Why there is no console.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// Input or output is a pipe or a file.
    #[error("{}", words::no_terminal(.0))]
    NoTerminal(&'static str),
    /// `TERM=dumb` or none.
    #[error("{}", words::dumb(.0))]
    Dumb(String),
    /// The terminal does not take its modes.
    #[error("{}", words::no_set_up(&files::why(.0)))]
    Io(#[from] io::Error),
}

/// Proof that there is a terminal that can place text.
#[derive(Clone, Copy, Debug)]
pub struct Checked(());

impl TerminalGuard {
    /// Checks that there is a terminal for a console; asked before anything else is started.
    pub fn check() -> Result<Checked, TerminalError> {
        if !io::stdin().is_terminal() {
            return Err(TerminalError::NoTerminal(words::INPUT));
        }
        if !io::stdout().is_terminal() {
            return Err(TerminalError::NoTerminal(words::OUTPUT));
        }
        let term = std::env::var("TERM").unwrap_or_default();
        if matches!(term.as_str(), "" | "dumb") {
            return Err(TerminalError::Dumb(term));
        }
        Ok(Checked(()))
    }

    /// Takes the terminal. Asks it nothing: an answer would be late over SSH, and be read as keys.
    pub fn take(_: Checked) -> Result<Self, TerminalError> {
        // The guard first: whatever fails from here on, the terminal is given back.
        let guard = Self(());
        set_modes()?;
        Ok(guard)
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        give_back();
    }
}

fn set_modes() -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    set_raw()?;
    let mut modes = Vec::new();
    queue!(modes, terminal::EnterAlternateScreen, cursor::Hide)?;
    // Behind it, since some terminals keep some modes for each screen.
    queue!(modes, Print(PLAIN_KEYS), Print(BRACKETS))?;
    within_a_moment(move || write_frame(&modes)).unwrap_or(Ok(()))
}

/// No echo, no lines, no signal keys; what was there before is noted, to be put back. After a stop that nobody asked us about it is
/// noted already, and nothing says who set what is there now; but the keys that edit a line may have been given anew meanwhile.
fn set_raw() -> io::Result<()> {
    let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
    let now = tcgetattr(io::stdin())?;
    let modes = before.get_or_insert_with(|| now.clone());
    for key in EDIT_KEYS {
        modes.special_codes[key] = now.special_codes[key];
    }
    let mut raw = modes.clone();
    raw.make_raw();
    Ok(tcsetattr(io::stdin(), OptionalActions::Now, &raw)?)
}

/// Puts back what was there before [`set_raw`].
fn set_cooked() {
    if let Some(modes) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &modes);
    }
}

/// The terminal's size; of one that does not know it, the one that `COLUMNS` and `LINES` tell, else the usual one.
pub fn size() -> io::Result<Size> {
    let size = tcgetwinsize(io::stdout())?;
    let told = |name: &str| {
        let told = std::env::var(name).ok().and_then(|told| told.trim().parse().ok());
        told.filter(|told| (1..=MOST).contains(told))
    };
    let known = |columns: u16, name, usual| {
        Some(columns).filter(|columns| *columns > 0).or_else(|| told(name)).unwrap_or(usual)
    };
    Ok(Size { width: known(size.ws_col, "COLUMNS", USUAL.width), height: known(size.ws_row, "LINES", USUAL.height) })
}

/// Writes what is drawn, and waits until the terminal took it; unless the terminal is not ours any more.
pub(super) fn write_frame(frame: &[u8]) -> io::Result<()> {
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    if !TAKEN.load(Ordering::SeqCst) {
        return Ok(());
    }
    write_all(frame)
}

/// Without a buffer in between: what is in one could come out after the terminal was given back.
fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    let out = io::stdout();
    while !bytes.is_empty() {
        match rustix::io::write(&out, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Gives the terminal back, stops the process as Ctrl-Z does elsewhere, and takes the terminal again when the shell says to
/// go on in the foreground. If it cannot be taken again, the loop finds that out with its next frame.
///
/// Whoever goes on in the background, after `bg` or for the signal of `kill %1`, does so without a terminal: to set its modes
/// from there would stop the process once more, with the signal not taken in.
pub fn suspend() {
    if !TAKEN.load(Ordering::SeqCst) {
        return;
    }
    hand_over();
    let _ = kill_process_group(getpgrp(), Signal::TSTP);
    if is_in_background() {
        let _ = std::thread::Builder::new().name("foreground".to_owned()).spawn(take_in_foreground);
    } else {
        let _ = set_modes();
    }
}

/// Takes the terminal anew after a stop that nobody asked us about (`kill -STOP`): the shell has set its own modes, and has written
/// on our screen, or behind our question.
pub(super) fn go_on() {
    prompt::go_on();
    if !TAKEN.load(Ordering::SeqCst) {
        return;
    }
    if is_in_background() {
        TAKEN.store(false, Ordering::SeqCst);
        let _ = std::thread::Builder::new().name("foreground".to_owned()).spawn(take_in_foreground);
        return;
    }
    let _ = set_modes();
    let _ = kill_process(getpid(), Signal::WINCH);
}

/// True if the terminal is another job's now. One that is nobody's controlling terminal knows no jobs.
pub(super) fn is_in_background() -> bool {
    terminal_modes::is_in_background(io::stdin())
}

/// Waits for the foreground, and takes the terminal; unless the process is about to end.
fn take_in_foreground() {
    while is_in_background() {
        std::thread::sleep(LOOK);
    }
    if GIVEN_BACK.load(Ordering::SeqCst) {
        return;
    }
    let _ = set_modes();
    if GIVEN_BACK.load(Ordering::SeqCst) {
        // The end came in between.
        hand_over();
        return;
    }
    // The loop is told as if the window had another size, which it may have: it draws everything again.
    let _ = kill_process(getpid(), Signal::WINCH);
}

/// Gives the terminal back for good, once, and does not mind if it is gone.
pub fn give_back() {
    GIVEN_BACK.store(true, Ordering::SeqCst);
    prompt::restore();
    hand_over();
}

/// Gives the terminal back, if it is ours.
fn hand_over() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    // The modes first: unlike the rest they wait for no output, which a stalled terminal would not take.
    set_cooked();
    let mut bytes = Vec::new();
    // Blank and from the last row: after a resize, tmux would leave rows of ours above the shell's otherwise.
    let clear = terminal::Clear(terminal::ClearType::All);
    let _ = queue!(bytes, Print(NO_BRACKETS), clear, cursor::MoveTo(0, LAST_ROW));
    let _ = queue!(bytes, terminal::LeaveAlternateScreen, cursor::Show);
    let _ = within_a_moment(move || {
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        write_all(&bytes)
    });
}

/// Says something below what the shell shows, once the terminal was given back. Nobody may be there to hear it. What is quoted in
/// it does not act: a line may hold what a file, a variable or the exchange says.
pub fn say(lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let text = standard_error::text(lines);
    let _ = within_a_moment(move || io::stderr().write_all(text.as_bytes()));
}

/// Ends the process although its loop is stuck; what was sent stands open in the journal.
pub fn end_now(signal: u8) -> ! {
    give_back();
    std::process::exit(i32::from(forced_end::code_of_signal(signal)));
}
