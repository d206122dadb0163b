//! Validation: getting a code of the second factor accepted, and giving what waited for it its due.

use super::Link;
use super::second_factor::Code;
use crate::app::desk::calls::{Call, CallEnd, Purpose, WhenCodeWanted};
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::effect::Effect;
use crate::app::words::desk::link as words;
use crate::domain::{CallId, ConnectionId};
use crate::protocol::Frame;
use crate::protocol::rpc::validate_2fa::Validate2Fa;
use crate::protocol::rpc::{Rpc, read_reply};

impl Link {
    /// Gets a code accepted, then lets this read be asked.
    pub(in crate::app::desk) fn validate_then(&mut self, purpose: Purpose, cx: &mut Cx<'_>) {
        cx.show();
        if self.second_factor.wait(purpose) {
            return;
        }
        let Some(connection) = cx.session().map(|session| session.connection) else { return };
        let id = cx.calls.next_id();
        let limit = cx.limit(Purpose::Validate);
        cx.calls.insert(id, connection, Validate2Fa::NAME, Purpose::Validate, cx.now, limit);
        self.second_factor.begin(purpose);
        cx.order(Effect::Validate { connection, id });
    }

    /// A read is answered with the wish for a code: it waits for one, or that is its answer.
    pub(super) fn take_code_wanted(&mut self, call: &Call, end: CallEnd, cx: &mut Cx<'_>) {
        self.second_factor.note_protected(call.name);
        let purpose = call.purpose;
        let (code, rule) = (self.second_factor.code(), purpose.rule().code);
        let is_useless = code == Code::Accepted || code == Code::GivenUp && rule != WhenCodeWanted::WaitsByHand;
        match rule {
            WhenCodeWanted::Waits | WhenCodeWanted::WaitsByHand if !is_useless => self.validate_then(purpose, cx),
            WhenCodeWanted::FailsAndWaits if !is_useless => {
                let why = words::CODE_WANTED.to_owned();
                cx.tell(News::CallEnded { purpose, end: CallEnd::Unanswered { why } });
                self.validate_then(purpose, cx);
            }
            _ => cx.tell(News::CallEnded { purpose, end }),
        }
    }

    pub(super) fn take_validated(&mut self, frame: &Frame, cx: &mut Cx<'_>) {
        self.asking = None;
        match read_reply::<Validate2Fa>(frame) {
            Ok(true) => {
                cx.note(words::CODE_ACCEPTED);
                for purpose in self.second_factor.accept() {
                    cx.tell(News::MayAskAgain { purpose });
                }
            }
            Ok(false) => self.end_validation(words::CODE_REFUSED, cx),
            Err(error) => self.end_validation(&words::code_not_answered(&error.to_string()), cx),
        }
    }

    /// No code was accepted: the reads that waited for it are given their end.
    pub(super) fn end_validation(&mut self, why: &str, cx: &mut Cx<'_>) {
        self.asking = None;
        cx.show();
        let Some(waiting) = self.second_factor.give_up() else { return };
        cx.note(why);
        for purpose in waiting {
            cx.tell(News::CallEnded { purpose, end: CallEnd::Unanswered { why: why.to_owned() } });
        }
    }

    /// The code for a call was not to be had: nothing was sent.
    pub(in crate::app::desk) fn take_code_not_given(
        &mut self,
        connection: ConnectionId,
        id: CallId,
        why: &str,
        cx: &mut Cx<'_>,
    ) {
        if cx.calls.forget(connection, id).is_some() {
            self.end_validation(why, cx);
        }
    }

    pub(super) fn lose_validation(&mut self, why: &str, cx: &mut Cx<'_>) {
        for purpose in self.second_factor.lose() {
            self.lose(purpose, why, cx);
        }
    }
}
