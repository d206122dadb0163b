//! The one store of tickets: the failed ones, those whose status cannot be read, and those that left failed while they were on the
//! list.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use super::twins::{TwinKey, Twins};
use crate::domain::kept::KeptComments;
use crate::domain::ticket::{Comment, OddField, Transaction};
use crate::domain::{Amount, Ticket, TicketNumber, TicketStatus};

/// No row is added beyond this, whatever the exchange sends, and the scan stops at it.
pub const MOST_ROWS: usize = 100_000;
/// No row is added, and none grows, beyond so many bytes of all rows together.
pub const MOST_BYTES: usize = 256 * 1024 * 1024;
/// The list is no longer cut once so much of the bytes is free again: more than the largest ticket takes.
const ROOM: usize = MOST_BYTES / 16;

/// The limit at which a failed ticket got no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// As many rows as there may be.
    Rows,
    /// As many bytes as they may take.
    Bytes,
}

/// How many tickets were looked at, so that a test can show that a key touches those on the screen alone. No part of what a store
/// is.
#[derive(Default)]
struct Visits(AtomicU64);

impl Clone for Visits {
    fn clone(&self) -> Self {
        Self(AtomicU64::new(self.0.load(Ordering::Relaxed)))
    }
}

impl PartialEq for Visits {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Visits {}

impl fmt::Debug for Visits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Visits")
    }
}

/// A ticket of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// As it was read last.
    pub ticket: Ticket,
    /// The reading of the list that saw it last.
    seen_by: u32,
    /// The reading in or after which it was seen to have left failed.
    left_in: Option<u32>,
    /// Its place among the twins, while it is failed.
    twin: Option<TwinKey>,
    /// The bytes that the row takes.
    bytes: usize,
    /// True if any text of it had to be made inert: found out once, since a draw must not read all of it.
    is_hostile: bool,
}

/// The part of the list that a reading would have seen, had a ticket been there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every ticket.
    Everything,
    /// Every ticket from the newest to this one.
    DownTo(TicketNumber),
    /// Rows could not be read: any ticket may have been one of them.
    Unsure,
}

/// A change of the tickets that have a row, for whoever keeps an order of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowChange {
    /// It has a row now.
    Added(TicketNumber),
    /// It was read again, and may be another.
    Changed(TicketNumber),
    /// It has no row any more.
    Gone(TicketNumber),
}

impl RowChange {
    /// The ticket, if its row is gone.
    pub fn gone(&self) -> Option<TicketNumber> {
        match self {
            Self::Gone(number) => Some(*number),
            Self::Added(_) | Self::Changed(_) => None,
        }
    }
}

/// The tickets of the list, by number; in which order they are shown is not theirs. A ticket that left failed keeps its row until
/// the list is read again, so that no row slides under the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketStore {
    tickets: BTreeMap<TicketNumber, Listed>,
    /// The changes of rows since they were taken last.
    changes: Vec<RowChange>,
    reading: u32,
    /// How many of them are failed.
    failed: usize,
    /// The failed tickets by the facts that twins share; kept as they change.
    twins: Twins,
    visits: Visits,
    /// The limit at which a failed ticket got no row.
    cut: Option<Cut>,
    /// The bytes that the rows take; kept as they change.
    bytes: usize,
    /// Tickets of which an event told, without the comments that the reads of them carry, and that were not read since.
    unread: BTreeSet<TicketNumber>,
}

impl TicketStore {
    /// A new reading of the list starts.
    pub fn start_reading(&mut self) {
        self.reading += 1;
    }

    /// Takes in a row of the list or a read. A ticket that is known not to be failed is kept only if it has a row already.
    pub fn take(&mut self, ticket: Ticket) {
        self.unread.remove(&ticket.number);
        self.take_in(ticket);
    }

    fn take_in(&mut self, mut ticket: Ticket) {
        let number = ticket.number;
        if let Some(mut listed) = self.take_out(number) {
            // Zeros vary between calls (PROTOCOL.md 6): the row keeps the digits it has while the number is the same.
            keep_digits(&mut ticket.amount, listed.ticket.amount.take());
            keep_digits(&mut ticket.fee, listed.ticket.fee.take());
            ticket.keep_trace(listed.ticket.trace.take());
            let before = listed.left_in.or(Some(self.reading));
            let left_in = if ticket.is_listed() { None } else { before };
            if !self.fits(&ticket) {
                ticket.let_comments_go();
            }
            if self.fits(&ticket) {
                self.put_in(ticket, left_in);
                return self.changes.push(RowChange::Changed(number));
            }
            // A row that is not as the ticket is now is worse than none.
            self.cut = Some(Cut::Bytes);
            self.unread.remove(&number);
            self.changes.push(RowChange::Gone(number));
        } else if ticket.is_listed() && self.rows() >= MOST_ROWS {
            self.cut = Some(Cut::Rows);
        } else if ticket.is_listed() && !self.fits(&ticket) {
            self.cut = Some(Cut::Bytes);
        } else if ticket.is_listed() {
            self.put_in(ticket, None);
            self.changes.push(RowChange::Added(number));
        }
    }

