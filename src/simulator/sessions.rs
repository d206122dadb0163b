//! The sessions of the exchange: a token for each login, good on any connection until it ends (PROTOCOL.md 2).

use std::collections::BTreeMap;
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::conduct;

/// One login.
#[derive(Clone)]
struct Session {
    last_activity: Timestamp,
    calls: u64,
    is_validated: bool,
}

/// All logins that live, by token.
#[derive(Clone, Default)]
pub(super) struct Sessions {
    living: BTreeMap<String, Session>,
    opened: u64,
}

impl Sessions {
    /// Begins one and answers its token, another each time.
    pub(super) fn open(&mut self, now: Timestamp) -> String {
        self.opened += 1;
        let token = format!("a923322a-0000-4000-8000-{:012x}", self.opened);
        self.living.insert(token.clone(), Session { last_activity: now, calls: 0, is_validated: false });
        token
    }

    /// True if a token is good now. Being used is activity.
    pub(super) fn resume(&mut self, token: &str, rules: &conduct::SessionConduct, now: Timestamp) -> bool {
        let idle = SignedDuration::from_secs(i64::try_from(rules.idle_seconds).unwrap_or(i64::MAX));
        let Some(session) = self.living.get_mut(token) else { return false };
        if now.duration_since(session.last_activity) > idle {
            self.living.remove(token);
            return false;
        }
        session.last_activity = now;
        true
    }

    /// Counts a call of a session; false if it may make none any more.
    pub(super) fn call(&mut self, token: &str, rules: &conduct::SessionConduct, now: Timestamp) -> bool {
        if !self.resume(token, rules, now) {
            return false;
        }
        let Some(session) = self.living.get_mut(token) else { return false };
        session.calls += 1;
        let is_over = rules.expire_after_calls.is_some_and(|most| session.calls > most);
        if is_over {
            self.living.remove(token);
        }
        !is_over
    }

    /// True if a session lives, without using it.
    pub(super) fn lives(&self, token: &str) -> bool {
        self.living.contains_key(token)
    }

    /// The second factor was given once more.
    pub(super) fn validate(&mut self, token: &str) {
        if let Some(session) = self.living.get_mut(token) {
            session.is_validated = true;
        }
    }

    /// True if it was.
    pub(super) fn is_validated(&self, token: &str) -> bool {
        self.living.get(token).is_some_and(|session| session.is_validated)
    }

    /// Ends one.
    pub(super) fn close(&mut self, token: &str) {
        self.living.remove(token);
    }

    /// Ends all.
    pub(super) fn expire(&mut self) {
        self.living.clear();
    }

    /// The number of sessions that began.
    pub(super) fn opened(&self) -> u64 {
        self.opened
    }
}

/// Tokens only: exchanges that differ by the time of the last activity alone are the same to whoever explores them.
impl fmt::Debug for Sessions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.living.keys()).finish()
    }
}
