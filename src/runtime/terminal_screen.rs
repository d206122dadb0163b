//! The terminal's cells: only what changed is written, in one write a frame, and an unchanged frame writes nothing. A row with
//! letters of which terminals do not agree how wide they are is written whole.

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
        let doubtful = doubtful_ends(&self.shown, &frame);
        for end in &doubtful {
            (end.from..area.width).for_each(|x| self.shown[(x, end.y)].reset());
        }
        let changed = self.shown.diff(&frame);
        let mut rest = &changed[..];
        for RowEnd { y, from } in doubtful {
            // The rows above come first: what runs over the end of one is blanked with the next.
            let (above, below) = rest.split_at(rest.partition_point(|(_, row, _)| *row < y));
            rest = below;
            self.write(above)?;
            let blank = Cell::default();
            self.backend.draw((from..area.width).map(|x| (x, y, &blank)))?;
        }
        self.write(rest)?;
        self.backend.flush()?;
        self.shown = frame;
        Ok(last_scroll)
    }

    /// Writes cells in runs, each of which begins with a place for the cursor. A run ends behind a cell that is not ASCII: a terminal
    /// that counts its columns otherwise than we do must not shift those behind it.
    fn write(&mut self, cells: &[(u16, u16, &Cell)]) -> Result<(), B::Error> {
        for run in cells.split_inclusive(|(_, _, cell)| !cell.symbol().is_ascii()) {
            self.backend.draw(run.iter().copied())?;
        }
        Ok(())
    }

    /// The terminal, to look at in a test.
    pub fn backend(&self) -> &B {
        &self.backend
    }
}

/// The end of a row, from a column on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RowEnd {
    y: u16,
    from: u16,
}

/// The ends of rows that change and hold, or held, a letter that is not ASCII, each from its first such letter on. Terminals do not
/// agree how many columns such a letter takes: some draw it over its neighbours, some leave a hole, some drop it, and whatever stood
/// there before goes on standing there. So the end of the row is blanked, and drawn anew. A letter at the right end may have run
/// over into the row below.
fn doubtful_ends(shown: &Buffer, frame: &Buffer) -> Vec<RowEnd> {
    let mut is_run_over = false;
    let end_of = |y| {
        let (before, after) = (row(shown, y), row(frame, y));
        let letter = first_letter(before).into_iter().chain(first_letter(after)).min();
        let from = if is_run_over { Some(0) } else { letter.filter(|_| before != after) };
        let end = after.len().saturating_sub(WIDEST_CELL);
        is_run_over = from.is_some() && [before, after].into_iter().any(|row| first_letter(&row[end..]).is_some());
        Some(RowEnd { y, from: u16::try_from(from?).ok()? })
    };
    (0..frame.area.height).filter_map(end_of).collect()
}

/// No terminal draws a cell of ours over more columns: a letter and two marks, each of two columns.
const WIDEST_CELL: usize = 6;

fn row(buffer: &Buffer, y: u16) -> &[Cell] {
    let width = usize::from(buffer.area.width);
    let start = usize::from(y) * width;
    &buffer.content[start..start + width]
}

/// The place of the first letter in some cells that is not ASCII.
fn first_letter(cells: &[Cell]) -> Option<usize> {
    cells.iter().position(|cell| !cell.symbol().is_ascii())
}

fn area(size: Size) -> Rect {
    Rect { x: 0, y: 0, width: size.width, height: size.height }
}
