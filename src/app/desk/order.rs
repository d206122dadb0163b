//! Orders: everything that a skin (console, command, batch) can ask of a desk. A refused one says why, as a value.

use jiff::Timestamp;

use super::cancels::attempt::{Confirmation, Owner, WORD};
use super::cancels::release::{EARLY_WORD, ReleaseOrder};
use crate::app::effect::Exit;
use crate::app::words::desk::order as words;
use crate::domain::{Change, IntentId, TicketNumber, TypedSecret};

/// Something that a person, or a command on a person's behalf, asks of the desk.
#[derive(Debug, PartialEq, Eq)]
pub enum Order {
    /// Note the time, and nothing else: clocks that part are noticed.
    NoteTime,
    /// Begin: read what is open, and open a link.
    Start,
    /// Open a link, unless there is one.
    Connect,
    /// Read the list again from its newest page.
    Reload,
    /// Look for a ticket by its number, and then into it.
    Find(TicketNumber),
    /// Read every field of a ticket of the list.
    LookInto(TicketNumber),
    /// Keep up what is on the screen, where the exchange sends no events.
    Watch {
        /// The tickets of the visible rows, from the top.
        visible: Vec<TicketNumber>,
        /// The selected one.
        selected: Option<TicketNumber>,
    },
    /// Begin the change of a ticket: step 1.
    Choose {
        /// The ticket.
        ticket: TicketNumber,
        /// The change.
        change: Change,
        /// Who decides on it.
        owner: Owner,
    },
    /// Confirm it by what was typed: steps 2 and 3.
    Confirm(Confirmation),
    /// Keep the ticket after all.
    Keep,
    /// Something happened to the window after which a confirmation of the dialog that is under way does not count; why.
    Disarm(String),
    /// Read the ticket of a cancel now.
    ReadNow(IntentId),
    /// Read it for a release: a read that is under way was asked before, and does not count.
    ReadForRelease(IntentId),
    /// Release an open intent by what was typed: one more read, always, and the release follows from its answer.
    Release {
        /// The intent.
        intent: IntentId,
        /// As it was typed.
        typed: ReleaseOrder,
    },
    /// Keep the lock after all.
    KeepLock,
    /// Read what is open in the journal.
    ReadJournal,
    /// Give the gateway what it asked for.
    GiveSecret(TypedSecret),
    /// Do not give it; why.
    WithholdSecret(String),
    /// End the session without waiting for the exchange.
    Leave(Exit),
    /// End it as SIGINT does: a cancel in flight is read for a while.
    LeaveNow,
}

/// Why an order was refused, or what it lacks. Nothing was sent because of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lacking {
    /// Another cancel is being confirmed.
    #[error("{}", words::FREE)]
    Free,
    /// The ticket cannot be canceled here now; why.
    #[error("{0}")]
    Ticket(String),
    /// No fresh read of a ticket is shown that could be confirmed.
    #[error("{}", words::SHOWN)]
    Shown,
    /// Nothing good was heard since this time, UTC; nothing is armed on stale data.
    #[error("{}", words::freshness(*since))]
    Freshness {
        /// The time of the last good answer.
        since: Timestamp,
    },
    /// The ticket was read on another link, or there is none.
    #[error("{}", words::LINK)]
    Link,
    /// The typed number is not the ticket's.
    #[error("{}", words::number(*.0))]
    Number(TicketNumber),
    /// Money may have left, or the amount is not known, and the word that answers for it was not typed; why.
    #[error("{}", words::word(.0, WORD))]
    Word(&'static str),
    /// Another cancel, of this ticket, awaits its receipt: one at a time.
    #[error("{}", words::receipt(*.0))]
    Receipt(TicketNumber),
    /// The intent cannot be released at all; why.
    #[error("{0}")]
    Intent(String),
    /// The reason is empty.
    #[error("{}", words::REASON)]
    Reason,
    /// It was sent a short while ago, and the word for that was not typed.
    #[error("{}", words::early_word(EARLY_WORD))]
    EarlyWord,
    /// No good read since it was asked for; why.
    #[error("{}", words::read(.0))]
    Read(String),
    /// The gateway asked for no secret.
    #[error("{}", words::QUESTION)]
    Question,
}
