//! The link to the exchange: connect, log in, read, write. It never sends anything twice and never opens itself again.
//!
//! On a thread of its own: a terminal that takes no output, as a stalled SSH does, must not hold back a frame that was handed
//! over, nor a pong.

use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::runtime::{Builder, Handle};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::clock;
use super::transport::{self, Stream};
use crate::app::Event;
use crate::app::event::LinkFailure;
use crate::domain::text::inert;
use crate::domain::{CallId, ConnectionId};
use crate::protocol::Target;
use crate::protocol::rpc::authenticate_user::{self, Credentials, LoggedIn};
use crate::protocol::rpc::cancel_failed_withdraw_ticket::CancelOrder;
use crate::protocol::{Frame, FrameKind};

/// Each phase of opening has this long: name and TCP, TLS, WebSocket handshake, login.
const PHASE_LIMIT: Duration = Duration::from_secs(10);
/// A larger message, and a larger frame, breaks the link: 200 tickets with long histories fit many times over.
const LARGEST_MESSAGE: usize = 16 * 1024 * 1024;
/// Bytes that may wait to be written.
const WRITE_BUFFER: usize = 1024 * 1024;
/// Frames that may wait to be written.
const OUTBOX: usize = 256;
/// How long the last frames may take to leave when the link is closed.
const FLUSH_LIMIT: Duration = Duration::from_millis(100);

type Socket = WebSocketStream<Box<dyn Stream>>;

/// The link, as the event loop holds it.
pub struct Gateway {
    target: Target,
    credentials: Credentials,
    events: mpsc::Sender<Event>,
    tasks: Handle,
    /// Dropped, it ends the thread.
    _thread: oneshot::Sender<()>,
    link: Option<Link>,
}

struct Link {
    connection: ConnectionId,
    outbox: mpsc::Sender<Frame>,
    task: JoinHandle<()>,
}

impl Gateway {
    /// A gateway that is not connected yet.
    pub fn new(target: Target, credentials: Credentials, events: mpsc::Sender<Event>) -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let tasks = runtime.handle().clone();
        let (thread, ended) = oneshot::channel();
        std::thread::Builder::new().name("gateway".to_owned()).spawn(move || {
            let _ = runtime.block_on(ended);
        })?;
        Ok(Self { target, credentials, events, tasks, _thread: thread, link: None })
    }

    /// Opens a link and logs in; what comes of it comes as an event.
    pub fn open(&mut self, connection: ConnectionId, login: CallId) {
        self.abort();
        let (outbox, outgoing) = mpsc::channel(OUTBOX);
        let (target, credentials, events) = (self.target.clone(), self.credentials.clone(), self.events.clone());
        let task = self.tasks.spawn(run(target, credentials, connection, login, outgoing, events));
        self.link = Some(Link { connection, outbox, task });
    }

    /// Gives a call that changes nothing to the writer; if that cannot be, its deadline will pass.
    pub fn send_read(&self, connection: ConnectionId, frame: Frame) {
        let _ = self.hand(connection, frame);
    }

    /// Hands a cancel to the writer, once. After `Ok` it may have left, whatever happens; after `Err` it never will.
    pub fn send_cancel(&self, connection: ConnectionId, order: CancelOrder) -> Result<(), String> {
        self.hand(connection, order.into_frame())
    }

    fn hand(&self, connection: ConnectionId, frame: Frame) -> Result<(), String> {
        let link = self.link.as_ref().filter(|link| link.connection == connection).ok_or("that link is gone")?;
        link.outbox.try_send(frame).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => "the link's queue is full".to_owned(),
            mpsc::error::TrySendError::Closed(_) => "the link is closed".to_owned(),
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
        }
    }

    /// Lets what was handed to the writer leave, for a moment at the most.
    pub async fn finish(&mut self) {
        if let Some(Link { outbox, mut task, .. }) = self.link.take() {
            drop(outbox);
            if timeout(FLUSH_LIMIT, &mut task).await.is_err() {
                task.abort();
            }
        }
    }
}

async fn run(
    target: Target,
    credentials: Credentials,
    connection: ConnectionId,
    login: CallId,
    outgoing: mpsc::Receiver<Frame>,
    events: mpsc::Sender<Event>,
) {
    let (sink, source) = match open(&target, &credentials, login).await {
        Ok((socket, user)) => {
            let opened = Event::LinkOpened { connection, host: target.authority(), user };
            if events.send(opened).await.is_err() {
                return;
            }
            socket.split()
        }
        Err(failure) => {
            let _ = events.send(Event::LinkFailed { connection, failure }).await;
            return;
        }
    };
    // Reading and writing never wait for each other, and a send is given up half-way only with the whole link.
    let why = tokio::select! {
        why = read(source, connection, &events) => why,
        why = write(sink, outgoing) => why,
    };
    let _ = events.send(Event::LinkLost { connection, why }).await;
}

