//! The exchange's answer to each call (PROTOCOL.md 2-4), with keys read in any case.

mod cancel;
mod log_in;
mod second_factor;
#[cfg(test)]
mod tests;
mod tickets;
mod user;

use jiff::Timestamp;

use super::conduct::Subscription;
use super::exchange::{Client, Events, Exchange, LoginStage};
use super::wire;
use crate::domain::CallId;
use crate::protocol::object::Object;
use crate::protocol::{Frame, FrameKind};

/// The request keys that any call here reads; one of another form counts as absent.
#[derive(Default)]
struct Request {
    username: Option<String>,
    password: Option<String>,
    apikey: Option<String>,
    signature: Option<String>,
    userid: Option<String>,
    nonce: Option<String>,
    sessiontoken: Option<String>,
    code: Option<String>,
    second_factor_code: Option<String>,
    omsid: Option<i64>,
    operatorid: Option<i64>,
    includecomments: Option<bool>,
    accountid: Option<i64>,
    requestcode: Option<String>,
    startindex: Option<i64>,
    limit: Option<i64>,
    status: Option<String>,
    ticketid: Option<u64>,
}

impl Request {
    /// A payload may be empty, `null` or absent (PROTOCOL.md 3: one client's Ping).
    fn read(payload: &str) -> Self {
        let Ok(mut told) = Object::read(payload) else { return Self::default() };
        Self {
            username: told.take("username"),
            password: told.take("password"),
            apikey: told.take("apikey"),
            signature: told.take("signature"),
            userid: told.take("userid"),
            nonce: told.take("nonce"),
            sessiontoken: told.take("sessiontoken"),
            code: told.take("code"),
            second_factor_code: told.take("2facode"),
            omsid: told.take("omsid"),
            operatorid: told.take("operatorid"),
            includecomments: told.take("includecomments"),
            accountid: told.take("accountid"),
            requestcode: told.take("requestcode"),
            startindex: told.take("startindex"),
            limit: told.take("limit"),
            status: told.take("status"),
            ticketid: told.take("ticketid"),
        }
    }
}

/// A call of a client, as it came.
struct Call<'a> {
    client: Client,
    frame: &'a Frame,
    request: Request,
    now: Timestamp,
}

impl Exchange {
    /// Takes in a frame of a client.
    pub fn receive(&mut self, client: Client, text: &str, now: Timestamp) {
        self.join(client, now);
        match Frame::decode(text) {
            Ok(frame) if frame.kind == FrameKind::Request => answer(self, client, &frame, now),
            // Every real client asks with m 0 (PROTOCOL.md 1); what the exchange does with others is not known.
            Ok(frame) => self.reply(client, &frame, FrameKind::Error, "Unknown message type".to_owned(), now),
            Err(error) => {
                let frame =
                    Frame { kind: FrameKind::Error, id: CallId(0), name: String::new(), payload: String::new() };
                self.reply(client, &frame, FrameKind::Error, error.to_string(), now);
            }
        }
    }
}

fn answer(exchange: &mut Exchange, client: Client, frame: &Frame, now: Timestamp) {
    let request = Request::read(&frame.payload);
    let name = frame.name.to_ascii_lowercase();
    if let ("cancelfailedwithdrawticket", Some(ticket)) = (name.as_str(), request.ticketid) {
        exchange.count_cancel(ticket);
    }
    exchange.count_call(&name);
    if exchange.break_at_call(client, &name, now) {
        return;
    }
    let call = Call { client, frame, request, now };
    let payload = match without_login(exchange, &name, &call) {
        Some(payload) => Some(payload),
        None => match log_in::authorize(exchange, &name, &call) {
            Ok(token) => with_login(exchange, &name, &call, &token),
            Err(refusal) => Some(refusal),
        },
    };
    if let Some(payload) = payload {
        exchange.reply(client, frame, FrameKind::Reply, payload, now);
    }
}

/// The answer to a call that needs no login; `None` if it needs one.
fn without_login(exchange: &mut Exchange, name: &str, call: &Call) -> Option<String> {
    Some(match name {
        "authenticateuser" => log_in::authenticate(exchange, call),
        "webauthenticateuser" => log_in::web_authenticate(exchange, call),
        "authenticate2fa" => second_factor::authenticate(exchange, call),
        "getvalidate2farequiredendpoints" => second_factor::endpoints(exchange),
        "ping" => log_in::ping(exchange, call),
        _ => return None,
    })
}

/// The answer to a call by a user who may make it; `None` if it comes otherwise, or not at all.
fn with_login(exchange: &mut Exchange, name: &str, call: &Call, token: &str) -> Option<String> {
    Some(match name {
        "logout" => log_in::log_out(exchange, call, token),
        "validate2fa" => second_factor::validate(exchange, call, token),
        "getuserinfo" => user::info(&exchange.conduct.user),
        "getuserpermissions" => user::permissions(&exchange.conduct.user),
        "subscribeallaccountevents" => match exchange.conduct.events {
            Subscription::Allowed | Subscription::Eventless => subscribe(exchange, call, Events::All),
            Subscription::Refused => wire::envelope(20, None),
            Subscription::Unanswered => return None,
        },
        "subscribeaccountevents" => match call.request.accountid {
            Some(account) => subscribe(exchange, call, Events::OfAccount(account)),
            None => wire::envelope(100, Some("Invalid AccountId")),
        },
        "unsubscribeaccountevents" => subscribe(exchange, call, Events::None),
        "getallwithdrawtickets" | "getwithdrawticket" if is_elsewhere(exchange, &call.request) => {
            wire::envelope(100, Some("Invalid OMSId or OperatorId"))
        }
        "getallwithdrawtickets" => tickets::page(exchange, &call.request),
        "getwithdrawticket" => return tickets::one(exchange, &call.request),
        "cancelfailedwithdrawticket" => return cancel::answer(exchange, call),
        _ => wire::envelope(20, None),
    })
}

fn subscribe(exchange: &mut Exchange, call: &Call, events: Events) -> String {
    exchange.logins.entry(call.client).or_default().events = events;
    r#"{"Subscribed":true}"#.to_owned()
}

/// True if a request names another OMS or operator than ours.
fn is_elsewhere(exchange: &Exchange, request: &Request) -> bool {
    let user = &exchange.conduct.user;
    let differs = |id: Option<i64>, ours: i64| id.is_some_and(|id| id != ours);
    differs(request.omsid, user.oms_id) || differs(request.operatorid, user.operator_id)
}

/// The token of a connection that is in, alive or not.
fn token_of(exchange: &Exchange, client: Client) -> Option<String> {
    match &exchange.logins.get(&client)?.stage {
        LoginStage::In(token) => Some(token.clone()),
        LoginStage::Out | LoginStage::AwaitsCode => None,
    }
}
