//! The question for a password or a code: one field, without any echo. What is typed is held here until it is given, and nowhere
//! else.

use super::action::Action;
use super::key::Key;
use crate::app::State;
use crate::app::desk::order::Order;
use crate::app::effect::Effects;
use crate::domain::{Now, TypedSecret, Wanted};

/// The question, over whatever screen was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretDialog {
    /// What is asked for.
    pub wanted: Wanted,
    /// Why the last key did nothing.
    pub hint: Option<String>,
    /// Nobody waits for it any more. The dialog stays until it is closed: whoever is still typing types a secret, which must not
    /// become the keys of another screen.
    pub is_over: bool,
    typed: TypedSecret,
}

impl SecretDialog {
    fn ask(wanted: Wanted) -> Self {
        Self { wanted, hint: None, is_over: false, typed: TypedSecret::default() }
    }

    /// True if anything was typed; how much is nobody's business.
    pub fn is_begun(&self) -> bool {
        !self.typed.is_empty()
    }
}

/// The dialog is there as long as the desk asks, and begins anew with each question.
pub(super) fn follow(dialog: &mut Option<SecretDialog>, wanted: Option<&Wanted>) {
    match wanted {
        None => match dialog {
            Some(begun) if begun.is_begun() || begun.is_over => {
                begun.is_over = true;
                begun.typed = TypedSecret::default();
            }
            _ => *dialog = None,
        },
        Some(wanted) if dialog.as_ref().is_some_and(|dialog| dialog.wanted == *wanted && !dialog.is_over) => {}
        Some(wanted) => *dialog = Some(SecretDialog::ask(wanted.clone())),
    }
}

/// A key: a character goes into the field, whatever it means elsewhere.
pub(super) fn press(state: &mut State, key: Key, action: Option<Action>, now: Now) -> Effects {
    let Some(dialog) = &mut state.console.secret else { return Effects::none() };
    dialog.hint = None;
    match (action, key) {
        (Some(Action::GoBack), _) if dialog.is_over => state.console.secret = None,
        _ if dialog.is_over => {}
        (Some(Action::GoBack), _) => {
            state.console.secret = None;
            return state.order(Order::WithholdSecret("Esc was pressed at the question".to_owned()), now);
        }
        (Some(Action::GiveSecret), _) if dialog.typed.is_empty() => {
            dialog.hint = Some("Nothing was typed yet. Esc gives nothing.".to_owned());
        }
        (Some(Action::GiveSecret), _) => {
            let typed = std::mem::take(&mut dialog.typed);
            state.console.secret = None;
            return state.order(Order::GiveSecret(typed), now);
        }
        (Some(Action::Erase), _) => dialog.typed.erase(),
        (_, Key::Char(character)) if !dialog.typed.push(character) => {
            dialog.hint = Some("That is longer than any password.".to_owned());
        }
        _ => {}
    }
    Effects::none()
}
