//! Secrets as a link needs them: at hand, printed by a program, or asked of the operator. Nothing here is ever shown, and nothing
//! is kept.

use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::{Mutex as Turn, mpsc};
use tokio::time::timeout;

use super::secret_command;
use crate::app::Event;
use crate::app::words::secret::asking as words;
use crate::domain::{ConnectionId, Secret, Wanted};

/// A person may take this long.
pub(super) const PERSON_LIMIT: Duration = Duration::from_secs(120);
/// Who gets secrets for one link.
pub(super) struct Asker {
    pub(super) connection: ConnectionId,
    pub(super) events: mpsc::Sender<Event>,
    /// The operator's answers; without it nobody is there to give any.
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
                run.await.unwrap_or_else(|_| Err(words::PROGRAM_ENDED.to_owned()))
            }
            Secret::Prompt => self.ask(wanted).await,
        }
    }

    async fn ask(&self, wanted: Wanted) -> Result<SecretString, String> {
        let Some(given) = &self.given else {
            return Err(words::nobody_to_ask(&wanted));
        };
        let mut given = given.lock().await;
        // An answer to an earlier question is none to this one.
        while given.try_recv().is_ok() {}
        let late = words::not_in_time(&wanted, PERSON_LIMIT.as_secs());
        let asked = Event::SecretWanted { connection: self.connection, wanted };
        self.events.send(asked).await.map_err(|_| words::PROGRAM_ENDED.to_owned())?;
        match timeout(PERSON_LIMIT, given.recv()).await {
            Ok(Some(secret)) => Ok(secret),
            Ok(None) => Err(words::LINK_GIVEN_UP.to_owned()),
            Err(_) => Err(late),
        }
    }
}
