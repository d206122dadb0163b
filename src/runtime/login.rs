//! The login on a link that is open: asked once, never again by itself. What is sent here goes to the socket and nowhere else.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use super::clock;
use super::link::{Socket, explain};
use crate::domain::CallId;
use crate::protocol::rpc::authenticate_user::{self, Credentials};
use crate::protocol::{Frame, FrameKind};

pub(super) use authenticate_user::parse;

/// Sends the login and waits for its reply.
pub(super) async fn log_in(socket: &mut Socket, credentials: &Credentials, login: CallId) -> Result<Frame, String> {
    let nonce = clock::wall().as_millisecond().to_string();
    call(socket, authenticate_user::frame(login, credentials, &nonce)).await
}

/// Sends a call and waits for its reply; whatever else comes before it is not for us yet.
async fn call(socket: &mut Socket, frame: Frame) -> Result<Frame, String> {
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
            && reply.id == frame.id
            && matches!(reply.kind, FrameKind::Reply | FrameKind::Error)
        {
            return Ok(reply);
        }
    }
}
