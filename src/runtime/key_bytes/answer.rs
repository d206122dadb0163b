//! A late answer of the terminal under way: a string that is no typing, however it is split. Pure.

use std::time::Duration;

use super::ESCAPE;
use crate::domain::Boot;

/// The end of an answer, as xterm also has it; others end with `ESC \`, or with that in one byte.
const BELL: u8 = 0x07;
const STRING_TERMINATOR: u8 = 0x9c;
/// They break an answer off.
const CANCEL: [u8; 2] = [0x18, 0x1a];
const CONTROL_C: u8 = 0x03;

/// An answer that is older than this comes to its end at the next pause, since it is a person who goes on.
const LONG_AGO: Duration = Duration::from_secs(3);
const BETWEEN_KEYS: Duration = Duration::from_millis(50);

/// An answer that has begun.
#[derive(Debug)]
pub(super) struct OpenAnswer {
    since: Boot,
    /// How many bytes of a character of UTF-8 are still to come: one of them may look like the end in one byte.
    of_character: u8,
}

impl OpenAnswer {
    pub(super) fn begin(since: Boot) -> Self {
        Self { since, of_character: 0 }
    }

    /// True if what comes now, after such a silence, is typed: the end of the answer was lost.
    pub(super) fn is_lost(&self, at: Boot, silence: Duration) -> bool {
        at.since(self.since) >= LONG_AGO && silence >= BETWEEN_KEYS
    }

    /// Drops what is of the answer, and tells whether it has ended. Ctrl-C, and an escape that ends nothing, end it and stay.
    pub(super) fn take(&mut self, rest: &mut Vec<u8>) -> bool {
        let Some(at) = rest.iter().position(|byte| self.ends(*byte)) else {
            rest.clear();
            return false;
        };
        let (dropped, has_ended) = match (rest[at], rest.get(at + 1)) {
            // The second half of its end may still come.
            (ESCAPE, None) => (at, false),
            (ESCAPE, Some(b'\\')) => (at + 2, true),
            (ESCAPE | CONTROL_C, _) => (at, true),
            _ => (at + 1, true),
        };
        rest.drain(..dropped);
        has_ended
    }

    fn ends(&mut self, byte: u8) -> bool {
        let is_within = self.of_character > 0 && (0x80..=0xbf).contains(&byte);
        self.of_character = match byte {
            _ if is_within => self.of_character - 1,
            0xc2..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf4 => 3,
            _ => 0,
        };
        let is_end = [ESCAPE, BELL, CONTROL_C, STRING_TERMINATOR].contains(&byte) || CANCEL.contains(&byte);
        is_end && !is_within
    }
}
