//! The handshake of a WebSocket (RFC 6455 4.1): every answer that is valid is taken, every other is told in words. What is read is
//! bounded; the time is bounded by whoever shakes hands.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::generate_request;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::clock;
use super::text_frames::{AsBinary, FrameCursor};
use super::transport::Stream;
use super::websocket::{Socket, io_end};
use crate::app::limits;
use crate::app::words::websocket::handshake as own_words;
use crate::app::words::{far_side as words, stream as stream_words};
use crate::domain::text::inert;
use crate::protocol::far_side::http::{self, HttpAnswer};
use crate::protocol::{LinkEnd, Target};

/// The WebSocket handshake has this long. The network's phases and the login's calls have limits of their own.
pub(super) const LIMIT: Duration = Duration::from_secs(10);
/// Bytes that may wait to be written.
const WRITE_BUFFER: usize = 1024 * 1024;
/// The head of an answer, interim ones included, is no longer than this.
const MOST_HEAD: usize = 32 * 1024;
/// So many headers.
const MOST_HEADERS: usize = 128;
/// So much of a body is looked at,
const MOST_BODY: usize = 4 * 1024;
/// for so long.
const BODY_LIMIT: Duration = Duration::from_secs(1);

/// A handshake that succeeded.
pub(super) struct Shaken {
    /// The WebSocket.
    pub(super) socket: Socket,
    /// The `Date` header of the answer. Remote text.
    pub(super) date: Option<String>,
}

/// The handshake on a stream that is open.
pub(super) async fn shake_hands(target: &Target, mut stream: Box<dyn Stream>) -> Result<Shaken, LinkEnd> {
    let url_is_wrong = || LinkEnd::for_a_person(words::no_websocket(target, own_words::URL_IS_WRONG));
    let request = target.url.as_str().into_client_request().map_err(|_| url_is_wrong())?;
    let (request, key) = generate_request(request).map_err(|_| url_is_wrong())?;
    let broken = |error: std::io::Error| {
        io_end(&error).unwrap_or_else(|| {
            let what = own_words::broken(&stream_words::why(&error));
            LinkEnd::soon(words::no_websocket(target, &what))
        })
    };
    stream.write_all(&request).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;
    let mut bytes = Vec::new();
    loop {
        if let Some(head) =
            Head::read(&bytes).map_err(|what| LinkEnd::for_a_person(words::no_websocket(target, what)))?
        {
            let rest = bytes.split_off(head.length);
            match head.status {
                101 => return opened(target, &head, &derive_accept_key(key.as_bytes()), stream, rest).await,
                // The final answer follows.
                100..=199 => bytes = rest,
                _ => return Err(refused(target, &head, stream, rest).await),
            }
            continue;
        }
        if bytes.len() > MOST_HEAD {
            return Err(LinkEnd::for_a_person(words::no_websocket(target, own_words::ENDLESS)));
        }
        if stream.read_buf(&mut bytes).await.map_err(broken)? == 0 {
            let what = if bytes.is_empty() { own_words::CLOSED } else { own_words::CLOSED_IN_THE_MIDDLE };
            return Err(LinkEnd::soon(words::no_websocket(target, what)));
        }
    }
}

async fn opened(
    target: &Target,
    head: &Head,
    accept: &str,
    stream: Box<dyn Stream>,
    mut rest: Vec<u8>,
) -> Result<Shaken, LinkEnd> {
    if let Err(what) = head.check(accept) {
        return Err(LinkEnd::for_a_person(words::no_websocket(target, &what)));
    }
    let config = WebSocketConfig::default()
        .max_message_size(Some(limits::MESSAGE))
        .max_frame_size(Some(limits::MESSAGE))
        .max_write_buffer_size(WRITE_BUFFER);
    let mut cursor = FrameCursor::default();
    cursor.pass(&mut rest);
    let stream = AsBinary::new(stream, cursor);
    let socket = WebSocketStream::from_partially_read(stream, rest, Role::Client, Some(config)).await;
    Ok(Shaken { socket, date: head.first("date").map(str::to_owned) })
}

