//! Bounds of the link, which the runtime keeps and the link view shows.

/// A larger message, and a larger frame, breaks the link, in bytes: 200 tickets with long histories fit many times over.
pub const MESSAGE: usize = 16 * 1024 * 1024;
/// Frames that may wait to be written.
pub const QUEUE: usize = 256;
