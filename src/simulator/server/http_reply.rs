//! An answer to the handshake that a scenario spells to the letter: header lines in any order and case, any status, a body.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::line::ByteLine;
use crate::simulator::conduct::HttpReply;

/// No request of a client is longer.
const MOST_REQUEST: usize = 16 * 1024;

/// Answers; `None` if there is no link after it.
pub(super) async fn answer(mut line: ByteLine, reply: &HttpReply, date: &str) -> Option<WebSocketStream<ByteLine>> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        if request.len() > MOST_REQUEST || line.read_buf(&mut request).await.ok()? == 0 {
            return None;
        }
    }
    let opens = reply.status == 101;
    let mut head = format!("HTTP/1.1 {} Answer\r\nDate: {date}\r\n", reply.status);
    for [name, value] in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if opens {
        head.push_str(&format!("Sec-WebSocket-Accept: {}\r\n", derive_accept_key(key(&request)?.as_bytes())));
    } else {
        head.push_str(&format!("Content-Length: {}\r\n", reply.body.len()));
    }
    head.push_str("\r\n");
    head.push_str(&reply.body);
    line.write_all(head.as_bytes()).await.ok()?;
    line.flush().await.ok()?;
    if !opens {
        let _ = line.shutdown().await;
        return None;
    }
    Some(WebSocketStream::from_raw_socket(line, Role::Server, None).await)
}

fn key(request: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(request).ok()?;
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = lines.find(|(name, _)| name.trim().eq_ignore_ascii_case("sec-websocket-key"))?;
    Some(value.trim().to_owned())
}