/// An answer that is no WebSocket, with the first line of its body.
async fn refused(target: &Target, head: &Head, mut stream: Box<dyn Stream>, mut body: Vec<u8>) -> LinkEnd {
    let is_chunked = head.tokens("transfer-encoding").any(|token| token.eq_ignore_ascii_case("chunked"));
    let length = head.first("content-length").and_then(|length| length.parse::<usize>().ok()).filter(|_| !is_chunked);
    let most = length.unwrap_or(MOST_BODY).min(MOST_BODY);
    let end = Instant::now() + BODY_LIMIT;
    // A body that does not come, or breaks off, is told as far as it came.
    while body.len() < most && !(is_chunked && dechunked(&body).is_complete) {
        match timeout_at(end, stream.read_buf(&mut body)).await {
            Ok(Ok(count)) if count > 0 => {}
            _ => break,
        }
    }
    if is_chunked {
        body = dechunked(&body).body;
    }
    body.truncate(most);
    let is_coded = head.tokens("content-encoding").any(|token| !token.eq_ignore_ascii_case("identity"));
    let is_page = head.first("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    let said = if is_coded { None } else { http::first_line(&String::from_utf8_lossy(&body), is_page) };
    let retry_after =
        head.first("retry-after").and_then(|value| http::retry_after(value, head.first("date"), clock::wall()));
    let answer = HttpAnswer { status: head.status, location: head.first(LOCATION).map(Into::into), said, retry_after };
    LinkEnd::new(words::answered(target, &answer), answer.next())
}

/// The head of an answer.
struct Head {
    status: u16,
    headers: Vec<Header>,
    /// Bytes of it.
    length: usize,
}

struct Header {
    name: String,
    value: String,
}

impl Head {
    /// Reads the head, if all of it is there. The error says what answers.
    fn read(bytes: &[u8]) -> Result<Option<Self>, &'static str> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        let mut config = httparse::ParserConfig::default();
        // As a recipient must or may (RFC 9112 2.2, 5.2): none of it changes what a header says.
        config
            .allow_obsolete_multiline_headers_in_responses(true)
            .allow_spaces_after_header_name_in_responses(true)
            .ignore_invalid_headers_in_responses(true);
        let length = match config.parse_response(&mut response, bytes) {
            Ok(httparse::Status::Complete(length)) if length <= MOST_HEAD => length,
            Ok(httparse::Status::Complete(_)) | Err(httparse::Error::TooManyHeaders) => return Err(own_words::ENDLESS),
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err(own_words::NO_WEBSOCKET),
        };
        let status = response.code.unwrap_or_default();
        if status == 101 && response.version != Some(1) {
            return Err(own_words::OLD_HTTP);
        }
        let header = |header: &httparse::Header<'_>| Header {
            name: header.name.to_ascii_lowercase(),
            value: String::from_utf8_lossy(header.value).trim().to_owned(),
        };
        let headers: Vec<Header> = response.headers.iter().map(header).collect();
        let passed_over = (!headers.iter().any(|header| header.name == LOCATION)).then(|| place(&bytes[..length]));
        let headers = headers.into_iter().chain(passed_over.flatten()).collect();
        Ok(Some(Self { status, headers, length }))
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |header| header.name == name).map(|header| header.value.as_str())
    }

    fn first<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// The members of a list, which may stand on several lines.
    fn tokens<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.all(name).flat_map(|value| value.split(',')).map(str::trim).filter(|token| !token.is_empty())
    }

    /// Checks that it opens the WebSocket that we asked for; the error says what is wrong.
    fn check(&self, accept: &str) -> Result<(), String> {
        let has = |name, wanted: &str| self.tokens(name).any(|token| token.eq_ignore_ascii_case(wanted));
        if !has("upgrade", "websocket") {
            return Err(own_words::OTHER_PROTOCOL.to_owned());
        }
        if !has("connection", "upgrade") {
            return Err(own_words::NO_UPGRADE.to_owned());
        }
        let mut accepts = self.all("sec-websocket-accept").peekable();
        if accepts.peek().is_none() || accepts.any(|value| value != accept) {
            return Err(own_words::OTHER_HANDSHAKE.to_owned());
        }
        // We ask for neither.
        for name in ["sec-websocket-extensions", "sec-websocket-protocol"] {
            if let Some(added) = self.tokens(name).next() {
                let (added, what) = (inert(added), name.trim_start_matches("sec-websocket-").trim_end_matches('s'));
                return Err(own_words::adds(what, &added));
            }
        }
        Ok(())
    }
}

const LOCATION: &str = "location";

/// A place with control characters in it, which the reader of the head passes over: it is told all the same, and made inert there.
fn place(head: &[u8]) -> Option<Header> {
    head.split(|byte| *byte == b'\n').skip(1).find_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        let value = String::from_utf8_lossy(value).trim_matches([' ', '\t', '\r']).to_owned();
        name.trim_ascii().eq_ignore_ascii_case(LOCATION.as_bytes()).then(|| Header { name: LOCATION.to_owned(), value })
    })
}

/// A body without the sizes of its chunks, as far as it came.
struct Dechunked {
    body: Vec<u8>,
    is_complete: bool,
}

fn dechunked(mut bytes: &[u8]) -> Dechunked {
    let mut body = Vec::new();
    loop {
        let Ok(httparse::Status::Complete((start, size))) = httparse::parse_chunk_size(bytes) else {
            return Dechunked { body, is_complete: false };
        };
        if size == 0 {
            return Dechunked { body, is_complete: true };
        }
        let end = usize::try_from(size).unwrap_or(usize::MAX).saturating_add(start);
        body.extend_from_slice(bytes.get(start..end.min(bytes.len())).unwrap_or_default());
        match bytes.get(end.saturating_add(2)..) {
            Some(rest) => bytes = rest,
            None => return Dechunked { body, is_complete: false },
        }
    }
}

#[cfg(test)]
mod tests;
