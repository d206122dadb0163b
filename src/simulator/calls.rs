//! What the exchange answers to each call (PROTOCOL.md 2-4), with keys read in any case.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;

use super::exchange::{Client, Deed, Events, Exchange, Later};
use super::login;
use super::wire::{self, Form};
use crate::protocol::rpc::authenticate_user::signature;
use crate::protocol::{Frame, FrameKind, any_case, loose};

/// The request keys that any call here reads.
#[derive(Deserialize, Default)]
struct Request {
    username: Option<loose::Text>,
    password: Option<loose::Text>,
    apikey: Option<loose::Text>,
    signature: Option<loose::Text>,
    userid: Option<loose::Text>,
    nonce: Option<loose::Text>,
    omsid: Option<loose::Whole>,
    operatorid: Option<loose::Whole>,
    includecomments: Option<loose::Flag>,
    accountid: Option<loose::Whole>,
    requestcode: Option<loose::Text>,
    startindex: Option<loose::Whole>,
    limit: Option<loose::Whole>,
    ticketid: Option<loose::Number>,
}

pub(super) fn answer(exchange: &mut Exchange, client: Client, frame: &Frame, now: Timestamp) {
    // A payload may be empty, `null` or absent (PROTOCOL.md 3: one client's Ping).
    let request: Request = any_case::from_str(&frame.payload).unwrap_or_default();
    let name = frame.name.to_ascii_lowercase();
    let is_in = exchange.logins.get(&client).is_some_and(|login| login.is_in);
    let payload = match name.as_str() {
        "authenticateuser" => log_in(exchange, client, &request),
        "ping" => r#"{"msg":"PONG"}"#.to_owned(),
        _ if !is_in => wire::envelope(20, None),
        "logout" => {
            exchange.logins.remove(&client);
            wire::envelope(0, None)
        }
        "getuserinfo" => user_info(),
        "getuserpermissions" => r#"["Operator","CancelFailedWithdrawTicket","Withdraw"]"#.to_owned(),
        "subscribeallaccountevents" => subscribe(exchange, client, Events::All),
        "subscribeaccountevents" => match request.accountid {
            Some(account) => subscribe(exchange, client, Events::OfAccount(account.0)),
            None => wire::envelope(100, Some("Invalid AccountId")),
        },
        "unsubscribeaccountevents" => subscribe(exchange, client, Events::None),
        "getallwithdrawtickets" | "getwithdrawticket" if is_elsewhere(&request) => {
            wire::envelope(100, Some("Invalid OMSId or OperatorId"))
        }
        "getallwithdrawtickets" => page(exchange, &request),
        "getwithdrawticket" => one_ticket(exchange, &request),
        "cancelfailedwithdrawticket" => return cancel(exchange, client, frame, &request, now),
        _ => wire::envelope(20, None),
    };
    exchange.reply(client, frame, FrameKind::Reply, payload, now);
}

fn log_in(exchange: &mut Exchange, client: Client, request: &Request) -> String {
    let is = |value: &Option<loose::Text>, wanted: &str| value.as_ref().is_some_and(|value| value.0 == wanted);
    let by_password = is(&request.username, login::USERNAME) && is(&request.password, login::PASSWORD);
    let user = login::USER_ID.to_string();
    let by_key = is(&request.apikey, login::API_KEY) && is(&request.userid, &user) && {
        let nonce = request.nonce.as_ref().map_or("", |nonce| nonce.0.as_str());
        let wanted = signature(&SecretString::from(login::API_SECRET), &format!("{nonce}{user}{}", login::API_KEY));
        is(&request.signature, &wanted)
    };
    if !by_password && !by_key {
        return r#"{"authenticated":false,"locked":false,"errormsg":"Invalid username or password"}"#.to_owned();
    }
    exchange.logins.entry(client).or_default().is_in = true;
    format!(
        r#"{{"Authenticated":true,"SessionToken":"a923322a-0000-4000-8000-{client:012x}","User":{{"UserId":{user},"UserName":"{name}","Email":"operator@example.com","EmailVerified":true,"AccountId":1,"OMSId":{oms},"Use2FA":false}},"Locked":false,"Requires2FA":false,"EnforceEnable2FA":false,"TwoFAType":null,"TwoFAToken":null,"errormsg":null}}"#,
        name = login::USERNAME,
        oms = login::OMS_ID,
    )
}

