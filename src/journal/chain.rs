//! The hash chain: every line carries the hash of the line before it and its own, so that no line can be changed, dropped or
//! moved without a trace. A cut tail leaves none; for that the head is kept elsewhere (`runtime::journal::file::heads`).
//!
//! `hash` is the SHA-256, in hex, over the bytes of the line without `,"hash":"..."` and without its line end. It is the last
//! key, so anybody can check it: `sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\n' | sha256sum`.

use std::fmt;

use sha2::{Digest, Sha256};

use super::record::{Fact, Record};

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

/// Why a line does not carry the chain on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Its bytes are not those its hash was made of, or it is no record at all.
    Changed,
    /// It is whole, but another line was to come here.
    Displaced {
        /// Its own number.
        seq: u64,
        /// The number that was to come.
        wanted: u64,
    },
    /// It has the right number but was written behind another line than the one before it.
    Rewritten,
    /// It belongs to another journal.
    Foreign,
    /// It is whole and in its place, but this version cannot tell which ticket it is about.
    NotUnderstood,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed => f.write_str("was changed: it does not have the content its hash was made of"),
            Self::Displaced { seq, wanted } => write!(f, "is record {seq}, where {wanted} was to come"),
            Self::Rewritten => f.write_str("was written behind another record than the one before it"),
            Self::Foreign => f.write_str("belongs to another journal"),
            Self::NotUnderstood => f.write_str("cannot be understood, so nobody can say which ticket it is about"),
        }
    }
}

impl Head {
    /// Checks that a line (with or without its line end) carries the chain on, and moves to it.
    pub fn follow(&mut self, line: &str) -> Result<Record, Fault> {
        let record = sealed(line)?;
        if self.chain.as_ref().is_some_and(|chain| *chain != record.stamp.chain) {
            return Err(Fault::Foreign);
        }
        // A file may begin in the middle of a chain: behind the file that was closed by its rotation.
        let begins = self.chain.is_none() && matches!(record.fact, Fact::Rotated(_));
        if !begins {
            if record.seq != self.seq + 1 {
                return Err(Fault::Displaced { seq: record.seq, wanted: self.seq + 1 });
            }
            if record.prev != self.hash {
                return Err(Fault::Rewritten);
            }
        }
        if !record.is_whole() {
            return Err(Fault::NotUnderstood);
        }
        self.advance(&record);
        Ok(record)
    }

    /// Moves to a record that was just written behind this head.
    pub fn advance(&mut self, record: &Record) {
        self.chain = Some(record.stamp.chain.clone());
        self.seq = record.seq;
        self.hash.clone_from(&record.hash);
    }
}

/// The record of a line whose content is what its hash was made of.
pub fn sealed(line: &str) -> Result<Record, Fault> {
    let line = line.strip_suffix('\n').unwrap_or(line);
    seal_of(line).ok_or(Fault::Changed)?;
    Record::parse(line).map_err(|_| Fault::Changed)
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
    use crate::journal::record::tests::{intent, stamp};
    use jiff::Timestamp;

    fn line(head: &mut Head, fact: Fact) -> String {
        let (record, line) = Record::next(head, Timestamp::UNIX_EPOCH, stamp("s1"), fact).unwrap();
        head.advance(&record);
        line
    }

    fn three() -> Vec<String> {
        let mut head = Head::default();
        [Fact::Opened, intent(1, 287), Fact::Closed].map(|fact| line(&mut head, fact)).to_vec()
    }

    fn first_fault(lines: &[String]) -> Option<(usize, Fault)> {
        let mut head = Head::default();
        lines.iter().enumerate().find_map(|(at, line)| head.follow(line).err().map(|fault| (at, fault)))
    }

    #[test]
    fn whole_lines_follow_each_other() {
        assert_eq!(first_fault(&three()), None);
    }

    #[test]
    fn the_hash_is_over_the_bytes_of_the_line_without_it() {
        let line = three().remove(0);
        let at = line.find(",\"hash\":\"").unwrap();
        let body = format!("{}}}", &line[..at]);
        assert!(line.ends_with(&format!(",\"hash\":\"{}\"}}\n", hash_of(&body))), "{line}");
        // As sha256sum says of the two bytes `{}`.
        assert!(hash_of("{}").starts_with("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let lines = three();
        for at in 0..lines[1].len() - 1 {
            let mut bytes = lines[1].clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            assert!(sealed(&changed).is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_dropped_swapped_or_foreign_line_is_noticed() {
        let [a, b, c] = three().try_into().unwrap();
        assert_eq!(first_fault(&[a.clone(), c.clone()]), Some((1, Fault::Displaced { seq: 3, wanted: 2 })));
        assert_eq!(first_fault(&[a.clone(), c, b.clone()]).map(|(at, _)| at), Some(1));
        assert_eq!(first_fault(std::slice::from_ref(&b)), Some((0, Fault::Displaced { seq: 2, wanted: 1 })));
        let mut other = Head { chain: Some("c1".to_owned()), ..Head::default() };
        assert_eq!(other.follow(&a), Err(Fault::Foreign));
        let mut head = Head { hash: "0".repeat(64), ..Head::default() };
        head.follow(&a).unwrap();
        head.hash = GENESIS.to_owned();
        assert_eq!(head.follow(&b), Err(Fault::Rewritten));
    }
}
