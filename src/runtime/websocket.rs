//! The messages of a WebSocket: ONE reader for the login, the link and `doctor`. What comes is a frame, or cannot be read and is
//! said to be, or is the end, with its code and reason.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::protocol::CloseFrame as Close;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::text_frames::{AsBinary, LastClose};
use super::transport;
use crate::app::limits;
use crate::app::words::{far_side as words, stream as stream_words, websocket as message_words};
use crate::domain::RemoteText;
use crate::domain::text::inert;
use crate::protocol::far_side::close::CloseFrame;
use crate::protocol::{Frame, LinkEnd, Parting};

/// The answer to a close has this long to leave.
const GOOD_BYE: Duration = Duration::from_millis(100);

/// A WebSocket over any bytes.
pub(super) type Socket = WebSocketStream<AsBinary<Box<dyn transport::Stream>>>;

/// Something that the far side sent.
pub(super) enum Received {
    /// A frame.
    Frame(Frame),
    /// A message that is none; why, inert.
    Unreadable(String),
    /// Nothing more comes.
    End(LinkEnd),
}

/// Reads until something comes that is no ping. `last` is the socket's last close; `answers_login` says whether a login that was sent in full waits for its answer.
pub(super) async fn receive<S>(source: &mut S, last: &LastClose, answers_login: bool) -> Received
where
    S: Stream<Item = Result<Message, Error>> + Unpin,
{
    loop {
        return match source.next().await {
            Some(Ok(Message::Text(text))) => decode(&text),
            Some(Ok(Message::Binary(bytes))) => decode_bytes(&bytes),
            Some(Ok(Message::Close(close))) => {
                // Reading on sends the answer to it, without which the far side would call this a broken link.
                let _ = timeout(GOOD_BYE, source.next()).await;
                Received::End(closed(close, last, answers_login))
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
            // A close of which the library can make nothing.
            Some(Err(Error::Utf8(_) | Error::Protocol(ProtocolError::InvalidCloseSequence)))
                if !last.payload().is_empty() =>
            {
                Received::End(closed_as_it_came(last, answers_login))
            }
            Some(Err(error)) => Received::End(end(&error, answers_login)),
            None => Received::End(LinkEnd::dropped(words::dropped(answers_login))),
        };
    }
}

/// Bytes that are not UTF-8 are spelled out: they may stand in one customer's name, and the rest is as good as ever.
fn decode_bytes(bytes: &[u8]) -> Received {
    let spelled = match std::str::from_utf8(bytes) {
        Ok(text) => return decode(text),
        Err(_) => spelled(bytes),
    };
    match Frame::decode(&spelled) {
        Ok(frame) => Received::Frame(frame),
        Err(_) => Received::Unreadable(message_words::no_text(bytes.len())),
    }
}

/// Each byte that is no part of a letter, by its number: two that differ stay different.
fn spelled(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "<0x{byte:02X}>");
        }
    }
    text
}

fn decode(text: &str) -> Received {
    match Frame::decode(text) {
        Ok(frame) => Received::Frame(frame),
        Err(error) => Received::Unreadable(inert(&error.to_string())),
    }
}

/// A close by its payload: a code of two bytes, and a reason.
fn closed_as_it_came(last: &LastClose, answers_login: bool) -> LinkEnd {
    let payload = last.payload();
    let (code, reason) = match payload.as_slice() {
        [high, low, reason @ ..] => (Some(u16::from_be_bytes([*high, *low])), reason),
        all => (None, all),
    };
    told(&CloseFrame { code, reason: RemoteText::new(spelled(reason)), answers_login })
}

fn closed(close: Option<Close>, last: &LastClose, answers_login: bool) -> LinkEnd {
    let frame = match close {
        // The library's word for a close whose code none may have.
        Some(Close { code: CloseCode::Protocol, reason }) if reason.as_str() == "Protocol violation" => {
            return closed_as_it_came(last, answers_login);
        }
        None => CloseFrame { answers_login, ..CloseFrame::default() },
        Some(Close { code, reason }) => {
            CloseFrame { code: Some(code.into()), reason: RemoteText::new(reason.as_str()), answers_login }
        }
    };
    told(&frame)
}

fn told(frame: &CloseFrame) -> LinkEnd {
    let parting = if frame.is_dismissal() { Parting::Closed } else { Parting::Troubled };
    LinkEnd { parting, ..LinkEnd::new(words::closed(frame), frame.next()) }
}