async fn phase<T>(
    what: &str,
    target: &Target,
    doing: impl Future<Output = Result<T, String>>,
) -> Result<T, LinkFailure> {
    let late = || Err(format!("{}: {what} took longer than {} s", target.authority(), PHASE_LIMIT.as_secs()));
    let done = timeout(PHASE_LIMIT, doing).await.unwrap_or_else(|_| late());
    done.map_err(|why| LinkFailure::Unreachable(inert(&why)))
}

async fn open(target: &Target, credentials: &Credentials, login: CallId) -> Result<(Socket, LoggedIn), LinkFailure> {
    let stream = phase("connecting", target, transport::tcp(target)).await?;
    let stream = phase("TLS", target, transport::secure(target, stream)).await?;
    let mut socket = phase("the WebSocket handshake", target, handshake(target, stream)).await?;
    let reply = phase("the login", target, log_in(&mut socket, credentials, login)).await?;
    Ok((socket, authenticate_user::parse(&reply)?))
}

async fn handshake(target: &Target, stream: Box<dyn Stream>) -> Result<Socket, String> {
    let config = WebSocketConfig::default()
        .max_message_size(Some(LARGEST_MESSAGE))
        .max_frame_size(Some(LARGEST_MESSAGE))
        .max_write_buffer_size(WRITE_BUFFER);
    let done = client_async_with_config(target.url.as_str(), stream, Some(config)).await;
    done.map(|(socket, _)| socket).map_err(|error| format!("{}: {}", target.authority(), explain(&error)))
}

/// Sends the login and waits for its reply; whatever else comes before it is not for us yet.
async fn log_in(socket: &mut Socket, credentials: &Credentials, login: CallId) -> Result<Frame, String> {
    let nonce = clock::wall().as_millisecond().to_string();
    let frame = authenticate_user::frame(login, credentials, &nonce);
    socket.send(Message::text(frame.encode())).await.map_err(|error| explain(&error))?;
    loop {
        let text = match socket.next().await {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(_))) | None => {
                return Err("the exchange closed the link during the login".to_owned());
            }
            Some(Ok(_)) => continue,
            Some(Err(error)) => return Err(explain(&error)),
        };
        if let Ok(reply) = Frame::decode(&text)
            && reply.id == login
            && matches!(reply.kind, FrameKind::Reply | FrameKind::Error)
        {
            return Ok(reply);
        }
    }
}

async fn read(mut source: SplitStream<Socket>, connection: ConnectionId, events: &mpsc::Sender<Event>) -> String {
    loop {
        let event = match source.next().await {
            Some(Ok(Message::Text(text))) => decode(connection, &text),
            Some(Ok(Message::Binary(bytes))) => match std::str::from_utf8(&bytes) {
                Ok(text) => decode(connection, text),
                Err(_) => Event::FrameUnreadable { connection, why: "a binary message".to_owned() },
            },
            Some(Ok(Message::Close(_))) | None => return "the exchange closed the link".to_owned(),
            Some(Ok(_)) => continue,
            Some(Err(error)) => return explain(&error),
        };
        if events.send(event).await.is_err() {
            return "the program ended".to_owned();
        }
    }
}

fn decode(connection: ConnectionId, text: &str) -> Event {
    match Frame::decode(text) {
        Ok(frame) => Event::FrameArrived { connection, frame },
        Err(error) => Event::FrameUnreadable { connection, why: inert(&error.to_string()) },
    }
}

/// Writes what was handed over, in order, until the outbox is closed.
async fn write(mut sink: SplitSink<Socket, Message>, mut outgoing: mpsc::Receiver<Frame>) -> String {
    while let Some(frame) = outgoing.recv().await {
        if let Err(error) = sink.send(Message::text(frame.encode())).await {
            return explain(&error);
        }
    }
    let _ = sink.close().await;
    "this program closed the link".to_owned()
}

fn explain(error: &Error) -> String {
    match error {
        Error::ConnectionClosed | Error::AlreadyClosed => "the exchange closed the link".to_owned(),
        Error::Http(response) => format!("no WebSocket there: the answer was HTTP {}", response.status().as_u16()),
        other => inert(&other.to_string()),
    }
}
