//! The release dialog: number, reason, and the word `early` where it is needed. The desk decides what is lacking.

use super::{Bench, Follow, Go, Press, Screen, Shown, Sight};
use crate::app::console::action::Action;
use crate::app::console::field::TextField;
use crate::app::console::key::Key;
use crate::app::console::picture::Picture;
use crate::app::desk::Desk;
use crate::app::desk::cancels::cancellation::Cancellation;
use crate::app::desk::cancels::release::ReleaseOrder;
use crate::app::desk::order::{Lacking, Order};
use crate::app::words::console as hints;
use crate::app::words::dialog::text_width;
use crate::app::words::field as words;
use crate::app::words::release::{self, ReleaseField, ReleaseForm};
use crate::domain::{Boot, IntentId, Now, Pasted};

/// A longer reason is not taken in.
const REASON_LENGTH: usize = 200;
/// No ticket number and no word is longer.
const WORD_LENGTH: usize = 20;

/// The screen, which points to an intent by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The intent.
    pub intent: IntentId,
    /// When it was opened, or confirmed: only a read asked since counts.
    pub since: Boot,
    /// The field that takes what is typed.
    pub field: ReleaseField,
    /// As it was typed so far.
    pub typed: ReleaseOrder,
}

impl Release {
    pub(super) fn begin(intent: IntentId, bench: &mut Bench<'_>) -> Self {
        bench.tell(Order::ReadForRelease(intent));
        Self { intent, since: bench.now.boot, field: ReleaseField::default(), typed: ReleaseOrder::default() }
    }

    fn focused(&mut self) -> TextField<'_> {
        match self.field {
            ReleaseField::Number => TextField::new(&mut self.typed.number, WORD_LENGTH),
            ReleaseField::Reason => TextField::new(&mut self.typed.reason, REASON_LENGTH),
            ReleaseField::Word => TextField::new(&mut self.typed.word, WORD_LENGTH),
        }
    }

    fn type_key(&mut self, key: Key) -> Option<String> {
        let Key::Char(character) = key else { return None };
        if self.field == ReleaseField::Number && !character.is_ascii_digit() {
            return Some(hints::DIGITS_OR_REASON.to_owned());
        }
        let fits = self.focused().insert(character);
        match self.field {
            ReleaseField::Reason if !fits => Some(hints::reason_is_full(REASON_LENGTH)),
            _ => None,
        }
    }

    fn next_field(&mut self, is_early: bool) {
        self.field = match self.field {
            ReleaseField::Number => ReleaseField::Reason,
            ReleaseField::Reason if is_early => ReleaseField::Word,
            ReleaseField::Reason | ReleaseField::Word => ReleaseField::Number,
        };
    }

    fn previous_field(&mut self, is_early: bool) {
        self.next_field(is_early);
        if is_early {
            self.next_field(is_early);
        }
    }

    fn confirm(&mut self, press: Press<'_>, bench: &mut Bench<'_>) {
        if !press.may_confirm() {
            bench.hint = Some(words::too_soon());
            return;
        }
        match bench.order(Order::Release { intent: self.intent, typed: self.typed.clone() }) {
            Ok(()) => self.since = bench.now.boot,
            Err(Lacking::Reason) => bench.hint = Some(hints::REASON_WANTED.to_owned()),
            Err(lacking) => bench.hint = Some(lacking.to_string()),
        }
    }

    fn is_early(&self, desk: &Desk, now: Now) -> bool {
        desk.cancels().get(self.intent).is_some_and(|cancellation| desk.is_early(cancellation, now))
    }
}

impl Shown for Release {
    fn name() -> &'static str {
        "release"
    }

    fn press(&mut self, press: Press<'_>, bench: &mut Bench<'_>) -> Go {
        if press.action == Some(&Action::GoBack) {
            bench.tell(Order::KeepLock);
            return Go::Back;
        }
        if bench.desk.cancels().is_releasing(self.intent) {
            return Go::Stay;
        }
        let is_early = self.is_early(bench.desk, bench.now);
        match press.action {
            Some(Action::NextField) => self.next_field(is_early),
            Some(Action::PreviousField) => self.previous_field(is_early),
            Some(Action::Erase(erase)) => self.focused().erase(*erase),
            Some(Action::ConfirmRelease) => self.confirm(press, bench),
            _ => bench.hint = self.type_key(press.key),
        }
        Go::Stay
    }

    fn paste(&mut self, pasted: &Pasted, desk: &Desk) -> Option<String> {
        match self.field {
            _ if desk.cancels().is_releasing(self.intent) => Some(words::no_field()),
            ReleaseField::Number | ReleaseField::Word => Some(words::arms()),
            ReleaseField::Reason => self.focused().paste(pasted),
        }
    }

    fn picture(&self, sight: Sight<'_>) -> Picture {
        let form = ReleaseForm { typed: &self.typed, field: self.field, since: self.since, hint: sight.hint };
        let cancellation = sight.desk.cancels().get(self.intent);
        let width = text_width(sight.size);
        let dialog = cancellation.map(|cancel| release::dialog(sight.desk, cancel, &form, width, sight.now));
        Picture::Dialog(dialog.unwrap_or_default())
    }

    fn follow(&mut self, desk: &Desk, _: Now) -> Follow {
        let go = if desk.cancels().get(self.intent).is_some_and(Cancellation::holds) {
            Go::Stay
        } else {
            Go::Become(Screen::timeline(self.intent))
        };
        Follow { go, hint: None }
    }
}
