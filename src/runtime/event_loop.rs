//! The loop: wait, update, perform, draw. No tick: it wakes for input, for a fact, and for the state's next deadline.

use std::collections::VecDeque;
use std::time::Duration;

use ratatui::backend::Backend;
use tokio::sync::mpsc;

use super::input::Typed;
use super::output::{Left, Outlet};
use super::perform::{Perform, Performed, Performer};
use super::screen::Screen;
use super::{clock, ending, input};
use crate::app::console::key::Key;
use crate::app::desk::order::Order;
use crate::app::effect::{Effects, Exit};
use crate::app::event::Interruption;
use crate::app::{Event, Repaint, State, update};
use crate::domain::{Boot, Now};

/// Facts and keys taken in before the next frame.
const BATCH: usize = 256;

/// A frame that takes longer to write than this froze the screen; what was typed meanwhile was typed blind.
const FROZEN: Duration = Duration::from_millis(500);
/// Leaving is what one does with a frozen screen.
const LEAVE: Key = Key::Ctrl('c');
const TERMINAL_LOST: Event = Event::Interrupted(Interruption::TerminalLost);

/// Runs the console until it is told to end. Generic over the terminal, with keys from a channel, so that tests run this
/// very loop.
pub async fn run<B: Backend>(
    state: &mut State,
    (screen, outlet): (&mut Screen<B>, &mut Outlet),
    keys: &mut mpsc::Receiver<Typed>,
    performer: &mut Performer,
    events: &mut mpsc::Receiver<Event>,
) -> Exit {
    let first = state.tell(Order::Start, clock::now());
    let mut ended = obey(state, performer, first);
    let mut keys_go_on = true;
    let mut unseen_until = Boot::default();
    loop {
        if ending::is_faulty() {
            // Another thread ends the process, and settles what is in flight.
            std::future::pending::<()>().await;
        }
        if ended.is_none() && may_draw(state, outlet) {
            ended = draw(state, screen).and_then(|event| take(state, performer, event, clock::now()));
        }
        if let Some(exit) = ended {
            return exit;
        }
        let now = clock::now();
        let deadline = state.desk.next_deadline(now);
        if deadline.is_some_and(|due| due <= now.boot) {
            // Before anything else but what has come in already, which is not missing: no amount of frames may hold it back.
            ended = take_waiting_facts(state, performer, events)
                .or_else(|| take(state, performer, Event::DeadlinePassed, clock::now()));
            continue;
        }
        // What is typed while a frame is on its way waits until it is known whether it was seen.
        let frozen_at = outlet.in_transit_since().map(|since| since + FROZEN);
        let are_keys_due = keys_go_on && !state.desk.is_leaving() && frozen_at.is_none_or(|at| at <= now.boot);
        let unseen = if frozen_at.is_some() { Boot(Duration::MAX) } else { unseen_until };
        let wake = deadline.into_iter().chain(frozen_at.filter(|at| *at > now.boot)).min();
        // Keys first: no amount of frames may make an operator wait.
        ended = tokio::select! {
            biased;
            left = outlet.left() => {
                unseen_until = unseen_until.max(unseen_before(left));
                if left.is_written { None } else { take(state, performer, TERMINAL_LOST, clock::now()) }
            }
            typed = keys.recv(), if are_keys_due => {
                keys_go_on = typed.is_some();
                // A held key must not hold back what the exchange says either.
                take_keys(state, performer, typed, (keys, unseen))
                    .or_else(|| take_waiting_facts(state, performer, events))
            }
            event = events.recv() => take_facts(state, performer, event, events),
            () = sleep_until(wake, now.boot) => None,
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

fn draw<B: Backend>(state: &mut State, screen: &mut Screen<B>) -> Option<Event> {
    let repaint = std::mem::replace(&mut state.repaint, Repaint::Nothing);
    match screen.draw(state, repaint) {
        Ok(last_scroll) => last_scroll.map(|last_scroll| Event::Drawn { last_scroll }),
        Err(_) => Some(TERMINAL_LOST),
    }
}

/// Waits from now until a time of the boot clock, or for ever.
pub(super) async fn sleep_until(deadline: Option<Boot>, now: Boot) {
    match deadline {
        Some(deadline) => tokio::time::sleep(deadline.since(now)).await,
        None => std::future::pending().await,
    }
}

fn take_keys(
    state: &mut State,
    performer: &mut Performer,
    first: Option<Typed>,
    (keys, unseen_until): (&mut mpsc::Receiver<Typed>, Boot),
) -> Option<Exit> {
    let Some(first) = first else {
        return take(state, performer, TERMINAL_LOST, clock::now());
    };
    let mut ended = take_key(state, performer, &first, unseen_until);
    for _ in 1..BATCH {
        match keys.try_recv() {
            Ok(typed) if ended.is_none() => ended = take_key(state, performer, &typed, unseen_until),
            _ => break,
        }
    }
    ended
}

/// A key counts from the time at which it arrived, however long it waited here.
fn take_key(state: &mut State, performer: &mut Performer, typed: &Typed, unseen_until: Boot) -> Option<Exit> {
    let now = clock::now().back_to(typed.at);
    let event = match input::event(&typed.event)? {
        Event::KeyPressed(key) if typed.at < unseen_until && key != LEAVE => Event::PressedUnseen,
        event => event,
    };
    take(state, performer, event, now)
}

fn take_waiting_facts(
    state: &mut State,
    performer: &mut Performer,
    events: &mut mpsc::Receiver<Event>,
) -> Option<Exit> {
    let first = events.try_recv().ok();
    take_facts(state, performer, first, events)
}

fn take_facts(
    state: &mut State,
    performer: &mut Performer,
    first: Option<Event>,
    events: &mut mpsc::Receiver<Event>,
) -> Option<Exit> {
    let now = clock::now();
    let mut ended = take(state, performer, first?, now);
    for _ in 1..BATCH {
        match events.try_recv() {
            Ok(event) if ended.is_none() => ended = take(state, performer, event, now),
            _ => break,
        }
    }
    ended
}

fn take(state: &mut State, performer: &mut Performer, event: Event, now: Now) -> Option<Exit> {
    let effects = update(state, event, now);
    let ended = obey(state, performer, effects);
    ending::note(&state.desk);
    ended
}

/// Performs the orders, and takes in what happened at once because of them, until nothing is left.
fn obey(state: &mut State, performer: &mut Performer, effects: Effects) -> Option<Exit> {
    let mut queue: VecDeque<_> = effects.into_list().into();
    while let Some(effect) = queue.pop_front() {
        if ending::is_faulty() {
            return None;
        }
        match performer.perform(effect) {
            Performed::Started => {}
            Performed::Happened(event) => queue.extend(update(state, event, clock::now()).into_list()),
            Performed::Quit(exit) => return Some(exit),
        }
    }
    None
}
