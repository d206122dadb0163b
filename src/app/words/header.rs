//! The first line: environment, exchange, operator, OMS, permission, and how honest the data can be.
//!
//! Host, user and OMS come from the live connection. No ticking clock: the line changes only when something does.

use super::line::{Tone, ToneLine};
use crate::app::desk::Desk;
use crate::app::desk::link::Phase;
use crate::app::desk::list::scan::ScanPhase;
use crate::app::desk::session::Feed;
use crate::domain::{Now, RemoteText, time};

/// Where we are, as whom, and whether we may write.
pub fn place(desk: &Desk) -> String {
    let is_production = desk.settings().is_production();
    let environment = if is_production { "*PROD*" } else { desk.settings().environment.as_str() };
    let permission = match (desk.permit(), &desk.cancels().journal().failed) {
        (Some(_), Some(_)) => "READ-ONLY (journal)",
        (Some(_), None) => "WRITE",
        (None, _) => "READ-ONLY",
    };
    let Some(session) = desk.last_session() else {
        // Nothing is known from the live connection yet: this is where we are trying to get to.
        return format!("{environment}  to {}  {permission}", desk.settings().exchange);
    };
    let user = session.user_name.as_ref().map_or_else(|| "?".to_owned(), RemoteText::inert);
    let oms = session.oms.map_or_else(|| "?".to_owned(), |oms| oms.to_string());
    let host = &session.host;
    if desk.session().is_none() {
        return format!("{environment}  (was {host}  op:{user}  oms:{oms})  {permission}");
    }
    format!("{environment}  {host}  op:{user}  oms:{oms}  {permission}")
}

/// The link, in a word or two: a warning unless what is on the screen is fresh.
pub fn link(desk: &Desk, now: Now) -> ToneLine {
    let is_fresh = *desk.link().phase() == Phase::Up && desk.link().stale_since(now).is_none() && !is_never_read(desk);
    ToneLine::new(if is_fresh { Tone::Plain } else { Tone::Warn }, link_words(desk, now))
}

fn link_words(desk: &Desk, now: Now) -> String {
    let link = desk.link();
    if let (Some(since), Phase::Up) = (link.stale_since(now), link.phase()) {
        return format!("STALE since {}", time::clock_time(since));
    }
    if link.asking().is_some() {
        return "WAITS FOR YOU".to_owned();
    }
    match link.phase() {
        Phase::Idle | Phase::Opening => "connecting ...".to_owned(),
        Phase::Up if desk.ready().is_none() => "logged in ...".to_owned(),
        Phase::Up if is_never_read(desk) => "NOT READ".to_owned(),
        Phase::Up if link.feed() == Feed::Events => "live".to_owned(),
        Phase::Up => match desk.list().scan().read_at {
            Some(at) => format!("polled {}", time::clock_time(at)),
            None => "reading ...".to_owned(),
        },
        Phase::Waiting { at, .. } => format!("NO LINK, next try {}", time::clock_time(*at)),
        Phase::Held(_) => "NO LINK, r tries".to_owned(),
        Phase::Refused(_) if !link.was_refused() => "NOT LOGGED IN".to_owned(),
        Phase::Refused(_) => "LOGIN REFUSED".to_owned(),
    }
}

/// True if the list was never read to its end, and nobody is reading it.
fn is_never_read(desk: &Desk) -> bool {
    desk.list().scan().read_at.is_none() && matches!(desk.list().scan().phase, ScanPhase::Stopped(_))
}
