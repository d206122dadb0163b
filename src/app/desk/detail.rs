//! All fields of one ticket, read for the operator who looks into it.

use super::Desk;
use super::in_flight::Purpose;
use crate::app::effect::Effects;
use crate::domain::{Now, Ticket, TicketNumber};
use crate::protocol::Frame;
use crate::protocol::fields::{self, ReplyField};
use crate::protocol::rpc::get_withdraw_ticket::{GetWithdrawTicket, TicketKey};
use crate::protocol::rpc::read_reply;

/// The ticket that is looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Which.
    pub ticket: TicketNumber,
    /// What was read of it.
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

impl Desk {
    /// Reads every field of a ticket.
    pub fn look_into(&mut self, number: TicketNumber, now: Now) -> Effects {
        let reading = |reading| Some(Detail { ticket: number, reading, key: None });
        let Some(key) = self.known(number).and_then(TicketKey::of) else {
            let why = "without AccountId and RequestCode it cannot be read again";
            self.detail = reading(DetailReading::Failed(why.to_owned()));
            return Effects::none();
        };
        match self.read_ticket(&key, Purpose::Detail(number), now) {
            Some(effects) => {
                self.detail = Some(Detail { ticket: number, reading: DetailReading::Asked, key: Some(key) });
                effects
            }
            None => {
                self.detail = reading(DetailReading::Failed("there is no link".to_owned()));
                Effects::none()
            }
        }
    }

    /// Asks for one ticket; `None` without a link on which tickets can be read.
    pub(super) fn read_ticket(&mut self, key: &TicketKey, purpose: Purpose, now: Now) -> Option<Effects> {
        let session = self.link.ready()?;
        let call = GetWithdrawTicket::new(session.oms?, session.operator, key);
        Some(self.ask(&call, purpose, now))
    }

    pub(super) fn apply_detail(&mut self, number: TicketNumber, frame: &Frame, now: Now) -> Effects {
        match read_reply::<GetWithdrawTicket>(frame) {
            Ok(ticket) if self.is_asked(number, &ticket) => {
                let fields = fields::all(&frame.payload);
                let reading = DetailReading::Fields { fields, ticket: Box::new(ticket.clone()), at: now.wall };
                self.set_detail(number, reading);
                self.tickets.take(ticket);
            }
            Ok(other) => {
                let why = format!("the exchange answered with another ticket, {}", other.number);
                self.set_detail(number, DetailReading::Failed(why));
            }
            Err(error) => self.set_detail(number, DetailReading::Failed(error.to_string())),
        }
        Effects::none()
    }

    /// Whether a reply is about the ticket that was asked for: its number, account and RequestCode.
    fn is_asked(&self, number: TicketNumber, reply: &Ticket) -> bool {
        let asked =
            self.detail.as_ref().filter(|detail| detail.ticket == number).and_then(|detail| detail.key.as_ref());
        // What is no longer looked into may still be on the list.
        let listed = || self.known(number).and_then(TicketKey::of);
        asked.cloned().or_else(listed).is_some_and(|key| key.is_answered_by(reply))
    }

    pub(super) fn apply_detail_failed(&mut self, number: TicketNumber, why: String) -> Effects {
        self.set_detail(number, DetailReading::Failed(why));
        Effects::none()
    }

    pub(super) fn show_detail(&mut self, ticket: TicketNumber, reading: DetailReading) {
        self.detail = Some(Detail { ticket, reading, key: None });
    }

    pub(super) fn set_detail(&mut self, number: TicketNumber, reading: DetailReading) {
        if let Some(detail) = self.detail.as_mut().filter(|detail| detail.ticket == number) {
            detail.reading = reading;
        }
    }
}
