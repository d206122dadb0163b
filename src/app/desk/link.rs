//! The link to the exchange: opening, who we are on it, whether it still answers, opening it again.

use std::time::Duration;

use jiff::Timestamp;

use super::Desk;
use super::in_flight::{Call, Purpose};
use super::retry::{STABLE_AFTER, retry_delay};
use crate::app::effect::{Effect, Effects, LOGIN_CALLS};
use crate::app::event::{LinkFailure, Way};
use crate::domain::{Boot, CallId, ConnectionId, Now, OmsId, OperatorId, RemoteText, UserId, Wanted};
use crate::protocol::Frame;
use crate::protocol::rpc::authenticate_user::{LoggedIn, LoginRefused};
use crate::protocol::rpc::get_user_info::{GetUserInfo, UserInfo};
use crate::protocol::rpc::log_out::LogOut;
use crate::protocol::rpc::ping::Ping;
use crate::protocol::rpc::subscribe_all_account_events::SubscribeAllAccountEvents;
use crate::protocol::rpc::{self, ReadCall, read_reply};

/// A keep-alive is sent this often.
const PING_EVERY: Duration = Duration::from_secs(10);
/// A keep-alive is answered in this time, or the link is doubtful.
const PING_LIMIT: Duration = Duration::from_secs(5);
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
    /// There is a link, logged in.
    Up(Session),
    /// No link; another try follows.
    Waiting {
        /// Why there is none; inert.
        why: String,
        /// When the next try is due.
        until: Boot,
        /// The same, to show.
        at: Timestamp,
    },
    /// The login was refused, or what it needs was not given. Never tried again by the program: accounts lock.
    Refused(String),
}

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
    /// Whether GetUserInfo was answered or given up, so that calls about tickets can be asked.
    pub is_known: bool,
    /// Since when there is this link.
    pub since: Now,
}

impl Session {
    /// Whether it lasted long enough to be taken for a link that works.
    pub fn is_stable(&self, now: Now) -> bool {
        now.boot.since(self.since.boot) >= STABLE_AFTER
    }

    /// Whether the list cannot be asked for.
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

/// The link and what is known of its health.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Where it stands.
    pub phase: Phase,
    /// How the list is kept up.
    pub feed: Feed,
    /// Frames that answered nothing we asked.
    pub unmatched: u64,
    /// Frames and events that could not be read.
    pub unreadable: u64,
    /// What the gateway waits for the operator to give.
    pub asking: Option<Wanted>,
    /// How the link was logged in.
    pub way: Option<Way>,
    /// Whether it was the exchange that refused the last login that ended as refused.
    pub was_refused: bool,
    last_session: Option<Session>,
    refused_at: Option<Boot>,
    opened: u32,
    failures: u32,
    last_good: Option<Now>,
    /// Whether the age of the last good answer cannot be told.
    is_doubted: bool,
    next_ping: Option<Boot>,
    pings_missed: u32,
}

impl Link {
    /// The session, if there is a link.
    pub fn session(&self) -> Option<&Session> {
        match &self.phase {
            Phase::Up(session) => Some(session),
            _ => None,
        }
    }

    /// The session, or the last one: who the records of this process are by does not change while the link is down.
    pub fn last_session(&self) -> Option<&Session> {
        self.session().or(self.last_session.as_ref())
    }

    /// The session, once calls about tickets can be asked on it.
    pub fn ready(&self) -> Option<&Session> {
        self.session().filter(|session| session.is_known)
    }

    /// How long ago the login was refused, if that is why there is no link.
    pub fn refused_for(&self, now: Now) -> Option<Duration> {
        let is_refused = matches!(self.phase, Phase::Refused(_));
        self.refused_at.filter(|_| is_refused).map(|at| now.boot.since(at))
    }

    /// The link that is up or being opened, or the last one.
    pub(super) fn current(&self) -> ConnectionId {
        ConnectionId(self.opened)
    }

    /// Whether `connection` is the link that is up or being opened.
    pub fn is_current(&self, connection: ConnectionId) -> bool {
        connection == ConnectionId(self.opened) && matches!(self.phase, Phase::Opening | Phase::Up(_))
    }

