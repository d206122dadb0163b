//! The settings of this session: its orders and its permissions.

use std::time::Duration;

use crate::config::permit::WritePermit;
use crate::domain::{OmsId, OperatorId, TicketStatus, UserId};

/// The profile, as far as the desk needs it. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The exchange's name in the journal: the profile's, by default the URL's host and port.
    pub exchange: String,
    /// The profile's environment, `production` or any other word.
    pub environment: String,
    /// The OMS that the profile names.
    pub oms: Option<OmsId>,
    /// The operator that the profile names.
    pub operator: Option<OperatorId>,
    /// The permission to write; `None` is a read-only session.
    pub permit: Option<WritePermit>,
    /// True if a second typed word opens tickets that carry a transaction id or are confirmed.
    pub allow_tx: bool,
    /// Statuses that mean "canceled" beside 11 and 12.
    pub canceled_statuses: Vec<TicketStatus>,
    /// Whom the profile logs in; if the exchange says that we are another, the session is read-only.
    pub expected: Expected,
    /// Random, of this process: what is put off is put off by another while than everybody else's.
    pub seed: u64,
    /// Time limits and sizes.
    pub limits: Limits,
}

/// Whom the profile names: by name for the password way, by id for the API key way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// `UserName`.
    pub user_name: Option<String>,
    /// `UserId`.
    pub user: Option<UserId>,
}

/// Time limits and sizes, with PRODUCT.md's defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a cancel waits for its receipt.
    pub reply_timeout: Duration,
    /// How long a read waits for its answer.
    pub read_timeout: Duration,
    /// How long a ticket is followed closely after the receipt.
    pub follow_time: Duration,
    /// Tickets a page.
    pub page_size: usize,
    /// Where the reading of the list stops: tickets made longer ago than this.
    pub scan_depth: Duration,
    /// Where it stops in any case.
    pub scan_tickets: usize,
    /// Pages that are asked for at a time.
    pub pages_in_flight: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            reply_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(5),
            follow_time: Duration::from_secs(60),
            page_size: 200,
            scan_depth: Duration::from_secs(90 * 86_400),
            scan_tickets: 1_000_000,
            pages_in_flight: 3,
        }
    }
}

impl Settings {
    /// Of an exchange, read-only: whatever else there is to say is said by the profile.
    pub fn of(exchange: &str, environment: &str) -> Self {
        Self {
            exchange: exchange.to_owned(),
            environment: environment.to_owned(),
            oms: None,
            operator: None,
            permit: None,
            allow_tx: false,
            canceled_statuses: Vec::new(),
            expected: Expected::default(),
            seed: 0,
            limits: Limits::default(),
        }
    }

    /// True if the environment is the one with real money.
    pub fn is_production(&self) -> bool {
        ["production", "prod"].iter().any(|word| self.environment.eq_ignore_ascii_case(word))
    }
}
