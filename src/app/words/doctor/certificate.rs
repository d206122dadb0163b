//! Words of TLS: whom we spoke with, and until when its certificates count.

use jiff::Timestamp;

use crate::domain::time::date_time;

/// The facts seen of the far side of a handshake.
pub struct Chain<'a> {
    /// The version of TLS.
    pub protocol: &'a str,
    /// The certificate of the gateway, if it can be read.
    pub leaf: Option<Leaf<'a>>,
    /// Whom the certificates that it sent along name.
    pub others: Vec<&'a str>,
    /// True if it asked for a certificate of ours.
    pub wants_ours: bool,
    /// True if we have one to show.
    pub has_ours: bool,
}

/// The gateway's certificate.
pub struct Leaf<'a> {
    /// Whom it is for.
    pub named: String,
    /// Who signed it.
    pub issuer: &'a str,
}

/// No certificate of the chain can be read.
pub const UNREADABLE: &str = "the certificate cannot be read here";
/// Advice before a certificate ends.
pub const RENEW: &str = "the exchange must renew it before then: tell it";

/// Who answered.
pub fn chain(chain: &Chain) -> String {
    let mut found = chain.protocol.to_owned();
    match &chain.leaf {
        Some(leaf) => found.push_str(&format!("; {}, signed by {}", leaf.named, leaf.issuer)),
        None => found.push_str("; its certificate cannot be read here, but it was checked"),
    }
    if !chain.others.is_empty() {
        found.push_str(&format!("; sent along: {}", chain.others.join(", ")));
    }
    found.push_str(match (chain.wants_ours, chain.has_ours) {
        (true, true) => "; it asked for our certificate",
        (true, false) => "; it asked for a client certificate, and none is set",
        (false, true) => "; it did not ask for our certificate",
        (false, false) => "",
    });
    found
}

/// The certificate that ends first.
pub fn counts_until(subject: &str, end: Timestamp, days: u64) -> String {
    format!("{subject} counts until {}, {days} days", date_time(end))
}
