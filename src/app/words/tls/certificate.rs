//! Words where the gateway's certificate is refused: what is wrong with it, and behind the last semicolon what to do. Texts of a
//! certificate come inert.

use jiff::Timestamp;

use crate::domain::time::date_time;

/// So many names of a certificate are told.
const SHOWN: usize = 8;
/// Mends an authority that is shown for a server.
const MEND: &str = "ask the exchange for a certificate that is a server's (CA:FALSE)";

/// A date is over; which one is not told.
pub const EXPIRED: &str = "its certificate expired; the exchange must renew it, or mend the clock";
/// A date is to come; which one is not told.
pub const NOT_YET_VALID: &str = "its certificate is not valid yet; mend this machine's clock, or ask the exchange";
/// It was taken back.
pub const REVOKED: &str = "its certificate was revoked; ask the exchange for a new one";
/// An algorithm that is not known.
pub const UNSUPPORTED_SIGNATURE: &str = "its certificate is signed in a way that is not supported here; ask the exchange for \
                                         one signed with RSA, ECDSA or Ed25519 over SHA-256 or better";
/// It is damaged.
pub const UNREADABLE: &str = "its certificate cannot be read; ask the exchange for a proper one";
/// Somebody else signed it.
pub const BAD_SIGNATURE: &str = "the signature of its certificate is wrong; ask the exchange for a proper one";
/// It is for something else.
pub const NOT_FOR_A_SERVER: &str = "its certificate is not for a server; ask the exchange for one that is";
/// It demands something that is not known.
pub const UNKNOWN_EXTENSION: &str =
    "its certificate has a critical extension that is not known here; ask the exchange for one without";
/// Nobody says whether it was taken back.
pub const REVOCATION_UNKNOWN: &str = "it is not known whether its certificate was revoked; ask the exchange";
/// Its authority is for other names.
pub const NAME_FORBIDDEN: &str =
    "its authority may not sign for this name; ask the exchange for a certificate of another authority";
/// A server signed it.
pub const SIGNED_BY_A_SERVER: &str = "it was signed by a certificate that is no authority's (CA:FALSE); ask the exchange for one that an authority signed";
/// Its chain is too long.
pub const CHAIN_TOO_LONG: &str =
    "there are more certificates between it and its authority than that allows; ask the exchange for a proper one";
/// Anything else.
pub const DOES_NOT_HOLD: &str = "its certificate does not hold; ask the exchange for a proper one";

/// A date, beside this machine's clock.
pub struct Dates {
    /// True if it is the gateway's certificate that has this date, and none further up.
    pub is_own: bool,
    /// The date; none if it cannot be.
    pub date: Option<Timestamp>,
    /// This machine's clock.
    pub now: Option<Timestamp>,
}

/// It counts no more.
pub fn expired(dates: &Dates) -> String {
    format!(
        "{} expired at {}, and this machine's clock says {}; the exchange must renew it, or mend the clock",
        whose(dates),
        date(dates.date),
        date(dates.now)
    )
}

/// It does not count yet.
pub fn not_valid_before(dates: &Dates) -> String {
    format!(
        "{} is not valid before {}, and this machine's clock says {}; mend the clock, or ask the exchange",
        whose(dates),
        date(dates.date),
        date(dates.now)
    )
}

fn whose(dates: &Dates) -> &'static str {
    if dates.is_own { "its certificate" } else { "a certificate of its authority" }
}

fn date(time: Option<Timestamp>) -> String {
    time.map_or_else(|| "an impossible time".to_owned(), date_time)
}

/// Its form is too old to name a host.
pub fn old_form(version: u8) -> String {
    format!(
        "its certificate is of X.509 version {version}, which cannot say for which host it is; ask the exchange for one of version 3"
    )
}

/// An authority that is in our ca-file is shown for a server.
pub fn authority_in_file(path: &str) -> String {
    format!(
        "its certificate is in ca-file {path}, but it is marked as an authority's own (CA:TRUE), which no server may show; {MEND}, \
         signed by that authority"
    )
}

