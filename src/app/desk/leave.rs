//! Leaving: by the operator's will at once, by an interruption once every cancel in flight has an outcome (PRODUCT.md
//! "Interrupted").

use std::collections::BTreeSet;
use std::time::Duration;

use super::Desk;
use super::attempt::Attempt;
use super::cancellation::Cancellation;
use super::link::Phase;
use super::rescue::Rescue;
use crate::app::effect::{Author, Effect, Effects, Exit};
use crate::app::event::Interruption;
use crate::domain::receipt::RefusalCode;
use crate::domain::{Boot, IntentId, Now, Outcome, Receipt};

/// How long a cancel in flight is read after an interruption.
pub const READ_ON: Duration = Duration::from_secs(8);

/// The session was told to end, and ends as soon as every cancel that was in flight has an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// How the process ends if no frame was handed over.
    exit: Exit,
    /// Reading goes on until then; `None` once the end was ordered.
    pub(super) until: Option<Boot>,
    /// The cancels that were in flight.
    followed: BTreeSet<IntentId>,
    /// Set where a session with a fault left them.
    rescue: Option<Rescue>,
}

impl Leaving {
    /// What was in flight is known once the journal was read.
    pub(super) fn rescuing(exit: Exit, rescue: Rescue, now: Now) -> Self {
        Self { exit, until: Some(now.boot + READ_ON), followed: BTreeSet::new(), rescue: Some(rescue) }
    }

    /// The rescue, as long as it is not known what there is to settle.
    pub(super) fn left_to_adopt(&self) -> Option<&Rescue> {
        self.rescue.as_ref().filter(|rescue| !rescue.has_adopted)
    }

    /// These intents of `author`'s are followed.
    pub(super) fn adopt(&mut self, author: Author, intents: impl Iterator<Item = IntentId>) {
        self.followed.extend(intents);
        if let Some(rescue) = &mut self.rescue {
            rescue.author = author;
            rescue.has_adopted = true;
        }
    }

    /// Who the session's records are by, where another one wrote them before.
    pub(super) fn author(&self) -> Option<&Author> {
        self.rescue.as_ref().map(|rescue| &rescue.author)
    }
}

impl Desk {
    /// Told to end from outside. With no cancel in flight that is at once; otherwise the terminal goes back at once, and the
    /// rest is reading. Told twice changes nothing: the terminal's end and its SIGHUP arrive together.
    pub(super) fn interrupt(&mut self, interruption: Interruption, now: Now) -> Effects {
        if self.leaving.is_some() {
            return Effects::quiet();
        }
        let exit = Exit::Signal(match interruption {
            Interruption::Signal(number) => number,
            // As if the terminal's end had been told to us by SIGHUP.
            Interruption::TerminalLost => 1,
        });
        let followed: BTreeSet<IntentId> = self.in_flight_cancels().map(|cancellation| cancellation.intent).collect();
        let is_opening = self.attempt.as_ref().is_some_and(Attempt::is_opening);
        if followed.is_empty() && !is_opening {
            return self.leave(exit);
        }
        let declined = self.withdraw_confirmation("the program was told to end");
        if let Some(attempt) = self.attempt.as_mut().filter(|_| is_opening) {
            attempt.abandon(exit);
        }
        let said = self.in_flight_cancels().map(read_on).collect();
        self.leaving = Some(Leaving { exit, until: Some(now.boot + READ_ON), followed, rescue: None });
        // A link that waits for its next try would let the little time pass.
        let link = if matches!(self.link.phase, Phase::Waiting { .. }) { self.connect() } else { Effects::none() };
        Effects::one(Effect::GiveBackTerminal { said }).then(declined).then(link)
    }

    /// Ends the session without waiting for the exchange: a cancel that was handed to the writer stands open in the journal,
    /// and the next start settles it. An intent that is just being opened is waited for, so that it can be closed as not
    /// sent, but not when told twice.
    pub fn leave(&mut self, exit: Exit) -> Effects {
        if self.leaving.is_some() {
            return Effects::none();
        }
        if let Some(attempt) = self.attempt.as_mut().filter(|attempt| attempt.may_wait_for_journal()) {
            attempt.abandon(exit);
            return Effects::none();
        }
        let declined = self.withdraw_confirmation("the program was told to end");
        declined.then(self.log_out()).and(Effect::Quit(self.exit_code(exit)))
    }

    /// Whether the session was interrupted and only reads on: the terminal is not ours any more.
    pub fn is_leaving(&self) -> bool {
        self.leaving.is_some()
    }

    /// When the reading on ends, if the session was interrupted.
    pub(super) fn leave_by(&self) -> Option<Boot> {
        self.leaving.as_ref().and_then(|leaving| leaving.until)
    }

    /// Orders the end once nothing is waited for any more, or the time is over.
    pub(super) fn leave_if_settled(&mut self, now: Now) -> Effects {
        let Some(leaving) = self.leaving.clone() else { return Effects::quiet() };
        let Some(until) = leaving.until else { return Effects::quiet() };
        let mut effects = Effects::quiet();
        if until <= now.boot {
            for intent in &leaving.followed {
                effects = effects.then(self.settle_now(*intent, now));
            }
        } else if self.is_waited_for(&leaving) {
            return effects;
        }
        if let Some(leaving) = &mut self.leaving {
            leaving.until = None;
        }
        effects.then(self.log_out()).and(Effect::Quit(self.exit_code(leaving.exit)))
    }

    /// Whether the journal is still to answer, or a cancel has no outcome yet.
    fn is_waited_for(&self, leaving: &Leaving) -> bool {
        let is_opening = self.attempt.as_ref().is_some_and(Attempt::is_opening);
        let is_adopting = leaving.left_to_adopt().is_some() && self.journal.failed.is_none();
        let mut followed = leaving.followed.iter().filter_map(|intent| self.cancellations.get(intent));
        is_opening || is_adopting || followed.any(|cancellation| cancellation.outcome.is_none())
    }

