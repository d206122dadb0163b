//! The bytes of a WebSocket as they come in, with every text frame marked as a binary one: text that is not UTF-8 would end the link,
//! and one customer's name must not. Nothing else is changed. The last close is kept as it came, because a code that none may have,
//! or a reason that is not UTF-8, would be lost with it.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
/// A close is no longer.
const MOST_CLOSE: usize = 125;
const OPCODE: u8 = 0x0f;
const LENGTH: u8 = 0x7f;
const MASKED: u8 = 0x80;
const MASK: usize = 4;

/// The place in the frames (RFC 6455 5.2).
///
/// ```text
/// byte 0      byte 1       2 or 8 bytes, if byte 1 says so    4, if masked    payload
/// opcode      length       length                             mask            `left` of it
/// |----------- `at` of the `head` bytes --------------------------------|
/// ```
#[derive(Clone, Debug)]
pub(super) struct FrameCursor {
    opcode: u8,
    /// Bytes of this head that came.
    at: usize,
    /// Bytes that it has, as far as is known.
    head: usize,
    /// Where its extended length ends.
    length_ends: usize,
    /// The length so far; in the payload, the bytes of it that are still to come.
    left: u64,
    close: LastClose,
}

/// The payload of the last close that came.
#[derive(Clone, Debug, Default)]
pub(super) struct LastClose(Arc<Mutex<Vec<u8>>>);

impl LastClose {
    /// The payload; empty if none came, or one without any.
    pub(super) fn payload(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MOST_CLOSE.saturating_sub(kept.len()).min(bytes.len());
        kept.extend_from_slice(bytes.get(..room).unwrap_or_default());
    }
}

impl Default for FrameCursor {
    fn default() -> Self {
        Self { opcode: 0, at: 0, head: 2, length_ends: 2, left: 0, close: LastClose::default() }
    }
}

impl FrameCursor {
    /// Goes over the next bytes, and marks what is text as binary.
    pub(super) fn pass(&mut self, bytes: &mut [u8]) {
        let mut place = 0;
        while place < bytes.len() {
            if self.at == self.head {
                let skipped = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len() - place);
                self.left -= skipped as u64;
                if self.opcode == CLOSE {
                    self.close.keep(bytes.get(place..place + skipped).unwrap_or_default());
                }
                place += skipped;
            } else if let Some(byte) = bytes.get_mut(place) {
                self.take(byte);
                place += 1;
            }
            if self.at == self.head && self.left == 0 {
                *self = Self { close: self.close.clone(), ..Self::default() };
            }
        }
    }

    fn take(&mut self, byte: &mut u8) {
        match self.at {
            0 => {
                self.opcode = *byte & OPCODE;
                if self.opcode == TEXT {
                    *byte = *byte & !OPCODE | BINARY;
                }
            }
            1 => {
                let extended = match *byte & LENGTH {
                    126 => 2,
                    127 => 8,
                    short => {
                        self.left = u64::from(short);
                        0
                    }
                };
                self.length_ends = 2 + extended;
                self.head = self.length_ends + if *byte & MASKED == 0 { 0 } else { MASK };
            }
            at if at < self.length_ends => self.left = self.left << 8 | u64::from(*byte),
            _ => {}
        }
        self.at += 1;
    }
}

/// A stream whose text frames come in as binary ones.
pub(super) struct AsBinary<S> {
    stream: S,
    cursor: FrameCursor,
}

impl<S> AsBinary<S> {
    /// A stream that goes on where the cursor stands.
    pub(super) fn new(stream: S, cursor: FrameCursor) -> Self {
        Self { stream, cursor }
    }

    /// The last close that came, and any that still comes.
    pub(super) fn last_close(&self) -> LastClose {
        self.cursor.close.clone()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for AsBinary<S> {
    fn poll_read(mut self: Pin<&mut Self>, task: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(task, buffer))?;
        self.cursor.pass(buffer.filled_mut().get_mut(before..).unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for AsBinary<S> {
    fn poll_write(mut self: Pin<&mut Self>, task: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(task, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(task)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(task)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A frame of a server.
    fn frame(opcode: u8, length: usize) -> Vec<u8> {
        let mut bytes = vec![0x80 | opcode];
        match (u8::try_from(length), u16::try_from(length)) {
            (Ok(short), _) if short < 126 => bytes.push(short),
            (_, Ok(length)) => {
                bytes.push(126);
                bytes.extend(length.to_be_bytes());
            }
            _ => {
                bytes.push(127);
                bytes.extend((length as u64).to_be_bytes());
            }
        }
        // Payloads look like heads of text frames.
        bytes.extend(std::iter::repeat_n(0x81, length));
        bytes
    }

    proptest! {
        #[test]
        fn however_the_bytes_come_text_is_marked_and_nothing_else_is_changed(
            frames in proptest::collection::vec((prop_oneof![Just(0u8), Just(1), Just(2), Just(8), Just(9)], prop_oneof![0usize..200, 125usize..128, 65_530usize..65_540]), 0..8),
            cuts in proptest::collection::vec(1usize..300, 1..50),
        ) {
            let of = |mark: fn(u8) -> u8| frames.iter().flat_map(|(opcode, length)| frame(mark(*opcode), *length)).collect::<Vec<u8>>();
            let mut bytes = of(|opcode| opcode);
            let (mut cursor, mut at) = (FrameCursor::default(), 0);
            for cut in cuts.iter().cycle() {
                let end = (at + cut).min(bytes.len());
                cursor.pass(&mut bytes[at..end]);
                at = end;
                if at == bytes.len() {
                    break;
                }
            }
            let marked = of(|opcode| if opcode == TEXT { BINARY } else { opcode });
            prop_assert!(bytes == marked);
        }
    }

    #[test]
    fn a_close_is_kept_as_it_came_in_however_many_parts() {
        let mut cursor = FrameCursor::default();
        let close = cursor.close.clone();
        for byte in [0x88, 0x05, 0x03, 0xee, b'a', 0xff, b'b', 0x89, 0x01, 0x07] {
            cursor.pass(&mut [byte]);
        }
        assert_eq!(close.payload(), [0x03, 0xee, b'a', 0xff, b'b']);
    }

    #[test]
    fn a_masked_frame_is_passed_over_whole() {
        let mut bytes = vec![0x81, 0x82, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x00];
        FrameCursor::default().pass(&mut bytes);
        assert_eq!(bytes, [0x82, 0x82, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x82, 0x00]);
    }
}
