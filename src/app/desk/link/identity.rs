//! Who the exchange says we are on this link, and what may begin once that is as known as it will be.

use std::fmt::Display;

use super::{Link, Told};
use crate::app::desk::calls::Purpose;
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::desk::session::{Feed, Session};
use crate::app::words::desk::link as words;
use crate::protocol::Frame;
use crate::protocol::rpc::get_user_info::{GetUserInfo, UserInfo};
use crate::protocol::rpc::get_user_permissions::GetUserPermissions;
use crate::protocol::rpc::get_validate_2fa_required_endpoints::GetValidate2FaRequiredEndpoints;
use crate::protocol::rpc::read_reply;
use crate::protocol::rpc::subscribe_all_account_events::SubscribeAllAccountEvents;

impl Link {
    pub(super) fn take_who_am_i(asked_by_id: bool, frame: &Frame, cx: &mut Cx<'_>) {
        match read_reply::<GetUserInfo>(frame) {
            Ok(info) => {
                take_user_info(info, cx);
                Self::settle_identity("", cx);
            }
            Err(error) => match cx.session().and_then(|session| session.oms.zip(session.user)) {
                Some((oms, user)) if !asked_by_id => {
                    cx.ask(&GetUserInfo::of(oms, user), Purpose::WhoAmIById);
                }
                _ => Self::settle_identity(&words::nobody_here(&error.to_string()), cx),
            },
        }
    }

    /// Who we are is as known as it will be: calls about tickets may begin.
    pub(super) fn settle_identity(trouble: &str, cx: &mut Cx<'_>) {
        let (oms, operator) = (cx.settings.oms, cx.settings.operator);
        let Some(session) = cx.sessions.current_mut() else { return cx.show() };
        let is_asked_again = std::mem::replace(&mut session.is_known, true);
        session.oms = session.oms.or(oms);
        session.operator = session.operator.or(operator);
        if is_asked_again && session.lacks_ids() {
            return;
        }
        if !trouble.is_empty() {
            cx.note(trouble);
        }
        cx.show();
        cx.tell(News::SessionReady);
    }

    /// Reads that were lost with the last link may be asked again.
    pub(in crate::app::desk) fn let_ask_again(&mut self, cx: &mut Cx<'_>) {
        for purpose in std::mem::take(&mut self.again) {
            cx.tell(News::MayAskAgain { purpose });
        }
    }

    /// The session is ready: ticket events, and what this login may do.
    pub(in crate::app::desk) fn begin_session(cx: &mut Cx<'_>) {
        cx.ask(&SubscribeAllAccountEvents, Purpose::Subscribe);
        if *cx.is_ending {
            return;
        }
        // Nothing waits for these answers.
        if let Some(user) = cx.session().and_then(|session| session.user) {
            cx.ask(&GetUserPermissions::of(user), Purpose::Permissions);
        }
        cx.ask(&GetValidate2FaRequiredEndpoints, Purpose::Protected);
    }

    /// An exchange that answers pings may by now also say who we are, without which no list can be read.
    pub(super) fn ask_who_again(cx: &mut Cx<'_>) {
        if cx.ready().is_some_and(Session::lacks_ids) {
            cx.ask(&GetUserInfo::caller(), Purpose::WhoAmI);
        }
    }

    pub(super) fn take_subscribed(&mut self, frame: &Frame, cx: &mut Cx<'_>) {
        match read_reply::<SubscribeAllAccountEvents>(frame) {
            Ok(()) => {
                self.feed = Feed::Events;
                cx.show();
            }
            Err(error) => self.take_not_subscribed(&error.to_string(), cx),
        }
    }

    pub(super) fn take_not_subscribed(&mut self, why: &str, cx: &mut Cx<'_>) {
        self.feed = Feed::Reads;
        cx.note(words::no_events(why));
    }

    /// True if a link that lasts still cannot be asked for the list: there is nothing to lose by another login.
    pub(super) fn is_of_no_use(cx: &Cx<'_>) -> bool {
        cx.ready().is_some_and(|session| session.lacks_ids() && session.is_stable(cx.now))
    }

    /// True if the exchange said who we are on this link.
    pub(super) fn is_told_who(&self) -> bool {
        self.told_who == Told::Here
    }
}

/// Two answers of the exchange that differ in who we are, in words; `None` if they do not.
fn contradiction<T: Display + PartialEq>(what: &str, told: Option<T>, later: Option<T>) -> Option<String> {
    let (told, later) = told.zip(later)?;
    (told != later).then(|| words::told_otherwise(what, &told, &later))
}

fn take_user_info(info: UserInfo, cx: &mut Cx<'_>) {
    let Some(session) = cx.sessions.current_mut() else { return };
    session.contradiction = contradiction("user", session.user, info.user)
        .or_else(|| contradiction("OMS", session.oms, info.oms))
        .or_else(|| session.contradiction.take());
    session.user = info.user.or(session.user);
    session.user_name = info.user_name.or_else(|| session.user_name.take());
    session.oms = info.oms.or(session.oms);
    // The OMS that the profile names counts: an operator of several tenants may mean another one.
    session.operator = session.operator.or(info.operator);
}
