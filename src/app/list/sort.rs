//! The order of the rows.

use std::cmp::Ordering;

use crate::domain::TicketNumber;

/// An order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The newest ticket first: numbers only grow.
    #[default]
    Newest,
}

impl Sort {
    /// `Less` if the first stands above the second.
    pub fn order(self, first: TicketNumber, second: TicketNumber) -> Ordering {
        match self {
            Self::Newest => second.cmp(&first),
        }
    }
}
