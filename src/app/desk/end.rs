//! The end: by the operator's will at once, by an interruption once every cancel in flight has an outcome (PRODUCT.md
//! "Interrupted"); and the rescue of what a session with a fault left. It knows of cancels by what is at stake alone.

use std::collections::BTreeSet;

use super::cx::Cx;
use super::news::News;
use super::stake::{AtStake, READ_ON};
use crate::app::effect::{Effect, Exit};
use crate::app::event::Interruption;
use crate::domain::{Boot, IntentId, Now};

/// A fault in the program, as far as the desk that settles what it left has to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The session, as the journal names it.
    pub session: String,
    /// The intents whose frame may have left. No other frame of the session can leave any more.
    pub handed: BTreeSet<IntentId>,
    /// How the process ends if no frame was handed over.
    pub exit: Exit,
}

/// The session was told to end, and ends as soon as every cancel that was in flight has an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Leaving {
    /// How the process ends if no frame was handed over.
    exit: Exit,
    /// Reading goes on until then; `None` once the end was ordered.
    until: Option<Boot>,
    /// The cancels that were in flight.
    followed: BTreeSet<IntentId>,
    /// Set while it is not known yet what a session with a fault left.
    fault: Option<Fault>,
}

/// The end of a session.
#[derive(Clone, Debug, Default)]
pub struct End {
    leaving: Option<Leaving>,
    /// The process ends with this step, by this exit unless the outcomes say otherwise.
    ordered: Option<Exit>,
    /// The end was ordered: nothing is ordered after it.
    is_over: bool,
}

/// The next step of an end that waits for outcomes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum EndStep {
    /// There is no end, or it still waits.
    Wait,
    /// The time to read on is over: the table is applied to these now.
    Settle(BTreeSet<IntentId>),
    /// Nothing is waited for any more.
    Quit(Exit),
}

impl End {
    /// An end that settles what a session with a fault left: what that is, is known once the journal was read.
    pub(super) fn rescuing(fault: Fault, now: Now) -> Self {
        let (exit, until) = (fault.exit, Some(now.boot + READ_ON));
        let leaving = Leaving { exit, until, followed: BTreeSet::new(), fault: Some(fault) };
        Self { leaving: Some(leaving), ..Self::default() }
    }

    /// Told to end from outside. With no cancel in flight that is at once; otherwise the terminal goes back at once, and the
    /// rest is reading. Told twice changes nothing: the terminal's end and its SIGHUP arrive together.
    pub(super) fn interrupt(&mut self, interruption: Interruption, stake: AtStake, cx: &mut Cx<'_>) {
        if self.leaving.is_some() {
            return;
        }
        let exit = Exit::Signal(match interruption {
            Interruption::Signal(number) => number,
            // As if the terminal's end had been told to us by SIGHUP.
            Interruption::TerminalLost => 1,
        });
        if stake.in_flight.is_empty() && !stake.is_opening {
            return self.leave(exit, &stake, cx);
        }
        let until = Some(cx.now.boot + READ_ON);
        self.leaving = Some(Leaving { exit, until, followed: stake.in_flight, fault: None });
        *cx.is_ending = true;
        cx.order(Effect::GiveBackTerminal { said: stake.said });
        cx.tell(News::Ending { exit });
    }

    /// Ends the session without waiting for the exchange: a cancel that was handed to the writer stands open in the journal,
    /// and the next start settles it. An intent that is just being opened is waited for, so that it can be closed as not
    /// sent, but not when told twice.
    pub(super) fn leave(&mut self, exit: Exit, stake: &AtStake, cx: &mut Cx<'_>) {
        cx.show();
        if self.leaving.is_some() {
            return;
        }
        if !stake.may_wait_for_journal {
            self.ordered = Some(exit);
        }
        cx.tell(News::Ending { exit });
    }

    /// True if the session was interrupted and only reads on: the terminal is not ours any more.
    pub fn is_leaving(&self) -> bool {
        self.leaving.is_some()
    }

    /// True if the end was ordered.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// The end is ordered.
    pub(super) fn finish(&mut self) {
        self.is_over = true;
    }

    /// When the reading on ends, if the session was interrupted.
    pub(super) fn deadline(&self) -> Option<Boot> {
        self.leaving.as_ref().and_then(|leaving| leaving.until)
    }

    /// The cancels that are followed to the end.
    pub(super) fn followed(&self) -> Option<&BTreeSet<IntentId>> {
        self.leaving.as_ref().map(|leaving| &leaving.followed)
    }

    /// The fault whose session's intents are to be taken over.
    pub(super) fn fault(&self) -> Option<&Fault> {
        self.leaving.as_ref().and_then(|leaving| leaving.fault.as_ref())
    }

    /// These intents were taken over.
    pub(super) fn adopt(&mut self, intents: Vec<IntentId>) {
        if let Some(leaving) = &mut self.leaving {
            leaving.followed.extend(intents);
            leaving.fault = None;
        }
    }

    /// The next step. `is_waited_for` tells that a cancel has no outcome yet; what a fault left is waited for too, unless the
    /// journal failed.
    pub(super) fn step(&mut self, is_waited_for: bool, has_journal_failed: bool, now: Now) -> EndStep {
        if let Some(exit) = self.ordered.take() {
            return EndStep::Quit(exit);
        }
        let Some(leaving) = &mut self.leaving else { return EndStep::Wait };
        let Some(until) = leaving.until else { return EndStep::Wait };
        let is_over = until <= now.boot;
        if !is_over && (is_waited_for || leaving.fault.is_some() && !has_journal_failed) {
            return EndStep::Wait;
        }
        leaving.until = None;
        if is_over {
            self.ordered = Some(leaving.exit);
            return EndStep::Settle(leaving.followed.clone());
        }
        EndStep::Quit(leaving.exit)
    }
}
