//! The activity of this session, in lines for the operator.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::domain::Now;

/// Older lines are dropped; the journal keeps what matters.
const KEPT: usize = 100;

/// No line is longer; the rest could not be read anyway.
const LONGEST: usize = 400;

/// One line; its text is inert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When, UTC.
    pub at: Timestamp,
    /// The event, in a sentence; inert.
    pub text: String,
}

/// The last lines, newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity(VecDeque<Line>);

impl Activity {
    /// Adds a line; one that repeats the last only renews its time. Remote parts of `text` must be inert already.
    pub fn add(&mut self, now: Now, text: String) {
        let text: String = if text.len() > LONGEST { text.chars().take(LONGEST).collect() } else { text };
        if let Some(last) = self.0.back_mut().filter(|last| last.text == text) {
            last.at = now.wall;
            return;
        }
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(Line { at: now.wall, text });
    }

    /// The newest lines first.
    pub fn newest(&self) -> impl Iterator<Item = &Line> {
        self.0.iter().rev()
    }
}
