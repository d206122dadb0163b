//! A screen as a picture in words, which the view draws between header and footer without knowing the screen.

use crate::app::Size;
use crate::app::words::dialog::Dialog;
use crate::app::words::line::ToneLine;

/// How a screen looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// The list of tickets, with a line in the row above the footer in place of the last message.
    List {
        /// That line.
        prompt: Option<ToneLine>,
    },
    /// Lines that scroll.
    Page {
        /// All of them.
        lines: Vec<ToneLine>,
        /// Lines off the top.
        scroll: usize,
        /// In the row above the footer.
        notice: Option<ToneLine>,
    },
    /// A dialog in a frame.
    Dialog(Dialog),
}

impl Picture {
    /// Lines that scroll, wrapped where one is wider than the window: no character is lost at its edge.
    pub fn page(lines: Vec<ToneLine>, scroll: usize, notice: Option<ToneLine>, size: Size) -> Self {
        Self::Page { lines: ToneLine::fit(lines, usize::from(size.width)), scroll, notice }
    }
}
