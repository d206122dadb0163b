//! How a cancel dialog ended without a send: why, and what is so now.

use crate::app::desk::Desk;
use crate::app::desk::cancels::attempt::NotSent;
use crate::app::words::line::{Tone, ToneLine};
use crate::app::words::wrap::wrap;

/// The dialog of a ticket that cannot be canceled now, or was kept.
pub(super) fn closed(title: &str, why: &str, width: usize) -> Vec<ToneLine> {
    let mut lines = vec![ToneLine::new(Tone::Strong, title), ToneLine::new(Tone::Plain, "")];
    lines.extend(ToneLine::wrapped(Tone::Warn, why, width));
    lines.push(ToneLine::new(Tone::Plain, ""));
    lines.push(ToneLine::new(Tone::Strong, "Nothing was sent.   Esc back"));
    lines
}

/// The dialog of a rehearsal, with the frame that was not sent.
pub(super) fn rehearsal(desk: &Desk, frame: &str, width: usize) -> Vec<ToneLine> {
    let why = desk.mismatch().unwrap_or_else(|| "Start with --write to send.".to_owned());
    let text = format!("Read-only session: this message would have been sent, once. {why}");
    let mut lines: Vec<ToneLine> = ToneLine::wrapped(Tone::Strong, &text, width).collect();
    lines.push(ToneLine::new(Tone::Plain, ""));
    lines.extend(ToneLine::wrapped(Tone::Plain, frame, width));
    lines.push(ToneLine::new(Tone::Plain, ""));
    lines.push(ToneLine::new(Tone::Strong, "Nothing was sent.   Esc back"));
    lines
}

/// The dialog of a confirmed cancel that was not sent.
pub(super) fn not_sent(why: &NotSent, width: usize) -> Vec<ToneLine> {
    let NotSent::Changed { differences, by } = why else {
        return closed("This cancel was not sent.", &why.to_string(), width);
    };
    let mut lines = vec![
        ToneLine::new(Tone::Danger, "Nothing was sent: the ticket changed since the dialog showed it."),
        ToneLine::new(Tone::Plain, format!("Last changed by {by}.")),
        ToneLine::new(Tone::Plain, ""),
    ];
    let column = width.saturating_sub(16) / 2;
    lines.push(ToneLine::new(Tone::Strong, format!("{:<15} {:<column$} {}", "FACT", "DIALOG", "NOW")));
    for found in differences {
        let (shown, read) = (wrap(&found.shown, column.saturating_sub(1)), wrap(&found.read, column));
        for row in 0..shown.len().max(read.len()) {
            let cell = |parts: &[String]| parts.get(row).cloned().unwrap_or_default();
            let fact = if row == 0 { found.fact } else { "" };
            lines.push(ToneLine::new(Tone::Plain, format!("{fact:<15} {:<column$} {}", cell(&shown), cell(&read))));
        }
    }
    lines.push(ToneLine::new(Tone::Plain, ""));
    lines.push(ToneLine::new(Tone::Strong, "Nothing was sent.   Esc back"));
    lines
}
