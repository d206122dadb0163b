//! The order of the rows: by a column and a direction. What is not known stands last in both directions, and the newest ticket first
//! among equals.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::row::{Flag, Row};
use crate::domain::TicketNumber;
use crate::domain::amount::ExactNumber;

/// A column by which rows can be ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortColumn {
    /// The number: numbers only grow.
    #[default]
    Ticket,
    /// When it was made; the youngest is the least.
    Age,
    /// The name of the asset.
    Asset,
    /// The amount, as an exact number, whatever its asset.
    Amount,
    /// The number of the account.
    Account,
    /// The flags, the most serious first.
    Flag,
    /// The words of the reason.
    Reason,
}

impl SortColumn {
    /// All of them, as the columns stand in the list.
    pub const ALL: [Self; 7] =
        [Self::Ticket, Self::Age, Self::Asset, Self::Amount, Self::Account, Self::Flag, Self::Reason];

    /// The head of the column.
    pub fn head(self) -> &'static str {
        match self {
            Self::Ticket => "TICKET",
            Self::Age => "AGE",
            Self::Asset => "ASSET",
            Self::Amount => "AMOUNT",
            Self::Account => "ACCOUNT",
            Self::Flag => "FLAG",
            Self::Reason => "REASON",
        }
    }

    /// True if an operator looks for the greatest first: the newest ticket, the oldest age, the largest amount.
    fn begins_with_the_greatest(self) -> bool {
        matches!(self, Self::Ticket | Self::Age | Self::Amount)
    }
}

/// An order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By this column.
    pub column: SortColumn,
    /// The greatest stands first.
    pub is_descending: bool,
}

impl Default for Sort {
    /// The newest ticket first.
    fn default() -> Self {
        Self::by(SortColumn::default())
    }
}

impl Sort {
    /// By a column, in the direction in which it is looked at first.
    pub fn by(column: SortColumn) -> Self {
        Self { column, is_descending: column.begins_with_the_greatest() }
    }

    /// By the next column, after the last by the first.
    #[must_use]
    pub fn next_column(self) -> Self {
        let columns = SortColumn::ALL;
        let next = columns.iter().position(|column| *column == self.column).map_or(0, |at| (at + 1) % columns.len());
        Self::by(columns.get(next).copied().unwrap_or_default())
    }

    /// The other direction.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { is_descending: !self.is_descending, ..self }
    }

    /// What a row is ordered by.
    pub fn key(self, row: &Row<'_>) -> SortKey {
        let text = |text: String| Some(text.to_lowercase().into_boxed_str());
        match self.column {
            SortColumn::Ticket => SortKey::Number,
            SortColumn::Age => SortKey::Made(row.created()),
            SortColumn::Asset => SortKey::Text(row.asset_name().and_then(text)),
            SortColumn::Amount => SortKey::Amount(row.exact_amount()),
            SortColumn::Account => SortKey::Account(row.account_number()),
            SortColumn::Flag => SortKey::Flag(row.first_flag().map(Flag::seriousness)),
            SortColumn::Reason => SortKey::Text(row.reason().and_then(text)),
        }
    }

    /// `Less` if the first stands above the second.
    pub fn order(self, first: &Place, second: &Place) -> Ordering {
        let by_key = match (first.key.is_known(), second.key.is_known()) {
            (true, true) => self.directed(first, second),
            (ours, theirs) => theirs.cmp(&ours),
        };
        by_key.then_with(|| second.number.cmp(&first.number))
    }

    fn directed(self, first: &Place, second: &Place) -> Ordering {
        let order = match (&first.key, &second.key) {
            (SortKey::Number, SortKey::Number) => first.number.cmp(&second.number),
            // The older of two was made before the other.
            (SortKey::Made(first), SortKey::Made(second)) => second.cmp(first),
            (first, second) => first.cmp(second),
        };
        if self.is_descending { order.reverse() } else { order }
    }
}

/// What a row is ordered by; `None` where that is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// Its number, which stands beside it.
    Number,
    /// When it was made.
    Made(Option<Timestamp>),
    /// Its amount.
    Amount(Option<ExactNumber>),
    /// Its account.
    Account(Option<i64>),
    /// How serious its first flag is; the most serious is the least.
    Flag(Option<u8>),
    /// Words, in small letters.
    Text(Option<Box<str>>),
}

impl SortKey {
    fn is_known(&self) -> bool {
        match self {
            Self::Number => true,
            Self::Made(made) => made.is_some(),
            Self::Amount(amount) => amount.is_some(),
            Self::Account(account) => account.is_some(),
            Self::Flag(flag) => flag.is_some(),
            Self::Text(text) => text.is_some(),
        }
    }
}

/// The place of a row in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What it is ordered by.
    pub key: SortKey,
    /// Its ticket.
    pub number: TicketNumber,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Amount;
    use rstest::rstest;

    fn amount(digits: &str, number: u64) -> Place {
        Place { key: SortKey::Amount(Amount::new(digits).exact_number()), number: TicketNumber(number) }
    }

    fn ordered(sort: Sort, mut places: Vec<Place>) -> Vec<u64> {
        places.sort_by(|first, second| sort.order(first, second));
        places.into_iter().map(|place| place.number.0).collect()
    }

    #[rstest]
    #[case::largest_first(Sort::by(SortColumn::Amount), &[3, 5, 4, 2, 1, 6])]
    #[case::smallest_first(Sort::by(SortColumn::Amount).reversed(), &[1, 2, 5, 4, 3, 6])]
    fn amounts_are_ordered_as_exact_numbers_and_equal_ones_by_their_tickets(#[case] sort: Sort, #[case] order: &[u64]) {
        let places = vec![
            amount("1e-28", 1),
            amount("9", 2),
            amount("1000", 3),
            amount("10.5", 4),
            amount("10.500", 5),
            amount("much", 6),
        ];
        assert_eq!(ordered(sort, places), order);
    }

    #[test]
    fn the_oldest_stands_first_and_what_is_not_known_last() {
        let made = |time: Option<&str>, number| {
            let key = SortKey::Made(time.map(|time| time.parse().unwrap()));
            Place { key, number: TicketNumber(number) }
        };
        let places = vec![made(Some("2026-11-22T00:00:00Z"), 1), made(None, 2), made(Some("2026-11-20T00:00:00Z"), 3)];
        assert_eq!(ordered(Sort::by(SortColumn::Age), places.clone()), [3, 1, 2]);
        assert_eq!(ordered(Sort::by(SortColumn::Age).reversed(), places), [1, 3, 2]);
    }
}