    /// Since when nothing good was heard, if that is too long ago to act on.
    pub fn stale_since(&self, now: Now) -> Option<Timestamp> {
        let last = self.last_good?;
        let is_stale = now.boot.since(last.boot) >= STALE_AFTER
            || self.pings_missed > 0
            || self.is_doubted
            || self.session().is_none();
        is_stale.then_some(last.wall)
    }

    /// When something good was heard last, UTC.
    pub fn last_good(&self) -> Option<Timestamp> {
        self.last_good.map(|now| now.wall)
    }

    /// Notes that there was an answer at all.
    pub fn heard(&mut self) {
        self.pings_missed = 0;
    }

    /// Notes a good answer.
    pub fn answered(&mut self, now: Now) {
        self.last_good = Some(now);
        self.heard();
        self.is_doubted = false;
    }

    /// Nothing that was heard counts any more until something new is heard, which is asked for at once.
    pub fn doubt(&mut self, now: Now) {
        self.is_doubted = true;
        self.next_ping = self.next_ping.map(|_| now.boot);
    }

    /// An idle console writes nothing: a pong is drawn only when the minute, and with it an age, may have changed.
    pub fn apply_pong(&self, now: Now) -> Effects {
        let pinged_at = now.wall.as_second() - i64::try_from(PING_EVERY.as_secs()).unwrap_or(0);
        let same_minute = pinged_at.div_euclid(60) == now.wall.as_second().div_euclid(60);
        if same_minute { Effects::quiet() } else { Effects::none() }
    }

    /// What the link waits for.
    pub fn deadlines(&self, now: Now) -> impl Iterator<Item = Boot> {
        let retry = match self.phase {
            Phase::Waiting { until, .. } => Some(until),
            _ => None,
        };
        let stale = self.last_good.map(|last| last.boot + STALE_AFTER).filter(|at| *at > now.boot);
        let ping = self.session().and(self.next_ping);
        [retry, stale, ping].into_iter().flatten()
    }
}

impl Desk {
    /// Opens a link, unless there is one.
    pub fn connect(&mut self) -> Effects {
        if matches!(self.link.phase, Phase::Opening | Phase::Up(_)) {
            return Effects::none();
        }
        self.link.opened += 1;
        self.link.phase = Phase::Opening;
        let connection = ConnectionId(self.link.opened);
        Effects::one(Effect::Connect { connection, login: self.in_flight.set_aside(LOGIN_CALLS) })
    }

    pub(super) fn apply_link_opened(
        &mut self,
        connection: ConnectionId,
        host: String,
        (user, way): (LoggedIn, Way),
        now: Now,
    ) -> Effects {
        if !self.link.is_current(connection) {
            return Effects::quiet();
        }
        self.activity.add(now, format!("linked to {host}"));
        self.link_record.opened += 1;
        self.standing = std::mem::take(&mut self.standing).next();
        self.link.asking = None;
        self.link.way = Some(way);
        self.link.answered(now);
        self.link.next_ping = Some(now.boot + PING_EVERY);
        self.link.phase = Phase::Up(Session {
            connection,
            host,
            user: user.user,
            user_name: user.user_name,
            oms: user.oms,
            operator: self.settings.operator,
            is_known: false,
            since: now,
        });
        self.ask(&GetUserInfo::caller(), Purpose::WhoAmI, now)
    }

    /// Sends a call that changes nothing on the link that is up; without one, nothing happens and nothing is awaited.
    pub(super) fn ask<C: ReadCall>(&mut self, call: &C, purpose: Purpose, now: Now) -> Effects {
        let limit = match purpose {
            Purpose::Ping => PING_LIMIT,
            _ => self.settings.limits.read_timeout,
        };
        let Some(connection) = self.link.session().map(|session| session.connection) else { return Effects::none() };
        let id = self.in_flight.next_id();
        self.in_flight.insert(id, connection, C::NAME, purpose, now, limit);
        Effects::one(Effect::SendRead { connection, frame: rpc::frame(call, id) })
    }

