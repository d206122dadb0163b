//! The loop of the console: draws, and takes keys; the rest is the core's, `super::drive`. No tick: it wakes for input, for a
//! fact, and for the state's next deadline.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::time::Duration;

use ratatui::backend::Backend;
use tokio::sync::mpsc;

use super::drive::{BATCH, Drive, Driven, Ended, Step};
use super::input::Typed;
use super::key_bytes::KeyPress;
use super::output::{Left, Outlet};
use super::perform::Performer;
use super::terminal_screen::TerminalScreen;
use super::{clock, forced_end};
use crate::app::console::key::Key;
use crate::app::desk::order::Order;
use crate::app::effect::{Effects, Exit};
use crate::app::event::Interruption;
use crate::app::{Event, Repaint, State, update};
use crate::domain::{Boot, Now};

/// A frame that takes longer to write than this froze the screen; what was typed meanwhile was typed blind.
const FROZEN: Duration = Duration::from_millis(500);
/// Leaving is what one does with a frozen screen.
const LEAVE: Key = Key::Ctrl('c');
const TERMINAL_LOST: Event = Event::Interrupted(Interruption::TerminalLost);

/// The terminal, as the loop draws on it.
pub struct Display<'a, B: Backend> {
    /// The cells to draw on.
    pub screen: &'a mut TerminalScreen<B>,
    /// The way of the frames to the terminal.
    pub outlet: &'a mut Outlet,
}

impl Driven for State {
    type Input = Event;
    type Done = Infallible;

    fn apply(&mut self, event: Event, now: Now) -> Effects {
        update(self, event, now)
    }

    fn settled(&mut self) -> ControlFlow<Infallible, Vec<Event>> {
        ControlFlow::Continue(Vec::new())
    }

    fn note(&self) {
        forced_end::note(&self.desk);
    }

    fn next_deadline(&self, now: Now) -> Option<Boot> {
        self.desk.next_deadline(now)
    }

    fn is_stopped(&self) -> bool {
        forced_end::is_faulty()
    }
}

type ConsoleDrive<'a> = Drive<'a, State, Performer, fn() -> Now>;

/// One of the things that only this loop waits for.
enum Came {
    Left(Left),
    /// Nothing, if the terminal is gone.
    Typed(Option<Typed>),
}

/// Runs the console until it is told to end. Generic over the terminal, with keys from a channel, so that tests run this
/// very loop.
pub async fn run<B: Backend>(
    state: &mut State,
    display: Display<'_, B>,
    keys: &mut mpsc::Receiver<Typed>,
    performer: &mut Performer,
    facts: &mut mpsc::Receiver<Event>,
) -> Exit {
    let Display { screen, outlet } = display;
    let first = state.tell(Order::Start, clock::now());
    let mut console: ConsoleDrive<'_> = Drive { driven: state, performer, facts, clock: clock::now };
    let mut ended = console.obey(first);
    let mut keys_go_on = true;
    let mut unseen_until = Boot::default();
    loop {
        if forced_end::is_faulty() {
            // Another thread ends the process, and settles what is in flight.
            std::future::pending::<()>().await;
        }
        if ended.is_none() && may_draw(console.driven, outlet) {
            ended = draw(console.driven, screen).and_then(|event| console.take(event, clock::now()));
        }
        if let Some(Ended::ByDesk(exit)) = ended {
            return exit;
        }
        let now = clock::now().boot;
        // Keys typed while a frame is on its way wait until it is known whether it was seen.
        let frozen_at = outlet.in_transit_since().map(|since| since + FROZEN);
        let are_keys_due = keys_go_on && !console.driven.desk.is_leaving() && frozen_at.is_none_or(|at| at <= now);
        let unseen = if frozen_at.is_some() { Boot(Duration::MAX) } else { unseen_until };
        let has_work = console.driven.console.has_work();
        let wake = frozen_at.filter(|at| *at > now).or(has_work.then_some(now));
        let came = async {
            tokio::select! {
                biased;
                left = outlet.left() => Came::Left(left),
                typed = keys.recv(), if are_keys_due => Came::Typed(typed),
            }
        };
        ended = match console.step(wake, came).await {
            Step::Taken(None) if has_work => console.take(Event::TimeToSpare, clock::now()),
            Step::Taken(ended) => ended,
            Step::Own(Came::Left(left)) => {
                unseen_until = unseen_until.max(unseen_before(left));
                if left.is_written { None } else { console.take(TERMINAL_LOST, clock::now()) }
            }
            Step::Own(Came::Typed(None)) => {
                keys_go_on = false;
                console.take(TERMINAL_LOST, clock::now()).or_else(|| console.take_waiting_facts())
            }
            // A held key must not hold back what the exchange says.
            Step::Own(Came::Typed(Some(typed))) => {
                take_keys(&mut console, &typed, keys, unseen).or_else(|| console.take_waiting_facts())
            }
        };
    }
}

/// Until when what was typed was typed at a frozen screen.
fn unseen_before(left: Left) -> Boot {
    if left.took > FROZEN { left.at } else { Boot::default() }
}

/// One frame is on its way at a time: what changes meanwhile is drawn with the next.
fn may_draw(state: &State, outlet: &Outlet) -> bool {
    state.repaint > Repaint::Nothing && !state.desk.is_leaving() && outlet.in_transit_since().is_none()
}

fn draw<B: Backend>(state: &mut State, screen: &mut TerminalScreen<B>) -> Option<Event> {
    let repaint = std::mem::replace(&mut state.repaint, Repaint::Nothing);
    match screen.draw(state, repaint) {
        Ok(last_scroll) => last_scroll.map(|last_scroll| Event::Drawn { last_scroll }),
        Err(_) => Some(TERMINAL_LOST),
    }
}

/// Takes in a key and those that wait behind it.
fn take_keys(
    console: &mut ConsoleDrive<'_>,
    first: &Typed,
    keys: &mut mpsc::Receiver<Typed>,
    unseen_until: Boot,
) -> Option<Ended<Infallible>> {
    let mut ended = take_key(console, first, unseen_until);
    for _ in 1..BATCH {
        match keys.try_recv() {
            Ok(typed) if ended.is_none() => ended = take_key(console, &typed, unseen_until),
            _ => break,
        }
    }
    ended
}

/// A key counts from the time at which it arrived, however long it waited here.
fn take_key(console: &mut ConsoleDrive<'_>, typed: &Typed, unseen_until: Boot) -> Option<Ended<Infallible>> {
    let now = clock::now().back_to(typed.at);
    let is_unseen = typed.at < unseen_until;
    let event = match &typed.press {
        KeyPress::Key(key) if *key == LEAVE => Event::KeyPressed(LEAVE),
        _ if is_unseen => Event::PressedUnseen,
        press => press.clone().into(),
    };
    console.take(event, now)
}
