//! One link, from its opening to its end: WebSocket, reading, writing. It sends what it is handed, in order, and nothing else.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::access::Access;
use super::asker::Asker;
use super::handshake::{LIMIT, shake_hands};
use super::keyring::Keyring;
use super::login::{self, LinkLogin};
use super::redactor::Redactor;
use super::text_frames::LastClose;
use super::transport::Stream;
use super::waiting_frames::WaitingFrames;
use super::websocket::{self, Received, Socket, receive};
use crate::app::Event;
use crate::app::event::{LinkFailure, Way};
use crate::app::words::{far_side as words, link_end};
use crate::domain::text::inert;
use crate::domain::{CallId, ConnectionId};
use crate::protocol::rpc::authenticate_user::LoggedIn;
use crate::protocol::{Frame, LinkEnd, Target};

/// A far side that takes nothing any more has so long to say why.
const LAST_WORDS: Duration = Duration::from_millis(500);

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
    let last;
    let (sink, source) = match open(&access, &keyring, &asker, login).await {
        Ok((socket, user, way)) => {
            let opened =
                Event::LinkOpened { connection, host: access.target.authority(), user: redactor.user(user), way };
            if events.send(opened).await.is_err() {
                return;
            }
            last = socket.get_ref().last_close();
            socket.split()
        }
        Err(failure) => {
            let failure = redactor.failure(failure);
            let _ = events.send(Event::LinkFailed { connection, failure }).await;
            return;
        }
    };
    let end = serve(sink, source, outgoing, Hearing { redactor, connection, events, last: &last }).await;
    let _ = events.send(Event::LinkLost { connection, end: redactor.end(end) }).await;
}

/// Whoever hears of what comes in on a link.
#[derive(Clone, Copy)]
struct Hearing<'a> {
    redactor: Redactor<'a>,
    connection: ConnectionId,
    events: &'a mpsc::Sender<Event>,
    last: &'a LastClose,
}

/// Reads and writes until one of them ends. They never wait for each other, and a send is given up half-way only with the whole
/// link.
async fn serve(
    sink: SplitSink<Socket, Message>,
    source: SplitStream<Socket>,
    outgoing: mpsc::Receiver<Frame>,
    hearing: Hearing<'_>,
) -> LinkEnd {
    let mut reading = pin!(read(source, hearing));
    let end = tokio::select! {
        end = &mut reading => return end,
        end = write(sink, outgoing) => end,
    };
    match end {
        Written::All => LinkEnd::soon(link_end::CLOSED_BY_US),
        // A far side that takes nothing any more may have said why.
        Written::Broken(end) => timeout(LAST_WORDS, reading).await.unwrap_or(end),
    }
}

async fn open(
    access: &Access,
    keyring: &Keyring,
    asker: &Asker,
    login: CallId,
) -> Result<(Socket, LoggedIn, Way), LinkFailure> {
    let target = &access.target;
    login::prepare(access, keyring, asker).await?;
    let stream = access.dial.dial(target).await.map_err(LinkFailure::Unreachable)?;
    let mut socket = handshake(target, stream).await.map_err(LinkFailure::Unreachable)?;
    let login = LinkLogin::new(&mut socket, access, keyring, asker, login);
    let (user, way) = login.run().await?;
    Ok((socket, user, way))
}

async fn handshake(target: &Target, stream: Box<dyn Stream>) -> Result<Socket, LinkEnd> {
    let done = timeout(LIMIT, shake_hands(target, stream)).await;
    done.unwrap_or_else(|_| Err(LinkEnd::soon(words::slow(target, LIMIT)))).map(|shaken| shaken.socket)
}

async fn read(mut source: SplitStream<Socket>, hearing: Hearing<'_>) -> LinkEnd {
    let Hearing { redactor, connection, events, last } = hearing;
    let mut waiting = WaitingFrames::default();
    loop {
        let event = match receive(&mut source, last, false).await {
            Received::Frame(frame) => Event::FrameArrived { connection, frame: redactor.frame(frame) },
            Received::Unreadable(why) => Event::FrameUnreadable { connection, why: inert(&redactor.text(&why)) },
            Received::End(end) => return end,
        };
        if hand_over(event, events, &mut waiting).await.is_err() {
            return LinkEnd::soon(link_end::PROGRAM_ENDED);
        }
    }
}

/// Puts an event to those that wait, once so many of them were taken in that the frames among them keep to their bytes.
async fn hand_over(
    event: Event,
    events: &mpsc::Sender<Event>,
    waiting: &mut WaitingFrames,
) -> Result<(), mpsc::error::SendError<()>> {
    let (room, size) = (events.max_capacity(), event.bytes());
    let most = waiting.most_before(size, room - events.capacity()).unwrap_or(room - 1);
    // Places that are free together are a queue that is as short as wanted; all but one are given back at once.
    let mut places = events.reserve_many(room - most.min(room - 1)).await?;
    if let Some(place) = places.next() {
        place.send(event);
        waiting.add(size);
    }
    Ok(())
}

/// The end of the writing.
enum Written {
    /// The outbox was closed, and all of it was written.
    All,
    /// The link takes nothing any more.
    Broken(LinkEnd),
}

/// Writes what was handed over, in order, until the outbox is closed.
async fn write(mut sink: SplitSink<Socket, Message>, mut outgoing: mpsc::Receiver<Frame>) -> Written {
    while let Some(frame) = outgoing.recv().await {
        if let Err(error) = sink.send(Message::text(frame.encode())).await {
            return Written::Broken(websocket::end(&error, false));
        }
    }
    let _ = sink.close().await;
    Written::All
}
