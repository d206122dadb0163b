//! Where a gateway is: its URL, taken apart and checked (PROTOCOL.md 1, "Paths").

use core::net::{IpAddr, Ipv6Addr};

/// A gateway's URL in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The URL as given, its scheme in small letters.
    pub url: String,
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// `wss://`.
    pub is_tls: bool,
}

/// Why a text is no URL of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetFlaw {
    /// There is nothing.
    Empty,
    /// A user or a password is in it; nothing of it may be shown.
    Password,
    /// A blank, or another character that nobody sees, stands in front, at the end or within.
    Unseen(Side, char),
    /// A character that no URL has.
    Character(char),
    /// No `://`.
    NoScheme,
    /// Another scheme than `ws` and `wss`.
    Scheme(String),
    /// A `#`, which never reaches a gateway.
    Fragment,
    /// No host.
    NoHost,
    /// A host that is no name and no address.
    Host,
    /// An IPv6 address without its brackets.
    NoBrackets,
    /// A port that is no number.
    NoPort,
    /// A port that there is not.
    Port(String),
    /// `ws://` to another machine.
    ClearText,
}

/// Where in a URL something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In front.
    Front,
    /// Between other characters.
    Within,
    /// At the end.
    End,
}

impl Target {
    /// Takes a URL apart, or says what is wrong with it.
    pub fn parse(url: &str) -> Result<Self, TargetFlaw> {
        if url.trim().is_empty() {
            return Err(TargetFlaw::Empty);
        }
        let (scheme, rest) = url.split_once("://").map_or((None, url), |(scheme, rest)| (Some(scheme), rest));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // Before anything is quoted.
        if authority.contains('@') {
            return Err(TargetFlaw::Password);
        }
        check_characters(url)?;
        let scheme = scheme.ok_or(TargetFlaw::NoScheme)?.to_ascii_lowercase();
        let is_tls = match scheme.as_str() {
            "wss" => true,
            "ws" => false,
            _ => return Err(TargetFlaw::Scheme(scheme)),
        };
        if url.contains('#') {
            return Err(TargetFlaw::Fragment);
        }
        let (host, port) = split_port(authority)?;
        let port = port.unwrap_or(if is_tls { 443 } else { 80 });
        if !is_tls && !is_loopback(host) {
            return Err(TargetFlaw::ClearText);
        }
        Ok(Self { url: format!("{scheme}://{rest}"), host: host.to_owned(), port, is_tls })
    }

    /// True if another URL leads to the same host and port, as far as their names tell.
    pub fn is_same_place(&self, other: &Self) -> bool {
        let name = |target: &Self| target.host.trim_end_matches('.').to_ascii_lowercase();
        self.port == other.port && name(self) == name(other)
    }

    /// Host and port, as the header and the journal name the exchange.
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        match (self.is_tls, self.port) {
            (true, 443) => host,
            (_, port) => format!("{host}:{port}"),
        }
    }
}

/// The characters of RFC 3986, and no other.
fn check_characters(url: &str) -> Result<(), TargetFlaw> {
    let unseen = |letter: char| letter.is_whitespace() || letter.is_control() || is_without_width(letter);
    let is_of_urls = |letter: char| letter.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(letter);
    let Some((at, letter)) = url.char_indices().find(|(_, letter)| !is_of_urls(*letter)) else { return Ok(()) };
    if !unseen(letter) {
        return Err(TargetFlaw::Character(letter));
    }
    let side = match (at, url.get(at..).is_none_or(|rest| rest.chars().all(unseen))) {
        (0, _) => Side::Front,
        (_, true) => Side::End,
        (_, false) => Side::Within,
    };
    Err(TargetFlaw::Unseen(side, letter))
}

fn is_without_width(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), TargetFlaw> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').ok_or(TargetFlaw::Host)?;
        host.parse::<Ipv6Addr>().map_err(|_| TargetFlaw::Host)?;
        return match rest.strip_prefix(':') {
            Some(digits) => Ok((host, Some(port(digits)?))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err(TargetFlaw::Host),
        };
    }
    let (host, digits) = authority.rsplit_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    if host.is_empty() {
        return Err(TargetFlaw::NoHost);
    }
    if host.contains(':') {
        return Err(TargetFlaw::NoBrackets);
    }
    if !is_name(host) {
        return Err(TargetFlaw::Host);
    }
    Ok((host, digits.map(port).transpose()?))
}

/// A name of DNS, as it is looked up; an address is one as well.
fn is_name(host: &str) -> bool {
    let is_of_names = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_');
    let labels = host.strip_suffix('.').unwrap_or(host).split('.');
    let mut labels = labels.map(|label| (1..=63).contains(&label.len()) && label.bytes().all(is_of_names));
    host.len() <= 254 && labels.all(|is_label| is_label)
}

