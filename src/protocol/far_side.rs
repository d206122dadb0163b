//! The far side of a link: what its close codes, HTTP answers and reasons mean, and when another link may be opened.
//!
//! ONE table, a file for each language: `close` for the codes of a WebSocket's end, `http` for answers to the handshake, `reason` for
//! words that say more than a code does. Pure; the sentences are `app/words/far_side.rs`.

pub mod close;
pub mod http;
pub mod reason;

use std::time::Duration;

/// Nothing is better before somebody mended something, such as a certificate: that is tried again so rarely.
pub const MENDED: Duration = Duration::from_secs(60);

/// When another link may be opened by the program itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextTry {
    /// After the usual waits, which grow with each failure.
    Soon,
    /// Not before this is over: the far side asked for it, or nothing will be better sooner.
    After(Duration),
    /// Not before a person says so, because another try would be refused as well, lock the user, or throw another desk out.
    ByPerson,
}

/// The end of a link, or of the try to open one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct LinkEnd {
    /// Why; a sentence, inert. Behind its last semicolon it says what to do.
    pub why: String,
    /// When another may be opened.
    pub next: NextTry,
    /// True if a message of the far side was longer than any may be.
    pub is_too_long: bool,
    /// How it parted.
    pub parting: Parting,
}

/// How a link parted, as far as it tells whether another desk with the same login may be behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Parting {
    /// With a trouble that is named, or by this program.
    #[default]
    Troubled,
    /// The far side, or the network, ended it without a word.
    Dropped,
    /// The far side closed it without a trouble to name.
    Closed,
}

impl LinkEnd {
    /// An end after which another link is opened when it is due.
    pub fn new(why: impl Into<String>, next: NextTry) -> Self {
        Self { why: why.into(), next, is_too_long: false, parting: Parting::Troubled }
    }

    /// An end that says nothing against another try.
    pub fn soon(why: impl Into<String>) -> Self {
        Self::new(why, NextTry::Soon)
    }

    /// An end that only a person should follow by another try.
    pub fn for_a_person(why: impl Into<String>) -> Self {
        Self::new(why, NextTry::ByPerson)
    }

    /// An end without a word.
    pub fn dropped(why: impl Into<String>) -> Self {
        Self { parting: Parting::Dropped, ..Self::soon(why) }
    }

    /// An end because a message was too long.
    pub fn too_long(why: impl Into<String>) -> Self {
        Self { is_too_long: true, ..Self::soon(why) }
    }

    /// This end with another sentence, as where a secret in it is hidden.
    #[must_use]
    pub fn worded(self, why: String) -> Self {
        Self { why, ..self }
    }
}

impl From<String> for LinkEnd {
    fn from(why: String) -> Self {
        Self::soon(why)
    }
}
