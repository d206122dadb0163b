//! WebAuthenticateUser by session token: how a lost link comes back without a password (PROTOCOL.md 2 [doc: VX; client: WEB]).
//!
//! Its payload holds the token: the frame goes to the socket and nowhere else. The reply is read as every login's.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::domain::CallId;
use crate::protocol::Frame;

/// The function name `n`.
pub const NAME: &str = "WebAuthenticateUser";

#[derive(Serialize)]
struct Request<'a> {
    #[serde(rename = "SessionToken")]
    token: &'a str,
}

/// The login frame.
pub fn frame(id: CallId, token: &SecretString) -> Frame {
    // Strings always serialize.
    let payload = serde_json::to_string(&Request { token: token.expose_secret() }).unwrap_or_default();
    Frame::request(id, NAME, payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_sent_as_documented() {
        let frame = frame(CallId(2), &"a923322a".into());
        assert_eq!((frame.name.as_str(), frame.payload.as_str()), (NAME, r#"{"SessionToken":"a923322a"}"#));
    }
}
