//! Bounds of the link, which the runtime keeps and the link view shows.

/// A larger message, and a larger frame, breaks the link, in bytes: 200 tickets with long histories fit many times over.
pub const MESSAGE: usize = 16 * 1024 * 1024;
/// Frames that may wait to be written.
pub const QUEUE: usize = 256;
/// Bytes of the frames that came and wait to be taken in; two of the longest messages.
pub const WAITING_FRAMES: usize = 2 * MESSAGE;
/// Bytes of frames that are taken in before the screen is drawn and keys are answered again, besides the last of them.
pub const TAKEN_AT_ONCE: usize = 1024 * 1024;
