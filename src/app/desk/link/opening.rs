//! Opening a link, losing it, and opening it again: never at once, and never after a refused login.

use std::time::Duration;

use super::retry::retry_delay;
use super::rivalry::Rival;
use super::second_factor::SecondFactor;
use super::{Link, Phase, Told};
use crate::app::desk::calls::{CallEnd, Purpose, WhenLost};
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::desk::session::{Feed, Session};
use crate::app::effect::{Effect, LOGIN_CALLS};
use crate::app::event::{LinkFailure, Way};
use crate::app::words::desk::link as words;
use crate::domain::ConnectionId;
use crate::protocol::rpc::authenticate_user::{LoggedIn, LoginRefused};
use crate::protocol::rpc::get_user_info::GetUserInfo;
use crate::protocol::rpc::{self, log_out::LogOut};
use crate::protocol::{LinkEnd, NextTry};

/// A link that is open and logged in, as the gateway tells it.
pub(in crate::app::desk) struct Opened {
    pub connection: ConnectionId,
    /// Host and port that were really connected to.
    pub host: String,
    pub user: LoggedIn,
    pub way: Way,
}

/// A person gets no more than one try in this time.
const BETWEEN_ASKED: Duration = Duration::from_secs(1);

impl Link {
    /// Opens a link, unless there is one.
    pub(in crate::app::desk) fn connect(&mut self, cx: &mut Cx<'_>) {
        if self.is_open() {
            return cx.show();
        }
        self.phase = Phase::Opening;
        let connection = cx.sessions.open_next();
        let login = cx.calls.set_aside(LOGIN_CALLS);
        cx.order(Effect::Connect { connection, login });
    }

    /// A person asks for a try: it shortens any wait, but a key that is held makes no storm.
    pub(in crate::app::desk) fn try_now(&mut self, cx: &mut Cx<'_>) {
        let soonest = self.asked_at.map_or(cx.now.boot, |asked| asked + BETWEEN_ASKED);
        if let Phase::Waiting { why, until, at, is_kept } = &mut self.phase {
            let delay = soonest.since(cx.now.boot);
            if !delay.is_zero() {
                if soonest < *until {
                    *until = soonest;
                    *at = cx.now.wall.checked_add(delay).unwrap_or(cx.now.wall);
                }
                return cx.show();
            }
            if *is_kept {
                cx.note(words::tried_early(*at, cx.now.wall, why));
            }
            self.asked_at = Some(cx.now.boot);
        }
        self.connect(cx);
    }

    /// True if `connection` is the link that is up or being opened.
    pub(in crate::app::desk) fn is_current(&self, connection: ConnectionId, cx: &Cx<'_>) -> bool {
        connection == cx.sessions.connection() && self.is_open()
    }

    pub(in crate::app::desk) fn opened(&mut self, opened: Opened, cx: &mut Cx<'_>) {
        let Opened { connection, host, user, way } = opened;
        if !self.is_current(connection, cx) {
            return;
        }
        cx.note(words::linked(&host));
        self.record.opened += 1;
        self.begin_link();
        self.way = Some(way);
        self.heard_well(cx.now);
        self.plan_ping(cx.now);
        self.phase = Phase::Up;
        cx.sessions.begin(Session {
            connection,
            host,
            user: user.user,
            user_name: user.user_name,
            oms: user.oms,
            operator: cx.settings.operator,
            contradiction: None,
            is_known: false,
            since: cx.now,
        });
        cx.ask(&GetUserInfo::caller(), Purpose::WhoAmI);
    }

    /// Permissions, codes and doubts are learnt anew on each link.
    fn begin_link(&mut self) {
        self.asking = None;
        self.permissions = super::Permissions::default();
        self.second_factor = SecondFactor::default();
        self.doubted.clear();
        self.is_session_over = false;
        if self.told_who == Told::Here {
            self.told_who = Told::Before;
        }
    }

    pub(in crate::app::desk) fn failed(&mut self, connection: ConnectionId, failure: &LinkFailure, cx: &mut Cx<'_>) {
        if !self.is_current(connection, cx) {
            return;
        }
        self.asking = None;
        match failure {
            LinkFailure::Unreachable(end) => {
                self.part(end, cx);
                cx.tell(News::NoLink { why: end.why.clone() });
            }
            LinkFailure::Refused(refused) => {
                self.was_refused = !matches!(refused, LoginRefused::NotGiven(_));
                self.refuse(refused.to_string(), cx);
            }
        }
    }

    /// There is no link until the operator asks for one; reads that waited for it do not wait any longer.
    pub(super) fn refuse(&mut self, why: String, cx: &mut Cx<'_>) {
        cx.note(why.clone());
        self.record.end(&why, cx.now);
        self.give_up_waiting(&why, cx);
        self.phase = Phase::Refused(why.clone());
        self.refused_at = Some(cx.now.boot);
        cx.sessions.end();
        cx.tell(News::LoginRefused { why });
    }

