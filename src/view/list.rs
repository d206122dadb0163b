//! The list screen: counts, table, preview, what happened last. Only visible rows are built.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::theme::Theme;
use crate::app::State;
use crate::app::console::geometry::{self, ListRows};
use crate::app::list::column::{self, Column, Placed};
use crate::app::words::line::{Tone, ToneLine};
use crate::app::words::{self, preview, wrap::wrap};
use crate::domain::TicketNumber;

/// The first row of the table, under the header, the counts and the heads.
const TABLE: u16 = 3;

pub(super) fn render(state: &State, theme: &Theme, canvas: &mut Canvas<'_>) {
    let list = &state.console.list;
    let rows = geometry::list(state.size, list.has_preview);
    let below = TABLE + u16::try_from(rows.table).unwrap_or(u16::MAX);
    render_counts(state, theme, canvas);
    render_table(state, rows, theme, canvas);
    if rows.preview > 0 {
        canvas.rule(below, theme.muted);
        let facts = preview::lines(&state.desk, list.selection.ticket);
        write(below + 1, facts.iter().take(usize::from(rows.preview - 1)), theme, canvas);
    }
    let width = usize::from(canvas.width()).saturating_sub(2);
    let notice = state.console.hint();
    let room = usize::from(rows.activity + 1);
    let messages = words::list::messages(&state.desk, notice, room, width);
    write(below + rows.preview, messages.iter(), theme, canvas);
}

/// Writes lines from a row on, downwards.
fn write<'a>(y: u16, lines: impl Iterator<Item = &'a ToneLine>, theme: &Theme, canvas: &mut Canvas<'_>) {
    for (y, line) in (y..).zip(lines) {
        canvas.text(1, y, &line.text, theme.of(line.tone));
    }
}

fn render_counts(state: &State, theme: &Theme, canvas: &mut Canvas<'_>) {
    let width = usize::from(canvas.width()).saturating_sub(1);
    let gap = u16::try_from(words::list::GAP).unwrap_or_default();
    let mut x = 1;
    for count in words::list::counts(&state.desk, state.console.list.selection.gone, width) {
        x = canvas.text(x, 1, &count.text, theme.of(count.tone)) + gap;
    }
}

fn render_empty(state: &State, theme: &Theme, canvas: &mut Canvas<'_>) {
    let empty = words::list::empty(&state.desk);
    let width = usize::from(canvas.width().saturating_sub(4));
    for (y, line) in (TABLE + 1..).zip(wrap(&empty.text, width)) {
        canvas.text(2, y, &line, theme.of(empty.tone));
    }
}

/// The heads and the visible rows, each column as wide as the cells in sight need it.
fn render_table(state: &State, rows: ListRows, theme: &Theme, canvas: &mut Canvas<'_>) {
    let list = &state.console.list;
    let visible: Vec<VisibleRow> = list
        .rows
        .window(list.selection.top, rows.table)
        .filter_map(|number| state.desk.list().row(number))
        .map(|row| VisibleRow { number: row.number(), cells: column::cells(&row, state.now) })
        .collect();
    let cells: Vec<&[ToneLine]> = visible.iter().map(|row| row.cells.as_slice()).collect();
    let columns = column::placed(canvas.width(), &cells);
    for Placed { column, x, width, .. } in &columns {
        let place = Rect { x: *x, y: 2, width: *width, height: 1 };
        put(column, place, column.head, theme.heading, canvas);
    }
    if list.rows.is_empty() {
        return render_empty(state, theme, canvas);
    }
    for (y, row) in (TABLE..).zip(&visible) {
        render_row(state, row, &columns, y, theme, canvas);
    }
}

/// A row on the screen.
struct VisibleRow {
    number: TicketNumber,
    cells: Vec<ToneLine>,
}

fn render_row(state: &State, row: &VisibleRow, columns: &[Placed], y: u16, theme: &Theme, canvas: &mut Canvas<'_>) {
    let is_selected = state.console.list.selection.ticket == Some(row.number);
    if is_selected {
        canvas.row_style(y, theme.selected);
        canvas.text(0, y, ">", theme.selected);
    }
    for Placed { column, place, x, width } in columns {
        let cell = &row.cells[*place];
        let tone = if is_selected { Tone::Selected } else { cell.tone };
        put(column, Rect { x: *x, y, width: *width, height: 1 }, &cell.text, theme.of(tone), canvas);
    }
}

/// Puts a text into a column, against its right end if it is one of numbers.
fn put(column: &Column, place: Rect, text: &str, style: Style, canvas: &mut Canvas<'_>) {
    let Rect { x, y, width, .. } = place;
    if column.is_right {
        canvas.field_right(x, y, width, text, style);
    } else {
        canvas.field(x, y, width, text, style);
    }
}
