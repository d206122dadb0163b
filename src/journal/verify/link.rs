//! The links of a line to the others, read without knowing what it records.

use std::borrow::Cow;

use serde::Deserialize;

use super::finding::Alteration;
use crate::journal::seal;

/// The links of a line that has the content its hash was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainLink {
    pub seq: u64,
    pub chain: String,
    pub prev: String,
    pub hash: String,
    /// True if it says that its file carries another one on.
    pub carries_on: bool,
}

#[derive(Deserialize)]
struct Keys {
    seq: u64,
    chain: String,
    prev: String,
    kind: String,
    #[serde(default)]
    from: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct ChainKey<'a> {
    #[serde(borrow)]
    chain: Cow<'a, str>,
}

impl ChainLink {
    /// Reads a line without its line end.
    pub fn read(line: &[u8]) -> Result<Self, Alteration> {
        let text = std::str::from_utf8(line).map_err(|_| Alteration::Content)?;
        if !seal::has_seal(text) {
            return Err(Alteration::NoRecord);
        }
        let hash = seal::seal_of(text).ok_or(Alteration::Content)?;
        let keys: Keys = serde_json::from_str(text).map_err(|_| Alteration::NoRecord)?;
        let carries_on = keys.carries_on().is_some();
        Ok(Self { seq: keys.seq, chain: keys.chain, prev: keys.prev, hash: hash.to_owned(), carries_on })
    }
}

impl Keys {
    fn carries_on(&self) -> Option<&str> {
        self.from.as_ref().filter(|_| self.kind == "rotated")?.as_str()
    }
}

/// The journal's id in a line, whatever else it is.
pub fn chain_named(line: &[u8]) -> Option<String> {
    serde_json::from_slice(line).ok().map(|key: ChainKey<'_>| key.chain.into_owned())
}

/// The file that a line says is carried on.
pub fn carried_on(line: &[u8]) -> Option<String> {
    const WORD: &[u8] = b"\"rotated\"";
    // Few lines hold the word, and only those are read.
    let keys: Keys = line.windows(WORD.len()).any(|part| part == WORD).then(|| serde_json::from_slice(line).ok())??;
    keys.carries_on().map(str::to_owned)
}
