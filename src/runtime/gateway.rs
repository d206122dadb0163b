//! The link to the exchange, as the event loop holds it. It never sends anything twice and never opens itself again.
//!
//! On a thread of its own: a terminal that takes no output, as a stalled SSH does, must not hold back a frame that was handed
//! over, nor a pong.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::runtime::{Builder, Handle};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::access::Access;
use super::asker::Asker;
use super::keyring::Keyring;
use super::link_task::{self, NewLink};
use super::second_factor;
use crate::app::words::link_end as words;
use crate::app::{Event, limits};
use crate::domain::{CallId, ConnectionId, TypedSecret, Wanted};
use crate::protocol::Frame;
use crate::protocol::rpc::ReadFrame;
use crate::protocol::rpc::change_ticket::ChangeOrder;
use crate::protocol::rpc::validate_2fa;

/// The last frames have this long to leave when the link is closed.
const FLUSH_LIMIT: Duration = Duration::from_millis(100);

/// The link, as the event loop holds it.
pub struct Gateway {
    access: Access,
    events: mpsc::Sender<Event>,
    tasks: Handle,
    keyring: Keyring,
    /// True if there is somebody who can be asked for a secret.
    can_ask: bool,
    /// Dropped, it ends the thread, if there is one.
    _thread: Option<oneshot::Sender<()>>,
    link: Option<OpenLink>,
}

struct OpenLink {
    connection: ConnectionId,
    outbox: mpsc::Sender<Frame>,
    task: JoinHandle<()>,
    asker: Arc<Asker>,
    /// To whoever asked the operator.
    answers: mpsc::Sender<SecretString>,
    /// The code for protected calls, on its way.
    validation: Option<JoinHandle<()>>,
}

impl Gateway {
    /// A gateway that is not connected yet, on a thread of its own.
    pub fn new(access: Access, events: mpsc::Sender<Event>) -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let tasks = runtime.handle().clone();
        let (thread, ended) = oneshot::channel();
        std::thread::Builder::new().name("gateway".to_owned()).spawn(move || {
            let _ = runtime.block_on(ended);
        })?;
        Ok(Self { _thread: Some(thread), ..Self::on(tasks, access, events) })
    }

    /// A gateway whose tasks run on a runtime of the caller's, such as one whose time stands still.
    pub fn on(tasks: Handle, access: Access, events: mpsc::Sender<Event>) -> Self {
        Self { access, events, tasks, keyring: Keyring::default(), can_ask: true, _thread: None, link: None }
    }

    /// This gateway, where nobody can be asked for a secret: one that is not at hand is missing at once.
    #[must_use]
    pub fn alone(self) -> Self {
        Self { can_ask: false, ..self }
    }

    /// Opens a link and logs in; what comes of it comes as an event.
    pub fn open(&mut self, connection: ConnectionId, login: CallId) {
        self.abort();
        let (outbox, outgoing) = mpsc::channel(limits::QUEUE);
        let (answers, given) = mpsc::channel(1);
        let given = self.can_ask.then(|| Mutex::new(given));
        let asker = Arc::new(Asker { connection, events: self.events.clone(), given });
        let (access, keyring) = (self.access.clone(), self.keyring.clone());
        let link = NewLink { access, keyring, asker: Arc::clone(&asker), login, outgoing };
        let task = self.tasks.spawn(link_task::run(link));
        self.link = Some(OpenLink { connection, outbox, task, asker, answers, validation: None });
    }

    /// Gives a call that changes nothing to the writer; if that cannot be, its deadline will pass.
    pub fn send_read(&self, connection: ConnectionId, frame: ReadFrame) {
        let _ = self.hand(connection, frame.into_frame());
    }

    /// Hands a cancel to the writer, once. After `Ok` it may have left, whatever happens; after `Err` it never will.
    pub fn send_cancel(&self, connection: ConnectionId, order: ChangeOrder) -> Result<(), String> {
        self.hand(connection, order.into_frame())
    }

    /// Gives what the operator was asked for to the link that waits for it.
    pub fn give(&self, connection: ConnectionId, secret: &TypedSecret) {
        if let Some(link) = self.link.as_ref().filter(|link| link.connection == connection) {
            let _ = link.answers.try_send(secret.secret());
        }
    }

    /// Gets a code of the second factor and sends Validate2FA with it; without a code an event says why.
    pub fn validate(&mut self, connection: ConnectionId, id: CallId) {
        let Some(link) = self.link.as_mut().filter(|link| link.connection == connection) else { return };
        let (credentials, asker, outbox) =
            (self.access.credentials.clone(), Arc::clone(&link.asker), link.outbox.clone());
        let keyring = self.keyring.clone();
        let task = self.tasks.spawn(async move {
            match second_factor::get(&credentials, &keyring, &asker, Wanted::CallCode).await {
                // If it cannot be handed over, its deadline passes.
                Ok(code) => drop(outbox.try_send(validate_2fa::frame(id, code))),
                Err(why) => drop(asker.events.send(Event::CodeNotGiven { connection, id, why }).await),
            }
        });
        if let Some(earlier) = link.validation.replace(task) {
            earlier.abort();
        }
    }

    fn hand(&self, connection: ConnectionId, frame: Frame) -> Result<(), String> {
        let link = self.link.as_ref().filter(|link| link.connection == connection).ok_or(words::GONE)?;
        link.outbox.try_send(frame).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => words::FULL.to_owned(),
            mpsc::error::TrySendError::Closed(_) => words::CLOSED.to_owned(),
        })
    }

    /// Gives up a link at once.
    pub fn close(&mut self, connection: ConnectionId) {
        if self.link.as_ref().is_some_and(|link| link.connection == connection) {
            self.abort();
        }
    }

    fn abort(&mut self) {
        if let Some(link) = self.link.take() {
            link.task.abort();
            link.validation.inspect(JoinHandle::abort);
        }
    }

    /// Lets what was handed to the writer leave, for a moment at the most.
    pub async fn finish(&mut self) {
        if let Some(OpenLink { outbox, mut task, validation, .. }) = self.link.take() {
            if let Some(validation) = validation {
                // It holds the outbox open.
                validation.abort();
                let _ = validation.await;
            }
            drop(outbox);
            if timeout(FLUSH_LIMIT, &mut task).await.is_err() {
                task.abort();
            }
        }
    }
}
