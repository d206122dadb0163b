//! The calls, one file each: name, request, response, golden test.
//!
//! A call that only reads makes its frame here with [`frame`]. The calls that change something have no such door: their
//! frame comes out of [`change_ticket`] alone, against a permit.

pub mod authenticate_2fa;
pub mod authenticate_user;
pub mod change_ticket;
pub mod get_all_withdraw_tickets;
pub mod get_user_info;
pub mod get_user_permissions;
pub mod get_validate_2fa_required_endpoints;
pub mod get_withdraw_ticket;
pub mod log_out;
pub mod ping;
pub mod subscribe_all_account_events;
pub mod validate_2fa;
pub mod web_authenticate_user;

use std::ops::Deref;

use super::object::Unreadable;
use super::{Envelope, Frame, FrameKind, loose};
use crate::domain::{CallId, RemoteText};

/// A call: its name on the wire, its request and what a good reply reads to.
pub trait Rpc {
    /// The function name `n`.
    const NAME: &'static str;
    /// The value that a good reply is read into.
    type Response;

    /// The request's payload, as JSON text.
    fn payload(&self) -> String;

    /// Reads the payload of a good reply.
    ///
    /// # Errors
    /// If it is JSON of another shape, or lacks what no reply of this call can be without.
    fn parse(payload: &str) -> Result<Self::Response, Unreadable>;
}

/// Why a reply is no answer. Texts are inert.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// The exchange said no.
    #[error("the exchange answered: {}", .0.sentence())]
    Refused(Envelope),
    /// A plain text where JSON was expected, or an error frame (m 5).
    #[error("the exchange answered: {}", .0.inert())]
    Said(RemoteText),
    /// Nothing, where a payload was expected.
    #[error("the exchange answered with nothing")]
    Empty,
    /// JSON of another shape.
    #[error("the answer cannot be read: {0}")]
    Unreadable(#[from] Unreadable),
    /// A reply to our request that names another call.
    #[error("the answer names another call, {}", .0.inert())]
    OtherCall(RemoteText),
}

/// The frame of a call that changes nothing: the only thing that the writer takes without an order. [`frame`] alone makes it.
///
/// ```
/// use withdraw_desk::domain::CallId;
/// use withdraw_desk::protocol::rpc::{ReadFrame, frame, ping::Ping};
/// let frame: ReadFrame = frame(&Ping, CallId(2));
/// ```
/// ```compile_fail
/// use withdraw_desk::domain::CallId;
/// use withdraw_desk::protocol::{Frame, rpc::ReadFrame};
/// let frame = ReadFrame(Frame::request(CallId(2), "CancelFailedWithdrawTicket", String::new()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFrame(Frame);

impl Deref for ReadFrame {
    type Target = Frame;

    fn deref(&self) -> &Frame {
        &self.0
    }
}

impl ReadFrame {
    /// Gives up the frame to the writer.
    pub fn into_frame(self) -> Frame {
        self.0
    }
}

/// The frame of a call that changes nothing.
pub fn frame<C: ReadCall>(call: &C, id: CallId) -> ReadFrame {
    ReadFrame(Frame::request(id, C::NAME, call.payload()))
}

/// Marks the calls that change nothing on the exchange and may be asked again. The calls of this room alone can be marked.
///
/// ```compile_fail
/// use withdraw_desk::protocol::object::Unreadable;
/// use withdraw_desk::protocol::rpc::{ReadCall, Rpc};
/// struct Cancel;
/// impl Rpc for Cancel {
///     const NAME: &'static str = "CancelFailedWithdrawTicket";
///     type Response = ();
///     fn payload(&self) -> String {
///         String::new()
///     }
///     fn parse(_: &str) -> Result<(), Unreadable> {
///         Ok(())
///     }
/// }
/// // Without this line it compiles.
/// impl ReadCall for Cancel {}
/// ```
pub trait ReadCall: Rpc + sealed::Reads {}

mod sealed {
    /// A call that reads. Private to the room, so that nobody else can call his own call one.
    pub trait Reads {}
}

