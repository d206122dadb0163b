//! The columns of the list: header, width and cell in one table. Only visible rows are built.

use super::canvas::Canvas;
use super::theme::Theme;
use crate::app::State;
use crate::app::console::geometry;
use crate::app::desk::Desk;
use crate::app::desk::locks::Lock;
use crate::domain::{Now, Ticket, time};

/// A column of the list.
struct Column {
    head: &'static str,
    /// Columns of the screen, in a narrow, an ordinary and a wide window; 0 takes what is left.
    widths: [u16; 3],
    is_right: bool,
    /// The narrowest window that still has it.
    from_width: u16,
    cell: fn(&Ticket, &Desk, Now) -> String,
}

/// From these widths on, columns take their second and their third width.
const ORDINARY: u16 = 70;
const WIDE: u16 = 120;

const COLUMNS: [Column; 7] = [
    Column { head: "TICKET", widths: [7, 8, 10], is_right: true, from_width: 0, cell: |t, _, _| t.number.to_string() },
    Column { head: "AGE", widths: [4, 4, 5], is_right: true, from_width: 0, cell: age },
    Column { head: "ASSET", widths: [4, 5, 8], is_right: false, from_width: 0, cell: |t, _, _| t.asset_label() },
    Column { head: "AMOUNT", widths: [14, 18, 34], is_right: true, from_width: 0, cell: |t, _, _| t.amount_label() },
    Column {
        head: "ACCOUNT",
        widths: [14, 14, 26],
        is_right: false,
        from_width: ORDINARY,
        cell: |t, _, _| t.account_label(),
    },
    Column { head: "FLAG", widths: [4, 4, 12], is_right: false, from_width: 0, cell: |t, desk, _| flags(t, desk) },
    Column { head: "REASON", widths: [0, 0, 0], is_right: false, from_width: ORDINARY, cell: |t, _, _| reason(t) },
];

/// Columns of the cursor and mark before the first column.
const MARGIN: u16 = 1;

/// Writes the heads.
pub(super) fn render_heads(y: u16, theme: &Theme, canvas: &mut Canvas<'_>) {
    for_each_column(canvas.width(), |column, x, width| {
        if column.is_right {
            canvas.field_right(x, y, width, column.head, theme.heading);
        } else {
            canvas.field(x, y, width, column.head, theme.heading);
        }
    });
}

/// Writes the rows from the console's top row on.
pub(super) fn render_rows(state: &State, y: u16, theme: &Theme, canvas: &mut Canvas<'_>) {
    let rows = geometry::list(state.size, state.console.preview).table;
    let selection = &state.console.selection;
    for (y, ticket) in (y..).zip(state.desk.list().tickets().window(selection.top, rows)) {
        let is_selected = selection.ticket == Some(ticket.number);
        let style = match (is_selected, ticket.status.is_failed()) {
            (true, _) => theme.selected,
            (false, true) => theme.normal,
            (false, false) => theme.muted,
        };
        if is_selected {
            canvas.row_style(y, style);
            canvas.text(0, y, ">", style);
        }
        for_each_column(canvas.width(), |column, x, width| {
            let cell = (column.cell)(ticket, &state.desk, state.now);
            if column.is_right {
                canvas.field_right(x, y, width, &cell, style);
            } else {
                canvas.field(x, y, width, &cell, style);
            }
        });
    }
}

fn for_each_column(window: u16, mut draw: impl FnMut(&Column, u16, u16)) {
    let mut x = MARGIN;
    for column in COLUMNS.iter().filter(|column| column.from_width <= window) {
        let given = column.widths[usize::from(window >= ORDINARY) + usize::from(window >= WIDE)];
        let width = if given == 0 { window.saturating_sub(x) } else { given };
        draw(column, x, width);
        x += width + 1;
    }
}

fn age(ticket: &Ticket, _: &Desk, now: Now) -> String {
    ticket.times.created.map_or_else(|| "?".to_owned(), |created| time::age(now.wall, created))
}

fn reason(ticket: &Ticket) -> String {
    if !ticket.status.is_failed() {
        return format!("-> {}", ticket.status);
    }
    ticket.reason().map_or_else(String::new, |reason| reason.inert())
}

/// The most serious flag first: a narrow column cuts the rest.
fn flags(ticket: &Ticket, desk: &Desk) -> String {
    let mut flags: Vec<String> = Vec::new();
    if !ticket.is_clear() {
        flags.push("TX!".to_owned());
    }
    match desk.list().lock(ticket.number) {
        Some(Lock::Held) => flags.push("LCK".to_owned()),
        Some(Lock::Released) => flags.push("REL".to_owned()),
        None => {}
    }
    if ticket.is_hostile() {
        flags.push("U!".to_owned());
    }
    if ticket.account.is_none() || ticket.request_code.is_none() {
        flags.push("--".to_owned());
    }
    if ticket.status.is_failed() {
        let twins = desk.list().tickets().twins(ticket).len();
        flags.extend((twins > 0).then(|| format!("dup{}", twins + 1)));
    }
    flags.join(" ")
}
