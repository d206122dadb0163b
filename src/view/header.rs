//! The first line, in reverse on a production exchange.

use super::canvas::Canvas;
use super::theme::Theme;
use crate::app::State;
use crate::app::words::header::{self, Header};
use crate::app::words::line::Tone;
use crate::domain::text::columns;

pub(super) fn render(state: &State, theme: &Theme, canvas: &mut Canvas<'_>) {
    let is_production = state.desk.settings().is_production();
    let style = if is_production { theme.production } else { theme.bar };
    canvas.row_style(0, style);
    let Header { place, link } = header::header(&state.desk, state.now, usize::from(canvas.width()));
    let width = u16::try_from(columns(&link.text)).unwrap_or(0);
    let room = canvas.width().saturating_sub(width + 2);
    canvas.field(1, 0, room, &place, style);
    let link_style = if link.tone == Tone::Plain || is_production { style } else { theme.of(link.tone) };
    canvas.text(canvas.width().saturating_sub(width + 1), 0, &link.text, link_style);
}
