//! Why a link ended, or could not be opened: what the far side said, and what to do now. Behind the last semicolon of each
//! sentence stands what to do; every word of the far side is inert and in quotes.

pub mod close;
pub mod http;

use std::time::Duration;

use crate::domain::RemoteText;
use crate::protocol::far_side::close::CloseFrame;
use crate::protocol::far_side::http::{HttpAnswer, HttpRow, Mend};
use crate::protocol::far_side::reason::{Hint, hint};
use crate::protocol::{NextTry, Target};

/// More letters of a reason or an address than this are not told.
const TOLD: usize = 200;

/// A close frame.
pub fn closed(close: &CloseFrame) -> String {
    let when = if close.answers_login { " at the login" } else { "" };
    let code = close.code.map_or("no code".to_owned(), |code| code.to_string());
    let reason = if close.reason.is_empty() { String::new() } else { format!(" {}", quoted(&close.reason)) };
    let name = close.code.map(close::name).filter(|name| !name.is_empty());
    let name = name.map(|name| format!(" ({name})")).unwrap_or_default();
    format!("the exchange closed the link{when}: {code}{reason}{name}; {}", mend_close(close))
}

fn mend_close(close: &CloseFrame) -> &'static str {
    match (hint(close.reason.raw()), close.next()) {
        (Hint::Elsewhere, _) => "this login may be in use elsewhere: agree who works",
        (Hint::NotAllowed, _) => "ask the exchange to let this address and this login in",
        (_, NextTry::ByPerson) if close.code == Some(4001) => "this login may be in use elsewhere: agree who works",
        (_, NextTry::ByPerson) if close.answers_login => "check the login in the profile, or ask the exchange why",
        (_, NextTry::ByPerson) => "ask the exchange why, then connect",
        (_, NextTry::After(_)) => "let that pass",
        (_, NextTry::Soon) => "if it goes on, ask the exchange",
    }
}

/// A link that ended without a close frame.
pub fn dropped(answers_login: bool) -> String {
    let when = if answers_login { " while the login waited for its answer" } else { "" };
    format!("the link was dropped without a close frame{when}; if it goes on, ask the exchange, or look at the network")
}

/// A link that broke; `how` is a word of the system.
pub fn broken(how: &str) -> String {
    format!("the link broke ({how}); if it goes on, look at the network")
}

/// A far side that does not keep to the rules of WebSocket.
pub fn broke_the_rules(what: &str) -> String {
    format!("the exchange, or a proxy before it, sent {what}; if it goes on, ask the exchange")
}

/// A message that was longer than any may be.
pub fn too_long(most: usize) -> String {
    let most = mebibytes(most);
    format!("the exchange sent a message that is too long, of more than {most}; if it goes on, ask the exchange")
}

/// A size in MiB.
pub fn mebibytes(bytes: usize) -> String {
    format!("{} MiB", bytes >> 20)
}

/// An HTTP answer instead of a WebSocket.
pub fn answered(target: &Target, answer: &HttpAnswer) -> String {
    let name = http::name(answer.status);
    let mut said = format!("{}: no WebSocket there: the answer was HTTP {}", target.authority(), answer.status);
    if !name.is_empty() {
        said.push_str(&format!(" {name}"));
    }
    if let Some(location) = &answer.location {
        said.push_str(&format!(", to {}", quoted(location)));
    }
    if let Some(body) = answer.said.as_ref().filter(|body| !body.raw().eq_ignore_ascii_case(name)) {
        said.push_str(&format!(", which says {}", quoted(body)));
    }
    if let Some(wait) = answer.retry_after.filter(|_| matches!(answer.next(), NextTry::After(_))) {
        said.push_str(&asks_to_wait(wait));
    }
    format!("{said}; {}", mend_answer(target, HttpRow::of(answer.status), answer))
}

