//! The prompt for a ticket number: digits, and Enter opens all fields of that ticket.

use super::Screen;
use super::action::Action;
use super::key::Key;
use crate::app::State;
use crate::app::desk::order::Order;
use crate::app::effect::Effects;
use crate::domain::{Now, TicketNumber};

/// No number has more digits.
const MOST_DIGITS: usize = 19;

/// Takes in a key of the prompt.
pub fn press(state: &mut State, key: Key, action: Option<Action>, now: Now) -> Effects {
    let Screen::Find(typed) = &mut state.console.screen else { return Effects::none() };
    match (action, key) {
        (Some(Action::GoBack), _) => state.console.go_back(),
        (Some(Action::Erase), _) => drop(typed.pop()),
        (Some(Action::Open), _) => match typed.parse() {
            Ok(number) => return open(state, TicketNumber(number), now),
            Err(_) => state.console.notice = Some("Type the number of a ticket; Esc leads back.".to_owned()),
        },
        (_, Key::Char(digit @ '0'..='9')) if typed.len() < MOST_DIGITS => typed.push(digit),
        (_, Key::Char('0'..='9')) => {
            state.console.notice = Some(format!("No number has more than {MOST_DIGITS} digits."));
        }
        (_, Key::Char(other)) => {
            let other = crate::domain::text::inert(&other.to_string());
            state.console.notice = Some(format!("Only digits count: {other} was left out."));
        }
        _ => {}
    }
    Effects::none()
}

fn open(state: &mut State, ticket: TicketNumber, now: Now) -> Effects {
    state.console.screen = Screen::Detail { ticket, scroll: 0 };
    state.order(Order::Find(ticket), now)
}
