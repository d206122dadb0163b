//! A row of the list, lent by the store: what a column can show of a ticket, its flags included.

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;

use crate::app::desk::locks::Lock;
use crate::domain::amount::ExactNumber;
use crate::domain::{Amount, RemoteText, Ticket, TicketNumber, TicketStatus};

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

impl Flag {
    /// Its rank among the flags; the most serious is the least.
    pub fn seriousness(self) -> u8 {
        match self {
            Self::Transaction => 0,
            Self::Held => 1,
            Self::Released => 2,
            Self::Hostile => 3,
            Self::Odd => 4,
            Self::Incomplete => 5,
            Self::Twins(_) => 6,
        }
    }

    /// The word of the column FLAG.
    pub fn word(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Transaction => "TX!",
            Self::Held => "LCK",
            Self::Released => "REL",
            Self::Hostile => "U!",
            Self::Odd => "ODD",
            Self::Incomplete => "--",
            Self::Twins(others) => return Cow::Owned(format!("dup{}", others + 1)),
        })
    }
}

#[cfg(test)]
impl<'a> Row<'a> {
    /// The row of a ticket that nothing holds.
    pub(crate) fn new(ticket: &'a Ticket) -> Self {
        Self { ticket, lock: None, twins: 0, is_unread: false, is_hostile: false }
    }

    pub(crate) fn locked(self, lock: Lock) -> Self {
        Self { lock: Some(lock), ..self }
    }

    pub(crate) fn with_twins(self, twins: usize) -> Self {
        Self { twins, ..self }
    }
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

    /// True if `is_wanted` for any text of it in which an operator looks for something: its number, account, name, asset, destination,
    /// transaction id, reason and comments, as they arrived.
    pub fn any_text(&self, mut is_wanted: impl FnMut(&str) -> bool) -> bool {
        let ticket = self.ticket;
        let texts = [
            ticket.account_name.as_ref(),
            ticket.asset.as_ref(),
            ticket.destination.as_ref(),
            ticket.other_destination.as_ref(),
            ticket.transaction.tx_id(),
            ticket.trace.as_ref().map(|trace| &trace.text),
            ticket.reject_reason.as_ref(),
            ticket.provider_error.as_ref().map(|error| &error.text),
        ];
        let comments = ticket.comments.iter().map(|comment| &comment.text);
        is_wanted(itoa::Buffer::new().format(ticket.number.0))
            || ticket.account.is_some_and(|account| is_wanted(itoa::Buffer::new().format(account.0)))
            || texts.into_iter().flatten().chain(comments).any(|text| is_wanted(text.raw()))
    }

    /// True if `is_wanted` for a word that names its asset: its name, or the number of its product.
    pub fn any_asset_word(&self, is_wanted: impl Fn(&str) -> bool) -> bool {
        self.ticket.asset.as_ref().is_some_and(|name| is_wanted(name.raw()))
            || self.ticket.asset_id.is_some_and(|id| is_wanted(itoa::Buffer::new().format(id)))
    }

    /// Its amount as a number, in units of its asset.
    pub fn exact_amount(&self) -> Option<ExactNumber> {
        self.ticket.amount.as_ref().and_then(Amount::exact_number)
    }

    /// How long ago it was made; nothing for one of the future.
    pub fn age_at(&self, now: Timestamp) -> Option<Duration> {
        self.created().map(|created| Duration::try_from(now.duration_since(created)).unwrap_or_default())
    }

    /// The name of its asset, as it arrived.
    pub fn asset_name(&self) -> Option<String> {
        self.ticket.asset.as_ref().map(|name| name.raw().to_owned())
    }

    /// The most serious of its flags.
    pub fn first_flag(&self) -> Option<Flag> {
        self.flags().first().copied()
    }

    /// Its account.
    pub fn account_number(&self) -> Option<i64> {
        self.ticket.account.map(|account| account.0)
    }

    /// The name of its account, as it arrived.
    pub fn account_name(&self) -> Option<&str> {
        self.ticket.account_name.as_ref().map(RemoteText::raw)
    }

    /// Who asked for it.
    pub fn request_user(&self) -> Option<i64> {
        self.ticket.request_user.map(|user| user.0)
    }

    /// The name of who asked for it, as it arrived.
    pub fn request_user_name(&self) -> Option<&str> {
        self.ticket.request_user_name.as_ref().map(RemoteText::raw)
    }

    /// The number of its status, if that is known.
    pub fn status_number(&self) -> Option<i64> {
        match self.ticket.status {
            TicketStatus::Known(number) => Some(number.into()),
            TicketStatus::OtherNumber(number) => Some(number),
            TicketStatus::OtherName(_) | TicketStatus::Unreadable => None,
        }
    }

    /// True if `is_wanted` for a place to which its money was to go, as it arrived.
    pub fn any_destination(&self, mut is_wanted: impl FnMut(&str) -> bool) -> bool {
        let places = [&self.ticket.destination, &self.ticket.other_destination];
        places.into_iter().flatten().any(|place| is_wanted(place.raw()))
    }

    /// The id of a transaction, or what stands for it.
    pub fn tx_id(&self) -> Option<RemoteText> {
        self.ticket.tx_id().map(|trace| trace.text)
    }

    /// Why it failed, as it arrived.
    pub fn reason_text(&self) -> Option<RemoteText> {
        self.ticket.reason()
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
