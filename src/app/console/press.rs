//! A key: resolved by the layer on top into an action, and applied only if the state permits it.

use std::time::Duration;

use super::action::Action;
use super::cancel_dialog::{CancelDialog, Enter, PAUSE, TX_WORD};
use super::key::Key;
use super::{Screen, dialog_text, find_prompt, geometry, release_dialog, secret_dialog, unresolved_list};
use crate::app::desk::cancels::attempt::{Attempt, Reason, Stage, why_word};
use crate::app::desk::link::Phase;
use crate::app::desk::order::Order;
use crate::app::effect::{Effect, Effects, Exit};
use crate::app::event::Interruption;
use crate::app::{Event, Repaint, State};
use crate::domain::{Now, TicketNumber};

/// A refused login is tried again no sooner than this: nobody has read the refusal by then.
const READ_WHY: Duration = Duration::from_secs(2);

/// Takes in a key.
pub fn press(state: &mut State, key: Key, now: Now) -> Effects {
    let action = state.console.keymap.resolve(state.console.layer(), key);
    let quiet_before = state.console.note_key(now.boot);
    if !geometry::fits(state.size) {
        return match key {
            Key::Char('q') => quit(state, now),
            _ if action == Some(Action::QuitNow) => quit_now(state, now),
            _ => Effects::none(),
        };
    }
    // Any key at all counts against a confirming Enter, also one that means something else.
    let quiet = match &mut state.console.screen {
        Screen::Cancel(dialog) => dialog.note_key(now.boot),
        Screen::Release(dialog) => Some(dialog.note_key(now.boot)),
        _ => None,
    };
    state.console.notice = None;
    state.console.asked_to_leave &= action == Some(Action::Quit);
    match action {
        Some(Action::QuitNow) => return quit_now(state, now),
        Some(Action::Redraw) => {
            state.repaint = Repaint::All;
            return Effects::none();
        }
        Some(Action::Suspend) => return suspend(state),
        _ if state.console.secret.is_some() => return secret_dialog::press(state, key, action, now),
        Some(Action::OpenHelp) => {
            state.console.help = Some(0);
            return Effects::none();
        }
        _ => {}
    }
    if state.console.help.is_some() {
        return press_help(state, action);
    }
    match &state.console.screen {
        Screen::Cancel(_) => press_cancel(state, (key, quiet), action, now),
        Screen::List => action.map_or_else(Effects::none, |action| press_list(state, action, quiet_before, now)),
        Screen::Find(_) => find_prompt::press(state, key, action, now),
        Screen::Detail { ticket, .. } => {
            let ticket = *ticket;
            action.map_or_else(Effects::none, |action| press_detail(state, ticket, action, now))
        }
        Screen::Timeline { .. } => action.map_or_else(Effects::none, |action| press_timeline(state, action, now)),
        Screen::Release(_) => release_dialog::press(state, (key, quiet), action, now),
        Screen::Unresolved { .. } => action.map_or_else(Effects::none, |action| press_unresolved(state, action, now)),
        Screen::Link { .. } => action.map_or_else(Effects::none, |action| press_link(state, action, quiet_before, now)),
    }
}

/// What was pasted, or typed unseen, goes nowhere; in the dialog it counts as a key, so that no Enter right after it confirms.
pub fn ignore(state: &mut State, ignored: &str, now: Now) -> Effects {
    let _ = state.console.note_key(now.boot);
    if let Some(dialog) = &mut state.console.secret {
        dialog.hint = Some(ignored.to_owned());
        return Effects::none();
    }
    match &mut state.console.screen {
        Screen::Cancel(dialog) => {
            dialog.note_key(now.boot);
            dialog.hint = Some(ignored.to_owned());
        }
        Screen::Release(dialog) => {
            dialog.note_key(now.boot);
            dialog.hint = Some(ignored.to_owned());
        }
        _ => state.console.notice = Some(ignored.to_owned()),
    }
    Effects::none()
}

fn quit_now(state: &mut State, now: Now) -> Effects {
    const SIGINT: u8 = 2;
    state.desk.apply(Event::Interrupted(Interruption::Signal(SIGINT)), now).effects
}

/// Refused while a receipt is awaited: nobody would hear it.
fn suspend(state: &mut State) -> Effects {
    if state.desk.cancels().may_suspend() {
        return Effects::one(Effect::Suspend);
    }
    state.console.notice = Some("A receipt is awaited: not suspended. Try again in a moment.".to_owned());
    Effects::none()
}

fn quit(state: &mut State, now: Now) -> Effects {
    if state.desk.cancels().is_following() && !state.console.asked_to_leave {
        state.console.asked_to_leave = true;
        state.console.notice =
            Some("A cancel is not settled. q again leaves; its intent stands open in the journal.".to_owned());
        return Effects::none();
    }
    state.order(Order::Leave(Exit::Done), now)
}

/// Moves a scroll by an action; `None` if the action is no movement.
fn scrolled(scroll: usize, action: Action, page: usize) -> Option<usize> {
    Some(match action {
        Action::MoveDown => scroll.saturating_add(1),
        Action::MoveUp => scroll.saturating_sub(1),
        Action::PageDown => scroll.saturating_add(page),
        Action::PageUp => scroll.saturating_sub(page),
        Action::MoveFirst => 0,
        Action::MoveLast => usize::MAX,
        _ => return None,
    })
}

