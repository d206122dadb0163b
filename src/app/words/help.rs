//! The help page: every key of every screen, and what the flags of the list mean.

use super::line::{Tone, ToneLine};

/// Columns of the keys.
const KEYS: usize = 16;

/// The keys of one screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section<'a> {
    /// The screen's name, an operator's.
    pub title: &'a str,
    /// Its keys, in the order of the table.
    pub keys: Vec<KeyHelp<'a>>,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHelp<'a> {
    /// The keys, as they are shown: `j Down`.
    pub keys: String,
    /// Their effect.
    pub help: &'a str,
}

const FLAGS: [&str; 8] = [
    "  dupN  N failed tickets have the same account, asset and amount",
    "  TX!   carries a transaction id, or is confirmed: money may have left; locked",
    "  LCK   an unresolved cancel in the journal holds it; locked",
    "  REL   a cancel of it was released, and may still act",
    "  ODD   fields of it came in an unknown form; Enter shows them as they came",
    "  U!    holds characters that were made harmless, shown as <U+202E>",
    "  --    without AccountId or RequestCode: cannot be canceled here",
    "  In place of a reason, `-> Status` means that the ticket left failed.",
];

/// The page for a window of `width` columns.
pub fn lines<'a>(sections: impl Iterator<Item = Section<'a>>, width: usize) -> Vec<ToneLine> {
    let width = width.saturating_sub(KEYS + 4);
    let mut lines = Vec::new();
    for section in sections {
        lines.push(ToneLine::new(Tone::Strong, format!(" {}", section.title)));
        for key in section.keys {
            let keys = format!("  {}", key.keys);
            lines.extend(ToneLine::labelled(Tone::Plain, &keys, KEYS + 3, key.help, width));
        }
        lines.push(ToneLine::new(Tone::Plain, ""));
    }
    lines.push(ToneLine::new(Tone::Strong, " Flags of the list"));
    lines.extend(FLAGS.map(|flag| ToneLine::new(Tone::Plain, flag)));
    lines
}
