//! The ends of the calls that the cancels asked.

use super::Cancels;
use crate::app::desk::calls::{CallEnd, Purpose};
use crate::app::desk::cx::Cx;

impl Cancels {
    /// A call of the cancels came to its end.
    pub(in crate::app::desk) fn end_call(&mut self, purpose: Purpose, end: &CallEnd, cx: &mut Cx<'_>) {
        let why = || end.why().unwrap_or_default();
        match (purpose, end) {
            (Purpose::Choose(attempt), CallEnd::Answered { frame, .. }) => self.take_choose_read(attempt, frame, cx),
            (Purpose::Choose(attempt), _) => self.fail_choose_read(attempt, &why(), cx),
            (Purpose::Confirm(attempt), CallEnd::Answered { frame, asked_at }) => {
                self.take_confirm_read(attempt, *asked_at, frame, cx);
            }
            (Purpose::Confirm(attempt), _) => self.fail_confirm_read(attempt, why(), cx),
            (Purpose::Follow(intent), CallEnd::Answered { frame, asked_at }) => {
                self.take_follow_read(intent, *asked_at, frame, cx);
            }
            (Purpose::Follow(intent), _) => self.fail_follow_read(intent, why(), cx),
            (Purpose::Cancel(intent), CallEnd::Answered { frame, .. }) => self.take_reply(intent, frame, cx),
            (Purpose::Cancel(intent), _) => self.take_no_reply(intent, &why(), cx),
            _ => {}
        }
    }

    /// A read that was held up may be asked again, as far as somebody still waits for it.
    pub(in crate::app::desk) fn ask_again(&mut self, purpose: Purpose, cx: &mut Cx<'_>) {
        match purpose {
            Purpose::Choose(attempt) => self.read_choice_again(attempt, cx),
            Purpose::Follow(_) => self.resume_follows(cx),
            _ => {}
        }
    }
}
