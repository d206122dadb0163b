//! Secrets that are kept from link to link while the program runs. Nothing here is ever shown.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret, SecretString};

/// A token that was sent so often without any answer is given up: an exchange may close the link on a bad one.
const TOKEN_TRIES: u8 = 3;
/// So many secrets that count no more are known, to be hidden where the exchange echoes them.
const SPENT: usize = 8;

/// The secrets that get this process in again. Without `Debug`, so that none is ever printed.
#[derive(Default)]
struct Kept {
    token: Option<SecretString>,
    token_tries: u8,
    /// Full logins in a row that were sent and came to no end.
    logins: u8,
    password: Option<SecretString>,
    spent: VecDeque<SecretString>,
}

impl Kept {
    fn spend(&mut self, secret: Option<SecretString>) {
        if self.spent.len() >= SPENT {
            self.spent.pop_front();
        }
        self.spent.extend(secret);
    }
}

/// The secrets that get this process in again, shared by its links; they never leave the runtime.
#[derive(Clone, Default)]
pub(super) struct Keyring(Arc<Mutex<Kept>>);

impl Keyring {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True if there is a session token.
    pub(super) fn has_token(&self) -> bool {
        self.kept().token.is_some()
    }

    /// The session token, to be sent now.
    pub(super) fn token_to_send(&self) -> Option<SecretString> {
        let mut kept = self.kept();
        if kept.token_tries >= TOKEN_TRIES {
            let token = kept.token.take();
            kept.spend(token);
        }
        let token = kept.token.clone()?;
        kept.token_tries = kept.token_tries.saturating_add(1);
        Some(token)
    }

    /// The exchange let us in; it may have given a token, else the last one still counts.
    pub(super) fn let_in(&self, token: Option<SecretString>) {
        let mut kept = self.kept();
        if token.is_some() {
            let earlier = std::mem::replace(&mut kept.token, token);
            kept.spend(earlier);
        }
        kept.token_tries = 0;
        kept.logins = 0;
    }

    /// A full login is about to be sent.
    pub(super) fn sends_login(&self) {
        let mut kept = self.kept();
        kept.logins = kept.logins.saturating_add(1);
    }

    /// The exchange came to a decision on a full login, or a person did.
    pub(super) fn login_ended(&self) {
        self.kept().logins = 0;
    }

    /// The number of full logins in a row that were sent and came to no end.
    pub(super) fn logins(&self) -> u8 {
        self.kept().logins
    }

    /// The exchange refused the token.
    pub(super) fn forget_token(&self) {
        let mut kept = self.kept();
        let token = kept.token.take();
        kept.spend(token);
    }

    /// The password that was got before.
    pub(super) fn password(&self) -> Option<SecretString> {
        self.kept().password.clone()
    }

    /// Keeps a password for the next link, or forgets it.
    pub(super) fn keep_password(&self, password: Option<SecretString>) {
        let mut kept = self.kept();
        let earlier = std::mem::replace(&mut kept.password, password);
        kept.spend(earlier);
    }

    /// Takes note of a code, which counts once.
    pub(super) fn spend(&self, code: SecretString) {
        self.kept().spend(Some(code));
    }

    /// True if this code was used lately.
    pub(super) fn is_spent(&self, code: &SecretString) -> bool {
        self.kept().spent.iter().any(|spent| spent.expose_secret() == code.expose_secret())
    }

    /// Shows what is kept, and what was lately, to whoever hides it.
    pub(super) fn show<T>(&self, to: impl FnOnce(Vec<&SecretString>) -> T) -> T {
        let kept = self.kept();
        to(kept.token.iter().chain(&kept.password).chain(&kept.spent).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_without_a_token_are_not_counted_as_tries_of_one() {
        let keyring = Keyring::default();
        assert!((0..300).all(|_| keyring.token_to_send().is_none()));
        keyring.let_in(Some("token".into()));
        assert_eq!((0..5).filter(|_| keyring.token_to_send().is_some()).count(), usize::from(TOKEN_TRIES));
    }
}
