//! Failures of TLS, each in a sentence that says what to do.

use std::io;

use jiff::Timestamp;
use tokio_rustls::rustls::{AlertDescription as Alert, CertificateError, Error, PeerIncompatible};

use super::certificate::CertificateFacts;
use super::verifier::Refusal;
use crate::domain::text::inert;
use crate::domain::time::date_time;
use crate::runtime::clock;

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
    pub fn sentence(&self, error: &io::Error, was_asked: bool) -> String {
        let words = match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(error) => self.of_tls(error, was_asked),
            None if was_asked => self.certificate_refused("it closed the link right after it"),
            None => format!("{}; something on the way may not let TLS through", inert(&error.to_string())),
        };
        format!("TLS with {}: {words}", self.authority)
    }

    fn of_tls(&self, error: &Error, was_asked: bool) -> String {
        match error {
            Error::InvalidCertificate(CertificateError::Other(other)) => match other.0.downcast_ref::<Refusal>() {
                Some(refusal) => refusal.0.clone(),
                None => inert(&error.to_string()),
            },
            Error::AlertReceived(alert) => self.of_alert(*alert, was_asked),
            Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
                | PeerIncompatible::Tls12NotOfferedOrEnabled,
            ) => old_version(),
            Error::PeerIncompatible(_) => {
                format!("{error}; the exchange must offer TLS 1.2 or 1.3 with a usual cipher")
            }
            Error::InvalidMessage(_) => {
                "what answers there does not speak TLS; check the port and the scheme of the URL".to_owned()
            }
            other => inert(&other.to_string()),
        }
    }

    fn of_alert(&self, alert: Alert, was_asked: bool) -> String {
        match alert {
            Alert::CertificateRequired | Alert::NoCertificate => self.certificate_refused("none was given"),
            Alert::ProtocolVersion | Alert::InsufficientSecurity => old_version(),
            Alert::UnrecognisedName => {
                "there is nothing by this name; check the host in the URL".to_owned()
            }
            _ if was_asked => self.certificate_refused(&format!("{alert:?}")),
            Alert::HandshakeFailure => {
                "the gateway found no version and cipher in common; the exchange must offer TLS 1.2 or 1.3 with a usual cipher"
                    .to_owned()
            }
            other => format!("the gateway ended it with the alert {other:?}; ask the exchange why"),
        }
    }

    fn certificate_refused(&self, said: &str) -> String {
        if let Some(ours) = &self.identity {
            return format!(
                "the gateway refused our client certificate {} ({}); check cert-file and key-file in {}, or ask the exchange",
                named(ours, clock::wall()),
                inert(said),
                self.section
            );
        }
        format!("the gateway wants a client certificate; set cert-file and key-file in {}", self.section)
    }
}

fn old_version() -> String {
    "the gateway speaks neither TLS 1.2 nor TLS 1.3, and nothing older is safe; the exchange must offer one of them"
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
