//! The list screen: counts, table, preview, what happened last. Only visible rows are built.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use super::theme::Theme;
use crate::app::console::geometry::{self, ListRows};
use crate::app::list::column::{self, Column, Placed};
use crate::app::words::line::{Tone, ToneLine};
use crate::app::words::{self, preview, wrap::wrap};
use crate::app::{Console, State};
use crate::domain::TicketNumber;
use crate::domain::text::columns;

/// The row of the heads, under the header and the counts, and under the filter if there is one.
const HEADS: u16 = 2;

pub(super) fn render(state: &State, theme: &Theme, canvas: &mut Canvas<'_>) {
    let list = &state.console.list;
    let filter = &state.console.filter;
    let rows = geometry::list(state.size, list.has_preview, filter.is_shown());
    let heads = HEADS + u16::from(filter.is_shown());
    let below = heads + 1 + u16::try_from(rows.table).unwrap_or(u16::MAX);
    render_counts(state, theme, canvas);
    if filter.is_shown() {
        render_filter(state, theme, canvas);
    }
    render_table(state, rows, heads, theme, canvas);
    if rows.preview > 0 {
        canvas.rule(below, theme.muted);
        let facts = preview::lines(&state.desk, list.selection.ticket);
        write(below + 1, facts.iter().take(usize::from(rows.preview - 1)), theme, canvas);
    }
    let width = usize::from(canvas.width()).saturating_sub(2);
    let mistake = filter.mistake().map(words::filter::mistake);
    let notice = state.console.hint().or(mistake.as_deref());
    let room = usize::from(rows.activity + 1);
    let messages = words::list::messages(&state.desk, notice, state.now.wall, room, width);
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
    let list = &state.console.list;
    let mut x = 1;
    for count in words::list::counts(&state.desk, list.selection.gone, list.rows.sort(), width) {
        x = canvas.text(x, 1, &count.text, theme.of(count.tone)) + gap;
    }
}

/// The filter as it was typed, its end if there is no room for all of it, and how many rows it takes.
fn render_filter(state: &State, theme: &Theme, canvas: &mut Canvas<'_>) {
    let Console { filter, list, .. } = &state.console;
    let hits = words::filter::hits(list.rows.len(), list.rows.progress());
    let width = usize::from(canvas.width());
    let cursor = if filter.is_typed() { "_" } else { "" };
    let room = width.saturating_sub(columns(&hits) + 5);
    let line = format!(" / {}", words::filter::end_of(filter.text(), cursor, room));
    canvas.text(0, HEADS, &line, theme.normal);
    canvas.field_right(0, HEADS, canvas.width().saturating_sub(1), &hits, theme.muted);
}

fn render_empty(state: &State, y: u16, theme: &Theme, canvas: &mut Canvas<'_>) {
    let is_filtered = state.desk.list().tickets().rows() > 0;
    let empty = if is_filtered {
        words::filter::no_hit(state.console.list.rows.progress())
    } else {
        words::list::empty(&state.desk, state.now.wall)
    };
    let width = usize::from(canvas.width().saturating_sub(4));
    for (y, line) in (y..).zip(wrap(&empty.text, width)) {
        canvas.text(2, y, &line, theme.of(empty.tone));
    }
}

/// The heads and the visible rows, each column as wide as the cells in sight need it.
fn render_table(state: &State, rows: ListRows, heads: u16, theme: &Theme, canvas: &mut Canvas<'_>) {
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
        let place = Rect { x: *x, y: heads, width: *width, height: 1 };
        put(column, place, column.head, theme.heading, canvas);
    }
    if list.rows.is_empty() {
        return render_empty(state, heads + 2, theme, canvas);
    }
    for (y, row) in (heads + 1..).zip(&visible) {
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
        let place = Rect { x: *x, y, width: *width, height: 1 };
        put(column, place, &cell.text, theme.of(tone), canvas);
        if let Some(found_in) = column.found_in {
            for mark in state.console.filter.filter().marks(found_in, &cell.text) {
                mark_found(column, place, &cell.text, mark, theme.found, canvas);
            }
        }
    }
}

/// Marks a part of a cell's text, as far as the column shows it.
fn mark_found(column: &Column, place: Rect, text: &str, found: Range<usize>, style: Style, canvas: &mut Canvas<'_>) {
    let width = usize::from(place.width);
    let indent = if column.is_right { width.saturating_sub(columns(text)) } else { 0 };
    let end = (indent + columns(&text[..found.end])).min(width);
    let start = (indent + columns(&text[..found.start])).min(end);
    let cells = |columns: usize| u16::try_from(columns).unwrap_or(u16::MAX);
    canvas.mark(place.x + cells(start), place.y, cells(end - start), style);
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
