//! A dialog: a title, its lines, and a field in which somebody types. How wide it is, is the same for all of them.

use super::line::{Tone, ToneLine};
use crate::app::Size;
use crate::domain::text::inert;

/// Columns of frame and margin.
const FRAME_COLUMNS: usize = 4;
/// Wider than this the dialog does not get: muscle memory is the same in every window.
const WIDEST: u16 = 100;

/// A dialog in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dialog {
    /// In its frame, inert.
    pub title: String,
    /// The lines, each at most [`text_width`] columns.
    pub lines: Vec<ToneLine>,
}

/// Columns of a dialog's text in a window.
pub fn text_width(size: Size) -> usize {
    usize::from(size.width.min(WIDEST)).saturating_sub(FRAME_COLUMNS)
}

/// A field with what was typed into it, of which the end is shown where there is no room for all.
pub fn field(tone: Tone, label: &str, typed: &str, has_focus: bool, width: usize) -> ToneLine {
    let (mark, cursor) = if has_focus { (">", "_") } else { (" ", "") };
    // It may have been pasted from anywhere.
    let typed = inert(typed);
    let length = typed.chars().count();
    let room = width.saturating_sub(label.len() + 4);
    let shown: String = typed.chars().skip(length.saturating_sub(room)).collect();
    ToneLine::new(tone, format!("{mark} {label}{shown}{cursor}"))
}