fn press_help(state: &mut State, action: Option<Action>) -> Effects {
    let scroll = state.console.help.unwrap_or(0);
    state.console.help = match action {
        Some(Action::GoBack) => None,
        Some(action) => Some(scrolled(scroll, action, geometry::page(state.size)).unwrap_or(scroll)),
        None => Some(scroll),
    };
    Effects::none()
}

fn press_list(state: &mut State, action: Action, quiet: Option<Duration>, now: Now) -> Effects {
    let State { desk, console, size, .. } = state;
    let page = geometry::list(*size, console.preview).table;
    let rows = isize::try_from(page.saturating_sub(1).max(1)).unwrap_or(1);
    let selection = &mut console.selection;
    match action {
        Action::MoveDown => selection.move_by(1, desk.list().tickets()),
        Action::MoveUp => selection.move_by(-1, desk.list().tickets()),
        Action::PageDown => selection.move_by(rows, desk.list().tickets()),
        Action::PageUp => selection.move_by(-rows, desk.list().tickets()),
        Action::MoveFirst => selection.move_to(0, desk.list().tickets()),
        Action::MoveLast => selection.move_to(usize::MAX, desk.list().tickets()),
        Action::TogglePreview => console.preview = !console.preview,
        Action::OpenUnresolved => {
            console.open(Screen::Unresolved { selected: unresolved_list::neighbour(desk, None, 0) });
        }
        Action::OpenLink => console.open(Screen::Link { scroll: 0 }),
        Action::FindTicket => console.open(Screen::Find(String::new())),
        Action::Open => return with_selected(state, |state, ticket| look_into(state, ticket, now)),
        Action::CancelTicket => return with_selected(state, |state, ticket| open_dialog(state, ticket, now)),
        Action::Reload => return reload(state, quiet, now),
        Action::Quit => return quit(state, now),
        _ => {}
    }
    let page = geometry::list(state.size, state.console.preview).table;
    state.console.selection.follow(state.desk.list().tickets(), page);
    Effects::none()
}

fn with_selected(state: &mut State, act: impl FnOnce(&mut State, TicketNumber) -> Effects) -> Effects {
    match state.console.selection.ticket {
        Some(ticket) => act(state, ticket),
        None => {
            state.console.notice = Some("No ticket is selected; a cursor key selects one.".to_owned());
            Effects::none()
        }
    }
}

/// Without a link, `r` tries to connect at once.
fn reload(state: &mut State, quiet: Option<Duration>, now: Now) -> Effects {
    match state.desk.link().phase() {
        Phase::Up => state.order(Order::Reload, now),
        _ => connect(state, quiet, now),
    }
}

/// Also after a refused login, since a person decides so; a held key decides nothing, and accounts lock.
fn connect(state: &mut State, quiet: Option<Duration>, now: Now) -> Effects {
    let is_held = quiet.is_some_and(|quiet| quiet < PAUSE);
    if state.desk.link().refused_for(now).is_some_and(|since| is_held || since < READ_WHY) {
        state.console.notice = Some("Accounts lock: read why it was refused, pause, then press r once.".to_owned());
        return Effects::none();
    }
    state.order(Order::Connect, now)
}

fn look_into(state: &mut State, ticket: TicketNumber, now: Now) -> Effects {
    state.console.open(Screen::Detail { ticket, scroll: 0 });
    state.order(Order::LookInto(ticket), now)
}

fn open_dialog(state: &mut State, ticket: TicketNumber, now: Now) -> Effects {
    let mut dialog = CancelDialog::default();
    dialog.note_key(now.boot);
    state.console.open(Screen::Cancel(dialog));
    state.order(Order::Choose(ticket), now)
}

fn press_detail(state: &mut State, ticket: TicketNumber, action: Action, now: Now) -> Effects {
    let page = geometry::page(state.size);
    match action {
        Action::GoBack => state.console.go_back(),
        Action::CancelTicket => return open_dialog(state, ticket, now),
        Action::Reload => return state.order(Order::Find(ticket), now),
        _ => {
            if let Screen::Detail { scroll, .. } = &mut state.console.screen {
                *scroll = scrolled(*scroll, action, page).unwrap_or(*scroll);
            }
        }
    }
    Effects::none()
}

fn press_timeline(state: &mut State, action: Action, now: Now) -> Effects {
    let page = geometry::page(state.size);
    let Screen::Timeline { intent, scroll } = &mut state.console.screen else { return Effects::none() };
    match action {
        Action::GoBack => state.console.go_back(),
        Action::Reload => return state.desk.apply(Order::ReadNow(*intent), now).effects,
        Action::Release => {
            let intent = *intent;
            return release_dialog::open(state, intent, now);
        }
        _ => *scroll = scrolled(*scroll, action, page).unwrap_or(*scroll),
    }
    Effects::none()
}

