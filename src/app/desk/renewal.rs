//! A session that ends at the exchange while its link is up: noticed by its refusals, and begun anew by another login.
//!
//! "Not Authorized" (20) may also mean that this login may not make that call, or not for that ticket (PROTOCOL.md 2, 8). So a
//! call that names no ticket and worked before, GetUserInfo, is asked once more: only its refusal ends the session. It goes with
//! every ping too, which is answered without any session: a list must not look live on the strength of pings.

use super::Desk;
use super::in_flight::{Call, Purpose};
use super::standing::Told;
use crate::app::effect::{Effect, Effects};
use crate::domain::Now;
use crate::protocol::Frame;
use crate::protocol::rpc::get_user_info::GetUserInfo;

impl Desk {
    /// A read was refused with code 20. `None` if its answer is to be taken in now, as it is.
    pub(super) fn apply_not_authorized(&mut self, call: &Call, frame: &Frame, now: Now) -> Option<Effects> {
        let asks_who = matches!(call.purpose, Purpose::WhoAmI | Purpose::WhoAmIById);
        let was_told = self.standing.told_who != Told::Never;
        if call.purpose == Purpose::StillIn || asks_who && (was_told || self.is_of_no_use(now)) {
            self.standing.is_over = true;
            return Some(self.lose_doubted("the session at the exchange is over", now));
        }
        // Where it never said who we are, there is nothing to tell by.
        if self.standing.told_who != Told::Here || self.is_leaving() {
            return None;
        }
        let asked = self.ask_still_in(now);
        // The Enter behind a confirming read does not wait for more.
        if matches!(call.purpose, Purpose::Confirm(_)) {
            return Some(asked.then(self.apply_answer(call, frame, now)));
        }
        self.standing.doubted.push((call.clone(), frame.clone()));
        Some(asked)
    }

    /// Whether a link that lasts still cannot be asked for the list: there is nothing to lose by another login.
    fn is_of_no_use(&self, now: Now) -> bool {
        self.link.ready().is_some_and(|session| session.lacks_ids() && session.is_stable(now))
    }

    /// Asks what only a session that goes on answers, unless that is asked already.
    pub(super) fn ask_still_in(&mut self, now: Now) -> Effects {
        let is_asked = self.in_flight.waiting().any(|(_, call)| call.purpose == Purpose::StillIn);
        if is_asked || self.standing.told_who != Told::Here || self.is_leaving() {
            return Effects::quiet();
        }
        self.ask(&GetUserInfo::caller(), Purpose::StillIn, now)
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
