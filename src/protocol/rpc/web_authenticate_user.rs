//! WebAuthenticateUser by session token: how a lost link comes back without a password (PROTOCOL.md 2 [doc: VX; client: WEB]).
//!
//! Its payload holds the token: the frame goes to the socket and nowhere else. The reply is read as every login's.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::domain::CallId;
use crate::protocol::object::Object;
use crate::protocol::{Bar, Frame};

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

/// True if the reply plainly refuses the token: `Authenticated` false, or code 20 (PROTOCOL.md 1, 2). Anything else may come of a
/// gateway that is busy.
pub fn is_refused(reply: &Frame) -> bool {
    let is_in: Option<bool> = Object::read(&reply.payload).ok().and_then(|mut read| read.take("authenticated"));
    is_in == Some(false) || Bar::of(reply) == Bar::NotAuthorized
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::FrameKind;
    use rstest::rstest;

    #[rstest]
    #[case::no(r#"{"Authenticated":false,"errormsg":"Invalid SessionToken"}"#, true)]
    #[case::code_20(r#"{"result":false,"errormsg":"Not Authorized","errorcode":20,"detail":null}"#, true)]
    #[case::code_102(r#"{"result":false,"errormsg":"Server Error","errorcode":102,"detail":null}"#, false)]
    #[case::nothing("{}", false)]
    #[case::words("Server busy", false)]
    #[case::yes(r#"{"Authenticated":true,"UserId":5}"#, false)]
    fn only_a_plain_refusal_refuses_the_token(#[case] payload: &str, #[case] is_plain: bool) {
        let reply = Frame { kind: FrameKind::Reply, id: CallId(2), name: NAME.to_owned(), payload: payload.to_owned() };
        assert_eq!(is_refused(&reply), is_plain);
    }

    #[test]
    fn the_token_is_sent_as_documented() {
        let frame = frame(CallId(2), &"a923322a".into());
        assert_eq!((frame.name.as_str(), frame.payload.as_str()), (NAME, r#"{"SessionToken":"a923322a"}"#));
    }
}
