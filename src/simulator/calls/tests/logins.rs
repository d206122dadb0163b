//! The ways in: passwords, locks, second factor, session tokens, permissions.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::{ask_on, code, conducted, exchange, logged_in, logged_in_to, password, said, start};
use crate::simulator::conduct::{Conduct, SecondFactor, SessionConduct, User};
use crate::simulator::exchange::Exchange;
use crate::simulator::{login, totp};

fn with_second_factor() -> Conduct {
    Conduct { second_factor: Some(SecondFactor::default()), ..Conduct::default() }
}

fn seconds(seconds: i64) -> Timestamp {
    start() + SignedDuration::from_secs(seconds)
}

/// The token in an answer.
fn token(answer: &str) -> String {
    let rest = answer.split("\"SessionToken\":\"").nth(1).unwrap_or_else(|| panic!("a token in {answer}"));
    rest.split('"').next().unwrap().to_owned()
}

fn by_token(exchange: &mut Exchange, client: u64, token: &str, now: Timestamp) -> String {
    let payload = format!(r#"{{"SessionToken":"{token}"}}"#);
    ask_on(exchange, client, "WebAuthenticateUser", &payload, now).unwrap().payload
}

#[test]
fn with_a_second_factor_a_password_alone_opens_nothing() {
    let mut exchange = conducted(with_second_factor());
    let answer = said(&mut exchange, "AuthenticateUser", &password());
    assert_eq!(answer, r#"{"Authenticated":true,"Requires2FA":true,"AuthType":"Google","AddtlInfo":""}"#);
    assert_eq!(code(&said(&mut exchange, "GetUserInfo", "{}")), Some(20));
    assert!(said(&mut exchange, "Authenticate2FA", r#"{"Code":"000000"}"#).contains("\"Authenticated\":false"));
    assert_eq!(code(&said(&mut exchange, "GetUserInfo", "{}")), Some(20));
    let answer = said(&mut exchange, "Authenticate2FA", r#"{"Code":"235991"}"#);
    assert!(answer.contains("\"Authenticated\":true") && answer.contains("\"SessionToken\":\""), "{answer}");
    assert!(said(&mut exchange, "GetUserInfo", "{}").contains("\"OperatorId\":1"));
}

#[test]
fn a_code_without_a_password_before_it_opens_nothing() {
    let mut exchange = conducted(with_second_factor());
    assert!(said(&mut exchange, "Authenticate2FA", r#"{"Code":"235991"}"#).contains("\"Authenticated\":false"));
}

#[test]
fn an_authenticator_code_is_right_when_its_secret_is_set() {
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let factor = SecondFactor { totp_secret: Some(secret.to_owned()), ..SecondFactor::default() };
    let mut exchange = conducted(Conduct { second_factor: Some(factor), ..Conduct::default() });
    said(&mut exchange, "AuthenticateUser", &password());
    assert!(said(&mut exchange, "Authenticate2FA", r#"{"Code":"235991"}"#).contains("\"Authenticated\":false"));
    let shown = totp::code(secret, start()).unwrap();
    let answer = said(&mut exchange, "Authenticate2FA", &format!(r#"{{"Code":"{shown}"}}"#));
    assert!(answer.contains("\"Authenticated\":true"));
}

#[test]
fn a_gated_call_wants_the_code_once_a_session_or_in_its_payload() {
    let endpoints = vec!["GetAllWithdrawTickets".to_owned()];
    let factor = SecondFactor { login: false, endpoints, endpoint_code: 105, ..SecondFactor::default() };
    let mut exchange = logged_in_to(conducted(Conduct { second_factor: Some(factor), ..Conduct::default() }));
    assert_eq!(said(&mut exchange, "GetValidate2FARequiredEndpoints", "{}"), r#"["getallwithdrawtickets"]"#);
    let refused = said(&mut exchange, "GetAllWithdrawTickets", r#"{"Limit":1}"#);
    assert!(refused.contains("This endpoint requires 2FACode along with the payload"), "{refused}");
    assert_eq!(code(&refused), Some(105));
    assert!(said(&mut exchange, "GetAllWithdrawTickets", r#"{"Limit":1,"2FACode":"235991"}"#).starts_with("[{"));
    assert_eq!(said(&mut exchange, "Validate2FA", r#"{"Code":"1"}"#), r#"{"TFaAuthenticated":false}"#);
    assert_eq!(said(&mut exchange, "Validate2FA", r#"{"Code":"235991"}"#), r#"{"TFaAuthenticated":true}"#);
    assert!(said(&mut exchange, "GetAllWithdrawTickets", r#"{"Limit":1}"#).starts_with("[{"));
}

#[test]
fn each_login_has_a_token_of_its_own_which_is_good_on_another_connection() {
    let mut exchange = exchange();
    let first = token(&said(&mut exchange, "AuthenticateUser", &password()));
    let second = token(&said(&mut exchange, "WebAuthenticateUser", &password()));
    assert_ne!(first, second);
    assert_eq!(token(&by_token(&mut exchange, 2, &first, start())), first);
    let info = ask_on(&mut exchange, 2, "GetUserInfo", "{}", start()).unwrap();
    assert!(info.payload.contains("\"UserId\":7"));
    assert!(by_token(&mut exchange, 3, "a923322a", start()).contains("\"Authenticated\":false"));
}

#[test]
fn a_session_ends_an_hour_after_the_last_activity_on_open_connections_too() {
    let mut exchange = exchange();
    let token = token(&said(&mut exchange, "AuthenticateUser", &password()));
    let info = |exchange: &mut Exchange, at| ask_on(exchange, 1, "GetUserInfo", "{}", at).unwrap().payload;
    assert!(info(&mut exchange, seconds(3_000)).contains("\"UserId\":7"));
    assert!(info(&mut exchange, seconds(6_600)).contains("\"UserId\":7"));
    assert_eq!(code(&info(&mut exchange, seconds(10_201))), Some(20));
    assert!(by_token(&mut exchange, 2, &token, seconds(10_202)).contains("\"Authenticated\":false"));
    assert!(ask_on(&mut exchange, 1, "Ping", "{}", seconds(10_203)).unwrap().payload.contains("PONG"));
}

#[rstest]
#[case::by_default(true, None)]
#[case::unless_told_otherwise(false, Some(20))]
fn a_ping_keeps_a_session_alive(#[case] ping_counts: bool, #[case] expected: Option<i64>) {
    let sessions = SessionConduct { ping_counts, ..SessionConduct::default() };
    let mut exchange = logged_in_to(conducted(Conduct { sessions, ..Conduct::default() }));
    ask_on(&mut exchange, 1, "Ping", "{}", seconds(3_000));
    let info = ask_on(&mut exchange, 1, "GetUserInfo", "{}", seconds(4_000)).unwrap();
    assert_eq!(code(&info.payload), expected);
}

#[test]
fn sessions_end_after_so_many_calls_at_a_time_and_when_told() {
    let calls = SessionConduct { expire_after_calls: Some(2), ..SessionConduct::default() };
    let mut exchange = logged_in_to(conducted(Conduct { sessions: calls, ..Conduct::default() }));
    let codes = [(); 3].map(|()| code(&said(&mut exchange, "GetUserInfo", "{}")));
    assert_eq!(codes, [None, None, Some(20)]);

    let timed = SessionConduct { expire_after_ms: Some(30_000), ..SessionConduct::default() };
    let mut exchange = logged_in_to(conducted(Conduct { sessions: timed, ..Conduct::default() }));
    let at =
        |exchange: &mut Exchange, at| code(&ask_on(exchange, 1, "GetUserInfo", "{}", seconds(at)).unwrap().payload);
    assert_eq!(at(&mut exchange, 29), None);
    exchange.take_due(seconds(30));
    assert_eq!(at(&mut exchange, 31), Some(20));

    let mut exchange = logged_in();
    exchange.expire_sessions();
    assert_eq!(code(&said(&mut exchange, "GetUserInfo", "{}")), Some(20));
}

#[test]
fn an_ended_session_is_told_no_events() {
    let mut exchange = logged_in();
    said(&mut exchange, "SubscribeAllAccountEvents", "{}");
    exchange.expire_sessions();
    exchange.arrive(true, start());
    assert!(exchange.take_due(seconds(1)).is_empty());
}

#[test]
fn a_log_out_ends_the_session_everywhere() {
    let mut exchange = exchange();
    let token = token(&said(&mut exchange, "AuthenticateUser", &password()));
    by_token(&mut exchange, 2, &token, start());
    assert_eq!(code(&said(&mut exchange, "LogOut", "{}")), Some(0));
    assert_eq!(code(&ask_on(&mut exchange, 2, "GetUserInfo", "{}", start()).unwrap().payload), Some(20));
    assert!(by_token(&mut exchange, 3, &token, start()).contains("\"Authenticated\":false"));
}

#[test]
fn the_fifth_wrong_password_locks_until_an_administrator_unlocks() {
    let mut exchange = exchange();
    let wrong = r#"{"UserName":"operator","Password":"guess"}"#;
    let is_locked: Vec<bool> =
        (0..5).map(|_| said(&mut exchange, "AuthenticateUser", wrong).contains("\"locked\":true")).collect();
    assert_eq!(is_locked, [false, false, false, false, true]);
    let right = said(&mut exchange, "AuthenticateUser", &password());
    assert!(right.contains("\"authenticated\":false") && right.contains("\"locked\":true"), "{right}");
    exchange.unlock();
    assert!(said(&mut exchange, "AuthenticateUser", &password()).contains("\"Authenticated\":true"));
}

#[test]
fn a_right_password_forgets_the_wrong_ones() {
    let mut exchange = exchange();
    let wrong = r#"{"UserName":"operator","Password":"guess"}"#;
    for _ in 0..3 {
        for _ in 0..4 {
            assert!(said(&mut exchange, "AuthenticateUser", wrong).contains("\"locked\":false"));
        }
        assert!(said(&mut exchange, "AuthenticateUser", &password()).contains("\"Authenticated\":true"));
    }
}

#[test]
fn a_user_may_be_locked_from_the_start_and_have_another_name_oms_and_operator() {
    let user =
        User { locked: true, name: "m.ortiz \u{1b}[2J".to_owned(), oms_id: 9, operator_id: 4, ..User::default() };
    let mut exchange = conducted(Conduct { user, ..Conduct::default() });
    assert!(said(&mut exchange, "AuthenticateUser", &password()).contains("\"locked\":true"));
    exchange.unlock();
    let answer = said(&mut exchange, "AuthenticateUser", &password());
    assert!(answer.contains(r#""UserName":"m.ortiz \u001b[2J""#) && answer.contains(r#""OMSId":9"#), "{answer}");
    assert!(said(&mut exchange, "GetUserInfo", "{}").contains(r#""OperatorId":4"#));
    assert_eq!(code(&said(&mut exchange, "GetAllWithdrawTickets", r#"{"OMSId":1}"#)), Some(100));
    let row = said(&mut exchange, "GetAllWithdrawTickets", r#"{"OMSId":9,"OperatorId":4,"Limit":1}"#);
    assert!(row.contains(r#""OMSId":9"#) && row.contains(r#""OperatorId":4"#), "{row}");
}

#[rstest]
#[case::operator(&["Operator"], [None, Some(104)])]
#[case::by_name(&["getallwithdrawtickets", "CancelFailedWithdrawTicket"], [None, Some(104)])]
#[case::list_only(&["GetAllWithdrawTickets", "Trading"], [None, Some(20)])]
#[case::nothing(&[], [Some(20), Some(20)])]
fn a_call_without_its_permission_is_not_authorized(#[case] granted: &[&str], #[case] expected: [Option<i64>; 2]) {
    let permissions: Vec<String> = granted.iter().map(|name| (*name).to_owned()).collect();
    let user = User { permissions, ..User::default() };
    let mut exchange = logged_in_to(conducted(Conduct { user, ..Conduct::default() }));
    let list = said(&mut exchange, "GetAllWithdrawTickets", r#"{"Limit":1}"#);
    let cancel = said(&mut exchange, "CancelFailedWithdrawTicket", r#"{"omsId":1,"ticketId":1}"#);
    assert_eq!([code(&list), code(&cancel)], expected);
    assert_eq!(exchange.cancel_frames(1), 1);
    assert_eq!(said(&mut exchange, "GetUserPermissions", "{}"), serde_json::to_string(granted).unwrap());
}

#[test]
fn the_api_key_needs_no_code() {
    let secret = secrecy::SecretString::from(login::API_SECRET);
    let message = format!("1{}{}", login::USER_ID, login::API_KEY);
    let signature = crate::protocol::rpc::authenticate_user::signature(&secret, &message);
    let payload = format!(
        r#"{{"APIKey":"{}","Signature":"{signature}","UserId":"{}","Nonce":"1"}}"#,
        login::API_KEY,
        login::USER_ID
    );
    let mut exchange = conducted(with_second_factor());
    let answer = said(&mut exchange, "AuthenticateUser", &payload);
    assert!(answer.contains("\"Requires2FA\":false") && answer.contains("\"Use2FA\":true"), "{answer}");
}
