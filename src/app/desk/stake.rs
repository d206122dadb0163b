//! The stake of an end of the process, the cancels that it would leave open: told by the cancels, weighed by the end.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::domain::IntentId;

/// How long a cancel in flight is read after an interruption.
pub const READ_ON: Duration = Duration::from_secs(8);

/// The cancels that an end now would leave without an outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtStake {
    /// Those whose frame may have left.
    pub in_flight: BTreeSet<IntentId>,
    /// An intent is being opened, behind which a send would follow.
    pub is_opening: bool,
    /// Such an intent may be waited for: the session was not told to end before.
    pub may_wait_for_journal: bool,
    /// A line for each cancel in flight.
    pub said: Vec<String>,
}
