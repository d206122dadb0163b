//! Event: a fact that already happened outside.

use super::Size;
use super::console::key::Key;
use crate::domain::{AttemptId, CallId, ConnectionId, IntentId, Pasted, Wanted};
use crate::journal::Unresolved;
use crate::journal::durable::DurableIntent;
use crate::protocol::rpc::authenticate_user::{LoggedIn, LoginRefused};
use crate::protocol::{Frame, LinkEnd};

/// A fact from outside.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// A key was pressed.
    KeyPressed(Key),
    /// A key was pressed while the screen was frozen: whoever pressed it did not see what it would do.
    PressedUnseen,
    /// The brackets of a paste opened; its text comes with [`Event::Pasted`].
    PasteBegun,
    /// The end of a paste has not come for a while.
    PasteUnended,
    /// Text was pasted, between brackets.
    Pasted(Pasted),
    /// The terminal has another size.
    Resized(Size),
    /// A text that scrolls was drawn; further than this it cannot be scrolled.
    Drawn {
        /// Lines off the top when the last page is full.
        last_scroll: usize,
    },
    /// The program was suspended, and goes on.
    Resumed,
    /// The gateway cannot go on without the operator: to log in, or to open a protected call. It waits for
    /// [`super::Effect::GiveSecret`], for a time of its own.
    SecretWanted {
        /// On which link.
        connection: ConnectionId,
        /// The secret.
        wanted: Wanted,
    },
    /// The code for a [`super::Effect::Validate`] was not to be had: nothing was sent.
    CodeNotGiven {
        /// On which link.
        connection: ConnectionId,
        /// The call that was not made.
        id: CallId,
        /// Why; a sentence, inert.
        why: String,
    },
    /// A link is open and logged in.
    LinkOpened {
        /// Which.
        connection: ConnectionId,
        /// Host and port that were really connected to.
        host: String,
        /// Who the exchange says we are.
        user: LoggedIn,
        /// How it let us in.
        way: Way,
    },
    /// A link could not be opened.
    LinkFailed {
        /// Which.
        connection: ConnectionId,
        /// Why.
        failure: LinkFailure,
    },
    /// A link that was open is gone.
    LinkLost {
        /// Which.
        connection: ConnectionId,
        /// Why, and when another may be opened.
        end: LinkEnd,
    },
    /// A frame came in.
    FrameArrived {
        /// On which link.
        connection: ConnectionId,
        /// The frame.
        frame: Frame,
    },
    /// Something came in that is no frame.
    FrameUnreadable {
        /// On which link.
        connection: ConnectionId,
        /// Why; inert.
        why: String,
    },
    /// The writer was handed the frame of a cancel; whatever happens from now on, it may have left.
    CancelHanded {
        /// The intent.
        intent: IntentId,
    },
    /// The writer was never handed the frame of a cancel, and never will be.
    CancelNotHanded {
        /// The intent.
        intent: IntentId,
        /// Why.
        why: String,
    },
    /// The journal answered what is open, of every exchange.
    UnresolvedRead(Result<Vec<Unresolved>, String>),
    /// The journal answered an [`super::Effect::OpenIntent`].
    IntentAnswered {
        /// The attempt that asked.
        attempt: AttemptId,
        /// The answer.
        answer: OpenAnswer,
    },
    /// A record could not be made durable; the store writes no more.
    JournalFailed(String),
    /// Something about the journal that the operator should know, in a sentence.
    JournalNotice(String),
    /// Nothing else is to be done now: a slice of what was put off is.
    TimeToSpare,
    /// A deadline of the state may have passed.
    DeadlinePassed,
    /// The machine's wall clock was set.
    ClockSet,
    /// The program is told to end.
    Interrupted(Interruption),
}

impl Event {
    /// The bytes of the frame that it brings, if it brings one.
    pub fn bytes(&self) -> usize {
        match self {
            Self::FrameArrived { frame, .. } => frame.payload.len() + frame.name.len(),
            _ => 0,
        }
    }
}

/// How a link was logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// User name and password.
    Password,
    /// User name, password and the code of a second factor.
    SecondFactor,
    /// API key.
    ApiKey,
    /// The session token of an earlier link of this process.
    Token,
}

/// Why a link could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkFailure {
    /// The network, the handshake, or a far side that ended the link; it says when another try is worth it.
    #[error(transparent)]
    Unreachable(LinkEnd),
    /// The exchange said no; never tried again by the program.
    #[error(transparent)]
    Refused(#[from] LoginRefused),
}

/// The journal's answer to "open".
#[derive(Debug, PartialEq, Eq)]
pub enum OpenAnswer {
    /// Durable, and the ticket is ours.
    Opened(DurableIntent),
    /// Somebody else holds the ticket.
    HeldBy(Box<Unresolved>),
    /// Not durable; nothing may be sent.
    Failed {
        /// Why.
        why: String,
        /// The store writes nothing any more; otherwise another try may go well, as after a lock that was held too long.
        for_good: bool,
    },
}

/// Something that tells the program to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// A signal, by its number.
    Signal(u8),
    /// The terminal is gone.
    TerminalLost,
}

impl Interruption {
    /// A person's Ctrl-C, from the keyboard or as a signal.
    pub const SIGINT: Self = Self::Signal(2);
}