fn press_link(state: &mut State, action: Action, quiet: Option<Duration>, now: Now) -> Effects {
    let page = geometry::page(state.size);
    match action {
        Action::GoBack => state.console.go_back(),
        // A link that is up is not opened again, and the list is read where it is shown.
        Action::Reload => return connect(state, quiet, now),
        _ => {
            if let Screen::Link { scroll } = &mut state.console.screen {
                *scroll = scrolled(*scroll, action, page).unwrap_or(*scroll);
            }
        }
    }
    Effects::none()
}

fn press_unresolved(state: &mut State, action: Action, now: Now) -> Effects {
    let Screen::Unresolved { selected } = &mut state.console.screen else { return Effects::none() };
    match action {
        Action::GoBack => state.console.go_back(),
        Action::MoveDown => *selected = unresolved_list::neighbour(&state.desk, *selected, 1),
        Action::MoveUp => *selected = unresolved_list::neighbour(&state.desk, *selected, -1),
        Action::Open => match *selected {
            Some(intent) if state.desk.cancels().get(intent).is_some() => {
                state.console.open(Screen::Timeline { intent, scroll: 0 });
            }
            Some(_) => state.console.notice = Some("It will be read as soon as there is a link.".to_owned()),
            None => {}
        },
        Action::Release => {
            if let Some(intent) = *selected {
                return release_dialog::open(state, intent, now);
            }
        }
        _ => {}
    }
    Effects::none()
}

fn press_cancel(state: &mut State, (key, quiet): (Key, Option<Duration>), action: Option<Action>, now: Now) -> Effects {
    let Screen::Cancel(dialog) = &mut state.console.screen else { return Effects::none() };
    if action == Some(Action::GoBack) {
        return go_back_from_cancel(state, now);
    }
    let Some(Stage::Shown(fresh)) = state.desk.cancels().attempt().map(|attempt| &attempt.stage) else {
        dialog.hint = nothing_to_do(state.desk.cancels().attempt()).map(str::to_owned);
        return Effects::none();
    };
    match action {
        Some(Action::ConfirmCancel) => return confirm(state, quiet, now),
        Some(Action::NextField) => dialog.next_field(&fresh.ticket),
        Some(Action::PreviousField) => dialog.previous_field(&fresh.ticket),
        Some(Action::NextChoice) => dialog.choose(Reason::next),
        Some(Action::PreviousChoice) => dialog.choose(Reason::previous),
        Some(Action::Erase) => dialog.erase(),
        _ => dialog.type_key(key),
    }
    Effects::none()
}

/// What a key is told that comes where no key but Esc does anything.
fn nothing_to_do(attempt: Option<&Attempt>) -> Option<&'static str> {
    match attempt.map(|attempt| &attempt.stage) {
        // The screen says so already, and the dialog is there in a moment.
        Some(Stage::Reading | Stage::Confirming(..) | Stage::Opening(_)) => None,
        _ => Some("Nothing can be confirmed here. Esc leads back."),
    }
}

fn go_back_from_cancel(state: &mut State, now: Now) -> Effects {
    if state.desk.cancels().attempt().is_some_and(Attempt::is_opening) {
        if let Screen::Cancel(dialog) = &mut state.console.screen {
            dialog.hint = Some("The intent is being written; too late to keep the ticket from here.".to_owned());
        }
        return Effects::none();
    }
    state.console.go_back();
    state.order(Order::Keep, now)
}

fn confirm(state: &mut State, quiet: Option<Duration>, now: Now) -> Effects {
    let State { desk, console, size, .. } = state;
    let Screen::Cancel(dialog) = &mut console.screen else { return Effects::none() };
    let Some(fresh) = desk.cancels().attempt().and_then(Attempt::fresh) else { return Effects::none() };
    let hint = match dialog.enter(&fresh.ticket, quiet) {
        Enter::NotArmed if dialog.typed.is_empty() => {
            Some("Type the ticket number to arm. Enter alone does nothing.".to_owned())
        }
        Enter::NotArmed if dialog.typed == fresh.ticket.number.to_string() => {
            let why = why_word(&fresh.ticket).unwrap_or_default();
            Some(format!("{why}: type the word `{TX_WORD}` as well; Tab leads to it."))
        }
        Enter::NotArmed => Some(format!("The number typed is not this ticket's, {}.", fresh.ticket.number)),
        Enter::TooSoon => Some("A key came just before that Enter. Pause, then press Enter once.".to_owned()),
        Enter::Confirms => {
            let facts = dialog_text::facts(fresh, desk, dialog_text::text_width(*size));
            dialog_text::rows_missing(&facts, fresh, *size).map(|needed| {
                format!(
                    "This window hides facts: it needs {}x{needed}, has {}x{}.",
                    size.width, size.width, size.height
                )
            })
        }
    };
    if hint.is_some() {
        dialog.hint = hint;
        return Effects::none();
    }
    if desk.link().stale_since(now).is_some() {
        dialog.disarm("the data is stale");
        return Effects::none();
    }
    let outcome = desk.apply(Order::Confirm(dialog.confirmation()), now);
    if let Err(lacking) = outcome.answer {
        dialog.hint = Some(lacking.to_string());
    }
    outcome.effects
}
