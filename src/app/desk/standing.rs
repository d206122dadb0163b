//! What this login may do on this link: its permissions, and the calls that want a code of the second factor first (PROTOCOL.md
//! 2, 4). What could not be learnt is not held against it.

use std::collections::BTreeSet;

use super::Desk;
use super::in_flight::{Call, Purpose};
use super::link::Session;
use super::validation::Validation;
use crate::app::effect::Effects;
use crate::domain::Now;
use crate::domain::text::inert;
use crate::protocol::rpc::cancel_failed_withdraw_ticket as cancel_call;
use crate::protocol::rpc::get_all_withdraw_tickets::GetAllWithdrawTickets;
use crate::protocol::rpc::get_user_permissions::GetUserPermissions;
use crate::protocol::rpc::get_validate_2fa_required_endpoints::GetValidate2FaRequiredEndpoints;
use crate::protocol::rpc::{ReplyError, Rpc, read_reply};
use crate::protocol::{Bar, Frame};

/// Permissions that cover every call an operator makes.
pub const COVERING: [&str; 2] = ["superuser", "operator"];

/// What the link that is up allows. All but `again` begins anew with each link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The login's permissions, as the exchange says them; `None` if it did not.
    pub permissions: Option<Vec<String>>,
    /// The calls that want a code first, as the exchange says them or as it showed; `None` if it did not.
    pub protected: Option<Vec<String>>,
    /// Whether a code was accepted on this link.
    pub is_validated: bool,
    /// Set after a code was not given: then only what the operator does himself asks for one again.
    pub(super) was_given_up: bool,
    /// A code is on its way.
    pub(super) validation: Option<Validation>,
    /// The calls that were answered well on this link.
    pub(super) worked: BTreeSet<&'static str>,
    /// Reads that were refused while it is asked whether the session at the exchange goes on.
    pub(super) doubted: Vec<(Call, Frame)>,
    /// The session at the exchange is over; a new login follows as soon as no receipt is awaited.
    pub(super) is_over: bool,
    /// Reads that were lost with a link, to be asked again on the next.
    pub(super) again: Vec<Purpose>,
}

impl Standing {
    /// As a new link begins.
    pub(super) fn next(self) -> Self {
        Self { again: self.again, ..Self::default() }
    }

    /// Whether the permissions are known, and none of them covers `call`.
    fn lacks(&self, call: &str) -> bool {
        let covers = |held: &String| {
            held.eq_ignore_ascii_case(call) || COVERING.iter().any(|covering| held.eq_ignore_ascii_case(covering))
        };
        self.permissions.as_ref().is_some_and(|held| !held.iter().any(covers))
    }

    /// Whether a code is wanted before a cancel, or before the read that every cancel starts with.
    pub(super) fn wants_code(&self, calls: &[&str]) -> bool {
        let is_one = |name: &String| calls.iter().any(|call| name.eq_ignore_ascii_case(call));
        !self.is_validated && self.protected.as_ref().is_some_and(|protected| protected.iter().any(is_one))
    }
}

impl Desk {
    /// Asks what this login may do; nothing waits for the answers.
    pub(super) fn ask_standing(&mut self, now: Now) -> Effects {
        if self.is_leaving() {
            return Effects::none();
        }
        let user = self.link.session().and_then(|session| session.user);
        let permissions = match user {
            Some(user) => self.ask(&GetUserPermissions::of(user), Purpose::Permissions, now),
            None => Effects::none(),
        };
        permissions.then(self.ask(&GetValidate2FaRequiredEndpoints, Purpose::Protected, now))
    }

    pub(super) fn apply_permissions(&mut self, frame: &Frame) -> Effects {
        self.standing.permissions = read_reply::<GetUserPermissions>(frame).ok();
        Effects::none()
    }

    pub(super) fn apply_protected(&mut self, frame: &Frame) -> Effects {
        self.standing.protected = read_reply::<GetValidate2FaRequiredEndpoints>(frame).ok();
        Effects::none()
    }

    /// Why this session may not write although it was asked to: the exchange says that we are on another OMS than the profile
    /// names, so the same ticket number would be another ticket; or that we are another user; or that we may not cancel.
    pub fn mismatch(&self) -> Option<String> {
        let session = self.link.ready()?;
        let why = self.other_oms(session).or_else(|| self.other_user(session)).or_else(|| {
            let lacks = self.standing.lacks(cancel_call::NAME);
            lacks.then(|| format!("this login has neither Operator nor {}", cancel_call::NAME))
        })?;
        Some(format!("{why}: read-only"))
    }

    fn other_oms(&self, session: &Session) -> Option<String> {
        let (wanted, found) = self.settings.oms.zip(session.oms)?;
        (wanted != found).then(|| format!("the profile says OMS {wanted}, the exchange says {found}"))
    }

    fn other_user(&self, session: &Session) -> Option<String> {
        let expected = &self.settings.expected;
        if let Some((wanted, found)) = expected.user_name.as_ref().zip(session.user_name.as_ref())
            && wanted != found.raw()
        {
            return Some(format!("the profile says user {}, the exchange says {}", inert(wanted), found.inert()));
        }
        let (wanted, found) = expected.user.zip(session.user)?;
        (wanted != found).then(|| format!("the profile says user {wanted}, the exchange says {found}"))
    }

    /// Why the list was refused, with the mend where it is known.
    pub(super) fn why_no_list(&self, error: &ReplyError) -> String {
        if self.standing.lacks(GetAllWithdrawTickets::NAME) {
            return format!(
                "{error}; this login has neither Operator nor {}, and an administrator must give it one",
                GetAllWithdrawTickets::NAME
            );
        }
        error.to_string()
    }

    /// A read that the exchange bars, for want of a code or because the session is over; `None` if its answer is to be taken in
    /// as it is. Never a cancel: whatever is answered to it is its receipt.
    pub(super) fn apply_bar(&mut self, call: &Call, frame: &Frame, now: Now) -> Option<Effects> {
        if matches!(call.purpose, Purpose::Cancel(_) | Purpose::Ping | Purpose::Validate) {
            return None;
        }
        match Bar::of(frame) {
            Bar::None => {
                self.standing.worked.insert(call.name);
                None
            }
            Bar::Other => None,
            Bar::CodeWanted => self.apply_code_wanted(call, now),
            Bar::NotAuthorized => self.apply_not_authorized(call, frame, now),
        }
    }
}
