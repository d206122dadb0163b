//! The bytes under the WebSocket: TCP, and TLS for `wss://`.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, crypto::ring, pki_types::ServerName};

use rustls_platform_verifier::BuilderVerifierExt;

use crate::protocol::Target;

/// A stream of either kind.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Connects to host and port.
pub async fn tcp(target: &Target) -> Result<TcpStream, String> {
    let stream = TcpStream::connect((target.host.as_str(), target.port)).await;
    let stream = stream.map_err(|error| format!("{}: {error}", target.authority()))?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    Ok(stream)
}

/// TLS with the platform's roots, for `wss://`; nothing for `ws://`, which the configuration allows on loopback only.
pub async fn secure(target: &Target, stream: TcpStream) -> Result<Box<dyn Stream>, String> {
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
