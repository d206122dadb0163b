//! A code of the second factor for calls that the exchange protects: asked for, sent once, and what waits for it. Only reads
//! wait; a cancel is never sent again, whatever is answered to it.

use std::time::Duration;

use super::Desk;
use super::attempt::Stage;
use super::detail::DetailReading;
use super::in_flight::{Call, Purpose};
use super::scan::ScanPhase;
use super::standing::Code;
use crate::app::effect::{Effect, Effects};
use crate::domain::{CallId, ConnectionId, Now};
use crate::protocol::rpc::cancel_failed_withdraw_ticket as cancel_call;
use crate::protocol::rpc::get_user_info::GetUserInfo;
use crate::protocol::rpc::get_withdraw_ticket::GetWithdrawTicket;
use crate::protocol::rpc::validate_2fa::Validate2Fa;
use crate::protocol::rpc::{Rpc, read_reply};
use crate::protocol::{Bar, Frame};

/// A person may take two minutes, and the exchange its time.
const LIMIT: Duration = Duration::from_secs(135);

/// What waits for a code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validation {
    waiting: Vec<Purpose>,
}

impl Desk {
    /// Whether a cancel wants a code before it is even chosen: then it does not fail half-way for want of one.
    pub(super) fn must_validate(&self) -> bool {
        self.permit().is_some() && self.standing.wants_code(&[cancel_call::NAME, GetWithdrawTicket::NAME])
    }

    /// Gets a code accepted, then asks this read.
    pub(super) fn validate_then(&mut self, purpose: Purpose, now: Now) -> Effects {
        if let Some(validation) = &mut self.standing.validation {
            validation.waiting.push(purpose);
            return Effects::none();
        }
        let Some(connection) = self.link.session().map(|session| session.connection) else { return Effects::none() };
        let id = self.in_flight.next_id();
        self.in_flight.insert(id, connection, Validate2Fa::NAME, Purpose::Validate, now, LIMIT);
        self.standing.validation = Some(Validation { waiting: vec![purpose] });
        Effects::one(Effect::Validate { connection, id })
    }

    /// A cancel is answered with the wish for a code: that is its receipt, and the next one asks for a code first. A code that
    /// was accepted, and did not count for this cancel, opens one call at a time.
    pub(super) fn note_barred_cancel(&mut self, frame: &Frame) {
        if Bar::of(frame) == Bar::CodeWanted {
            self.standing.code_opens_one |= self.standing.code == Code::Accepted;
            self.standing.code = Code::Open;
            self.note_protected(cancel_call::NAME);
        }
    }

    /// The writer was handed a cancel.
    pub(super) fn use_code(&mut self) {
        if self.standing.code_opens_one {
            self.standing.code = Code::Open;
        }
    }

    /// A read is answered with the wish for a code.
    pub(super) fn apply_code_wanted(&mut self, call: &Call, now: Now) -> Option<Effects> {
        self.note_protected(call.name);
        let is_asked_by_hand = matches!(call.purpose, Purpose::Detail(_) | Purpose::Choose(_));
        if self.standing.code == Code::Accepted || (self.standing.code == Code::GivenUp && !is_asked_by_hand) {
            return None;
        }
        match call.purpose {
            Purpose::Follow(intent) => {
                let why = "the exchange wants a code of the second factor first".to_owned();
                let failed = self.apply_follow_failed(intent, why, now);
                Some(failed.then(self.validate_then(call.purpose, now)))
            }
            Purpose::WhoAmI | Purpose::WhoAmIById | Purpose::Page { .. } | Purpose::Detail(_) | Purpose::Choose(_) => {
                Some(self.validate_then(call.purpose, now))
            }
            // The Enter behind a confirming read does not wait for a person; the next `x` asks for the code first.
            _ => None,
        }
    }

    fn note_protected(&mut self, call: &str) {
        let protected = self.standing.protected.get_or_insert_default();
        if !protected.iter().any(|name| name.eq_ignore_ascii_case(call)) {
            protected.push(call.to_owned());
        }
    }

    pub(super) fn apply_validated(&mut self, frame: &Frame, now: Now) -> Effects {
        self.link.asking = None;
        match read_reply::<Validate2Fa>(frame) {
            Ok(true) => {
                self.standing.code = Code::Accepted;
                let waiting = self.standing.validation.take().unwrap_or_default().waiting;
                self.activity.add(now, "the exchange accepted the code of the second factor".to_owned());
                self.ask_again(waiting, now)
            }
            Ok(false) => self.end_validation("the exchange refused the code of the second factor", now),
            Err(error) => self.end_validation(&format!("{}: {error}", Validate2Fa::NAME), now),
        }
    }

    /// No code was accepted: what waited for it is given its end.
    pub(super) fn end_validation(&mut self, why: &str, now: Now) -> Effects {
        self.link.asking = None;
        let Some(validation) = self.standing.validation.take() else { return Effects::none() };
        self.standing.code = Code::GivenUp;
        self.activity.add(now, why.to_owned());
        let mut effects = Effects::none();
        for purpose in validation.waiting {
            effects = effects.then(self.end_read(purpose, why.to_owned(), now));
        }
        effects
    }

    pub(super) fn apply_code_not_given(&mut self, at: ConnectionId, id: CallId, why: &str, now: Now) -> Effects {
        if self.in_flight.forget(at, id).is_none() {
            return Effects::quiet();
        }
        self.end_validation(why, now)
    }

    /// The link went while a code was on its way.
    pub(super) fn lose_validation(&mut self, call: &Call, why: &str, now: Now) -> Effects {
        let waiting = self.standing.validation.take().unwrap_or_default().waiting;
        let mut effects = Effects::none();
        for purpose in waiting {
            effects = effects.then(self.apply_call_lost(&Call { purpose, ..call.clone() }, why, now));
        }
        effects
    }

    /// Asks reads that were held up, as far as somebody still waits for them.
    pub(super) fn ask_again(&mut self, reads: Vec<Purpose>, now: Now) -> Effects {
        let mut effects = Effects::none();
        let mut has_page = false;
        for purpose in reads {
            effects = effects.then(match purpose {
                Purpose::WhoAmI | Purpose::WhoAmIById => self.ask(&GetUserInfo::caller(), Purpose::WhoAmI, now),
                // Several pages may have been held up: the list is read once.
                Purpose::Page { .. } if !std::mem::replace(&mut has_page, true) => self.read_list_again(now),
                Purpose::Detail(number) if self.awaits_detail(purpose) => self.look_into(number, now),
                Purpose::Choose(_) => self.ask_choice(purpose, now),
                Purpose::Follow(_) => self.resume_follows(now),
                _ => Effects::none(),
            });
        }
        effects
    }

    fn read_list_again(&mut self, now: Now) -> Effects {
        match self.scan.phase {
            ScanPhase::Reading => self.start_scan(now),
            _ if self.scan.is_at_rest() => self.start_poll(now),
            _ => Effects::none(),
        }
    }

    fn awaits_detail(&self, purpose: Purpose) -> bool {
        let is_asked = |detail: &&super::detail::Detail| detail.reading == DetailReading::Asked;
        self.detail.as_ref().filter(is_asked).is_some_and(|detail| purpose == Purpose::Detail(detail.ticket))
    }

    /// Whether the dialog still waits for its first read, of this attempt.
    pub(super) fn awaits_choice(&self, purpose: Purpose) -> bool {
        let attempt = self.attempt.as_ref().filter(|attempt| attempt.stage == Stage::Reading);
        attempt.is_some_and(|attempt| purpose == Purpose::Choose(attempt.id))
    }
}
