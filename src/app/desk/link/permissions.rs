//! The permissions of this login, and why it may not write although it was asked to (PROTOCOL.md 2, 4). Permissions that could
//! not be learnt are not held against it.

use crate::app::desk::session::Session;
use crate::app::desk::settings::{Expected, Settings};
use crate::app::words::desk::link as words;
use crate::domain::Change;
use crate::domain::text::inert;
use crate::protocol::Frame;
use crate::protocol::rpc::get_user_permissions::GetUserPermissions;
use crate::protocol::rpc::read_reply;

/// Permissions that cover every call an operator makes.
pub const COVERING: [&str; 2] = ["superuser", "operator"];

/// The login's permissions, as the exchange says them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    held: Option<Vec<String>>,
}

impl Permissions {
    pub(super) fn read(frame: &Frame) -> Self {
        Self { held: read_reply::<GetUserPermissions>(frame).ok() }
    }

    /// The permissions by name; `None` if the exchange did not say.
    pub fn held(&self) -> Option<&[String]> {
        self.held.as_deref()
    }

    /// True if the permissions are known, and none of them covers `call`.
    pub fn lacks(&self, call: &str) -> bool {
        let covers = |held: &String| {
            held.eq_ignore_ascii_case(call) || COVERING.iter().any(|covering| held.eq_ignore_ascii_case(covering))
        };
        self.held.as_ref().is_some_and(|held| !held.iter().any(covers))
    }

    /// Why this session may not write although it was asked to: the exchange says that we are on another OMS than the profile
    /// names, so that the same ticket number would be another ticket; or that we are another user, or now one and
    /// now another; or that we may not cancel.
    pub fn mismatch(&self, settings: &Settings, session: &Session) -> Option<String> {
        let told = || session.contradiction.clone();
        let why = other_oms(settings, session)
            .or_else(|| other_user(&settings.expected, session))
            .or_else(told)
            .or_else(|| {
                let lacks = self.lacks(Change::Cancel.call());
                lacks.then(|| words::not_permitted(Change::Cancel.call()))
            })?;
        Some(words::read_only(&why))
    }
}

fn other_oms(settings: &Settings, session: &Session) -> Option<String> {
    let (wanted, found) = settings.oms.zip(session.oms)?;
    (wanted != found).then(|| words::other_oms(&wanted, &found))
}

fn other_user(expected: &Expected, session: &Session) -> Option<String> {
    if let Some((wanted, found)) = expected.user_name.as_ref().zip(session.user_name.as_ref())
        && wanted != found.raw()
    {
        return Some(words::other_user(&inert(wanted), &found.inert()));
    }
    let (wanted, found) = expected.user.zip(session.user)?;
    (wanted != found).then(|| words::other_user(&wanted, &found))
}
