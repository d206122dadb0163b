//! Authenticate2FA: the second factor of a login, on the socket that asked for it (PROTOCOL.md 2 [capture: VX, CCXT]).
//!
//! Its payload holds a code: the frame goes to the socket and nowhere else. The reply is read as every login's.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::domain::CallId;
use crate::protocol::Frame;

/// The function name `n`.
pub const NAME: &str = "Authenticate2FA";

#[derive(Serialize)]
struct Request<'a> {
    #[serde(rename = "Code")]
    code: &'a str,
}

/// The frame that gives the code.
pub fn frame(id: CallId, code: &SecretString) -> Frame {
    // Strings always serialize.
    let payload = serde_json::to_string(&Request { code: code.expose_secret() }).unwrap_or_default();
    Frame::request(id, NAME, payload)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::UserId;
    use crate::protocol::FrameKind;
    use crate::protocol::rpc::authenticate_user::{LoginRefused, parse};

    #[test]
    fn the_code_is_sent_as_captured() {
        assert_eq!(frame(CallId(4), &"235991".into()).payload, r#"{"Code":"235991"}"#);
    }

    #[test]
    fn the_captured_answers_read_as_a_login() {
        let answer = |payload: &str| {
            parse(&Frame { kind: FrameKind::Reply, id: CallId(4), name: NAME.to_owned(), payload: payload.to_owned() })
        };
        let captured = r#"{"Authenticated":true,"UserId":2,"SessionToken":"db1f4eeb-…"}"#;
        assert_eq!(answer(captured).unwrap().user, Some(UserId(2)));
        let refused = LoginRefused::Refused("no reason given".into());
        assert_eq!(answer(r#"{"Authenticated":false}"#), Err(refused));
    }
}
