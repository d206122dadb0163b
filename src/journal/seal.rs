//! The seal of a line, and the head of a chain: where its next line must carry on from.
//!
//! `hash` is the SHA-256, in hex, over the bytes of the line without `,"hash":"..."` and without its line end. It is the last
//! key, so anybody can check it: `sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\n' | sha256sum`.

use sha2::{Digest, Sha256};

/// `prev` of a journal's very first line.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

const HASH_KEY: &str = ",\"hash\":\"";
const HASH_LENGTH: usize = 64;

/// Where a journal ends: what its next line must carry on from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// This journal's id; `None` before its first line.
    pub chain: Option<String>,
    /// The number of the last line; 0 before the first.
    pub seq: u64,
    /// The hash of the last line.
    pub hash: String,
}

impl Default for Head {
    fn default() -> Self {
        Self { chain: None, seq: 0, hash: GENESIS.to_owned() }
    }
}

/// The hash of a line (without its line end) whose content is what the hash was made of.
pub fn seal_of(line: &str) -> Option<&str> {
    let (body, hash) = split(line)?;
    (hash_of(&body) == hash).then_some(hash)
}

/// True if a line ends in a hash at all, be it the right one or not.
pub fn has_seal(line: &str) -> bool {
    split(line).is_some()
}

/// Puts the hash at the end of a JSON object.
pub fn seal(body: &str) -> (String, String) {
    let hash = hash_of(body);
    let open = body.strip_suffix('}').unwrap_or(body);
    (format!("{open}{HASH_KEY}{hash}\"}}"), hash)
}

fn split(line: &str) -> Option<(String, &str)> {
    let open = line.strip_suffix("\"}")?;
    let at = open.len().checked_sub(HASH_LENGTH)?;
    let (head, hash) = (open.get(..at)?, open.get(at..)?);
    let body = head.strip_suffix(HASH_KEY)?;
    Some((format!("{body}}}"), hash))
}

fn hash_of(body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    digest.iter().fold(String::with_capacity(HASH_LENGTH), |mut hex, byte| {
        hex.push_str(&format!("{byte:02x}"));
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_over_the_bytes_of_the_line_without_it() {
        let (line, hash) = seal(r#"{"seq":1}"#);
        assert_eq!(line, format!("{{\"seq\":1,\"hash\":\"{hash}\"}}"));
        assert_eq!((hash.as_str(), seal_of(&line)), (hash_of(r#"{"seq":1}"#).as_str(), Some(hash.as_str())));
        // As sha256sum says of the two bytes `{}`.
        assert!(hash_of("{}").starts_with("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
    }
}