fn subscribe(exchange: &mut Exchange, client: Client, events: Events) -> String {
    exchange.logins.entry(client).or_default().events = events;
    r#"{"Subscribed":true}"#.to_owned()
}

/// Whether a request names another OMS or operator than ours.
fn is_elsewhere(request: &Request) -> bool {
    let differs = |id: Option<loose::Whole>, ours: i64| id.is_some_and(|id| id.0 != ours);
    differs(request.omsid, login::OMS_ID) || differs(request.operatorid, login::OPERATOR_ID)
}

fn user_info() -> String {
    format!(
        r#"{{"OMSId":{oms},"UserId":{user},"UserName":"{name}","Email":"operator@example.com","PasswordHash":"","PendingEmailCode":"","EmailVerified":true,"AccountId":1,"DateTimeCreated":"2026-01-01T00:00:00Z","AffiliateId":0,"RefererId":0,"OperatorId":{operator},"Use2FA":false,"Salt":"","PendingCodeTime":"0001-01-01T00:00:00Z","Locked":false,"LockedTime":"0001-01-01T00:00:00Z","NumberOfFailedAttempt":0,"MarginBorrowerEnabled":false,"MarginAcquisitionHalt":false}}"#,
        oms = login::OMS_ID,
        user = login::USER_ID,
        name = login::USERNAME,
        operator = login::OPERATOR_ID,
    )
}

/// StartIndex counts from the newest; without Limit, every ticket since the exchange began.
fn page(exchange: &Exchange, request: &Request) -> String {
    let number = |value: Option<loose::Whole>| value.and_then(|value| usize::try_from(value.0).ok());
    let start = number(request.startindex).unwrap_or(0);
    let limit = number(request.limit).unwrap_or(usize::MAX);
    // IncludeComments (since 3.4) is for speed; without it a failed ticket does not say why it failed.
    let form = if request.includecomments.is_some_and(|flag| !flag.0) { Form::BareRow } else { Form::Row };
    let entries = exchange.book.newest().skip(start).take(limit);
    let rows: Vec<String> = entries.filter_map(|entry| wire::ticket(entry, form).ok()).collect();
    format!("[{}]", rows.join(","))
}

/// Matches account and request code; without a request code, the first ticket of the account, as documented (PROTOCOL.md 4, VX).
fn one_ticket(exchange: &Exchange, request: &Request) -> String {
    let Some(account) = request.accountid.map(|id| id.0) else { return wire::envelope(100, Some("Invalid AccountId")) };
    let mut of_account = exchange.book.newest().filter(|entry| entry.account == account);
    let found = match &request.requestcode {
        Some(code) => of_account.find(|entry| entry.request_code.as_deref() == Some(code.0.as_str())),
        None => of_account.last(),
    };
    found.and_then(|entry| wire::ticket(entry, Form::Whole).ok()).unwrap_or_else(|| wire::envelope(104, None))
}

/// "The response indicates that the system has received the request": the ticket changes later, if at all.
fn cancel(exchange: &mut Exchange, client: Client, frame: &Frame, request: &Request, now: Timestamp) {
    let Some(ticket) = request.ticketid.map(|number| number.0) else {
        return exchange.reply(client, frame, FrameKind::Reply, wire::envelope(100, Some("Invalid TicketId")), now);
    };
    exchange.count_cancel(ticket);
    if request.omsid.map(|id| id.0) != Some(login::OMS_ID) {
        return exchange.reply(client, frame, FrameKind::Reply, wire::envelope(100, Some("Invalid OMSId")), now);
    }
    match exchange.status(ticket) {
        None => exchange.reply(client, frame, FrameKind::Reply, wire::envelope(104, None), now),
        Some("Failed") => cancel_failed(exchange, client, frame, ticket, now),
        Some(_) => {
            let payload = wire::envelope(101, Some("Withdraw ticket already processed"));
            exchange.reply(client, frame, FrameKind::Reply, payload, now);
        }
    }
}

