//! Putting text into the buffer, clipped to it. Text of the exchange comes here as inert text only.

use ratatui::buffer::Buffer;
use ratatui::style::Style;

use super::theme::Theme;
use crate::app::Size;
use crate::app::words::{
    self,
    line::{Tone, ToneLine},
};
use crate::domain::text::{columns, is_wider};

/// The whole screen as a grid of cells.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    last_scroll: Option<usize>,
}

impl<'a> Canvas<'a> {
    /// A canvas over a buffer.
    pub fn new(buffer: &'a mut Buffer) -> Self {
        Self { buffer, last_scroll: None }
    }

    /// How far the text that scrolls can be scrolled, if one was drawn.
    pub fn last_scroll(&self) -> Option<usize> {
        self.last_scroll
    }

    /// Columns.
    pub fn width(&self) -> u16 {
        self.buffer.area.width
    }

    /// Rows.
    pub fn height(&self) -> u16 {
        self.buffer.area.height
    }

    /// Columns and rows.
    pub fn size(&self) -> Size {
        Size { width: self.width(), height: self.height() }
    }

    /// Writes text from a column on, up to the right edge; returns the column after it.
    pub fn text(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        let room = self.width().saturating_sub(x);
        self.field(x, y, room, text, style)
    }

    /// Writes text into a field of `width` columns. What does not fit is cut at the right, with `>` in the last column.
    pub fn field(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) -> u16 {
        let width = width.min(self.width().saturating_sub(x));
        if width == 0 || y >= self.height() {
            return x;
        }
        let is_cut = is_wider(text, usize::from(width));
        let room = if is_cut { width - 1 } else { width };
        let (end, _) = self.buffer.set_stringn(x, y, text, usize::from(room), style);
        if is_cut {
            self.buffer.set_stringn(x + width - 1, y, ">", 1, style);
            return x + width;
        }
        end
    }

    /// Writes text against the right end of a field.
    pub fn field_right(&mut self, x: u16, y: u16, width: u16, text: &str, style: Style) {
        let columns = u16::try_from(columns(text)).unwrap_or(u16::MAX);
        self.field(x + width.saturating_sub(columns), y, width.min(columns), text, style);
    }

    /// A style over some cells of a row, beside what they have.
    pub fn mark(&mut self, x: u16, y: u16, width: u16, style: Style) {
        let area = ratatui::layout::Rect { x, y, width, height: 1 }.intersection(self.buffer.area);
        self.buffer.set_style(area, style);
    }

    /// A style over a whole row.
    pub fn row_style(&mut self, y: u16, style: Style) {
        if y < self.height() {
            let row = ratatui::layout::Rect { x: 0, y, width: self.width(), height: 1 };
            self.buffer.set_style(row, style);
        }
    }

    /// A rule across the screen.
    pub fn rule(&mut self, y: u16, style: Style) {
        let rule = "-".repeat(usize::from(self.width()));
        self.text(0, y, &rule, style);
    }

    /// One line for the operator, in the row above the footer.
    pub fn note(&mut self, text: &str, style: Style) {
        let y = self.height().saturating_sub(2);
        let blank = " ".repeat(usize::from(self.width()));
        self.text(0, y, &blank, Style::new());
        self.text(1, y, text, style);
    }

    /// A text that may be longer than the screen, between header and footer: `scroll` lines are off the top, at most so
    /// many that the last page stays full. If it is longer, the row above the footer says where we are, and hides nothing.
    pub fn scrolled(&mut self, lines: &[ToneLine], scroll: usize, theme: &Theme) {
        let room = usize::from(self.height().saturating_sub(2));
        let is_longer = lines.len() > room;
        let page = if is_longer { room.saturating_sub(1) } else { room };
        let last = lines.len().saturating_sub(page);
        self.last_scroll = Some(last);
        let scroll = scroll.min(last);
        for (y, line) in (1..).zip(lines.iter().skip(scroll).take(page)) {
            self.text(0, y, &line.text, theme.of(line.tone));
        }
        if is_longer {
            let below = lines.len().saturating_sub(scroll + page);
            self.note(&words::hidden(scroll, below), theme.of(Tone::Warn));
        }
    }
}
