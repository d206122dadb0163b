//! The cancel dialog. What was typed arms in the desk alone; here are its fields, and why an Enter did nothing (PRODUCT.md
//! "Cancelling" 2).

use super::{Bench, Follow, Go, Press, Screen, Shown, Sight};
use crate::app::console::action::Action;
use crate::app::console::field::TextField;
use crate::app::console::key::Key;
use crate::app::console::picture::Picture;
use crate::app::console::scroll::scrolled;
use crate::app::desk::Desk;
use crate::app::desk::cancels::attempt::{
    Attempt, AttemptEnd, Confirmation, Fresh, Owner, Reason, Stage, WORD, needs_word,
};
use crate::app::desk::news::News;
use crate::app::desk::order::{Lacking, Order};
use crate::app::words::cancel::form::{CancelField, CancelForm, Reading};
use crate::app::words::cancel::standing::{facts_in_sight, why_unseen};
use crate::app::words::cancel::{self, AttemptState};
use crate::app::words::console as hints;
use crate::app::words::dialog::text_width;
use crate::app::words::field as words;
use crate::domain::{Change, Erase, Now, Pasted, Ticket, TicketNumber};

/// A longer note is not taken in.
const NOTE_LENGTH: usize = 200;
/// No ticket number has more digits.
const NUMBER_LENGTH: usize = 20;

/// The screen. The desk forgets an attempt that ended; how it ended stays here until the operator goes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancel {
    /// The ticket.
    ticket: TicketNumber,
    /// How the attempt ended.
    pub ended: Option<AttemptEnd>,
    /// The field that takes what is typed.
    pub field: CancelField,
    /// As it was typed so far.
    pub typed: Confirmation,
    /// How far the facts were read.
    pub reading: Reading,
}

impl Cancel {
    pub(super) fn choose(ticket: TicketNumber, bench: &mut Bench<'_>) -> Self {
        bench.tell(Order::Choose { ticket, change: Change::Cancel, owner: Owner::Dialog });
        Self {
            ticket,
            ended: None,
            field: CancelField::default(),
            typed: Confirmation::default(),
            reading: Reading::default(),
        }
    }