fn mend_answer(target: &Target, row: HttpRow, answer: &HttpAnswer) -> String {
    match row.mend {
        Mend::FollowMove => match &answer.location {
            Some(location) => format!("if that place is the exchange's, {}", put_url(target, location)),
            None => "ask the exchange for its URL of today, and put it into the profile".to_owned(),
        },
        Mend::CheckUrl => "check the path in the URL, which usually ends in /WSGateway/".to_owned(),
        Mend::AskForAccess => {
            "a proxy or a firewall refuses us: ask the exchange whether this address may connect".to_owned()
        }
        Mend::AskProxy => "a proxy on the way wants a login of its own: ask who runs the network here".to_owned(),
        Mend::AskAboutUpgrade => {
            "a proxy on the way may not let WebSocket through: ask who runs it, and check the path in the URL"
                .to_owned()
        }
        Mend::Wait => "too much was asked from here".to_owned(),
        Mend::AskExchange => "the gateway is down or busy behind its proxy: if it goes on, ask the exchange".to_owned(),
    }
}

/// The URL to put into the profile, as far as the place is one.
fn put_url(target: &Target, location: &RemoteText) -> String {
    let place = location.raw().trim();
    let own_scheme = if target.is_tls { "wss" } else { "ws" };
    let url = match place.split_once("://") {
        Some((scheme, rest)) if ["https", "wss"].iter().any(|secure| scheme.eq_ignore_ascii_case(secure)) => {
            format!("wss://{rest}")
        }
        Some((_, rest)) if !target.is_tls => format!("ws://{rest}"),
        Some(_) => return "ask it for one with TLS, which begins with wss://".to_owned(),
        None => match place.strip_prefix("//") {
            Some(rest) => format!("{own_scheme}://{rest}"),
            None if place.starts_with('/') => format!("{own_scheme}://{}{place}", target.authority()),
            None => return "put its full URL into the profile".to_owned(),
        },
    };
    if url.len() > TOLD || url.contains(';') {
        return "put its URL into the profile".to_owned();
    }
    format!("put url = {:?} into the profile", RemoteText::new(url).exact())
}

/// Something that answers, and not in WebSocket; `what` says in what way.
pub fn no_websocket(target: &Target, what: &str) -> String {
    format!("{}: {what}; check the URL (host, port, path), or ask the exchange", target.authority())
}

/// A handshake that has no end.
pub fn slow(target: &Target, limit: Duration) -> String {
    format!(
        "{}: the WebSocket handshake took longer than {}; a proxy or a firewall before the gateway may hold it up, or the gateway is \
         stuck: ask the exchange, and check the URL",
        target.authority(),
        seconds(limit)
    )
}

/// A login to which something came that could not be read.
pub fn unreadable_login(host: &str, call: &str, count: u64, first: &str) -> String {
    let messages = if count == 1 { "a message came".to_owned() } else { format!("{count} messages came") };
    format!(
        "{host}: {call} was not answered, and {messages} that could not be read ({first}): the login is not sent again by \
         itself; ask the exchange what its gateway sends"
    )
}

/// A wait that was asked for. One that is over by now was none, and one of a day may have been for longer: no more is kept.
fn asks_to_wait(wait: Duration) -> String {
    match wait.as_secs() {
        0 => String::new(),
        1..3_600 => format!(", and asks to wait {}", seconds(wait)),
        whole @ 3_600..86_400 => format!(", and asks to wait {} h {} min", whole / 3_600, whole % 3_600 / 60),
        86_400.. => ", and asks to wait a day or longer".to_owned(),
    }
}

/// `90 s`.
fn seconds(wait: Duration) -> String {
    format!("{} s", wait.as_secs())
}

