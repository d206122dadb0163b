//! Sentences that the desk itself says: to its list of what happened, to whoever ordered something, and to the journal. They take
//! plain values and those of the domain, and name nothing of the desk, so that the desk can name them.

pub mod calls;
pub mod cancels;
pub mod link;
pub mod list;
pub mod order;
pub mod outcome;
pub mod release;
