//! A durable intent: proof that a cancel stands in the journal and that its ticket is ours. The journal's answer alone makes it,
//! and it is used up by the one order that it allows. It names nothing but ids, so that every room may name it.

use crate::domain::IntentId;

/// An intent that is durable, and whose ticket nobody else holds. Not `Clone`: one intent, one order.
///
/// ```
/// use withdraw_desk::domain::IntentId;
/// use withdraw_desk::journal::durable::DurableIntent;
/// fn tells(durable: &DurableIntent) -> IntentId {
///     durable.id()
/// }
/// ```
/// ```compile_fail
/// use withdraw_desk::{domain::IntentId, journal::durable::DurableIntent};
/// let durable = DurableIntent(IntentId(1));
/// ```
/// ```compile_fail
/// use withdraw_desk::{domain::IntentId, journal::durable::DurableIntent};
/// let durable = DurableIntent::new(IntentId(1));
/// ```
/// ```compile_fail
/// use withdraw_desk::journal::durable::DurableIntent;
/// fn twice(durable: &DurableIntent) -> DurableIntent {
///     durable.clone()
/// }
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct DurableIntent(IntentId);

impl DurableIntent {
    /// The journal made it durable.
    pub(super) fn new(id: IntentId) -> Self {
        Self(id)
    }

    /// The intent.
    pub fn id(&self) -> IntentId {
        self.0
    }
}