fn quoted(text: &RemoteText) -> String {
    let mut shown: String = text.raw().chars().take(TOLD).collect();
    if shown.len() < text.raw().len() {
        shown.push_str("...");
    }
    format!("\"{}\"", RemoteText::new(shown).inert())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn close(code: u16, reason: &str) -> CloseFrame {
        CloseFrame { code: Some(code), reason: reason.into(), answers_login: false }
    }

    #[rstest]
    #[case(
        close(4001, "Logged in elsewhere"),
        "closed the link: 4001 \"Logged in elsewhere\"; this login may be in use"
    )]
    #[case(close(1000, ""), "closed the link: 1000 (a normal end); if it goes on, ask")]
    #[case(CloseFrame::default(), "closed the link: no code; if it goes on")]
    #[case(CloseFrame { answers_login: true, ..close(1008, "not whitelisted") }, "closed the link at the login: 1008 \"not whitelisted\" (against its policy); ask the exchange to let this address")]
    #[case(close(1011, "a\u{1b}[2J"), "\"a<U+001B>[2J\"")]
    #[case(close(1013, ""), "1013 (try again later); let that pass")]
    fn a_close_is_told_with_its_code_and_its_reason(#[case] close: CloseFrame, #[case] said: &str) {
        let words = closed(&close);
        assert!(words.contains(said), "{words}");
    }

    #[test]
    fn a_login_that_cannot_be_read_is_told_in_the_singular_and_in_the_plural() {
        let words = unreadable_login("x:443", "AuthenticateUser", 1, "why");
        assert!(words.starts_with(
            "x:443: AuthenticateUser was not answered, and a message came that could not be read (why): "
        ));
        let words = unreadable_login("x:443", "AuthenticateUser", 3, "why");
        assert!(
            words.contains(
                "and 3 messages came that could not be read (why): the login is not sent again by itself; ask"
            )
        );
    }

    #[rstest]
    #[case(HttpAnswer { status: 301, location: Some("https://new.example.com/WSGateway/".into()), ..HttpAnswer::default() }, &["HTTP 301 Moved Permanently, to \"https://new.example.com/WSGateway/\"", "put url = \"wss://new.example.com/WSGateway/\""])]
    #[case(HttpAnswer { status: 302, location: Some("/new\u{202e}; x".into()), ..HttpAnswer::default() }, &["to \"/new<U+202E>; x\"; if that"])]
    #[case(HttpAnswer { status: 403, said: Some("not from 203.0.113.9".into()), ..HttpAnswer::default() }, &["HTTP 403 Forbidden, which says \"not from 203.0.113.9\"; ", "may connect"])]
    #[case(HttpAnswer { status: 429, retry_after: Some(Duration::from_secs(120)), ..HttpAnswer::default() }, &["asks to wait 120 s; too much"])]
    #[case(HttpAnswer { status: 429, retry_after: Some(Duration::ZERO), ..HttpAnswer::default() }, &["HTTP 429 Too Many Requests; too much"])]
    #[case(HttpAnswer { status: 503, retry_after: Some(Duration::from_secs(5_400)), ..HttpAnswer::default() }, &["asks to wait 1 h 30 min;"])]
    #[case(HttpAnswer { status: 503, retry_after: Some(Duration::from_secs(86_400)), ..HttpAnswer::default() }, &["asks to wait a day or longer;"])]
    #[case(HttpAnswer { status: 307, location: Some("/v2/WSGateway/".into()), ..HttpAnswer::default() }, &["put url = \"wss://x.example.com/v2/WSGateway/\""])]
    #[case(HttpAnswer { status: 308, location: Some("http://y.example.com/".into()), ..HttpAnswer::default() }, &["; if that place is the exchange's, ask it for one with TLS"])]
    #[case(HttpAnswer { status: 418, ..HttpAnswer::default() }, &["HTTP 418; a proxy"])]
    fn an_answer_is_told_with_what_it_says(#[case] answer: HttpAnswer, #[case] said: &[&str]) {
        let target = Target::parse("wss://x.example.com/").unwrap();
        let words = answered(&target, &answer);
        assert!(said.iter().all(|said| words.contains(said)), "{words}");
    }
}
