//! A dialog: a title, its lines, and a field in which somebody types. How wide it is, is the same for all of them.

use unicode_segmentation::UnicodeSegmentation;

use super::line::{Tone, ToneLine};
use crate::app::Size;
use crate::domain::text::{columns, inert};

/// Columns of frame and margin.
const FRAME_COLUMNS: usize = 4;
/// Columns that a field keeps for what is typed.
const LEAST_TYPED: usize = 10;
/// Wider than this the dialog does not get: muscle memory is the same in every window.
const WIDEST: u16 = 100;

/// Rows of header, frame and footer around it.
const ROWS_AROUND: usize = 4;
/// Fewer rows of the facts are no sight of them.
const LEAST_FACTS: usize = 3;

/// A dialog in words, each line at most [`text_width`] columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dialog {
    /// In its frame, inert.
    pub title: String,
    /// The facts, which scroll where the window has no room for all.
    pub facts: Vec<ToneLine>,
    /// Fields and buttons under them; always in sight.
    pub form: Vec<ToneLine>,
    /// Facts off the top.
    pub scroll: usize,
}

/// The facts that a window shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactsInSight {
    /// Facts off the top.
    pub above: usize,
    /// Facts on the screen.
    pub rows: usize,
    /// Facts off the bottom.
    pub below: usize,
}

impl FactsInSight {
    /// True if some facts are off the screen: a line under them says so.
    pub fn is_part(self) -> bool {
        self.above + self.below > 0
    }
}

/// The facts of a dialog that a window shows, `scroll` off the top, over a form of so many rows; `None` if it has no room for them.
pub fn in_sight(facts: usize, form: usize, scroll: usize, size: Size) -> Option<FactsInSight> {
    let room = usize::from(size.height).saturating_sub(ROWS_AROUND);
    if facts + form <= room {
        return Some(FactsInSight { above: 0, rows: facts, below: 0 });
    }
    let rows = room.checked_sub(form + 1).filter(|rows| *rows >= LEAST_FACTS)?;
    let above = scroll.min(facts.saturating_sub(rows));
    Some(FactsInSight { above, rows, below: facts - rows - above })
}

/// The rows of the smallest window in which a dialog with such a form shows its facts, if only by scrolling.
pub fn least_height(form: usize) -> usize {
    form + 1 + LEAST_FACTS + ROWS_AROUND
}

/// Columns of a dialog's text in a window.
pub fn text_width(size: Size) -> usize {
    usize::from(size.width.min(WIDEST)).saturating_sub(FRAME_COLUMNS)
}

/// A field with what was typed into it, of which the end is shown where there is no room for all. A label that leaves none has lines of
/// its own.
pub fn field(tone: Tone, label: &str, typed: &str, has_focus: bool, width: usize) -> Vec<ToneLine> {
    let (mark, cursor) = if has_focus { (">", "_") } else { (" ", "") };
    let has_room = columns(label) + LEAST_TYPED + 3 <= width;
    let mut lines = Vec::new();
    let label = if has_room {
        label
    } else {
        lines.extend(ToneLine::paragraph(tone, "  ", label, width.saturating_sub(2)));
        ""
    };
    // It may have been pasted from anywhere.
    let typed = inert(typed);
    let shown = end_of(&typed, width.saturating_sub(columns(label) + 4));
    lines.push(ToneLine::new(tone, format!("{mark} {label}{shown}{cursor}")));
    lines
}

/// The end of a text in at most `room` columns.
fn end_of(text: &str, room: usize) -> &str {
    let mut from = text.len();
    for (at, _) in text.grapheme_indices(true).rev() {
        if columns(&text[at..]) > room {
            break;
        }
        from = at;
    }
    &text[from..]
}
