//! Words of what came on a WebSocket, or instead of one; parts of the sentences in `far_side`.

/// A close that is no text.
pub const UNREADABLE_REASON: &str = "a close whose reason cannot be read";
/// A far side that reads no more.
pub const TAKES_NOTHING: &str = "it takes nothing any more";
/// Anything else that breaks the rules.
pub const NO_MESSAGE: &str = "what is no WebSocket message";
/// Reserved bits.
pub const COMPRESSED: &str = "a compressed message, or one with bits that nobody asked for";
/// A mask.
pub const MASKED: &str = "a masked message, which only a client may send";
/// A long ping or close.
pub const LONG_CONTROL: &str = "a ping or a close that is too long";
/// A part without its message.
pub const OUT_OF_ORDER: &str = "parts of messages out of order";
/// A close of one byte, or with a code that none may have.
pub const UNREADABLE_CLOSE: &str = "a close that cannot be read";
/// A message that comes too late.
pub const AFTER_CLOSE: &str = "a message after its close";

/// A message that is no frame.
pub fn no_text(bytes: usize) -> String {
    format!("a message of {bytes} bytes that is no text")
}

/// Words of the handshake: what the other side did, behind its name.
pub mod handshake {
    /// An answer without an end.
    pub const ENDLESS: &str = "its answer to the WebSocket handshake is longer than any may be";
    /// A URL that is none for a WebSocket.
    pub const URL_IS_WRONG: &str = "the URL cannot be asked for";
    /// An end before the answer.
    pub const CLOSED: &str = "it closed the link during the WebSocket handshake";
    /// An end within the answer.
    pub const CLOSED_IN_THE_MIDDLE: &str = "it closed the link in the middle of its answer to the WebSocket handshake";
    /// No HTTP.
    pub const NO_WEBSOCKET: &str = "what answers there speaks no WebSocket";
    /// An HTTP that is too old.
    pub const OLD_HTTP: &str = "what answers there speaks an HTTP that knows no WebSocket";
    /// Another upgrade.
    pub const OTHER_PROTOCOL: &str =
        "it switches to another protocol than WebSocket (its header Upgrade does not say so)";
    /// No upgrade.
    pub const NO_UPGRADE: &str = "it does not say that it switches to WebSocket (its header Connection lacks Upgrade)";
    /// Another key.
    pub const OTHER_HANDSHAKE: &str =
        "it answers another handshake than ours (its header Sec-WebSocket-Accept is wrong)";

    /// A stream that broke; `how` is a word of the system.
    pub fn broken(how: &str) -> String {
        format!("the link broke during the WebSocket handshake ({how})")
    }

    /// An extension or a protocol that is not known; both are inert.
    pub fn adds(what: &str, added: &str) -> String {
        format!("it adds the {what} {added:?}, for which nobody asked")
    }
}
