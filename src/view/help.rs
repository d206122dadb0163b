//! The help page: every key of every screen, made from the keymap.

use super::canvas::{Canvas, Line};
use super::theme::Theme;
use crate::app::State;
use crate::app::console::keymap::Layer;

/// Columns of the keys.
const KEYS: usize = 16;

const SECTIONS: [(Layer, &str); 10] = [
    (Layer::List, "List"),
    (Layer::Detail, "All fields of a ticket"),
    (Layer::Cancel, "Cancel dialog"),
    (Layer::Timeline, "Timeline of a cancel"),
    (Layer::Unresolved, "Unresolved cancels"),
    (Layer::Release, "Release dialog"),
    (Layer::Link, "The link"),
    (Layer::Secret, "Question for a password or a code"),
    (Layer::Help, "This page"),
    (Layer::Everywhere, "Everywhere"),
];

const FLAGS: [&str; 7] = [
    "  dupN  N failed tickets have the same account, asset and amount",
    "  TX!   carries a transaction id, or is confirmed: money may have left; locked",
    "  LCK   an unresolved cancel in the journal holds it; locked",
    "  REL   a cancel of it was released, and may still act",
    "  U!    holds characters that were made harmless, shown as <U+202E>",
    "  --    without AccountId or RequestCode: cannot be canceled here",
    "  In place of a reason, `-> Status` means that the ticket left failed.",
];

pub(super) fn render(state: &State, scroll: usize, theme: &Theme, canvas: &mut Canvas<'_>) {
    let width = usize::from(canvas.width()).saturating_sub(KEYS + 4);
    let mut lines = Vec::new();
    for (layer, title) in SECTIONS {
        lines.push(Line::new(format!(" {title}"), theme.heading));
        for binding in state.console.keymap.of(layer) {
            let keys = format!("  {}", binding.keys_label());
            lines.extend(Line::labelled(&keys, KEYS + 3, &binding.help, width, theme.normal));
        }
        lines.push(Line::new("", theme.normal));
    }
    lines.push(Line::new(" Flags of the list", theme.heading));
    lines.extend(FLAGS.map(|flag| Line::new(flag, theme.normal)));
    canvas.scrolled(&lines, scroll, theme.warn);
}
