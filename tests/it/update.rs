//! Tables over `update`: a state, an event, and the orders that follow, compared whole.

use jiff::Timestamp;
use rstest::rstest;
use withdraw_desk::app::console::keymap::Keymap;
use withdraw_desk::app::desk::cancels::attempt::{AttemptEnd, Confirmation, Owner, Stage};
use withdraw_desk::app::desk::list::scan::ScanPhase;
use withdraw_desk::app::desk::news::News;
use withdraw_desk::app::desk::order::{Lacking, Order};
use withdraw_desk::app::desk::settings::Settings;
use withdraw_desk::app::effect::{Author, Exit, LOGIN_CALLS};
use withdraw_desk::app::event::{Interruption, LinkFailure, OpenAnswer, Way};
use withdraw_desk::app::words::desk::cancels as words;
use withdraw_desk::app::{Console, Desk, Effect, Event, Size, State, update};
use withdraw_desk::domain::TypedSecret;
use withdraw_desk::domain::{
    AccountId, AttemptId, Boot, CallId, Change, ConnectionId, IntentId, Now, OmsId, OperatorId, TicketNumber, UserId,
};
use withdraw_desk::journal::record::{ReplyFact, Stamp};
use withdraw_desk::journal::{Fact, Unresolved};
use withdraw_desk::protocol::LinkEnd;
use withdraw_desk::protocol::rpc::authenticate_user::{LoggedIn, LoginRefused};
use withdraw_desk::protocol::rpc::change_ticket::{Asked, ChangeOrder};
use withdraw_desk::protocol::rpc::get_all_withdraw_tickets::GetAllWithdrawTickets;
use withdraw_desk::protocol::rpc::get_user_info::GetUserInfo;
use withdraw_desk::protocol::rpc::get_user_permissions::GetUserPermissions;
use withdraw_desk::protocol::rpc::get_validate_2fa_required_endpoints::GetValidate2FaRequiredEndpoints;
use withdraw_desk::protocol::rpc::get_withdraw_ticket::{GetWithdrawTicket, TicketKey};
use withdraw_desk::protocol::rpc::log_out::LogOut;
use withdraw_desk::protocol::rpc::subscribe_all_account_events::SubscribeAllAccountEvents;
use withdraw_desk::protocol::rpc::{self, ReadFrame, Rpc};
use withdraw_desk::protocol::{Frame, FrameKind};

use crate::proofs::permit;
use crate::records::durable;
use crate::world::ended;

const LINK: ConnectionId = ConnectionId(1);
const TICKET: &str =
    r#"{"TicketNumber":287,"Status":"Failed","OMSId":1,"AccountId":7,"RequestCode":"af08","AssetId":3,"Amount":0.001}"#;

/// A state with one failed ticket on the list, as after login and the whole scan; and a clock.
pub struct Table {
    pub state: State,
    pub now: Now,
}

impl Table {
    fn new() -> Self {
        let settings = Settings { permit: permit(), ..Settings::of("gateway", "staging") };
        let now = Now { wall: Timestamp::UNIX_EPOCH, boot: Boot(std::time::Duration::from_secs(1_000)) };
        let console = Console::new(Keymap::built_in().unwrap());
        let state = State::new(Desk::new(settings), console, Size { width: 80, height: 24 }, now);
        Self { state, now }
    }

