//! Secrets while the program runs: kept from link to link, run for, or asked of the operator. Nothing here is ever shown.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Mutex as Turn, mpsc};
use tokio::time::timeout;

use super::secret_command;
use crate::app::Event;
use crate::domain::{ConnectionId, Secret, Wanted};

/// How long a person may take.
pub(super) const PERSON_LIMIT: Duration = Duration::from_secs(120);
/// A token that was sent so often without any answer is given up: an exchange may close the link on a bad one.
const TOKEN_TRIES: u8 = 3;
/// So many secrets that count no more are known, to be hidden where the exchange echoes them.
const SPENT: usize = 8;

/// What gets this process in again. Without `Debug`, on purpose.
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

/// What gets this process in again, shared by its links; it never leaves the runtime.
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

    /// How many full logins in a row were sent and came to no end.
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

/// Who gets secrets for one link.
pub(super) struct Asker {
    pub(super) connection: ConnectionId,
    pub(super) events: mpsc::Sender<Event>,
    /// What the operator gives; nobody is there to give anything without it.
    pub(super) given: Option<Turn<mpsc::Receiver<SecretString>>>,
}

impl Asker {
    /// The secret itself: at hand, from its program within `limit`, or from the operator. The error is a sentence.
    pub(super) async fn get(&self, secret: &Secret, wanted: Wanted, limit: Duration) -> Result<SecretString, String> {
        match secret {
            Secret::Held(secret) => Ok(secret.clone()),
            Secret::Command(argv) => {
                let argv = argv.clone();
                let run = tokio::task::spawn_blocking(move || secret_command::run(&argv, limit));
                run.await.unwrap_or_else(|_| Err("the program ended".to_owned()))
            }
            Secret::Prompt => self.ask(wanted).await,
        }
    }

    async fn ask(&self, wanted: Wanted) -> Result<SecretString, String> {
        let Some(given) = &self.given else {
            return Err(format!("the login needs {wanted}, and there is nobody to ask"));
        };
        let mut given = given.lock().await;
        // What was given to an earlier question is no answer to this one.
        while given.try_recv().is_ok() {}
        let late = format!("{wanted} was not given within {} s", PERSON_LIMIT.as_secs());
        let asked = Event::SecretWanted { connection: self.connection, wanted };
        self.events.send(asked).await.map_err(|_| "the program ended".to_owned())?;
        match timeout(PERSON_LIMIT, given.recv()).await {
            Ok(Some(secret)) => Ok(secret),
            Ok(None) => Err("the link was given up".to_owned()),
            Err(_) => Err(late),
        }
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
