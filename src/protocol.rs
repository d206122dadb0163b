//! The wire: bytes to types and back, pure (PROTOCOL.md).
//!
//! Owns the frame, the envelope and the calls, one file each. Knows no socket and no state: who asked, and what an
//! answer is for, is the desk's business.

pub mod bar;
pub mod envelope;
pub mod far_side;
pub mod fields;
pub mod frame;
pub mod loose;
pub mod object;
pub mod redact;
pub mod rpc;
pub mod target;
pub mod ticket;
mod trace;
pub mod trust;

pub use bar::Bar;
pub use envelope::Envelope;
pub use far_side::{LinkEnd, NextTry, Parting};
pub use frame::{Frame, FrameError, FrameKind};
pub use rpc::{ReplyError, Rpc};
pub use target::Target;
pub use trust::Trust;
