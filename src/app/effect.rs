//! Effect: an order to the runtime, plain data that can be compared in a test.

use crate::domain::{AttemptId, CallId, ConnectionId, IntentId, OmsId, TypedSecret};
use crate::journal::{Fact, Intent};
use crate::protocol::rpc::ReadFrame;
use crate::protocol::rpc::change_ticket::ChangeOrder;

/// The calls that a login may need: by session token, in full, the second factor, and one to spare.
pub const LOGIN_CALLS: u64 = 4;

/// An order to the runtime. Whatever comes of it comes back as an event.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// Open a link and log in; the login may take [`LOGIN_CALLS`] calls, numbered from `login` on in steps of 2.
    Connect {
        /// The number of the new connection.
        connection: ConnectionId,
        /// The first sequence number of the login.
        login: CallId,
    },
    /// Give up a link.
    Disconnect {
        /// Which.
        connection: ConnectionId,
    },
    /// Give the gateway what it asked for.
    GiveSecret {
        /// The link that waits for it.
        connection: ConnectionId,
        /// The secret as it was typed.
        secret: TypedSecret,
    },
    /// Get a code of the second factor and send Validate2FA with it. The frame is made outside: it holds the code.
    Validate {
        /// On this connection or not at all.
        connection: ConnectionId,
        /// The sequence number of the call.
        id: CallId,
    },
    /// Send a call that changes nothing. If it cannot be sent, its deadline passes.
    SendRead {
        /// On this connection or not at all.
        connection: ConnectionId,
        /// The frame.
        frame: ReadFrame,
    },
    /// Hand the frame of a cancel to the writer, once.
    SendCancel {
        /// On this connection or not at all.
        connection: ConnectionId,
        /// The durable intent behind it.
        intent: IntentId,
        /// The frame; consumed by the send.
        order: ChangeOrder,
    },
    /// Open an intent in the journal: one step, durable, and nobody else holds the ticket.
    OpenIntent {
        /// The attempt that waits for the answer.
        attempt: AttemptId,
        /// Who asks.
        author: Author,
        /// The cancel that is about to be sent; its id is given by the store.
        intent: Box<Intent>,
    },
    /// Record a fact in the journal, durably.
    Record {
        /// Who says so.
        author: Author,
        /// The fact.
        fact: Fact,
    },
    /// Read the open intents from the journal.
    ReadUnresolved,
    /// Put the terminal back and stop until the shell says to go on.
    Suspend,
    /// Put the terminal back for good, and say why the process goes on.
    GiveBackTerminal {
        /// A line for each cancel in flight.
        said: Vec<String>,
    },
    /// Put the terminal back and end.
    Quit(Exit),
}

/// Who is behind a journal record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// The OMS of the session.
    pub oms: Option<OmsId>,
    /// The user's name on the exchange.
    pub operator: Option<String>,
}

/// How the process ends (PRODUCT.md "Exit codes").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: the operator left, or what was in flight is Verified.
    Done,
    /// 1: what was in flight was refused.
    Refused,
    /// 3: a cancel of this session was accepted and its ticket has not moved.
    AcceptedNotMoved,
    /// 4: what was in flight was refused with code 20: the login may not cancel.
    NotPermitted,
    /// 5: the outcome of a cancel of this session is not known.
    Unknown,
    /// 8: the ticket of what was in flight left failed for another status than canceled.
    Moved,
    /// 70: a fault in this program, before any send.
    Fault,
    /// 128+n: signal n, before any send.
    Signal(u8),
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::AcceptedNotMoved => 3,
            Self::NotPermitted => 4,
            Self::Unknown => 5,
            Self::Moved => 8,
            Self::Fault => 70,
            Self::Signal(number) => 128u8.saturating_add(number),
        }
    }

    /// Of several cancels, the one that needs somebody most gives the exit code.
    pub fn weight(self) -> u8 {
        match self {
            Self::Signal(_) | Self::Fault | Self::Done => 0,
            Self::Refused => 1,
            Self::NotPermitted => 2,
            Self::Moved => 3,
            Self::AcceptedNotMoved => 4,
            Self::Unknown => 5,
        }
    }
}

/// Orders in the order in which they are to be performed. Forgetting them is a compiler warning.
#[must_use]
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Effects {
    list: Vec<Effect>,
    quiet: bool,
}

impl Effects {
    /// No orders; something may look different.
    pub fn none() -> Self {
        Self::default()
    }

    /// No orders, and nothing to draw either.
    pub fn quiet() -> Self {
        Self { list: Vec::new(), quiet: true }
    }

    /// One order.
    pub fn one(effect: Effect) -> Self {
        Self { list: vec![effect], quiet: false }
    }

    /// These orders, then one more.
    pub fn and(mut self, effect: Effect) -> Self {
        self.list.push(effect);
        self
    }

    /// These orders, then those.
    pub fn then(mut self, others: Self) -> Self {
        self.quiet &= others.quiet;
        self.list.extend(others.list);
        self
    }

    /// These orders, of which nothing can be seen.
    pub fn quietly(self) -> Self {
        Self { quiet: true, ..self }
    }

    /// True if nothing changed that could be seen.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// The orders, to be performed one after the other.
    pub fn into_list(self) -> Vec<Effect> {
        self.list
    }

    /// The orders, to look at.
    pub fn list(&self) -> &[Effect] {
        &self.list
    }
}

impl FromIterator<Effect> for Effects {
    fn from_iter<I: IntoIterator<Item = Effect>>(effects: I) -> Self {
        Self { list: effects.into_iter().collect(), quiet: false }
    }
}
