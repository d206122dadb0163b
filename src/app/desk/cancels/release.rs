//! Release: an operator gives the ticket of an open intent free again, with a reason (PRODUCT.md "Release"). The first
//! request may still act, so the intent goes on being watched.

use std::time::Duration;

use crate::domain::{Boot, IntentId};

/// Earlier than this after the send, a release needs a word of its own.
pub const EARLY: Duration = Duration::from_secs(15 * 60);
/// That word.
pub const EARLY_WORD: &str = "early";

/// A release as an operator typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseOrder {
    /// The ticket number.
    pub number: String,
    /// Why, in his own words.
    pub reason: String,
    /// The word that an early release needs.
    pub word: String,
}

/// A release that was confirmed and waits for its read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Releasing {
    pub intent: IntentId,
    pub order: ReleaseOrder,
    pub since: Boot,
}
