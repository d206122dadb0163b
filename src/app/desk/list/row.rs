//! A row of the list, lent by the store: what a column can show of a ticket, its flags included.

use jiff::Timestamp;

use crate::app::desk::locks::Lock;
use crate::domain::{RemoteText, Ticket, TicketNumber, TicketStatus};

/// A ticket of the list as a row shows it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub(super) ticket: &'a Ticket,
    pub(super) lock: Option<Lock>,
    /// Other failed tickets with the same account, asset and amount.
    pub(super) twins: usize,
    /// Only an event told of it, so that its comments are not known yet.
    pub(super) is_unread: bool,
    /// Any text of it had to be made inert.
    pub(super) is_hostile: bool,
}

/// Something about a ticket that the operator should know before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// It carries the trace of a transaction: money may have left.
    Transaction,
    /// A cancel that stands open holds it.
    Held,
    /// A cancel of it was released, and may still act.
    Released,
    /// It holds characters that were made harmless.
    Hostile,
    /// Fields of it came in a form that cannot be read.
    Odd,
    /// It lacks what a cancel needs.
    Incomplete,
    /// So many other failed tickets look like it.
    Twins(usize),
}

impl Row<'_> {
    /// The ticket's number.
    pub fn number(&self) -> TicketNumber {
        self.ticket.number
    }

    /// True if it is failed.
    pub fn is_failed(&self) -> bool {
        self.ticket.status.is_failed()
    }

    /// True if its status came, in whatever word.
    pub fn is_status_read(&self) -> bool {
        self.ticket.status != TicketStatus::Unreadable
    }

    /// Its status; inert.
    pub fn status(&self) -> String {
        self.ticket.status.to_string()
    }

    /// When it was made, UTC.
    pub fn created(&self) -> Option<Timestamp> {
        self.ticket.times.created
    }

    /// When it was changed last, UTC.
    pub fn updated(&self) -> Option<Timestamp> {
        self.ticket.times.updated
    }

    /// Who changed it last; inert.
    pub fn updated_by(&self) -> String {
        self.ticket.updated_by_label()
    }

    /// Its asset, as far as a row has room; inert.
    pub fn asset(&self) -> String {
        self.ticket.asset_glance()
    }

    /// Its amount, in its asset, digit by digit.
    pub fn amount(&self) -> String {
        self.ticket.amount_label()
    }

    /// Its fee, in its asset, digit by digit.
    pub fn fee(&self) -> String {
        self.ticket.fee_label()
    }

    /// Its account, number and the beginning of its name; inert.
    pub fn account(&self) -> String {
        self.ticket.account_glance()
    }

    /// The address or bank account it was to go to; inert, every difference visible.
    pub fn destination(&self) -> Option<String> {
        self.ticket.destination.as_ref().map(RemoteText::exact)
    }

    /// Its request code; inert, every difference visible.
    pub fn request_code(&self) -> Option<String> {
        self.ticket.request_code.as_ref().map(RemoteText::exact)
    }

    /// True if only an event told of it: its comments, and the reason in them, are not known yet.
    pub fn is_unread(&self) -> bool {
        self.is_unread
    }

    /// Why it failed, as far as a row has room; inert.
    pub fn reason(&self) -> Option<String> {
        self.ticket.reason().map(|reason| reason.glance().inert())
    }

    /// How many comments it has.
    pub fn comments(&self) -> usize {
        self.ticket.comments_told()
    }

    /// The flags, the most serious first: a narrow column cuts the rest.
    pub fn flags(&self) -> Vec<Flag> {
        let ticket = self.ticket;
        let lock = self.lock.map(|lock| match lock {
            Lock::Held => Flag::Held,
            Lock::Released => Flag::Released,
        });
        let is_incomplete = ticket.account.is_none() || ticket.request_code.is_none();
        let flags = [
            (!ticket.is_clear()).then_some(Flag::Transaction),
            lock,
            self.is_hostile.then_some(Flag::Hostile),
            (!ticket.odd.is_empty() || !self.is_status_read()).then_some(Flag::Odd),
            is_incomplete.then_some(Flag::Incomplete),
            (self.is_failed() && self.twins > 0).then_some(Flag::Twins(self.twins)),
        ];
        flags.into_iter().flatten().collect()
    }
}
