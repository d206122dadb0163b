//! Lines of cells, aligned.

use crate::domain::text::columns;

/// How a column stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// One line a row, each column as wide as its widest cell.
pub fn aligned<const N: usize>(aligns: [Align; N], rows: &[[String; N]]) -> String {
    let widest = |column: usize| rows.iter().map(|row| columns(&row[column])).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(widest);
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(aligns).zip(widths).map(|((cell, align), width)| {
            let space = " ".repeat(width.saturating_sub(columns(cell)));
            if align == Align::Left { format!("{cell}{space}") } else { format!("{space}{cell}") }
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["山", "1"], ["abc", "22"]].map(|row| row.map(str::to_owned));
        assert_eq!(aligned([Align::Left, Align::Right], &rows), "山    1\nabc  22\n");
    }
}
