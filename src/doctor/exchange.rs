//! The way to the exchange, step by step: name, TCP, TLS, handshake, and one login. The first step that fails ends it, and the
//! rest is skipped.

use super::certificate::{self, EXPIRY, TLS};
use super::clocks::{self, CLOCK, ROUND_TRIP};
use super::finding::CheckFinding;
use super::identity::{IDENTITY, OMS, OPERATOR, PERMISSIONS};
use super::session_checks::{self, MAY_CANCEL, MAY_LIST, MAY_READ, MAY_SUBSCRIBE};
use super::steps::Steps;
use crate::app::event::LinkFailure;
use crate::app::words::doctor::exchange as words;
use crate::app::words::doctor::exchange::mend;
use crate::app::words::link::way as way_words;
use crate::config::Config;
use crate::protocol::rpc::authenticate_user::LoginRefused;
use crate::runtime::access::Access;
use crate::runtime::clock;
use crate::runtime::probe::{self, Probe, Shaken};
use crate::runtime::tls::Tls;
use crate::runtime::transport::{self, Stream};

const NAME: &str = "name";
const TCP: &str = "tcp";
const HANDSHAKE: &str = "handshake";
const LOGIN: &str = "login";

/// All steps, in the order in which they need each other.
const STEPS: [&str; 16] = [
    NAME,
    TCP,
    TLS,
    EXPIRY,
    HANDSHAKE,
    CLOCK,
    LOGIN,
    IDENTITY,
    OMS,
    OPERATOR,
    PERMISSIONS,
    MAY_LIST,
    MAY_READ,
    MAY_CANCEL,
    ROUND_TRIP,
    MAY_SUBSCRIBE,
];

/// The findings where nothing can be tried, because `after` failed.
pub fn skipped(after: &'static str) -> Vec<CheckFinding> {
    Steps::new(&|_| {}).skip_rest(&STEPS, after)
}

/// Makes the steps.
pub async fn check(config: &Config, say: &dyn Fn(&str)) -> Vec<CheckFinding> {
    let mut steps = Steps::new(say);
    match go(config, &mut steps).await {
        Ok(()) => steps.into_findings(),
        Err(after) => steps.skip_rest(&STEPS, after),
    }
}

