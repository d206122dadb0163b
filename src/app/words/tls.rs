//! Words where TLS cannot be set up, or a handshake fails; behind the last semicolon of each stands what to do. Which failure is
//! told by which sentence is decided in `runtime/tls`.

pub mod alert;
pub mod certificate;

use std::fmt::Display;

use jiff::Timestamp;

use crate::domain::time::date_time;

/// Stands for whatever refused our certificate, where it says nothing.
pub const CLOSED_RIGHT_AFTER: &str = "it closed the link right after it";
/// Stands for whatever refused our certificate, where it was not sent.
pub const NONE_WAS_GIVEN: &str = "none was given";
/// A certificate whose key the gateway does not have.
pub const NOT_ITS_OWN: &str =
    "it cannot prove that its certificate is its own; ask the exchange whether its key belongs to its certificate";
/// A gateway without a certificate.
pub const NO_CERTIFICATE: &str = "it shows no certificate; ask the exchange for a gateway that shows one";
/// Something else than TLS.
pub const NO_TLS: &str = "what answers there does not speak TLS; check the port and the scheme of the URL";
/// Bytes that do not decrypt.
pub const CHANGED: &str =
    "what came was changed on the way, or is not the gateway's; if it goes on, look at the network";
/// A far side that breaks the protocol.
pub const BROKE_THE_RULES: &str =
    "it does not keep to the rules of TLS; if it goes on, ask the exchange, or look for a proxy on the way";
/// No certificate can be checked without the time.
pub const NO_TIME: &str = "this machine does not tell the time; set its clock";
/// Any other failure.
pub const FAILED: &str = "the handshake failed; ask the exchange, or look for a proxy on the way";
/// A gateway that is too old.
pub const OLD_VERSION: &str =
    "the gateway speaks neither TLS 1.2 nor TLS 1.3, and nothing older is safe; the exchange must offer one of them";
/// A gateway without a usual cipher.
pub const NOTHING_IN_COMMON: &str =
    "the gateway found no version and cipher in common; the exchange must offer TLS 1.2 or 1.3 with a usual cipher";
/// A version as people say it.
pub const VERSION_1_3: &str = "TLS 1.3";
/// A version as people say it.
pub const VERSION_1_2: &str = "TLS 1.2";
/// A version that has no name here.
pub const UNKNOWN_VERSION: &str = "TLS of an unknown version";
/// A key that cannot be read.
pub const UNKNOWN_KEY: &str = "the key is of no known form; wanted PKCS#8, PKCS#1 or SEC1";
/// A key of another certificate.
pub const OTHER_KEY: &str = "the key does not belong to it; wanted the key of this certificate";

/// A failure of the handshake with a gateway.
pub fn with(authority: &str, what: &str) -> String {
    format!("TLS with {authority}: {what}")
}

/// A handshake that has no end.
pub fn no_answer(authority: &str, seconds: u64) -> String {
    with(
        authority,
        &format!(
            "no answer within {seconds} s; something on the way may hold it up: if it goes on, check the port of the URL, or ask \
             the exchange"
        ),
    )
}

/// A host that no certificate can name.
pub fn no_host_name(host: &str) -> String {
    format!("{host:?} is no host name that a certificate could name; mend the URL")
}

/// TLS does not take our settings.
pub fn not_set_up(error: &impl Display) -> String {
    format!("TLS cannot be set up: {error}")
}

/// The machine knows no authority.
pub fn no_authorities(section: &str) -> String {
    format!(
        "this machine has no authorities to check a certificate by; install its package of them, such as ca-certificates, or set \
         ca-file in {section}"
    )
}

/// A certificate of a ca-file.
pub struct InFile<'a> {
    /// The file.
    pub path: &'a str,
    /// Which of its certificates, from 1.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// Whom it names, if it can be read.
    pub subject: Option<&'a str>,
}

/// A certificate of a ca-file is none.
pub fn unusable_authority(certificate: &InFile) -> String {
    let named = certificate.subject.map_or(String::new(), |subject| format!(" ({subject:?})"));
    format!(
        "ca-file {}: certificate {} of {} in it{named} cannot be used: it is damaged, or none; take it out, or put it in anew",
        certificate.path, certificate.number, certificate.count
    )
}

/// No certificate of a ca-file is one.
pub fn no_usable_authority(path: &str) -> String {
    format!("ca-file {path} holds no certificate that can be used; put the authority's there")
}

/// Our own certificate cannot be shown.
pub fn own_certificate(section: &str, what: &str) -> String {
    format!("cert-file and key-file in {section}: {what}")
}

/// The gateway knows no such host.
pub fn unknown_name(said: &str) -> String {
    format!("{said}; check the host in the URL")
}

/// The gateway is in trouble.
pub fn ended_for_a_fault(said: &str) -> String {
    format!("the gateway ended the handshake: {said}; if it goes on, ask the exchange")
}

/// The gateway ended the handshake by an alert.
pub fn ended(said: &str, alert: u8) -> String {
    format!("the gateway ended the handshake: {said} (alert {alert}); ask the exchange why")
}

/// The gateway does not take our certificate; `ours` is it in words.
pub fn certificate_refused(ours: &str, said: &str, section: &str) -> String {
    format!(
        "the gateway refused our client certificate {ours} ({said}); check cert-file and key-file in {section}, or ask the exchange"
    )
}

/// The gateway wants a certificate, and we have none.
pub fn certificate_wanted(section: &str) -> String {
    format!("the gateway wants a client certificate; set cert-file and key-file in {section}")
}

/// The gateway closed the link under the handshake.
pub fn closed() -> String {
    may_be_down("the gateway closed the link in the middle of the handshake")
}

/// The link broke under the handshake; `how` is a word of the system.
pub fn broken(how: &str) -> String {
    may_be_down(&format!("the link broke in the middle of the handshake ({how})"))
}

fn may_be_down(how: &str) -> String {
    format!(
        "{how}: it may be going down, or something on the way does not let TLS through; if it goes on, check the port of the URL, or \
         ask the exchange"
    )
}

/// Our own certificate, as far as it can be read.
pub struct Own<'a> {
    /// Whom it names.
    pub subject: &'a str,
    /// From when on it counts.
    pub not_before: Timestamp,
    /// Until when it counts.
    pub not_after: Timestamp,
}

/// Whom our certificate names, and whether it counts at all now.
pub fn ours(own: Option<&Own>, now: Timestamp) -> String {
    let Some(Own { subject, not_before, not_after }) = own else { return "of cert-file".to_owned() };
    if now > *not_after {
        return format!("{subject:?}, which expired at {}", date_time(*not_after));
    }
    if now < *not_before {
        return format!("{subject:?}, which is not valid before {}", date_time(*not_before));
    }
    format!("{subject:?}")
}
