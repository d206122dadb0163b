//! The story of each intent: every record about it, in order, from all files of the journal.
//!
//! The end of an intent follows from its records as in the ledger, but nothing is dropped when it is settled.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::record::{Fact, Intent, ReadFact, Record, ReleaseFact, ReplyFact};
use crate::domain::{IntentId, Outcome, Receipt};

/// Enough digits of an id to tell intents apart on a screen and to ask for one.
const SHORT: usize = 8;

/// Everything that was recorded about one intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The intent's id.
    pub id: IntentId,
    /// The decision, as it was recorded.
    pub intent: Intent,
    /// Every record about it, the intent's own first.
    pub records: Vec<Record>,
}

/// How an intent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It is settled.
    Final(Outcome),
    /// An operator gave its ticket free; it is watched.
    Released,
    /// It holds its ticket; with its last outcome, if it has one.
    Open(Option<Outcome>),
}

/// The stories of a journal, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    stories: Vec<Story>,
    found_at: BTreeMap<IntentId, usize>,
    /// The hashes of the records that are in a story.
    told: BTreeSet<String>,
    declined: Vec<Record>,
    strays: usize,
}

impl History {
    /// Takes in the next record.
    pub fn apply(&mut self, record: &Record) {
        match &record.fact {
            Fact::Rotated(rotated) => rotated.carried.iter().for_each(|carried| self.apply(carried)),
            Fact::Declined { .. } => self.declined.push(record.clone()),
            fact => {
                if let Some(id) = about(fact) {
                    self.tell(id, record);
                }
            }
        }
    }

    fn tell(&mut self, id: IntentId, record: &Record) {
        // A record that was carried over may be known from the file before.
        if !self.told.insert(record.hash.clone()) {
            return;
        }
        match (self.found_at.get(&id).and_then(|at| self.stories.get_mut(*at)), &record.fact) {
            (Some(story), _) => story.records.push(record.clone()),
            (None, Fact::Intent(intent)) => {
                self.found_at.insert(id, self.stories.len());
                self.stories.push(Story { id, intent: (**intent).clone(), records: vec![record.clone()] });
            }
            (None, _) => self.strays += 1,
        }
    }

    /// Every intent, oldest first.
    pub fn stories(&self) -> &[Story] {
        &self.stories
    }

    /// The cancels that ended before their intent: nothing was sent.
    pub fn declined(&self) -> &[Record] {
        &self.declined
    }

    /// Records about intents that are not in these files.
    pub fn strays(&self) -> usize {
        self.strays
    }
}

impl Story {
    /// The beginning of the id.
    pub fn short(&self) -> String {
        self.id.to_string().chars().take(SHORT).collect()
    }

    /// The record of the intent itself.
    pub fn opened(&self) -> Option<&Record> {
        self.records.first()
    }

    /// The last record about it: its hash is the evidence of all.
    pub fn latest(&self) -> Option<&Record> {
        self.records.last()
    }

    /// When the intent was written.
    pub fn opened_at(&self) -> Option<Timestamp> {
        self.opened().and_then(Record::time)
    }

    /// The record that the writer was handed the frame.
    pub fn sent(&self) -> Option<&Record> {
        self.records.iter().find(|record| matches!(record.fact, Fact::Sent { .. }))
    }

    /// The reply that decided the receipt. The first counts; after none in time, the first that was late.
    pub fn reply(&self) -> Option<(&Record, &ReplyFact)> {
        let replies = self.records.iter().filter_map(|record| match &record.fact {
            Fact::Reply(reply) | Fact::Late(reply) => Some((record, reply)),
            _ => None,
        });
        let is_open = |(_, reply): &(&Record, &ReplyFact)| reply.receipt() == Receipt::None;
        replies.fold(None, |decided, next| decided.filter(|found| !is_open(found)).or(Some(next)))
    }

    /// Every late reply.
    pub fn late(&self) -> impl Iterator<Item = (&Record, &ReplyFact)> {
        self.records.iter().filter_map(|record| match &record.fact {
            Fact::Late(reply) => Some((record, reply)),
            _ => None,
        })
    }

    /// The last good read that was asked after the send.
    pub fn last_read(&self) -> Option<(&Record, &ReadFact)> {
        self.records.iter().rev().find_map(|record| match &record.fact {
            Fact::Read(read) => Some((record, read)),
            _ => None,
        })
    }

    /// Every outcome with its sentence, in order.
    pub fn outcomes(&self) -> impl Iterator<Item = (&Record, &str, &str)> {
        self.records.iter().filter_map(|record| match &record.fact {
            Fact::Outcome { outcome, because, .. } => Some((record, outcome.as_str(), because.as_str())),
            _ => None,
        })
    }

    /// Its release by an operator.
    pub fn release(&self) -> Option<(&Record, &ReleaseFact)> {
        self.records.iter().rev().find_map(|record| match &record.fact {
            Fact::Release(release) => Some((record, release)),
            _ => None,
        })
    }

