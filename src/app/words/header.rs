//! The first line: environment, exchange, operator, OMS, permission, and how honest the data can be.
//!
//! Host, user and OMS come from the live connection. No ticking clock: the line changes only when something does.

use unicode_segmentation::UnicodeSegmentation;

use super::line::{Tone, ToneLine};
use crate::app::desk::Desk;
use crate::app::desk::link::Phase;
use crate::app::desk::list::scan::ScanPhase;
use crate::app::desk::session::Feed;
use crate::domain::text::columns;
use crate::domain::{Now, RemoteText, time};

/// The first line in a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Where we are, as whom, and whether we may write.
    pub place: String,
    /// The link, against the right end.
    pub link: ToneLine,
}

/// Columns before, between and behind the two.
const MARGINS: usize = 3;
/// A host and a user that are cut keep so many columns.
const LEAST_HOST: usize = 8;
const LEAST_USER: usize = 4;

/// The first line for a window of `width` columns. Where there is no room, the host is cut first, then the user; the time of the link
/// goes, then the OMS, the user and the host; the permission never does.
pub fn header(desk: &Desk, now: Now, width: usize) -> Header {
    let place = Place::of(desk);
    let LinkWords { word, since } = link_words(desk, now);
    let whole = format!("{word}{since}");
    let least = columns(&place.cut(0, 0).join());
    let text = if least + columns(&whole) + MARGINS <= width { whole } else { word };
    let room = width.saturating_sub(columns(&text) + MARGINS);
    let tone = if is_fresh(desk, now) { Tone::Plain } else { Tone::Warn };
    Header { place: place.fitted(room), link: ToneLine::new(tone, text) }
}

/// The parts of where we are, inert.
#[derive(Clone, Debug, Default)]
struct Place {
    environment: String,
    /// Before the host: that it is only where we are trying to get to, or where we were.
    before: &'static str,
    host: String,
    user: Option<String>,
    oms: Option<String>,
    after: &'static str,
    permission: &'static str,
}

impl Place {
    fn of(desk: &Desk) -> Self {
        let is_production = desk.settings().is_production();
        let environment = if is_production { "*PROD*" } else { desk.settings().environment.as_str() }.to_owned();
        let permission = match (desk.permit(), &desk.cancels().journal().failed) {
            (Some(_), Some(_)) => "READ-ONLY (journal)",
            (Some(_), None) => "WRITE",
            (None, _) => "READ-ONLY",
        };
        let Some(session) = desk.last_session() else {
            // Nothing is known from the live connection yet: this is where we are trying to get to.
            let host = desk.settings().exchange.clone();
            return Self { environment, before: "to ", host, permission, ..Self::default() };
        };
        let (before, after) = if desk.session().is_none() { ("(was ", ")") } else { ("", "") };
        Self {
            environment,
            before,
            host: session.host.clone(),
            user: Some(session.user_name.as_ref().map_or_else(|| "?".to_owned(), RemoteText::inert)),
            oms: Some(session.oms.map_or_else(|| "?".to_owned(), |oms| oms.to_string())),
            after,
            permission,
        }
    }

    /// It in one line.
    fn join(&self) -> String {
        let host = (!self.host.is_empty()).then(|| self.host.clone());
        let user = self.user.as_ref().map(|user| format!("op:{user}"));
        let oms = self.oms.as_ref().map(|oms| format!("oms:{oms}"));
        let who: Vec<String> = [host, user, oms].into_iter().flatten().collect();
        let who =
            if who.is_empty() { String::new() } else { format!("{}{}{}", self.before, who.join("  "), self.after) };
        let parts = [self.environment.as_str(), &who, self.permission];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ")
    }

    /// It in at most `room` columns, as far as that can be.
    fn fitted(&self, room: usize) -> String {
        let hosts = (LEAST_HOST..columns(&self.host)).rev().map(|host| (host, usize::MAX));
        let users = (LEAST_USER..self.user.as_deref().map_or(0, columns)).rev().map(|user| (LEAST_HOST, user));
        let cuts = std::iter::once((usize::MAX, usize::MAX)).chain(hosts).chain(users);
        let without_oms = Self { oms: None, ..self.cut(LEAST_HOST, LEAST_USER) };
        let without_user = Self { user: None, ..without_oms.clone() };
        let least =
            Self { host: String::new(), environment: shortened(&self.environment, LEAST_HOST), ..without_user.clone() };
        let forms = cuts.map(|(host, user)| self.cut(host, user)).chain([without_oms, without_user]);
        forms.map(|form| form.join()).find(|line| columns(line) <= room).unwrap_or_else(|| least.join())
    }

