//! The list: the failed tickets, how far their reading got, and the ticket that is looked into. It reads, and changes nothing on
//! the exchange; it hears of the link and of the cancels by news alone.

mod answers;
pub mod detail;
mod drive;
mod find;
mod finding;
mod heard;
mod look_into;
mod poll;
mod polling;
pub mod row;
pub mod scan;
mod too_long;

use std::collections::BTreeMap;

use self::detail::Detail;
use self::find::Find;
use self::heard::Heard;
use self::poll::Poll;
use self::row::Row;
use self::scan::Scan;
use super::locks::Lock;
use super::tickets::{RowChange, TicketStore};
use crate::domain::{Ticket, TicketNumber};

/// The list.
#[derive(Clone, Debug, Default)]
pub struct List {
    tickets: TicketStore,
    scan: Scan,
    poll: Poll,
    detail: Option<Detail>,
    find: Option<Find>,
    heard: Heard,
    /// The tickets that open cancels hold, or held.
    locks: BTreeMap<TicketNumber, Lock>,
    /// Commands about a ticket that they know read no list.
    is_unread: bool,
    /// Tickets a page, since a longer page was too long for a message.
    page_limit: Option<usize>,
    /// Not even the shortest page can be read: only a person has it asked for again.
    is_too_long: bool,
}

impl List {
    /// A list that is never read, only asked for single tickets.
    pub(super) fn unread() -> Self {
        Self { is_unread: true, ..Self::default() }
    }

    /// The failed tickets.
    pub fn tickets(&self) -> &TicketStore {
        &self.tickets
    }

    /// How far the reading of the list got.
    pub fn scan(&self) -> &Scan {
        &self.scan
    }

    /// All fields of the ticket that is looked into.
    pub fn detail(&self) -> Option<&Detail> {
        self.detail.as_ref()
    }

    /// A ticket of the list, or the one that was looked for and found.
    pub fn known(&self, number: TicketNumber) -> Option<&Ticket> {
        self.tickets.get(number).or_else(|| self.find.as_ref()?.found(number))
    }

    /// How an open cancel stands to a ticket.
    pub fn lock(&self, number: TicketNumber) -> Option<Lock> {
        self.locks.get(&number).copied()
    }

    /// A ticket of the list, as a row shows it.
    pub fn row(&self, number: TicketNumber) -> Option<Row<'_>> {
        let ticket = self.tickets.get(number)?;
        Some(Row {
            ticket,
            lock: self.lock(number),
            twins: self.tickets.count_of_twins(number),
            is_unread: self.tickets.is_unread(number),
            is_hostile: self.tickets.is_hostile(number),
        })
    }

    /// The changes of rows since they were taken last.
    pub(in crate::app) fn take_row_changes(&mut self) -> Vec<RowChange> {
        self.tickets.take_changes()
    }

    /// A cancel of a ticket opened, was released, or closed.
    pub(super) fn set_lock(&mut self, number: TicketNumber, lock: Option<Lock>) {
        match lock {
            Some(lock) => self.locks.insert(number, lock),
            None => self.locks.remove(&number),
        };
        self.tickets.touch(number);
    }
}

#[cfg(test)]
impl List {
    /// Takes in a ticket, as a read of the list would.
    pub(in crate::app) fn put(&mut self, ticket: Ticket) {
        self.tickets.take(ticket);
    }
}
