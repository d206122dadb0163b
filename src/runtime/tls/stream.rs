//! A stream under TLS. What breaks it is put in words here: a gateway that refuses our certificate in TLS 1.3 says so only
//! after the handshake.

use std::error::Error as StdError;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context as Task, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::{Connect, rustls};

use super::certificate::CertificateFacts;
use super::failure::Context;
use super::{Peer, protocol};
use crate::protocol::LinkEnd;

/// The stream of a handshake that succeeded.
pub struct Secured {
    stream: TlsStream<TcpStream>,
    context: Context,
    was_asked: Arc<AtomicBool>,
    /// Something arrived: our certificate, if one was wanted, was taken.
    is_in: bool,
}

impl Secured {
    pub(super) async fn open(
        connecting: Connect<TcpStream>,
        context: Context,
        was_asked: Arc<AtomicBool>,
    ) -> Result<(Self, Peer), LinkEnd> {
        let asked = || was_asked.load(Ordering::Relaxed);
        let stream = connecting.await.map_err(|error| context.sentence(&error, asked()))?;
        let connection = stream.get_ref().1;
        let chain = connection.peer_certificates().unwrap_or_default();
        let peer = Peer {
            protocol: protocol(connection.protocol_version()),
            chain: chain.iter().filter_map(|der| CertificateFacts::read(der)).collect(),
            wants_certificate: asked(),
        };
        Ok((Self { stream, context, was_asked, is_in: false }, peer))
    }

    fn worded(&self, error: io::Error) -> io::Error {
        let is_ours = self.was_asked.load(Ordering::Relaxed) && !self.is_in;
        let is_tls = error.get_ref().is_some_and(<dyn StdError + Send + Sync>::is::<rustls::Error>);
        if is_ours || is_tls {
            return io::Error::new(error.kind(), self.context.sentence(&error, is_ours));
        }
        error
    }
}

impl AsyncRead for Secured {
    fn poll_read(mut self: Pin<&mut Self>, task: &mut Task<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(task, buffer);
        self.is_in |= buffer.filled().len() > before;
        read.map_err(|error| self.worded(error))
    }
}

impl AsyncWrite for Secured {
    fn poll_write(mut self: Pin<&mut Self>, task: &mut Task<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(task, bytes).map_err(|error| self.worded(error))
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(task).map_err(|error| self.worded(error))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(task)
    }
}
