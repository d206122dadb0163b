//! The frame `{"m","i","n","o"}` with its payload in a string (PROTOCOL.md 1).

use serde::Serialize;

use super::loose;
use super::object::{Object, Unreadable};
use crate::domain::CallId;

/// The byte order mark.
const MARK: char = '\u{feff}';

/// The kind of message that a frame is: the field `m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// 0. Every real client also subscribes with it.
    Request,
    /// 1.
    Reply,
    /// 2.
    Subscribe,
    /// 3; its `i` is the server's own and may equal that of a pending request.
    Event,
    /// 4.
    Unsubscribe,
    /// 5.
    Error,
}

impl FrameKind {
    /// The field `m`.
    pub fn number(self) -> u8 {
        match self {
            Self::Request => 0,
            Self::Reply => 1,
            Self::Subscribe => 2,
            Self::Event => 3,
            Self::Unsubscribe => 4,
            Self::Error => 5,
        }
    }

    fn from_number(number: i64) -> Option<Self> {
        Some(match number {
            0 => Self::Request,
            1 => Self::Reply,
            2 => Self::Subscribe,
            3 => Self::Event,
            4 => Self::Unsubscribe,
            5 => Self::Error,
            _ => return None,
        })
    }
}

/// One message of the wire. Not `Debug`: the payload may hold a session token.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// `m`.
    pub kind: FrameKind,
    /// `i`: replies echo the request's.
    pub id: CallId,
    /// `n`: the function or event.
    pub name: String,
    /// `o`: JSON text, plain text or nothing.
    pub payload: String,
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({:?} i={} n={:?} o: {} bytes)", self.kind, self.id, self.name, self.payload.len())
    }
}

/// Why text is not a frame. Holds nothing of what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Not a JSON object of the right form.
    #[error("it is no message of the form that is spoken here: {0}")]
    NotAFrame(#[from] Unreadable),
    /// An `m` that is not documented.
    #[error("it is of the kind m={0}, which is not known here")]
    UnknownKind(i64),
}

#[derive(Serialize)]
struct Outgoing<'a> {
    m: u8,
    i: u64,
    n: &'a str,
    o: &'a str,
}

impl Frame {
    /// A request.
    pub fn request(id: CallId, name: &str, payload: String) -> Self {
        Self { kind: FrameKind::Request, id, name: name.to_owned(), payload }
    }

    /// The frame as text of the wire.
    pub fn encode(&self) -> String {
        let outgoing = Outgoing { m: self.kind.number(), i: self.id.0, n: &self.name, o: &self.payload };
        // Integers and strings always serialize; an empty text would be refused by the exchange, and nothing is lost.
        serde_json::to_string(&outgoing).unwrap_or_default()
    }

    /// Reads a frame. The payload may be a string, absent, null, or (never seen, but harmless) bare JSON.
    ///
    /// # Errors
    /// If it is no object, of no documented kind, or a reply without a number or with two payloads.
    pub fn decode(text: &str) -> Result<Self, FrameError> {
        // Some servers write a byte order mark before their text.
        let text = text.trim_start_matches(MARK);
        let escaped = loose::escaped(text);
        let mut frame = Object::read(escaped.as_deref().unwrap_or(text))?;
        let number: i64 = frame.take("m").ok_or(Unreadable::Lacks("kind, m,"))?;
        let kind = FrameKind::from_number(number).ok_or(FrameError::UnknownKind(number))?;
        let id = match (frame.take("i"), kind) {
            (Some(id), _) => id,
            // Nobody looks at the number of an event.
            (None, FrameKind::Event) => 0,
            (None, _) => return Err(Unreadable::Lacks("number, i,").into()),
        };
        let name = frame.take("n").unwrap_or_default();
        let payload = frame.raw("o").map(loose::content).unwrap_or_default();
        if frame.disputed("o").is_some() {
            return Err(Unreadable::Lacks("payload, o,").into());
        }
        let mut payload = loose::escaped(&payload).unwrap_or(payload);
        if payload.starts_with(MARK) {
            payload = payload.trim_start_matches(MARK).to_owned();
        }
        Ok(Self { kind, id: CallId(id), name, payload })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_carries_its_payload_in_a_string() {
        let frame =
            Frame::request(CallId(46), "CancelFailedWithdrawTicket", r#"{"omsId":1,"ticketId":287}"#.to_owned());
        assert_eq!(
            frame.encode(),
            r#"{"m":0,"i":46,"n":"CancelFailedWithdrawTicket","o":"{\"omsId\":1,\"ticketId\":287}"}"#
        );
        assert_eq!(Frame::decode(&frame.encode()), Ok(frame));
    }

    #[test]
    fn a_payload_may_be_a_string_absent_null_or_bare() {
        for (text, payload) in [
            (r#"{"m":1,"i":2,"n":"Ping","o":"{\"msg\":\"PONG\"}"}"#, r#"{"msg":"PONG"}"#),
            (r#"{"m":1,"i":2,"n":"Ping"}"#, ""),
            (r#"{"M":1,"I":2,"N":"Ping","O":null}"#, ""),
            (r#"{"m":1,"i":2,"n":"Ping","o":{"msg":1.10}}"#, r#"{"msg":1.10}"#),
            (r#"{"m":5,"i":2,"n":"Ping","o":"Server is busy"}"#, "Server is busy"),
            ("\u{feff}{\"m\":1,\"i\":2,\"n\":\"Ping\",\"o\":\"\u{feff}[]\"}", "[]"),
        ] {
            assert_eq!(Frame::decode(text).unwrap().payload, payload);
        }
    }

    #[test]
    fn what_is_not_a_frame_is_an_error_not_a_panic() {
        for text in ["", "[]", "hello", r#"{"m":1}"#, r#"{"m":9,"i":1,"n":"x","o":""}"#, r#"{"m":1,"i":-1,"n":"x"}"#] {
            assert!(Frame::decode(text).is_err(), "{text}");
        }
        assert!(Frame::decode(&"[".repeat(200_000)).is_err());
        assert!(Frame::decode(r#"{"m":1,"i":2,"n":"Ping","o":"{}","O":"[]"}"#).is_err(), "two payloads that differ");
    }

    #[test]
    fn debug_output_does_not_show_the_payload() {
        let frame = Frame::request(CallId(2), "AuthenticateUser", "{\"Password\":\"hunter2\"}".to_owned());
        assert!(!format!("{frame:?}").contains("hunter2"));
    }
}
