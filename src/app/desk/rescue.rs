//! The rescue: after a fault in the program, a desk without a screen takes over the intents that the session left without an
//! outcome (PRODUCT.md "Interrupted").

use std::collections::BTreeSet;

use super::Desk;
use super::cancellation::Cancellation;
use super::leave::Leaving;
use super::settings::Settings;
use crate::app::effect::{Author, Effects, Exit};
use crate::domain::{IntentId, Now, OmsId, Outcome, Receipt};
use crate::journal::record::ReplyFact;
use crate::journal::{Fact, Unresolved};

/// What is known of the session that had the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The session, as the journal names it.
    pub session: String,
    /// The intents whose frame may have left. No other frame of the session can leave any more.
    pub handed: BTreeSet<IntentId>,
    /// How the process ends if no frame was handed over.
    pub exit: Exit,
}

/// The rescue, as it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rescue {
    fault: Fault,
    /// Whether the journal was read, so that it is known what there is to settle.
    pub(super) has_adopted: bool,
    /// Who the session's records are by.
    pub(super) author: Author,
}

impl Desk {
    /// A desk that settles what a session left, and nothing else. It ends by itself.
    pub fn rescue(settings: Settings, fault: Fault, now: Now) -> Self {
        let exit = fault.exit;
        let mut desk = Self::new(settings);
        let rescue = Rescue { fault, has_adopted: false, author: Author::default() };
        desk.leaving = Some(Leaving::rescuing(exit, rescue, now));
        desk
    }

    /// Takes over the session's intents: a frame that was never handed over never will be; the others are read at once.
    pub(super) fn adopt_left(&mut self, now: Now) -> Effects {
        let Some(fault) = self.leaving.as_ref().and_then(Leaving::left_to_adopt).map(|rescue| rescue.fault.clone())
        else {
            return Effects::quiet();
        };
        let is_left = |open: &&Unresolved| open.stamp.session == fault.session && open.outcome.is_none();
        let left: Vec<Unresolved> = self.journal.open.iter().filter(is_left).cloned().collect();
        let by = left.first().map(|open| &open.stamp);
        let author = by.map(|stamp| Author { oms: stamp.oms.map(OmsId), operator: stamp.operator.clone() });
        if let Some(leaving) = &mut self.leaving {
            leaving.adopt(
                author.unwrap_or_default(),
                left.iter().map(|open| open.id).filter(|id| fault.handed.contains(id)),
            );
        }
        let mut effects = Effects::none();
        for open in left {
            let id = open.id;
            if !fault.handed.contains(&id) {
                let why = "a fault ended the program before the frame was handed to the writer".to_owned();
                effects = effects.then(self.record(Fact::outcome(id, Outcome::NotSent, why)));
                continue;
            }
            if open.reply.is_none() {
                // The link of that session ends with it.
                effects = effects.then(self.record(Fact::Reply(ReplyFact::new(id, Receipt::None, None, None))));
            }
            // Whatever was to be sent was sent: a read asked now is one after the send.
            self.cancellations.insert(id, Cancellation::found(open, now.boot));
        }
        effects.then(self.follow_deadlines(now))
    }
}
