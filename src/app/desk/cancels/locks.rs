//! Which tickets are locked by open cancels, and by whom; kept as they change, so that no key and no frame walks them.

use std::collections::BTreeMap;

use super::Cancels;
use super::cancellation::{Cancellation, Origin};
use crate::app::desk::cx::Cx;
use crate::app::desk::locks::{Here, Lock};
use crate::app::desk::news::News;
use crate::app::words::desk::cancels as words;
use crate::domain::TicketNumber;

impl Cancels {
    /// Why a ticket is locked by an open intent, and by whom.
    pub fn lock_of(&self, number: TicketNumber, here: Here<'_>) -> Option<String> {
        let known = self.all.values().find(|cancel| cancel.ticket() == number && cancel.holds());
        match known.map(|cancellation| (&cancellation.origin, cancellation)) {
            Some((Origin::Journal(open), _)) => Some(words::locked_by(open)),
            Some((_, ours)) => Some(words::locked_by_us(&ours.intent.short())),
            None => {
                let held = self
                    .unresolved_here(here)
                    .find(|open| open.ticket == number && open.holds() && !self.all.contains_key(&open.id))?;
                Some(words::locked_by(held))
            }
        }
    }

    /// A cancel of a ticket that was released, and may still act.
    pub fn released(&self, number: TicketNumber) -> Option<&Cancellation> {
        let may_act = |cancellation: &&Cancellation| cancellation.is_open() && cancellation.release.is_some();
        self.all.values().filter(may_act).find(|cancellation| cancellation.ticket() == number)
    }

    /// Tells whose locks changed, if anything happened by which they may have.
    pub(in crate::app::desk) fn renew_locks(&mut self, cx: &mut Cx<'_>) {
        if !std::mem::take(&mut self.are_locks_due) {
            return;
        }
        let locks = self.locks_now(cx.here());
        let before = std::mem::replace(&mut self.locks, locks);
        for (ticket, lock) in &self.locks {
            if before.get(ticket) != Some(lock) {
                cx.tell(News::LockChanged { ticket: *ticket, lock: Some(*lock) });
            }
        }
        for ticket in before.keys().filter(|ticket| !self.locks.contains_key(ticket)) {
            cx.tell(News::LockChanged { ticket: *ticket, lock: None });
        }
    }

    fn locks_now(&self, here: Here<'_>) -> BTreeMap<TicketNumber, Lock> {
        let mut locks = BTreeMap::new();
        let mut add = |ticket, holds: bool| {
            let lock = if holds { Lock::Held } else { Lock::Released };
            let known: &mut Lock = locks.entry(ticket).or_insert(lock);
            *known = lock.max(*known);
        };
        for cancellation in self.all.values().filter(|cancellation| cancellation.is_open()) {
            add(cancellation.ticket(), cancellation.holds());
        }
        for open in self.unresolved_here(here).filter(|open| !self.all.contains_key(&open.id)) {
            add(open.ticket, open.holds());
        }
        locks
    }
}
