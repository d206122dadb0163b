//! Open intents found in the journal: shown first, read again, and their tickets locked.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Desk;
use super::attempt::Stage;
use super::cancellation::{Cancellation, Origin};
use crate::app::effect::Effects;
use crate::domain::{IntentId, Now, TicketNumber};
use crate::journal::Unresolved;

/// What the journal said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    /// Whether it was read at all.
    pub is_read: bool,
    /// Why nothing can be written any more, if so; the session is read-only until restart.
    pub failed: Option<String>,
    /// Open intents of every exchange, as read last.
    pub open: Vec<Unresolved>,
    /// Intents that this session decided not to send; the record of that may still be on its way.
    pub unsent: BTreeSet<IntentId>,
}

/// An intent that another console opened may be sent this long after, at the most: its confirming read would be too old
/// otherwise. Only a read after that is certainly one after the send. No `read-timeout` is longer (`config::limits`).
const SENT_BY_THEN: Duration = Duration::from_secs(30);

impl Desk {
    pub(super) fn apply_unresolved_read(&mut self, answer: Result<Vec<Unresolved>, String>, now: Now) -> Effects {
        match answer {
            Err(why) => self.apply_journal_failed(&why, now),
            Ok(open) => {
                let is_news = !self.journal.is_read || self.journal.open != open;
                self.journal.is_read = true;
                self.journal.open = open;
                self.note_closed_elsewhere();
                self.refresh_found();
                let effects = self.adopt_left(now).then(self.adopt_unresolved(now));
                self.lock_attempt();
                if is_news { Effects::none().then(effects) } else { effects }
            }
        }
    }

    pub(super) fn apply_journal_failed(&mut self, why: &str, now: Now) -> Effects {
        self.activity.add(now, format!("journal: {why}"));
        self.journal.failed.get_or_insert_with(|| why.to_owned());
        Effects::none()
    }

    /// Takes the open intents of this exchange and OMS into the cancellations, once it is known which those are.
    pub(super) fn adopt_unresolved(&mut self, now: Now) -> Effects {
        // A session that ends settles its own, and nothing else.
        if self.link.ready().is_none() || self.is_leaving() {
            return Effects::quiet();
        }
        let found: Vec<Unresolved> = self.unresolved_here().filter(|open| !self.is_known(open.id)).cloned().collect();
        for open in found {
            let age = Duration::try_from(now.wall.duration_since(open.opened_at)).unwrap_or_default();
            let wait = if open.sent_at.is_some() { Duration::ZERO } else { SENT_BY_THEN.saturating_sub(age) };
            let mut cancellation = Cancellation::found(open.clone(), now.boot + wait);
            cancellation.progress.follow_until = Some(now.boot + self.left_to_follow(&open, now).max(wait));
            self.cancellations.insert(open.id, cancellation);
        }
        self.follow_deadlines(now)
    }

    /// What is left of the follow time of an intent of an earlier session, and time for one read in any case.
    fn left_to_follow(&self, open: &Unresolved, now: Now) -> Duration {
        let limits = &self.settings.limits;
        let (received_at, extra) = match open.reply {
            Some((_, at)) => (at, Duration::ZERO),
            None => (open.sent_at.unwrap_or(open.opened_at), limits.reply_timeout),
        };
        let since = Duration::try_from(now.wall.duration_since(received_at)).unwrap_or_default();
        (limits.follow_time + extra).saturating_sub(since).max(limits.read_timeout)
    }

    /// Intents that were open and are not any more were closed by another console.
    fn note_closed_elsewhere(&mut self) {
        let open = &self.journal.open;
        for cancellation in self.cancellations.values_mut() {
            let is_listed = open.iter().any(|unresolved| unresolved.id == cancellation.intent);
            if !cancellation.is_ours() && cancellation.is_open() && !is_listed {
                cancellation.origin = Origin::ClosedElsewhere;
            }
        }
    }

    /// Another console may have recorded more about its intents since we found them.
    fn refresh_found(&mut self) {
        for open in &self.journal.open {
            let Some(known) = self.cancellations.get_mut(&open.id) else { continue };
            known.release = known.release.take().or_else(|| open.release.as_ref().map(|(release, _)| release.clone()));
            if !known.is_ours() {
                known.refresh(open);
            }
        }
    }

    /// Whether this session knows more of an intent than the journal says.
    fn is_known(&self, id: IntentId) -> bool {
        self.cancellations.contains_key(&id) || self.journal.unsent.contains(&id)
    }

    /// Open intents of this exchange and OMS. Before a login, and without `oms-id` in the profile, it is not known which OMS
    /// this is; then all of the exchange count.
    pub fn unresolved_here(&self) -> impl Iterator<Item = &Unresolved> {
        self.journal.open.iter().filter(|open| self.is_here(open))
    }

    /// Open intents of other exchanges: listed, never read through this link, and they lock nothing here.
    pub fn unresolved_elsewhere(&self) -> impl Iterator<Item = &Unresolved> {
        self.journal.open.iter().filter(|open| !self.is_here(open))
    }

    fn is_here(&self, open: &Unresolved) -> bool {
        let oms = self.author().oms.map(|id| id.0);
        open.stamp.exchange == self.settings.exchange && (oms.is_none() || open.stamp.oms == oms)
    }

    /// Why a ticket is locked by an open intent, and by whom.
    pub fn lock_of(&self, number: TicketNumber) -> Option<String> {
        let known = self.cancellations.values().find(|c| c.ticket() == number && c.holds());
        match known.map(|cancellation| (&cancellation.origin, cancellation)) {
            Some((Origin::Journal(open), _)) => Some(format!("Locked: {}.", open.holder())),
            Some((_, ours)) => Some(format!(
                "Locked: this session sent a cancel of it (intent {}); its outcome is not settled.",
                ours.intent.short()
            )),
            None => {
                let held = self
                    .unresolved_here()
                    .find(|open| open.ticket == number && open.holds() && !self.cancellations.contains_key(&open.id))?;
                Some(format!("Locked: {}.", held.holder()))
            }
        }
    }

    /// A cancel of a ticket that was released, and may still act.
    pub fn released(&self, number: TicketNumber) -> Option<&Cancellation> {
        let may_act = |cancellation: &&Cancellation| cancellation.is_open() && cancellation.release.is_some();
        self.cancellations.values().filter(may_act).find(|cancellation| cancellation.ticket() == number)
    }

    /// The journal may have named a holder while the dialog was open.
    fn lock_attempt(&mut self) {
        let Some(attempt) = &self.attempt else { return };
        if !matches!(attempt.stage, Stage::Reading | Stage::Shown(_)) {
            return;
        }
        if let Some(why) = self.lock_of(attempt.ticket)
            && let Some(attempt) = &mut self.attempt
        {
            attempt.stage = Stage::Locked(why);
        }
    }
}