/// Why a WebSocket ended, or took no message.
pub(super) fn end(error: &Error, answers_login: bool) -> LinkEnd {
    match error {
        Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof && io_end(error).is_none() => {
            LinkEnd::dropped(words::dropped(answers_login))
        }
        Error::Io(error) => io_end(error).unwrap_or_else(|| broken(error)),
        Error::ConnectionClosed
        | Error::AlreadyClosed
        | Error::Protocol(ProtocolError::ResetWithoutClosingHandshake | ProtocolError::SendAfterClosing) => {
            LinkEnd::dropped(words::dropped(answers_login))
        }
        Error::Capacity(CapacityError::MessageTooLong { .. }) => LinkEnd::too_long(words::too_long(limits::MESSAGE)),
        Error::Utf8(_) => LinkEnd::soon(words::broke_the_rules(message_words::UNREADABLE_REASON)),
        Error::WriteBufferFull(_) => LinkEnd::soon(words::broken(message_words::TAKES_NOTHING)),
        Error::Protocol(error) => LinkEnd::soon(words::broke_the_rules(rule(error))),
        _ => LinkEnd::soon(words::broke_the_rules(message_words::NO_MESSAGE)),
    }
}

fn broken(error: &io::Error) -> LinkEnd {
    let why = words::broken(&stream_words::why(error));
    match error.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            LinkEnd::dropped(why)
        }
        _ => LinkEnd::soon(why),
    }
}

/// The rule of RFC 6455 that was broken; the library's own words are about its innards.
fn rule(error: &ProtocolError) -> &'static str {
    match error {
        ProtocolError::NonZeroReservedBits => message_words::COMPRESSED,
        ProtocolError::MaskedFrameFromServer => message_words::MASKED,
        ProtocolError::FragmentedControlFrame | ProtocolError::ControlFrameTooBig => message_words::LONG_CONTROL,
        ProtocolError::UnexpectedContinueFrame | ProtocolError::ExpectedFragment(_) => message_words::OUT_OF_ORDER,
        ProtocolError::InvalidCloseSequence => message_words::UNREADABLE_CLOSE,
        ProtocolError::ReceivedAfterClosing => message_words::AFTER_CLOSE,
        _ => message_words::NO_MESSAGE,
    }
}

/// The end that is known to whoever carries the bytes, such as TLS.
pub(super) fn io_end(error: &io::Error) -> Option<LinkEnd> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<LinkEnd>()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::NextTry;
    use futures_util::stream;
    use rstest::rstest;

    const PONG: &str = r#"{"m":1,"i":2,"n":"Ping","o":"{\"msg\":\"PONG\"}"}"#;

    async fn received(message: Result<Message, Error>) -> Received {
        let mut source = stream::iter([Ok(Message::Ping(Vec::new().into())), message]);
        receive(&mut source, &LastClose::default(), false).await
    }

    #[rstest]
    #[case::text(Message::text(PONG))]
    #[case::binary(Message::binary(PONG.as_bytes().to_vec()))]
    #[case::marked(Message::text(format!("\u{feff}{PONG}")))]
    #[case::marked_binary(Message::binary(format!("\u{feff}{PONG}").into_bytes()))]
    #[tokio::test]
    async fn a_frame_is_read_from_text_and_from_bytes_with_and_without_a_mark(#[case] message: Message) {
        let Received::Frame(frame) = received(Ok(message)).await else { panic!("a frame") };
        assert_eq!((frame.name.as_str(), frame.payload.as_str()), ("Ping", r#"{"msg":"PONG"}"#));
    }

    #[rstest]
    #[case::text(Message::text("hello"), "no message of the form")]
    #[case::bytes(Message::binary(vec![0x80, 0x00, 0xff]), "a message of 3 bytes")]
    #[case::nothing(Message::binary(Vec::new()), "no message of the form")]
    #[tokio::test]
    async fn what_is_no_frame_is_said_to_be_unreadable(#[case] message: Message, #[case] said: &str) {
        let Received::Unreadable(why) = received(Ok(message)).await else { panic!("unreadable") };
        assert!(why.contains(said), "{why}");
    }

    #[tokio::test]
    async fn bytes_that_are_no_text_are_spelled_out_in_their_place() {
        let mut bytes = br#"{"m":1,"i":2,"n":"x","o":"{\"AccountName\":\"a"#.to_vec();
        bytes.extend([0xed, 0xa0, 0xbd]);
        bytes.extend(br#"b\"}"}"#);
        let Received::Frame(frame) = received(Ok(Message::binary(bytes))).await else { panic!("a frame") };
        assert_eq!(frame.payload, r#"{"AccountName":"a<0xED><0xA0><0xBD>b"}"#);
    }

    #[tokio::test]
    async fn a_close_is_the_end_with_its_code_and_reason() {
        let close = Close { code: CloseCode::from(4001), reason: "Logged in elsewhere".into() };
        let Received::End(end) = received(Ok(Message::Close(Some(close)))).await else { panic!("the end") };
        assert!(end.why.contains("link: 4001 \"Logged in elsewhere\""), "{end}");
        assert_eq!(end.next, NextTry::ByPerson);
    }

    #[tokio::test]
    async fn a_message_that_is_too_long_is_that_and_no_words_of_a_library() {
        let error = CapacityError::MessageTooLong { size: 30_000_000, max_size: limits::MESSAGE };
        let Received::End(end) = received(Err(error.into())).await else { panic!("the end") };
        assert!(end.is_too_long && end.why.contains("more than 16 MiB"), "{end}");
    }
}
