//! A session that ends at the exchange while its link is up: noticed by its refusals, and begun anew by another login.
//!
//! "Not Authorized" (20) may also mean that this login may not make that call, or not for that ticket (PROTOCOL.md 2, 8). So a
//! call that names no ticket and worked before, GetUserInfo, is asked once more: only its refusal ends the session. It goes with
//! every ping too, which is answered without any session: a list must not look live on the strength of pings.

use super::{Doubted, Link, Told};
use crate::app::desk::calls::{CallEnd, Purpose};
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::words::desk::link as words;
use crate::protocol::rpc::Rpc;
use crate::protocol::rpc::get_user_info::GetUserInfo;

impl Link {
    /// GetUserInfo was answered well.
    pub(super) fn note_told_who(&mut self, call: &str) {
        if call == GetUserInfo::NAME {
            self.told_who = Told::Here;
        }
    }

    /// A read was refused with code 20: that ends it, or the session, and which of them is asked.
    pub(super) fn take_not_authorized(&mut self, purpose: Purpose, end: CallEnd, cx: &mut Cx<'_>) {
        let asks_who = matches!(purpose, Purpose::WhoAmI | Purpose::WhoAmIById);
        let was_told = self.told_who != Told::Never;
        if purpose == Purpose::StillIn || asks_who && (was_told || Self::is_of_no_use(cx)) {
            self.is_session_over = true;
            return self.lose_doubted(words::SESSION_OVER, cx);
        }
        // Where it never said who we are, there is nothing to tell by.
        if !self.is_told_who() || *cx.is_ending {
            return cx.tell(News::CallEnded { purpose, end });
        }
        self.ask_still_in(cx);
        // The Enter behind a confirming read does not wait for more.
        if matches!(purpose, Purpose::Confirm(_)) {
            return cx.tell(News::CallEnded { purpose, end });
        }
        self.doubted.push(Doubted { purpose, end });
    }

    /// Asks what only a session that goes on answers, unless that is asked already.
    pub(super) fn ask_still_in(&self, cx: &mut Cx<'_>) {
        let is_asked = cx.calls.waiting().any(|(_, call)| call.purpose == Purpose::StillIn);
        if !is_asked && self.is_told_who() && !*cx.is_ending {
            cx.ask(&GetUserInfo::caller(), Purpose::StillIn);
        }
    }

    /// The session goes on, or nobody can tell: the refusals were what they said.
    pub(super) fn trust_doubted(&mut self, cx: &mut Cx<'_>) {
        for Doubted { purpose, end } in std::mem::take(&mut self.doubted) {
            cx.tell(News::CallEnded { purpose, end });
        }
    }

    /// The session is over, or the link: the refusals said nothing of the calls.
    pub(super) fn lose_doubted(&mut self, why: &str, cx: &mut Cx<'_>) {
        for Doubted { purpose, .. } in std::mem::take(&mut self.doubted) {
            self.lose(purpose, why, cx);
        }
    }

    /// Logs in anew after the session at the exchange was over; not called while somebody waits for a receipt or for the journal.
    pub(in crate::app::desk) fn renew_session(&mut self, cx: &mut Cx<'_>) {
        if std::mem::take(&mut self.is_session_over) {
            self.drop_link(words::SESSION_UNKNOWN, cx);
        }
    }
}
