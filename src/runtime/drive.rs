//! The core under both loops, the one with a screen and the one without: an input is applied, what follows from it is
//! performed, what happened at once because of that is applied too, until nothing is left; then it waits for the next fact or
//! deadline. It knows no keys, no screen and no skin.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use tokio::sync::mpsc;

use super::perform::{Perform, Performed};
use crate::app::Event;
use crate::app::effect::{Effects, Exit};
use crate::domain::{Boot, Now};

/// Facts or keys taken in before whoever is driven looks, or is drawn, again.
pub(super) const BATCH: usize = 256;

/// The end of a drive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended<T> {
    /// It came to what it was run for.
    Done(T),
    /// The desk ended it: by itself, or told to.
    ByDesk(Exit),
}

/// Whoever is driven: the state with its screen, or a desk with its skin.
pub(super) trait Driven {
    /// Everything that can come in; a fact is always one.
    type Input: From<Event>;
    /// The goal of the drive, if it has one but its end.
    type Done;

    /// Takes in an input that came at `now`, and returns the orders that follow from it.
    fn apply(&mut self, input: Self::Input, now: Now) -> Effects;

    /// An input is settled: it was applied, and so was everything that happened at once because of it. Returns the goal, or
    /// the inputs that are next.
    fn settled(&mut self) -> ControlFlow<Self::Done, Vec<Self::Input>>;

    /// Notes how it stands for whoever cannot ask it: after its orders were performed, so that nothing counts as settled whose
    /// record was not given to the journal.
    fn note(&self);

    /// When it must be told at the latest that time has passed.
    fn next_deadline(&self, now: Now) -> Option<Boot>;

    /// True if nothing may be performed any more.
    fn is_stopped(&self) -> bool {
        false
    }
}

/// A drive under way.
pub(super) struct Drive<'a, D, P, C> {
    pub(super) driven: &'a mut D,
    pub(super) performer: &'a mut P,
    /// Everything that comes from outside.
    pub(super) facts: &'a mut mpsc::Receiver<Event>,
    /// Tells the time.
    pub(super) clock: C,
}

/// The yield of a wait.
pub(super) enum Step<T, D> {
    /// This came of what the loop itself waits for.
    Own(T),
    /// The core took in what came, and the drive may be at its end.
    Taken(Option<Ended<D>>),
}

impl<D: Driven, P: Perform, C: Fn() -> Now> Drive<'_, D, P, C> {
    /// Takes in an input that came at `now`, and all that follows from it.
    pub(super) fn take(&mut self, input: D::Input, now: Now) -> Option<Ended<D::Done>> {
        self.take_in_turn(VecDeque::from([input]), now)
    }

    /// Takes in inputs that come now, and all that follows from them.
    pub(super) fn take_all(&mut self, inputs: Vec<D::Input>) -> Option<Ended<D::Done>> {
        self.take_in_turn(inputs.into(), (self.clock)())
    }

    fn take_in_turn(&mut self, mut inputs: VecDeque<D::Input>, mut now: Now) -> Option<Ended<D::Done>> {
        while let Some(input) = inputs.pop_front() {
            let effects = self.driven.apply(input, now);
            let ended = self.obey(effects);
            self.driven.note();
            if ended.is_some() {
                return ended;
            }
            match self.driven.settled() {
                ControlFlow::Continue(next) => inputs.extend(next),
                ControlFlow::Break(done) => return Some(Ended::Done(done)),
            }
            now = (self.clock)();
        }
        None
    }

    /// Performs orders, and applies what happened at once because of them, until nothing is left.
    pub(super) fn obey(&mut self, effects: Effects) -> Option<Ended<D::Done>> {
        let mut queue: VecDeque<_> = effects.into_list().into();
        while let Some(effect) = queue.pop_front() {
            if self.driven.is_stopped() {
                return None;
            }
            match self.performer.perform(effect) {
                Performed::Started => {}
                Performed::Happened(event) => {
                    queue.extend(self.driven.apply(event.into(), (self.clock)()).into_list());
                }
                Performed::Quit(exit) => return Some(Ended::ByDesk(exit)),
            }
        }
        None
    }

    /// Takes in the facts that have come in, as many as a batch has.
    pub(super) fn take_waiting_facts(&mut self) -> Option<Ended<D::Done>> {
        let first = self.facts.try_recv().ok()?;
        self.take_facts(first)
    }

    /// A batch came in at one time: its facts are as old as the first.
    fn take_facts(&mut self, first: Event) -> Option<Ended<D::Done>> {
        let now = (self.clock)();
        let mut ended = self.take(first.into(), now);
        for _ in 1..BATCH {
            if ended.is_some() {
                break;
            }
            let Ok(event) = self.facts.try_recv() else { break };
            ended = self.take(event.into(), now);
        }
        ended
    }

    /// Facts that have come in are taken first: one may be the answer that the deadline is about.
    fn take_deadline(&mut self) -> Option<Ended<D::Done>> {
        self.take_waiting_facts().or_else(|| self.take(Event::DeadlinePassed.into(), (self.clock)()))
    }

    fn is_overdue(&self) -> bool {
        let now = (self.clock)();
        self.driven.next_deadline(now).is_some_and(|due| due <= now.boot)
    }

    /// Takes in a deadline that has passed; else waits for `own`, for facts, for the next deadline, or until `wake`.
    ///
    /// Deadlines come before everything that is still to come, so that no flood of frames or keys postpones a timeout; `own`
    /// comes before facts, so that no flood of frames makes an operator wait.
    pub(super) async fn step<T>(&mut self, wake: Option<Boot>, own: impl Future<Output = T>) -> Step<T, D::Done> {
        let now = (self.clock)();
        let deadline = self.driven.next_deadline(now);
        if deadline.is_some_and(|due| due <= now.boot) {
            return Step::Taken(self.take_deadline());
        }
        tokio::select! {
            biased;
            own = own => return Step::Own(own),
            Some(event) = self.facts.recv() => return Step::Taken(self.take_facts(event)),
            () = sleep_until(deadline.into_iter().chain(wake).min(), now.boot) => {}
        }
        Step::Taken(if self.is_overdue() { self.take_deadline() } else { None })
    }
}

/// Waits from now until a time of the boot clock, or for ever.
async fn sleep_until(deadline: Option<Boot>, now: Boot) {
    match deadline {
        Some(deadline) => tokio::time::sleep(deadline.since(now)).await,
        None => std::future::pending().await,
    }
}
