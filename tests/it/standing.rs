//! Tables over `update` about the ways in and the state of the session: what the login may do, codes of a second factor, sessions
//! that end in mid-life, and reads that are asked again on the next link.

use std::time::Duration;

use jiff::Timestamp;
use rstest::rstest;
use withdraw_desk::app::console::keymap::Keymap;
use withdraw_desk::app::console::screens::Screen;
use withdraw_desk::app::desk::cancels::attempt::{AttemptEnd, Stage};
use withdraw_desk::app::desk::link::Phase;
use withdraw_desk::app::desk::link::second_factor::Code;
use withdraw_desk::app::desk::list::scan::ScanPhase;
use withdraw_desk::app::desk::order::Order;
use withdraw_desk::app::desk::settings::{Expected, Settings};
use withdraw_desk::app::event::{LinkFailure, OpenAnswer, Way};
use withdraw_desk::app::{Console, Desk, Effect, Event, Size, State, update};
use withdraw_desk::domain::{Boot, CallId, ConnectionId, IntentId, Now, OmsId, UserId, Wanted};
use withdraw_desk::protocol::rpc::authenticate_user::{LoggedIn, LoginRefused};
use withdraw_desk::protocol::{Frame, FrameKind};

use crate::proofs::permit;
use crate::records::durable;
use crate::world::ended;

const LINK: ConnectionId = ConnectionId(1);
const TICKET: &str =
    r#"{"TicketNumber":287,"Status":"Failed","OMSId":1,"AccountId":7,"RequestCode":"af08","Amount":0.001}"#;
const WHO: &str = r#"{"UserId":5,"UserName":"op","OMSId":1,"OperatorId":1}"#;
const NO: &str = r#"{"result":false,"errormsg":"Not Authorized","errorcode":20,"detail":null}"#;
const WISH: &str = r#"{"result":false,"errormsg":"This endpoint requires 2FACode along with the payload","errorcode":20,"detail":null}"#;

/// A console whose exchange answers when, and what, the test says.
struct Table {
    state: State,
    now: Now,
    /// Calls that the test did not answer yet, oldest first.
    asked: Vec<(ConnectionId, CallId, String)>,
    cancels: usize,
}

impl Table {
    fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings { permit: permit(), ..Settings::of("gateway", "staging") };
        change(&mut settings);
        let now = Now { wall: Timestamp::UNIX_EPOCH, boot: Boot(Duration::from_secs(1_000)) };
        let console = Console::new(Keymap::built_in().unwrap());
        let state = State::new(Desk::new(settings), console, Size { width: 80, height: 24 }, now);
        let mut table = Self { state, now, asked: Vec::new(), cancels: 0 };
        let _ = table.state.tell(Order::Start, table.now);
        table.take(Event::UnresolvedRead(Ok(Vec::new())));
        table
    }

    /// Linked, who we are is known, and the rest of the session's questions wait.
    fn linked() -> Self {
        let mut table = Self::with(|_| ());
        table.open(LINK);
        table
    }

    /// As after the whole scan, with one failed ticket.
    fn listed() -> Self {
        let mut table = Self::linked();
        table.answer("SubscribeAllAccountEvents", "{}");
        table.answer("GetAllWithdrawTickets", &format!("[{TICKET}]"));
        table.answer("GetAllWithdrawTickets", "[]");
        table
    }

    fn open(&mut self, connection: ConnectionId) {
        let user = LoggedIn { user: Some(UserId(5)), user_name: None, oms: Some(OmsId(1)) };
        self.take(Event::LinkOpened { connection, host: "gateway".to_owned(), user, way: Way::Password });
        self.answer("GetUserInfo", WHO);
    }

    fn take(&mut self, event: Event) -> Vec<String> {
        self.take_after(400, event)
    }

    fn take_after(&mut self, millis: u64, event: Event) -> Vec<String> {
        self.pass(Duration::from_millis(millis));
        let effects = update(&mut self.state, event, self.now).into_list();
        effects.iter().map(|effect| self.note(effect)).collect()
    }

    fn pass(&mut self, time: Duration) {
        self.now = Now { wall: self.now.wall + time, boot: self.now.boot + time };
    }

    fn note(&mut self, effect: &Effect) -> String {
        match effect {
            Effect::SendRead { connection, frame } => {
                self.asked.push((*connection, frame.id, frame.name.clone()));
                format!("read {}", frame.name)
            }
            Effect::Validate { connection, id } => {
                self.asked.push((*connection, *id, "Validate2FA".to_owned()));
                "validate".to_owned()
            }
            Effect::SendCancel { connection, order, .. } => {
                self.cancels += 1;
                let frame = Frame::decode(&order.text()).unwrap();
                self.asked.push((*connection, frame.id, frame.name));
                "CANCEL".to_owned()
            }
            Effect::Connect { .. } => "connect".to_owned(),
            Effect::Disconnect { .. } => "disconnect".to_owned(),
            Effect::OpenIntent { .. } => "open intent".to_owned(),
            Effect::Record { .. } => "record".to_owned(),
            Effect::ReadUnresolved => "read unresolved".to_owned(),
            Effect::GiveSecret { .. } => "give secret".to_owned(),
            other => format!("{other:?}"),
        }
    }

    /// Answers the oldest call of this name that waits.
    fn answer(&mut self, name: &str, payload: &str) -> Vec<String> {
        let at = self.asked.iter().position(|asked| asked.2 == name).unwrap_or_else(|| panic!("{name} was not asked"));
        let (connection, id, name) = self.asked.remove(at);
        let frame = Frame { kind: FrameKind::Reply, id, name, payload: payload.to_owned() };
        self.take(Event::FrameArrived { connection, frame })
    }

    fn press(&mut self, keys: &str) -> Vec<String> {
        keys.split(' ').flat_map(|key| self.take(Event::KeyPressed(key.parse().unwrap()))).collect()
    }

    fn screen(&self) -> String {
        crate::world::screen(&self.state)
    }

    fn stage(&self) -> &Stage {
        &self.state.desk.cancels().attempt().unwrap().stage
    }

    /// Until the next try is due.
    fn reconnect(&mut self, connection: ConnectionId) -> Vec<String> {
        self.asked.clear();
        self.pass(Duration::from_secs(31));
        let effects = self.take(Event::DeadlinePassed);
        assert!(effects.contains(&"connect".to_owned()), "{effects:?}");
        self.open(connection);
        self.asked.iter().map(|asked| asked.2.clone()).collect()
    }
}

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

