//! All fields of one ticket, read for the operator who looks into it.

use crate::domain::{Ticket, TicketNumber};
use crate::protocol::fields::ReplyField;
use crate::protocol::rpc::get_withdraw_ticket::TicketKey;

/// The ticket that is looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Which.
    pub ticket: TicketNumber,
    /// How the read of its fields stands.
    pub reading: DetailReading,
    /// By what it was asked for, if it was.
    key: Option<TicketKey>,
}

/// How the read of all fields stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DetailReading {
    /// Asked, not answered.
    Asked,
    /// Every field of the answer, as it arrived.
    Fields {
        /// In the order of arrival.
        fields: Vec<ReplyField>,
        /// The ticket that they say.
        ticket: Box<Ticket>,
        /// When the answer came, UTC.
        at: jiff::Timestamp,
    },
    /// Not to be had; why. Inert.
    Failed(String),
    /// No such ticket was found; why. Inert.
    NotFound(String),
}

impl Detail {
    pub(super) fn new(ticket: TicketNumber, reading: DetailReading) -> Self {
        Self { ticket, reading, key: None }
    }

    pub(super) fn asked(key: TicketKey) -> Self {
        Self { ticket: key.number, reading: DetailReading::Asked, key: Some(key) }
    }

    /// The key by which it was asked for, if it was.
    pub(super) fn key(&self) -> Option<&TicketKey> {
        self.key.as_ref()
    }
}
