//! The link: where it stands, who we are on it, what was counted. Nothing ticks: ages are those of the last change.

use super::line::{Tone, ToneLine};
use crate::app::desk::Desk;
use crate::app::desk::link::Phase;
use crate::app::desk::session::{Feed, Session};
use crate::app::event::Way;
use crate::app::limits;
use crate::domain::text::inert;
use crate::domain::{Now, RemoteText, time};

/// Columns of a label.
const LABEL: usize = 14;

/// The link for a window of `width` columns, with a notice for the operator under the heading.
pub fn lines(desk: &Desk, notice: Option<&str>, width: usize, now: Now) -> Vec<ToneLine> {
    let width = width.saturating_sub(LABEL + 2);
    let notice = notice.map_or_else(String::new, |notice| format!(" {notice}"));
    let mut lines = vec![ToneLine::new(Tone::Strong, " The link to the exchange"), ToneLine::new(Tone::Warn, notice)];
    for (label, value) in facts(desk, now) {
        lines.extend(ToneLine::labelled(Tone::Plain, &format!(" {label}"), LABEL, &value, width));
    }
    lines.push(ToneLine::new(Tone::Plain, ""));
    lines.extend(ends(desk, width + LABEL));
    lines.extend(in_flight(desk, now));
    lines
}

fn facts(desk: &Desk, now: Now) -> Vec<(&'static str, String)> {
    let link = desk.link();
    let session = desk.last_session();
    let was = if desk.session().is_none() && session.is_some() { "  (of the last link)" } else { "" };
    let of = |value: Option<String>| format!("{}{was}", value.unwrap_or_else(|| "not known".to_owned()));
    vec![
        ("State", phase(desk, now)),
        ("Host", of(session.map(|session| session.host.clone()))),
        ("User", of(session.map(user))),
        ("OMS", of(session.and_then(|session| session.oms).map(|oms| oms.to_string()))),
        ("Operator", of(session.and_then(|session| session.operator).map(|operator| operator.to_string()))),
        ("Permissions", permissions(desk)),
        ("Way in", link.way().map_or("none yet", way).to_owned()),
        ("Linked since", desk.session().map_or("no link".to_owned(), |s| time::date_time(s.since.wall))),
        (
            "Links",
            format!("{} opened, {} lost, by this process", desk.link().record().opened, desk.link().record().lost),
        ),
        ("Last answer", link.last_good().map_or("none yet".to_owned(), time::date_time)),
        (
            "Ping",
            desk.link().record().round_trip.map_or("none yet".to_owned(), |took| format!("{} ms", took.as_millis())),
        ),
        ("List kept by", feed(desk).to_owned()),
        ("Messages", frames(desk)),
        ("Limits", format!("a message {} MiB, {} messages that wait", limits::MESSAGE >> 20, limits::QUEUE)),
    ]
}

fn phase(desk: &Desk, now: Now) -> String {
    if let Some(wanted) = desk.link().asking() {
        return format!("waits for {wanted}");
    }
    match desk.link().phase() {
        Phase::Idle => "not opened yet".to_owned(),
        Phase::Opening => "being opened".to_owned(),
        Phase::Up if desk.ready().is_none() => "logged in; asking who we are".to_owned(),
        Phase::Up => match desk.link().stale_since(now) {
            Some(since) => format!("up, but STALE since {}", time::clock_time(since)),
            None => "up".to_owned(),
        },
        Phase::Waiting { why, at, .. } => format!("no link: {why}; next try {}", time::near(*at, now.wall)),
        Phase::Held(why) => format!("no link: {why}; nothing is tried again by itself, r tries once"),
        Phase::Refused(why) if !desk.link().was_refused() => {
            format!("not logged in: {why}; nothing is tried again by itself, r tries once")
        }
        Phase::Refused(why) => format!("refused: {why}; nothing is tried again by itself, r tries once"),
    }
}

fn user(session: &Session) -> String {
    let name = session.user_name.as_ref().map_or_else(|| "?".to_owned(), RemoteText::inert);
    session.user.map_or_else(|| name.clone(), |id| format!("{name}, id {id}"))
}

fn permissions(desk: &Desk) -> String {
    match &desk.link().permissions().held() {
        None => "not known".to_owned(),
        Some([]) => "none".to_owned(),
        Some(held) => inert(&held.join(", ")),
    }
}

fn feed(desk: &Desk) -> &'static str {
    match (desk.session().is_some(), desk.link().feed()) {
        (true, Feed::Events) => "ticket events, and reading",
        (true, Feed::Reads) => "reading; no ticket events",
        (false, _) => "nothing now",
    }
}

/// The total first; what is known of some of them is told apart.
fn frames(desk: &Desk) -> String {
    let record = &desk.link().record();
    format!(
        "{} that answer nothing asked ({} too late, {} of a former link, {} with another call's name), {} unreadable",
        desk.link().record().unmatched,
        record.late,
        record.elsewhere,
        record.misnamed,
        desk.link().record().unreadable
    )
}

fn ends(desk: &Desk, width: usize) -> Vec<ToneLine> {
    let mut lines = Vec::new();
    for (at, why) in desk.link().record().ends.iter().rev() {
        lines.extend(ToneLine::paragraph(
            Tone::Muted,
            " ",
            &format!("{} no link: {why}", time::clock_time(*at)),
            width,
        ));
    }
    lines
}

fn in_flight(desk: &Desk, now: Now) -> Vec<ToneLine> {
    let mut lines = vec![ToneLine::new(Tone::Strong, " Calls that wait for an answer")];
    for (id, call) in desk.calls().waiting() {
        let age = now.boot.since(call.asked_at.boot).as_secs();
        let line = format!("   i {id}  {}  on link {}, asked {age} s ago", call.name, call.connection);
        lines.push(ToneLine::new(Tone::Plain, line));
    }
    if lines.len() == 1 {
        lines.push(ToneLine::new(Tone::Plain, "   none"));
    }
    lines
}

/// A way of a login.
pub fn way(way: Way) -> &'static str {
    match way {
        Way::Password => "password",
        Way::SecondFactor => "password and second factor",
        Way::ApiKey => "API key",
        Way::Token => "session token of an earlier link",
    }
}