    /// It with a host and a user of at most so many columns; 0 leaves them out.
    fn cut(&self, host: usize, user: usize) -> Self {
        let is_least = host == 0 && user == 0;
        let name = self.user.as_ref().filter(|_| !is_least).map(|name| shortened(name, user));
        let oms = self.oms.clone().filter(|_| !is_least);
        Self { host: shortened(&self.host, host), user: name, oms, ..self.clone() }
    }
}

/// A text in at most so many columns, with a sign where it was cut.
fn shortened(text: &str, room: usize) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    if room == 0 {
        return String::new();
    }
    let mut kept = String::new();
    for letter in text.graphemes(true) {
        if columns(&kept) + columns(letter) + 2 > room {
            break;
        }
        kept.push_str(letter);
    }
    kept.truncate(kept.trim_end_matches('.').len());
    kept + ".."
}

/// True if what is on the screen is fresh.
fn is_fresh(desk: &Desk, now: Now) -> bool {
    *desk.link().phase() == Phase::Up && desk.link().stale_since(now).is_none() && !is_never_read(desk)
}

/// The link: a word or two, and the time to it, which a narrow window has no room for.
struct LinkWords {
    word: String,
    since: String,
}

fn link_words(desk: &Desk, now: Now) -> LinkWords {
    let link = desk.link();
    let words = |word: &str, since: String| LinkWords { word: word.to_owned(), since };
    let word = |word: &str| words(word, String::new());
    if let (Some(since), Phase::Up) = (link.stale_since(now), link.phase()) {
        return words("STALE", format!(" since {}", time::clock_time(since)));
    }
    if link.asking().is_some() {
        return word("WAITS FOR YOU");
    }
    match link.phase() {
        Phase::Idle | Phase::Opening => word("connecting ..."),
        Phase::Up if desk.ready().is_none() => word("logged in ..."),
        Phase::Up if is_never_read(desk) => word("NOT READ"),
        Phase::Up if link.feed() == Feed::Events => word("live"),
        Phase::Up => match desk.list().scan().read_at {
            Some(at) => words("polled", format!(" {}", time::clock_time(at))),
            None => word("reading ..."),
        },
        Phase::Waiting { at, .. } => words("NO LINK", format!(", next try {}", time::near(*at, now.wall))),
        Phase::Held(_) => words("NO LINK", ", r tries".to_owned()),
        Phase::Refused(_) if !link.was_refused() => word("NOT LOGGED IN"),
        Phase::Refused(_) => word("LOGIN REFUSED"),
    }
}

/// True if the list was never read to its end, and nobody is reading it.
fn is_never_read(desk: &Desk) -> bool {
    desk.list().scan().read_at.is_none() && matches!(desk.list().scan().phase, ScanPhase::Stopped(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_cut_first_then_the_user_and_the_permission_never() {
        let place = Place {
            environment: "staging".to_owned(),
            host: "gateway.exchange.example.com:8443".to_owned(),
            user: Some("maria.lopez".to_owned()),
            oms: Some("1".to_owned()),
            permission: "READ-ONLY (journal)",
            ..Place::default()
        };
        let mut before = usize::MAX;
        for room in (0..=100).rev() {
            let line = place.fitted(room);
            assert!(line.starts_with("stag") && line.ends_with("READ-ONLY (journal)"), "{line}");
            assert!(columns(&line) <= room.max("stagin..  READ-ONLY (journal)".len()), "{room}: {line}");
            assert!(columns(&line) <= before, "narrower windows never show more: {line}");
            before = columns(&line);
        }
        assert_eq!(place.fitted(65), "staging  gateway.ex..  op:maria.lopez  oms:1  READ-ONLY (journal)");
        assert_eq!(place.fitted(58), "staging  gatewa..  op:maria..  oms:1  READ-ONLY (journal)");
        assert_eq!(place.fitted(38), "staging  gatewa..  READ-ONLY (journal)");
        assert_eq!(place.fitted(36), "staging  READ-ONLY (journal)");
    }
}
