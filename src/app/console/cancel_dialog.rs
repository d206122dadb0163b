//! The cancel dialog: number field, reason, note, and what arms it (PRODUCT.md "Cancelling" 2).

use std::time::Duration;

use super::key::Key;
use crate::app::desk::cancels::attempt::{Confirmation, Decision, Reason};
pub use crate::app::desk::cancels::attempt::{WORD as TX_WORD, needs_word};
use crate::domain::{Boot, Ticket};

/// Enter counts only after this long without any key: a paste without brackets, a held key and a repeat never have that
/// pause.
pub(super) const PAUSE: Duration = Duration::from_millis(300);
/// A longer note is not taken in.
const NOTE_LENGTH: usize = 200;
/// No ticket number has more digits.
const NUMBER_LENGTH: usize = 20;

/// Which field takes what is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field {
    /// The ticket number: where the dialog opens.
    #[default]
    Number,
    /// The second word, where the ticket needs one.
    Word,
    /// Why.
    Reason,
    /// The operator's own words.
    Note,
}

/// The dialog, which points to a ticket by its number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CancelDialog {
    /// Which field takes what is typed.
    pub field: Field,
    /// What was typed into the number field.
    pub typed: String,
    /// What was typed into the field of the second word.
    pub word: String,
    /// What was chosen and noted.
    pub decision: Decision,
    /// Why the last key did nothing, or what happened to the dialog.
    pub hint: Option<String>,
    last_key: Option<Boot>,
}

/// True if an Enter may confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enter {
    /// It may.
    Confirms,
    /// The number is not typed.
    NotArmed,
    /// A key came just before it.
    TooSoon,
}

impl CancelDialog {
    /// True if the number that was typed is the ticket's, and the second word is there if the ticket needs one.
    pub fn is_armed(&self, ticket: &Ticket) -> bool {
        self.typed == ticket.number.to_string() && (!needs_word(ticket) || self.word == TX_WORD)
    }

    /// What was typed, for the desk.
    pub fn confirmation(&self) -> Confirmation {
        Confirmation { number: self.typed.clone(), word: self.word.clone(), decision: self.decision.clone() }
    }

    /// Notes that a key or a paste arrived, whatever it does, and tells how long it was quiet before.
    pub fn note_key(&mut self, now: Boot) -> Option<Duration> {
        self.hint = None;
        self.last_key.replace(now).map(|last| now.since(last))
    }

    /// The answer to an Enter that came after `quiet`: it confirms, or why not. Without any key before it the dialog is not armed anyway.
    pub fn enter(&self, ticket: &Ticket, quiet: Option<Duration>) -> Enter {
        if !self.is_armed(ticket) {
            return Enter::NotArmed;
        }
        match quiet {
            Some(quiet) if quiet >= PAUSE => Enter::Confirms,
            _ => Enter::TooSoon,
        }
    }

    /// Takes back what armed it, and says why.
    pub fn disarm(&mut self, why: &str) {
        if !self.typed.is_empty() {
            self.typed.clear();
            self.word.clear();
            self.hint = Some(format!("Disarmed: {why}. Type the number again."));
        }
        self.field = Field::Number;
    }

    /// A key that is no action goes into the field that has the focus.
    pub fn type_key(&mut self, key: Key) {
        let Key::Char(character) = key else { return };
        match self.field {
            Field::Number if character.is_ascii_digit() && self.typed.len() < NUMBER_LENGTH => {
                self.typed.push(character);
            }
            Field::Number => self.hint = Some("Digits only here; Tab leads to the other fields.".to_owned()),
            Field::Word if self.word.len() < TX_WORD.len() => self.word.push(character),
            Field::Word => {}
            Field::Reason => self.hint = Some("Left and Right choose the reason.".to_owned()),
            Field::Note if self.decision.note.chars().count() < NOTE_LENGTH => self.decision.note.push(character),
            Field::Note => self.hint = Some(format!("A note has {NOTE_LENGTH} characters at the most.")),
        }
    }

    /// Erases the last character of the field.
    pub fn erase(&mut self) {
        match self.field {
            Field::Number => self.typed.pop(),
            Field::Word => self.word.pop(),
            Field::Note => self.decision.note.pop(),
            Field::Reason => None,
        };
    }

    /// The next field, round and round.
    pub fn next_field(&mut self, ticket: &Ticket) {
        self.field = match self.field {
            Field::Number if needs_word(ticket) => Field::Word,
            Field::Number | Field::Word => Field::Reason,
            Field::Reason => Field::Note,
            Field::Note => Field::Number,
        };
    }

    /// The field before.
    pub fn previous_field(&mut self, ticket: &Ticket) {
        self.field = match self.field {
            Field::Number => Field::Note,
            Field::Note => Field::Reason,
            Field::Reason if needs_word(ticket) => Field::Word,
            Field::Reason | Field::Word => Field::Number,
        };
    }

    /// Another reason, if the reason field has the focus.
    pub fn choose(&mut self, other: fn(Reason) -> Reason) {
        if self.field == Field::Reason {
            self.decision.reason = other(self.decision.reason);
        } else {
            self.hint = Some("Tab leads to the reason; there the arrows choose.".to_owned());
        }
    }
}