    /// The cancels of this session that were handed over and have no outcome yet.
    fn in_flight_cancels(&self) -> impl Iterator<Item = &Cancellation> {
        self.cancellations.values().filter(|cancellation| cancellation.is_ours() && cancellation.outcome.is_none())
    }

    /// The cancels of this session that have no final outcome.
    pub(super) fn ours_open(&self) -> impl Iterator<Item = &Cancellation> {
        self.cancellations.values().filter(|cancellation| cancellation.is_ours() && cancellation.is_open())
    }

    /// The cancels of this session that the end of the process is about.
    fn told_of(&self) -> impl Iterator<Item = &Cancellation> {
        let followed = self.leaving.as_ref().map(|leaving| &leaving.followed);
        self.cancellations.values().filter(move |cancellation| {
            let is_followed = followed.is_some_and(|followed| followed.contains(&cancellation.intent));
            is_followed || (cancellation.is_ours() && cancellation.is_open())
        })
    }

    /// Once the frame was handed over, only the outcomes give the exit code: the worst of them.
    fn exit_code(&self, exit: Exit) -> Exit {
        let exits = self.told_of().filter_map(exit_of);
        exits.max_by_key(|exit| exit.weight()).unwrap_or(exit)
    }

    /// How the process would end now, were its end forced; `None` as long as no frame was handed over, or all is well.
    pub fn exit_if_forced(&self) -> Option<Exit> {
        let in_flight = self.in_flight_cancels().map(|_| Exit::Unknown);
        in_flight.chain(self.ours_open().filter_map(exit_of)).max_by_key(|exit| exit.weight())
    }

    /// Whether an intent of this session has no outcome yet: one in flight, or one that is just being opened.
    pub fn has_unsettled(&self) -> bool {
        self.in_flight_cancels().next().is_some() || self.attempt.as_ref().is_some_and(Attempt::is_opening)
    }

    /// Whether a receipt is awaited, or an intent is being opened behind which a send follows.
    pub(super) fn has_unsettled_send(&self) -> bool {
        !self.may_suspend()
    }

    /// What must still be said when the screen is gone: how the cancels that were in flight ended, which ones of this session
    /// stand open, and a journal that failed.
    pub fn farewell(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.told_of().map(last_word).collect();
        lines.extend(self.journal.failed.iter().flat_map(|why| self.missing_records(why)));
        lines
    }

    /// What must be said when the journal's end may be missing.
    pub fn missing_records(&self, why: &str) -> Vec<String> {
        let ours = self.cancellations.values().filter(|cancellation| cancellation.is_ours());
        let seen = ours.filter_map(|cancellation| Some((cancellation.ticket(), cancellation.outcome?)));
        let said = |(number, outcome)| {
            format!("this session saw the cancel of ticket {number} end as {outcome}; the journal may lack that")
        };
        std::iter::once(format!("the journal failed, its end may be missing: {why}")).chain(seen.map(said)).collect()
    }

    /// Whether nobody waits for an answer that decides a cancel.
    pub fn may_suspend(&self) -> bool {
        let is_opening = self.attempt.as_ref().is_some_and(Attempt::is_opening);
        !is_opening && !self.cancellations.values().any(Cancellation::awaits_receipt)
    }

    /// Whether a cancel of this session has no final outcome yet.
    pub fn is_following(&self) -> bool {
        let follows = |cancellation: &Cancellation| cancellation.is_open() && cancellation.outcome.is_none();
        self.ours_open().next().is_some() || self.cancellations.values().any(follows)
    }
}

/// What is said of a cancel in flight as the terminal goes back.
fn read_on(cancellation: &Cancellation) -> String {
    let number = cancellation.ticket();
    format!("the cancel of ticket {number} is in flight; the ticket is read for {} s more at most", READ_ON.as_secs())
}

/// What is said of a cancel at the very end.
fn last_word(cancellation: &Cancellation) -> String {
    let number = cancellation.ticket();
    match cancellation.outcome {
        Some(outcome) if outcome.is_final() => {
            format!("the cancel of ticket {number}: {outcome}, {}", meaning(outcome))
        }
        Some(outcome) => format!(
            "the cancel of ticket {number} is not settled: {outcome}, {}; its intent stands open in the journal",
            meaning(outcome)
        ),
        None => format!("the cancel of ticket {number} is not settled; its intent stands open in the journal"),
    }
}

fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Verified => "a read after the send says canceled",
        Outcome::Moved => "the ticket left failed for another status",
        Outcome::Refused => "the exchange said no, and the ticket did not move",
        Outcome::NotSent => "the frame never left",
        Outcome::AcceptedNotMoved => "received, but the ticket is still failed",
        Outcome::Unknown => "nobody can say yet whether it was acted upon",
    }
}

/// The exit code of a cancel; `None` if its frame never left.
fn exit_of(cancellation: &Cancellation) -> Option<Exit> {
    match cancellation.outcome {
        Some(Outcome::NotSent) => None,
        Some(Outcome::Verified) => Some(Exit::Done),
        Some(Outcome::Moved) => Some(Exit::Moved),
        Some(Outcome::Refused) => {
            let is_permission = cancellation.progress.receipt == Some(Receipt::Refused(RefusalCode::NotAuthorized));
            Some(if is_permission { Exit::NotPermitted } else { Exit::Refused })
        }
        Some(Outcome::AcceptedNotMoved | Outcome::Unknown) | None => Some(cancellation.exit_if_left_now()),
    }
}
