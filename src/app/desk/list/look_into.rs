//! Looking into one ticket: every field of it, read now.

use super::List;
use super::detail::{Detail, DetailReading};
use crate::app::desk::calls::Purpose;
use crate::app::desk::cx::Cx;
use crate::app::words::desk::list as words;
use crate::domain::{Ticket, TicketNumber};
use crate::protocol::Frame;
use crate::protocol::fields;
use crate::protocol::rpc::get_withdraw_ticket::{GetWithdrawTicket, TicketKey, not_asked_for};
use crate::protocol::rpc::read_reply;

impl List {
    /// Reads every field of a ticket.
    pub(in crate::app::desk) fn look_into(&mut self, number: TicketNumber, cx: &mut Cx<'_>) {
        cx.show();
        let Some(key) = self.known(number).and_then(TicketKey::of) else {
            let odd = self.known(number).map(Ticket::odd_key_label).unwrap_or_default();
            self.detail = Some(Detail::new(number, DetailReading::Failed(words::no_key(&odd))));
            return;
        };
        self.detail = Some(if cx.read_ticket(&key, Purpose::Detail(number)) {
            Detail::asked(key)
        } else {
            Detail::new(number, DetailReading::Failed(words::NO_LINK.to_owned()))
        });
    }

    pub(super) fn take_detail(&mut self, number: TicketNumber, frame: &Frame, cx: &mut Cx<'_>) {
        cx.show();
        match read_reply::<GetWithdrawTicket>(frame) {
            Ok(ticket) if self.is_asked(number, &ticket) => {
                let fields = fields::all(&frame.payload);
                let reading = DetailReading::Fields { fields, ticket: Box::new(ticket.clone()), at: cx.now.wall };
                self.set_detail(number, reading);
                self.note_change(&ticket, cx);
                self.tickets.take(ticket);
            }
            Ok(other) => {
                let why = not_asked_for(number, &other);
                self.set_detail(number, DetailReading::Failed(why));
            }
            Err(error) => self.set_detail(number, DetailReading::Failed(error.to_string())),
        }
    }

    /// True if a reply is about the ticket that was asked for: its number, account and RequestCode.
    fn is_asked(&self, number: TicketNumber, reply: &Ticket) -> bool {
        let asked = self.detail.as_ref().filter(|detail| detail.ticket == number).and_then(Detail::key);
        // A ticket that is no longer looked into may still be on the list.
        let listed = || self.known(number).and_then(TicketKey::of);
        asked.cloned().or_else(listed).is_some_and(|key| key.is_answered_by(reply))
    }

    pub(super) fn set_detail(&mut self, number: TicketNumber, reading: DetailReading) {
        if let Some(detail) = self.detail.as_mut().filter(|detail| detail.ticket == number) {
            detail.reading = reading;
            detail.changed = None;
        }
    }

    /// Asks for the ticket that is looked into once more, if its read was held up.
    pub(super) fn look_again(&mut self, number: TicketNumber, cx: &mut Cx<'_>) {
        let is_awaited = |detail: &Detail| detail.ticket == number && detail.reading == DetailReading::Asked;
        if self.detail.as_ref().is_some_and(is_awaited) {
            self.look_into(number, cx);
        }
    }
}
