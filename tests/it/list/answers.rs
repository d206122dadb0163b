//! The list on an exchange that was written for it: protected, counted from the oldest, with another account's reply, cut.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use rstest::rstest;
use withdraw_desk::app::console::keymap::Keymap;
use withdraw_desk::app::desk::list::detail::DetailReading;
use withdraw_desk::app::desk::list::scan::ScanPhase;
use withdraw_desk::app::desk::order::Order;
use withdraw_desk::app::desk::settings::{Limits, Settings};
use withdraw_desk::app::event::Way;
use withdraw_desk::app::{Console, Desk, Effect, Event, Size, State, update};
use withdraw_desk::domain::{Boot, ConnectionId, Now, OmsId, TicketNumber, UserId};
use withdraw_desk::protocol::LinkEnd;
use withdraw_desk::protocol::rpc::authenticate_user::LoggedIn;
use withdraw_desk::protocol::{Frame, FrameKind};

use crate::proofs::permit;

const WHO: &str = r#"{"UserId":5,"UserName":"op","OMSId":1,"OperatorId":1}"#;

const NO: &str = r#"{"result":false,"errormsg":"Not Authorized","errorcode":20,"detail":null}"#;

const WISH: &str = r#"{"result":false,"errormsg":"This endpoint requires 2FACode along with the payload","errorcode":20,"detail":null}"#;

