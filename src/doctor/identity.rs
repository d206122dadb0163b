//! Who we are on the exchange, and what this login may do: judged by what the exchange says of us, against the profile.

use super::finding::CheckFinding;
use crate::app::desk::link::permissions::COVERING;
use crate::app::desk::settings::Settings;
use crate::app::words::doctor::{self, identity as words};
use crate::domain::text::inert;
use crate::domain::{OmsId, OperatorId};
use crate::protocol::Bar;
use crate::protocol::rpc::get_user_info::UserInfo;

/// The check of who we are.
pub const IDENTITY: &str = "identity";
/// The check of the OMS.
pub const OMS: &str = "oms";
/// The check of the operator.
pub const OPERATOR: &str = "operator";
/// The list of permissions.
pub const PERMISSIONS: &str = "permissions";

/// Judges who the exchange says we are. `trouble`: why GetUserInfo was not answered.
pub fn identity(info: &UserInfo, settings: &Settings, trouble: Option<&str>) -> CheckFinding {
    let Some(told) = words::we_are(info.user, info.user_name.as_ref()) else {
        let why = trouble.unwrap_or(words::NAMES_NOBODY);
        return CheckFinding::unknown(IDENTITY, words::unknown(why));
    };
    let expected = &settings.expected;
    let is_other_name = expected.user_name.as_ref().zip(info.user_name.as_ref());
    let is_other_name = is_other_name.is_some_and(|(wanted, found)| wanted != found.raw());
    let is_other_user = expected.user.zip(info.user).is_some_and(|(wanted, found)| wanted != found);
    if is_other_name || is_other_user {
        let wanted = expected.user_name.clone().or_else(|| expected.user.map(words::by_id));
        return CheckFinding::fail(
            IDENTITY,
            words::somebody_else(&told, &wanted.unwrap_or_default()),
            words::MEND_LOGIN,
        );
    }
    match trouble {
        Some(why) => CheckFinding::warn(IDENTITY, words::by_the_login(&told, why), words::SET_IDS),
        None => CheckFinding::ok(IDENTITY, told),
    }
}

/// Judges the OMS.
pub fn oms(found: Option<OmsId>, wanted: Option<OmsId>) -> CheckFinding {
    match (found, wanted) {
        (Some(found), Some(wanted)) if found != wanted => {
            CheckFinding::fail(OMS, words::other_oms(found, wanted), words::MEND_OMS)
        }
        (Some(found), Some(_)) => CheckFinding::ok(OMS, words::same_oms(found)),
        (Some(found), None) => CheckFinding::ok(OMS, words::learnt(found)),
        (None, Some(wanted)) => CheckFinding::warn(OMS, words::oms_by_profile_alone(wanted), words::SEE_OMS),
        (None, None) => CheckFinding::fail(OMS, words::NO_OMS, words::SET_OMS),
    }
}

/// Judges the operator. An operator of several tenants may mean another one than the login's own.
pub fn operator(found: Option<OperatorId>, wanted: Option<OperatorId>) -> CheckFinding {
    match (found, wanted) {
        (Some(found), Some(wanted)) if found != wanted => {
            CheckFinding::warn(OPERATOR, words::other_operator(found, wanted), words::MEND_OPERATOR)
        }
        (_, Some(wanted)) => CheckFinding::ok(OPERATOR, words::operator_by_profile(wanted)),
        (Some(found), None) => CheckFinding::ok(OPERATOR, words::learnt(found)),
        (None, None) => CheckFinding::fail(OPERATOR, words::NO_OPERATOR, words::SET_OPERATOR),
    }
}

/// The permissions that the exchange lists, or why it lists none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantedPermissions(pub Result<Vec<String>, String>);

impl GrantedPermissions {
    /// The list, as it is.
    pub fn told(&self) -> CheckFinding {
        match &self.0 {
            Ok(names) if names.is_empty() => {
                CheckFinding::warn(PERMISSIONS, words::NO_PERMISSION, words::ASK_FOR_OPERATOR)
            }
            Ok(names) => {
                CheckFinding::ok(PERMISSIONS, names.iter().map(|name| inert(name)).collect::<Vec<_>>().join(", "))
            }
            Err(why) => CheckFinding::unknown(PERMISSIONS, words::permissions_not_told(why)),
        }
    }

    /// True if a call is covered, by its own name or by one that covers all; `None` if the permissions are not known.
    fn cover(&self, call: &str) -> Option<bool> {
        let is_it = |name: &String| {
            COVERING.iter().any(|all| name.eq_ignore_ascii_case(all)) || name.eq_ignore_ascii_case(call)
        };
        self.0.as_ref().ok().map(|names| names.iter().any(is_it))
    }

    /// Judges a call that was tried; `error` is why it has no good answer, with what that says of our right to ask.
    pub fn tried(&self, name: &'static str, call: &str, error: Option<(&str, Bar)>) -> CheckFinding {
        match (error, self.cover(call)) {
            (None, _) => CheckFinding::ok(name, doctor::answered(call)),
            (Some((_, Bar::CodeWanted)), _) => CheckFinding::unknown(name, words::wants_code(call)),
            (Some((why, Bar::NotAuthorized)), Some(false)) => {
                let found = words::refused_without_permission(call, why);
                CheckFinding::fail(name, found, words::ask_for_permission(call))
            }
            (Some((why, Bar::NotAuthorized)), _) => {
                let mend = words::ask_whether_permitted(call);
                CheckFinding::fail(name, doctor::not_answered(call, why), mend)
            }
            (Some((why, _)), _) => CheckFinding::fail(name, doctor::not_answered(call, why), doctor::ASK_THE_EXCHANGE),
        }
    }

