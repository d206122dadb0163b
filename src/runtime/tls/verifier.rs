//! The check of the gateway's certificate: rustls decides, here its refusal is put in words while the certificate is at hand.

use std::error::Error as StdError;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};

use super::certificate::CertificateFacts;
use crate::domain::time::date_time;
use crate::protocol::trust::Authority;

/// Whose signature counts, in the words of a message.
#[derive(Clone, Debug)]
pub(super) enum Roots {
    /// The platform's; the section of the configuration that would change it.
    Platform(String),
    /// Those of a file.
    File(Authority),
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
                let words = self.words(&why, end_entity, &server_name.to_str());
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
    fn words(&self, why: &CertificateError, der: &[u8], host: &str) -> String {
        let facts = CertificateFacts::read(der);
        let facts = facts.as_ref();
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
            CertificateError::Expired => {
                "its certificate expired; the exchange must renew it, or mend the clock".to_owned()
            }
            CertificateError::NotValidYet => {
                "its certificate is not valid yet; mend this machine's clock, or ask the exchange".to_owned()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                another_name(facts, host)
            }
            CertificateError::Revoked => "its certificate was revoked; ask the exchange for a new one".to_owned(),
            // Its form decides before anything else that is wrong with it.
            _ if facts.is_some_and(|facts| facts.version < 3) => format!(
                "its certificate is of X.509 version {}, which cannot say for which host it is; ask the exchange for one of \
                 version 3",
                facts.map_or(1, |facts| facts.version)
            ),
            _ if facts.is_some_and(|facts| facts.is_authority) && !matches!(why, CertificateError::UnknownIssuer) => {
                self.authority_as_server(facts, der)
            }
            CertificateError::UnknownIssuer => self.stranger(facts, der),
            CertificateError::Other(_)
            | CertificateError::BadSignature
            | CertificateError::UnsupportedSignatureAlgorithmContext { .. }
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. }
                if facts.is_some_and(CertificateFacts::is_self_signed) && !self.is_in_file(der) =>
            {
                self.stranger(facts, der)
            }
            // Another key under the name of an authority that is known comes to this.
            CertificateError::BadSignature if self.has_subject(facts) => self.stranger(facts, der),
            other => plainly(other).to_owned(),
        }
    }

    /// True if an authority in the file has the name of the one that issued this.
    fn has_subject(&self, facts: Option<&CertificateFacts>) -> bool {
        matches!((&self.roots, facts), (Roots::File(authority), Some(facts)) if has_subject(authority, &facts.issuer))
    }

    fn is_in_file(&self, der: &[u8]) -> bool {
        matches!(&self.roots, Roots::File(authority) if authority.certificates.iter().any(|root| root == der))
    }

    /// A certificate that signs others is shown for a server's own.
    fn authority_as_server(&self, facts: Option<&CertificateFacts>, der: &[u8]) -> String {
        const MEND: &str = "ask the exchange for a certificate that is a server's (CA:FALSE)";
        match (&self.roots, facts) {
            (Roots::File(authority), _) if self.is_in_file(der) => format!(
                "its certificate is in ca-file {}, but it is marked as an authority's own (CA:TRUE), which no server may show; \
                 {MEND}, signed by that authority",
                authority.path
            ),
            (Roots::File(authority), Some(facts)) if facts.is_self_signed() => format!(
                "its certificate is self-signed, by {}, and marked as an authority's own (CA:TRUE), which no server may show, and \
                 which ca-file {} cannot mend; {MEND}",
                or_nameless(&facts.issuer),
                authority.path
            ),
            (Roots::Platform(section), Some(facts)) if facts.is_self_signed() => format!(
                "its certificate is self-signed, by {}, and marked as an authority's own (CA:TRUE), which no server may show; \
                 {MEND}, and set ca-file in {section} to its authority",
                or_nameless(&facts.issuer)
            ),
            _ => format!("its certificate is marked as an authority's own (CA:TRUE), which no server may show; {MEND}"),
        }
    }

    /// Nobody we trust signed it.
    fn stranger(&self, facts: Option<&CertificateFacts>, der: &[u8]) -> String {
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
            Roots::File(authority) if self.is_in_file(der) => format!(
                "{what}: it is in ca-file {}, but does not vouch for itself as a server's must; ask the exchange for one that an \
                 authority signed",
                authority.path
            ),
            Roots::File(authority) if self.has_subject(facts) => format!(
                "{what}: ca-file {} has an authority of that name, but not the one that signed this; put the one of today there",
                authority.path
            ),
            Roots::File(authority) => format!(
                "{what}: it is not in ca-file {}, which replaces this machine's authorities; put the certificate of the right \
                 authority there, or have the gateway send those that lead to it",
                authority.path
            ),
        }
    }
}

fn has_subject(authority: &Authority, subject: &str) -> bool {
    let mut roots = authority.certificates.iter().filter_map(|root| CertificateFacts::read(root));
    roots.any(|root| root.subject == subject)
}

/// It is for another host than the one that we asked for.
fn another_name(facts: Option<&CertificateFacts>, host: &str) -> String {
    let Some(facts) = facts else {
        return format!(
            "its certificate is for another name than {host}; mend the host in the URL, or ask the exchange"
        );
    };
    if host.parse::<IpAddr>().is_ok() && facts.hosts.iter().any(|name| name == host) {
        return format!(
            "its certificate names {host} as a host name (DNS:{host}), and an address counts only as one (IP:{host}); ask the \
             exchange for a certificate with the address, or use a host name of it in the URL"
        );
    }
    if facts.names.is_empty() {
        return format!(
            "its certificate is for another name: it is good for no host name at all, because its subject {} does not count, and \
             it has no other; ask the exchange for a certificate with {host} as subject alternative name",
            or_nameless(&facts.subject)
        );
    }
    format!(
        "its certificate is for another name: it is good for {}, not for {host}; mend the host in the URL, or ask the exchange for a \
         certificate with this name",
        names(facts)
    )
}

/// The rest, without the library's words.
fn plainly(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "its certificate is signed in a way that is not supported here; ask the exchange for one signed with RSA, ECDSA or \
             Ed25519 over SHA-256 or better"
        }
        CertificateError::BadEncoding => "its certificate cannot be read; ask the exchange for a proper one",
        CertificateError::BadSignature => {
            "the signature of its certificate is wrong; ask the exchange for a proper one"
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "its certificate is not for a server; ask the exchange for one that is"
        }
        CertificateError::UnhandledCriticalExtension => {
            "its certificate has a critical extension that is not known here; ask the exchange for one without"
        }
        CertificateError::UnknownRevocationStatus
        | CertificateError::ExpiredRevocationList
        | CertificateError::ExpiredRevocationListContext { .. } => {
            "it is not known whether its certificate was revoked; ask the exchange"
        }
        CertificateError::Other(other) => match other.0.to_string().as_str() {
            "NameConstraintViolation" => {
                "its authority may not sign for this name; ask the exchange for a certificate of another authority"
            }
            "EndEntityUsedAsCa" => {
                "it was signed by a certificate that is no authority's (CA:FALSE); ask the exchange for one that an authority \
                 signed"
            }
            "PathLenConstraintViolated" => {
                "there are more certificates between it and its authority than that allows; ask the exchange for a proper one"
            }
            _ => "its certificate does not hold; ask the exchange for a proper one",
        },
        _ => "its certificate does not hold; ask the exchange for a proper one",
    }
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
