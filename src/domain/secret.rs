//! Where a secret comes from. Pure data: the runtime reads, runs and asks.

use secrecy::SecretString;

/// A secret, or how to get it when it is needed. Without `Debug`, on purpose.
#[derive(Clone)]
pub enum Secret {
    /// At hand, as from a file that nobody else can read.
    Held(SecretString),
    /// The first line that a program prints: its name and arguments, run without a shell.
    Command(Vec<String>),
    /// Asked for, without echo.
    Prompt,
}

impl Secret {
    /// The secret, if it is at hand.
    pub fn held(&self) -> Option<&SecretString> {
        match self {
            Self::Held(secret) => Some(secret),
            Self::Command(_) | Self::Prompt => None,
        }
    }
}

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self::Held(secret.into())
    }
}
