//! The question for a password or a code: one field, without any echo, over whatever screen was there. The secret is held here
//! until it is given, and nowhere else.

use super::{Bench, Follow, Go, Press, Shown, Sight};
use crate::app::console::action::Action;
use crate::app::console::key::Key;
use crate::app::console::picture::Picture;
use crate::app::desk::Desk;
use crate::app::desk::order::Order;
use crate::app::words::console as hints;
use crate::app::words::dialog::text_width;
use crate::app::words::field as words;
use crate::app::words::secret::{self, Answering};
use crate::domain::{Now, Pasted, TypedSecret, Wanted};

/// The screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The secret that is asked for.
    pub wanted: Wanted,
    /// Nobody waits for it any more. The dialog stays until it is closed: whoever is still typing types a secret, which must not
    /// become the keys of another screen.
    is_over: bool,
    typed: TypedSecret,
}

impl Secret {
    /// An empty field.
    pub fn ask(wanted: Wanted) -> Self {
        Self { wanted, is_over: false, typed: TypedSecret::default() }
    }

    /// True if it still waits for this secret.
    pub fn asks_for(&self, wanted: &Wanted) -> bool {
        self.wanted == *wanted && !self.is_over
    }

    fn give(&mut self, bench: &mut Bench<'_>) -> Go {
        if self.typed.is_empty() {
            bench.hint = Some(hints::NOTHING_TYPED.to_owned());
            return Go::Stay;
        }
        bench.tell(Order::GiveSecret(std::mem::take(&mut self.typed)));
        Go::Back
    }
}

impl Shown for Secret {
    fn name() -> &'static str {
        "secret"
    }

    /// A character goes into the field, whatever it means elsewhere.
    fn press(&mut self, press: Press<'_>, bench: &mut Bench<'_>) -> Go {
        match (press.action, press.key) {
            (Some(Action::GoBack), _) if self.is_over => return Go::Back,
            _ if self.is_over => {}
            (Some(Action::GoBack), _) => {
                bench.tell(Order::WithholdSecret(hints::ESC_AT_QUESTION.to_owned()));
                return Go::Back;
            }
            (Some(Action::GiveSecret), _) => return self.give(bench),
            (Some(Action::Erase(erase)), _) => self.typed.erase(*erase),
            (_, Key::Char(character)) if !self.typed.push(character) => {
                bench.hint = Some(hints::TOO_LONG.to_owned());
            }
            _ => {}
        }
        Go::Stay
    }

    fn paste(&mut self, pasted: &Pasted, _: &Desk) -> Option<String> {
        match pasted {
            _ if self.is_over => Some(words::no_field()),
            _ if pasted.text().is_empty() => Some(words::empty()),
            _ if !self.typed.paste(pasted) => Some(words::no_secret()),
            _ => pasted.is_changed.then(words::changed),
        }
    }

    fn picture(&self, sight: Sight<'_>) -> Picture {
        let answering = match (self.is_over, self.typed.is_empty()) {
            (true, _) => Answering::Over,
            (false, false) => Answering::Begun,
            (false, true) => Answering::Untouched,
        };
        Picture::Dialog(secret::dialog(sight.desk, &self.wanted, answering, sight.hint, text_width(sight.size)))
    }

    /// The question is there as long as the desk asks it.
    fn follow(&mut self, desk: &Desk, _: Now) -> Follow {
        if desk.link().asking().is_some_and(|wanted| self.asks_for(wanted)) {
            return Follow::default();
        }
        if desk.link().asking().is_some() || !self.is_over && self.typed.is_empty() {
            return Follow { go: Go::Back, hint: None };
        }
        self.is_over = true;
        self.typed = TypedSecret::default();
        Follow::default()
    }
}