    /// How it stands. Once settled it stays so.
    pub fn stands(&self) -> Stands {
        let known: Vec<Outcome> = self.outcomes().filter_map(|(_, word, _)| Outcome::from_word(word)).collect();
        match known.iter().find(|outcome| outcome.is_final()) {
            Some(settled) => Stands::Final(*settled),
            None if self.release().is_some() => Stands::Released,
            None => Stands::Open(known.last().copied()),
        }
    }
}

impl Stands {
    /// True if it holds its ticket, or is watched.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Final(_))
    }

    /// True if it holds its ticket.
    pub fn holds(self) -> bool {
        matches!(self, Self::Open(_))
    }

    /// The word for it: the outcome's, `open` without one, or `released`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Final(outcome) | Self::Open(Some(outcome)) => outcome.word(),
            Self::Released => "released",
            Self::Open(None) => "open",
        }
    }
}

/// The intent that a fact is about, also where its kind is a newer version's.
fn about(fact: &Fact) -> Option<IntentId> {
    match fact {
        Fact::Other(fields) => fields.get("id")?.as_str()?.parse().ok(),
        known => known.intent(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::record::RotatedFact;
    use crate::journal::record::tests::{intent, stamp};
    use crate::journal::seal::Head;
    use rstest::rstest;

    fn records(facts: impl IntoIterator<Item = Fact>) -> Vec<Record> {
        let mut head = Head::default();
        let next = |fact| {
            let (record, _) = Record::next(&head, Timestamp::UNIX_EPOCH, stamp("s1"), fact).unwrap();
            head.advance(&record);
            record
        };
        facts.into_iter().map(next).collect()
    }

    fn history(records: &[Record]) -> History {
        let mut history = History::default();
        for record in records {
            history.apply(record);
        }
        history
    }

    fn outcome(outcome: Outcome) -> Fact {
        Fact::outcome(IntentId(1), outcome, "so".to_owned())
    }

    fn release() -> Fact {
        Fact::Release(ReleaseFact {
            id: IntentId(1).to_string(),
            ticket: "287".to_owned(),
            reason: "called the bank".to_owned(),
            read: "Failed (6)".to_owned(),
            age: 1_000,
            early: false,
        })
    }

    #[rstest]
    #[case::cut_off(vec![], "open", true)]
    #[case::unknown(vec![outcome(Outcome::Unknown)], "Unknown", true)]
    #[case::released(vec![outcome(Outcome::Unknown), release()], "released", false)]
    #[case::settled(vec![outcome(Outcome::Unknown), outcome(Outcome::Moved)], "Moved", false)]
    #[case::settled_after_its_release(vec![release(), outcome(Outcome::Verified)], "Verified", false)]
    #[case::settled_once(vec![outcome(Outcome::Verified), outcome(Outcome::Unknown)], "Verified", false)]
    #[case::a_word_of_a_newer_version(
        vec![Fact::Outcome { id: IntentId(1).to_string(), outcome: "Odd".to_owned(), because: String::new() }],
        "open",
        true
    )]
    fn an_intent_stands_as_its_records_say(#[case] after: Vec<Fact>, #[case] word: &str, #[case] holds: bool) {
        let history = history(&records(std::iter::once(intent(1, 287)).chain(after)));
        let stands = history.stories()[0].stands();
        assert_eq!((stands.word(), stands.holds()), (word, holds));
    }

    #[test]
    fn the_first_reply_decides_and_a_late_one_only_where_none_came() {
        let reply = |receipt, m| ReplyFact::new(IntentId(1), receipt, m, None);
        for (first, late, expected) in [
            (Receipt::None, Receipt::Accepted, Receipt::Accepted),
            (Receipt::Accepted, Receipt::Unclear, Receipt::Accepted),
        ] {
            let facts = [intent(1, 287), Fact::Reply(reply(first, None)), Fact::Late(reply(late, Some(1)))];
            let history = history(&records(facts));
            let story = &history.stories()[0];
            assert_eq!(story.reply().unwrap().1.receipt(), expected);
            assert_eq!(story.late().count(), 1);
        }
    }

    #[test]
    fn what_was_carried_over_is_told_once() {
        let before = records([intent(1, 287), Fact::Sent { id: IntentId(1).to_string() }]);
        let rotated = Fact::Rotated(Box::new(RotatedFact { from: None, carried: before.clone() }));
        let (record, _) = Record::next(&Head::default(), Timestamp::UNIX_EPOCH, stamp("s1"), rotated).unwrap();
        let with_archive = history(&[before.clone(), vec![record.clone()]].concat());
        let without = history(&[record]);
        assert_eq!(with_archive.stories(), without.stories());
        assert_eq!(without.stories()[0].records, before);
    }

    #[test]
    fn declined_ones_and_kinds_of_a_newer_version_are_kept_and_strays_are_counted() {
        let declined = Fact::Declined { ticket: "5".to_owned(), because: "changed".to_owned() };
        let newer = serde_json::json!({"kind": "commented", "id": IntentId(1).to_string()});
        let newer = Fact::Other(newer.as_object().unwrap().clone());
        let stray = Fact::Sent { id: IntentId(9).to_string() };
        let history = history(&records([declined, intent(1, 287), newer, stray]));
        assert_eq!((history.declined().len(), history.strays()), (1, 1));
        assert_eq!(history.stories()[0].records.len(), 2);
    }
}
