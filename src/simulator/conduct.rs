//! The conduct of the simulated exchange beyond single cancels: the object `exchange` of a scenario.
//!
//! Anything left out is as an exchange of today does it, so `Conduct::default()` has no surprise in it. A test sets the
//! public fields; a scenario spells them in kebab-case.

pub mod link_faults;
pub mod list;

use jiff::Timestamp;
use serde::Deserialize;

use super::{login, totp};
pub use link_faults::{Break, Close, Drip, Handshake, How, HttpReply, Links, Messages};
pub use list::{Arrivals, Colleague, Filter, ListConduct, Narrow, RowOrder, StartFrom};

/// A control frame holds no longer reason.
const LONGEST_REASON: usize = 123;

/// The conduct of the exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Conduct {
    /// Who may log in, and what the exchange says of them.
    pub user: User,
    /// The second factor, if there is one.
    pub second_factor: Option<SecondFactor>,
    /// The life of a login.
    pub sessions: SessionConduct,
    /// The answer to the list of tickets.
    pub list: ListConduct,
    /// New tickets that come by themselves.
    pub arrivals: Option<Arrivals>,
    /// A colleague at work beside us.
    pub colleague: Option<Colleague>,
    /// The answer to SubscribeAllAccountEvents.
    pub events: Subscription,
    /// Slow and broken links.
    pub links: Links,
    /// The certificate that it shows under TLS.
    pub certificate: Certificate,
}

/// A certificate, and what is wrong with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certificate {
    /// Good for this machine, and signed by the authority that is named.
    #[default]
    Good,
    /// It expired.
    Expired,
    /// It does not count yet.
    NotYetValid,
    /// It is for another host.
    OtherName,
    /// It names the address of this machine as a host name.
    AddressAsName,
    /// Another authority signed it than the one that is named.
    OtherAuthority,
    /// It is signed by itself, and is the authority that is named.
    SelfSigned,
    /// As `self-signed`, but marked as an authority's own, which no server may show.
    SelfSignedAuthority,
    /// It is good, but the file of the authority has a second certificate that is damaged.
    DamagedBundle,
}

impl Conduct {
    /// Checks that it can be played; the error is a sentence that says why not.
    pub fn check(&self) -> Result<(), String> {
        let secret = self.second_factor.as_ref().and_then(|factor| factor.totp_secret.as_deref());
        if secret.is_some_and(|secret| totp::code(secret, Timestamp::UNIX_EPOCH).is_none()) {
            return Err("exchange.second-factor.totp-secret is not base 32: wanted A-Z and 2-7".to_owned());
        }
        let is_never = |of: &Break| {
            of.after_frames.is_none() && of.at_call.is_none() && of.after_ms.is_none() && of.every_ms.is_none()
        };
        let closes = self.links.breaks.iter().filter_map(|of| match &of.how {
            How::Close(close) => Some(close),
            _ => None,
        });
        if closes.chain(&self.sessions.one_at_a_time).any(|close| close.reason.len() > LONGEST_REASON) {
            return Err(format!(
                "a close has a reason of more than {LONGEST_REASON} bytes, which no close frame holds"
            ));
        }
        match self.links.breaks.iter().position(is_never) {
            Some(which) => Err(format!(
                "exchange.links.breaks[{which}] never comes: wanted one of after-frames, at-call, after-ms, every-ms"
            )),
            None => Ok(()),
        }
    }
}

/// The one user of the exchange, besides the API key's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct User {
    /// The user's name at the exchange; `operator` may log in under either name.
    pub name: String,
    /// The OMS that the login and GetUserInfo tell, and that calls must name.
    pub oms_id: i64,
    /// The operator that GetUserInfo tells, and that calls must name.
    pub operator_id: i64,
    /// Locked from the start.
    pub locked: bool,
    /// So many wrong passwords lock the user.
    pub wrong_passwords: u32,
    /// The answer to GetUserPermissions. `Operator` and `SUPERUSER` allow every call, else a call needs its own name.
    pub permissions: Vec<String>,
}

impl Default for User {
    fn default() -> Self {
        Self {
            name: login::USERNAME.to_owned(),
            oms_id: login::OMS_ID,
            operator_id: login::OPERATOR_ID,
            locked: false,
            wrong_passwords: 5,
            permissions: ["Operator", "CancelFailedWithdrawTicket", "Withdraw"].map(str::to_owned).into(),
        }
    }
}

/// The second factor of the user (PROTOCOL.md 2).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct SecondFactor {
    /// True if a login by password asks for it.
    pub login: bool,
    /// The code that is always right.
    pub code: String,
    /// Instead of the code: the secret of time-based codes (RFC 6238: SHA-1, 6 digits, 30 s), in base 32.
    pub totp_secret: Option<String>,
    /// Calls that want the code once more, by Validate2FA or in their payload.
    pub endpoints: Vec<String>,
    /// The error code of such a call without it.
    pub endpoint_code: i64,
}

impl Default for SecondFactor {
    fn default() -> Self {
        Self { login: true, code: "235991".to_owned(), totp_secret: None, endpoints: Vec::new(), endpoint_code: 20 }
    }
}

/// The life of a login.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct SessionConduct {
    /// Seconds from the last activity to the end: "a session lasts one hour" (PROTOCOL.md 2).
    pub idle_seconds: u64,
    /// True if a Ping counts as activity.
    pub ping_counts: bool,
    /// Each session ends after so many calls; logins and pings are not counted.
    pub expire_after_calls: Option<u64>,
    /// All sessions end once, so many milliseconds after the exchange opened.
    pub expire_after_ms: Option<u64>,
    /// True if a restart of the gateway ends all sessions.
    pub forgotten_on_restart: bool,
    /// A user has one link at a time: a login closes the one before it with this.
    pub one_at_a_time: Option<Close>,
}

impl Default for SessionConduct {
    fn default() -> Self {
        Self {
            idle_seconds: 3_600,
            ping_counts: true,
            expire_after_calls: None,
            expire_after_ms: None,
            forgotten_on_restart: false,
            one_at_a_time: None,
        }
    }
}

/// The answer to SubscribeAllAccountEvents; undocumented (PROTOCOL.md 7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subscription {
    /// Answered, and events come.
    #[default]
    Allowed,
    /// Not Authorized.
    Refused,
    /// Never answered, and no events.
    Unanswered,
    /// Answered as if all were well, and no events.
    Eventless,
}
