//! Slow and broken links: what is late, what drips, what breaks and when.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Slow and broken links.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Links {
    /// Milliseconds before the answer to a call, by its name in any case; `*` is every other call.
    pub delay_ms: BTreeMap<String, u64>,
    /// Frames drip onto the wire.
    pub drip: Option<Drip>,
    /// The breaks of links, each with its time.
    pub breaks: Vec<Break>,
    /// The answer to the HTTP handshake.
    pub handshake: Handshake,
    /// So many handshakes are answered like that, and all others are accepted; without it, every one.
    pub handshake_times: Option<u64>,
    /// The form of the messages.
    pub messages: Messages,
    /// So many messages have that form, and all others are text; without it, every one.
    pub messages_times: Option<u64>,
    /// Seconds by which the exchange's clock is ahead of ours; negative: behind. Its `Date` header and its timestamps
    /// show it.
    pub clock_skew_seconds: i64,
}

impl Links {
    /// Milliseconds before the answer to a call.
    pub fn delay(&self, name: &str) -> u64 {
        let named = self.delay_ms.iter().find(|(call, _)| call.eq_ignore_ascii_case(name));
        named.or_else(|| self.delay_ms.get_key_value("*")).map_or(0, |(_, delay)| *delay)
    }
}

/// A line that lets through so much at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Drip {
    /// Bytes at a time.
    pub bytes: usize,
    /// Milliseconds between.
    pub every_ms: u64,
}

/// The form of the messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Messages {
    /// Text.
    #[default]
    Text,
    /// Binary messages of these bytes.
    Binary,
    /// Text behind a byte order mark.
    Marked,
    /// Binary, behind a byte order mark.
    MarkedBinary,
    /// Binary, and no text at all: nobody can read it.
    Garbled,
    /// Text, in which every account's name begins with three bytes that are not UTF-8.
    MangledNames,
}

/// Something that breaks links. Of the four times at least one is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Break {
    /// The way in which links break.
    pub how: How,
    /// Each link, instead of the frame after so many that the exchange sent on it.
    pub after_frames: Option<u64>,
    /// The link of whoever makes this call, instead of the answer to it; the name in any case.
    pub at_call: Option<String>,
    /// All links, so many milliseconds after the exchange opened.
    pub after_ms: Option<u64>,
    /// All links, every so many milliseconds.
    pub every_ms: Option<u64>,
    /// So many times in all; without it, as often as it comes.
    pub times: Option<u64>,
}

/// A close frame.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Close {
    /// Its code; without one it has none.
    pub code: Option<u16>,
    /// Its reason; at most 123 bytes.
    pub reason: String,
}

/// The way in which a link breaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It is dropped between two frames, without a close frame.
    #[default]
    Drop,
    /// It is closed with a close frame.
    Close(Close),
    /// It is reset in the middle of a frame: the next one.
    Cut,
    /// It is half open from now on: the socket stays, nothing is read or written any more.
    Stall,
    /// The gateway restarts: all links end, and nobody listens for a while.
    #[serde(rename_all = "kebab-case")]
    Restart {
        /// Milliseconds without a listener.
        down_ms: u64,
    },
}

/// An HTTP answer to a handshake, to the letter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct HttpReply {
    /// Its status; with 101 the link opens, and the right Sec-WebSocket-Accept is added.
    pub status: u16,
    /// Its header lines, in this order.
    pub headers: Vec<[String; 2]>,
    /// Its body.
    pub body: String,
}

impl Default for HttpReply {
    fn default() -> Self {
        Self { status: 101, headers: Vec::new(), body: String::new() }
    }
}

/// The answer to the HTTP handshake.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handshake {
    /// As WebSocket wants it.
    #[default]
    Accepted,
    /// 503 Service Unavailable.
    Refused,
    /// Never: TCP is accepted, and that is all.
    Silent,
    /// The link is dropped once the first bytes came: under TLS in the middle of its handshake.
    Dropped,
    /// With these lines.
    Answered(HttpReply),
}
