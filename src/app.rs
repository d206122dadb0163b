//! The functional core: everything that happens. No async, no sockets, no files, no clock.
//!
//! Three nouns: an [`Event`] is a fact from outside, an `Action` is what the operator asks for, an [`Effect`] is an order
//! to the runtime. One door: [`update()`]. The [`desk`] is the work and knows no keys and no dialogs; the [`list`] and the [`words`]
//! are what any skin shows of it; the [`console`] is the operator's.

pub mod console;
pub mod desk;
pub mod effect;
pub mod event;
pub mod limits;
pub mod list;
pub mod theme;
pub mod update;
pub mod words;

pub use console::Console;
pub use desk::Desk;
pub use effect::{Effect, Effects};
pub use event::Event;
pub use update::update;

use self::desk::input::Input;
use crate::domain::Now;

/// Columns and rows of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// The part of the screen to be drawn before the next wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repaint {
    /// Nothing can look different.
    Nothing,
    /// The cells that changed, if any.
    Changes,
    /// Every cell, as if nothing of the screen were left.
    All,
}

/// Everything there is; the view draws it and nothing else.
#[derive(Clone, Debug)]
pub struct State {
    /// The work.
    pub desk: Desk,
    /// The operator's side of it.
    pub console: Console,
    /// The terminal's size.
    pub size: Size,
    /// When the last event came in.
    pub now: Now,
    /// The part of the screen to be drawn before the next wait.
    pub repaint: Repaint,
}

impl State {
    /// The state before anything happened.
    pub fn new(desk: Desk, console: Console, size: Size, now: Now) -> Self {
        Self { desk, console, size, now, repaint: Repaint::All }
    }

    /// Gives the desk a fact, or an order whose answer the screen shows by itself. The console hears what comes of it.
    pub fn tell(&mut self, input: impl Into<Input>, now: Now) -> Effects {
        let outcome = self.desk.apply(input, now);
        self.console.hear(&outcome.news);
        outcome.effects
    }
}
