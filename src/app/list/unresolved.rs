//! The rows of the screen of unresolved cancels.

use crate::app::desk::Desk;
use crate::domain::IntentId;

/// Every open intent of this exchange: those that are followed, and those that wait for a link to be read on. An intent
/// found in the journal keeps its row when it is settled, so that the operator sees how. The oldest comes first; what this
/// session settled comes last, the newest first.
pub fn rows(desk: &Desk) -> Vec<IntentId> {
    let followed = desk.cancels().all().filter(|cancellation| cancellation.is_open() || !cancellation.is_ours());
    let mut followed: Vec<_> = followed.map(|cancel| (cancel.progress.opened_at, cancel.intent)).collect();
    followed.sort_unstable();
    followed.into_iter().map(|(_, intent)| intent).chain(waiting(desk)).chain(settled(desk)).collect()
}

/// The cancels of this session that are settled, the newest first.
fn settled(desk: &Desk) -> impl Iterator<Item = IntentId> {
    let settled = desk.cancels().all().filter(|cancellation| cancellation.is_ours() && !cancellation.is_open());
    let mut settled: Vec<_> = settled.map(|cancel| (cancel.progress.opened_at, cancel.intent)).collect();
    settled.sort_unstable_by(|first, second| second.cmp(first));
    settled.into_iter().map(|(_, intent)| intent)
}

/// How many of them are open.
pub fn open(desk: &Desk) -> usize {
    desk.cancels().all().filter(|cancellation| cancellation.is_open()).count() + waiting(desk).count()
}

fn waiting(desk: &Desk) -> impl Iterator<Item = IntentId> {
    desk.unresolved_here().map(|open| open.id).filter(|id| desk.cancels().get(*id).is_none())
}

/// The row `by` rows away from `selected`, at most at the ends.
pub fn neighbour(desk: &Desk, selected: Option<IntentId>, by: isize) -> Option<IntentId> {
    let rows = rows(desk);
    let at = selected.and_then(|selected| rows.iter().position(|row| *row == selected));
    let last = rows.len().checked_sub(1)?;
    rows.get(at.map_or(0, |at| at.saturating_add_signed(by).min(last))).copied()
}
