//! Heads of the chain that were kept elsewhere: the line that tells one, and what a text of such lines knows of a journal.
//!
//! The chain alone cannot show that its tail was cut off, nor that every line was written anew; a head kept elsewhere can.

use std::collections::BTreeMap;

use super::seal::Head;

/// The word that every such line holds.
const MARK: &str = "journal-head";
const HASH_LENGTH: usize = 64;

/// The line that tells a head.
pub fn line(head: &Head) -> String {
    format!("{MARK} chain={} seq={} hash={}", head.chain.as_deref().unwrap_or("none"), head.seq, head.hash)
}

/// The heads of one journal that a text, such as a part of a system log, tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    of_record: BTreeMap<u64, Vec<String>>,
    /// Heads of this journal.
    pub ours: usize,
    /// Heads of other journals: nothing is known of them here.
    pub others: usize,
    /// Lines that hold the word but no head.
    pub unreadable: usize,
}

impl Told {
    /// Finds the heads in a text, wherever in a line they stand.
    pub fn read(text: &str, chain: Option<&str>) -> Self {
        let mut told = Self::default();
        for line in text.lines() {
            for tail in line.split(MARK).skip(1) {
                match parse(tail) {
                    None => told.unreadable += 1,
                    Some((of, ..)) if Some(of) != chain => told.others += 1,
                    Some((_, seq, hash)) => told.add(seq, hash),
                }
            }
        }
        told
    }

    fn add(&mut self, seq: u64, hash: &str) {
        self.ours += 1;
        let hashes = self.of_record.entry(seq).or_default();
        if !hashes.iter().any(|known| known == hash) {
            hashes.push(hash.to_owned());
        }
    }

    /// A hash that was told of a record and is not the one that it has.
    pub fn contradicts(&self, seq: u64, hash: &str) -> Option<&str> {
        self.of_record.get(&seq)?.iter().find(|told| *told != hash).map(String::as_str)
    }

    /// The last record that was told of.
    pub fn last(&self) -> Option<u64> {
        self.of_record.last_key_value().map(|(seq, _)| *seq)
    }

    /// How many records before this one were told of.
    pub fn before(&self, seq: u64) -> usize {
        self.of_record.range(..seq).count()
    }
}

fn parse(tail: &str) -> Option<(&str, u64, &str)> {
    let (chain, rest) = tail.strip_prefix(" chain=")?.split_once(" seq=")?;
    let (seq, rest) = rest.split_once(" hash=")?;
    let hash = rest.get(..HASH_LENGTH)?;
    let is_hash = hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    Some((chain, seq.parse().ok()?, is_hash.then_some(hash)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(chain: &str, seq: u64, digit: &str) -> Head {
        Head { chain: Some(chain.to_owned()), seq, hash: digit.repeat(HASH_LENGTH) }
    }

    #[test]
    fn heads_are_found_wherever_they_stand_in_a_line() {
        let text = format!(
            "Nov 22 08:32 desk1 withdraw-desk[7]: {}\n{{\"MESSAGE\":\"{}\"}}\n{}\njournal-head chain=c0 seq=x\nnothing\n",
            line(&head("c0", 3, "a")),
            line(&head("c0", 4, "b")),
            line(&head("c1", 9, "c")),
        );
        let told = Told::read(&text, Some("c0"));
        assert_eq!((told.ours, told.others, told.unreadable, told.last()), (2, 1, 1, Some(4)));
        assert_eq!(told.contradicts(3, &"a".repeat(64)), None);
        assert_eq!(told.contradicts(3, &"b".repeat(64)), Some("a".repeat(64).as_str()));
        assert_eq!((told.contradicts(5, "x"), told.before(4)), (None, 1));
    }

    #[test]
    fn a_cut_or_odd_head_is_counted_and_never_believed() {
        for odd in ["", " chain=c0", " chain=c0 seq=1 hash=abc", " chain=c0 seq=-1 hash=00", " chain=c0 seq=1 hash=ä"]
        {
            let told = Told::read(&format!("{MARK}{odd}"), Some("c0"));
            assert_eq!((told.ours, told.unreadable), (0, 1), "{odd}");
        }
    }
}
