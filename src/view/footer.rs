//! The last line: the keys of the screen on top, made from the keymap.

use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::theme::Theme;
use crate::app::State;
use crate::app::console::action::Action;

pub(super) fn render(state: &State, theme: &Theme, canvas: &mut Canvas<'_>) {
    let y = canvas.height().saturating_sub(1);
    let width = usize::from(canvas.width());
    let mut line = String::new();
    let is_over = state.console.is_over(&state.desk);
    for binding in state.console.keymap.of(state.console.layer()).filter(|binding| !binding.footer.is_empty()) {
        let Some(key) = binding.keys.first() else { continue };
        let words = match binding.action {
            Action::GoBack if is_over => "back",
            _ if is_over => continue,
            _ => &binding.footer,
        };
        let hint = format!(" {key} {words} ");
        if line.width() + hint.width() > width {
            break;
        }
        line.push_str(&hint);
    }
    canvas.text(0, y, &line, theme.muted);
}