    fn listed() -> Self {
        let mut table = Self::new();
        let _ = table.state.tell(Order::Start, table.now);
        table.take(Event::UnresolvedRead(Ok(Vec::new())));
        table.take(opened());
        table.reply(4, GetUserInfo::NAME, r#"{"UserId":5,"UserName":"op","OMSId":1,"OperatorId":1}"#);
        table.reply(6, SubscribeAllAccountEvents::NAME, "{}");
        table.reply(8, GetAllWithdrawTickets::NAME, &format!("[{TICKET}]"));
        table.reply(10, GetAllWithdrawTickets::NAME, &format!("[{TICKET}]"));
        table.reply(12, GetAllWithdrawTickets::NAME, "[]");
        table
    }

    fn take(&mut self, event: Event) -> Vec<Effect> {
        self.now.boot = self.now.boot + std::time::Duration::from_millis(500);
        update(&mut self.state, event, self.now).into_list()
    }

    pub fn press(&mut self, key: &str) -> Vec<Effect> {
        self.take(Event::KeyPressed(key.parse().unwrap()))
    }

    pub fn reply(&mut self, id: u64, name: &str, payload: &str) -> Vec<Effect> {
        let frame = Frame { kind: FrameKind::Reply, id: call(id), name: name.to_owned(), payload: payload.to_owned() };
        self.take(Event::FrameArrived { connection: LINK, frame })
    }

    /// As far as the confirming read.
    fn confirming() -> Self {
        let mut table = Self::listed();
        table.press("x");
        table.reply(14, GetWithdrawTicket::NAME, TICKET);
        for digit in ["2", "8", "7"] {
            table.press(digit);
        }
        table.press("Enter");
        table
    }

    /// As far as the intent that waits for the journal.
    fn opening() -> Self {
        let mut table = Self::confirming();
        table.reply(16, GetWithdrawTicket::NAME, TICKET);
        table
    }

    fn opening_intent() -> Effect {
        Self::confirming().reply(16, GetWithdrawTicket::NAME, TICKET).remove(0)
    }

    /// As far as the frame that was handed to the writer.
    fn sent() -> Self {
        let mut table = Self::opening();
        table.take(answered(OpenAnswer::Opened(durable(1))));
        table.take(Event::CancelHanded { intent: IntentId(1) });
        table
    }
}

/// A login may take several numbers, and what is asked about permissions takes two; those after them count as if the login had
/// taken one and the rest none.
fn call(id: u64) -> CallId {
    let standing = if id > 6 { 4 } else { 0 };
    CallId(id + 2 * (LOGIN_CALLS - 1) + standing)
}

/// The two calls about this login's permissions, behind the call with this number.
fn standing(after: u64) -> [Effect; 2] {
    let id = |nth: u64| CallId(call(after).0 + 2 * nth);
    let permissions = rpc::frame(&GetUserPermissions::of(UserId(5)), id(1));
    [read(permissions), read(rpc::frame(&GetValidate2FaRequiredEndpoints, id(2)))]
}

fn opened() -> Event {
    let user = LoggedIn { user: Some(UserId(5)), user_name: None, oms: None };
    Event::LinkOpened { connection: LINK, host: "gateway".to_owned(), user, way: Way::Password }
}

fn answered(answer: OpenAnswer) -> Event {
    Event::IntentAnswered { attempt: AttemptId(1), answer }
}

fn read(frame: ReadFrame) -> Effect {
    Effect::SendRead { connection: LINK, frame }
}

fn read_ticket(id: u64) -> Effect {
    let key = TicketKey { number: TicketNumber(287), account: AccountId(7), request_code: "af08".into() };
    read(rpc::frame(&GetWithdrawTicket::new(OmsId(1), Some(OperatorId(1)), &key), call(id)))
}

fn author() -> Author {
    Author { oms: Some(OmsId(1)), operator: Some("op".to_owned()) }
}

fn record(fact: Fact) -> Effect {
    Effect::Record { author: author(), fact }
}

#[test]
fn the_start_asks_the_journal_before_the_exchange() {
    let mut table = Table::new();
    let first = Effect::Connect { connection: LINK, login: CallId(2) };
    assert_eq!(table.state.tell(Order::Start, table.now).into_list(), [Effect::ReadUnresolved, first]);
}

#[test]
fn a_login_is_followed_by_who_we_are_then_events_and_the_first_page() {
    let mut table = Table::new();
    let _ = table.state.tell(Order::Start, table.now);
    assert_eq!(table.take(opened()), [read(rpc::frame(&GetUserInfo::caller(), call(4)))]);
    let known = table.reply(4, GetUserInfo::NAME, r#"{"UserId":5,"OMSId":1,"OperatorId":1}"#);
    let page = GetAllWithdrawTickets::page(OmsId(1), OperatorId(1), 0, 200);
    let subscribe = rpc::frame(&SubscribeAllAccountEvents, call(6));
    let filtered = rpc::frame(&page.only_failed(), call(10));
    let [permissions, protected] = standing(6);
    assert_eq!(known, [read(subscribe), permissions, protected, read(rpc::frame(&page, call(8))), read(filtered)]);
}

#[test]
fn an_exchange_that_wants_our_id_is_asked_by_it_once() {
    let mut table = Table::new();
    let _ = table.state.tell(Order::Start, table.now);
    let user = LoggedIn { user: Some(UserId(5)), user_name: None, oms: Some(OmsId(1)) };
    table.take(Event::LinkOpened { connection: LINK, host: "gateway".to_owned(), user, way: Way::Password });
    let refused = r#"{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":null}"#;
    let by_id = rpc::frame(&GetUserInfo::of(OmsId(1), UserId(5)), call(6));
    assert_eq!(table.reply(4, GetUserInfo::NAME, refused), [read(by_id)]);
    let known = table.reply(6, GetUserInfo::NAME, refused);
    let subscribe = rpc::frame(&SubscribeAllAccountEvents, CallId(call(6).0 + 2));
    assert_eq!(known[0], read(subscribe));
    assert_eq!(known.len(), 3, "no operator, no list");
    assert!(matches!(&table.state.desk.list().scan().phase, ScanPhase::Stopped(why) if why.contains("operator-id")));
}

#[test]
fn x_reads_the_ticket_and_asks_who_holds_it() {
    assert_eq!(Table::listed().press("x"), [read_ticket(14), Effect::ReadUnresolved]);
}

#[test]
fn a_confirming_enter_reads_once_more_and_nothing_else() {
    let mut table = Table::listed();
    table.press("x");
    table.reply(14, GetWithdrawTicket::NAME, TICKET);
    for digit in ["2", "8"] {
        assert_eq!(table.press(digit), []);
    }
    assert_eq!(table.press("Enter"), [], "not armed");
    assert_eq!(table.press("7"), []);
    assert_eq!(table.press("Enter"), [read_ticket(16)]);
    assert_eq!(table.press("Enter"), [], "once");
}

#[test]
fn an_agreeing_read_opens_the_intent_and_only_its_durable_answer_sends() {
    let mut table = Table::opening();
    assert_eq!(table.press("Enter"), []);
    let order = {
        let asked = Asked { change: Change::Cancel, call: call(18), oms: OmsId(1), ticket: TicketNumber(287) };
        ChangeOrder::new(permit().unwrap(), durable(1), &asked)
    };
    let sent = table.take(answered(OpenAnswer::Opened(durable(1))));
    assert_eq!(sent, [Effect::SendCancel { connection: LINK, intent: IntentId(1), order }]);
    let again = table.take(answered(OpenAnswer::Opened(durable(2))));
    let stray =
        Fact::outcome(IntentId(2), withdraw_desk::domain::Outcome::NotSent, "nobody waited for it any more".to_owned());
    assert_eq!(again, [record(stray)], "one confirmation, one frame");
}

#[rstest]
#[case::full_disk(OpenAnswer::Failed { why: "disk full".to_owned(), for_good: true }, None)]
#[case::lock_held_elsewhere(OpenAnswer::Failed { why: "locked".to_owned(), for_good: false }, Some("No journal, no send: locked".to_owned()))]
#[case::held(OpenAnswer::HeldBy(Box::new(holder())), Some(words::holder(&holder())))]
fn an_intent_that_is_not_ours_and_durable_sends_nothing(#[case] answer: OpenAnswer, #[case] declined: Option<String>) {
    let mut table = Table::opening();
    let declined = declined.map(|because| record(Fact::Declined { ticket: "287".to_owned(), because }));
    assert_eq!(table.take(answered(answer)), declined.into_iter().collect::<Vec<_>>());
    assert_eq!(table.press("Enter"), []);
}

fn holder() -> Unresolved {
    let Effect::OpenIntent { intent, .. } = Table::opening_intent() else { panic!("the intent is opened") };
    let stamp = Stamp {
        chain: String::new(),
        session: "s2".to_owned(),
        host: "desk2".to_owned(),
        pid: 9,
        version: String::new(),
        exchange: "gateway".to_owned(),
        oms: Some(1),
        operator: Some("colleague".to_owned()),
    };
    Unresolved {
        id: IntentId(2),
        ticket: TicketNumber(287),
        account: AccountId(7),
        request_code: "af08".into(),
        intent: *intent,
        stamp,
        opened_at: Timestamp::UNIX_EPOCH,
        sent_at: None,
        reply: None,
        outcome: None,
        release: None,
    }
}

/// As after a laptop's sleep: the answer is taken in before the deadline is noticed.
#[test]
fn a_confirming_read_answered_too_late_sends_nothing() {
    let mut table = Table::confirming();
    let asleep = std::time::Duration::from_secs(3_600);
    table.now = Now { wall: table.now.wall + asleep, boot: table.now.boot + asleep };
    let effects = table.reply(16, GetWithdrawTicket::NAME, TICKET);
    let because = "no answer to the read of the ticket in time".to_owned();
    assert_eq!(effects, [record(Fact::Declined { ticket: "287".to_owned(), because })]);
}

/// The machine's time was set while the confirming read was under way: nobody can say how old anything is.
#[test]
fn clocks_that_part_during_the_confirming_read_send_nothing() {
    let mut table = Table::confirming();
    table.now.wall += std::time::Duration::from_secs(3);
    let effects = table.reply(16, GetWithdrawTicket::NAME, TICKET);
    let declined = |because: &str| because.contains("clock was set");
    assert!(
        matches!(&effects[..], [Effect::Record { fact: Fact::Declined { because, .. }, .. }] if declined(because)),
        "{effects:?}"
    );
}

#[rstest]
#[case::resize(Event::Resized(Size { width: 90, height: 30 }))]
#[case::suspended(Event::Resumed)]
fn what_disarms_also_takes_back_an_enter_whose_read_is_under_way(#[case] event: Event) {
    let mut table = Table::confirming();
    assert!(matches!(&table.take(event)[..], [Effect::Record { fact: Fact::Declined { .. }, .. }]));
    assert_eq!(table.reply(16, GetWithdrawTicket::NAME, TICKET), []);
}

#[test]
fn a_ticket_of_another_oms_is_locked() {
    let mut table = Table::listed();
    table.press("x");
    table.reply(14, GetWithdrawTicket::NAME, &TICKET.replace("\"OMSId\":1", "\"OMSId\":2"));
    for digit in ["2", "8", "7"] {
        table.press(digit);
    }
    assert_eq!(table.press("Enter"), []);
}

#[test]
fn an_enter_typed_while_the_screen_was_frozen_confirms_nothing() {
    let mut table = Table::listed();
    table.press("x");
    table.reply(14, GetWithdrawTicket::NAME, TICKET);
    for digit in ["2", "8", "7"] {
        table.press(digit);
    }
    assert_eq!(table.take(Event::PressedUnseen), []);
    assert_eq!(table.press("Enter"), [read_ticket(16)], "one that was seen does");
}

/// An answer or a deadline of an attempt that was given up counts for no later one.
#[test]
fn an_old_read_counts_for_no_new_attempt() {
    let mut table = Table::confirming();
    table.press("Esc");
    table.press("x");
    table.press("Esc");
    table.press("x");
    assert_eq!(table.reply(16, GetWithdrawTicket::NAME, TICKET), [], "the first Enter's read");
    assert_eq!(table.reply(18, GetWithdrawTicket::NAME, TICKET), [], "the second x's read");
    let shown = |table: &Table| matches!(table.state.desk.cancels().attempt().unwrap().stage, Stage::Shown(_));
    assert!(!shown(&table), "neither opens the dialog of the third");
    table.reply(20, GetWithdrawTicket::NAME, TICKET);
    assert!(shown(&table));
}

#[test]
fn a_frame_that_was_never_handed_over_is_not_sent() {
    let mut table = Table::opening();
    table.take(answered(OpenAnswer::Opened(durable(1))));
    let why = "that link is gone";
    let effects = table.take(Event::CancelNotHanded { intent: IntentId(1), why: why.to_owned() });
    let because = format!("the frame was never handed to the writer: {why}");
    assert_eq!(effects, [record(Fact::outcome(IntentId(1), withdraw_desk::domain::Outcome::NotSent, because))]);
}

#[rstest]
#[case::reply(FrameKind::Reply, 18, LINK, true)]
#[case::error(FrameKind::Error, 18, LINK, true)]
#[case::event_with_its_number(FrameKind::Event, 18, LINK, false)]
#[case::another_number(FrameKind::Reply, 19, LINK, false)]
#[case::another_link(FrameKind::Reply, 18, ConnectionId(2), false)]
fn only_a_reply_to_our_number_on_our_link_is_the_receipt(
    #[case] kind: FrameKind,
    #[case] id: u64,
    #[case] connection: ConnectionId,
    #[case] counts: bool,
) {
    let mut table = Table::sent();
    let payload = r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#.to_owned();
    let frame = Frame { kind, id: call(id), name: "CancelFailedWithdrawTicket".to_owned(), payload: payload.clone() };
    let effects = table.take(Event::FrameArrived { connection, frame });
    let receipt = match kind {
        FrameKind::Reply => withdraw_desk::domain::Receipt::Accepted,
        _ => withdraw_desk::domain::Receipt::Unclear,
    };
    let reply = record(Fact::Reply(ReplyFact::new(IntentId(1), receipt, Some(kind.number()), Some(payload))));
    assert_eq!(effects, if counts { vec![reply] } else { vec![] });
}

#[test]
fn a_lost_link_gives_the_cancel_the_receipt_none_and_sends_nothing() {
    let mut table = Table::sent();
    let effects = table.take(Event::LinkLost { connection: LINK, end: LinkEnd::soon("reset") });
    let none = ReplyFact::new(IntentId(1), withdraw_desk::domain::Receipt::None, None, None);
    assert_eq!(effects, [record(Fact::Reply(none))]);
}

#[rstest]
#[case::unreachable(LinkFailure::Unreachable(LinkEnd::soon("refused")), true)]
#[case::wrong_password(LinkFailure::Refused(LoginRefused::Refused("Invalid".into())), false)]
#[case::locked(LinkFailure::Refused(LoginRefused::Locked), false)]
fn only_the_network_is_tried_again(#[case] failure: LinkFailure, #[case] tried_again: bool) {
    let mut table = Table::new();
    let _ = table.state.tell(Order::Start, table.now);
    assert_eq!(table.take(Event::LinkFailed { connection: LINK, failure }), []);
    let due = table.state.desk.next_deadline(table.now);
    assert_eq!(due.is_some(), tried_again);
}

#[rstest]
#[case::signal(Interruption::Signal(15), 143)]
#[case::terminal(Interruption::TerminalLost, 129)]
fn an_interruption_says_good_bye_and_ends(#[case] interruption: Interruption, #[case] code: u8) {
    let effects = Table::listed().take(Event::Interrupted(interruption));
    assert_eq!(effects, [read(rpc::frame(&LogOut, call(14))), Effect::Quit(Exit::Signal(code - 128))]);
}

/// A table whose list has these rows, newest first; the profile allows tickets with a transaction, or does not.
pub fn with_rows(rows: &str, allow_tx: bool) -> Table {
    let mut table = Table::listed();
    let settings = Settings { permit: permit(), allow_tx, ..Settings::of("gateway", "staging") };
    let console = Console::new(Keymap::built_in().unwrap());
    table.state = State::new(Desk::new(settings), console, table.state.size, table.now);
    let _ = table.state.tell(Order::Start, table.now);
    table.take(Event::UnresolvedRead(Ok(Vec::new())));
    table.take(opened());
    table.reply(4, GetUserInfo::NAME, r#"{"UserId":5,"UserName":"op","OMSId":1,"OperatorId":1}"#);
    table.reply(6, SubscribeAllAccountEvents::NAME, "{}");
    table.reply(8, GetAllWithdrawTickets::NAME, &format!("[{rows}]"));
    table.reply(10, GetAllWithdrawTickets::NAME, &format!("[{rows}]"));
    table.reply(12, GetAllWithdrawTickets::NAME, "[]");
    table
}

/// A table with these rows, of which the ticket was chosen.
fn chosen(ticket: &str, allow_tx: bool) -> Table {
    let mut table = with_rows(ticket, allow_tx);
    table.press("x");
    table.reply(14, GetWithdrawTicket::NAME, ticket);
    table
}

/// The failed ticket, with these fields in place of its own.
fn with(fields: &str) -> String {
    TICKET.replace(r#""Amount":0.001"#, fields)
}

const IN_A_COMMENT: &str = r#""Amount":1,"Comments":[{"Comment":"Withdraw Submitted (11/22/2017 8:16:11 PM): 2c84d33fe34d2b6e5ec6be46e3d9ba0e"}]"#;
const UNDER_ANOTHER_KEY: &str =
    r#""Amount":1,"WithdrawTransactionDetails":"{\"TransactionHash\":\"9f2c\",\"Status\":\"Broadcast\"}""#;
const TOLD_TWICE: &str =
    r#""Amount":1,"WithdrawTransactionDetails":"{\"TxId\":\"9f2c\"}","withdrawTransactionDetails":null"#;
const UNREADABLE: &str = r#""Amount":1,"WithdrawTransactionDetails":"<xml/>""#;

#[rstest]
#[case::in_a_comment(IN_A_COMMENT, "2c84d33fe34d2b6e5ec6be46e3d9ba0e")]
#[case::under_another_key(UNDER_ANOTHER_KEY, "WithdrawTransactionDetails.TransactionHash: 9f2c")]
#[case::unreadable(UNREADABLE, "cannot be read")]
#[case::told_twice(TOLD_TWICE, "cannot be read")]
fn a_transaction_that_cannot_be_ruled_out_locks_the_ticket(#[case] fields: &str, #[case] said: &str) {
    let table = chosen(&with(fields), false);
    let ended = ended(&table.state);
    let is_right = |why: &str| why.contains(said) && why.contains("allow-tx");
    assert!(matches!(ended, Some(AttemptEnd::Locked(why)) if is_right(why.as_str())), "{ended:?}");
}

#[test]
fn a_read_without_comments_does_not_unsay_the_transaction_that_the_list_told() {
    let mut table = with_rows(&with(IN_A_COMMENT), false);
    table.press("x");
    table.reply(14, GetWithdrawTicket::NAME, &with(r#""Amount":1"#));
    let ended = ended(&table.state);
    assert!(matches!(ended, Some(AttemptEnd::Locked(why)) if why.contains("2c84d33f")), "{ended:?}");
}

#[rstest]
#[case::in_a_comment(IN_A_COMMENT)]
#[case::under_another_key(UNDER_ANOTHER_KEY)]
#[case::unreadable(UNREADABLE)]
#[case::told_twice(TOLD_TWICE)]
#[case::amount_told_twice(r#""Amount":1,"amount":2"#)]
#[case::form_told_twice(r#""Amount":1,"TemplateForm":"{}","templateForm":"{\"ExternalAddress\":\"a\"}""#)]
#[case::oms_told_twice(r#""Amount":1,"omsid":2"#)]
#[case::no_amount(r#""Amount":null"#)]
#[case::amount_absent(r#""FeeAmt":1"#)]
#[case::amount_is_no_number(r#""Amount":"many""#)]
#[case::nothing_to_cancel(r#""Amount":0.000"#)]
#[case::less_than_nothing(r#""Amount":"-5""#)]
#[case::no_asset(r#""Amount":1,"assetid":null"#)]
#[case::two_destinations(
    r#""Amount":1,"TemplateForm":"{\"ExternalAddress\":\"a1\"}","WithdrawTransactionDetails":"{\"ExternalAddress\":\"b2\"}""#
)]
#[case::beside_the_details(r#""Amount":1,"TxId":"9f2c0160""#)]
fn the_desk_sends_nothing_without_the_second_word_whoever_confirms(#[case] fields: &str) {
    let mut table = chosen(&with(fields), true);
    let typed = Confirmation { number: "287".to_owned(), ..Confirmation::default() };
    let refused = table.state.desk.apply(Order::Confirm(typed.clone()), table.now);
    assert!(matches!(refused.answer, Err(Lacking::Word(_))), "{refused:?}");
    assert_eq!(refused.effects.into_list(), []);
    let typed = Confirmation { word: "checked".to_owned(), ..typed };
    let asked = table.state.desk.apply(Order::Confirm(typed), table.now);
    assert_eq!((asked.answer, asked.effects.into_list()), (Ok(()), vec![read_ticket(16)]));
}

#[test]
fn the_dialog_says_that_nobody_knows_the_amount_and_does_not_arm_by_the_number_alone() {
    let mut table = chosen(&with(r#""Amount":null"#), false);
    for key in ["2", "8", "7", "Enter"] {
        assert_eq!(table.press(key), []);
    }
    let screen = crate::world::screen(&table.state);
    assert!(screen.contains("does not tell the amount") && screen.contains("type the word `checked`"), "{screen}");
}

#[rstest]
#[case::another_number(Confirmation { number: "288".to_owned(), ..Confirmation::default() })]
#[case::nothing(Confirmation::default())]
#[case::a_part(Confirmation { number: "28".to_owned(), ..Confirmation::default() })]
#[case::with_a_blank(Confirmation { number: "287 ".to_owned(), ..Confirmation::default() })]
fn a_cancel_is_armed_by_the_number_that_was_typed_and_the_desk_says_what_it_lacks(#[case] typed: Confirmation) {
    let mut table = chosen(TICKET, false);
    let refused = table.state.desk.apply(Order::Confirm(typed), table.now);
    assert_eq!(refused.answer, Err(Lacking::Number(TicketNumber(287))));
    assert_eq!(refused.effects.into_list(), []);
}

#[test]
fn an_order_that_cannot_be_followed_is_refused_and_never_silently() {
    let mut desk = Desk::new(Settings::of("gateway", "staging"));
    let now = Table::new().now;
    assert_eq!(desk.apply(Order::Confirm(Confirmation::default()), now).answer, Err(Lacking::Shown));
    let refused =
        desk.apply(Order::Choose { ticket: TicketNumber(1), change: Change::Cancel, owner: Owner::Command }, now);
    assert!(matches!(refused.answer, Err(Lacking::Ticket(_))), "{refused:?}");
    assert!(matches!(&refused.news[..], [News::AttemptEnded { .. }]), "{refused:?}");
    let secret = TypedSecret::default();
    assert_eq!(desk.apply(Order::GiveSecret(secret), now).answer, Err(Lacking::Question));
}
