//! A paste under way: what lies between its brackets, and what came in one go behind them. Pure.

use secrecy::zeroize::Zeroizing;

use crate::domain::Pasted;
use crate::domain::pasted::LONGEST;

/// More bytes that come in one go behind a paste were not typed.
const TYPED_AT_ONCE: usize = 64;

/// The brackets of a paste, in the form in which it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Brackets {
    pub(super) begin: &'static [u8],
    pub(super) end: &'static [u8],
}

/// As terminals send them.
pub(super) const USUAL: Brackets = Brackets { begin: b"\x1b[200~", end: b"\x1b[201~" };
/// As a terminal sends them that puts its controls into 8 bits.
pub(super) const OF_EIGHT_BITS: Brackets = Brackets { begin: b"\x9b200~", end: b"\x9b201~" };

/// A paste that has begun.
///
/// A copied text may hold the end mark itself, and not every terminal takes it out. Nobody can type in the moment in which a paste
/// arrives; so a mark ends the paste only once nothing follows it for a moment. What does follow is held until then: if
/// another mark comes, all before it was pasted too.
pub(super) struct OpenPaste {
    brackets: Brackets,
    text: Zeroizing<Vec<u8>>,
    is_cut: bool,
    pub(super) stage: PasteStage,
}

/// How far a paste got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PasteStage {
    /// Its end is to come.
    Begun,
    /// It was told that the end does not come.
    Told,
    /// An end mark came, and since then nothing but what is held.
    Ended,
    /// Too much came behind the end to have been typed: it goes with the paste.
    Flooded,
}

impl std::fmt::Debug for OpenPaste {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpenPaste")
    }
}

impl OpenPaste {
    pub(super) fn begin(brackets: Brackets) -> Self {
        let text = Zeroizing::new(Vec::with_capacity(LONGEST));
        Self { brackets, text, is_cut: false, stage: PasteStage::Begun }
    }

    /// Takes what is certain to be of the paste, and leaves in `rest` what may be half a mark, or typed behind it.
    pub(super) fn take(&mut self, rest: &mut Vec<u8>) {
        if self.stage == PasteStage::Told {
            self.stage = PasteStage::Begun;
        }
        let Brackets { begin, end } = self.brackets;
        while let Some(at) = first(rest, end) {
            self.keep(&rest[..at]);
            rest.drain(..at + end.len());
            self.stage = PasteStage::Ended;
        }
        if self.has_ended()
            && let Some(at) = first(rest, begin)
        {
            // Another one in one go with it is one with it, and so is what lies between.
            self.keep(&rest[..at]);
            rest.drain(..at + begin.len());
            self.stage = PasteStage::Begun;
        }
        if self.has_ended() && rest.len() > TYPED_AT_ONCE {
            self.stage = PasteStage::Flooded;
        }
        if self.stage != PasteStage::Ended {
            let whole = rest.len() - half_of(begin, rest).max(half_of(end, rest));
            self.keep(&rest[..whole]);
            rest.drain(..whole);
        }
    }

    /// True if the silence that follows ends it.
    pub(super) fn has_ended(&self) -> bool {
        matches!(self.stage, PasteStage::Ended | PasteStage::Flooded)
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST.saturating_sub(self.text.len());
        self.is_cut |= bytes.len() > room;
        self.text.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// The text, once it is over.
    pub(super) fn pasted(&self) -> Pasted {
        Pasted::of(&self.text, self.is_cut)
    }
}

fn first(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}

/// How many bytes at the end may be the beginning of a mark.
fn half_of(mark: &[u8], bytes: &[u8]) -> usize {
    (1..mark.len()).rev().find(|length| bytes.ends_with(&mark[..*length])).unwrap_or_default()
}