#[test]
fn a_list_that_is_refused_for_want_of_a_permission_says_which() {
    let mut table = Table::linked();
    table.answer("GetUserPermissions", r#"["Withdraw"]"#);
    table.answer("GetAllWithdrawTickets", NO);
    table.answer("GetUserInfo", WHO);
    let ScanPhase::Stopped(why) = &table.state.desk.list().scan().phase else { panic!("it stopped") };
    assert!(why.contains("neither Operator nor GetAllWithdrawTickets"), "{why}");
}

#[test]
fn a_protected_cancel_asks_for_a_code_before_it_is_chosen_once_per_link() {
    let mut table = Table::listed();
    table.answer("GetValidate2FARequiredEndpoints", r#"["cancelfailedwithdrawticket"]"#);
    assert_eq!(table.press("x"), ["validate", "read unresolved"]);
    assert_eq!(table.answer("Validate2FA", r#"{"TFaAuthenticated":true}"#), ["read GetWithdrawTicket"]);
    table.answer("GetWithdrawTicket", TICKET);
    assert!(matches!(table.stage(), Stage::Shown(_)));
    table.press("Esc");
    assert_eq!(table.press("x"), ["read GetWithdrawTicket", "read unresolved"], "once");
}

#[rstest]
#[case::refused(r#"{"TFaAuthenticated":false}"#, "refused the code")]
#[case::not_authorized(NO, "Not Authorized")]
fn a_code_that_is_not_accepted_locks_the_dialog_and_sends_nothing(#[case] payload: &str, #[case] said: &str) {
    let mut table = Table::listed();
    table.answer("GetValidate2FARequiredEndpoints", r#"["CancelFailedWithdrawTicket"]"#);
    table.press("x");
    assert_eq!(table.answer("Validate2FA", payload), Vec::<String>::new());
    assert!(matches!(ended(&table.state), Some(AttemptEnd::Locked(why)) if why.contains(said)), "{}", table.screen());
}

#[test]
fn a_read_that_wants_a_code_is_asked_again_after_it() {
    let mut table = Table::listed();
    table.press("Enter");
    assert_eq!(table.answer("GetWithdrawTicket", WISH), ["validate"]);
    assert_eq!(table.answer("Validate2FA", r#"{"TFaAuthenticated":true}"#), ["read GetWithdrawTicket"]);
    assert_eq!(table.answer("GetWithdrawTicket", WISH), Vec::<String>::new(), "no second code");
    assert!(table.screen().contains("2FACode"), "{}", table.screen());
}

/// As far as the cancel of a ticket that was handed to the writer, from an `x` that was pressed.
fn cancel(table: &mut Table, ticket: &str, number: &str, nth: u32) {
    table.answer("GetWithdrawTicket", ticket);
    for digit in number.chars() {
        table.press(&digit.to_string());
    }
    table.press("Enter");
    table.answer("GetWithdrawTicket", ticket);
    let attempt = table.state.desk.cancels().attempt().unwrap().id;
    let intent = IntentId(u128::from(nth));
    table.take(Event::IntentAnswered { attempt, answer: OpenAnswer::Opened(durable(intent.0)) });
    table.take(Event::CancelHanded { intent });
}

#[test]
fn a_cancel_that_wants_a_code_says_so_and_the_next_x_asks_for_one_each_time_if_it_opens_one_call() {
    let mut table = Table::linked();
    let tickets: Vec<String> = [287, 286, 285].map(|number| TICKET.replace("287", &number.to_string())).into();
    table.answer("GetAllWithdrawTickets", &format!("[{}]", tickets.join(",")));
    table.answer("GetAllWithdrawTickets", "[]");
    table.press("x");
    cancel(&mut table, &tickets[0], "287", 1);
    table.answer("CancelFailedWithdrawTicket", WISH);
    assert!(table.screen().contains("second factor"), "{}", table.screen());
    table.press("Esc j");
    assert_eq!(table.press("x"), ["validate", "read unresolved"]);
    table.answer("Validate2FA", r#"{"TFaAuthenticated":true}"#);
    cancel(&mut table, &tickets[1], "286", 2);
    // The code did not last to this cancel, as where a code opens one call: from now on it is asked for before each.
    table.answer("CancelFailedWithdrawTicket", WISH);
    table.press("Esc j");
    assert_eq!(table.press("x"), ["validate", "read unresolved"]);
    table.answer("Validate2FA", r#"{"TFaAuthenticated":true}"#);
    cancel(&mut table, &tickets[2], "285", 3);
    assert_eq!(table.state.desk.link().second_factor().code(), Code::Open, "used up");
    assert_eq!(table.cancels, 3);
}

/// A cancel that is answered with the wish for a code, or with code 20, has its receipt. It is never sent again.
#[rstest]
#[case::wish(WISH)]
#[case::not_authorized(NO)]
fn whatever_bars_a_cancel_is_its_receipt(#[case] payload: &str) {
    let mut table = Table::listed();
    table.press("x");
    table.answer("GetWithdrawTicket", TICKET);
    table.press("2 8 7 Enter");
    assert_eq!(table.answer("GetWithdrawTicket", TICKET), ["open intent"]);
    let attempt = table.state.desk.cancels().attempt().unwrap().id;
    let answer = OpenAnswer::Opened(durable(1));
    assert_eq!(table.take(Event::IntentAnswered { attempt, answer }), ["CANCEL"]);
    table.take(Event::CancelHanded { intent: IntentId(1) });
    assert_eq!(table.answer("CancelFailedWithdrawTicket", payload), ["record"]);
    assert_eq!(table.cancels, 1);
    assert!(matches!(table.state.desk.link().phase(), Phase::Up), "and it says nothing of the session");
}

#[test]
fn code_20_to_a_read_of_a_session_that_is_over_logs_in_anew_and_asks_it_again() {
    let mut table = Table::listed();
    table.press("Enter");
    assert_eq!(table.answer("GetWithdrawTicket", NO), ["read GetUserInfo"]);
    assert_eq!(table.answer("GetUserInfo", NO), ["disconnect"]);
    assert!(table.screen().contains("NO LINK"), "{}", table.screen());
    let asked = table.reconnect(ConnectionId(2));
    assert!(asked.contains(&"GetWithdrawTicket".to_owned()), "{asked:?}");
    // Refused again by a session that goes on: a permission that is missing, and no reason for another login.
    assert_eq!(table.answer("GetWithdrawTicket", NO), ["read GetUserInfo"]);
    assert_eq!(table.answer("GetUserInfo", WHO), Vec::<String>::new());
    assert!(matches!(table.state.desk.link().phase(), Phase::Up));
    assert!(table.screen().contains("Not Authorized (20)"), "{}", table.screen());
}

#[test]
fn code_20_to_a_read_of_a_session_that_goes_on_is_a_missing_permission() {
    let mut table = Table::linked();
    assert_eq!(table.answer("GetAllWithdrawTickets", NO), ["read GetUserInfo"]);
    assert_eq!(table.answer("GetAllWithdrawTickets", NO), Vec::<String>::new(), "it is asked already");
    assert_eq!(table.answer("GetUserInfo", WHO), Vec::<String>::new(), "a list that stopped asks for nothing");
    assert!(matches!(table.state.desk.link().phase(), Phase::Up));
    assert!(table.screen().contains("Not Authorized (20)"), "{}", table.screen());
}

#[rstest]
#[case::unanswered(None)]
#[case::an_error(Some(r#"{"result":false,"errormsg":"Server Error","errorcode":102,"detail":null}"#))]
fn code_20_is_what_it_says_where_nobody_can_tell_of_the_session(#[case] answer: Option<&str>) {
    let mut table = Table::listed();
    table.press("Enter");
    table.answer("GetWithdrawTicket", NO);
    match answer {
        Some(payload) => table.answer("GetUserInfo", payload),
        None => {
            table.pass(Duration::from_secs(6));
            table.take(Event::DeadlinePassed)
        }
    };
    assert!(matches!(table.state.desk.link().phase(), Phase::Up));
    assert!(table.screen().contains("Not Authorized (20)"), "{}", table.screen());
}

#[test]
fn an_exchange_that_answers_nothing_but_errors_is_stale_and_its_link_is_kept() {
    let mut table = Table::listed();
    let error = r#"{"result":false,"errormsg":"Server Error","errorcode":102,"detail":null}"#;
    for _ in 0..4 {
        table.pass(Duration::from_secs(10));
        table.take(Event::DeadlinePassed);
        table.answer("Ping", error);
    }
    assert!(table.screen().contains("STALE since"), "{}", table.screen());
    assert!(matches!(table.state.desk.link().phase(), Phase::Up), "pings are answered");
}

#[test]
fn an_event_of_a_former_link_changes_nothing() {
    let mut table = Table::listed();
    table.take(Event::LinkLost { connection: LINK, why: "reset".to_owned() });
    table.reconnect(ConnectionId(2));
    let payload = TICKET.replace("Failed", "AdminCanceled");
    let event = Frame { kind: FrameKind::Event, id: CallId(3), name: "WithdrawTicketUpdateEvent".to_owned(), payload };
    table.take(Event::FrameArrived { connection: LINK, frame: event });
    assert_eq!(table.state.desk.list().tickets().failed(), 1);
    assert_eq!(table.state.desk.link().record().elsewhere, 1);
}

#[test]
fn a_session_that_is_over_waits_for_the_receipt_before_the_link_is_given_up() {
    let mut table = Table::listed();
    table.press("x");
    table.answer("GetWithdrawTicket", TICKET);
    table.press("2 8 7 Enter");
    table.answer("GetWithdrawTicket", TICKET);
    let attempt = table.state.desk.cancels().attempt().unwrap().id;
    table.take(Event::IntentAnswered { attempt, answer: OpenAnswer::Opened(durable(1)) });
    table.take(Event::CancelHanded { intent: IntentId(1) });
    table.take(Event::DeadlinePassed);
    assert_eq!(table.answer("GetWithdrawTicket", NO), ["read GetUserInfo"]);
    assert_eq!(table.answer("GetUserInfo", NO), Vec::<String>::new(), "the receipt is awaited");
    let received = r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#;
    assert_eq!(table.answer("CancelFailedWithdrawTicket", received), ["record", "disconnect"]);
    let asked = table.reconnect(ConnectionId(2));
    assert_eq!(asked.first().map(String::as_str), Some("GetWithdrawTicket"), "the open cancel's ticket comes first");
    assert_eq!(table.cancels, 1);
}

#[test]
fn the_first_read_of_a_dialog_is_asked_again_on_the_next_link() {
    let mut table = Table::listed();
    table.press("x");
    table.take(Event::LinkLost { connection: LINK, why: "reset".to_owned() });
    assert!(
        table.screen().contains("The link was lost. Ticket 287 is read as soon as it is back."),
        "{}",
        table.screen()
    );
    table.press("2 8 7");
    let asked = table.reconnect(ConnectionId(2));
    assert_eq!(asked.first().map(String::as_str), Some("GetWithdrawTicket"));
    table.answer("GetWithdrawTicket", TICKET);
    assert!(matches!(table.stage(), Stage::Shown(_)));
    assert_eq!(table.press("Enter"), Vec::<String>::new(), "what was typed before counts for nothing");
}

#[test]
fn a_confirming_read_is_not_asked_again() {
    let mut table = Table::listed();
    table.press("x");
    table.answer("GetWithdrawTicket", TICKET);
    table.press("2 8 7 Enter");
    table.take(Event::LinkLost { connection: LINK, why: "reset".to_owned() });
    assert!(matches!(ended(&table.state), Some(AttemptEnd::NotSent(_))));
    assert!(!table.reconnect(ConnectionId(2)).contains(&"GetWithdrawTicket".to_owned()));
}

#[test]
fn what_waits_for_a_link_that_is_refused_does_not_wait_for_ever() {
    let mut table = Table::listed();
    table.press("x");
    table.take(Event::LinkLost { connection: LINK, why: "reset".to_owned() });
    table.pass(Duration::from_secs(31));
    table.take(Event::DeadlinePassed);
    let failure = LinkFailure::Refused(LoginRefused::Locked);
    table.take(Event::LinkFailed { connection: ConnectionId(2), failure });
    assert!(matches!(ended(&table.state), Some(AttemptEnd::Locked(why)) if why.contains("administrator")));
}

#[test]
fn what_is_typed_into_the_question_is_shown_nowhere_and_leaves_once() {
    let mut table = Table::with(|_| ());
    table.take(Event::SecretWanted { connection: LINK, wanted: Wanted::Password { user: "op".to_owned() } });
    assert!(table.screen().contains("the password of op"), "{}", table.screen());
    assert_eq!(table.press("Q q ? Z Q 9 x Backspace"), Vec::<String>::new(), "letters are letters here");
    table.take(Event::Pasted);
    let shown = format!("{}{:?}", table.screen(), table.state);
    assert!(!shown.contains("Qq?ZQ9") && !shown.contains("ZQ9"), "{shown}");
    let effects = update(&mut table.state, Event::KeyPressed("Enter".parse().unwrap()), table.now).into_list();
    assert!(!format!("{effects:?}").contains("ZQ9"));
    let [Effect::GiveSecret { connection: LINK, secret }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(secrecy::ExposeSecret::expose_secret(&secret.secret()), "Qq?ZQ9");
    assert_eq!(table.press("Enter"), Vec::<String>::new());
}

#[test]
fn esc_gives_nothing_and_nobody_logs_in_until_r() {
    let mut table = Table::with(|_| ());
    let kind = Some("Google".into());
    table.take(Event::SecretWanted { connection: LINK, wanted: Wanted::LoginCode { kind } });
    assert_eq!(table.press("Enter"), Vec::<String>::new(), "nothing was typed");
    assert_eq!(table.press("1 Esc"), ["disconnect"]);
    assert!(table.screen().contains("NOT LOGGED IN") && !table.screen().contains("REFUSED"), "{}", table.screen());
    assert_eq!(table.state.desk.next_deadline(table.now), None);
    table.pass(Duration::from_secs(2));
    assert_eq!(table.press("r"), ["connect"]);
}

#[rstest]
#[case::list("1")]
#[case::link("L")]
fn a_held_r_does_not_try_a_refused_login_again_and_again(#[case] first: &str) {
    let mut table = Table::linked();
    table.take(Event::LinkLost { connection: LINK, why: "reset".to_owned() });
    table.press(first);
    table.pass(Duration::from_millis(400));
    let mut tries = 0;
    // A key repeat, 30 ms apart; each try is refused before the next one.
    for _ in 0..100 {
        tries += table.take_after(20, Event::KeyPressed("r".parse().unwrap())).len();
        let failure = LinkFailure::Refused(LoginRefused::Refused("Invalid username or password".into()));
        table.take_after(10, Event::LinkFailed { connection: ConnectionId(2), failure });
    }
    assert_eq!(tries, 1);
    assert!(table.screen().contains("pause, then press r once"), "{}", table.screen());
    assert_eq!(table.press("r"), ["connect"]);
}

#[test]
fn a_refused_login_is_tried_again_only_when_the_refusal_could_be_read() {
    let r = || Event::KeyPressed("r".parse().unwrap());
    let mut table = Table::with(|_| ());
    table.take(Event::LinkFailed { connection: LINK, failure: LinkFailure::Refused(LoginRefused::Locked) });
    assert_eq!(table.take_after(1_999, r()), Vec::<String>::new());
    assert_eq!(table.take_after(299, r()), Vec::<String>::new(), "a key came just before");
    assert_eq!(table.take_after(300, r()), ["connect"]);
}

#[test]
fn a_question_disarms_the_dialog_behind_it() {
    let mut table = Table::listed();
    table.press("x");
    table.answer("GetWithdrawTicket", TICKET);
    table.press("2 8 7");
    table.take(Event::SecretWanted { connection: LINK, wanted: Wanted::CallCode });
    assert_eq!(table.press("1 Esc"), Vec::<String>::new());
    assert_eq!(table.press("Enter"), Vec::<String>::new(), "the number must be typed again");
    assert!(matches!(table.stage(), Stage::Shown(_)));
}

#[test]
fn a_question_that_ends_while_it_is_answered_takes_the_rest_of_the_secret_until_esc() {
    let mut table = Table::with(|_| ());
    table.take(Event::SecretWanted { connection: LINK, wanted: Wanted::Password { user: "op".to_owned() } });
    table.press("h u");
    let failure = LinkFailure::Unreachable("reset".to_owned());
    table.take(Event::LinkFailed { connection: LINK, failure });
    assert_eq!(table.press("q r x L Enter"), Vec::<String>::new(), "none of them is a key of the list");
    assert!(table.screen().contains("This question is over"), "{}", table.screen());
    assert_eq!(table.press("Esc r"), ["connect"]);
}

#[test]
fn a_question_of_a_link_that_is_gone_is_not_asked() {
    let mut table = Table::linked();
    table.take(Event::SecretWanted { connection: ConnectionId(7), wanted: Wanted::CallCode });
    assert!(!matches!(table.state.console.top(), Some(Screen::Secret(_))));
}

/// PRODUCT.md "The link", in times: a link that dies right after a good answer is stale 15 s later at the latest, and dropped
/// by the second miss.
#[test]
fn a_half_open_link_is_noticed_within_15_seconds_whenever_it_dies() {
    for dies_after in [0, 3, 9, 10, 11, 19] {
        let mut table = Table::listed();
        table.asked.clear();
        let opened = table.now.boot;
        let mut last_good = table.now.boot;
        let mut stale = None;
        let mut dropped = None;
        for _ in 0..600 {
            table.pass(Duration::from_millis(100));
            if table.state.desk.next_deadline(table.now).is_some_and(|due| due <= table.now.boot) {
                let now = table.now;
                let effects = update(&mut table.state, Event::DeadlinePassed, now).into_list();
                let notes: Vec<String> = effects.iter().map(|effect| table.note(effect)).collect();
                dropped = dropped.or(notes.contains(&"disconnect".to_owned()).then_some(table.now.boot));
            }
            let is_dead = table.now.boot.since(opened) >= Duration::from_secs(dies_after);
            if !is_dead && table.asked.iter().any(|asked| asked.2 == "Ping") {
                table.answer("Ping", r#"{"msg":"PONG"}"#);
                last_good = table.now.boot;
            }
            stale = stale.or(table.state.desk.link().stale_since(table.now).map(|_| table.now.boot));
        }
        let noticed = stale.unwrap().since(last_good);
        assert!(noticed <= Duration::from_millis(15_500), "dies after {dies_after} s: stale after {noticed:?}");
        let dropped = dropped.unwrap().since(last_good);
        assert!(dropped <= Duration::from_secs(26), "dies after {dies_after} s: dropped after {dropped:?}");
    }
}

#[test]
fn frames_that_answer_nothing_are_counted_by_what_they_are() {
    let mut table = Table::linked();
    let (_, page, _) = table.asked.iter().find(|asked| asked.2 == "GetAllWithdrawTickets").cloned().unwrap();
    let frame = |id, name: &str| Frame { kind: FrameKind::Reply, id, name: name.to_owned(), payload: "[]".to_owned() };
    table.take(Event::FrameArrived { connection: LINK, frame: frame(page, "GetUserInfo") });
    assert_eq!(table.state.desk.list().scan().phase, ScanPhase::Reading, "it goes on waiting");
    table.take(Event::FrameArrived { connection: ConnectionId(0), frame: frame(page, "GetAllWithdrawTickets") });
    table.pass(Duration::from_secs(6));
    table.take(Event::DeadlinePassed);
    table.take(Event::FrameArrived { connection: LINK, frame: frame(page, "GetAllWithdrawTickets") });
    table.take(Event::FrameArrived { connection: LINK, frame: frame(CallId(9_998), "Ping") });
    let record = &table.state.desk.link().record();
    assert_eq!(
        (record.misnamed, record.elsewhere, record.late, table.state.desk.link().record().unmatched),
        (1, 1, 1, 4)
    );
}