    /// The attempt that the desk has for it.
    fn attempt<'a>(&self, desk: &'a Desk) -> Option<&'a Attempt> {
        let attempt = desk.cancels().attempt().filter(|_| self.ended.is_none());
        attempt.filter(|attempt| attempt.ticket == self.ticket && attempt.owner == Owner::Dialog)
    }

    /// True if an Enter would confirm.
    pub fn is_armed(&self, desk: &Desk) -> bool {
        self.attempt(desk).is_some() && desk.cancels().check(&self.typed).is_ok()
    }

    fn confirm(&mut self, press: Press<'_>, bench: &mut Bench<'_>) {
        bench.hint = self.why_not(press, bench);
        if bench.hint.is_some() {
            return;
        }
        match bench.order(Order::Confirm(self.typed.clone())) {
            Ok(()) => {}
            Err(Lacking::Freshness { .. }) => bench.hint = self.disarm(hints::STALE),
            Err(lacking) => bench.hint = Some(lacking.to_string()),
        }
    }

    /// Why this Enter does nothing, if so. No fact that the window hides is confirmed.
    fn why_not(&self, press: Press<'_>, bench: &Bench<'_>) -> Option<String> {
        let fresh = match bench.desk.cancels().check(&self.typed) {
            Ok(fresh) => fresh,
            Err(Lacking::Number(_)) if self.typed.number.is_empty() => {
                return Some(hints::TYPE_TO_ARM.to_owned());
            }
            Err(Lacking::Number(number)) => return Some(hints::other_number(number)),
            Err(Lacking::Word(why)) => {
                return Some(hints::word_wanted(why, WORD));
            }
            Err(lacking) => return Some(lacking.to_string()),
        };
        if !press.may_confirm() {
            return Some(words::too_soon());
        }
        let facts = cancel::facts(fresh, bench.desk, text_width(bench.size)).len();
        why_unseen(facts, &fresh.ticket, self.reading, bench.size).map(|unseen| unseen.to_string())
    }

    /// Shows other facts, where the window has no room for all.
    fn scroll(&mut self, action: &Action, fresh: &Fresh, bench: &Bench<'_>) {
        let facts = cancel::facts(fresh, bench.desk, text_width(bench.size)).len();
        let sight = |scroll| facts_in_sight(facts, &fresh.ticket, scroll, bench.size);
        let Some(now) = sight(self.reading.scroll) else { return };
        self.reading.seen = self.reading.seen.max(now.above + now.rows);
        let Some(then) = sight(scrolled(now.above, Some(action), now.rows)) else { return };
        self.reading = Reading { scroll: then.above, seen: self.reading.seen.max(then.above + then.rows) };
    }

    fn go_back(&self, bench: &mut Bench<'_>) -> Go {
        if self.attempt(bench.desk).is_some_and(Attempt::is_opening) {
            bench.hint = Some(hints::TOO_LATE_TO_KEEP.to_owned());
            return Go::Stay;
        }
        if self.attempt(bench.desk).is_some() {
            bench.tell(Order::Keep);
        }
        Go::Back
    }

    /// A key that is no action goes into the field that has the focus.
    fn type_key(&mut self, key: Key) -> Option<String> {
        let Key::Char(character) = key else { return None };
        if self.field == CancelField::Number && !character.is_ascii_digit() {
            return Some(hints::DIGITS_OR_TAB.to_owned());
        }
        let Some(mut text) = self.text() else { return Some(hints::ARROWS_CHOOSE.to_owned()) };
        let fits = text.insert(character);
        match self.field {
            CancelField::Note if !fits => Some(hints::note_is_full(NOTE_LENGTH)),
            _ => None,
        }
    }

    /// The field that has the focus, where it holds text.
    fn text(&mut self) -> Option<TextField<'_>> {
        match self.field {
            CancelField::Number => Some(TextField::new(&mut self.typed.number, NUMBER_LENGTH)),
            CancelField::Word => Some(TextField::new(&mut self.typed.word, WORD.len())),
            CancelField::Note => Some(TextField::new(&mut self.typed.decision.note, NOTE_LENGTH)),
            CancelField::Reason => None,
        }
    }

    fn erase(&mut self, erase: Erase) {
        if let Some(mut text) = self.text() {
            text.erase(erase);
        }
    }

    /// The next field, round and round.
    fn next_field(&mut self, ticket: &Ticket) {
        self.field = match self.field {
            CancelField::Number if needs_word(ticket) => CancelField::Word,
            CancelField::Number | CancelField::Word => CancelField::Reason,
            CancelField::Reason => CancelField::Note,
            CancelField::Note => CancelField::Number,
        };
    }

    /// The field before.
    fn previous_field(&mut self, ticket: &Ticket) {
        self.field = match self.field {
            CancelField::Number => CancelField::Note,
            CancelField::Note => CancelField::Reason,
            CancelField::Reason if needs_word(ticket) => CancelField::Word,
            CancelField::Reason | CancelField::Word => CancelField::Number,
        };
    }

    /// Another reason, if the reason field has the focus.
    fn choose_reason(&mut self, other: fn(Reason) -> Reason) -> Option<String> {
        if self.field != CancelField::Reason {
            return Some(hints::TAB_TO_CHOOSE.to_owned());
        }
        self.typed.decision.reason = other(self.typed.decision.reason);
        None
    }
}