    fn fits(&self, ticket: &Ticket) -> bool {
        self.bytes + ticket.bytes() <= MOST_BYTES
    }

    /// Something beside a ticket changed that its row shows.
    pub(super) fn touch(&mut self, number: TicketNumber) {
        if self.tickets.contains_key(&number) {
            self.changes.push(RowChange::Changed(number));
        }
    }

    /// A ticket came to others that look like it, or left them: their rows count it. Of a crowd only the first are told of, since the
    /// rest would have to be told of at each that comes.
    fn touch_twins(&mut self, key: &TwinKey) {
        const TOLD: usize = 8;
        let twins: Vec<_> = self.twins.of(key).take(TOLD + 1).collect();
        if twins.len() <= TOLD {
            for twin in twins {
                self.touch(twin);
            }
        }
    }

    /// Adds a ticket, and what is kept of it beside it.
    fn put_in(&mut self, ticket: Ticket, left_in: Option<u32>) {
        let (number, is_failed) = (ticket.number, ticket.status.is_failed());
        let twin = TwinKey::of(&ticket).filter(|_| is_failed);
        if let Some(key) = &twin {
            self.touch_twins(key);
            self.twins.add(key, number);
        }
        self.failed += usize::from(is_failed);
        let bytes = ticket.bytes();
        self.bytes += bytes;
        let is_hostile = ticket.is_hostile();
        let listed = Listed { ticket, seen_by: self.reading, left_in, twin, bytes, is_hostile };
        self.tickets.insert(number, listed);
    }

    /// Takes a ticket out, and what is kept of it beside it.
    fn take_out(&mut self, number: TicketNumber) -> Option<Listed> {
        let listed = self.tickets.remove(&number)?;
        self.failed -= usize::from(listed.ticket.status.is_failed());
        self.bytes -= listed.bytes;
        if let Some(key) = &listed.twin {
            self.twins.remove(key, number);
            self.touch_twins(key);
        }
        Some(listed)
    }

    /// Takes in the ticket of an event. Events may leave out what the list had (PROTOCOL.md 7): a listed ticket takes over
    /// what an event is about, and keeps the rest.
    pub fn take_event(&mut self, event: Ticket) {
        let (number, tells_no_reason) = (event.number, event.comments_told() == 0);
        let listed = self.get(number);
        let has_failed = event.status.is_failed() && listed.is_none_or(|listed| !listed.status.is_failed());
        let ticket = match listed {
            Some(listed) => overlaid(listed.clone(), event),
            None => event,
        };
        self.take_in(ticket);
        if !tells_no_reason {
            self.unread.remove(&number);
        } else if has_failed && self.tickets.contains_key(&number) {
            self.unread.insert(number);
        }
    }

    /// True if only an event told of a ticket, so that its comments, and the reason in them, are not known yet.
    pub fn is_unread(&self, number: TicketNumber) -> bool {
        self.unread.contains(&number)
    }

    /// The reading ended: rows that it would have seen, and did not, go, and so do rows that had left failed before it. What it
    /// showed to have left stays until the next: a reading in the background takes no changed row from under the cursor.
    pub fn end_reading(&mut self, reach: Reach) {
        let reading = self.reading;
        let is_over = |(number, listed): (&TicketNumber, &Listed)| {
            let in_reach = match reach {
                Reach::Everything => true,
                Reach::DownTo(floor) => *number >= floor,
                Reach::Unsure => false,
            };
            let is_gone = in_reach && listed.seen_by != reading;
            let stays = !is_gone && (listed.ticket.is_listed() || listed.left_in == Some(reading));
            (!stays).then_some(*number)
        };
        let gone: Vec<TicketNumber> = self.tickets.iter().filter_map(is_over).collect();
        for number in gone {
            self.take_out(number);
            self.unread.remove(&number);
            self.changes.push(RowChange::Gone(number));
        }
        self.cut = self.cut.filter(|cut| match cut {
            Cut::Rows => self.rows() >= MOST_ROWS,
            Cut::Bytes => self.bytes > MOST_BYTES - ROOM,
        });
    }

    /// The bytes that the rows take.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// A ticket by its number.
    pub fn get(&self, number: TicketNumber) -> Option<&Ticket> {
        self.visits.0.fetch_add(1, Ordering::Relaxed);
        self.tickets.get(&number).map(|listed| &listed.ticket)
    }

