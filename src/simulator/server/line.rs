//! The bytes under a link of the server, which may drip, stop, or end in the middle of a frame.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::Sleep;
use tokio_rustls::server::TlsStream;

use crate::simulator::conduct::Drip;

/// A stream of a client.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send {
    /// The end of this stream will be a reset, where it can be.
    fn reset(&self);
}

impl Wire for TcpStream {
    fn reset(&self) {
        let _ = self.set_zero_linger();
    }
}

impl Wire for TlsStream<TcpStream> {
    fn reset(&self) {
        self.get_ref().0.reset();
    }
}

impl Wire for tokio::io::DuplexStream {
    fn reset(&self) {}
}

/// The control of a line's bytes; shared with whoever tells it.
#[derive(Clone, Default)]
pub(super) struct Control(Arc<Shared>);

#[derive(Default)]
struct Shared {
    drip: Option<Drip>,
    faults: Mutex<Faults>,
    hang_up: Notify,
}

#[derive(Clone, Copy, Default)]
struct Faults {
    is_stalled: bool,
    /// So many more bytes go out before the reset.
    until_cut: Option<usize>,
}

impl Control {
    pub(super) fn new(drip: Option<Drip>) -> Self {
        Self(Arc::new(Shared { drip, ..Shared::default() }))
    }

    /// True if frames are long on the way, so that what breaks the link must not wait for them.
    pub(super) fn is_slow(&self) -> bool {
        self.0.drip.is_some()
    }

    /// Nothing is read or written any more.
    pub(super) fn stall(&self) {
        self.faults().is_stalled = true;
    }

    /// After so many more bytes the stream is reset.
    pub(super) fn cut_after(&self, bytes: usize) {
        self.faults().until_cut = Some(bytes);
    }

    /// The link ends now, whatever is on its way.
    pub(super) fn hang_up(&self) {
        self.0.hang_up.notify_one();
    }

    /// Waits for [`Self::hang_up`].
    pub(super) async fn hung_up(&self) {
        self.0.hang_up.notified().await;
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.0.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream under control.
pub(super) struct ByteLine {
    wire: Box<dyn Wire>,
    control: Control,
    pause: Option<Pin<Box<Sleep>>>,
}

impl ByteLine {
    pub(super) fn new(wire: Box<dyn Wire>, control: Control) -> Self {
        Self { wire, control, pause: None }
    }

    /// The number of these bytes that may go out now.
    fn allowance(&mut self, wanted: usize, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let faults = *self.control.faults();
        if faults.is_stalled {
            return Poll::Pending;
        }
        if faults.until_cut == Some(0) {
            self.wire.reset();
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        let most = self.control.0.drip.map_or(usize::MAX, |drip| drip.bytes.max(1));
        Poll::Ready(Ok(wanted.min(most).min(faults.until_cut.unwrap_or(usize::MAX))))
    }

    fn count(&mut self, written: usize) {
        if let Some(left) = &mut self.control.faults().until_cut {
            *left = left.saturating_sub(written);
        }
        if let Some(drip) = self.control.0.drip {
            self.pause = Some(Box::pin(tokio::time::sleep(Duration::from_millis(drip.every_ms))));
        }
    }
}

impl AsyncRead for ByteLine {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let line = self.get_mut();
        if line.control.faults().is_stalled {
            return Poll::Pending;
        }
        Pin::new(&mut line.wire).poll_read(context, buffer)
    }
}

impl AsyncWrite for ByteLine {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let line = self.get_mut();
        let allowed = ready!(line.allowance(bytes.len(), context))?;
        let written = ready!(Pin::new(&mut line.wire).poll_write(context, bytes.get(..allowed).unwrap_or(bytes)))?;
        line.count(written);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let line = self.get_mut();
        if line.control.faults().is_stalled {
            return Poll::Pending;
        }
        Pin::new(&mut line.wire).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let line = self.get_mut();
        if line.control.faults().is_stalled {
            return Poll::Pending;
        }
        Pin::new(&mut line.wire).poll_shutdown(context)
    }
}
