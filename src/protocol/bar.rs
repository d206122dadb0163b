//! The bar of a read: the exchange's "not authorized", or its wish for a code of the second factor (PROTOCOL.md 1, 2).

use super::{Envelope, Frame, FrameKind};

/// Our right to ask, as a reply to a read tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// A good answer, as far as that can be told without reading it.
    None,
    /// Code 20, "Not Authorized": a permission that is missing, or a session that is over.
    NotAuthorized,
    /// "This endpoint requires 2FACode along with the payload" (PROTOCOL.md 2 [client: CCXT]).
    CodeWanted,
    /// Any other refusal.
    Other,
}

/// A part of every wish for a code, in lower case.
const CODE_WANTED: &str = "requires 2facode";
/// The code of "Not Authorized" (PROTOCOL.md 8).
pub const NOT_AUTHORIZED: i64 = 20;

impl Bar {
    /// Reads a reply. A ticket may quote anything in its fields: only what refuses is looked at.
    pub fn of(reply: &Frame) -> Self {
        let payload = reply.payload.trim_start();
        let is_error = reply.kind == FrameKind::Error;
        let Some(envelope) = Envelope::parse(payload) else {
            // Which frames and words say so is not known (PROTOCOL.md 1): the documented text counts without its envelope too.
            return match payload.trim_end() {
                json if json.starts_with(['{', '[']) && !is_error => Self::None,
                words if wants_code(words) => Self::CodeWanted,
                words if words.eq_ignore_ascii_case("Not Authorized") => Self::NotAuthorized,
                _ => Self::Other,
            };
        };
        if !envelope.is_negative() && !is_error {
            return Self::None;
        }
        if wants_code(envelope.message().raw()) || wants_code(envelope.detail_words().raw()) {
            return Self::CodeWanted;
        }
        if envelope.code() == Some(NOT_AUTHORIZED) { Self::NotAuthorized } else { Self::Other }
    }
}

/// True if an answer, as it arrived, wishes for a code.
pub fn wants_code(text: &str) -> bool {
    text.to_ascii_lowercase().contains(CODE_WANTED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CallId;
    use rstest::rstest;

    #[rstest]
    #[case::page(FrameKind::Reply, "[]", Bar::None)]
    #[case::ticket(FrameKind::Reply, r#"{"TicketNumber":1,"RejectReason":"requires 2FACode"}"#, Bar::None)]
    #[case::yes(FrameKind::Reply, r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#, Bar::None)]
    #[case::code_20(
        FrameKind::Reply,
        r#"{"result":false,"errormsg":"Not Authorized","errorcode":20,"detail":null}"#,
        Bar::NotAuthorized
    )]
    #[case::as_error(
        FrameKind::Error,
        r#"{"result":false,"errormsg":"Not Authorized","errorcode":20,"detail":null}"#,
        Bar::NotAuthorized
    )]
    #[case::as_words(FrameKind::Error, "Not Authorized", Bar::NotAuthorized)]
    #[case::code_104(FrameKind::Reply, r#"{"result":false,"errormsg":"x","errorcode":104,"detail":null}"#, Bar::Other)]
    #[case::wish(FrameKind::Reply, r#"{"result":false,"errormsg":"This endpoint requires 2FACode along with the payload","errorcode":20,"detail":null}"#, Bar::CodeWanted)]
    #[case::wish_in_detail(
        FrameKind::Reply,
        r#"{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":"requires 2FACode"}"#,
        Bar::CodeWanted
    )]
    #[case::wish_in_words(FrameKind::Error, "This endpoint requires 2FACode along with the payload", Bar::CodeWanted)]
    #[case::words(FrameKind::Error, "busy", Bar::Other)]
    #[case::nothing(FrameKind::Reply, "", Bar::Other)]
    fn only_a_refusal_bars(#[case] kind: FrameKind, #[case] payload: &str, #[case] bar: Bar) {
        let reply = Frame { kind, id: CallId(2), name: "X".to_owned(), payload: payload.to_owned() };
        assert_eq!(Bar::of(&reply), bar);
    }
}