    /// True if a ticket has a row.
    pub fn has(&self, number: TicketNumber) -> bool {
        self.tickets.contains_key(&number)
    }

    /// True if any text of a ticket had to be made inert.
    pub fn is_hostile(&self, number: TicketNumber) -> bool {
        self.tickets.get(&number).is_some_and(|listed| listed.is_hostile)
    }

    /// Tickets that have a row.
    pub fn rows(&self) -> usize {
        self.tickets.len()
    }

    /// The tickets that have a row, newest first. For a sweep: no key walks them.
    pub fn numbers(&self) -> impl DoubleEndedIterator<Item = TicketNumber> {
        self.tickets.keys().rev().copied()
    }

    /// Those of them that are older than a ticket, newest first.
    pub fn numbers_below(&self, number: TicketNumber) -> impl Iterator<Item = TicketNumber> {
        self.tickets.range(..number).rev().map(|(number, _)| *number)
    }

    /// The bytes that a row takes.
    pub fn bytes_of(&self, number: TicketNumber) -> usize {
        self.tickets.get(&number).map_or(0, |listed| listed.bytes)
    }

    /// The changes of rows since they were taken last, in their order.
    pub fn take_changes(&mut self) -> Vec<RowChange> {
        std::mem::take(&mut self.changes)
    }

    /// The limit at which a failed ticket got no row, if one did not.
    pub fn cut(&self) -> Option<Cut> {
        self.cut
    }

    /// True if no ticket more gets a row.
    pub fn is_full(&self) -> bool {
        self.rows() >= MOST_ROWS || self.cut == Some(Cut::Bytes)
    }

    /// Tickets that are failed.
    pub fn failed(&self) -> usize {
        self.failed
    }

    /// How many tickets were looked at so far.
    pub fn visits(&self) -> u64 {
        self.visits.0.load(Ordering::Relaxed)
    }

    /// Other failed tickets with the same account, asset and amount, newest first: a mis-click between them is the classic.
    pub fn twins(&self, of: &Ticket) -> Vec<TicketNumber> {
        let Some(key) = TwinKey::of(of) else { return Vec::new() };
        self.twins.of(&key).filter(|number| *number != of.number).collect()
    }

    /// How many other failed tickets have the same account, asset and amount as this failed one.
    pub fn count_of_twins(&self, number: TicketNumber) -> usize {
        let key = self.tickets.get(&number).and_then(|listed| listed.twin.as_ref());
        key.map_or(0, |key| self.twins.count(key).saturating_sub(1))
    }
}

/// A listed ticket with what an event tells of it. An event may leave out what the list had (PROTOCOL.md 7): absent is not "none".
fn overlaid(mut ticket: Ticket, event: Ticket) -> Ticket {
    if event.comments_told() > 0 {
        let known = std::mem::take(&mut ticket.comments);
        let more: Vec<Comment> = event.comments.into_iter().filter(|comment| !known.contains(comment)).collect();
        let mut kept = KeptComments::default();
        known.into_iter().chain(more).for_each(|comment| kept.add(comment));
        let (comments, let_go) = kept.end();
        ticket.comments = comments;
        ticket.comments_let_go = event.comments_let_go.max(ticket.comments_let_go + let_go);
    }
    if event.status != TicketStatus::Unreadable {
        ticket.status = event.status;
    }
    ticket.times.updated = event.times.updated.or(ticket.times.updated);
    ticket.times.updated_text = event.times.updated_text.or(ticket.times.updated_text);
    ticket.times.updated_tick = event.times.updated_tick.or(ticket.times.updated_tick);
    ticket.updated_by = event.updated_by.or(ticket.updated_by);
    ticket.updated_by_name = event.updated_by_name.or(ticket.updated_by_name);
    if event.transaction != Transaction::Absent {
        ticket.transaction = event.transaction;
    }
    ticket.trace = event.trace.or(ticket.trace);
    take_odd_over(&mut ticket.odd, event.odd);
    ticket
}

/// The odd fields of an event take the place of those of the same name; a field that it left out is as odd as it was.
fn take_odd_over(listed: &mut Vec<OddField>, event: Vec<OddField>) {
    let is_told = |odd: &OddField| event.iter().any(|told| told.name.raw().eq_ignore_ascii_case(odd.name.raw()));
    listed.retain(|odd| !is_told(odd));
    listed.extend(event);
}

fn keep_digits(read: &mut Option<Amount>, listed: Option<Amount>) {
    if let (Some(read), Some(listed)) = (read, listed)
        && read.agrees(&listed)
    {
        *read = listed;
    }
}

#[cfg(test)]
mod tests;
