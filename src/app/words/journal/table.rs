//! Lines of cells, aligned: whole, or fitted to a terminal under a head.

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text::columns;

/// How a column stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A column.
#[derive(Clone, Copy)]
pub struct Column {
    /// Its head.
    pub head: &'static str,
    /// How it stands.
    pub align: Align,
    /// Where it is in the order in which a narrow terminal does without columns; one that is never left out has none.
    pub goes: Option<usize>,
    /// True if it is cut before others are left out.
    pub is_cut: bool,
}

/// The blanks between two columns.
const GAP: usize = 2;
/// A column that is cut to less than this says nothing.
const LEAST: usize = 10;
/// Ends a cell that was cut.
const CUT: &str = ">";

/// One line a row, each column as wide as its widest cell.
pub fn whole<const N: usize>(columns: &[Column; N], rows: &[[String; N]]) -> String {
    let cells = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect::<Vec<Vec<_>>>();
    aligned(&columns.map(|column| column.align), &cells)
}

/// A head, and one line a row, no wider than the terminal as far as columns can be cut or left out. First a column that may be cut is
/// cut, down to the least; while that is not enough, columns are left out in their order.
pub fn fitted<const N: usize>(columns: &[Column; N], rows: &[[String; N]], width: usize) -> String {
    let widest = |index: usize| {
        let cells = rows.iter().map(|row| self::columns(&row[index]));
        cells.chain([columns[index].head.len()]).max().unwrap_or(0)
    };
    let full: [usize; N] = std::array::from_fn(widest);
    let least = |index: usize| if columns[index].is_cut { full[index].min(LEAST) } else { full[index] };
    let mut shown: Vec<usize> = (0..N).collect();
    let mut order: Vec<usize> = shown.iter().copied().filter(|index| columns[*index].goes.is_some()).collect();
    order.sort_unstable_by_key(|index| columns[*index].goes);
    let room = |shown: &[usize]| width.checked_sub(shown.iter().map(|index| least(*index) + GAP).sum::<usize>() - GAP);
    for gone in order {
        if room(&shown).is_some() {
            break;
        }
        shown.retain(|index| *index != gone);
    }
    // One column at the most may be cut: what is left over is its.
    let left = room(&shown).unwrap_or(0);
    let kept = |index: usize| full[index].min(least(index) + left);
    let line = |row: [&str; N]| shown.iter().map(|index| cut(row[*index], kept(*index))).collect::<Vec<_>>();
    let head = line(columns.map(|column| column.head));
    let lines = rows.iter().map(|row| line(row.each_ref().map(String::as_str)));
    let cells: Vec<Vec<String>> = [head].into_iter().chain(lines).collect();
    let cells: Vec<Vec<&str>> = cells.iter().map(|line| line.iter().map(String::as_str).collect()).collect();
    let aligns: Vec<Align> = shown.iter().map(|index| columns[*index].align).collect();
    aligned(&aligns, &cells)
}

/// A cell of at most so many columns; what was cut ends with a mark.
fn cut(cell: &str, width: usize) -> String {
    if columns(cell) <= width {
        return cell.to_owned();
    }
    let mut shown = String::new();
    for cluster in cell.graphemes(true) {
        if columns(&shown) + columns(cluster) + CUT.len() > width {
            break;
        }
        shown.push_str(cluster);
    }
    shown + CUT
}

fn aligned(aligns: &[Align], rows: &[Vec<&str>]) -> String {
    let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| columns(cell)).max();
    let widths: Vec<usize> = (0..aligns.len()).map(|column| widest(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(aligns).zip(&widths).map(|((cell, align), width)| {
            let space = " ".repeat(width.saturating_sub(columns(cell)));
            if *align == Align::Left { format!("{cell}{space}") } else { format!("{space}{cell}") }
        });
        text.push_str(cells.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const COLUMNS: [Column; 3] = [
        Column { head: "NAME", align: Align::Left, goes: Some(1), is_cut: true },
        Column { head: "N", align: Align::Right, goes: None, is_cut: false },
        Column { head: "WHERE", align: Align::Left, goes: Some(0), is_cut: false },
    ];

    fn rows() -> [[String; 3]; 2] {
        [["山", "1", "here"], ["abcdefghijklmno", "22", "elsewhere"]].map(|row| row.map(str::to_owned))
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        assert_eq!(whole(&COLUMNS, &rows()), "山                1  here\nabcdefghijklmno  22  elsewhere\n");
    }

    #[rstest]
    #[case(30, "NAME              N  WHERE\n山                1  here\nabcdefghijklmno  22  elsewhere\n")]
    #[case(29, "NAME             N  WHERE\n山               1  here\nabcdefghijklm>  22  elsewhere\n")]
    #[case(24, "NAME              N\n山                1\nabcdefghijklmno  22\n")]
    #[case(16, "NAME           N\n山             1\nabcdefghijk>  22\n")]
    #[case(13, " N\n 1\n22\n")]
    #[case(1, " N\n 1\n22\n")]
    fn what_does_not_fit_is_cut_or_left_out(#[case] width: usize, #[case] wanted: &str) {
        assert_eq!(fitted(&COLUMNS, &rows(), width), wanted);
    }
}
