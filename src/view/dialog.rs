//! A dialog in its frame, in the middle of the screen. No button has the focus.

use super::canvas::Canvas;
use super::theme::Theme;
use crate::app::Size;
use crate::app::words;
use crate::app::words::dialog::{self, Dialog};
use crate::app::words::line::{Tone, ToneLine};

/// Draws it. The form is always there; where the window has no room for the facts either, its last lines win.
pub(super) fn render(dialog: &Dialog, theme: &Theme, canvas: &mut Canvas<'_>) {
    let width = dialog::text_width(canvas.size());
    let columns = u16::try_from(width + 4).unwrap_or(u16::MAX).min(canvas.width());
    let x = canvas.width().saturating_sub(columns) / 2;
    let title = format!(" {} ", dialog.title);
    let rest = "-".repeat((width + 1).saturating_sub(title.len()));
    canvas.text(x, 1, &format!("+-{title}{rest}+"), theme.heading);
    let mut y = 2;
    for line in &rows(dialog, canvas.size()) {
        canvas.text(x, y, "|", theme.heading);
        canvas.field(x + 2, y, columns.saturating_sub(4), &line.text, theme.of(line.tone));
        canvas.text(x + columns.saturating_sub(1), y, "|", theme.heading);
        y += 1;
    }
    canvas.text(x, y, &format!("+{}+", "-".repeat(width + 2)), theme.heading);
}

/// The lines of it that a window shows.
fn rows(dialog: &Dialog, size: Size) -> Vec<ToneLine> {
    let Some(facts) = dialog::in_sight(dialog.facts.len(), dialog.form.len(), dialog.scroll, size) else {
        let room = usize::from(size.height.saturating_sub(4));
        let lines = dialog.facts.iter().chain(&dialog.form);
        return lines.skip((dialog.facts.len() + dialog.form.len()).saturating_sub(room)).cloned().collect();
    };
    let mut rows = dialog.facts[facts.above..facts.above + facts.rows].to_vec();
    if facts.is_part() {
        rows.push(ToneLine::new(Tone::Warn, words::hidden(facts.above, facts.below)));
    }
    rows.extend_from_slice(&dialog.form);
    rows
}
