//! The check of the gateway's certificate: rustls decides, here its refusal is put in words while the certificate is at hand.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};

use super::certificate::CertificateFacts;
use crate::domain::text::inert;
use crate::domain::time::date_time;

/// Whose signature counts, in the words of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Roots {
    /// The platform's; the section of the configuration that would change it.
    Platform(String),
    /// Those of this file.
    File(String),
}

/// Why a certificate was refused, and what to do: one sentence.
#[derive(Debug)]
pub(super) struct Refusal(pub String);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Refusal {}

/// Lets another verifier decide, always, and words what it refuses.
#[derive(Debug)]
pub(super) struct Worded {
    pub judge: Arc<dyn ServerCertVerifier>,
    pub roots: Roots,
}

impl ServerCertVerifier for Worded {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = self.judge.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        verdict.map_err(|error| match error {
            Error::InvalidCertificate(why) => {
                let words = self.words(&why, CertificateFacts::read(end_entity).as_ref(), &server_name.to_str());
                Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(Refusal(words)))))
            }
            other => other,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }
}

impl Worded {
    fn words(&self, why: &CertificateError, facts: Option<&CertificateFacts>, host: &str) -> String {
        match why {
            CertificateError::ExpiredContext { time, not_after } => {
                let whose = whose(facts, |facts| facts.not_after, *not_after);
                format!(
                    "{whose} expired at {}, and this machine's clock says {}; the exchange must renew it, or mend the clock",
                    date(*not_after),
                    date(*time)
                )
            }
            CertificateError::NotValidYetContext { time, not_before } => {
                let whose = whose(facts, |facts| facts.not_before, *not_before);
                format!(
                    "{whose} is not valid before {}, and this machine's clock says {}; mend the clock, or ask the exchange",
                    date(*not_before),
                    date(*time)
                )
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => format!(
                "its certificate is for another name: it is good for {}, not for {host}; mend the host in the URL, or ask \
                 the exchange for a certificate with this name",
                facts.map_or_else(|| "names that cannot be read".to_owned(), names)
            ),
            CertificateError::UnknownIssuer => self.stranger(facts),
            // An authority's own certificate, used for a server, comes to this.
            CertificateError::Other(_)
            | CertificateError::BadSignature
            | CertificateError::UnsupportedSignatureAlgorithmContext { .. }
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. }
                if facts.is_some_and(CertificateFacts::is_self_signed) =>
            {
                self.stranger(facts)
            }
            CertificateError::UnsupportedSignatureAlgorithmContext { .. }
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
                "its certificate is signed in a way that is not supported here; ask the exchange for one signed with RSA, \
                 ECDSA or Ed25519 over SHA-256 or better"
                    .to_owned()
            }
            CertificateError::BadEncoding => {
                "its certificate cannot be read; ask the exchange for a proper one".to_owned()
            }
            CertificateError::BadSignature => {
                "the signature of its certificate is wrong; ask the exchange for a proper one".to_owned()
            }
            CertificateError::Revoked => "its certificate was revoked; ask the exchange for a new one".to_owned(),
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                "its certificate is not for a server; ask the exchange for one that is".to_owned()
            }
            other => format!("its certificate does not hold ({}); ask the exchange for a proper one", shortly(other)),
        }
    }

    /// Nobody we trust signed it.
    fn stranger(&self, facts: Option<&CertificateFacts>) -> String {
        let what = match facts {
            Some(facts) if facts.is_self_signed() => {
                format!("its certificate is self-signed, by {}", or_nameless(&facts.issuer))
            }
            Some(facts) => {
                format!("its certificate was issued by {}, an unknown authority", or_nameless(&facts.issuer))
            }
            None => "its certificate was issued by an unknown authority".to_owned(),
        };
        match &self.roots {
            Roots::Platform(section) => format!(
                "{what}: this machine trusts no such authority; if it is the exchange's own, get its certificate from the \
                 exchange and set ca-file in {section}"
            ),
            Roots::File(path) => format!(
                "{what}: it is not in ca-file {path}, which replaces this machine's authorities; put the certificate of \
                 the right authority there"
            ),
        }
    }
}

/// The name of what is wrong, without its innards: they are no words.
fn shortly(error: &CertificateError) -> String {
    const LONGEST: usize = 100;
    let said = inert(&error.to_string());
    let name = said.split(['{', '(', '[']).next().unwrap_or_default().trim();
    name.chars().take(LONGEST).collect()
}

fn or_nameless(name: &str) -> String {
    if name.is_empty() { "nobody by name".to_owned() } else { format!("{name:?}") }
}

/// The date may be that of a certificate further up.
fn whose(facts: Option<&CertificateFacts>, date: fn(&CertificateFacts) -> Timestamp, found: UnixTime) -> &'static str {
    match facts {
        Some(facts) if instant(found).is_some_and(|found| found != date(facts)) => "a certificate of its authority",
        _ => "its certificate",
    }
}

fn names(facts: &CertificateFacts) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<&str> = facts.names.iter().take(SHOWN).map(String::as_str).collect();
    match facts.names.len() {
        0 => "no host name at all".to_owned(),
        count if count > SHOWN => format!("{} and {} more", shown.join(", "), count - SHOWN),
        _ => shown.join(", "),
    }
}

fn instant(time: UnixTime) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(time.as_secs()).ok()?).ok()
}

fn date(time: UnixTime) -> String {
    instant(time).map_or_else(|| "an impossible time".to_owned(), date_time)
}
