//! The ways in and out, and who may make a call (PROTOCOL.md 2).

use secrecy::SecretString;

use super::{Call, Request, second_factor, token_of};
use crate::protocol::rpc::authenticate_user::signature;
use crate::simulator::exchange::{Exchange, LoginStage};
use crate::simulator::{login, wire};

/// The result of the first step of a login.
enum FirstStep {
    In(String),
    NeedsCode,
    Refused(String),
}

/// AuthenticateUser.
pub(super) fn authenticate(exchange: &mut Exchange, call: &Call) -> String {
    match first_step(exchange, call) {
        FirstStep::Refused(answer) => answer,
        FirstStep::NeedsCode => {
            r#"{"Authenticated":true,"Requires2FA":true,"AuthType":"Google","AddtlInfo":""}"#.to_owned()
        }
        FirstStep::In(token) => format!(
            r#"{{"Authenticated":true,"SessionToken":"{token}","User":{{"UserId":{id},"UserName":{name},"Email":"operator@example.com","EmailVerified":true,"AccountId":1,"OMSId":{oms},"Use2FA":{use_2fa}}},"Locked":false,"Requires2FA":false,"EnforceEnable2FA":false,"TwoFAType":null,"TwoFAToken":null,"errormsg":null}}"#,
            id = login::USER_ID,
            name = wire::text(&exchange.conduct.user.name),
            oms = exchange.conduct.user.oms_id,
            use_2fa = second_factor::is_wanted(exchange),
        ),
    }
}

/// WebAuthenticateUser: by password, or by the token of a session that lives.
pub(super) fn web_authenticate(exchange: &mut Exchange, call: &Call) -> String {
    let step = match &call.request.sessiontoken {
        Some(token) => by_token(exchange, call, token),
        None => first_step(exchange, call),
    };
    match step {
        FirstStep::Refused(answer) => answer,
        FirstStep::NeedsCode => {
            r#"{"Authenticated":true,"SessionToken":null,"UserId":0,"twoFAToken":null,"Requires2FA":true,"AuthType":"Google","errormsg":null}"#.to_owned()
        }
        FirstStep::In(token) => format!(
            r#"{{"Authenticated":true,"SessionToken":"{token}","UserId":{},"twoFAToken":null,"Requires2FA":false,"AuthType":null,"errormsg":null}}"#,
            login::USER_ID
        ),
    }
}

fn by_token(exchange: &mut Exchange, call: &Call, token: &str) -> FirstStep {
    if exchange.sessions.resume(token, &exchange.conduct.sessions, call.now) {
        enter(exchange, call, token.to_owned())
    } else {
        FirstStep::Refused(r#"{"Authenticated":false,"errormsg":"Invalid SessionToken"}"#.to_owned())
    }
}

fn first_step(exchange: &mut Exchange, call: &Call) -> FirstStep {
    let by_key = call.request.apikey.is_some();
    // An unlocked user's name and password, or the key: nothing else is looked at once the user is locked.
    let is_right =
        !exchange.is_locked && if by_key { is_key(&call.request) } else { is_password(exchange, &call.request) };
    if !is_right {
        if !by_key {
            exchange.wrong_passwords += 1;
            exchange.is_locked |= exchange.wrong_passwords >= exchange.conduct.user.wrong_passwords;
        }
        return FirstStep::Refused(refusal(exchange.is_locked));
    }
    exchange.wrong_passwords = 0;
    // An API key bypasses the second factor.
    if !by_key && second_factor::is_wanted(exchange) {
        exchange.logins.entry(call.client).or_default().stage = LoginStage::AwaitsCode;
        return FirstStep::NeedsCode;
    }
    let token = exchange.sessions.open(call.now);
    enter(exchange, call, token)
}

fn enter(exchange: &mut Exchange, call: &Call, token: String) -> FirstStep {
    exchange.close_others(call.client, call.now);
    exchange.logins.entry(call.client).or_default().stage = LoginStage::In(token.clone());
    FirstStep::In(token)
}

fn refusal(is_locked: bool) -> String {
    let why = if is_locked { "User is locked" } else { "Invalid username or password" };
    format!(r#"{{"authenticated":false,"locked":{is_locked},"errormsg":"{why}"}}"#)
}

fn is(value: Option<&String>, wanted: &str) -> bool {
    value.is_some_and(|value| value == wanted)
}

fn is_password(exchange: &Exchange, request: &Request) -> bool {
    let name = request.username.as_ref();
    (is(name, login::USERNAME) || is(name, &exchange.conduct.user.name))
        && is(request.password.as_ref(), login::PASSWORD)
}

fn is_key(request: &Request) -> bool {
    let user = login::USER_ID.to_string();
    let nonce = request.nonce.as_deref().unwrap_or_default();
    let wanted = signature(&SecretString::from(login::API_SECRET), &format!("{nonce}{user}{}", login::API_KEY));
    is(request.apikey.as_ref(), login::API_KEY)
        && is(request.userid.as_ref(), &user)
        && is(request.signature.as_ref(), &wanted)
}

/// The token of whoever may make this call now; else the answer that says no.
pub(super) fn authorize(exchange: &mut Exchange, name: &str, call: &Call) -> Result<String, String> {
    let not_authorized = || wire::envelope(20, None);
    let token = token_of(exchange, call.client).ok_or_else(not_authorized)?;
    if !exchange.sessions.call(&token, &exchange.conduct.sessions, call.now) {
        return Err(not_authorized());
    }
    if !super::user::may(&exchange.conduct.user, name) {
        return Err(not_authorized());
    }
    second_factor::gate(exchange, name, call, &token)?;
    Ok(token)
}

/// Ping is answered to anybody; whether it keeps a session alive is a matter of the conduct.
pub(super) fn ping(exchange: &mut Exchange, call: &Call) -> String {
    if let Some(token) = token_of(exchange, call.client).filter(|_| exchange.conduct.sessions.ping_counts) {
        exchange.sessions.resume(&token, &exchange.conduct.sessions, call.now);
    }
    r#"{"msg":"PONG"}"#.to_owned()
}

/// LogOut ends the session on every connection.
pub(super) fn log_out(exchange: &mut Exchange, call: &Call, token: &str) -> String {
    exchange.sessions.close(token);
    exchange.logins.remove(&call.client);
    wire::envelope(0, None)
}
