//! Failures of TLS, each in a sentence that says what to do, and when another try is worth it. None of the library's words is
//! among them.

use std::io;

use jiff::Timestamp;
use tokio_rustls::rustls::{AlertDescription as Alert, CertificateError, Error, PeerIncompatible};

use super::certificate::CertificateFacts;
use super::verifier::Refusal;
use crate::domain::time::date_time;
use crate::protocol::far_side::{MENDED, alert};
use crate::protocol::{LinkEnd, NextTry};
use crate::runtime::{clock, io_words};

/// Our own certificate, for a message.
#[derive(Clone, Debug)]
pub(super) struct OwnCertificate {
    /// Its own words, if it can be read.
    pub facts: Option<CertificateFacts>,
}

/// The things on which the words depend.
#[derive(Clone, Debug)]
pub(super) struct Context {
    /// Host and port.
    pub authority: String,
    /// Where the operator changes it, such as `[profiles.staging.tls]`.
    pub section: String,
    /// The certificate that we have to show, if any.
    pub identity: Option<OwnCertificate>,
}

impl Context {
    /// The sentence. `was_asked`: whether the gateway wanted a certificate of ours.
    pub fn sentence(&self, error: &io::Error, was_asked: bool) -> LinkEnd {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
        let words = match inner {
            Some(error) => self.of_tls(error, was_asked),
            None if was_asked => self.certificate_refused("it closed the link right after it"),
            None => closed(error),
        };
        // Nothing is better before somebody mended it; a gateway that is going down, or changed on the way, is soon back.
        let may_pass = match inner {
            None | Some(Error::AlertReceived(Alert::InternalError | Alert::CloseNotify | Alert::UserCanceled)) => {
                !was_asked
            }
            Some(
                Error::DecryptError | Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. },
            ) => true,
            Some(_) => false,
        };
        let next = if may_pass { NextTry::Soon } else { NextTry::After(MENDED) };
        LinkEnd::new(format!("TLS with {}: {words}", self.authority), next)
    }

    fn of_tls(&self, error: &Error, was_asked: bool) -> String {
        match error {
            Error::InvalidCertificate(CertificateError::Other(other)) => match other.0.downcast_ref::<Refusal>() {
                Some(refusal) => refusal.0.clone(),
                None => "its certificate does not hold; ask the exchange for a proper one".to_owned(),
            },
            Error::InvalidCertificate(_) => {
                "it cannot prove that its certificate is its own; ask the exchange whether its key belongs to its certificate"
                    .to_owned()
            }
            Error::NoCertificatesPresented => {
                "it shows no certificate; ask the exchange for a gateway that shows one".to_owned()
            }
            Error::AlertReceived(alert) => self.of_alert(*alert, was_asked),
            Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
                | PeerIncompatible::Tls12NotOfferedOrEnabled,
            ) => old_version(),
            Error::PeerIncompatible(_) => nothing_in_common(),
            Error::InvalidMessage(_) | Error::PeerSentOversizedRecord => {
                "what answers there does not speak TLS; check the port and the scheme of the URL".to_owned()
            }
            Error::DecryptError => {
                "what came was changed on the way, or is not the gateway's; if it goes on, look at the network".to_owned()
            }
            Error::PeerMisbehaved(_)
            | Error::InappropriateMessage { .. }
            | Error::InappropriateHandshakeMessage { .. } => {
                "it does not keep to the rules of TLS; if it goes on, ask the exchange, or look for a proxy on the way".to_owned()
            }
            Error::FailedToGetCurrentTime => "this machine does not tell the time; set its clock".to_owned(),
            _ => "the handshake failed; ask the exchange, or look for a proxy on the way".to_owned(),
        }
    }

    fn of_alert(&self, alert: Alert, was_asked: bool) -> String {
        let said = alert::words(alert.into());
        match alert {
            Alert::CertificateRequired | Alert::NoCertificate => self.certificate_refused("none was given"),
            Alert::ProtocolVersion | Alert::InsufficientSecurity => old_version(),
            Alert::UnrecognisedName => format!("{said}; check the host in the URL"),
            _ if was_asked => self.certificate_refused(said),
            Alert::HandshakeFailure => nothing_in_common(),
            Alert::InternalError => format!("the gateway ended the handshake: {said}; if it goes on, ask the exchange"),
            other => {
                format!("the gateway ended the handshake: {said} (alert {}); ask the exchange why", u8::from(other))
            }
        }
    }

    fn certificate_refused(&self, said: &str) -> String {
        if let Some(ours) = &self.identity {
            return format!(
                "the gateway refused our client certificate {} ({said}); check cert-file and key-file in {}, or ask the exchange",
                named(ours, clock::wall()),
                self.section
            );
        }
        format!("the gateway wants a client certificate; set cert-file and key-file in {}", self.section)
    }
}

/// The link ended under the handshake.
fn closed(error: &io::Error) -> String {
    let how = match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            "the gateway closed the link in the middle of the handshake".to_owned()
        }
        _ => format!("the link broke in the middle of the handshake ({})", io_words::of(error)),
    };
    format!(
        "{how}: it may be going down, or something on the way does not let TLS through; if it goes on, check the port of the URL, or \
         ask the exchange"
    )
}

fn old_version() -> String {
    "the gateway speaks neither TLS 1.2 nor TLS 1.3, and nothing older is safe; the exchange must offer one of them"
        .to_owned()
}

fn nothing_in_common() -> String {
    "the gateway found no version and cipher in common; the exchange must offer TLS 1.2 or 1.3 with a usual cipher"
        .to_owned()
}

/// Whom our certificate names, and whether it counts at all now.
fn named(ours: &OwnCertificate, now: Timestamp) -> String {
    let Some(facts) = &ours.facts else { return "of cert-file".to_owned() };
    let subject = &facts.subject;
    if now > facts.not_after {
        return format!("{subject:?}, which expired at {}", date_time(facts.not_after));
    }
    if now < facts.not_before {
        return format!("{subject:?}, which is not valid before {}", date_time(facts.not_before));
    }
    format!("{subject:?}")
}
