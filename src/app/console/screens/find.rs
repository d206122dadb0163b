//! The prompt for a ticket number, under the list: digits, and Enter opens all fields of that ticket.

use super::{Bench, Go, Press, Screen, Shown, Sight};
use crate::app::console::action::Action;
use crate::app::console::key::Key;
use crate::app::console::picture::Picture;
use crate::app::desk::order::Order;
use crate::app::words::line::{Tone, ToneLine};
use crate::domain::TicketNumber;

/// No number has more digits.
const MOST_DIGITS: usize = 19;

/// The screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Find {
    /// The digits that were typed so far.
    typed: String,
}

impl Find {
    fn type_key(&mut self, key: Key) -> Option<String> {
        match key {
            Key::Char(digit @ '0'..='9') if self.typed.len() < MOST_DIGITS => self.typed.push(digit),
            Key::Char('0'..='9') => return Some(format!("No number has more than {MOST_DIGITS} digits.")),
            Key::Char(other) => {
                let other = crate::domain::text::inert(&other.to_string());
                return Some(format!("Only digits count: {other} was left out."));
            }
            _ => {}
        }
        None
    }
}

impl Shown for Find {
    fn name() -> &'static str {
        "find"
    }

    fn press(&mut self, press: Press<'_>, bench: &mut Bench<'_>) -> Go {
        match press.action {
            Some(Action::GoBack) => return Go::Back,
            Some(Action::Erase) => drop(self.typed.pop()),
            Some(Action::Open) => match self.typed.parse().map(TicketNumber) {
                Ok(ticket) => {
                    bench.tell(Order::Find(ticket));
                    return Go::Become(Screen::detail(ticket));
                }
                Err(_) => bench.hint = Some("Type the number of a ticket; Esc leads back.".to_owned()),
            },
            _ => bench.hint = self.type_key(press.key),
        }
        Go::Stay
    }

    fn picture(&self, sight: Sight<'_>) -> Picture {
        let prompt = format!("Ticket number: {}_", self.typed);
        let prompt = match sight.hint {
            None => ToneLine::new(Tone::Plain, prompt),
            Some(hint) => ToneLine::new(Tone::Warn, format!("{prompt}   {hint}")),
        };
        Picture::List { prompt: Some(prompt) }
    }
}
