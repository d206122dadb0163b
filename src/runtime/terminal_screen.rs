//! The terminal's cells: only what changed is written, in one write a frame, and an unchanged frame writes nothing.

use ratatui::backend::{Backend, ClearType};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use crate::app::{Repaint, Size, State};
use crate::view;

/// The terminal, and the cells that it shows now.
pub struct TerminalScreen<B: Backend> {
    backend: B,
    shown: Buffer,
}

impl<B: Backend> TerminalScreen<B> {
    /// A screen of which nothing is known: it is cleared with the first frame.
    pub fn new(backend: B) -> Self {
        Self { backend, shown: Buffer::empty(Rect::ZERO) }
    }

    /// Draws the state, and tells how far a text that scrolls can be scrolled.
    pub fn draw(&mut self, state: &State, repaint: Repaint) -> Result<Option<usize>, B::Error> {
        let area = area(state.size);
        if repaint == Repaint::All || self.shown.area != area {
            self.backend.hide_cursor()?;
            self.backend.clear_region(ClearType::All)?;
            self.shown = Buffer::empty(area);
        }
        let mut frame = Buffer::empty(area);
        let last_scroll = view::render(state, &mut frame);
        let changed = self.shown.diff(&frame);
        for run in runs(&changed) {
            self.backend.draw(run.iter().copied())?;
        }
        self.backend.flush()?;
        self.shown = frame;
        Ok(last_scroll)
    }

    /// The terminal, to look at in a test.
    pub fn backend(&self) -> &B {
        &self.backend
    }
}

/// The cells in runs, each of which begins with a place for the cursor. A run ends behind a cell that is not ASCII: a terminal that
/// counts its columns otherwise than we do must not shift those behind it.
fn runs<'a, 'b>(changed: &'b [(u16, u16, &'a Cell)]) -> impl Iterator<Item = &'b [(u16, u16, &'a Cell)]> {
    changed.split_inclusive(|(_, _, cell)| !cell.symbol().is_ascii())
}

fn area(size: Size) -> Rect {
    Rect { x: 0, y: 0, width: size.width, height: size.height }
}
