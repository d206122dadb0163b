//! How it looks: the state, drawn. Changes nothing, asks no clock, knows no runtime.
//!
//! ```text
//!  staging  gateway.example.com  op:operator  oms:1  WRITE                  live     header
//!  Failed 60  400 read, back to #90601, 2026-11-20, end of list                       counts
//!    TICKET  AGE ASSET               AMOUNT ACCOUNT        FLAG REASON               column heads
//! >   91000  12m BTC             0.41250000 51877 harolds  dup2 Insufficient hot wa  table: visible rows only
//! --------------------------------------------------------------------------------
//!  #91000  Failed (6)  ...                                                            preview of the selected ticket
//!  08:32:08Z linked to gateway.example.com                                            message
//!  ? help   Enter open   x cancel...   r reload   q quit                              footer, from the keymap
//! ```

pub mod canvas;
pub mod dialog;
pub mod footer;
pub mod header;
pub mod list;
pub mod theme;

use ratatui::buffer::Buffer;

use self::canvas::Canvas;
use self::theme::Theme;
use crate::app::State;
use crate::app::console::geometry;
use crate::app::console::picture::Picture;
use crate::app::words;

/// Draws the state into an empty buffer of the terminal's size. Tells how far a text that scrolls can be scrolled.
pub fn render(state: &State, buffer: &mut Buffer) -> Option<usize> {
    let theme = &Theme::named(state.console.theme);
    let mut canvas = Canvas::new(buffer);
    if !geometry::fits(state.size) {
        canvas.text(0, 0, &words::too_small(geometry::SMALLEST, state.size), theme.normal);
        return None;
    }
    header::render(state, theme, &mut canvas);
    let note = match state.console.picture(state) {
        Picture::List { prompt } => {
            list::render(state, theme, &mut canvas);
            prompt
        }
        Picture::Page { lines, scroll, notice } => {
            canvas.scrolled(&lines, scroll, theme);
            notice
        }
        Picture::Dialog(dialog) => {
            dialog::render(&dialog, theme, &mut canvas);
            None
        }
    };
    if let Some(note) = note {
        canvas.note(&note.text, theme.of(note.tone));
    }
    footer::render(state, theme, &mut canvas);
    canvas.last_scroll()
}
