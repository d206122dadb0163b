//! TLS for the simulated exchange: an authority of its own, made anew at each start, and a certificate for this machine.
//!
//! The authority's key never leaves memory, so that nobody who keeps its certificate trusts more than this one run.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose, SanType};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::conduct::Certificate;

/// The names and addresses that the certificate is good for.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The keys and certificates that a server and its clients need.
pub struct SimulatedTls {
    /// For the server.
    pub server: Arc<ServerConfig>,
    /// The certificate of the authority, for the clients' `ca-file`, in PEM.
    pub authority: String,
}

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificates cannot be made.
    #[error("cannot make certificates: {0}")]
    Make(#[from] rcgen::Error),
    /// TLS does not take them.
    #[error("TLS: {0}")]
    Rustls(#[from] tokio_rustls::rustls::Error),
    /// The clients' authority is none.
    #[error("{0}: wanted certificates in PEM")]
    ClientAuthority(String),
}

impl SimulatedTls {
    /// Makes an authority and a good certificate for localhost. With `client_authority`, certificates in PEM, every client must
    /// show a certificate of that authority.
    pub fn make(client_authority: Option<&[u8]>) -> Result<Self, TlsError> {
        Self::with(Certificate::Good, client_authority)
    }

    /// Makes an authority, and a certificate with something wrong with it.
    pub fn with(kind: Certificate, client_authority: Option<&[u8]>) -> Result<Self, TlsError> {
        let Shown { certificate, key, authority } = shown(kind)?;
        let provider = Arc::new(ring::default_provider());
        let builder =
            ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
        let builder = match client_authority {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots(pem)?), provider)
                    .build()
                    .map_err(|error| TlsError::ClientAuthority(error.to_string()))?;
                builder.with_client_cert_verifier(verifier)
            }
        };
        let private = PrivateKeyDer::try_from(key.serialize_der()).map_err(|error| TlsError::Make(other(error)))?;
        let server = Arc::new(builder.with_single_cert(vec![certificate.der().clone()], private)?);
        Ok(Self { server, authority })
    }
}

/// The certificate that the server shows, its key, and the file that its clients are told of, in PEM.
struct Shown {
    certificate: rcgen::Certificate,
    key: KeyPair,
    authority: String,
}

fn shown(kind: Certificate) -> Result<Shown, TlsError> {
    let issuer = CertifiedIssuer::self_signed(authority(), KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let mut params = certificate()?;
    match kind {
        Certificate::Expired => {
            params.not_before = rcgen::date_time_ymd(2020, 1, 1);
            params.not_after = rcgen::date_time_ymd(2021, 1, 1);
        }
        Certificate::NotYetValid => params.not_before = rcgen::date_time_ymd(4000, 1, 1),
        Certificate::OtherName => {
            params.subject_alt_names = vec![SanType::DnsName("gateway.example.com".try_into()?)];
        }
        Certificate::AddressAsName => params.subject_alt_names = vec![SanType::DnsName("127.0.0.1".try_into()?)],
        Certificate::SelfSignedAuthority => params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained),
        Certificate::SelfSigned => params.is_ca = IsCa::ExplicitNoCa,
        Certificate::Good | Certificate::OtherAuthority | Certificate::DamagedBundle => {}
    }
    if matches!(kind, Certificate::SelfSigned | Certificate::SelfSignedAuthority) {
        params.use_authority_key_identifier_extension = false;
        let certificate = params.self_signed(&key)?;
        let authority = certificate.pem();
        return Ok(Shown { certificate, key, authority });
    }
    let certificate = params.signed_by(&key, &issuer)?;
    let authority = match kind {
        Certificate::OtherAuthority => CertifiedIssuer::self_signed(authority(), KeyPair::generate()?)?.pem(),
        Certificate::DamagedBundle => format!("{}{DAMAGED}", issuer.pem()),
        _ => issuer.pem(),
    };
    Ok(Shown { certificate, key, authority })
}

/// A certificate in its form, of which nothing can be read.
const DAMAGED: &str = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";

fn other(why: &str) -> rcgen::Error {
    rcgen::Error::PemError(why.to_owned())
}

fn authority() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "withdraw-desk simulated authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn certificate() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(NAMES.map(str::to_owned))?;
    params.distinguished_name.push(DnType::CommonName, "withdraw-desk simulated exchange");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

fn roots(pem: &[u8]) -> Result<RootCertStore, TlsError> {
    let refused = |error: &dyn std::fmt::Display| TlsError::ClientAuthority(error.to_string());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        roots.add(certificate.map_err(|error| refused(&error))?).map_err(|error| refused(&error))?;
    }
    if roots.is_empty() { Err(refused(&"no certificate in it")) } else { Ok(roots) }
}
