//! The HTTP answers to a handshake that are no WebSocket, a row each; and what of their headers and body is worth telling.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::NextTry::{self, After, ByPerson, Soon};
use crate::domain::RemoteText;

/// Too many requests without a time: so long none are made.
const BUSY: Duration = Duration::from_secs(60);
/// A longer wait than this is cut: a clock that is wrong by years must not hold a link up for years.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);
/// So many characters of a body are told.
const TOLD: usize = 200;

/// An answer that is no WebSocket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpAnswer {
    /// Its status.
    pub status: u16,
    /// Where it says that the thing is.
    pub location: Option<RemoteText>,
    /// The first line of its body.
    pub said: Option<RemoteText>,
    /// The time that it asks us to wait.
    pub retry_after: Option<Duration>,
}

/// The mend of an answer; the words are elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// It is somewhere else.
    FollowMove,
    /// The path or the port is another.
    CheckUrl,
    /// Somebody must let this address or this user in.
    AskForAccess,
    /// A proxy on this side wants a login.
    AskProxy,
    /// A proxy on the way changes or refuses the handshake.
    AskAboutUpgrade,
    /// Wait.
    Wait,
    /// The gateway is down, or in trouble.
    AskExchange,
}

/// A status in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpRow {
    /// The mend.
    pub mend: Mend,
    /// When another try may be made, unless the answer says so itself.
    pub next: NextTry,
}

impl HttpRow {
    /// The table. The statuses' names are `app/words/far_side/http.rs`.
    pub fn of(status: u16) -> Self {
        let row = |mend, next| Self { mend, next };
        match status {
            404 | 405 | 410 | 421 => row(Mend::CheckUrl, ByPerson),
            400 | 426 | 501 | 505 => row(Mend::AskAboutUpgrade, ByPerson),
            407 => row(Mend::AskProxy, ByPerson),
            408 | 425 => row(Mend::AskExchange, Soon),
            429 => row(Mend::Wait, After(BUSY)),
            _ => Self::of_class(status),
        }
    }
}

impl HttpRow {
    /// A status that has no row of its own means what its class does.
    fn of_class(status: u16) -> Self {
        let (mend, next) = match status / 100 {
            3 => (Mend::FollowMove, ByPerson),
            4 => (Mend::AskForAccess, ByPerson),
            5 => (Mend::AskExchange, Soon),
            _ => (Mend::CheckUrl, ByPerson),
        };
        Self { mend, next }
    }
}

impl HttpAnswer {
    /// When another try may be made. A wait that is asked for is kept; it also says that waiting helps.
    pub fn next(&self) -> NextTry {
        let next = HttpRow::of(self.status).next;
        match self.retry_after {
            Some(wait) if !(300..400).contains(&self.status) && !wait.is_zero() => After(wait),
            _ => next,
        }
    }
}

/// Reads `Retry-After`, in seconds or as a date in any of the three forms of HTTP (RFC 9110 5.6.7, 10.2.3). A date is taken against
/// the answer's own `Date` where it has one: the two clocks may differ.
pub fn retry_after(value: &str, date: Option<&str>, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(LONGEST);
    }
    let from = date.and_then(http_date).unwrap_or(now);
    let wait = Duration::try_from(http_date(value)?.duration_since(from)).unwrap_or(Duration::ZERO);
    Some(wait.min(LONGEST))
}

/// A date of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT`, and the two older forms.
fn http_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(date) = jiff::fmt::rfc2822::parse(text) {
        return Some(date.timestamp());
    }
    let forms = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    let date = forms.iter().find_map(|form| DateTime::strptime(form, text).ok())?;
    date.to_zoned(TimeZone::UTC).ok().map(|date| date.timestamp())
}

/// The first line of a body that says anything. Of a page only its text counts: its tags are nothing to read.
pub fn first_line(body: &str, is_page: bool) -> Option<RemoteText> {
    let body = body.trim_start_matches('\u{feff}');
    let is_page =
        is_page || body.trim_start().starts_with("<!") || body.trim_start().to_ascii_lowercase().starts_with("<html");
    let text = if is_page { without_tags(body) } else { body.to_owned() };
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let mut told: String = line.chars().take(TOLD).collect();
    if told.len() < line.len() {
        told.push_str("...");
    }
    Some(RemoteText::new(told))
}

