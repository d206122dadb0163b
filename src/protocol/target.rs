//! Where a gateway is: its URL, taken apart and checked (PROTOCOL.md 1, "Paths").

use core::net::IpAddr;

/// A gateway's URL in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The URL as given.
    pub url: String,
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// `wss://`.
    pub is_tls: bool,
}

impl Target {
    /// Takes a URL apart; the error says what was found and what is wanted.
    pub fn parse(url: &str) -> Result<Self, String> {
        let wanted = "wanted wss://HOST[:PORT]/PATH, or ws:// to a loopback address";
        let (scheme, rest) = url.split_once("://").ok_or_else(|| format!("{url:?} is no URL; {wanted}"))?;
        let is_tls = match scheme {
            "wss" => true,
            "ws" => false,
            other => return Err(format!("{url:?} begins with {other:?}; {wanted}")),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(format!("a user or password has no place in the URL; {wanted}"));
        }
        let (host, port) =
            split_port(authority).ok_or_else(|| format!("{url:?} has a port that is no number; {wanted}"))?;
        if host.is_empty() {
            return Err(format!("{url:?} names no host; {wanted}"));
        }
        let port = port.unwrap_or(if is_tls { 443 } else { 80 });
        if !is_tls && !is_loopback(host) {
            return Err(format!("{url:?} would send the login in clear text; {wanted}"));
        }
        Ok(Self { url: url.to_owned(), host: host.to_owned(), port, is_tls })
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

fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    if let Some((host, rest)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return match rest.strip_prefix(':') {
            Some(port) => port.parse().ok().map(|port| (host, Some(port))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    match authority.rsplit_once(':') {
        Some((host, port)) => port.parse().ok().map(|port| (host, Some(port))),
        None => Some((authority, None)),
    }
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
    #[case::clear_text("ws://gateway.example.com/", "clear text")]
    #[case::private_is_not_loopback("ws://192.168.1.5/", "clear text")]
    #[case::scheme("https://gateway.example.com/", "begins with \"https\"")]
    #[case::no_scheme("gateway.example.com", "is no URL")]
    #[case::no_host("wss:///x", "names no host")]
    #[case::port("wss://host:port/", "port that is no number")]
    #[case::password("wss://user:secret@host/", "no place in the URL")]
    fn any_other_url_is_refused_in_words(#[case] url: &str, #[case] said: &str) {
        let why = Target::parse(url).unwrap_err();
        assert!(why.contains(said) && !why.contains("secret"), "{why}");
    }
}
