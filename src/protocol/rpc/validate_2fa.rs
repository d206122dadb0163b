//! Validate2FA: the code that opens the calls protected by a second factor (PROTOCOL.md 2 [doc: SLATE, VX]).
//!
//! Its payload holds a code: the frame is made in the runtime and goes to the socket and nowhere else. What `TFaType` takes is
//! documented nowhere; the empty text of the documentation's sample leaves the choice to the exchange.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use super::Rpc;
use crate::domain::CallId;
use crate::protocol::Frame;
use crate::protocol::object::{Object, Unreadable};

/// Gives a code.
pub struct Validate2Fa {
    code: SecretString,
}

#[derive(Serialize)]
struct Request<'a> {
    #[serde(rename = "TFaType")]
    kind: &'a str,
    #[serde(rename = "Code")]
    code: &'a str,
}

impl Rpc for Validate2Fa {
    const NAME: &'static str = "Validate2FA";
    /// `TFaAuthenticated`: whether the code was right.
    type Response = bool;

    fn payload(&self) -> String {
        // Strings always serialize.
        serde_json::to_string(&Request { kind: "", code: self.code.expose_secret() }).unwrap_or_default()
    }

    fn parse(payload: &str) -> Result<bool, Unreadable> {
        Object::read(payload)?.take("tfaauthenticated").ok_or(Unreadable::Lacks("TFaAuthenticated"))
    }
}

/// The frame that gives the code.
pub fn frame(id: CallId, code: SecretString) -> Frame {
    Frame::request(id, Validate2Fa::NAME, Validate2Fa { code }.payload())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_asked_and_answered_as_documented() {
        assert_eq!(frame(CallId(2), "235991".into()).payload, r#"{"TFaType":"","Code":"235991"}"#);
        assert!(Validate2Fa::parse(r#"{"TFaAuthenticated":true}"#).unwrap());
        assert!(!Validate2Fa::parse(r#"{"tfaAuthenticated":false}"#).unwrap());
        assert!(Validate2Fa::parse("{}").is_err());
    }
}
