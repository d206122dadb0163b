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
use crate::app::words::tls::certificate::{self as words, Dates, Stranger};
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
        let dates = |date: fn(&CertificateFacts) -> Timestamp, found, now| Dates {
            is_own: is_own(facts, date, found),
            date: instant(found),
            now: instant(now),
        };
        match why {
            CertificateError::ExpiredContext { time, not_after } => {
                words::expired(&dates(|facts| facts.not_after, *not_after, *time))
            }
            CertificateError::NotValidYetContext { time, not_before } => {
                words::not_valid_before(&dates(|facts| facts.not_before, *not_before, *time))
            }
            CertificateError::Expired => words::EXPIRED.to_owned(),
            CertificateError::NotValidYet => words::NOT_YET_VALID.to_owned(),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                another_name(facts, host)
            }
            CertificateError::Revoked => words::REVOKED.to_owned(),
            // Its form decides before anything else that is wrong with it.
            _ if facts.is_some_and(|facts| facts.version < 3) => {
                words::old_form(facts.map_or(1, |facts| facts.version))
            }
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
        match (&self.roots, facts) {
            (Roots::File(authority), _) if self.is_in_file(der) => words::authority_in_file(&authority.path),
            (Roots::File(authority), Some(facts)) if facts.is_self_signed() => {
                words::authority_beside_file(&facts.issuer, &authority.path)
            }
            (Roots::Platform(section), Some(facts)) if facts.is_self_signed() => {
                words::authority_unknown(&facts.issuer, section)
            }
            _ => words::authority_as_server(),
        }
    }

    /// Nobody we trust signed it.
    fn stranger(&self, facts: Option<&CertificateFacts>, der: &[u8]) -> String {
        let stranger = match facts {
            Some(facts) if facts.is_self_signed() => Stranger::SelfSigned { issuer: &facts.issuer },
            Some(facts) => Stranger::Issued { issuer: &facts.issuer },
            None => Stranger::Unreadable,
        };
        match &self.roots {
            Roots::Platform(section) => stranger.to_machine(section),
            Roots::File(authority) if self.is_in_file(der) => stranger.in_file(&authority.path),
            Roots::File(authority) if self.has_subject(facts) => stranger.of_a_name_in_file(&authority.path),
            Roots::File(authority) => stranger.to_file(&authority.path),
        }
    }
}

fn has_subject(authority: &Authority, subject: &str) -> bool {
    let mut roots = authority.certificates.iter().filter_map(|root| CertificateFacts::read(root));
    roots.any(|root| root.subject == subject)
}

/// It is for another host than the one that we asked for.
fn another_name(facts: Option<&CertificateFacts>, host: &str) -> String {
    let Some(facts) = facts else { return words::other_name(host) };
    if host.parse::<IpAddr>().is_ok() && facts.hosts.iter().any(|name| name == host) {
        return words::address_as_name(host);
    }
    if facts.names.is_empty() {
        return words::no_name(&facts.subject, host);
    }
    words::other_names(&facts.names, host)
}

/// The rest, without the library's words.
fn plainly(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => words::UNSUPPORTED_SIGNATURE,
        CertificateError::BadEncoding => words::UNREADABLE,
        CertificateError::BadSignature => words::BAD_SIGNATURE,
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => words::NOT_FOR_A_SERVER,
        CertificateError::UnhandledCriticalExtension => words::UNKNOWN_EXTENSION,
        CertificateError::UnknownRevocationStatus
        | CertificateError::ExpiredRevocationList
        | CertificateError::ExpiredRevocationListContext { .. } => words::REVOCATION_UNKNOWN,
        CertificateError::Other(other) => match other.0.to_string().as_str() {
            "NameConstraintViolation" => words::NAME_FORBIDDEN,
            "EndEntityUsedAsCa" => words::SIGNED_BY_A_SERVER,
            "PathLenConstraintViolated" => words::CHAIN_TOO_LONG,
            _ => words::DOES_NOT_HOLD,
        },
        _ => words::DOES_NOT_HOLD,
    }
}

/// True unless the date is that of a certificate further up.
fn is_own(facts: Option<&CertificateFacts>, date: fn(&CertificateFacts) -> Timestamp, found: UnixTime) -> bool {
    facts.is_none_or(|facts| instant(found).is_none_or(|found| found == date(facts)))
}

fn instant(time: UnixTime) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(time.as_secs()).ok()?).ok()
}
