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

pub mod cancel_dialog;
pub mod canvas;
pub mod footer;
pub mod header;
pub mod help;
pub mod link;
pub mod list;
pub mod outcome;
pub mod preview;
pub mod release;
pub mod scan_words;
pub mod secret_dialog;
pub mod theme;
pub mod ticket_detail;
pub mod ticket_table;
pub mod timeline;
pub mod unresolved;

use ratatui::buffer::Buffer;

use self::canvas::Canvas;
use self::theme::Theme;
use crate::app::State;
use crate::app::console::{Screen, geometry};

/// Draws the state into an empty buffer of the terminal's size. Tells how far a text that scrolls can be scrolled.
pub fn render(state: &State, theme: &Theme, buffer: &mut Buffer) -> Option<usize> {
    let mut canvas = Canvas::new(buffer);
    if !geometry::fits(state.size) {
        let line = format!(
            "needs {}x{}, have {}x{}",
            geometry::SMALLEST.width,
            geometry::SMALLEST.height,
            state.size.width,
            state.size.height
        );
        canvas.text(0, 0, &line, theme.normal);
        return None;
    }
    header::render(state, theme, &mut canvas);
    if let Some(dialog) = &state.console.secret {
        secret_dialog::render(state, dialog, theme, &mut canvas);
    } else if let Some(scroll) = state.console.help {
        help::render(state, scroll, theme, &mut canvas);
    } else {
        match &state.console.screen {
            Screen::List | Screen::Find(_) => list::render(state, theme, &mut canvas),
            Screen::Detail { ticket, scroll } => ticket_detail::render(state, *ticket, *scroll, theme, &mut canvas),
            Screen::Cancel(dialog) => cancel_dialog::render(state, dialog, theme, &mut canvas),
            Screen::Timeline { intent, scroll } => timeline::render(state, *intent, *scroll, theme, &mut canvas),
            Screen::Release(dialog) => release::render(state, dialog, theme, &mut canvas),
            Screen::Link { scroll } => link::render(state, *scroll, theme, &mut canvas),
            Screen::Unresolved { selected } => unresolved::render(state, *selected, theme, &mut canvas),
        }
    }
    match (&state.console.screen, &state.console.notice) {
        (Screen::Find(typed), None) => canvas.note(&format!("Ticket number: {typed}_"), theme.normal),
        (Screen::Find(typed), Some(notice)) => canvas.note(&format!("Ticket number: {typed}_   {notice}"), theme.warn),
        (Screen::List, _) | (_, None) => {}
        (_, Some(notice)) => canvas.note(notice, theme.warn),
    }
    footer::render(state, theme, &mut canvas);
    canvas.last_scroll()
}
