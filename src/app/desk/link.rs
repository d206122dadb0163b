//! The link to the exchange: opening it, who we are on it, what it allows, whether it still answers, opening it again. It
//! knows of no ticket and of no cancel; those hear of it by news.

mod answers;
mod frames;
mod identity;
mod keep_alive;
pub(in crate::app::desk) mod opening;
pub mod permissions;
pub mod record;
pub mod retry;
mod rivalry;
pub mod second_factor;
mod secret_wanted;
mod session_check;
mod validation;

use std::time::Duration;

use jiff::Timestamp;

use self::permissions::Permissions;
use self::record::LinkRecord;
use self::rivalry::Rivalry;
use self::second_factor::SecondFactor;
use super::calls::{CallEnd, Purpose};
use super::session::Feed;
use crate::app::event::Way;
use crate::domain::{Boot, Now, Wanted};

/// Without a good answer for this long, everything on the screen is stale.
const STALE_AFTER: Duration = Duration::from_secs(15);

/// Where the link stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was tried yet.
    #[default]
    Idle,
    /// A link is being opened.
    Opening,
    /// There is a link, logged in: there is a session.
    Up,
    /// No link; another try follows.
    Waiting {
        /// Why there is none; inert.
        why: String,
        /// When the next try is due.
        until: Boot,
        /// When it is due, to show; UTC.
        at: Timestamp,
        /// The far side asked for this wait, or nothing will be better sooner: only a person cuts it short.
        is_kept: bool,
    },
    /// No link, and no other try before a person says so; why, inert.
    Held(String),
    /// The login was refused, or what it needs was not given. Never tried again by the program: accounts lock.
    Refused(String),
}

/// The exchange said who we are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Told {
    /// Never in this process.
    #[default]
    Never,
    /// On an earlier link.
    Before,
    /// On this link.
    Here,
}

/// A read that was refused with "Not Authorized", which may mean that the session is over.
#[derive(Clone, Debug)]
struct Doubted {
    purpose: Purpose,
    /// Its end, if the session goes on.
    end: CallEnd,
}

/// The link and what is known of its health.
#[derive(Clone, Debug, Default)]
pub struct Link {
    phase: Phase,
    feed: Feed,
    record: LinkRecord,
    permissions: Permissions,
    second_factor: SecondFactor,
    /// A question that the gateway waits for the operator to answer.
    asking: Option<Wanted>,
    way: Option<Way>,
    /// It was the exchange that refused the last login that ended as refused.
    was_refused: bool,
    refused_at: Option<Boot>,
    failures: u32,
    rivalry: Rivalry,
    /// When a person last cut a wait short.
    asked_at: Option<Boot>,
    last_good: Option<Now>,
    /// The age of the last good answer cannot be told.
    is_doubted: bool,
    next_ping: Option<Boot>,
    pings_missed: u32,
    told_who: Told,
    /// Reads that were refused while it is asked whether the session at the exchange goes on.
    doubted: Vec<Doubted>,
    /// The session at the exchange is over; a new login follows as soon as no receipt is awaited.
    is_session_over: bool,
    /// Reads that were lost with a link, to be asked again on the next.
    again: Vec<Purpose>,
}

impl Link {
    /// Where it stands.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// How the list is kept up.
    pub fn feed(&self) -> Feed {
        self.feed
    }

    /// The links of this process, counted.
    pub fn record(&self) -> &LinkRecord {
        &self.record
    }

    /// The permissions of the login, as far as the exchange said.
    pub fn permissions(&self) -> &Permissions {
        &self.permissions
    }

    /// The calls that want a code of the second factor, and how the question for one stands.
    pub fn second_factor(&self) -> &SecondFactor {
        &self.second_factor
    }

    /// The secret that the operator is asked for, if any.
    pub fn asking(&self) -> Option<&Wanted> {
        self.asking.as_ref()
    }

    /// How the link was logged in.
    pub fn way(&self) -> Option<Way> {
        self.way
    }

    /// True if it was the exchange that refused the last login that ended as refused.
    pub fn was_refused(&self) -> bool {
        self.was_refused
    }

    /// How long ago the login was refused, or the link ended for a person to look at, if that is why there is none.
    pub fn refused_for(&self, now: Now) -> Option<Duration> {
        let is_refused = matches!(self.phase, Phase::Refused(_) | Phase::Held(_));
        self.refused_at.filter(|_| is_refused).map(|at| now.boot.since(at))
    }

    /// True if there is a link, or one is being opened.
    pub fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Opening | Phase::Up)
    }

    /// Since when nothing good was heard, if that is too long ago to act on.
    pub fn stale_since(&self, now: Now) -> Option<Timestamp> {
        let last = self.last_good?;
        let is_stale = now.boot.since(last.boot) >= STALE_AFTER
            || self.pings_missed > 0
            || self.is_doubted
            || self.phase != Phase::Up;
        is_stale.then_some(last.wall)
    }

    /// When something good was heard last, UTC.
    pub fn last_good(&self) -> Option<Timestamp> {
        self.last_good.map(|now| now.wall)
    }

    /// When the link needs attention next.
    pub fn deadlines(&self, now: Now) -> impl Iterator<Item = Boot> {
        let retry = match self.phase {
            Phase::Waiting { until, .. } => Some(until),
            _ => None,
        };
        let stale = self.last_good.map(|last| last.boot + STALE_AFTER).filter(|at| *at > now.boot);
        let ping = self.next_ping.filter(|_| self.phase == Phase::Up);
        [retry, stale, ping].into_iter().flatten()
    }

    /// Notes an answer of any kind.
    pub fn heard(&mut self) {
        self.pings_missed = 0;
    }

    /// Notes a good answer.
    pub fn heard_well(&mut self, now: Now) {
        self.last_good = Some(now);
        self.heard();
        self.is_doubted = false;
    }

    /// Nothing that was heard counts any more until something new is heard, which is asked for at once.
    pub fn doubt(&mut self, now: Now) {
        self.is_doubted = true;
        self.next_ping = self.next_ping.map(|_| now.boot);
    }
}
