//! The release dialog: number, reason, the word `early` where it is needed, and what its keys do.

use std::time::Duration;

use super::Screen;
use super::action::Action;
use super::cancel_dialog::PAUSE;
use super::key::Key;
use crate::app::State;
use crate::app::desk::Desk;
use crate::app::desk::cancels::release::ReleaseOrder;
use crate::app::desk::order::{Lacking, Order};
use crate::app::effect::Effects;
use crate::domain::{Boot, IntentId, Now};

/// A longer reason is not taken in.
const REASON_LENGTH: usize = 200;
/// No ticket number and no word is longer.
const WORD_LENGTH: usize = 20;

/// Which field takes what is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field {
    /// The ticket number: where the dialog opens.
    #[default]
    Number,
    /// Why.
    Reason,
    /// The word of an early release.
    Word,
}

/// The dialog, which points to an intent by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseDialog {
    /// The intent.
    pub intent: IntentId,
    /// When it was opened: only a read asked since counts.
    pub since: Boot,
    /// Which field takes what is typed.
    pub field: Field,
    /// What was typed.
    pub order: ReleaseOrder,
    /// Why the last key did nothing.
    pub hint: Option<String>,
    last_key: Boot,
}

impl ReleaseDialog {
    fn open(intent: IntentId, now: Boot) -> Self {
        let order = ReleaseOrder::default();
        Self { intent, since: now, field: Field::default(), order, hint: None, last_key: now }
    }

    /// Notes that a key or a paste arrived, and tells how long it was quiet before.
    pub fn note_key(&mut self, now: Boot) -> Duration {
        self.hint = None;
        now.since(std::mem::replace(&mut self.last_key, now))
    }

    fn focused(&mut self) -> (&mut String, usize) {
        match self.field {
            Field::Number => (&mut self.order.number, WORD_LENGTH),
            Field::Reason => (&mut self.order.reason, REASON_LENGTH),
            Field::Word => (&mut self.order.word, WORD_LENGTH),
        }
    }

    fn type_key(&mut self, key: Key) {
        let Key::Char(character) = key else { return };
        if self.field == Field::Number && !character.is_ascii_digit() {
            self.hint = Some("Digits only here; Tab leads to the reason.".to_owned());
            return;
        }
        let (text, longest) = self.focused();
        if text.chars().count() < longest {
            text.push(character);
        }
    }

    fn next_field(&mut self, early: bool) {
        self.field = match self.field {
            Field::Number => Field::Reason,
            Field::Reason if early => Field::Word,
            Field::Reason | Field::Word => Field::Number,
        };
    }

    fn previous_field(&mut self, early: bool) {
        self.next_field(early);
        if early {
            self.next_field(early);
        }
    }
}

/// Opens the dialog on an intent and asks for the read that it needs, or says why not.
pub fn open(state: &mut State, intent: IntentId, now: Now) -> Effects {
    if let Some(why) = state.desk.cancels().why_not_releasable(intent) {
        state.console.notice = Some(why);
        return Effects::none();
    }
    state.console.open(Screen::Release(ReleaseDialog::open(intent, now.boot)));
    state.order(Order::ReadForRelease(intent), now)
}

/// A key in the dialog; `quiet` is the time without any key before it.
pub fn press(state: &mut State, (key, quiet): (Key, Option<Duration>), action: Option<Action>, now: Now) -> Effects {
    let State { desk, console, .. } = state;
    let Screen::Release(dialog) = &mut console.screen else { return Effects::none() };
    let early = is_early(desk, dialog.intent, now);
    if desk.cancels().is_releasing(dialog.intent) && action != Some(Action::GoBack) {
        return Effects::none();
    }
    match action {
        Some(Action::GoBack) => {
            console.go_back();
            return state.order(Order::KeepLock, now);
        }
        Some(Action::NextField) => dialog.next_field(early),
        Some(Action::PreviousField) => dialog.previous_field(early),
        Some(Action::Erase) => {
            dialog.focused().0.pop();
        }
        Some(Action::ConfirmRelease) if quiet.is_none_or(|quiet| quiet < PAUSE) => {
            dialog.hint = Some("A key came just before that Enter. Pause, then press Enter once.".to_owned());
        }
        Some(Action::ConfirmRelease) => {
            let order = Order::Release { intent: dialog.intent, typed: dialog.order.clone() };
            let outcome = desk.apply(order, now);
            match outcome.answer {
                Ok(()) => dialog.since = now.boot,
                Err(Lacking::Reason) => dialog.hint = Some("A release needs a reason; Tab leads to it.".to_owned()),
                Err(lacking) => dialog.hint = Some(lacking.to_string()),
            }
            return outcome.effects;
        }
        _ => dialog.type_key(key),
    }
    Effects::none()
}

fn is_early(desk: &Desk, intent: IntentId, now: Now) -> bool {
    desk.cancels().get(intent).is_some_and(|cancellation| desk.is_early(cancellation, now))
}
