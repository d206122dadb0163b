//! One link, from its opening to its end: WebSocket, reading, writing. It sends what it is handed, in order, and nothing else.

use std::sync::Arc;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::access::Access;
use super::asker::Asker;
use super::keyring::Keyring;
use super::login::{self, LinkLogin};
use super::redactor::Redactor;
use super::transport::Stream;
use super::websocket::{HANDSHAKE_LIMIT, Socket, explain, shake_hands};
use crate::app::Event;
use crate::app::event::{LinkFailure, Way};
use crate::domain::text::inert;
use crate::domain::{CallId, ConnectionId};
use crate::protocol::rpc::authenticate_user::LoggedIn;
use crate::protocol::{Frame, Target};

/// A link to be opened.
pub(super) struct NewLink {
    pub(super) access: Access,
    pub(super) keyring: Keyring,
    pub(super) asker: Arc<Asker>,
    /// The number of the login's first call.
    pub(super) login: CallId,
    /// The frames to be sent, in this order.
    pub(super) outgoing: mpsc::Receiver<Frame>,
}

/// Opens a link, logs in, and serves it until it ends. Its life comes as events.
pub(super) async fn run(link: NewLink) {
    let NewLink { access, keyring, asker, login, outgoing } = link;
    let (connection, events) = (asker.connection, &asker.events);
    let redactor = Redactor { credentials: &access.credentials, keyring: &keyring };
    let (sink, source) = match open(&access, &keyring, &asker, login).await {
        Ok((socket, user, way)) => {
            let opened =
                Event::LinkOpened { connection, host: access.target.authority(), user: redactor.user(user), way };
            if events.send(opened).await.is_err() {
                return;
            }
            socket.split()
        }
        Err(failure) => {
            let failure = redactor.failure(failure);
            let _ = events.send(Event::LinkFailed { connection, failure }).await;
            return;
        }
    };
    // Reading and writing never wait for each other, and a send is given up half-way only with the whole link.
    let why = tokio::select! {
        why = read(source, redactor, connection, events) => why,
        why = write(sink, outgoing) => why,
    };
    let _ = events.send(Event::LinkLost { connection, why: redactor.text(&why) }).await;
}

async fn phase<T>(
    what: &str,
    target: &Target,
    doing: impl Future<Output = Result<T, String>>,
) -> Result<T, LinkFailure> {
    let late = || Err(format!("{}: {what} took longer than {} s", target.authority(), HANDSHAKE_LIMIT.as_secs()));
    let done = timeout(HANDSHAKE_LIMIT, doing).await.unwrap_or_else(|_| late());
    done.map_err(|why| LinkFailure::Unreachable(inert(&why)))
}

async fn open(
    access: &Access,
    keyring: &Keyring,
    asker: &Asker,
    login: CallId,
) -> Result<(Socket, LoggedIn, Way), LinkFailure> {
    let target = &access.target;
    login::prepare(access, keyring, asker).await?;
    let stream = access.dial.dial(target).await.map_err(|why| LinkFailure::Unreachable(inert(&why)))?;
    let mut socket = phase("the WebSocket handshake", target, handshake(target, stream)).await?;
    let login = LinkLogin { socket: &mut socket, access, keyring, asker, next: login, is_sent: false };
    let (user, way) = login.run().await?;
    Ok((socket, user, way))
}

async fn handshake(target: &Target, stream: Box<dyn Stream>) -> Result<Socket, String> {
    shake_hands(target, stream).await.map(|(socket, _)| socket)
}

async fn read(
    mut source: SplitStream<Socket>,
    redactor: Redactor<'_>,
    connection: ConnectionId,
    events: &mpsc::Sender<Event>,
) -> String {
    loop {
        let event = match source.next().await {
            Some(Ok(Message::Text(text))) => decode(redactor, connection, &text),
            Some(Ok(Message::Binary(bytes))) => match std::str::from_utf8(&bytes) {
                Ok(text) => decode(redactor, connection, text),
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

fn decode(redactor: Redactor<'_>, connection: ConnectionId, text: &str) -> Event {
    match Frame::decode(text) {
        Ok(frame) => Event::FrameArrived { connection, frame: redactor.frame(frame) },
        Err(error) => Event::FrameUnreadable { connection, why: inert(&redactor.text(&error.to_string())) },
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
