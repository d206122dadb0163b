//! A code of the second factor for calls that the exchange protects: which calls want one, and how the question for it stands.
//! Only reads wait for a code; a cancel is never sent again, whatever is answered to it.

use crate::app::desk::calls::Purpose;
use crate::domain::Change;
use crate::protocol::rpc::get_validate_2fa_required_endpoints::GetValidate2FaRequiredEndpoints;
use crate::protocol::rpc::get_withdraw_ticket::GetWithdrawTicket;
use crate::protocol::rpc::{Rpc, read_reply};
use crate::protocol::{Bar, Frame};

/// How the question for a code of the second factor stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Code {
    /// It was not asked for, or counts no more.
    #[default]
    Open,
    /// It was not given, or not accepted: only what the operator does himself asks for one again.
    GivenUp,
    /// It was accepted on this link.
    Accepted,
}

/// The calls of this link that want a code, and the code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecondFactor {
    /// The calls that want a code first, as the exchange says them or as it showed; `None` if it did not.
    protected: Option<Vec<String>>,
    code: Code,
    /// A code opens one call only, as it showed.
    opens_one: bool,
    /// The reads that wait for the code that is on its way, if one is.
    waiting: Option<Vec<Purpose>>,
}

impl SecondFactor {
    /// How the question for a code stands.
    pub fn code(&self) -> Code {
        self.code
    }

    pub(super) fn learn_protected(&mut self, frame: &Frame) {
        self.protected = read_reply::<GetValidate2FaRequiredEndpoints>(frame).ok();
    }

    /// A code is wanted before a cancel, or before the read that every cancel starts with.
    pub fn is_wanted(&self) -> bool {
        let is_one = |name: &String| {
            [Change::Cancel.call(), GetWithdrawTicket::NAME].iter().any(|call| name.eq_ignore_ascii_case(call))
        };
        self.code != Code::Accepted && self.protected.as_ref().is_some_and(|protected| protected.iter().any(is_one))
    }

    pub(super) fn note_protected(&mut self, call: &str) {
        let protected = self.protected.get_or_insert_default();
        if !protected.iter().any(|name| name.eq_ignore_ascii_case(call)) {
            protected.push(call.to_owned());
        }
    }

    /// A cancel is answered with the wish for a code: that is its receipt, and the next one asks for a code first. A code that
    /// was accepted, and did not count for this cancel, opens one call at a time.
    pub(super) fn note_barred_cancel(&mut self, bar: Bar) {
        if bar == Bar::CodeWanted {
            self.opens_one |= self.code == Code::Accepted;
            self.code = Code::Open;
            self.note_protected(Change::Cancel.call());
        }
    }

    /// The writer was handed a cancel.
    pub fn use_up(&mut self) {
        if self.opens_one {
            self.code = Code::Open;
        }
    }

    /// Adds a read to those that wait for a code; `false` if none is on its way.
    pub(super) fn wait(&mut self, purpose: Purpose) -> bool {
        match &mut self.waiting {
            Some(waiting) => {
                waiting.push(purpose);
                true
            }
            None => false,
        }
    }

    /// A code is on its way.
    pub(super) fn begin(&mut self, purpose: Purpose) {
        self.waiting = Some(vec![purpose]);
    }

    /// A code was accepted; the reads that waited for it. Several pages may have been held up: the list is read once.
    pub(super) fn accept(&mut self) -> Vec<Purpose> {
        self.code = Code::Accepted;
        let mut has_page = false;
        let mut waiting = self.waiting.take().unwrap_or_default();
        waiting.retain(|purpose| !matches!(purpose, Purpose::Page { .. }) || !std::mem::replace(&mut has_page, true));
        waiting
    }

    /// No code was accepted; the reads that waited, if any code was on its way.
    pub(super) fn give_up(&mut self) -> Option<Vec<Purpose>> {
        let waiting = self.waiting.take()?;
        self.code = Code::GivenUp;
        Some(waiting)
    }

    /// The link went while a code was on its way.
    pub(super) fn lose(&mut self) -> Vec<Purpose> {
        self.waiting.take().unwrap_or_default()
    }
}
