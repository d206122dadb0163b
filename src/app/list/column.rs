//! The columns of the list: head, room and cell in one table. A column more is an entry more.

use super::filter::Place;
use super::row::{Flag, Row};
use crate::app::words::line::{Tone, ToneLine};
use crate::app::words::preview::{NOT_READ, STATUS_UNREADABLE};
use crate::domain::text::columns;
use crate::domain::{Now, time};

/// A column of the list.
#[derive(Debug)]
pub struct Column {
    /// Its head.
    pub head: &'static str,
    /// Which part of a filter may be found in its cells.
    pub found_in: Option<Place>,
    /// True if its cells stand against the right end, as numbers do.
    pub is_right: bool,
    /// The cell of a row, with its tone.
    pub cell: fn(&Row<'_>, Now) -> ToneLine,
    /// Columns of the screen that it has in any window, and those that it takes at the most.
    room: (u16, u16),
    /// Those with a smaller number get the room that they need first; so the last to shrink is the first to grow.
    turn: u8,
    /// The narrowest window that still has it, in columns.
    from_width: u16,
}

/// A column where it stands in a window.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// The column.
    pub column: &'static Column,
    /// Which cell of a row is its.
    pub place: usize,
    /// The window's column in which it begins.
    pub x: u16,
    /// Its width.
    pub width: u16,
}

/// From this width on there are all columns.
const ORDINARY: u16 = 70;

/// Columns of the cursor and mark before the first column.
const MARGIN: u16 = 1;

/// Widths go by steps, so that the columns stand still while the list scrolls over rows that differ by a letter.
const STEP: u16 = 4;

static COLUMNS: &[Column] = &[
    Column {
        head: "TICKET",
        found_in: Some(Place::Number),
        room: (7, 20),
        turn: 0,
        is_right: true,
        from_width: 0,
        cell: |row, _| cell(row, row.number().to_string()),
    },
    Column {
        head: "AGE",
        found_in: None,
        room: (4, 8),
        turn: 1,
        is_right: true,
        from_width: 0,
        cell: |row, now| cell(row, age(row, now)),
    },
    Column {
        head: "ASSET",
        found_in: Some(Place::Asset),
        room: (5, 16),
        turn: 6,
        is_right: false,
        from_width: 0,
        cell: |row, _| cell(row, row.asset()),
    },
    Column {
        head: "AMOUNT",
        found_in: None,
        room: (14, 48),
        turn: 4,
        is_right: true,
        from_width: 0,
        cell: |row, _| cell(row, row.amount()),
    },
    Column {
        head: "ACCOUNT",
        found_in: Some(Place::Account),
        room: (14, 32),
        turn: 5,
        is_right: false,
        from_width: ORDINARY,
        cell: |row, _| cell(row, row.account()),
    },
    Column {
        head: "FLAG",
        found_in: None,
        room: (4, 20),
        turn: 2,
        is_right: false,
        from_width: 0,
        cell: |row, _| cell(row, flags(row)),
    },
    Column {
        head: "REASON",
        found_in: Some(Place::Reason),
        room: (4, u16::MAX),
        turn: 3,
        is_right: false,
        from_width: ORDINARY,
        cell: |row, _| cell(row, reason(row)),
    },
];

/// The cells of a row, one for each column.
pub fn cells(row: &Row<'_>, now: Now) -> Vec<ToneLine> {
    COLUMNS.iter().map(|column| (column.cell)(row, now)).collect()
}

/// The columns of a window of `window` columns, from the left, as wide as the rows in sight need them. None gets narrower as the window
/// gets wider.
pub fn placed(window: u16, rows: &[&[ToneLine]]) -> Vec<Placed> {
    let mut shown: Vec<Placed> = COLUMNS
        .iter()
        .enumerate()
        .filter(|(_, column)| column.from_width <= window)
        .map(|(place, column)| Placed { column, place, x: 0, width: column.room.0 })
        .collect();
    let taken: u16 = shown.iter().map(|placed| placed.width + 1).sum::<u16>() + MARGIN;
    let mut left = (window + 1).saturating_sub(taken);
    let mut turns: Vec<&mut Placed> = shown.iter_mut().collect();
    turns.sort_by_key(|placed| placed.column.turn);
    for placed in turns {
        let more = wanted(placed, rows).saturating_sub(placed.width).min(left);
        placed.width += more;
        left -= more;
    }
    if let Some(last) = shown.last_mut() {
        last.width += left;
    }
    let mut next = MARGIN;
    for placed in &mut shown {
        placed.x = next;
        next += placed.width + 1;
    }
    shown
}

/// Columns of the screen in which every cell in sight is whole.
fn wanted(placed: &Placed, rows: &[&[ToneLine]]) -> u16 {
    let cells = rows.iter().filter_map(|row| row.get(placed.place)).map(|cell| columns(&cell.text));
    let widest = cells.chain([placed.column.head.len()]).max().unwrap_or(0);
    let widest = u16::try_from(widest).unwrap_or(u16::MAX);
    let (least, most) = placed.column.room;
    let more = widest.saturating_sub(least);
    least.saturating_add(more.div_ceil(STEP).saturating_mul(STEP)).min(most)
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
        return STATUS_UNREADABLE.to_owned();
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
    row.flags().into_iter().map(Flag::word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 7]) -> Vec<ToneLine> {
        cells.iter().map(|text| ToneLine::new(Tone::Plain, *text)).collect()
    }

    fn places(window: u16, rows: &[Vec<ToneLine>]) -> Vec<Placed> {
        placed(window, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    fn widths(window: u16, rows: &[Vec<ToneLine>]) -> Vec<u16> {
        places(window, rows).iter().map(|placed| placed.width).collect()
    }

    #[test]
    fn no_column_gets_narrower_as_the_window_gets_wider_and_none_leaves_the_window() {
        let reason = "Insufficient hot wallet balance for this asset";
        let amount = "4369.963620669987809093000000";
        let rows = [row([
            "123456789012",
            "26h",
            "StellarLumens",
            amount,
            "50222 Jörg Müller-Lüdenscheid",
            "TX! dup2 U!",
            reason,
        ])];
        for window in 40..200 {
            let now = places(window, &rows);
            let last = now.last().unwrap();
            assert!(window < 44 || last.x + last.width <= window, "{window}: {now:?}");
            let wider = widths(window + 1, &rows);
            let shrinks = now.iter().zip(&wider).any(|(now, wider)| now.width > *wider);
            assert!(!shrinks || window + 1 == ORDINARY, "{window}: {now:?} {wider:?}");
        }
    }

    #[test]
    fn widths_come_from_the_rows_in_sight_and_the_reason_is_the_last_to_be_cut() {
        let short = row(["9", "1h", "BTC", "1", "7 a", "", "Bad memo"]);
        let long =
            row(["9", "1h", "BTC", "4369.963620669987809093", "50222 r.singh", "dup2", "Insufficient hot wallet"]);
        assert_eq!(widths(80, std::slice::from_ref(&short)), [7, 4, 5, 14, 14, 4, 25]);
        assert_eq!(widths(80, &[short, long.clone()]), [7, 4, 5, 15, 14, 4, 24]);
        assert_eq!(widths(120, &[long]), [7, 4, 5, 26, 14, 4, 53]);
    }
}
