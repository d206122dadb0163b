//! An attempt: a cancel while it is decided, from `x` to the durable intent or to "nothing was sent" (PRODUCT.md
//! "Cancelling" 1-5).

use crate::app::words::desk::cancels::{self as words, second_word};
use crate::protocol::rpc::change_ticket::Asked;
use std::fmt;

use crate::app::effect::Exit;
use crate::domain::agreement::Difference;
use crate::domain::ticket::Trace;
use crate::domain::{AttemptId, Change, ConnectionId, IntentId, Now, Ticket, TicketNumber};
use crate::journal::{Intent, Unresolved};
use crate::protocol::rpc::get_withdraw_ticket::TicketKey;

/// Why the operator cancels; goes to the journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reason {
    /// The customer asked for it.
    #[default]
    UserAsked,
    /// The address or account is wrong.
    BadDestination,
    /// Another withdrawal does the same.
    Duplicate,
    /// See the note.
    Other,
}

impl Reason {
    /// The word in the journal and in the dialog.
    pub fn word(self) -> &'static str {
        match self {
            Self::UserAsked => "user-asked",
            Self::BadDestination => "bad-destination",
            Self::Duplicate => "duplicate",
            Self::Other => "other",
        }
    }

    #[must_use]
    /// The next reason of the dialog's list, round and round.
    pub fn next(self) -> Self {
        match self {
            Self::UserAsked => Self::BadDestination,
            Self::BadDestination => Self::Duplicate,
            Self::Duplicate => Self::Other,
            Self::Other => Self::UserAsked,
        }
    }

    #[must_use]
    /// The one before.
    pub fn previous(self) -> Self {
        self.next().next().next()
    }
}

/// Who decides on an attempt, and hears how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// An operator at the dialog: what happens to the window disarms it.
    Dialog,
    /// A skin without a screen, on a person's behalf.
    Command,
}

/// A cancel that is being decided. It is gone as soon as it ends; how, is told to its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Tells its answers from those of an earlier attempt.
    pub id: AttemptId,
    /// The ticket, by number: never a row.
    pub ticket: TicketNumber,
    /// The change that is decided on.
    pub change: Change,
    /// Who decides.
    pub owner: Owner,
    /// How far it got.
    pub stage: Stage,
    /// The key by which it is read; `None` where it cannot be read.
    pub(super) key: Option<TicketKey>,
    /// The trace of a transaction that the list told of it.
    pub(super) told: Option<Trace>,
    /// The session is to end as soon as the journal has answered.
    pub(super) abandoned: Option<Exit>,
}

/// How far an attempt got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The first read is under way.
    Reading,
    /// The dialog shows a fresh read; the operator decides.
    Shown(Box<Fresh>),
    /// The confirming read is under way.
    Confirming(Box<Fresh>, Decision),
    /// The intent is being opened.
    Opening(Box<Opening>),
}

/// A read asked for this decision, and the link it was asked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fresh {
    /// The ticket as the exchange answered.
    pub ticket: Ticket,
    /// When the answer came.
    pub at: Now,
    /// On which link.
    pub connection: ConnectionId,
}

/// The second word that answers for a ticket of which money may have left: somebody looked.
pub const WORD: &str = "checked";

/// A confirmation as it was typed. The desk arms by it, whoever typed it where: a dialog, a command, a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confirmation {
    /// The ticket number.
    pub number: String,
    /// The second word, where the ticket wants it.
    pub word: String,
    /// Why, and the operator's own words.
    pub decision: Decision,
}

/// True if a ticket cannot be canceled without the second word: nobody can rule out, from what was read, that money left, nobody
/// knows how much it is, or a field that counts came in a form that nobody here can read.
pub fn needs_word(ticket: &Ticket) -> bool {
    why_word(ticket).is_some()
}

/// Why a ticket wants the second word; `None` if it does not.
pub fn why_word(ticket: &Ticket) -> Option<&'static str> {
    if !ticket.is_clear() {
        return Some(second_word::MONEY);
    }
    if !ticket.is_amount_known() {
        return Some(second_word::AMOUNT);
    }
    if !ticket.is_amount_positive() {
        return Some(second_word::NOT_POSITIVE);
    }
    if !ticket.is_asset_known() {
        return Some(second_word::ASSET);
    }
    if ticket.other_destination.is_some() {
        return Some(second_word::DESTINATIONS);
    }
    ticket.is_ground_odd().then_some(second_word::FIELD)
}

/// Why the operator cancels, and the operator's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Why.
    pub reason: Reason,
    /// The operator's own words.
    pub note: String,
}

/// An intent on its way into the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    pub(super) asked: Asked,
    pub(super) connection: ConnectionId,
    pub(super) read_asked_at: Now,
    pub(super) key: TicketKey,
    pub(super) intent: Intent,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptEnd {
    /// The intent is durable and its order was given: the cancellation takes over.
    Handed(IntentId),
    /// Its owner kept the ticket.
    Kept,
    /// The ticket cannot be canceled here now; why.
    Locked(String),
    /// It was confirmed, and nothing was sent.
    NotSent(NotSent),
    /// In a read-only session: the frame that would have been sent.
    Rehearsed(String),
}

/// Why nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The ticket is not what the dialog showed, or not failed any more.
    Changed {
        /// The differences, side by side.
        differences: Vec<Difference>,
        /// Who changed it last, as the read says.
        by: String,
    },
    /// Somebody else holds the ticket.
    HeldBy(Box<Unresolved>),
    /// Any other reason, in a sentence.
    Because(String),
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { differences, by } => {
                let said = differences.iter().map(|found| words::difference(found.fact, &found.shown, &found.read));
                f.write_str(&words::changed(by, said))
            }
            Self::HeldBy(open) => f.write_str(&words::holder(open)),
            Self::Because(why) => f.write_str(why),
        }
    }
}

impl Attempt {
    /// True if the journal is about to answer.
    pub fn is_opening(&self) -> bool {
        matches!(self.stage, Stage::Opening(_))
    }

    /// True if it may still lead to a send without another key.
    pub fn is_under_way(&self) -> bool {
        matches!(self.stage, Stage::Confirming(..) | Stage::Opening(_))
    }

    /// True if an intent may be durable already, and the session was not told to end before.
    pub fn may_wait_for_journal(&self) -> bool {
        self.is_opening() && self.abandoned.is_none()
    }

    /// Nothing is to be sent any more; the session ends when the journal has answered.
    pub fn abandon(&mut self, exit: Exit) {
        self.abandoned = Some(exit);
    }

    /// The read that the dialog shows.
    pub fn fresh(&self) -> Option<&Fresh> {
        match &self.stage {
            Stage::Shown(fresh) | Stage::Confirming(fresh, _) => Some(fresh),
            _ => None,
        }
    }
}
