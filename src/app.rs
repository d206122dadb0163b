//! What happens: the functional core. No async, no sockets, no files, no clock.
//!
//! Three nouns: an [`Event`] is a fact from outside, an `Action` is what the operator asks for, an [`Effect`] is an order
//! to the runtime. One door: [`update()`]. The [`desk`] is what is worked on and knows no keys and no dialogs; the
//! [`console`] is what the operator does.

pub mod console;
pub mod desk;
pub mod effect;
pub mod event;
pub mod limits;
pub mod update;
pub mod words;

pub use console::Console;
pub use desk::Desk;
pub use effect::{Effect, Effects};
pub use event::Event;
pub use update::update;

use self::desk::order::Order;
use crate::domain::Now;

/// Columns and rows of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// What is to be drawn before the next wait.
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
    /// What is worked on.
    pub desk: Desk,
    /// What the operator does.
    pub console: Console,
    /// The terminal's size.
    pub size: Size,
    /// When the last event came in.
    pub now: Now,
    /// What is to be drawn before the next wait.
    pub repaint: Repaint,
}

impl State {
    /// The state before anything happened.
    pub fn new(desk: Desk, console: Console, size: Size, now: Now) -> Self {
        Self { desk, console, size, now, repaint: Repaint::All }
    }

    /// Gives the desk an order whose answer the screen shows by itself.
    pub fn order(&mut self, order: Order, now: Now) -> Effects {
        self.desk.apply(order, now).effects
    }
}
