//! The rows of the screen of unresolved cancels.

use crate::app::desk::Desk;
use crate::domain::IntentId;

/// Every open intent of this exchange: those that are followed, and those that wait for a link to be read on.
pub fn rows(desk: &Desk) -> Vec<IntentId> {
    let mut rows: Vec<IntentId> =
        desk.cancellations.values().filter(|cancellation| cancellation.is_open()).map(|c| c.intent).collect();
    let waiting = desk.unresolved_here().map(|open| open.id).filter(|id| !desk.cancellations.contains_key(id));
    rows.extend(waiting);
    rows
}

/// The row `by` rows away from `selected`, at most at the ends.
pub fn neighbour(desk: &Desk, selected: Option<IntentId>, by: isize) -> Option<IntentId> {
    let rows = rows(desk);
    let at = selected.and_then(|selected| rows.iter().position(|row| *row == selected));
    let last = rows.len().checked_sub(1)?;
    rows.get(at.map_or(0, |at| at.saturating_add_signed(by).min(last))).copied()
}