async fn go(config: &Config, steps: &mut Steps<'_>) -> Result<(), &'static str> {
    let stream = reach(config, steps).await?;
    let target = &config.target;
    steps.say(words::HANDSHAKE);
    let shaken = probe::shake_hands(target, stream).await.map_err(|end| worded(HANDSHAKE, &end.why));
    let shaken = steps.need(HANDSHAKE, shaken)?;
    steps.add(CheckFinding::ok(HANDSHAKE, words::speaks_websocket(&target.url, shaken.took)));
    log_in(config, &shaken, steps).await
}

/// Name, TCP and TLS.
async fn reach(config: &Config, steps: &mut Steps<'_>) -> Result<Box<dyn Stream>, &'static str> {
    let target = &config.target;
    steps.say(words::NAME);
    let addresses = steps.need(NAME, transport::resolve(target).await.map_err(|why| worded(NAME, &why)))?;
    let shown: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    steps.add(CheckFinding::ok(NAME, words::resolved(&target.host, &shown)));
    steps.say(words::TCP);
    let start = clock::boot();
    let stream = steps.need(TCP, transport::connect(target, &addresses).await.map_err(|why| worded(TCP, &why)))?;
    let address = stream.peer_addr().map_or_else(|_| target.authority(), |address| address.to_string());
    steps.add(CheckFinding::ok(TCP, words::connected(&address, clock::boot().since(start))));
    if !target.is_tls {
        steps.add(CheckFinding::ok(TLS, words::NO_TLS));
        steps.add(CheckFinding::ok(EXPIRY, words::NO_CERTIFICATE));
        return Ok(Box::new(stream));
    }
    steps.say(words::TLS);
    let tls = steps.need(TLS, Tls::new(&config.trust).map_err(|why| worded(TLS, &why)))?;
    let (stream, peer) = steps.need(TLS, tls.handshake(target, stream).await.map_err(|end| worded(TLS, &end.why)))?;
    steps.add(certificate::chain(&peer, config.trust.identity.is_some()));
    steps.add(certificate::expiry(&peer, clock::wall()));
    Ok(Box::new(stream))
}

async fn log_in(config: &Config, shaken: &Shaken, steps: &mut Steps<'_>) -> Result<(), &'static str> {
    steps.add(clocks::clock(shaken));
    steps.say(words::LOGIN);
    let start = clock::boot();
    let access = Access::over_network(config.target.clone(), config.credentials.clone(), &config.trust);
    let access = steps.need(LOGIN, access.map_err(|why| worded(LOGIN, &why)))?;
    let probe = steps.need(LOGIN, Probe::log_in(access).await.map_err(|failure| refused(&failure)))?;
    let (way, took) = (way_words(probe.way()), clock::boot().since(start));
    steps.add(CheckFinding::ok(LOGIN, words::let_in(way, took)));
    session_checks::check(probe, &config.settings, steps).await;
    Ok(())
}

/// A sentence of the network: behind its last semicolon it says what to do.
fn worded(name: &'static str, sentence: &str) -> CheckFinding {
    match sentence.rsplit_once("; ") {
        Some((found, mend)) => CheckFinding::fail(name, found, mend),
        None => CheckFinding::fail(name, sentence, words::CHECK_URL_AND_NETWORK),
    }
}

fn refused(failure: &LinkFailure) -> CheckFinding {
    let mend = match failure {
        LinkFailure::Unreachable(end) if end.why.contains("; ") => return worded(LOGIN, &end.why),
        LinkFailure::Unreachable(_) => mend::TRY_AGAIN,
        LinkFailure::Refused(LoginRefused::NotGiven(_)) => mend::GIVE_IT,
        LinkFailure::Refused(LoginRefused::CodeRefused(_)) => mend::CHECK_CODE,
        LinkFailure::Refused(LoginRefused::Locked) => mend::UNLOCK,
        LinkFailure::Refused(_) => mend::CHECK_LOGIN,
    };
    CheckFinding::fail(LOGIN, failure.to_string(), mend)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::CheckState;
    use crate::domain::RemoteText;
    use crate::protocol::LinkEnd;
    use rstest::rstest;

    #[test]
    fn after_a_failed_step_the_rest_is_skipped_and_says_why() {
        let mut steps = Steps::new(&|_| {});
        steps.add(CheckFinding::ok(NAME, "x"));
        let failed: Result<(), _> = steps.need(TCP, Err(worded(TCP, "x cannot be reached (a; b); check the network")));
        let findings = steps.skip_rest(&STEPS, failed.unwrap_err());
        assert_eq!(findings.iter().map(|finding| finding.name).collect::<Vec<_>>(), STEPS);
        assert_eq!(findings[1], CheckFinding::fail(TCP, "x cannot be reached (a; b)", "check the network"));
        assert!(findings[2..].iter().all(|finding| *finding == CheckFinding::skipped(finding.name, TCP)));
    }

    #[rstest]
    #[case::login_answered_by_a_close(
        "the exchange closed the link at the login: 1008 \"a; b\" (against its policy); ask the exchange to let this address in",
        "1008 \"a; b\" (against its policy)",
        "let this address in"
    )]
    #[case::nothing_to_mend("x: AuthenticateUser was not answered within 10 s", "was not answered", "try again")]
    fn an_end_during_the_login_is_told_as_it_is(#[case] why: &str, #[case] found: &str, #[case] mend: &str) {
        let finding = refused(&LinkFailure::Unreachable(LinkEnd::soon(why)));
        assert!(finding.found.ends_with(found) || finding.found.contains(found), "{finding:?}");
        assert!(finding.mend.as_ref().unwrap().contains(mend), "{finding:?}");
    }

    #[rstest]
    #[case::locked(LoginRefused::Locked, "locked by the exchange", "unlock")]
    #[case::wrong(LoginRefused::Refused(RemoteText::from("Invalid\u{1b}")), "Invalid<U+001B>", "locks the user")]
    fn a_refused_login_says_what_to_do_before_the_next(
        #[case] refusal: LoginRefused,
        #[case] found: &str,
        #[case] mend: &str,
    ) {
        let finding = refused(&LinkFailure::Refused(refusal));
        assert_eq!(finding.state, CheckState::Fail);
        assert!(finding.found.contains(found) && finding.mend.as_ref().unwrap().contains(mend), "{finding:?}");
    }
}