    pub(super) fn apply_who_am_i(&mut self, explicit: bool, frame: &Frame, now: Now) -> Effects {
        match read_reply::<GetUserInfo>(frame) {
            Ok(info) => {
                self.take_user_info(info);
                self.apply_session_known("", now)
            }
            Err(error) => match self.link.session().and_then(|session| session.oms.zip(session.user)) {
                Some((oms, user)) if !explicit => self.ask(&GetUserInfo::of(oms, user), Purpose::WhoAmIById, now),
                _ => self.apply_session_known(&format!("GetUserInfo: {error}"), now),
            },
        }
    }

    fn take_user_info(&mut self, info: UserInfo) {
        if let Phase::Up(session) = &mut self.link.phase {
            session.user = info.user.or(session.user);
            session.user_name = info.user_name.or_else(|| session.user_name.take());
            session.oms = info.oms.or(session.oms);
            // What the profile names counts: an operator of several tenants may mean another one.
            session.operator = session.operator.or(info.operator);
        }
    }

    /// Who we are is as known as it will be: what waited for it starts, the tickets of open intents first.
    pub(super) fn apply_session_known(&mut self, trouble: &str, now: Now) -> Effects {
        let (wanted_oms, wanted_operator) = (self.settings.oms, self.settings.operator);
        let Phase::Up(session) = &mut self.link.phase else { return Effects::none() };
        let is_asked_again = std::mem::replace(&mut session.is_known, true);
        session.oms = session.oms.or(wanted_oms);
        session.operator = session.operator.or(wanted_operator);
        if is_asked_again && session.lacks_ids() {
            return Effects::quiet();
        }
        if !trouble.is_empty() {
            self.activity.add(now, trouble.to_owned());
        }
        let again = std::mem::take(&mut self.standing.again);
        self.adopt_unresolved(now)
            .then(self.resume_follows(now))
            .then(self.ask_again(again, now))
            .then(self.ask(&SubscribeAllAccountEvents, Purpose::Subscribe, now))
            .then(self.ask_standing(now))
            .then(self.open_scan(now))
    }

    /// An exchange that answers pings may by now also say who we are, without which no list can be read.
    pub(super) fn ask_who_again(&mut self, now: Now) -> Effects {
        match self.link.ready() {
            Some(session) if session.lacks_ids() => self.ask(&GetUserInfo::caller(), Purpose::WhoAmI, now),
            _ => Effects::quiet(),
        }
    }

    pub(super) fn apply_subscribed(&mut self, frame: &Frame, now: Now) -> Effects {
        match read_reply::<SubscribeAllAccountEvents>(frame) {
            Ok(()) => {
                self.link.feed = Feed::Events;
                Effects::none()
            }
            Err(error) => self.apply_not_subscribed(&error.to_string(), now),
        }
    }

    pub(super) fn apply_not_subscribed(&mut self, why: &str, now: Now) -> Effects {
        self.link.feed = Feed::Reads;
        self.activity.add(now, format!("newest tickets read every 10 s: no ticket events ({why})"));
        Effects::none()
    }

    pub(super) fn apply_link_failed(&mut self, connection: ConnectionId, failure: &LinkFailure, now: Now) -> Effects {
        if !self.link.is_current(connection) {
            return Effects::quiet();
        }
        self.link.asking = None;
        match failure {
            LinkFailure::Unreachable(why) => self.wait_for_link(why, now),
            LinkFailure::Refused(refused) => {
                self.link.was_refused = !matches!(refused, LoginRefused::NotGiven(_));
                self.refuse(refused.to_string(), now)
            }
        }
    }

    /// There is no link until the operator asks for one; what waited for it does not wait any longer.
    pub(super) fn refuse(&mut self, why: String, now: Now) -> Effects {
        self.activity.add(now, why.clone());
        self.link_record.end(&why, now);
        let mut effects = Effects::none();
        for purpose in std::mem::take(&mut self.standing.again) {
            effects = effects.then(self.end_read(purpose, why.clone(), now));
        }
        self.link.phase = Phase::Refused(why);
        self.link.refused_at = Some(now.boot);
        effects
    }

