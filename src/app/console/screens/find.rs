//! The prompt for a ticket number, under the list: digits, and Enter opens all fields of that ticket.

use super::{Bench, Go, Press, Screen, Shown, Sight};
use crate::app::console::action::Action;
use crate::app::console::field::TextField;
use crate::app::console::key::Key;
use crate::app::console::picture::Picture;
use crate::app::desk::Desk;
use crate::app::desk::order::Order;
use crate::app::words::console as hints;
use crate::app::words::field as words;
use crate::app::words::line::{Tone, ToneLine};
use crate::domain::{Pasted, TicketNumber};

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
            Key::Char(digit @ '0'..='9') => {
                let fits = TextField::new(&mut self.typed, MOST_DIGITS).insert(digit);
                return (!fits).then(|| hints::number_is_full(MOST_DIGITS));
            }
            Key::Char(other) => {
                let other = crate::domain::text::inert(&other.to_string());
                return Some(hints::only_digits(&other));
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
            Some(Action::Erase(erase)) => TextField::new(&mut self.typed, MOST_DIGITS).erase(*erase),
            Some(Action::Open) => match self.typed.parse().map(TicketNumber) {
                Ok(ticket) => {
                    bench.tell(Order::Find(ticket));
                    return Go::Become(Screen::detail(ticket));
                }
                Err(_) => bench.hint = Some(hints::NUMBER_WANTED.to_owned()),
            },
            _ => bench.hint = self.type_key(press.key),
        }
        Go::Stay
    }

    /// Takes the one number in the text. Part of a number would be another ticket's.
    fn paste(&mut self, pasted: &Pasted, _: &Desk) -> Option<String> {
        let mut numbers = pasted.text().split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty());
        let (Some(number), None) = (numbers.next(), numbers.next()) else { return Some(words::no_number()) };
        if pasted.is_cut || self.typed.len() + number.len() > MOST_DIGITS {
            return Some(words::no_such_number(MOST_DIGITS));
        }
        self.typed.push_str(number);
        pasted.is_changed.then(words::changed)
    }

    fn picture(&self, sight: Sight<'_>) -> Picture {
        let prompt = hints::find_prompt(&self.typed);
        let prompt = match sight.hint {
            None => ToneLine::new(Tone::Plain, prompt),
            Some(hint) => ToneLine::new(Tone::Warn, format!("{prompt}   {hint}")),
        };
        Picture::List { prompt: Some(prompt) }
    }
}
