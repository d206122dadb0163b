//! From the bytes of a terminal to keys. Pure, and never waits: crossterm's reader waits in a read once it has half of a
//! sequence, and spins for ever when the terminal ends there (HAZARDS.md 0.1).

mod answer;
mod edit_keys;
mod parameters;
mod paste;
mod sequence;
#[cfg(test)]
mod tests;

use std::time::Duration;

use secrecy::zeroize::Zeroizing;

use self::answer::OpenAnswer;
pub use self::edit_keys::EditKeys;
use self::paste::{OpenPaste, PasteStage};
use self::sequence::Found;
use crate::app::Event;
use crate::app::console::key::Key;
use crate::domain::{Boot, Pasted};

const ESCAPE: u8 = 0x1b;
const CONTROL_C: u8 = 0x03;

/// The bytes of one key arrive within this time, also where the network splits them; an Esc alone is the key.
const ONE_KEY: Duration = Duration::from_millis(30);
/// An Esc and the letter that begins a sequence, and nothing behind them, were typed.
const TWO_KEYS: Duration = Duration::from_millis(200);
/// After this long without a byte, a paste, an answer or a sequence whose end never came is not under way any more.
const SILENCE: Duration = Duration::from_secs(1);

/// A press of a key, or what counts as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPress {
    /// A key.
    Key(Key),
    /// The beginning of a paste.
    PasteBegun,
    /// The end of a paste has not come for a while.
    PasteUnended,
    /// A paste, whole.
    Pasted(Pasted),
}

impl From<KeyPress> for Event {
    fn from(press: KeyPress) -> Self {
        match press {
            KeyPress::Key(key) => Self::KeyPressed(key),
            KeyPress::PasteBegun => Self::PasteBegun,
            KeyPress::PasteUnended => Self::PasteUnended,
            KeyPress::Pasted(pasted) => Self::Pasted(pasted),
        }
    }
}

/// Something that is under way, and is no typing.
#[derive(Debug, Default)]
enum UnderWay {
    #[default]
    Nothing,
    Paste(OpenPaste),
    Answer(OpenAnswer),
}

/// True for what no person types in one go: the rest of a sequence or an answer that lost its escape to a slow line.
fn is_behind_an_escape(bytes: &[u8]) -> bool {
    match bytes {
        [b'[', next, ..] => (0x30..=0x7e).contains(next),
        [b']' | b'P' | b'_' | b'^' | b'X', next, _, ..] => (0x20..=0x7e).contains(next),
        _ => false,
    }
}

/// The bytes that are not understood yet.
#[derive(Debug, Default)]
pub struct KeyBytes {
    rest: Zeroizing<Vec<u8>>,
    under_way: UnderWay,
    edit_keys: EditKeys,
    /// When the last bytes arrived.
    last: Boot,
    /// An escape alone was taken for the key, and nothing came since.
    was_escape: bool,
}

impl KeyBytes {
    /// From now on fields are edited with these keys.
    pub fn edit_with(&mut self, keys: EditKeys) {
        self.edit_keys = keys;
    }

    /// Takes in what arrived by one read at this time, and gives the keys and pastes in it.
    pub fn take(&mut self, bytes: &[u8], at: Boot) -> Vec<KeyPress> {
        let silence = at.since(std::mem::replace(&mut self.last, at));
        let mut presses = Vec::new();
        match &self.under_way {
            UnderWay::Paste(paste) if !paste.has_ended() && bytes == [CONTROL_C] && silence >= SILENCE => {
                // The end of the paste was lost, and with it the way out. No other key gets through: it could be pasted.
                self.under_way = UnderWay::Nothing;
                self.rest.clear();
            }
            UnderWay::Paste(paste) if !paste.has_ended() => {}
            UnderWay::Answer(answer) if answer.is_lost(at, silence) => presses = self.end(),
            _ if silence >= SILENCE => presses = self.end(),
            _ => {}
        }
        if std::mem::take(&mut self.was_escape) && silence < SILENCE && is_behind_an_escape(bytes) {
            self.rest.push(ESCAPE);
        }
        self.rest.extend_from_slice(bytes);
        self.understand(at, &mut presses);
        presses
    }

    /// How long to wait for the bytes that may complete what has begun; then, without any, [`Self::end`]. `None` if nothing is
    /// waited for.
    pub fn patience(&self) -> Option<Duration> {
        match &self.under_way {
            UnderWay::Paste(paste) if paste.has_ended() => Some(ONE_KEY),
            UnderWay::Paste(paste) => (paste.stage != PasteStage::Told).then_some(SILENCE),
            UnderWay::Answer(_) => Some(SILENCE),
            UnderWay::Nothing => match self.rest[..] {
                [] => None,
                [ESCAPE, _] => Some(TWO_KEYS),
                [ESCAPE, _, _, ..] | [0x80..=0x9f, _, ..] => Some(SILENCE),
                _ => Some(ONE_KEY),
            },
        }
    }

    /// Nothing more came for a while: what is there is all there is, as after the Esc key.
    pub fn end(&mut self) -> Vec<KeyPress> {
        let mut presses = Vec::new();
        match &mut self.under_way {
            UnderWay::Nothing => {}
            UnderWay::Answer(_) => self.under_way = UnderWay::Nothing,
            UnderWay::Paste(paste) if paste.has_ended() => {
                presses.push(KeyPress::Pasted(paste.pasted()));
                if paste.stage == PasteStage::Flooded {
                    self.rest.clear();
                }
                self.under_way = UnderWay::Nothing;
            }
            UnderWay::Paste(paste) => {
                let before = std::mem::replace(&mut paste.stage, PasteStage::Told);
                presses.extend((before != PasteStage::Told).then_some(KeyPress::PasteUnended));
                return presses;
            }
        }
        self.was_escape = self.rest[..] == [ESCAPE];
        self.understand_all(&mut presses);
        presses
    }

    fn understand_all(&mut self, presses: &mut Vec<KeyPress>) {
        while matches!(self.under_way, UnderWay::Nothing) && !self.rest.is_empty() {
            let found = sequence::first(&self.rest, true);
            self.obey(found, self.last, presses);
        }
    }

    fn understand(&mut self, at: Boot, presses: &mut Vec<KeyPress>) {
        loop {
            match &mut self.under_way {
                UnderWay::Paste(paste) => return paste.take(&mut self.rest),
                UnderWay::Answer(answer) => {
                    if !answer.take(&mut self.rest) {
                        return;
                    }
                    self.under_way = UnderWay::Nothing;
                }
                UnderWay::Nothing => match sequence::first(&self.rest, false) {
                    Found::Half => return,
                    found => self.obey(found, at, presses),
                },
            }
        }
    }

    fn obey(&mut self, found: Found, at: Boot, presses: &mut Vec<KeyPress>) {
        let length = match found {
            Found::Half => self.rest.len(),
            Found::Nothing(length) => length,
            Found::Key(key, length) => {
                presses.push(KeyPress::Key(self.edit_keys.meaning(key)));
                length
            }
            Found::PasteBegins(brackets, length) => {
                presses.push(KeyPress::PasteBegun);
                self.under_way = UnderWay::Paste(OpenPaste::begin(brackets));
                length
            }
            Found::AnswerBegins(length) => {
                self.under_way = UnderWay::Answer(OpenAnswer::begin(at));
                length
            }
        };
        let length = length.min(self.rest.len());
        self.rest.drain(..length);
    }
}