fn without_tags(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let tag = &rest[start..];
        let lower: String = tag.chars().take(7).collect::<String>().to_ascii_lowercase();
        // Neither is to be read.
        let end = match lower.as_str() {
            _ if lower.starts_with("<style") => end_of(tag, "</style>"),
            "<script" => end_of(tag, "</script>"),
            _ if lower.starts_with("<!--") => end_of(tag, "-->"),
            _ => end_of(tag, ">"),
        };
        text.push('\n');
        rest = &tag[end..];
    }
    text.push_str(rest);
    for (name, letter) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")]
    {
        text = text.replace(name, letter);
    }
    text
}

fn end_of(text: &str, mark: &str) -> usize {
    text.to_ascii_lowercase().find(mark).map_or(text.len(), |at| at + mark.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const SUNDAY: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    #[rstest]
    #[case::seconds("120", None, Some(120))]
    #[case::none("0", None, Some(0))]
    #[case::date("Sun, 06 Nov 1994 08:51:37 GMT", Some(SUNDAY), Some(120))]
    #[case::date_by_our_clock("Sun, 06 Nov 1994 08:49:47 GMT", None, Some(10))]
    #[case::rfc_850("Sunday, 06-Nov-94 08:50:37 GMT", Some(SUNDAY), Some(60))]
    #[case::asctime("Sun Nov  6 08:50:37 1994", Some(SUNDAY), Some(60))]
    #[case::past("Sun, 06 Nov 1994 08:00:00 GMT", Some(SUNDAY), Some(0))]
    #[case::a_century("3153600000", None, Some(86_400))]
    #[case::more_digits_than_a_number_has("99999999999999999999999999", None, Some(86_400))]
    #[case::nonsense("soon", None, None)]
    #[case::negative("-5", None, None)]
    fn the_wait_is_read_in_every_form(#[case] value: &str, #[case] date: Option<&str>, #[case] seconds: Option<u64>) {
        let now = http_date(SUNDAY).unwrap();
        assert_eq!(retry_after(value, date, now).map(|wait| wait.as_secs()), seconds);
    }

    #[rstest]
    #[case::moved(301, None, ByPerson)]
    #[case::moved_with_a_wait(302, Some(9), ByPerson)]
    #[case::redirected(307, None, ByPerson)]
    #[case::bad_request(400, None, ByPerson)]
    #[case::unauthorized(401, None, ByPerson)]
    #[case::forbidden(403, None, ByPerson)]
    #[case::forbidden_for_a_while(403, Some(30), After(Duration::from_secs(30)))]
    #[case::not_found(404, None, ByPerson)]
    #[case::proxy(407, None, ByPerson)]
    #[case::upgrade(426, None, ByPerson)]
    #[case::too_many(429, None, After(BUSY))]
    #[case::too_many_for(429, Some(120), After(Duration::from_secs(120)))]
    #[case::down(503, None, Soon)]
    #[case::down_for(503, Some(7), After(Duration::from_secs(7)))]
    #[case::down_for_nothing(503, Some(0), Soon)]
    #[case::another_fault(599, None, Soon)]
    #[case::another_move(399, None, ByPerson)]
    #[case::another_refusal(499, None, ByPerson)]
    #[case::a_page(200, None, ByPerson)]
    fn a_status_says_when_to_try_again(#[case] status: u16, #[case] wait: Option<u64>, #[case] next: NextTry) {
        let answer = HttpAnswer { status, retry_after: wait.map(Duration::from_secs), ..HttpAnswer::default() };
        assert_eq!(answer.next(), next);
    }

    #[rstest]
    #[case::text("Your address is not whitelisted\nsecond", false, Some("Your address is not whitelisted"))]
    #[case::blank_lines("\r\n\r\n  maintenance until 9  \r\n", false, Some("maintenance until 9"))]
    #[case::json(r#"{"error":"blocked"}"#, false, Some(r#"{"error":"blocked"}"#))]
    #[case::page(
        "<html><head><style>p { x }</style><title>403 Forbidden</title></head><body>x</body></html>",
        true,
        Some("403 Forbidden")
    )]
    #[case::page_of_no_type("<!DOCTYPE html><body><p>Access &amp; more</p>", false, Some("Access & more"))]
    #[case::unclosed("<html <p", true, None)]
    #[case::mark("\u{feff}down", false, Some("down"))]
    #[case::nothing("", false, None)]
    fn the_first_line_that_says_anything_is_told(
        #[case] body: &str,
        #[case] is_page: bool,
        #[case] line: Option<&str>,
    ) {
        assert_eq!(first_line(body, is_page).as_ref().map(RemoteText::raw), line);
    }

    #[test]
    fn a_long_line_is_cut() {
        let line = first_line(&"ä".repeat(5_000), false).unwrap();
        assert_eq!(line.raw().chars().count(), TOLD + 3);
    }
}
