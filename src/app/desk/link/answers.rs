//! The ends of the calls that the link asked.

use super::Link;
use super::permissions::Permissions;
use crate::app::desk::calls::{CallEnd, Purpose};
use crate::app::desk::cx::Cx;
use crate::domain::Now;
use crate::protocol::Frame;
use crate::protocol::rpc::get_user_info::GetUserInfo;

impl Link {
    /// A call of the link came to its end.
    pub(in crate::app::desk) fn end_call(&mut self, purpose: Purpose, end: &CallEnd, cx: &mut Cx<'_>) {
        match end {
            CallEnd::Answered { frame, asked_at } => self.take_answer(purpose, frame, *asked_at, cx),
            CallEnd::Unanswered { why } => self.take_no_answer(purpose, why, cx),
            CallEnd::Lost { why } | CallEnd::TooLong { why } => match purpose {
                Purpose::StillIn => self.lose_doubted(why, cx),
                Purpose::Validate => self.lose_validation(why, cx),
                _ => {}
            },
        }
    }

    fn take_answer(&mut self, purpose: Purpose, frame: &Frame, asked_at: Now, cx: &mut Cx<'_>) {
        match purpose {
            Purpose::WhoAmI => Self::take_who_am_i(false, frame, cx),
            Purpose::WhoAmIById => Self::take_who_am_i(true, frame, cx),
            Purpose::Permissions => {
                self.permissions = Permissions::read(frame);
                cx.show();
            }
            Purpose::Protected => {
                self.second_factor.learn_protected(frame);
                cx.show();
            }
            Purpose::StillIn => self.trust_doubted(cx),
            Purpose::Validate => self.take_validated(frame, cx),
            Purpose::Subscribe => self.take_subscribed(frame, cx),
            Purpose::Ping => self.take_pong(asked_at, cx),
            _ => {}
        }
    }

    fn take_no_answer(&mut self, purpose: Purpose, why: &str, cx: &mut Cx<'_>) {
        match purpose {
            Purpose::Ping => self.miss_pong(cx),
            Purpose::WhoAmI | Purpose::WhoAmIById => Self::settle_identity(why, cx),
            Purpose::StillIn => self.trust_doubted(cx),
            Purpose::Validate => self.end_validation(why, cx),
            Purpose::Subscribe => self.take_not_subscribed(why, cx),
            // Permissions that are not known are not held against the login.
            _ => {}
        }
    }

    /// A read that was held up may be asked again.
    pub(in crate::app::desk) fn ask_again(purpose: Purpose, cx: &mut Cx<'_>) {
        if matches!(purpose, Purpose::WhoAmI | Purpose::WhoAmIById) {
            cx.ask(&GetUserInfo::caller(), Purpose::WhoAmI);
        }
    }

    /// The writer was handed a cancel: a code that opens one call is used up by it.
    pub fn use_code(&mut self) {
        self.second_factor.use_up();
    }
}
