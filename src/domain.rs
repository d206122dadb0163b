//! The things themselves: tickets, amounts, remote text, receipts and outcomes.
//!
//! Owns the meaning of every noun of the product. Knows no wire format, no screen, no clock and no I/O.

pub mod agreement;
pub mod amount;
pub mod change;
pub mod erase;
pub mod form_mistake;
pub mod ids;
pub mod kept;
pub mod outcome;
pub mod pasted;
pub mod receipt;
pub mod secret;
pub mod secret_line;
pub mod status;
pub mod text;
pub mod ticket;
pub mod time;

pub use amount::Amount;
pub use change::Change;
pub use erase::Erase;
pub use ids::{AccountId, AttemptId, CallId, ConnectionId, IntentId, OmsId, OperatorId, TicketNumber, UserId};
pub use outcome::{LastRead, Outcome};
pub use pasted::Pasted;
pub use receipt::Receipt;
pub use secret::{Secret, TypedSecret, Wanted};
pub use status::TicketStatus;
pub use text::RemoteText;
pub use ticket::Ticket;
pub use time::{Boot, Now};