    /// Judges the cancel, which is never tried: by the list alone. Without the setting that lets it write, a profile only
    /// rehearses, so that it lacks nothing.
    pub fn cancel(&self, name: &'static str, call: &str, may_write: bool) -> CheckFinding {
        match self.cover(call) {
            Some(true) => CheckFinding::ok(name, words::covered(call, may_write)),
            Some(false) => {
                let found = words::not_covered(call, may_write);
                let mend = words::ask_for_permission(call);
                if may_write { CheckFinding::fail(name, found, mend) } else { CheckFinding::warn(name, found, mend) }
            }
            None => CheckFinding::unknown(name, words::not_tried(call, may_write)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::desk::settings::{Expected, Limits};
    use crate::doctor::finding::CheckState::{self, Fail, Ok as Fine, Unknown, Warn};
    use crate::domain::{RemoteText, UserId};
    use rstest::rstest;

    fn settings(expected: Expected) -> Settings {
        Settings {
            exchange: "x".to_owned(),
            environment: "test".to_owned(),
            oms: None,
            operator: None,
            permit: None,
            allow_tx: false,
            canceled_statuses: Vec::new(),
            expected,
            seed: 0,
            limits: Limits::default(),
        }
    }

    fn info(user: Option<i64>, name: Option<&str>) -> UserInfo {
        UserInfo { user: user.map(UserId), user_name: name.map(RemoteText::from), oms: None, operator: None }
    }

    #[rstest]
    #[case::as_expected(info(Some(7), Some("operator")), Some("operator"), None, None, Fine, "user 7 operator")]
    #[case::another_name(
        info(Some(7), Some("Operator")),
        Some("operator"),
        None,
        None,
        Fail,
        "we are user 7 Operator, the profile logs in operator"
    )]
    #[case::another_id(info(Some(8), None), None, Some(7), None, Fail, "the profile logs in user 7")]
    #[case::by_the_login_alone(info(Some(7), None), None, None, Some("no answer"), Warn, "does not say it: no answer")]
    #[case::nobody(info(None, None), Some("operator"), None, Some("no answer"), Unknown, "no answer")]
    #[case::hostile(info(Some(7), Some("\u{202e}x")), None, None, None, Fine, "user 7 <U+202E>x")]
    fn we_are_who_the_profile_logs_in(
        #[case] info: UserInfo,
        #[case] name: Option<&str>,
        #[case] user: Option<i64>,
        #[case] trouble: Option<&str>,
        #[case] state: CheckState,
        #[case] said: &str,
    ) {
        let expected = Expected { user_name: name.map(str::to_owned), user: user.map(UserId) };
        let finding = identity(&info, &settings(expected), trouble);
        assert_eq!(finding.state, state, "{finding:?}");
        assert!(finding.found.contains(said), "{finding:?}");
    }

    #[rstest]
    #[case::same(Some(1), Some(1), Fine, Fine)]
    #[case::learnt(Some(1), None, Fine, Fine)]
    #[case::another(Some(1), Some(2), Fail, Warn)]
    #[case::by_the_profile(None, Some(2), Warn, Fine)]
    #[case::none(None, None, Fail, Fail)]
    fn another_oms_is_a_fault_and_another_operator_may_be_meant(
        #[case] found: Option<i64>,
        #[case] wanted: Option<i64>,
        #[case] of_oms: CheckState,
        #[case] of_operator: CheckState,
    ) {
        assert_eq!(oms(found.map(OmsId), wanted.map(OmsId)).state, of_oms);
        assert_eq!(operator(found.map(OperatorId), wanted.map(OperatorId)).state, of_operator);
    }

    const CALL: &str = "CancelFailedWithdrawTicket";

    #[rstest]
    #[case::operator(&["Trading", "OPERATOR"], true, Fine)]
    #[case::by_name(&["cancelfailedwithdrawticket"], true, Fine)]
    #[case::superuser(&["SuperUser"], false, Fine)]
    #[case::lacking(&["Trading", "AccountOperator"], true, Fail)]
    #[case::lacking_but_rehearsing(&[], false, Warn)]
    fn the_cancel_is_judged_by_the_list_alone(
        #[case] names: &[&str],
        #[case] may_write: bool,
        #[case] state: CheckState,
    ) {
        let permissions = GrantedPermissions(Ok(names.iter().map(|name| (*name).to_owned()).collect()));
        assert_eq!(permissions.cancel("may-cancel", CALL, may_write).state, state);
    }

    #[rstest]
    #[case::answered(None, Fine, "was asked, and answered")]
    #[case::refused(Some(("Not Authorized (20)", Bar::NotAuthorized)), Fail, "neither Operator nor GetAllWithdrawTickets")]
    #[case::code_wanted(Some(("requires 2FACode", Bar::CodeWanted)), Unknown, "the console asks for it")]
    #[case::silence(Some(("no answer within 5 s", Bar::Other)), Fail, "no answer")]
    fn a_call_that_was_tried_is_judged_by_its_answer(
        #[case] error: Option<(&str, Bar)>,
        #[case] state: CheckState,
        #[case] said: &str,
    ) {
        let finding = GrantedPermissions(Ok(Vec::new())).tried("may-list", "GetAllWithdrawTickets", error);
        assert_eq!(finding.state, state);
        assert!(finding.found.contains(said), "{finding:?}");
    }

    #[test]
    fn without_the_list_the_cancel_is_unknown_and_what_was_answered_is_fine() {
        let permissions = GrantedPermissions(Err("no answer within 5 s".to_owned()));
        assert_eq!(permissions.told().state, Unknown);
        assert_eq!(permissions.cancel("may-cancel", CALL, true).state, Unknown);
        assert_eq!(permissions.tried("may-list", "GetAllWithdrawTickets", None).state, Fine);
    }
}
