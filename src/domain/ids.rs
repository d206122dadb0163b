//! One type per identifier, so that no bare integer crosses a module.

use std::fmt;
use std::str::FromStr;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

number!(
    /// A ticket's `TicketNumber`; sent as `ticketId` in a cancel.
    TicketNumber(u64)
);
number!(
    /// The customer's account, `AccountId`; with the request code it finds a ticket again.
    AccountId(i64)
);
number!(
    /// The order management system a call is about, `OMSId`.
    OmsId(i64)
);
number!(
    /// The operator (white-label tenant), `OperatorId`.
    OperatorId(i64)
);
number!(
    /// A user of the exchange, `UserId`.
    UserId(i64)
);
number!(
    /// The sequence number `i` of a frame. Even, from 2, never given out twice by one process.
    CallId(u64)
);
number!(
    /// One connection that this process opened; a reply counts only on the connection of its request.
    ConnectionId(u32)
);
number!(
    /// One try of the operator to cancel a ticket, from `x` to the intent or to "nothing was sent".
    AttemptId(u32)
);

/// The random 128 bits that name an intent in the journal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentId(pub u128);

impl IntentId {
    /// The first four hex digits, enough to tell intents apart on a screen.
    pub fn short(self) -> String {
        self.to_string().chars().take(4).collect()
    }
}

impl fmt::Display for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IntentId({self})")
    }
}

impl FromStr for IntentId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(Self)
    }
}
