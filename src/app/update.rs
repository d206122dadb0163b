//! The one door into the state: routing only.

use super::console::press;
use super::{Effects, Event, Repaint, State};
use crate::domain::Now;

/// Takes in a fact that happened at `now`, and returns the orders that follow from it.
pub fn update(state: &mut State, event: Event, now: Now) -> Effects {
    state.now = now;
    let effects = match event {
        Event::KeyPressed(key) => press::press(state, key, now),
        Event::Pasted => press::paste(state, now),
        Event::Resized(size) => {
            state.size = size;
            state.repaint = Repaint::All;
            state.console.disarm("the window changed its size");
            Effects::none()
        }
        Event::Resumed => {
            state.repaint = Repaint::All;
            state.console.disarm("the program was suspended");
            Effects::none()
        }
        other => state.desk.apply(other, now),
    };
    let State { desk, console, size, .. } = state;
    console.follow(desk, *size, now);
    if !effects.is_quiet() {
        state.repaint = state.repaint.max(Repaint::Changes);
    }
    effects
}
