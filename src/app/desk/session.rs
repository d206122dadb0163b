//! The session: who the exchange says we are, on which link. The link alone changes it; every part reads it.

use super::link::retry::STABLE_AFTER;
use crate::domain::{ConnectionId, Now, OmsId, OperatorId, RemoteText, UserId};

/// A link that is logged in, as the exchange describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Which link.
    pub connection: ConnectionId,
    /// Host and port that were really connected to.
    pub host: String,
    /// `UserId`.
    pub user: Option<UserId>,
    /// `UserName`.
    pub user_name: Option<RemoteText>,
    /// `OMSId`.
    pub oms: Option<OmsId>,
    /// `OperatorId`, else the profile's.
    pub operator: Option<OperatorId>,
    /// The answer to the login and the one to GetUserInfo tell of two users, or of two OMS: what they differ in.
    pub contradiction: Option<String>,
    /// GetUserInfo was answered or given up, so that calls about tickets can be asked.
    pub is_known: bool,
    /// Since when there is this link.
    pub since: Now,
}

impl Session {
    /// True if it lasted long enough to be taken for a link that works.
    pub fn is_stable(&self, now: Now) -> bool {
        now.boot.since(self.since.boot) >= STABLE_AFTER
    }

    /// True if the list cannot be asked for.
    pub(super) fn lacks_ids(&self) -> bool {
        self.oms.is_none() || self.operator.is_none()
    }
}

/// How the list is kept up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Feed {
    /// By reading it.
    #[default]
    Reads,
    /// By ticket events as well.
    Events,
}

/// The session that is up, and the last one: who the records of this process are by does not change while the link is down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sessions {
    current: Option<Session>,
    last: Option<Session>,
    /// Links that were opened so far; the number of the last one.
    opened: u32,
}

impl Sessions {
    pub fn current(&self) -> Option<&Session> {
        self.current.as_ref()
    }

    pub fn current_mut(&mut self) -> Option<&mut Session> {
        self.current.as_mut()
    }

    pub fn ready(&self) -> Option<&Session> {
        self.current.as_ref().filter(|session| session.is_known)
    }

    pub fn last(&self) -> Option<&Session> {
        self.current.as_ref().or(self.last.as_ref())
    }

    /// Another link is opened; its number.
    pub fn open_next(&mut self) -> ConnectionId {
        self.opened += 1;
        self.connection()
    }

    /// The link that is up or being opened, or the last one.
    pub fn connection(&self) -> ConnectionId {
        ConnectionId(self.opened)
    }

    pub fn begin(&mut self, session: Session) {
        self.current = Some(session);
    }

    pub fn end(&mut self) {
        self.last = self.current.take().or(self.last.take());
    }
}