    fn wait_for_link(&mut self, why: &str, now: Now) -> Effects {
        // Only a link that lasted starts the waits anew: one that logs in and drops must not log in every second.
        if self.link.session().is_some_and(|session| session.is_stable(now)) {
            self.link.failures = 0;
        }
        self.link.last_session = self.link.last_session().cloned();
        self.link.failures = self.link.failures.saturating_add(1);
        self.link_record.end(why, now);
        let delay = retry_delay(self.settings.seed, self.link.failures);
        let at = now.wall.checked_add(delay).unwrap_or(now.wall);
        self.activity.add(now, format!("no link: {why}"));
        self.link.phase = Phase::Waiting { why: why.to_owned(), until: now.boot + delay, at };
        Effects::none()
    }

    /// Every call of the link is given an end. A pending cancel is never sent again: its receipt is `none`.
    pub(super) fn apply_link_lost(&mut self, connection: ConnectionId, why: &str, now: Now) -> Effects {
        if !self.link.is_current(connection) {
            return Effects::quiet();
        }
        // A release that waited for its read does not wait for another link.
        self.keep_lock();
        self.link.feed = Feed::Reads;
        self.link.next_ping = None;
        self.link.pings_missed = 0;
        self.link.asking = None;
        self.link_record.lost += 1;
        let mut effects = self.wait_for_link(why, now);
        for call in self.in_flight.take_of(connection) {
            effects = effects.then(self.apply_call_lost(&call, why, now));
        }
        effects.then(self.apply_attempt_link_lost())
    }

    /// What is asked once by the operator's wish, and changes nothing, is asked again on the next link; a confirming read is not,
    /// and a cancel never is.
    pub(super) fn apply_call_lost(&mut self, call: &Call, why: &str, now: Now) -> Effects {
        let lost = format!("the link was lost ({why})");
        match call.purpose {
            Purpose::WhoAmI
            | Purpose::WhoAmIById
            | Purpose::Permissions
            | Purpose::Protected
            | Purpose::Subscribe
            | Purpose::Watch(_)
            | Purpose::Ping => Effects::none(),
            Purpose::StillIn => self.lose_doubted(why, now),
            Purpose::Validate => self.lose_validation(call, why, now),
            Purpose::Page { .. } => self.page_lost(),
            Purpose::Find(ticket) => self.find_by_scan(ticket, now),
            Purpose::Detail(_) | Purpose::Choose(_) => {
                self.standing.again.push(call.purpose);
                Effects::none()
            }
            Purpose::Confirm(attempt) => self.apply_confirm_failed(attempt, lost),
            Purpose::Follow(intent) => self.apply_follow_failed(intent, lost, now),
            Purpose::Cancel(intent) => self.apply_no_reply(intent, now),
        }
    }

    pub(super) fn link_deadlines(&mut self, now: Now) -> Effects {
        if matches!(self.link.phase, Phase::Waiting { until, .. } if until <= now.boot) {
            return self.connect();
        }
        if self.link.session().is_none() || self.link.next_ping.is_none_or(|due| due > now.boot) {
            return Effects::quiet();
        }
        self.link.next_ping = Some(now.boot + PING_EVERY);
        // Other consoles on the journal may have opened, settled or released something meanwhile.
        self.ask(&Ping, Purpose::Ping, now).then(self.ask_still_in(now)).and(Effect::ReadUnresolved).quietly()
    }

    /// A first miss makes everything stale, a second drops the link.
    pub(super) fn apply_ping_missed(&mut self, now: Now) -> Effects {
        self.link.pings_missed += 1;
        let Some(connection) = self.link.session().map(|session| session.connection) else { return Effects::none() };
        if self.link.pings_missed < 2 {
            return Effects::none();
        }
        let lost = self.apply_link_lost(connection, "the exchange stopped answering", now);
        Effects::one(Effect::Disconnect { connection }).then(lost)
    }

    /// Says good-bye; nobody waits for the answer.
    pub(super) fn log_out(&mut self) -> Effects {
        let Some(connection) = self.link.session().map(|session| session.connection) else { return Effects::none() };
        let id: CallId = self.in_flight.next_id();
        Effects::one(Effect::SendRead { connection, frame: rpc::frame(&LogOut, id) })
    }
}
