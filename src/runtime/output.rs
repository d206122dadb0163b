//! The terminal's output, on a thread of its own: a terminal that takes none, as a stalled SSH does, must not hold the loop.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;

use super::{clock, terminal};
use crate::domain::Boot;

/// A whole frame leaves in one write.
const FRAME: usize = 64 * 1024;

/// The pieces on their way to the terminal.
#[derive(Default)]
struct Transit {
    /// Pieces that have not left yet.
    pieces: usize,
    /// Since when.
    since: Option<Boot>,
}

type Shared = Arc<Mutex<Transit>>;

fn look(shared: &Shared) -> MutexGuard<'_, Transit> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes frames for the terminal; flushed, they are on their way. Never waits.
pub struct FrameWriter {
    frame: Vec<u8>,
    frames: Sender<Vec<u8>>,
    transit: Shared,
}

/// A frame has left.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    /// When.
    pub at: Boot,
    /// The time it took.
    pub took: Duration,
    /// True if the terminal took it; it is gone otherwise.
    pub is_written: bool,
}

/// The output, as the loop knows it: one frame is on its way at most, and the next is drawn when it has left.
pub struct Outlet {
    transit: Shared,
    left: Option<mpsc::UnboundedReceiver<Left>>,
}

impl Outlet {
    /// Starts the thread.
    pub fn start() -> io::Result<(FrameWriter, Self)> {
        let transit = Shared::default();
        let (frames, queue) = channel();
        let (told, left) = mpsc::unbounded_channel();
        let shared = Arc::clone(&transit);
        std::thread::Builder::new().name("output".to_owned()).spawn(move || write(&queue, &shared, &told))?;
        let writer = FrameWriter { frame: Vec::with_capacity(FRAME), frames, transit: Arc::clone(&transit) };
        Ok((writer, Self { transit, left: Some(left) }))
    }

    /// For a terminal that takes every frame at once, as one in memory does.
    pub fn direct() -> Self {
        Self { transit: Shared::default(), left: None }
    }

    /// Since when a frame is on its way, if one is.
    pub fn in_transit_since(&self) -> Option<Boot> {
        look(&self.transit).since
    }

    /// Waits until a frame has left.
    pub async fn left(&mut self) -> Left {
        let left = match &mut self.left {
            Some(left) => left.recv().await,
            None => None,
        };
        match left {
            Some(left) => left,
            None => std::future::pending().await,
        }
    }
}

impl Write for FrameWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        {
            let mut transit = look(&self.transit);
            transit.pieces += 1;
            transit.since.get_or_insert_with(clock::boot);
        }
        let frame = std::mem::replace(&mut self.frame, Vec::with_capacity(FRAME));
        self.frames.send(frame).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

fn write(queue: &Receiver<Vec<u8>>, shared: &Shared, told: &mpsc::UnboundedSender<Left>) {
    while let Ok(frame) = queue.recv() {
        let is_written = terminal::write_frame(&frame).is_ok();
        let at = clock::boot();
        let mut transit = look(shared);
        let took = transit.since.map(|since| at.since(since)).unwrap_or_default();
        transit.pieces -= 1;
        if transit.pieces > 0 && is_written {
            continue;
        }
        transit.since = None;
        drop(transit);
        if told.send(Left { at, took, is_written }).is_err() {
            return;
        }
    }
}
