//! Where a secret comes from, and what is typed when it is asked for. Pure data: the runtime reads, runs and asks.

use std::fmt;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::{Erase, Pasted, RemoteText};

/// A secret, or how to get it when it is needed. Without `Debug`, on purpose.
#[derive(Clone)]
pub enum Secret {
    /// At hand, as from a file that nobody else can read.
    Held(SecretString),
    /// The first line that a program prints: its name and arguments, run without a shell.
    Command(Vec<String>),
    /// Asked for, without echo.
    Prompt,
}

impl Secret {
    /// The secret, if it is at hand.
    pub fn held(&self) -> Option<&SecretString> {
        match self {
            Self::Held(secret) => Some(secret),
            Self::Command(_) | Self::Prompt => None,
        }
    }
}

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self::Held(secret.into())
    }
}

/// A secret that the operator is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The password of a user, whose name the profile gives.
    Password {
        /// `UserName`.
        user: String,
    },
    /// The code of the second factor, to log in.
    LoginCode {
        /// `AuthType`, as the exchange says it: `Google`.
        kind: Option<RemoteText>,
    },
    /// The code of the second factor, which the exchange wants before calls that it protects.
    CallCode,
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password { user } => write!(f, "the password of {}", super::text::inert(user)),
            Self::LoginCode { kind: Some(kind) } => write!(f, "the code of the second factor ({})", kind.inert()),
            Self::LoginCode { kind: None } => f.write_str("the code of the second factor"),
            Self::CallCode => f.write_str("a code of the second factor"),
        }
    }
}

/// No password and no code is longer, in bytes. What is typed never moves in memory, so that nothing of it is left behind.
const LONGEST: usize = 1_024;

/// A secret that somebody types. Overwritten when it goes; its `Debug` shows nothing, not even how long it is.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedSecret(Zeroizing<String>);

impl Default for TypedSecret {
    fn default() -> Self {
        Self(Zeroizing::new(String::with_capacity(LONGEST)))
    }
}

impl fmt::Debug for TypedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedSecret")
    }
}

impl TypedSecret {
    /// Takes in a character; tells whether there was room for it.
    pub fn push(&mut self, character: char) -> bool {
        let fits = self.0.len() + character.len_utf8() <= LONGEST;
        if fits {
            self.0.push(character);
        }
        fits
    }

    /// Takes in what was pasted, all of it or nothing: a part of a password is a wrong one. Tells whether there was room.
    pub fn paste(&mut self, pasted: &Pasted) -> bool {
        let fits = !pasted.is_cut && self.0.len() + pasted.text().len() <= LONGEST;
        if fits {
            self.0.push_str(pasted.text());
        }
        fits
    }

    /// Takes back the end of it; what is taken back is overwritten.
    pub fn erase(&mut self, erase: Erase) {
        let kept = erase.keeps(&self.0);
        let mut left = Self::default();
        left.0.push_str(&self.0[..kept]);
        *self = left;
    }

    /// True while nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For the one place that sends it.
    pub fn secret(&self) -> SecretString {
        SecretString::from(self.0.as_str())
    }
}

impl From<&SecretString> for TypedSecret {
    fn from(secret: &SecretString) -> Self {
        let mut typed = Self::default();
        secret.expose_secret().chars().for_each(|character| {
            typed.push(character);
        });
        typed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_not_shown_by_debug_and_does_not_move() {
        let mut typed = TypedSecret::default();
        let room = typed.0.capacity();
        assert!("hunter2!".chars().all(|character| typed.push(character)));
        typed.erase(Erase::Character);
        assert_eq!(format!("{typed:?}"), "TypedSecret");
        assert_eq!(typed.secret().expose_secret(), "hunter2");
        while typed.push('x') {}
        assert_eq!((typed.0.len(), typed.0.capacity()), (LONGEST, room));
    }

    #[test]
    fn a_paste_is_taken_in_whole_or_not_at_all() {
        let mut typed = TypedSecret::default();
        assert!(typed.paste(&Pasted::from("hunter2 \n")));
        assert!(!typed.paste(&Pasted::from("x".repeat(LONGEST).as_str())));
        assert!(!typed.paste(&Pasted::of(b"x", true)));
        assert_eq!(typed.secret().expose_secret(), "hunter2 ");
    }

    #[test]
    fn a_word_and_all_of_it_are_taken_back() {
        let mut typed = TypedSecret::default();
        assert!(typed.paste(&Pasted::from("correct horse")));
        typed.erase(Erase::Word);
        assert_eq!(typed.secret().expose_secret(), "correct ");
        typed.erase(Erase::Line);
        assert!(typed.is_empty());
    }
}
