//! The one door into the state: routing only.

use super::console::press;
use super::desk::order::Order;
use super::words::console as hints;
use super::words::field as words;
use super::{Effects, Event, Repaint, State};
use crate::domain::Now;

/// Takes in a fact that happened at `now`, and returns the orders that follow from it.
pub fn update(state: &mut State, event: Event, now: Now) -> Effects {
    state.now = now;
    let mut effects = take(state, event, now);
    let State { desk, console, size, .. } = state;
    console.follow(desk, *size, now);
    let watched = console.watched(*size);
    effects = effects.then(state.tell(watched, now));
    if !effects.is_quiet() {
        state.repaint = state.repaint.max(Repaint::Changes);
    }
    effects
}

fn take(state: &mut State, event: Event, now: Now) -> Effects {
    match event {
        Event::KeyPressed(_)
        | Event::PasteBegun
        | Event::PasteUnended
        | Event::Pasted(_)
        | Event::PressedUnseen
        | Event::Resized(_)
        | Event::Drawn { .. }
        | Event::TimeToSpare
        | Event::Resumed => {
            // The desk knows the time before a key acts on it.
            state.tell(Order::NoteTime, now).then(take_own(state, &event, now))
        }
        fact => state.tell(fact, now),
    }
}

/// Takes in what concerns the console alone.
fn take_own(state: &mut State, event: &Event, now: Now) -> Effects {
    match *event {
        Event::Drawn { last_scroll } => {
            state.console.end_scroll_at(last_scroll);
            Effects::quiet()
        }
        Event::TimeToSpare => {
            state.console.work(&state.desk, now);
            Effects::none()
        }
        // The terminal is the shell's again: nobody looks, and nobody types to us.
        _ if state.desk.is_leaving() => Effects::quiet(),
        Event::KeyPressed(key) => press::press(state, key, now),
        Event::PasteBegun => press::count(state, now),
        Event::PasteUnended => press::ignore(state, &words::unended(), now),
        Event::Pasted(ref pasted) => press::paste(state, pasted, now),
        Event::PressedUnseen => press::ignore(state, hints::UNSEEN, now),
        Event::Resized(size) => {
            state.size = size;
            state.repaint = Repaint::All;
            disarm(state, hints::RESIZED, now)
        }
        Event::Resumed => {
            state.repaint = Repaint::All;
            disarm(state, hints::SUSPENDED, now)
        }
        _ => Effects::quiet(),
    }
}

/// The typed number no longer counts, and an Enter whose confirming read is still under way does not either.
fn disarm(state: &mut State, why: &str, now: Now) -> Effects {
    state.console.disarm(why);
    state.tell(Order::Disarm(why.to_owned()), now)
}
