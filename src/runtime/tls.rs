//! TLS: whose signature counts, what we show of ourselves, the handshake, and every refusal in words. Checking cannot be
//! turned off.

pub mod certificate;
mod failure;
mod stream;
mod verifier;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use rustls_platform_verifier::Verifier;
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::ServerCertVerifier;
use tokio_rustls::rustls::client::{ResolvesClientCert, WebPkiServerVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::time_provider::TimeProvider;
use tokio_rustls::rustls::{ClientConfig, ProtocolVersion, RootCertStore, SignatureScheme};

use self::certificate::CertificateFacts;
use self::failure::{Context, OwnCertificate};
pub use self::stream::Secured;
use self::verifier::{Roots, Worded};
use super::clock;
use crate::app::words::tls as words;
use crate::protocol::trust::{Authority, Identity};
use crate::protocol::{LinkEnd, Target, Trust};

/// The handshake has this long.
const LIMIT: Duration = Duration::from_secs(10);

/// TLS, prepared: reading the platform's authorities takes time, so it is done once.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ClientConfig>,
    section: String,
    identity: Option<OwnCertificate>,
}

/// Who answered, for `doctor` and the link view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// `TLS 1.3`.
    pub protocol: &'static str,
    /// The gateway's certificate, and those that it sent along.
    pub chain: Vec<CertificateFacts>,
    /// True if the gateway wanted a certificate of ours. In TLS 1.3 it refuses one only later, with the first bytes.
    pub wants_certificate: bool,
}

impl Tls {
    /// Prepares TLS. The error is a sentence.
    pub fn new(trust: &Trust) -> Result<Self, String> {
        let provider = Arc::new(ring::default_provider());
        let verifier = Worded { judge: judge(trust, &provider)?, roots: roots(trust) };
        let builder = ClientConfig::builder_with_details(provider.clone(), Arc::new(WallClock))
            .with_safe_default_protocol_versions()
            .map_err(|error| words::not_set_up(&error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let config = match &trust.identity {
            None => builder.with_no_client_auth(),
            Some(identity) => {
                builder.with_client_cert_resolver(Arc::new(Shown(certified(trust, identity, &provider)?)))
            }
        };
        let read = |ours: &Identity| ours.chain.first().and_then(|der| CertificateFacts::read(der));
        let identity = trust.identity.as_ref().map(|ours| OwnCertificate { facts: read(ours) });
        Ok(Self { config: Arc::new(config), section: trust.section.clone(), identity })
    }

    /// The handshake, at most 10 s.
    pub async fn handshake(&self, target: &Target, stream: TcpStream) -> Result<(Secured, Peer), LinkEnd> {
        let authority = target.authority();
        let context = Context { authority, section: self.section.clone(), identity: self.identity.clone() };
        let no_name = |_| LinkEnd::for_a_person(words::no_host_name(&target.host));
        let name = ServerName::try_from(target.host.clone()).map_err(no_name)?;
        let was_asked = Arc::new(AtomicBool::new(false));
        let mut config = ClientConfig::clone(&self.config);
        let shown = Arc::clone(&config.client_auth_cert_resolver);
        config.client_auth_cert_resolver = Arc::new(Noted { shown, was_asked: was_asked.clone() });
        let connecting = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let stream = Secured::open(connecting, context, was_asked);
        let late = || Err(LinkEnd::soon(words::no_answer(&target.authority(), LIMIT.as_secs())));
        timeout(LIMIT, stream).await.unwrap_or_else(|_| late())
    }
}

/// The wall clock for TLS, whose own stops the program where it is set before 1970.
#[derive(Debug)]
struct WallClock;

impl TimeProvider for WallClock {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(clock::wall().as_second()).unwrap_or(0);
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// Who decides on a certificate.
fn judge(trust: &Trust, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, String> {
    match &trust.authority {
        None => {
            let verifier = Verifier::new(provider.clone());
            Ok(Arc::new(verifier.map_err(|_| words::no_authorities(&trust.section))?))
        }
        Some(authority) => by_file(authority, provider),
    }
}

fn by_file(authority: &Authority, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let (path, count) = (&authority.path, authority.certificates.len());
    let mut store = RootCertStore::empty();
    for (index, certificate) in authority.certificates.iter().enumerate() {
        // One that is left out in silence might be the one that is meant.
        store.add(CertificateDer::from(certificate.clone())).map_err(|_| {
            let subject = CertificateFacts::read(certificate).map(|facts| facts.subject);
            words::unusable_authority(&words::InFile { path, number: index + 1, count, subject: subject.as_deref() })
        })?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone()).build();
    Ok(verifier.map_err(|_| words::no_usable_authority(path))?)
}

fn roots(trust: &Trust) -> Roots {
    match &trust.authority {
        Some(authority) => Roots::File(authority.clone()),
        None => Roots::Platform(trust.section.clone()),
    }
}

/// Our certificate with its key; that the two belong together is checked.
fn certified(trust: &Trust, identity: &Identity, provider: &CryptoProvider) -> Result<Arc<CertifiedKey>, String> {
    let wrong = |what| words::own_certificate(&trust.section, what);
    let key = PrivateKeyDer::try_from(identity.key.expose_secret().to_vec()).map_err(|_| wrong(words::UNKNOWN_KEY))?;
    let chain = identity.chain.iter().cloned().map(CertificateDer::from).collect();
    let certified = CertifiedKey::from_der(chain, key, provider);
    certified.map(Arc::new).map_err(|_| wrong(words::OTHER_KEY))
}

/// Shows our certificate to whoever asks.
#[derive(Debug)]
struct Shown(Arc<CertifiedKey>);

impl ResolvesClientCert for Shown {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Notes that the gateway asked for a certificate: what it refuses later can then be put in words.
#[derive(Debug)]
struct Noted {
    shown: Arc<dyn ResolvesClientCert>,
    was_asked: Arc<AtomicBool>,
}

impl ResolvesClientCert for Noted {
    fn resolve(&self, hints: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.was_asked.store(true, std::sync::atomic::Ordering::Relaxed);
        self.shown.resolve(hints, schemes)
    }

    fn has_certs(&self) -> bool {
        self.shown.has_certs()
    }
}

/// The version, as people say it.
fn protocol(version: Option<ProtocolVersion>) -> &'static str {
    match version {
        Some(ProtocolVersion::TLSv1_3) => words::VERSION_1_3,
        Some(ProtocolVersion::TLSv1_2) => words::VERSION_1_2,
        _ => words::UNKNOWN_VERSION,
    }
}