impl Shown for Cancel {
    fn name() -> &'static str {
        "cancel"
    }

    fn press(&mut self, press: Press<'_>, bench: &mut Bench<'_>) -> Go {
        if press.action == Some(&Action::GoBack) {
            return self.go_back(bench);
        }
        let attempt = self.attempt(bench.desk);
        let Some(Attempt { stage: Stage::Shown(fresh), .. }) = attempt else {
            bench.hint = nothing_to_do(attempt);
            return Go::Stay;
        };
        match press.action {
            Some(action @ (Action::PageDown | Action::PageUp)) => {
                let fresh = fresh.clone();
                self.scroll(action, &fresh, bench);
            }
            Some(Action::ConfirmCancel) => self.confirm(press, bench),
            Some(Action::NextField) => self.next_field(&fresh.ticket),
            Some(Action::PreviousField) => self.previous_field(&fresh.ticket),
            Some(Action::NextChoice) => bench.hint = self.choose_reason(Reason::next),
            Some(Action::PreviousChoice) => bench.hint = self.choose_reason(Reason::previous),
            Some(Action::Erase(erase)) => self.erase(*erase),
            _ => bench.hint = self.type_key(press.key),
        }
        Go::Stay
    }

    fn paste(&mut self, pasted: &Pasted, desk: &Desk) -> Option<String> {
        let is_shown = self.attempt(desk).is_some_and(|attempt| matches!(attempt.stage, Stage::Shown(_)));
        match self.field {
            _ if !is_shown => Some(words::no_field()),
            CancelField::Number | CancelField::Word => Some(words::arms()),
            CancelField::Reason => Some(words::chosen()),
            CancelField::Note => TextField::new(&mut self.typed.decision.note, NOTE_LENGTH).paste(pasted),
        }
    }

    fn picture(&self, sight: Sight<'_>) -> Picture {
        let form = CancelForm {
            typed: &self.typed,
            field: self.field,
            is_armed: self.is_armed(sight.desk),
            hint: sight.hint,
            reading: self.reading,
        };
        let stands = match &self.ended {
            Some(ended) => AttemptState::Ended(ended),
            None => AttemptState::of(self.attempt(sight.desk)),
        };
        Picture::Dialog(cancel::dialog(sight.desk, self.ticket, stands, &form, sight.size, sight.now))
    }

    fn follow(&mut self, desk: &Desk, now: Now) -> Follow {
        if let Some(AttemptEnd::Handed(intent)) = self.ended {
            return Follow { go: Go::Become(Screen::timeline(intent)), hint: None };
        }
        match self.attempt(desk).map(|attempt| &attempt.stage) {
            Some(Stage::Shown(_)) if desk.link().stale_since(now).is_some() => {
                return Follow { go: Go::Stay, hint: self.disarm(hints::STALE) };
            }
            Some(Stage::Reading) | None => {
                self.typed.number.clear();
                self.typed.word.clear();
                self.reading = Reading::default();
            }
            Some(Stage::Shown(_) | Stage::Confirming(..) | Stage::Opening(_)) => {}
        }
        Follow::default()
    }

    /// Takes back what armed it.
    fn disarm(&mut self, why: &str) -> Option<String> {
        self.field = CancelField::Number;
        self.reading = Reading::default();
        if self.typed.number.is_empty() {
            return None;
        }
        self.typed.number.clear();
        self.typed.word.clear();
        Some(hints::disarmed(why))
    }

    fn hear(&mut self, news: &News) {
        if let News::AttemptEnded { ticket, owner: Owner::Dialog, end } = news
            && *ticket == self.ticket
        {
            self.ended = Some(end.clone());
        }
    }

    fn is_over(&self, _: &Desk) -> bool {
        self.ended.is_some()
    }
}

/// A hint for a key that comes where no key but Esc does anything.
fn nothing_to_do(attempt: Option<&Attempt>) -> Option<String> {
    match attempt.map(|attempt| &attempt.stage) {
        // The screen says so already, and the dialog is there in a moment.
        Some(Stage::Reading | Stage::Confirming(..) | Stage::Opening(_)) => None,
        _ => Some(hints::NOTHING_TO_CONFIRM.to_owned()),
    }
}
