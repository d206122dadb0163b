//! The WebSocket under a link: its handshake, and why there is none, in words. It knows no login and sends nothing.

use std::time::Duration;

use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::handshake::client::Response;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::transport::Stream;
use crate::app::limits;
use crate::domain::text::inert;
use crate::protocol::Target;

/// The WebSocket handshake has this long. The network's phases and the login's calls have limits of their own.
pub(super) const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// Bytes that may wait to be written.
const WRITE_BUFFER: usize = 1024 * 1024;

/// A WebSocket over any bytes.
pub(super) type Socket = WebSocketStream<Box<dyn Stream>>;

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

/// Why a WebSocket ended, in words; inert.
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
