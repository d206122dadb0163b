//! The core under both loops, the one with a screen and the one without: an input is applied, what follows from it is
//! performed, what happened at once because of that is applied too, until nothing is left; then it waits for the next fact or
//! deadline. It knows no keys, no screen and no skin.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use tokio::sync::mpsc;

use super::perform::{Perform, Performed};
use crate::app::Event;
use crate::app::effect::{Effects, Exit};
use crate::app::limits::TAKEN_AT_ONCE;
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

    /// Takes in the facts that have come in, as many as a batch has: so many, or so many bytes of frames.
    pub(super) fn take_waiting_facts(&mut self) -> Option<Ended<D::Done>> {
        let first = self.facts.try_recv().ok()?;
        self.take_facts(first)
    }

    /// A batch came in at one time: its facts are as old as the first.
    fn take_facts(&mut self, first: Event) -> Option<Ended<D::Done>> {
        let now = (self.clock)();
        let mut bytes = first.bytes();
        let mut ended = self.take(first.into(), now);
        for _ in 1..BATCH {
            if ended.is_some() || bytes >= TAKEN_AT_ONCE {
                break;
            }
            let Ok(event) = self.facts.try_recv() else { break };
            bytes += event.bytes();
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::app::effect::Effect;
    use crate::domain::{CallId, ConnectionId};
    use crate::protocol::{Frame, FrameKind};

    /// A driven that notes what it is told, and whose facts have orders of their own.
    #[derive(Default)]
    struct Noted {
        told: Vec<Event>,
        due: Option<Boot>,
        is_stopped: bool,
    }

    impl Driven for Noted {
        type Input = Event;
        type Done = ();

        fn apply(&mut self, event: Event, _: Now) -> Effects {
            let effects = match &event {
                Event::PasteBegun => Effects::one(Effect::Suspend).and(Effect::ReadUnresolved),
                Event::Resumed => Effects::one(Effect::Quit(Exit::Done)).and(Effect::ReadUnresolved),
                Event::DeadlinePassed => {
                    self.due = None;
                    Effects::none()
                }
                _ => Effects::none(),
            };
            self.told.push(event);
            effects
        }

        fn settled(&mut self) -> ControlFlow<(), Vec<Event>> {
            ControlFlow::Continue(Vec::new())
        }

        fn note(&self) {}

        fn next_deadline(&self, _: Now) -> Option<Boot> {
            self.due
        }

        fn is_stopped(&self) -> bool {
            self.is_stopped
        }
    }

    #[derive(Default)]
    struct Hands(Vec<Effect>);

    impl Perform for Hands {
        fn perform(&mut self, effect: Effect) -> Performed {
            let performed = match effect {
                Effect::Suspend => Performed::Happened(Event::Resumed),
                Effect::Quit(exit) => Performed::Quit(exit),
                _ => Performed::Started,
            };
            self.0.push(effect);
            performed
        }
    }

    fn at(seconds: u64) -> Now {
        Now { wall: Timestamp::UNIX_EPOCH, boot: Boot(Duration::from_secs(seconds)) }
    }

    /// Steps once, at 10 s, with so many facts in the queue, and something of the loop's own that is there at once.
    async fn step(noted: &mut Noted, facts: usize) -> bool {
        let (events, mut queue) = mpsc::channel(1_024);
        (0..facts).for_each(|_| events.try_send(Event::PressedUnseen).unwrap());
        let mut drive = Drive { driven: noted, performer: &mut Hands::default(), facts: &mut queue, clock: || at(10) };
        matches!(drive.step(None, async {}).await, Step::Own(()))
    }

    #[tokio::test]
    async fn facts_that_are_in_come_before_a_deadline_that_has_passed_and_it_before_all_that_is_to_come() {
        let mut noted = Noted { due: Some(Boot(Duration::from_secs(9))), ..Noted::default() };
        assert!(!step(&mut noted, 2).await);
        assert_eq!(noted.told, [Event::PressedUnseen, Event::PressedUnseen, Event::DeadlinePassed]);
    }

    #[tokio::test]
    async fn a_flood_of_facts_holds_a_deadline_back_by_one_batch_at_the_most() {
        let mut noted = Noted { due: Some(Boot(Duration::from_secs(9))), ..Noted::default() };
        assert!(!step(&mut noted, 1_000).await);
        assert_eq!(noted.told.len(), BATCH + 1);
        assert_eq!(noted.told.last(), Some(&Event::DeadlinePassed));
    }

    #[tokio::test]
    async fn a_flood_of_facts_does_not_hold_back_what_the_loop_itself_waits_for() {
        let mut noted = Noted { due: Some(Boot(Duration::from_secs(11))), ..Noted::default() };
        assert!(step(&mut noted, 1_000).await);
        assert_eq!(noted.told, []);
    }

    #[tokio::test]
    async fn long_frames_make_a_batch_that_is_short() {
        let (events, mut facts) = mpsc::channel(16);
        for _ in 0..16 {
            let payload = "x".repeat(TAKEN_AT_ONCE / 4);
            let frame = Frame { kind: FrameKind::Event, id: CallId(1), name: String::new(), payload };
            events.try_send(Event::FrameArrived { connection: ConnectionId(1), frame }).unwrap();
        }
        let mut noted = Noted::default();
        let mut drive =
            Drive { driven: &mut noted, performer: &mut Hands::default(), facts: &mut facts, clock: || at(10) };
        assert_eq!(drive.take_waiting_facts(), None);
        assert_eq!(noted.told.len(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_deadline_is_told_in_the_step_that_waited_for_it() {
        let (mut noted, time) = (Noted { due: Some(at(11).boot), ..Noted::default() }, Cell::new(10));
        let (_events, mut facts) = mpsc::channel(1);
        let clock = || at(time.replace(11));
        let mut drive = Drive { driven: &mut noted, performer: &mut Hands::default(), facts: &mut facts, clock };
        assert!(matches!(drive.step(None, std::future::pending::<()>()).await, Step::Taken(None)));
        assert_eq!(noted.told, [Event::DeadlinePassed]);
    }

    #[test]
    fn what_happens_at_once_is_applied_and_nothing_is_performed_after_the_end() {
        let (_events, mut facts) = mpsc::channel(1);
        let (mut noted, mut hands) = (Noted::default(), Hands::default());
        let mut drive = Drive { driven: &mut noted, performer: &mut hands, facts: &mut facts, clock: || at(10) };
        assert_eq!(drive.take(Event::PasteBegun, at(10)), Some(Ended::ByDesk(Exit::Done)));
        assert_eq!(noted.told, [Event::PasteBegun, Event::Resumed]);
        assert_eq!(hands.0, [Effect::Suspend, Effect::ReadUnresolved, Effect::Quit(Exit::Done)]);
    }

    #[test]
    fn once_stopped_it_performs_nothing() {
        let (_events, mut facts) = mpsc::channel(1);
        let (mut noted, mut hands) = (Noted { is_stopped: true, ..Noted::default() }, Hands::default());
        let mut drive = Drive { driven: &mut noted, performer: &mut hands, facts: &mut facts, clock: || at(10) };
        assert_eq!(drive.take(Event::PasteBegun, at(10)), None);
        assert_eq!(hands.0, []);
    }
}
