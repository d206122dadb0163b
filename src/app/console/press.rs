//! A key: resolved by the layer on top into an action, and applied only if the state permits it.

use super::Console;
use super::action::Action;
use super::geometry;
use super::key::Key;
use super::screens::{Bench, Go, Press, Screen, Shown};
use crate::app::desk::order::Order;
use crate::app::effect::{Effect, Effects, Exit};
use crate::app::list::unresolved;
use crate::app::words::{console as hints, field, unresolved as words};
use crate::app::{Repaint, State};
use crate::domain::{Now, Pasted};

/// Takes in a key.
pub fn press(state: &mut State, key: Key, now: Now) -> Effects {
    let action = state.console.keymap.resolve(state.console.layer(), key).cloned();
    // Any key at all counts against a confirming Enter, also one that means something else.
    let before = state.console.note_key(Some(key), now.boot);
    if !geometry::fits(state.size) {
        return match key {
            Key::Char('q') => quit(state, now),
            _ if action == Some(Action::QuitNow) => state.tell(Order::LeaveNow, now),
            _ => Effects::none(),
        };
    }
    state.console.set_hint(None);
    state.console.asked_to_leave &= action == Some(Action::Quit);
    match &action {
        Some(Action::QuitNow) => state.tell(Order::LeaveNow, now),
        Some(Action::Quit) => quit(state, now),
        Some(Action::Suspend) => suspend(state),
        Some(Action::Redraw) => {
            state.repaint = Repaint::All;
            Effects::none()
        }
        Some(Action::Show(name)) => {
            let screen = Screen::named(name, &state.desk);
            state.console.go(screen.map_or(Go::Stay, Go::Open));
            Effects::none()
        }
        action => {
            let (quiet, is_same_again) =
                (before.map(|before| before.quiet), before.is_some_and(|before| before.is_same));
            press_shown(state, Press { key, action: action.as_ref(), quiet, is_same_again }, now)
        }
    }
}

/// Gives a key to the screen that is shown.
fn press_shown(state: &mut State, press: Press<'_>, now: Now) -> Effects {
    let State { desk, console, size, .. } = state;
    let Console { list, filter, over, .. } = console;
    let mut bench = Bench::new(desk, filter, *size, now);
    let mut go = over.last_mut().map_or(Go::Under, |open| open.screen.shown_mut().press(press, &mut bench));
    if matches!(go, Go::Under) {
        go = list.press(press, &mut bench);
    }
    let done = bench.into_done();
    console.set_hint(done.hint);
    console.go(go);
    console.hear(&done.news);
    done.effects
}

/// Something arrived that counts as a key, so that no Enter right after it confirms, and does nothing by itself.
pub fn count(state: &mut State, now: Now) -> Effects {
    let _ = state.console.note_key(None, now.boot);
    Effects::none()
}

/// Gives what was pasted to the field that is open, if there is one. The screen gets the desk to look at alone: no paste acts.
pub fn paste(state: &mut State, pasted: &Pasted, now: Now) -> Effects {
    let _ = state.console.note_key(None, now.boot);
    let hint = if geometry::fits(state.size) {
        state.console.paste(pasted, &state.desk, now)
    } else {
        Some(field::no_field())
    };
    state.console.set_hint(hint);
    Effects::none()
}

/// Something that was typed unseen goes nowhere; it counts as a key, so that no Enter right after it confirms.
pub fn ignore(state: &mut State, ignored: &str, now: Now) -> Effects {
    let _ = state.console.note_key(None, now.boot);
    state.console.set_hint(Some(ignored.to_owned()));
    Effects::none()
}

/// Refused while a receipt is awaited: nobody would hear it.
fn suspend(state: &mut State) -> Effects {
    if state.desk.cancels().may_suspend() {
        return Effects::one(Effect::Suspend);
    }
    state.console.set_hint(Some(hints::NOT_SUSPENDED.to_owned()));
    Effects::none()
}

fn quit(state: &mut State, now: Now) -> Effects {
    let open = unresolved::open(&state.desk);
    if open > 0 && !state.console.asked_to_leave {
        state.console.asked_to_leave = true;
        state.console.set_hint(Some(words::leaves_open(open)));
        return Effects::none();
    }
    state.tell(Order::Leave(Exit::Done), now)
}
