//! News: how the parts of a desk speak to each other, and to the skin that drives it. A skin folds over them and never polls.

use super::calls::{CallEnd, Purpose};
use super::cancels::attempt::{AttemptEnd, Owner};
use super::order::Lacking;
use super::tickets::RowChange;
use crate::app::desk::locks::Lock;
use crate::app::effect::Exit;
use crate::domain::{IntentId, Outcome, Ticket, TicketNumber};

/// Something happened on the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Who we are is as known as it will be: calls about tickets can be asked.
    SessionReady,
    /// The link is gone; another one is tried.
    LinkLost {
        /// Why; inert.
        why: String,
    },
    /// No link could be opened; another try follows.
    NoLink {
        /// Why; inert.
        why: String,
    },
    /// The login was refused, or a secret that it needs was not given. The program does not try it again.
    LoginRefused {
        /// Why; inert.
        why: String,
    },
    /// A call came to its end. Routed to the part that asked, and not told to the skin.
    CallEnded {
        /// Its purpose.
        purpose: Purpose,
        /// How.
        end: CallEnd,
    },
    /// The exchange sent a ticket by itself. For the list.
    TicketEvent {
        /// As the event shows it; events may leave out what the list has.
        ticket: Box<Ticket>,
    },
    /// A read that was held up, by a lost link or for want of a code, may be asked again. Routed to the part that asked.
    MayAskAgain {
        /// The read.
        purpose: Purpose,
    },
    /// A read waits until a code of the second factor is accepted. For the link.
    CodeNeeded {
        /// The read.
        purpose: Purpose,
    },
    /// An attempt asks who holds what by now. For the journal.
    HoldersWanted,
    /// The writer was handed the frame of a cancel.
    CancelSent {
        /// The intent.
        intent: IntentId,
        /// Its ticket.
        ticket: TicketNumber,
    },
    /// A good read of a ticket that another part than the list asked for. For the list.
    TicketRead {
        /// As it was read.
        ticket: Box<Ticket>,
    },
    /// The list, or an event, said something of a ticket: whoever follows it reads it to be sure.
    TicketSeen {
        /// The ticket.
        ticket: TicketNumber,
        /// Its status, with its number; inert.
        status: String,
        /// Said by the list, or by an event.
        said_by: &'static str,
    },
    /// Tickets got a row of the list, lost it, or were read again. For whoever keeps an order of them.
    RowsChanged {
        /// Each change, in its order.
        changes: Vec<RowChange>,
    },
    /// A ticket was heard of that is another one than it was on the list, or that is not on the list. For the cancels.
    TicketChanged {
        /// As it was heard of; events may leave out what the list has.
        seen: Box<Ticket>,
    },
    /// Who holds a ticket, or held it, is another one than before. For the list.
    LockChanged {
        /// The ticket.
        ticket: TicketNumber,
        /// Its lock now.
        lock: Option<Lock>,
    },
    /// An attempt came to its end.
    AttemptEnded {
        /// The ticket.
        ticket: TicketNumber,
        /// Who decided on it.
        owner: Owner,
        /// How.
        end: AttemptEnd,
    },
    /// A cancel has another outcome than before.
    OutcomeKnown {
        /// The intent.
        intent: IntentId,
        /// Its ticket.
        ticket: TicketNumber,
        /// The outcome.
        outcome: Outcome,
    },
    /// A read of a ticket whose cancel is followed was answered, well or not.
    Followed {
        /// The intent.
        intent: IntentId,
    },
    /// An open intent was released: given to the journal, and durable unless [`News::JournalFailed`] follows.
    Released {
        /// The intent.
        intent: IntentId,
        /// Its ticket.
        ticket: TicketNumber,
    },
    /// A release that was confirmed did not come about.
    NotReleased {
        /// The intent.
        intent: IntentId,
        /// The reason.
        lacking: Lacking,
    },
    /// The journal was read.
    JournalRead,
    /// The journal takes no more records in this session.
    JournalFailed {
        /// Why; inert.
        why: String,
    },
    /// The session is being told to end: nothing new is begun. For the parts.
    Ending {
        /// How the process ends if nothing is at stake.
        exit: Exit,
    },
    /// The journal has answered the attempt that was abandoned for the end. For the end.
    AttemptAbandoned {
        /// How the process ends.
        exit: Exit,
    },
}