fn port(digits: &str) -> Result<u16, TargetFlaw> {
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(TargetFlaw::NoPort);
    }
    let port = digits.parse().ok().filter(|port| *port > 0);
    port.ok_or_else(|| TargetFlaw::Port(digits.to_owned()))
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::tls("wss://gateway.example.com/WSGateway/", "gateway.example.com", 443, "gateway.example.com")]
    #[case::port("wss://gateway.example.com:10456/x", "gateway.example.com", 10456, "gateway.example.com:10456")]
    #[case::loopback("ws://127.0.0.1:8086/WSGateway/", "127.0.0.1", 8086, "127.0.0.1:8086")]
    #[case::loopback_6("ws://[::1]:8086/", "::1", 8086, "[::1]:8086")]
    fn a_url_is_taken_apart(#[case] url: &str, #[case] host: &str, #[case] port: u16, #[case] authority: &str) {
        let target = Target::parse(url).unwrap();
        assert_eq!((target.host.as_str(), target.port, target.authority().as_str()), (host, port, authority));
    }

    #[rstest]
    #[case::path("wss://gateway.test/other/", true)]
    #[case::usual_port("wss://gateway.test:443/", true)]
    #[case::letters("wss://Gateway.TEST./", true)]
    #[case::port("wss://gateway.test:8443/", false)]
    #[case::host("wss://other.test/", false)]
    fn a_place_is_a_host_and_a_port(#[case] url: &str, #[case] is_same: bool) {
        let [one, other] = ["wss://gateway.test/WSGateway/", url].map(|url| Target::parse(url).unwrap());
        assert_eq!(one.is_same_place(&other), is_same);
    }

    #[rstest]
    #[case("WS://127.0.0.1:8086/WSGateway/", "ws://127.0.0.1:8086/WSGateway/", 8086)]
    #[case("WSS://Gateway.test/x", "wss://Gateway.test/x", 443)]
    #[case("Wss://gateway.test", "wss://gateway.test", 443)]
    #[case("wss://gateway.test./?a=b%20c", "wss://gateway.test./?a=b%20c", 443)]
    fn a_scheme_is_one_in_any_letters(#[case] url: &str, #[case] wanted: &str, #[case] port: u16) {
        let target = Target::parse(url).unwrap();
        assert_eq!((target.url.as_str(), target.port), (wanted, port));
    }

    #[rstest]
    #[case::clear_text("ws://gateway.example.com/", TargetFlaw::ClearText)]
    #[case::private_is_not_loopback("ws://192.168.1.5/", TargetFlaw::ClearText)]
    #[case::scheme("https://gateway.example.com/", TargetFlaw::Scheme("https".to_owned()))]
    #[case::no_scheme("gateway.example.com", TargetFlaw::NoScheme)]
    #[case::no_scheme_with_a_port("gateway.example.com:443/x", TargetFlaw::NoScheme)]
    #[case::one_slash("wss:/gateway.example.com/", TargetFlaw::NoScheme)]
    #[case::empty("", TargetFlaw::Empty)]
    #[case::blanks("  ", TargetFlaw::Empty)]
    #[case::no_host("wss:///x", TargetFlaw::NoHost)]
    #[case::no_host_with_a_port("wss://:443/x", TargetFlaw::NoHost)]
    #[case::word_as_port("wss://host:port/", TargetFlaw::NoPort)]
    #[case::no_port("wss://host:/", TargetFlaw::NoPort)]
    #[case::sign_as_port("wss://host:+80/", TargetFlaw::NoPort)]
    #[case::port_0("wss://host:0/", TargetFlaw::Port("0".to_owned()))]
    #[case::great_port("wss://host:99999/", TargetFlaw::Port("99999".to_owned()))]
    #[case::great_port_of_an_address("wss://[::1]:65536/", TargetFlaw::Port("65536".to_owned()))]
    #[case::password("wss://user:secret@host/", TargetFlaw::Password)]
    #[case::password_and_blank("wss://user:sec ret@host/ ", TargetFlaw::Password)]
    #[case::password_without_scheme("user:secret@host/", TargetFlaw::Password)]
    #[case::fragment("wss://host/x#y", TargetFlaw::Fragment)]
    #[case::blank_at_the_end("wss://host/x ", TargetFlaw::Unseen(Side::End, ' '))]
    #[case::line_end("wss://host/x\n", TargetFlaw::Unseen(Side::End, '\n'))]
    #[case::blank_in_front(" wss://host/x", TargetFlaw::Unseen(Side::Front, ' '))]
    #[case::blank_within("wss://ho st/x", TargetFlaw::Unseen(Side::Within, ' '))]
    #[case::no_break_space("wss://host/x\u{A0}", TargetFlaw::Unseen(Side::End, '\u{A0}'))]
    #[case::no_width("wss://ho\u{200B}st/x", TargetFlaw::Unseen(Side::Within, '\u{200B}'))]
    #[case::quote("wss://host/\"x\"", TargetFlaw::Character('"'))]
    #[case::other_letters("wss://g\u{430}teway.test/", TargetFlaw::Character('\u{430}'))]
    #[case::backslash("wss:\\\\host\\x", TargetFlaw::Character('\\'))]
    #[case::no_brackets("wss://fe80::1/", TargetFlaw::NoBrackets)]
    #[case::open_bracket("wss://[::1/", TargetFlaw::Host)]
    #[case::no_address("wss://[gateway]/", TargetFlaw::Host)]
    #[case::empty_label("wss://gateway..test/", TargetFlaw::Host)]
    #[case::point_in_front("wss://.test/", TargetFlaw::Host)]
    fn any_other_url_is_refused(#[case] url: &str, #[case] flaw: TargetFlaw) {
        assert_eq!(Target::parse(url), Err(flaw));
    }
}
