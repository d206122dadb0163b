//! The hash chain: every line carries the hash of the line before it and its own, so that no line can be changed, dropped or
//! moved without a trace. A cut tail leaves none; for that the head is kept elsewhere (`runtime::journal::file::heads`).

use std::fmt;

use super::record::{Fact, Record};
use super::seal::{Head, seal_of};

/// Why a line does not carry the chain on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineFault {
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

impl fmt::Display for LineFault {
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
    pub fn follow(&mut self, line: &str) -> Result<Record, LineFault> {
        let record = sealed(line)?;
        if self.chain.as_ref().is_some_and(|chain| *chain != record.stamp.chain) {
            return Err(LineFault::Foreign);
        }
        // A file may begin in the middle of a chain: behind the file that was closed by its rotation.
        let begins = self.chain.is_none() && matches!(record.fact, Fact::Rotated(_));
        if !begins {
            if record.seq != self.seq + 1 {
                return Err(LineFault::Displaced { seq: record.seq, wanted: self.seq + 1 });
            }
            if record.prev != self.hash {
                return Err(LineFault::Rewritten);
            }
        }
        if !record.is_whole() {
            return Err(LineFault::NotUnderstood);
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
pub fn sealed(line: &str) -> Result<Record, LineFault> {
    let line = line.strip_suffix('\n').unwrap_or(line);
    seal_of(line).ok_or(LineFault::Changed)?;
    Record::parse(line).map_err(|_| LineFault::Changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::record::tests::{intent, stamp};
    use crate::journal::seal::GENESIS;
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

    fn first_fault(lines: &[String]) -> Option<(usize, LineFault)> {
        let mut head = Head::default();
        lines.iter().enumerate().find_map(|(at, line)| head.follow(line).err().map(|fault| (at, fault)))
    }

    #[test]
    fn whole_lines_follow_each_other() {
        assert_eq!(first_fault(&three()), None);
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
        assert_eq!(first_fault(&[a.clone(), c.clone()]), Some((1, LineFault::Displaced { seq: 3, wanted: 2 })));
        assert_eq!(first_fault(&[a.clone(), c, b.clone()]).map(|(at, _)| at), Some(1));
        assert_eq!(first_fault(std::slice::from_ref(&b)), Some((0, LineFault::Displaced { seq: 2, wanted: 1 })));
        let mut other = Head { chain: Some("c1".to_owned()), ..Head::default() };
        assert_eq!(other.follow(&a), Err(LineFault::Foreign));
        let mut head = Head { hash: "0".repeat(64), ..Head::default() };
        head.follow(&a).unwrap();
        head.hash = GENESIS.to_owned();
        assert_eq!(head.follow(&b), Err(LineFault::Rewritten));
    }
}
