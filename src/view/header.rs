//! The first line: environment, exchange, operator, OMS, permission, and how honest the data can be.
//!
//! Host, user and OMS come from the live connection. No ticking clock: the line changes only when something does.

use super::canvas::Canvas;
use super::theme::Theme;
use crate::app::State;
use crate::app::desk::Desk;
use crate::app::desk::link::Phase;
use crate::app::desk::list::scan::ScanPhase;
use crate::app::desk::session::Feed;
use crate::domain::{Now, RemoteText, time};

pub(super) fn render(state: &State, theme: &Theme, canvas: &mut Canvas<'_>) {
    let desk = &state.desk;
    let is_production = desk.settings().is_production();
    let style = if is_production { theme.production } else { theme.bar };
    canvas.row_style(0, style);
    let right = link_words(desk, state.now);
    let width = u16::try_from(right.chars().count()).unwrap_or(0);
    let room = canvas.width().saturating_sub(width + 2);
    canvas.field(1, 0, room, &left(desk, is_production), style);
    let word_style = match desk.link().phase() {
        Phase::Up if desk.link().stale_since(state.now).is_none() && !is_never_read(desk) => style,
        _ if is_production => style,
        _ => theme.warn,
    };
    canvas.text(canvas.width().saturating_sub(width + 1), 0, &right, word_style);
}

fn left(desk: &Desk, is_production: bool) -> String {
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
        Phase::Refused(_) if !link.was_refused() => "NOT LOGGED IN".to_owned(),
        Phase::Refused(_) => "LOGIN REFUSED".to_owned(),
    }
}

/// True if the list was never read to its end, and nobody is reading it.
fn is_never_read(desk: &Desk) -> bool {
    desk.list().scan().read_at.is_none() && matches!(desk.list().scan().phase, ScanPhase::Stopped(_))
}
