//! All fields of one ticket, read for the operator who looks into it.

use jiff::Timestamp;

use crate::domain::agreement::{Difference, contradictions};
use crate::domain::{Ticket, TicketNumber};
use crate::protocol::fields::ReplyFields;
use crate::protocol::rpc::get_withdraw_ticket::TicketKey;

/// The ticket that is looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Which.
    pub ticket: TicketNumber,
    /// How the read of its fields stands.
    pub reading: DetailReading,
    /// A change that was heard of since the read that is shown.
    pub changed: Option<HeardChange>,
    /// By what it was asked for, if it was.
    key: Option<TicketKey>,
}

/// A change of the ticket that is looked into, heard of after it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardChange {
    /// The facts that changed; never empty.
    pub differences: Vec<Difference>,
    /// Who changed it last; inert.
    pub by: String,
    /// When, UTC, as far as the exchange tells.
    pub changed_at: Option<Timestamp>,
    /// When it was heard of, UTC.
    pub heard_at: Timestamp,
}

/// How the read of all fields stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DetailReading {
    /// Asked, not answered.
    Asked,
    /// Every field of the answer, as it arrived.
    Fields {
        /// In the order of arrival.
        fields: ReplyFields,
        /// The ticket that they say.
        ticket: Box<Ticket>,
        /// When the answer came, UTC.
        at: Timestamp,
    },
    /// Not to be had; why. Inert.
    Failed(String),
    /// No such ticket was found; why. Inert.
    NotFound(String),
}

impl Detail {
    pub(super) fn new(ticket: TicketNumber, reading: DetailReading) -> Self {
        Self { ticket, reading, changed: None, key: None }
    }

    pub(super) fn asked(key: TicketKey) -> Self {
        Self { ticket: key.number, reading: DetailReading::Asked, changed: None, key: Some(key) }
    }

    /// The ticket was heard of: what is shown of it may not be so any more.
    pub(super) fn note_change(&mut self, seen: &Ticket, heard_at: Timestamp) {
        let DetailReading::Fields { ticket, .. } = &self.reading else { return };
        let differences = contradictions(ticket, seen);
        if differences.is_empty() {
            return;
        }
        let (by, changed_at) = (seen.updated_by_label(), seen.times.updated);
        self.changed = Some(HeardChange { differences, by, changed_at, heard_at });
    }

    /// The key by which it was asked for, if it was.
    pub(super) fn key(&self) -> Option<&TicketKey> {
        self.key.as_ref()
    }
}
