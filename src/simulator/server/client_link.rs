//! One client of the server: handshake, then frames in and frames out, until one side ends or the link breaks.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode, header};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::http_reply;
use super::line::{ByteLine, Control, Wire};
use super::{QUEUE, ServerInput};
use crate::simulator::conduct::{Close, Handshake, Messages};
use crate::simulator::exchange::{Client, Greeting};

/// A close waits so long for the other side's.
const CLOSE_LIMIT: Duration = Duration::from_millis(500);

/// An order to a link.
pub(super) enum LinkOrder {
    Text(String),
    Close(Close),
    Drop,
    Cut(String),
    Stall,
}

/// A stream before its handshakes.
pub(super) enum Arrival {
    Tcp(TcpStream, Option<TlsAcceptor>),
    Adopted(Box<dyn Wire>),
}

/// Serves a client until one side ends.
pub(super) async fn serve(arrival: Arrival, client: Client, inbox: mpsc::Sender<ServerInput>) {
    let (answer, answered) = oneshot::channel();
    if inbox.send(ServerInput::Knocked(answer)).await.is_err() {
        return;
    }
    let Ok(greeting) = answered.await else { return };
    match greeting.handshake {
        // Holds the socket, and says nothing.
        Handshake::Silent => return std::future::pending().await,
        Handshake::Dropped => return drop_early(arrival).await,
        _ => {}
    }
    let Some(wire) = secure(arrival).await else { return };
    let control = Control::new(greeting.drip);
    let Some(socket) = shake_hands(ByteLine::new(wire, control.clone()), &greeting).await else { return };
    let (outbox, outgoing) = mpsc::channel(QUEUE);
    if inbox.send(ServerInput::Joined(client, outbox, control.clone())).await.is_err() {
        return;
    }
    let form = Form { messages: greeting.messages, times: greeting.messages_times };
    converse(socket, client, form, outgoing, &control, &inbox).await;
    let _ = inbox.send(ServerInput::Left(client)).await;
}

/// Ends the link once the client has said something.
async fn drop_early(arrival: Arrival) {
    let mut said = [0; 64];
    match arrival {
        Arrival::Tcp(mut stream, _) => drop(stream.read(&mut said).await),
        Arrival::Adopted(mut wire) => drop(wire.read(&mut said).await),
    }
}

async fn secure(arrival: Arrival) -> Option<Box<dyn Wire>> {
    match arrival {
        Arrival::Adopted(wire) => Some(wire),
        Arrival::Tcp(stream, acceptor) => {
            let _ = stream.set_nodelay(true);
            match acceptor {
                None => Some(Box::new(stream)),
                Some(acceptor) => Some(Box::new(acceptor.accept(stream).await.ok()?)),
            }
        }
    }
}

/// The HTTP handshake, with a `Date`; `None` if there is no link after it.
async fn shake_hands(line: ByteLine, greeting: &Greeting) -> Option<WebSocketStream<ByteLine>> {
    if let Handshake::Answered(reply) = &greeting.handshake {
        return http_reply::answer(line, reply, &greeting.date).await;
    }
    let date = HeaderValue::from_str(&greeting.date).ok();
    let is_refused = greeting.handshake == Handshake::Refused;
    #[expect(clippy::result_large_err, reason = "the form that the handshake asks for")]
    let callback = move |_: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
        if let Some(date) = date {
            response.headers_mut().insert(header::DATE, date);
        }
        if !is_refused {
            return Ok(response);
        }
        let mut refusal = response.map(|()| Some("the gateway is not available".to_owned()));
        *refusal.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        Err(refusal)
    };
    tokio_tungstenite::accept_hdr_async(line, callback).await.ok()
}

/// The form of the messages of a link.
#[derive(Clone, Copy)]
struct Form {
    messages: Messages,
    times: Option<u64>,
}

impl Messages {
    fn message(self, text: String) -> Message {
        const MARK: &str = "\u{feff}";
        match self {
            Self::Text => Message::text(text),
            Self::Binary => Message::binary(text.into_bytes()),
            Self::Marked => Message::text(format!("{MARK}{text}")),
            Self::MarkedBinary => Message::binary(format!("{MARK}{text}").into_bytes()),
            Self::MangledNames => {
                let bytes = mangled(text.as_bytes());
                Message::Frame(Frame::message(bytes, OpCode::Data(Data::Text), true))
            }
            Self::Garbled => {
                Message::binary(text.into_bytes().into_iter().map(|byte| byte | 0x80).collect::<Vec<u8>>())
            }
        }
    }
}

/// Half a letter behind the beginning of every name.
fn mangled(mut text: &[u8]) -> Vec<u8> {
    const NAME: &[u8] = br#"AccountName\":\""#;
    let mut bytes = Vec::with_capacity(text.len());
    while let Some(at) = text.windows(NAME.len()).position(|window| window == NAME) {
        let (before, after) = text.split_at(at + NAME.len());
        bytes.extend_from_slice(before);
        bytes.extend_from_slice(&[0xed, 0xa0, 0xbd]);
        text = after;
    }
    bytes.extend_from_slice(text);
    bytes
}

fn frame(close: Close) -> Option<CloseFrame> {
    close.code.map(|code| CloseFrame { code: code.into(), reason: close.reason.into() })
}

async fn converse(
    socket: WebSocketStream<ByteLine>,
    client: Client,
    form: Form,
    mut outgoing: mpsc::Receiver<LinkOrder>,
    control: &Control,
    inbox: &mpsc::Sender<ServerInput>,
) {
    let (mut sink, mut source) = socket.split();
    let writer = async {
        let mut sent = 0;
        while let Some(told) = outgoing.recv().await {
            let is_odd = form.times.is_none_or(|times| sent < times);
            let message = |text: String| if is_odd { form.messages.message(text) } else { Message::text(text) };
            sent += 1;
            let done = match told {
                LinkOrder::Text(text) => sink.send(message(text)).await,
                LinkOrder::Cut(text) => {
                    control.cut_after(text.len() / 2 + 1);
                    sink.send(Message::text(text)).await
                }
                LinkOrder::Stall => {
                    control.stall();
                    Ok(())
                }
                LinkOrder::Close(close) => {
                    let _ = sink.send(Message::Close(frame(close))).await;
                    // As a gateway that waits a moment for the other side's close.
                    let _ = timeout(CLOSE_LIMIT, control.hung_up()).await;
                    break;
                }
                // No close frame, as a lost link has none.
                LinkOrder::Drop => break,
            };
            if done.is_err() {
                break;
            }
        }
    };
    let reader = async {
        while let Some(Ok(message)) = source.next().await {
            let received = match message {
                Message::Text(text) => inbox.send(ServerInput::Text(client, text.as_str().to_owned())).await,
                Message::Binary(bytes) => {
                    inbox.send(ServerInput::Text(client, String::from_utf8_lossy(&bytes).into_owned())).await
                }
                Message::Close(_) => break,
                _ => Ok(()),
            };
            if received.is_err() {
                break;
            }
        }
    };
    tokio::select! { () = writer => {} () = reader => {} () = control.hung_up() => {} }
}