fn cancel_failed(exchange: &mut Exchange, client: Client, frame: &Frame, ticket: u64, now: Timestamp) {
    let fault = exchange.script.fault(ticket);
    if fault.acts() {
        let by = (login::USER_ID, login::USERNAME);
        let change = Later::Change { ticket, status: fault.becomes.clone(), by, only_if_failed: true };
        exchange.plan(Duration::from_millis(fault.settle_ms), change, now);
    }
    let delay = Duration::from_millis(fault.delay_ms);
    if fault.drop {
        return exchange.plan(delay, Later::Deed(Deed::Drop(client)), now);
    }
    if fault.silent {
        return;
    }
    let (kind, payload) = match (&fault.text, &fault.payload, fault.code) {
        (Some(text), _, _) => (FrameKind::Error, text.clone()),
        (None, Some(payload), _) => (FrameKind::Reply, payload.clone()),
        (None, None, code) => (FrameKind::Reply, wire::envelope(code.unwrap_or(0), None)),
    };
    exchange.reply_after(delay, client, frame, kind, payload, now);
    if let Some(second) = fault.second {
        exchange.reply_after(delay * 2, client, frame, FrameKind::Reply, second, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CallId;
    use crate::protocol::Envelope;
    use crate::simulator::{Book, Script};

    const FAULTS: &str = include_str!("../../assets/simulator/faults.json");

    fn start() -> Timestamp {
        "2026-11-22T08:00:00Z".parse().unwrap()
    }

    fn exchange() -> Exchange {
        let book = Book::new(1, 400, start());
        let script = Script::parse(FAULTS, &book).unwrap();
        Exchange::new(book, script)
    }

    fn ask(exchange: &mut Exchange, name: &str, payload: &str) -> Option<Frame> {
        exchange.receive(1, &Frame::request(CallId(2), name, payload.to_owned()).encode(), start());
        let later = start() + SignedDuration::from_millis(50);
        exchange.take_due(later).into_iter().find_map(|deed| match deed {
            Deed::Send(_, text) => Frame::decode(&text).ok().filter(|frame| frame.kind != FrameKind::Event),
            Deed::Drop(_) => None,
        })
    }

    use jiff::SignedDuration;

    fn logged_in() -> Exchange {
        let mut exchange = exchange();
        let payload = format!(r#"{{"UserName":"{}","Password":"{}"}}"#, login::USERNAME, login::PASSWORD);
        assert!(ask(&mut exchange, "AuthenticateUser", &payload).unwrap().payload.contains("\"Authenticated\":true"));
        exchange
    }

    #[test]
    fn before_login_every_call_but_ping_is_not_authorized() {
        let mut exchange = exchange();
        let refused = ask(&mut exchange, "GetAllWithdrawTickets", "{}").unwrap();
        assert_eq!(Envelope::parse(&refused.payload).unwrap().code(), Some(20));
        assert!(ask(&mut exchange, "Ping", "null").unwrap().payload.contains("PONG"));
    }

    #[test]
    fn a_cancel_is_received_first_and_settles_later_with_an_event() {
        let mut exchange = logged_in();
        ask(&mut exchange, "SubscribeAllAccountEvents", "{}").unwrap();
        let ticket = exchange.ticket_of_case("fine").unwrap();
        let reply = ask(&mut exchange, "CancelFailedWithdrawTicket", &format!(r#"{{"OMSId":1,"TicketId":{ticket}}}"#));
        assert!(reply.unwrap().payload.contains("\"result\":true"));
        assert_eq!(exchange.status(ticket), Some("Failed"));
        let deeds = exchange.take_due(start() + SignedDuration::from_secs(1));
        assert_eq!(exchange.status(ticket), Some("AdminCanceled"));
        assert!(matches!(&deeds[..], [Deed::Send(1, event)] if event.contains("WithdrawTicketUpdateEvent")));
        let again = ask(&mut exchange, "CancelFailedWithdrawTicket", &format!(r#"{{"omsId":1,"ticketId":{ticket}}}"#));
        assert!(again.unwrap().payload.contains("Withdraw ticket already processed"));
        assert_eq!(exchange.cancel_frames(ticket), 2);
    }

    #[test]
    fn without_a_request_code_another_ticket_of_the_account_may_come() {
        let mut exchange = logged_in();
        let account = exchange.book.newest().next().unwrap().account;
        let reply =
            ask(&mut exchange, "GetWithdrawTicket", &format!(r#"{{"OMSId":1,"AccountId":{account}}}"#)).unwrap();
        let oldest = exchange.book.newest().filter(|entry| entry.account == account).last().unwrap().number;
        assert!(reply.payload.contains(&format!("\"TicketNumber\":{oldest}")));
    }
}
