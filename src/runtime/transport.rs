//! The bytes under the WebSocket: name, TCP, and TLS for `wss://`, each with a time limit.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use rustls_platform_verifier::BuilderVerifierExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, crypto::ring, pki_types::ServerName};

use crate::protocol::Target;

/// Each phase has this long.
const PHASE_LIMIT: Duration = Duration::from_secs(10);

/// A stream of either kind.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A connection on its way.
pub type Dialing<'a> = Pin<Box<dyn Future<Output = Result<Box<dyn Stream>, String>> + Send + 'a>>;

/// Who opens connections. The network does; a test may have one of its own in which bytes stop, come late or are cut off.
pub trait Dial: Send + Sync {
    /// Opens the bytes under a WebSocket; each of its phases has an end. The error is a sentence.
    fn dial<'a>(&'a self, target: &'a Target) -> Dialing<'a>;
}

/// The network, with the platform's roots for TLS.
pub struct Network;

impl Dial for Network {
    fn dial<'a>(&'a self, target: &'a Target) -> Dialing<'a> {
        Box::pin(async move {
            let stream = phase("connecting", target, tcp(target)).await?;
            phase("TLS", target, secure(target, stream)).await
        })
    }
}

async fn phase<T>(what: &str, target: &Target, doing: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let late = || Err(format!("{}: {what} took longer than {} s", target.authority(), PHASE_LIMIT.as_secs()));
    timeout(PHASE_LIMIT, doing).await.unwrap_or_else(|_| late())
}

/// Connects to host and port.
async fn tcp(target: &Target) -> Result<TcpStream, String> {
    let stream = TcpStream::connect((target.host.as_str(), target.port)).await;
    let stream = stream.map_err(|error| format!("{}: {error}", target.authority()))?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    Ok(stream)
}

/// TLS with the platform's roots, for `wss://`; nothing for `ws://`, which the configuration allows on loopback only.
async fn secure(target: &Target, stream: TcpStream) -> Result<Box<dyn Stream>, String> {
    if !target.is_tls {
        return Ok(Box::new(stream));
    }
    let failed = |error: &dyn std::fmt::Display| format!("TLS with {}: {error}", target.authority());
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| failed(&error))?
        .with_no_client_auth();
    let name = ServerName::try_from(target.host.clone()).map_err(|error| failed(&error))?;
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| failed(&error))?;
    Ok(Box::new(stream))
}
