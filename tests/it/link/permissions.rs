//! The permissions of the login, as the exchange tells them.

use rstest::rstest;
use withdraw_desk::app::Event;
use withdraw_desk::app::desk::list::scan::ScanPhase;
use withdraw_desk::app::desk::settings::Expected;
use withdraw_desk::app::event::Way;
use withdraw_desk::domain::{OmsId, UserId};
use withdraw_desk::protocol::rpc::authenticate_user::LoggedIn;

use super::{LINK, NO, Table, WHO};

#[rstest]
#[case::operator(r#"["Trading","OPERATOR"]"#, None)]
#[case::superuser(r#"["superuser"]"#, None)]
#[case::the_call_itself(r#"["cancelfailedwithdrawticket"]"#, None)]
#[case::not_answered_with_a_list(NO, None)]
#[case::neither(
    r#"["Deposit","Withdraw"]"#,
    Some("this login has neither Operator nor CancelFailedWithdrawTicket: read-only")
)]
#[case::none("[]", Some("this login has neither Operator nor CancelFailedWithdrawTicket: read-only"))]
fn a_login_that_may_not_cancel_is_read_only_and_one_that_may_or_is_not_known_is_not(
    #[case] permissions: &str,
    #[case] said: Option<&str>,
) {
    let mut table = Table::linked();
    table.answer("GetUserPermissions", permissions);
    assert_eq!(table.state.desk.mismatch().as_deref(), said);
    assert_eq!(table.state.desk.permit().is_none(), said.is_some());
}

#[rstest]
#[case::as_expected(Some("op"), None, None)]
#[case::another_name(Some("Op"), None, Some("the profile says user Op, the exchange says op: read-only"))]
#[case::as_expected_by_id(None, Some(5), None)]
#[case::another_id(None, Some(6), Some("the profile says user 6, the exchange says 5: read-only"))]
fn another_user_than_the_profile_expects_is_read_only(
    #[case] name: Option<&str>,
    #[case] id: Option<i64>,
    #[case] said: Option<&str>,
) {
    let expected = Expected { user_name: name.map(str::to_owned), user: id.map(UserId) };
    let mut table = Table::with(|settings| settings.expected = expected);
    table.open(LINK);
    assert_eq!(table.state.desk.mismatch().as_deref(), said);
}

#[rstest]
#[case::two_oms(r#"{"UserId":5,"UserName":"op","OMSId":2,"OperatorId":1}"#, "OMS 1 at the login, and then OMS 2")]
#[case::two_users(r#"{"UserId":6,"UserName":"op","OMSId":1,"OperatorId":1}"#, "user 5 at the login, and then user 6")]
fn an_exchange_that_says_now_this_and_now_that_of_us_is_read_only(#[case] who: &str, #[case] said: &str) {
    let mut table = Table::with(|_| {});
    let user = LoggedIn { user: Some(UserId(5)), user_name: None, oms: Some(OmsId(1)) };
    table.take(Event::LinkOpened { connection: LINK, host: "gateway".to_owned(), user, way: Way::Password });
    table.answer("GetUserInfo", who);
    assert_eq!(table.state.desk.mismatch(), Some(format!("the exchange says {said}: read-only")));
    assert!(table.state.desk.permit().is_none());
}

#[test]
fn a_list_that_is_refused_for_want_of_a_permission_says_which() {
    let mut table = Table::linked();
    table.answer("GetUserPermissions", r#"["Withdraw"]"#);
    table.answer("GetAllWithdrawTickets", NO);
    table.answer("GetUserInfo", WHO);
    let ScanPhase::Stopped(why) = &table.state.desk.list().scan().phase else { panic!("it stopped") };
    assert!(why.contains("neither Operator nor GetAllWithdrawTickets"), "{why}");
}
