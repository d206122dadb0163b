//! One link, from its opening to its end: WebSocket, reading, writing. It sends what it is handed, in order, and nothing else.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::handshake::client::Response;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::asking::{Asker, Keyring};
use super::gateway::Access;
use super::hiding::Hider;
use super::login::{self, Login};
use super::transport::Stream;
use crate::app::event::{LinkFailure, Way};
use crate::app::{Event, limits};
use crate::domain::text::inert;
use crate::domain::{CallId, ConnectionId};
use crate::protocol::rpc::authenticate_user::LoggedIn;
use crate::protocol::{Frame, Target};

/// The WebSocket handshake has this long. The network's phases and the login's calls have limits of their own.
pub(super) const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// Bytes that may wait to be written.
const WRITE_BUFFER: usize = 1024 * 1024;

/// A WebSocket over any bytes.
pub(super) type Socket = WebSocketStream<Box<dyn Stream>>;

/// Opens a link, logs in, and serves it until it ends. What happens comes as events.
pub(super) async fn run(
    (access, keyring): (Access, Keyring),
    login: CallId,
    outgoing: mpsc::Receiver<Frame>,
    asker: Arc<Asker>,
) {
    let (connection, events) = (asker.connection, &asker.events);
    let hider = Hider { credentials: &access.credentials, keyring: &keyring };
    let (sink, source) = match open(&access, &keyring, &asker, login).await {
        Ok((socket, user, way)) => {
            let opened = Event::LinkOpened { connection, host: access.target.authority(), user: hider.user(user), way };
            if events.send(opened).await.is_err() {
                return;
            }
            socket.split()
        }
        Err(failure) => {
            let failure = hider.failure(failure);
            let _ = events.send(Event::LinkFailed { connection, failure }).await;
            return;
        }
    };
    // Reading and writing never wait for each other, and a send is given up half-way only with the whole link.
    let why = tokio::select! {
        why = read(source, hider, connection, events) => why,
        why = write(sink, outgoing) => why,
    };
    let _ = events.send(Event::LinkLost { connection, why: hider.text(&why) }).await;
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
    let login = Login { socket: &mut socket, access, keyring, asker, next: login, is_sent: false };
    let (user, way) = login.run().await?;
    Ok((socket, user, way))
}

async fn handshake(target: &Target, stream: Box<dyn Stream>) -> Result<Socket, String> {
    shake_hands(target, stream).await.map(|(socket, _)| socket)
}

/// The WebSocket handshake, with the HTTP answer to it.
pub(super) async fn shake_hands(target: &Target, stream: Box<dyn Stream>) -> Result<(Socket, Response), String> {
    let config = WebSocketConfig::default()
        .max_message_size(Some(limits::MESSAGE))
        .max_frame_size(Some(limits::MESSAGE))
        .max_write_buffer_size(WRITE_BUFFER);
    let done = client_async_with_config(target.url.as_str(), stream, Some(config)).await;
    done.map_err(|error| match &error {
        // A break of TLS names the place itself.
        Error::Io(error) if error.to_string().starts_with("TLS with ") => inert(&error.to_string()),
        other => format!("{}: {}", target.authority(), unshaken(other)),
    })
}

async fn read(
    mut source: SplitStream<Socket>,
    hider: Hider<'_>,
    connection: ConnectionId,
    events: &mpsc::Sender<Event>,
) -> String {
    loop {
        let event = match source.next().await {
            Some(Ok(Message::Text(text))) => decode(hider, connection, &text),
            Some(Ok(Message::Binary(bytes))) => match std::str::from_utf8(&bytes) {
                Ok(text) => decode(hider, connection, text),
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

fn decode(hider: Hider<'_>, connection: ConnectionId, text: &str) -> Event {
    match Frame::decode(text) {
        Ok(frame) => Event::FrameArrived { connection, frame: hider.frame(frame) },
        Err(error) => Event::FrameUnreadable { connection, why: inert(&hider.text(&error.to_string())) },
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

/// Why there is no WebSocket. The library's own words are about its innards.
fn unshaken(error: &Error) -> String {
    match error {
        Error::Protocol(ProtocolError::HandshakeIncomplete) | Error::ConnectionClosed => {
            "it closed the link during the WebSocket handshake; check the URL (host, port, path), or ask the exchange"
                .to_owned()
        }
        Error::Protocol(_) => "what answers there speaks no WebSocket; check the URL (host, port, path)".to_owned(),
        Error::Io(error) => {
            let said = inert(&error.to_string());
            format!(
                "the link broke during the WebSocket handshake ({said}); check the URL (host, port, path), or ask the exchange"
            )
        }
        other => explain(other),
    }
}

pub(super) fn explain(error: &Error) -> String {
    match error {
        Error::ConnectionClosed | Error::AlreadyClosed => "the exchange closed the link".to_owned(),
        Error::Http(response) => format!("no WebSocket there: the answer was HTTP {}", response.status().as_u16()),
        // Worded by whoever broke: the network, or TLS.
        Error::Io(error) => inert(&error.to_string()),
        other => inert(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[rstest]
    #[case::another_protocol(b"SSH-2.0-server\r\n\r\n", "what answers there speaks no WebSocket; check the URL")]
    #[case::hung_up(b"", "closed the link during the WebSocket handshake; check the URL")]
    #[tokio::test]
    async fn what_is_no_websocket_is_said_in_words(#[case] answer: &'static [u8], #[case] said: &str) {
        let (ours, mut theirs) = tokio::io::duplex(4_096);
        tokio::spawn(async move {
            let mut request = [0; 2_048];
            let _ = theirs.read(&mut request).await;
            let _ = theirs.write_all(answer).await;
        });
        let target = Target::parse("ws://127.0.0.1:8086/WSGateway/").unwrap();
        let why = shake_hands(&target, Box::new(ours)).await.err().unwrap();
        assert!(why.starts_with("127.0.0.1:8086: ") && why.contains(said), "{why}");
    }
}