/// Reads the reply to a call that reads. Errors usually come as m 1 with `result` false, sometimes as m 5 or as plain
/// text (PROTOCOL.md 1).
pub fn read_reply<C: Rpc>(reply: &Frame) -> Result<C::Response, ReplyError> {
    if !reply.name.eq_ignore_ascii_case(C::NAME) {
        return Err(ReplyError::OtherCall(RemoteText::from(reply.name.as_str())));
    }
    let inner = loose::twice_encoded(&reply.payload);
    let payload = inner.as_deref().unwrap_or(&reply.payload);
    if let Some(envelope) = Envelope::parse(payload).filter(|envelope| envelope.is_negative() || is_error(reply)) {
        return Err(ReplyError::Refused(envelope));
    }
    if matches!(payload.trim(), "" | "null") {
        return Err(ReplyError::Empty);
    }
    if is_error(reply) || !payload.trim_start().starts_with(['{', '[']) {
        return Err(ReplyError::Said(RemoteText::new(cut(payload))));
    }
    Ok(C::parse(payload)?)
}

/// A message of the exchange, as far as an operator would read it.
fn cut(text: &str) -> String {
    const LONGEST: usize = 500;
    if text.len() <= LONGEST { text.to_owned() } else { text.chars().take(LONGEST).chain("...".chars()).collect() }
}

fn is_error(reply: &Frame) -> bool {
    reply.kind == FrameKind::Error
}

#[cfg(test)]
mod tests {
    use super::*;
    use get_withdraw_ticket::GetWithdrawTicket;

    fn reply(kind: FrameKind, payload: &str) -> Frame {
        Frame { kind, id: CallId(2), name: GetWithdrawTicket::NAME.to_owned(), payload: payload.to_owned() }
    }

    #[test]
    fn an_answer_in_a_string_within_a_string_is_read_and_no_deeper() {
        let once = |text: &str| serde_json::to_string(text).unwrap();
        let ticket = r#"{"TicketNumber":287,"Status":"Failed","AccountName":"a \"b\""}"#;
        let twice = reply(FrameKind::Reply, &once(ticket));
        assert_eq!(read_reply::<GetWithdrawTicket>(&twice).unwrap().number.0, 287);
        let mut list = reply(FrameKind::Reply, &once(&format!("[{ticket},null]")));
        list.name = "GetAllWithdrawTickets".to_owned();
        assert_eq!(read_reply::<get_all_withdraw_tickets::GetAllWithdrawTickets>(&list).unwrap().rows(), 2);
        let refused = r#"{"result":false,"errormsg":"Not Authorized","errorcode":20,"detail":null}"#;
        let refused = read_reply::<GetWithdrawTicket>(&reply(FrameKind::Reply, &once(refused)));
        assert!(matches!(refused, Err(ReplyError::Refused(_))));
        let thrice = reply(FrameKind::Reply, &once(&once(ticket)));
        assert!(matches!(read_reply::<GetWithdrawTicket>(&thrice), Err(ReplyError::Said(_))));
    }

    #[test]
    fn a_read_that_is_refused_empty_or_plain_text_is_an_error_in_words() {
        let refused = r#"{"result":false,"errormsg":"Resource Not Found","errorcode":104,"detail":null}"#;
        for (frame, said) in [
            (reply(FrameKind::Reply, refused), "the exchange answered: Resource Not Found (104)"),
            (reply(FrameKind::Error, refused), "the exchange answered: Resource Not Found (104)"),
            (reply(FrameKind::Reply, "null"), "the exchange answered with nothing"),
            (reply(FrameKind::Reply, ""), "the exchange answered with nothing"),
            (reply(FrameKind::Error, "busy\u{1b}[2J"), "the exchange answered: busy<U+001B>[2J"),
            (reply(FrameKind::Reply, "Not logged in"), "the exchange answered: Not logged in"),
        ] {
            assert_eq!(read_reply::<GetWithdrawTicket>(&frame).unwrap_err().to_string(), said);
        }
    }
}