    /// There is no link, or none any more: another try follows when its end says so.
    fn part(&mut self, end: &LinkEnd, cx: &mut Cx<'_>) {
        let lasted = cx.session().map(|session| cx.now.boot.since(session.since.boot));
        match self.rivalry.take(end.parting, lasted, cx.now.boot) {
            Some(Rival::Closed(times)) => return self.hold(&words::often_closed(times, &end.why), cx),
            Some(Rival::Dropped { times, over }) => return self.hold(&words::often_dropped(times, over, &end.why), cx),
            None => {}
        }
        match end.next {
            NextTry::Soon => self.wait(&end.why, None, cx),
            NextTry::After(least) => self.wait(&end.why, Some(least), cx),
            NextTry::ByPerson => self.hold(&end.why, cx),
        }
    }

    /// No other try before a person says so: it would be refused as well, or throw another desk out.
    fn hold(&mut self, why: &str, cx: &mut Cx<'_>) {
        cx.sessions.end();
        self.record.end(why, cx.now);
        cx.note(words::no_link(why));
        self.phase = Phase::Held(why.to_owned());
        self.refused_at = Some(cx.now.boot);
        self.give_up_waiting(why, cx);
    }

    /// Reads that waited for a link do not wait for one that only a person opens.
    fn give_up_waiting(&mut self, why: &str, cx: &mut Cx<'_>) {
        for purpose in std::mem::take(&mut self.again) {
            cx.tell(News::CallEnded { purpose, end: CallEnd::Unanswered { why: why.to_owned() } });
        }
    }

    /// Waits for the next try, `least` at the least.
    fn wait(&mut self, why: &str, least: Option<Duration>, cx: &mut Cx<'_>) {
        // Only a link that lasted starts the waits anew: one that logs in and drops must not log in every second.
        if cx.session().is_some_and(|session| session.is_stable(cx.now)) {
            self.failures = 0;
        }
        cx.sessions.end();
        self.failures = self.failures.saturating_add(1);
        self.record.end(why, cx.now);
        let delay = retry_delay(cx.settings.seed, self.failures).max(least.unwrap_or_default());
        let at = cx.now.wall.checked_add(delay).unwrap_or(cx.now.wall);
        cx.note(words::no_link(why));
        let is_kept = least.is_some();
        self.phase = Phase::Waiting { why: why.to_owned(), until: cx.now.boot + delay, at, is_kept };
    }

    /// Every call of the link is given an end. A pending cancel is never sent again: its receipt is `none`.
    pub(in crate::app::desk) fn lost(&mut self, connection: ConnectionId, end: &LinkEnd, cx: &mut Cx<'_>) {
        if !self.is_current(connection, cx) {
            return;
        }
        let why = end.why.as_str();
        let is_page_too_long = end.is_too_long && cx.calls.await_page(connection);
        self.feed = Feed::Reads;
        self.next_ping = None;
        self.pings_missed = 0;
        self.asking = None;
        self.record.lost += 1;
        let failures = self.failures;
        self.part(end, cx);
        if is_page_too_long {
            // The next page is half as long: that is no failure of the link, and its waits do not grow.
            self.failures = failures;
        }
        cx.tell(News::LinkLost { why: why.to_owned() });
        for call in cx.calls.take_of(connection) {
            if end.is_too_long && call.purpose.rule().is_told_too_long() {
                cx.tell(News::CallEnded { purpose: call.purpose, end: CallEnd::TooLong { why: why.to_owned() } });
            } else {
                self.lose(call.purpose, why, cx);
            }
        }
        if matches!(self.phase, Phase::Held(_)) {
            self.give_up_waiting(why, cx);
        }
    }

    /// Ends a call with its link, by its row in the table.
    pub(super) fn lose(&mut self, purpose: Purpose, why: &str, cx: &mut Cx<'_>) {
        match purpose.rule().lost {
            WhenLost::Forgotten => {}
            WhenLost::AskedAgain => self.again.push(purpose),
            WhenLost::Told => cx.tell(News::CallEnded { purpose, end: CallEnd::Lost { why: why.to_owned() } }),
        }
    }

    /// Gives up the link that is up, and opens another after a wait.
    pub(super) fn drop_link(&mut self, why: &str, cx: &mut Cx<'_>) {
        let Some(connection) = cx.session().map(|session| session.connection) else { return };
        cx.order(Effect::Disconnect { connection });
        self.lost(connection, &LinkEnd::soon(why), cx);
    }

    /// The session ends: a link that waits for its next try would let the little time pass that is left to read on.
    pub(in crate::app::desk) fn hurry(&mut self, cx: &mut Cx<'_>) {
        if matches!(self.phase, Phase::Waiting { is_kept: false, .. }) {
            self.connect(cx);
        }
    }

    /// Says good-bye; nobody waits for the answer.
    pub(in crate::app::desk) fn log_out(cx: &mut Cx<'_>) {
        let Some(connection) = cx.session().map(|session| session.connection) else { return };
        let id = cx.calls.next_id();
        cx.order(Effect::SendRead { connection, frame: rpc::frame(&LogOut, id) });
    }
}
