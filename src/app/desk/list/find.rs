//! One ticket that is looked for by its number, whatever its status.

use crate::domain::{Ticket, TicketNumber};

/// The ticket that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Find {
    pub number: TicketNumber,
    pub progress: FindProgress,
}

/// How far the search got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FindProgress {
    /// The list call with `TicketId` was asked.
    Asked,
    /// It is waited for as the scan goes on; `anew` if the scan was begun anew for it.
    ByScan { anew: bool },
    /// It was read; kept, since the list keeps failed tickets alone.
    Found(Box<Ticket>),
}

impl Find {
    /// The ticket, if this is its number and it was found.
    pub fn found(&self, number: TicketNumber) -> Option<&Ticket> {
        match &self.progress {
            FindProgress::Found(ticket) if self.number == number => Some(ticket),
            _ => None,
        }
    }
}
