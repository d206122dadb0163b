//! A session that ends at the exchange while its link is up: noticed by its refusals, and begun anew by another login.
//!
//! "Not Authorized" (20) may also mean that this login may not make that call, or not for that ticket (PROTOCOL.md 2, 8). So a
//! call that worked before on this very link, and names no ticket, is asked once more: only its refusal ends the session.

use super::Desk;
use super::in_flight::{Call, Purpose};
use crate::app::effect::{Effect, Effects};
use crate::domain::Now;
use crate::protocol::Frame;
use crate::protocol::rpc::Rpc;
use crate::protocol::rpc::get_user_info::GetUserInfo;

impl Desk {
    /// A read was refused with code 20. `None` if its answer is to be taken in now, as it is.
    pub(super) fn apply_not_authorized(&mut self, call: &Call, frame: &Frame, now: Now) -> Option<Effects> {
        if call.purpose == Purpose::StillIn {
            self.standing.is_over = true;
            return Some(self.lose_doubted("the session at the exchange is over", now));
        }
        // Where it never said who we are, there is nothing to tell by.
        if !self.standing.worked.contains(GetUserInfo::NAME) || self.is_leaving() {
            return None;
        }
        let is_asked = self.in_flight.waiting().any(|(_, call)| call.purpose == Purpose::StillIn);
        let asked = if is_asked { Effects::quiet() } else { self.ask(&GetUserInfo::caller(), Purpose::StillIn, now) };
        // The Enter behind a confirming read does not wait for more.
        if matches!(call.purpose, Purpose::Confirm(_)) {
            return Some(asked.then(self.apply_answer(call, frame, now)));
        }
        self.standing.doubted.push((call.clone(), frame.clone()));
        Some(asked)
    }

    /// The session goes on, or nobody can tell: the refusals were what they said.
    pub(super) fn take_doubted(&mut self, now: Now) -> Effects {
        let doubted = std::mem::take(&mut self.standing.doubted);
        let refused = doubted.iter().map(|(call, frame)| self.apply_answer(call, frame, now));
        refused.fold(Effects::quiet(), Effects::then)
    }

    /// The session is over, or the link: the refusals said nothing of the calls.
    pub(super) fn lose_doubted(&mut self, why: &str, now: Now) -> Effects {
        let doubted = std::mem::take(&mut self.standing.doubted);
        let lost = doubted.iter().map(|(call, _)| self.apply_call_lost(call, why, now));
        lost.fold(Effects::quiet(), Effects::then)
    }

    /// Logs in anew after the session at the exchange was over, once nobody waits for a receipt or for the journal.
    pub(super) fn renew_session(&mut self, now: Now) -> Effects {
        if !self.standing.is_over || self.has_unsettled_send() {
            return Effects::quiet();
        }
        self.standing.is_over = false;
        let Some(connection) = self.link.session().map(|session| session.connection) else { return Effects::quiet() };
        let why = "the exchange does not know this session any more (Not Authorized)";
        let lost = self.apply_link_lost(connection, why, now);
        Effects::one(Effect::Disconnect { connection }).then(lost)
    }
}
