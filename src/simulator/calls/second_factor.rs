//! The second factor: at the login, and once more for the calls that are gated (PROTOCOL.md 2).

use super::Call;
use crate::simulator::exchange::{Exchange, LoginStage};
use crate::simulator::{login, totp, wire};

/// True if a login by password asks for it.
pub(super) fn is_wanted(exchange: &Exchange) -> bool {
    exchange.conduct.second_factor.as_ref().is_some_and(|factor| factor.login)
}

/// Authenticate2FA: the second step of a login, on the same socket.
pub(super) fn authenticate(exchange: &mut Exchange, call: &Call) -> String {
    let awaits = exchange.logins.get(&call.client).is_some_and(|login| login.stage == LoginStage::AwaitsCode);
    if !awaits || exchange.is_locked || !is_right(exchange, call.request.code.as_ref(), call) {
        return r#"{"Authenticated":false,"errormsg":"Invalid code"}"#.to_owned();
    }
    let token = exchange.sessions.open(call.now);
    exchange.logins.entry(call.client).or_default().stage = LoginStage::In(token.clone());
    format!(r#"{{"Authenticated":true,"UserId":{},"SessionToken":"{token}"}}"#, login::USER_ID)
}

/// Validate2FA: opens the gated calls for the rest of the session.
pub(super) fn validate(exchange: &mut Exchange, call: &Call, token: &str) -> String {
    let is_right = is_right(exchange, call.request.code.as_ref(), call);
    if is_right {
        exchange.sessions.validate(token);
    }
    format!(r#"{{"TFaAuthenticated":{is_right}}}"#)
}

/// GetValidate2FARequiredEndpoints: public, all lower case.
pub(super) fn endpoints(exchange: &Exchange) -> String {
    let factor = exchange.conduct.second_factor.as_ref();
    let names = factor.map_or(&[][..], |factor| &factor.endpoints);
    wire::texts(names.iter().map(|name| name.to_ascii_lowercase()))
}

/// Lets a call through, unless it is gated and the code was not given once more.
pub(super) fn gate(exchange: &Exchange, name: &str, call: &Call, token: &str) -> Result<(), String> {
    let Some(factor) = &exchange.conduct.second_factor else { return Ok(()) };
    let is_gated = factor.endpoints.iter().any(|gated| gated.eq_ignore_ascii_case(name));
    if !is_gated
        || exchange.sessions.is_validated(token)
        || is_right(exchange, call.request.second_factor_code.as_ref(), call)
    {
        return Ok(());
    }
    Err(format!(
        r#"{{"result":false,"errormsg":"This endpoint requires 2FACode along with the payload","errorcode":{},"detail":null}}"#,
        factor.endpoint_code
    ))
}

fn is_right(exchange: &Exchange, code: Option<&String>, call: &Call) -> bool {
    let (Some(factor), Some(code)) = (&exchange.conduct.second_factor, code) else { return false };
    match &factor.totp_secret {
        Some(secret) => totp::is_right(secret, code, call.now),
        None => *code == factor.code,
    }
}
