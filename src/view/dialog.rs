//! A dialog in its frame, in the middle of the screen. No button has the focus.

use super::canvas::Canvas;
use super::theme::Theme;
use crate::app::words::dialog::{self, Dialog};

/// Draws it; the last lines win where the window is too small, since the form is there.
pub(super) fn render(dialog: &Dialog, theme: &Theme, canvas: &mut Canvas<'_>) {
    let width = dialog::text_width(canvas.size());
    let room = usize::from(canvas.height().saturating_sub(4));
    let skipped = dialog.lines.len().saturating_sub(room);
    let columns = u16::try_from(width + 4).unwrap_or(u16::MAX).min(canvas.width());
    let x = canvas.width().saturating_sub(columns) / 2;
    let title = format!(" {} ", dialog.title);
    let rest = "-".repeat((width + 1).saturating_sub(title.len()));
    canvas.text(x, 1, &format!("+-{title}{rest}+"), theme.heading);
    let mut y = 2;
    for line in dialog.lines.iter().skip(skipped) {
        canvas.text(x, y, "|", theme.heading);
        canvas.field(x + 2, y, columns.saturating_sub(4), &line.text, theme.of(line.tone));
        canvas.text(x + columns.saturating_sub(1), y, "|", theme.heading);
        y += 1;
    }
    canvas.text(x, y, &format!("+{}+", "-".repeat(width + 2)), theme.heading);
}
