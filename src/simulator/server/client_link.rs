//! One client of the server: handshake, then frames in and frames out, until one side ends or the link breaks.

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode, header};

use super::line::{ByteLine, Control, Wire};
use super::{QUEUE, ServerInput};
use crate::simulator::conduct::Handshake;
use crate::simulator::exchange::{Client, Greeting};

/// An order to a link.
pub(super) enum LinkOrder {
    Text(String),
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
    if greeting.handshake == Handshake::Silent {
        // Holds the socket, and says nothing.
        return std::future::pending().await;
    }
    let Some(wire) = secure(arrival).await else { return };
    let control = Control::new(greeting.drip);
    let Some(socket) = shake_hands(ByteLine::new(wire, control.clone()), &greeting).await else { return };
    let (outbox, outgoing) = mpsc::channel(QUEUE);
    if inbox.send(ServerInput::Joined(client, outbox, control.clone())).await.is_err() {
        return;
    }
    converse(socket, client, outgoing, &control, &inbox).await;
    let _ = inbox.send(ServerInput::Left(client)).await;
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

async fn converse(
    socket: WebSocketStream<ByteLine>,
    client: Client,
    mut outgoing: mpsc::Receiver<LinkOrder>,
    control: &Control,
    inbox: &mpsc::Sender<ServerInput>,
) {
    let (mut sink, mut source) = socket.split();
    let writer = async {
        while let Some(told) = outgoing.recv().await {
            let sent = match told {
                LinkOrder::Text(text) => sink.send(Message::text(text)).await,
                LinkOrder::Cut(text) => {
                    control.cut_after(text.len() / 2 + 1);
                    sink.send(Message::text(text)).await
                }
                LinkOrder::Stall => {
                    control.stall();
                    Ok(())
                }
                // No close frame, as a lost link has none.
                LinkOrder::Drop => break,
            };
            if sent.is_err() {
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
