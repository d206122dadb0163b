//! The columns of the list: head, width and cell in one table. A column more is an entry more.

use super::row::{Flag, Row};
use crate::app::words::line::{Tone, ToneLine};
use crate::app::words::preview::NOT_READ;
use crate::domain::{Now, time};

/// A column of the list.
#[derive(Debug)]
pub struct Column {
    /// Its head.
    pub head: &'static str,
    /// True if its cells stand against the right end, as numbers do.
    pub is_right: bool,
    /// The cell of a row, with its tone.
    pub cell: fn(&Row<'_>, Now) -> ToneLine,
    /// Columns of the screen, in a narrow, an ordinary and a wide window; 0 takes what is left.
    widths: [u16; 3],
    /// The narrowest window that still has it, in columns.
    from_width: u16,
}

/// A column where it stands in a window.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// The column.
    pub column: &'static Column,
    /// The window's column in which it begins.
    pub x: u16,
    /// Its width.
    pub width: u16,
}

/// From these widths on, columns take their second and their third width.
const ORDINARY: u16 = 70;
const WIDE: u16 = 120;

/// Columns of the cursor and mark before the first column.
const MARGIN: u16 = 1;

static COLUMNS: &[Column] = &[
    Column {
        head: "TICKET",
        widths: [7, 8, 10],
        is_right: true,
        from_width: 0,
        cell: |row, _| cell(row, row.number().to_string()),
    },
    Column { head: "AGE", widths: [4, 4, 5], is_right: true, from_width: 0, cell: |row, now| cell(row, age(row, now)) },
    Column { head: "ASSET", widths: [4, 5, 8], is_right: false, from_width: 0, cell: |row, _| cell(row, row.asset()) },
    Column {
        head: "AMOUNT",
        widths: [14, 18, 34],
        is_right: true,
        from_width: 0,
        cell: |row, _| cell(row, row.amount()),
    },
    Column {
        head: "ACCOUNT",
        widths: [14, 14, 26],
        is_right: false,
        from_width: ORDINARY,
        cell: |row, _| cell(row, row.account()),
    },
    Column { head: "FLAG", widths: [4, 4, 12], is_right: false, from_width: 0, cell: |row, _| cell(row, flags(row)) },
    Column {
        head: "REASON",
        widths: [0, 0, 0],
        is_right: false,
        from_width: ORDINARY,
        cell: |row, _| cell(row, reason(row)),
    },
];

/// The columns of a window of `window` columns, from the left.
pub fn placed(window: u16) -> impl Iterator<Item = Placed> {
    let mut next = MARGIN;
    COLUMNS.iter().filter(move |column| column.from_width <= window).map(move |column| {
        let given = column.widths[usize::from(window >= ORDINARY) + usize::from(window >= WIDE)];
        let x = next;
        let width = if given == 0 { window.saturating_sub(x) } else { given };
        next = x + width + 1;
        Placed { column, x, width }
    })
}

/// A cell in the tone of its row: a ticket that left failed is less important.
fn cell(row: &Row<'_>, text: String) -> ToneLine {
    ToneLine::new(if row.is_failed() { Tone::Plain } else { Tone::Muted }, text)
}

fn age(row: &Row<'_>, now: Now) -> String {
    row.created().map_or_else(|| "?".to_owned(), |created| time::age(now.wall, created))
}

fn reason(row: &Row<'_>) -> String {
    if !row.is_status_read() {
        return "?? its status cannot be read: r, or Enter for every field".to_owned();
    }
    if !row.is_failed() {
        return format!("-> {}", row.status());
    }
    if row.is_unread() {
        return NOT_READ.to_owned();
    }
    row.reason().unwrap_or_default()
}

fn flags(row: &Row<'_>) -> String {
    let words = row.flags().into_iter().map(|flag| match flag {
        Flag::Transaction => "TX!".to_owned(),
        Flag::Held => "LCK".to_owned(),
        Flag::Released => "REL".to_owned(),
        Flag::Hostile => "U!".to_owned(),
        Flag::Odd => "ODD".to_owned(),
        Flag::Incomplete => "--".to_owned(),
        Flag::Twins(others) => format!("dup{}", others + 1),
    });
    words.collect::<Vec<_>>().join(" ")
}