struct Server {
    list: Vec<(u64, &'static str)>,
    /// Rows as they stand here, at the head of the list.
    odd_rows: Vec<&'static str>,
    from_oldest: bool,
    /// The list is answered with a server error.
    has_fault: bool,
    protects_list: bool,
    validated: Option<ConnectionId>,
}

impl Server {
    fn new(list: Vec<(u64, &'static str)>) -> Self {
        Self { list, odd_rows: Vec::new(), from_oldest: false, has_fault: false, protects_list: false, validated: None }
    }
    fn row(number: u64, status: &str) -> String {
        format!(
            r#"{{"TicketNumber":{number},"Status":"{status}","OMSId":1,"AccountId":7,"RequestCode":"rc{number}","Amount":0.001}}"#
        )
    }
    fn answer(&mut self, connection: ConnectionId, frame: &Frame) -> String {
        let payload: serde_json::Value = serde_json::from_str(&frame.payload).unwrap_or_default();
        match frame.name.as_str() {
            "Ping" => r#"{"msg":"PONG"}"#.to_owned(),
            "GetUserInfo" => WHO.to_owned(),
            "GetUserPermissions" => r#"["Operator"]"#.to_owned(),
            "GetValidate2FARequiredEndpoints" => "[]".to_owned(),
            "SubscribeAllAccountEvents" => NO.to_owned(),
            "Validate2FA" => {
                self.validated = Some(connection);
                r#"{"TFaAuthenticated":true}"#.to_owned()
            }
            "GetAllWithdrawTickets" => {
                if self.protects_list && self.validated != Some(connection) {
                    return WISH.to_owned();
                }
                if self.has_fault {
                    return r#"{"result":false,"errormsg":"Server Error","errorcode":102,"detail":null}"#.to_owned();
                }
                let start = usize::try_from(payload["StartIndex"].as_u64().unwrap()).unwrap();
                let limit = usize::try_from(payload["Limit"].as_u64().unwrap()).unwrap();
                let mut list = self.list.clone();
                list.sort_by_key(|row| row.0);
                if !self.from_oldest {
                    list.reverse();
                }
                let listed = list.iter().map(|(n, s)| Self::row(*n, s));
                let rows = self.odd_rows.iter().map(|row| (*row).to_owned()).chain(listed);
                let rows: Vec<String> = rows.skip(start).take(limit).collect();
                format!("[{}]", rows.join(","))
            }
            "GetWithdrawTicket" => {
                let number = payload["TicketId"].as_u64().unwrap();
                match self.list.iter().find(|row| row.0 == number) {
                    Some((n, s)) => Self::row(*n, s),
                    None => {
                        r#"{"result":false,"errormsg":"Resource Not Found","errorcode":104,"detail":null}"#.to_owned()
                    }
                }
            }
            other => panic!("{other}"),
        }
    }
}

struct Table {
    state: State,
    now: Now,
    asked: VecDeque<(ConnectionId, Frame)>,
    connects: u32,
    server: Server,
}

impl Table {
    fn new(server: Server, page_size: usize) -> Self {
        let settings = Settings {
            permit: permit(),
            limits: Limits { page_size, ..Limits::default() },
            ..Settings::of("gateway", "staging")
        };
        let now = Now { wall: Timestamp::UNIX_EPOCH, boot: Boot(Duration::from_secs(1_000)) };
        let console = Console::new(Keymap::built_in().unwrap());
        let state = State::new(Desk::new(settings), console, Size { width: 80, height: 24 }, now);
        let mut table = Self { state, now, asked: VecDeque::new(), connects: 0, server };
        for effect in table.state.tell(Order::Start, table.now).into_list() {
            table.obey(effect);
        }
        table.take(Event::UnresolvedRead(Ok(Vec::new())));
        table
    }
    fn obey(&mut self, effect: Effect) {
        match effect {
            Effect::SendRead { connection, frame } => {
                self.asked.push_back((connection, frame.into_frame()));
            }
            Effect::Validate { connection, id } => {
                let frame =
                    Frame { kind: FrameKind::Request, id, name: "Validate2FA".to_owned(), payload: "{}".to_owned() };
                self.asked.push_back((connection, frame));
            }
            Effect::Connect { connection, .. } => {
                self.connects += 1;
                let user = LoggedIn { user: Some(UserId(5)), user_name: None, oms: Some(OmsId(1)) };
                self.take(Event::LinkOpened { connection, host: "gateway".to_owned(), user, way: Way::Password });
            }
            _ => {}
        }
    }
    fn take(&mut self, event: Event) {
        let effects = update(&mut self.state, event, self.now).into_list();
        for effect in effects {
            self.obey(effect);
        }
    }
    fn serve(&mut self) {
        while let Some((connection, frame)) = self.asked.pop_front() {
            self.now =
                Now { wall: self.now.wall + Duration::from_millis(1), boot: self.now.boot + Duration::from_millis(1) };
            let payload = self.server.answer(connection, &frame);
            let reply = Frame { kind: FrameKind::Reply, payload, ..frame };
            let reply = Frame::decode(&reply.encode()).expect("a frame of the wire");
            self.take(Event::FrameArrived { connection, frame: reply });
        }
    }
    fn run(&mut self, seconds: u64) {
        let end = self.now.boot + Duration::from_secs(seconds);
        loop {
            self.serve();
            let due =
                self.state.desk.next_deadline(self.now).unwrap_or(end).max(self.now.boot + Duration::from_millis(1));
            if due >= end {
                break;
            }
            let pass = due.since(self.now.boot);
            self.now = Now { wall: self.now.wall + pass, boot: due };
            self.take(Event::DeadlinePassed);
        }
        let pass = end.since(self.now.boot);
        self.now = Now { wall: self.now.wall + pass, boot: end };
    }
    fn lose(&mut self) {
        self.asked.clear();
        self.take(Event::LinkLost { connection: ConnectionId(self.connects), end: LinkEnd::soon("reset") });
    }
    fn status(&self, number: u64) -> Option<String> {
        self.state.desk.list().tickets().get(TicketNumber(number)).map(|ticket| ticket.status.to_string())
    }
}

fn numbers(range: std::ops::RangeInclusive<u64>) -> Vec<(u64, &'static str)> {
    range.map(|n| (n, if n % 10 == 0 { "Failed" } else { "FullyProcessed" })).collect()
}

#[test]
fn a_first_reading_that_an_error_stopped_goes_on_by_itself() {
    let mut server = Server::new(numbers(1..=50));
    server.has_fault = true;
    let mut table = Table::new(server, 20);
    table.run(5);
    assert!(matches!(table.state.desk.list().scan().phase, ScanPhase::Stopped(_)));
    table.server.has_fault = false;
    table.run(40);
    assert_eq!(table.state.desk.list().scan().phase, ScanPhase::Complete);
}

#[test]
fn a_protected_list_is_polled_again_after_the_code_on_a_later_link() {
    let mut server = Server::new(numbers(1..=50));
    server.protects_list = true;
    let mut table = Table::new(server, 20);
    table.run(30);
    assert_eq!(table.state.desk.list().scan().phase, ScanPhase::Complete);
    table.lose();
    table.run(10);
    assert_eq!(table.server.validated, Some(ConnectionId(2)), "the code was given");
    table.server.list.push((60, "Failed"));
    table.run(120);
    assert_eq!(table.status(60).as_deref(), Some("Failed"), "the newest pages are polled again");
}

/// A reply with the ticket's number and another account is not the ticket.
#[test]
fn a_short_list_that_counts_from_the_oldest_shows_what_arrives_beyond_its_first_page() {
    let mut server = Server::new(numbers(1..=20));
    server.from_oldest = true;
    let mut table = Table::new(server, 20);
    table.run(30);
    assert_eq!(table.state.desk.list().scan().phase, ScanPhase::Complete);
    for number in 21..=30 {
        table.server.list.push((number, "Failed"));
        table.run(15);
    }
    assert_eq!(table.status(30).as_deref(), Some("Failed"));
}

#[test]
fn all_fields_of_another_account_s_ticket_are_not_shown_as_the_ticket_s() {
    let mut table = Table::new(Server::new(numbers(1..=20)), 20);
    table.run(5);
    let now = table.now;
    for effect in table.state.tell(Order::LookInto(TicketNumber(10)), now).into_list() {
        table.obey(effect);
    }
    let (connection, frame) = table.asked.pop_front().expect("a read");
    let payload = Server::row(10, "FullyProcessed").replace(r#""AccountId":7"#, r#""AccountId":8"#);
    table.take(Event::FrameArrived { connection, frame: Frame { kind: FrameKind::Reply, payload, ..frame } });
    let reading = &table.state.desk.list().detail().expect("looked into").reading;
    assert!(
        matches!(reading, DetailReading::Failed(why) if why.contains("another account or request code than ticket 10")),
        "{reading:?}"
    );
    assert_eq!(table.status(10).as_deref(), Some("Failed"));
}

#[test]
fn a_page_of_far_more_tickets_than_were_asked_for_adds_no_rows_without_bound() {
    let mut table = Table::new(Server::new(numbers(1..=20)), 20);
    table.run(5);
    assert!(table.state.desk.list().scan().is_at_rest());
    table.server.list.extend((1_000..250_000).map(|n| (n, "Failed")));
    // The exchange ignores Limit.
    let end = table.now.boot + Duration::from_secs(30);
    while table.now.boot < end {
        while let Some((connection, frame)) = table.asked.pop_front() {
            let payload = if frame.name == "GetAllWithdrawTickets" {
                let rows: Vec<String> =
                    (1_000..250_000u64).rev().map(|n| format!(r#"{{"TicketNumber":{n},"Status":6}}"#)).collect();
                format!("[{}]", rows.join(","))
            } else {
                table.server.answer(connection, &frame)
            };
            assert!(payload.len() < 16 * 1024 * 1024);
            let is_list = frame.name == "GetAllWithdrawTickets";
            table.take(Event::FrameArrived { connection, frame: Frame { kind: FrameKind::Reply, payload, ..frame } });
            if is_list {
                let rows = table.state.desk.list().tickets().rows();
                assert!(rows <= 100_000, "{rows} rows");
                return;
            }
        }
        let due =
            table.state.desk.next_deadline(table.now).unwrap_or(end).max(table.now.boot + Duration::from_millis(1));
        let pass = due.since(table.now.boot);
        table.now = Now { wall: table.now.wall + pass, boot: due };
        table.take(Event::DeadlinePassed);
    }
    panic!("no poll");
}

/// The screen of a console on a list that ends with these rows.
fn shown(odd_rows: Vec<&'static str>, list: Vec<(u64, &'static str)>) -> String {
    let mut table = Table::new(Server { odd_rows, ..Server::new(list) }, 200);
    table.run(30);
    crate::world::screen(&table.state)
}

#[rstest]
#[case::account_as_a_fraction(
    r#"{"TicketNumber":5001,"Status":"Failed","AccountId":7.0,"RequestCode":"rc"}"#,
    "AccountId 7.0"
)]
#[case::nobody_as_a_text(r#"{"TicketNumber":5001,"Status":6,"UpdatedByUser":""}"#, "UpdatedByUser \"\"")]
#[case::list_for_a_name(r#"{"TicketNumber":5001,"Status":6,"AccountName":["x"]}"#, "AccountName [\"x\"]")]
#[case::told_twice(r#"{"TicketNumber":5001,"Status":6,"OMSId":1,"omsid":2}"#, "OMSId 1 and 2")]
fn a_field_of_another_form_is_named_and_shown_as_it_came(#[case] row: &'static str, #[case] said: &str) {
    let screen = shown(vec![row], vec![(1, "Failed"), (2, "Failed"), (3, "Failed")]);
    for wanted in ["Failed 4", "5001", "ODD", said] {
        assert!(screen.contains(wanted), "{wanted}:\n{screen}");
    }
    assert!(!screen.contains("unreadable"), "{screen}");
}

#[rstest]
#[case::half_a_letter(r#"{"TicketNumber":5001,"Status":6,"AccountId":7,"AccountName":"a\ud83d"}"#, "a<U+D83D>")]
#[case::a_line_end("{\"TicketNumber\":5001,\"Status\":6,\"AccountId\":7,\"AccountName\":\"a\nb\"}", "a<U+000A>b")]
fn letters_that_no_text_may_hold_lose_no_ticket(#[case] row: &'static str, #[case] said: &str) {
    let screen = shown(vec![row], vec![(1, "Failed"), (2, "Failed"), (3, "Failed")]);
    for wanted in ["Failed 4", "5001", said] {
        assert!(screen.contains(wanted), "{wanted}:\n{screen}");
    }
}

#[rstest]
#[case::absent(r#"{"TicketNumber":5001}"#)]
#[case::null(r#"{"TicketNumber":5001,"Status":null}"#)]
#[case::object(r#"{"TicketNumber":5001,"Status":{"Id":6}}"#)]
#[case::told_twice(r#"{"TicketNumber":5001,"Status":6,"status":12}"#)]
fn a_ticket_whose_status_cannot_be_read_is_on_the_list_and_no_failed_one(#[case] row: &'static str) {
    let screen = shown(vec![row], vec![(1, "Failed"), (2, "Failed"), (3, "Failed")]);
    for wanted in ["Failed 3", "5001", "??"] {
        assert!(screen.contains(wanted), "{wanted}:\n{screen}");
    }
}

#[test]
fn a_row_without_a_number_counts_once_however_often_it_is_read_and_nothing_is_said_not_to_be_there() {
    let mut table = Table::new(Server { odd_rows: vec![r#"{"Status":6}"#], ..Server::new(numbers(1..=20)) }, 5);
    table.run(60);
    assert!(
        crate::world::screen(&table.state).contains(", 1 row unreadable"),
        "{}",
        crate::world::screen(&table.state)
    );
    let now = table.now;
    for effect in table.state.tell(Order::Find(TicketNumber(77)), now).into_list() {
        table.obey(effect);
    }
    table.run(10);
    let reading = &table.state.desk.list().detail().expect("looked for").reading;
    assert!(
        matches!(reading, DetailReading::NotFound(why) if why.contains("1 row of the list could not be read")),
        "{reading:?}"
    );
}

#[rstest]
#[case::one_page(200)]
#[case::short_pages(5)]
#[case::a_first_page_of_nothing_else(3)]
fn rows_that_are_no_tickets_are_all_counted_and_the_pages_join_by_the_others(#[case] page_size: usize) {
    let odd_rows = vec!["null", "1", "null"];
    let mut table = Table::new(Server { odd_rows, ..Server::new(numbers(1..=20)) }, page_size);
    table.run(60);
    let screen = crate::world::screen(&table.state);
    assert!(screen.contains(", 3 rows unreadable"), "{screen}");
    let scan = table.state.desk.list().scan();
    assert_eq!((scan.read(), &scan.phase), (20, &ScanPhase::Complete), "{screen}");
}

#[test]
fn one_ticket_behind_rows_that_are_none_is_listed_to_the_end() {
    let screen = shown(vec!["null", "1"], vec![(1, "Failed")]);
    assert!(screen.contains("Failed 1") && screen.contains("2 rows unreadable"), "{screen}");
}

#[rstest]
#[case::letters(r#""x1""#)]
#[case::negative("-7")]
#[case::nobody("0")]
#[case::list("[7]")]
fn an_account_that_cannot_be_read_is_named_where_the_ticket_cannot_be_read_again(#[case] account: &str) {
    let row = format!(r#"{{"TicketNumber":5001,"Status":"Failed","AccountId":{account},"RequestCode":"rc"}}"#);
    let mut table = Table::new(Server { odd_rows: vec![row.leak()], ..Server::new(vec![(1, "Failed")]) }, 200);
    table.run(30);
    let now = table.now;
    for effect in table.state.tell(Order::LookInto(TicketNumber(5001)), now).into_list() {
        table.obey(effect);
    }
    let reading = &table.state.desk.list().detail().expect("looked into").reading;
    let said = format!("(AccountId {account})");
    assert!(matches!(reading, DetailReading::Failed(why) if why.contains(&said)), "{reading:?}");
}

#[test]
fn a_list_of_which_rows_cannot_be_read_is_not_said_to_hold_no_failed_ticket() {
    let screen = shown(vec![r#"{"Status":6}"#], vec![(1, "FullyProcessed")]);
    assert!(screen.contains("1 row could not be read") && !screen.contains("No failed withdrawals"), "{screen}");
}

#[test]
fn of_two_failures_in_the_comments_the_newest_by_its_time_is_the_reason_in_whatever_order_they_come() {
    let row = r#"{"TicketNumber":5001,"Status":6,"Comments":[
        {"CommentId":9,"Comment":"Withdraw Failed: second","EnteredDateTime":"2026-11-02T00:00:00Z"},
        {"CommentId":3,"Comment":"Withdraw Failed: first","EnteredDateTime":"2026-11-01T00:00:00Z"}]}"#;
    let screen = shown(vec![row], vec![(1, "Failed"), (2, "Failed"), (3, "Failed")]);
    assert!(screen.contains("second") && !screen.contains("first"), "{screen}");
}