/// An authority that is not in our ca-file is shown for a server.
pub fn authority_beside_file(issuer: &str, path: &str) -> String {
    format!(
        "its certificate is self-signed, by {}, and marked as an authority's own (CA:TRUE), which no server may show, and which \
         ca-file {path} cannot mend; {MEND}",
        or_nameless(issuer)
    )
}

/// An authority that the machine does not know is shown for a server.
pub fn authority_unknown(issuer: &str, section: &str) -> String {
    format!(
        "its certificate is self-signed, by {}, and marked as an authority's own (CA:TRUE), which no server may show; {MEND}, and \
         set ca-file in {section} to its authority",
        or_nameless(issuer)
    )
}

/// An authority is shown for a server.
pub fn authority_as_server() -> String {
    format!("its certificate is marked as an authority's own (CA:TRUE), which no server may show; {MEND}")
}

/// Nobody whom we trust signed it.
pub enum Stranger<'a> {
    /// It vouches for itself.
    SelfSigned {
        /// The name that it gives itself.
        issuer: &'a str,
    },
    /// Somebody vouches for it.
    Issued {
        /// Who.
        issuer: &'a str,
    },
    /// It cannot be read.
    Unreadable,
}

impl Stranger<'_> {
    fn words(&self) -> String {
        match self {
            Self::SelfSigned { issuer } => format!("its certificate is self-signed, by {}", or_nameless(issuer)),
            Self::Issued { issuer } => {
                format!("its certificate was issued by {}, an unknown authority", or_nameless(issuer))
            }
            Self::Unreadable => "its certificate was issued by an unknown authority".to_owned(),
        }
    }

    /// This machine does not know who signed it.
    pub fn to_machine(&self, section: &str) -> String {
        format!(
            "{}: this machine trusts no such authority; if it is the exchange's own, get its certificate from the exchange and set \
             ca-file in {section}",
            self.words()
        )
    }

    /// Our ca-file has it, and that is not enough.
    pub fn in_file(&self, path: &str) -> String {
        format!(
            "{}: it is in ca-file {path}, but does not vouch for itself as a server's must; ask the exchange for one that an \
             authority signed",
            self.words()
        )
    }

    /// Our ca-file has another authority of that name.
    pub fn of_a_name_in_file(&self, path: &str) -> String {
        format!(
            "{}: ca-file {path} has an authority of that name, but not the one that signed this; put the one of today there",
            self.words()
        )
    }

    /// Our ca-file does not have it.
    pub fn to_file(&self, path: &str) -> String {
        format!(
            "{}: it is not in ca-file {path}, which replaces this machine's authorities; put the certificate of the right authority \
             there, or have the gateway send those that lead to it",
            self.words()
        )
    }
}

/// It is for another host; for which one cannot be read.
pub fn other_name(host: &str) -> String {
    format!("its certificate is for another name than {host}; mend the host in the URL, or ask the exchange")
}

/// It names the address, but as a host name.
pub fn address_as_name(host: &str) -> String {
    format!(
        "its certificate names {host} as a host name (DNS:{host}), and an address counts only as one (IP:{host}); ask the exchange \
         for a certificate with the address, or use a host name of it in the URL"
    )
}

/// It is for no host.
pub fn no_name(subject: &str, host: &str) -> String {
    format!(
        "its certificate is for another name: it is good for no host name at all, because its subject {} does not count, and it has \
         no other; ask the exchange for a certificate with {host} as subject alternative name",
        or_nameless(subject)
    )
}

/// It is for other hosts, one at the least.
pub fn other_names(names: &[String], host: &str) -> String {
    format!(
        "its certificate is for another name: it is good for {}, not for {host}; mend the host in the URL, or ask the exchange for a \
         certificate with this name",
        some_of(names)
    )
}

fn some_of(names: &[String]) -> String {
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len() {
        count if count > SHOWN => format!("{shown} and {} more", count - SHOWN),
        _ => shown,
    }
}

fn or_nameless(name: &str) -> String {
    if name.is_empty() { "nobody by name".to_owned() } else { format!("{name:?}") }
}
