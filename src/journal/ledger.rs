//! The ledger follows from the records: which intents are open and which tickets they hold.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::record::{Fact, Intent, Record, ReleaseFact, ReplyFact, Stamp};
use crate::domain::{AccountId, IntentId, Outcome, Receipt, RemoteText, TicketNumber};

/// An intent without a final outcome. It holds its ticket for every console on this journal until an operator releases it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// The intent.
    pub id: IntentId,
    /// The ticket it holds, on the exchange and OMS of the stamp.
    pub ticket: TicketNumber,
    /// `AccountId`, to read the ticket again.
    pub account: AccountId,
    /// `RequestCode`, to read the ticket again.
    pub request_code: RemoteText,
    /// The decision, as it was recorded.
    pub intent: Intent,
    /// Who opened it, where.
    pub stamp: Stamp,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When the writer was handed the frame, if that was recorded.
    pub sent_at: Option<Timestamp>,
    /// The reply that decided the receipt, or its absence, and when it was recorded.
    pub reply: Option<(ReplyFact, Timestamp)>,
    /// The last outcome recorded, an open one.
    pub outcome: Option<Outcome>,
    /// Its release, and when; it holds nothing any more, but goes on being watched.
    pub release: Option<(ReleaseFact, Timestamp)>,
}

impl Unresolved {
    /// True if its ticket is locked by it.
    pub fn holds(&self) -> bool {
        self.release.is_none()
    }

    /// The receipt, if it was decided.
    pub fn receipt(&self) -> Option<Receipt> {
        self.reply.as_ref().map(|(reply, _)| reply.receipt())
    }

    /// Takes in a fact about it; true if that closes it.
    fn take(&mut self, fact: &Fact, at: Timestamp) -> bool {
        match fact {
            Fact::Sent { .. } => self.sent_at = Some(at),
            // The first reply counts; a second, different one is an anomaly and changes nothing.
            Fact::Reply(reply) | Fact::Late(reply) if self.receipt().is_none_or(|receipt| receipt == Receipt::None) => {
                self.reply = Some((reply.clone(), at));
            }
            Fact::Outcome { outcome, .. } => {
                let outcome = Outcome::from_word(outcome);
                if outcome.is_some_and(Outcome::is_final) {
                    return true;
                }
                self.outcome = outcome.or(self.outcome);
            }
            Fact::Release(release) => self.release = Some((release.clone(), at)),
            _ => {}
        }
        false
    }
}

/// The ticket that a lock is about: its exchange, OMS and number, because a number on another exchange or OMS is another ticket.
type Lock = (String, Option<i64>, TicketNumber);

/// The open intents of a journal, kept up by feeding it every record in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    open: BTreeMap<IntentId, Entry>,
    /// Every intent that had a final outcome.
    settled: BTreeSet<IntentId>,
}

/// An open intent, and every record about it, to be carried into another file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    stands: Unresolved,
    records: Vec<Record>,
}

impl Ledger {
    /// Takes in the next record.
    pub fn apply(&mut self, record: &Record) {
        if let Fact::Rotated(rotated) = &record.fact {
            rotated.carried.iter().for_each(|carried| self.apply(carried));
        }
        let Some(id) = record.fact.intent() else { return };
        let at = record.time().unwrap_or(Timestamp::UNIX_EPOCH);
        if let Fact::Intent(intent) = &record.fact {
            self.insert(id, record, intent, at);
            return;
        }
        let Some(entry) = self.open.get_mut(&id) else { return };
        if entry.stands.take(&record.fact, at) {
            self.open.remove(&id);
            self.settled.insert(id);
        } else {
            entry.records.push(record.clone());
        }
    }

    fn insert(&mut self, id: IntentId, record: &Record, intent: &Intent, at: Timestamp) {
        let Ok(ticket) = intent.ticket.parse() else { return };
        let stands = Unresolved {
            id,
            ticket,
            account: AccountId(intent.account),
            request_code: RemoteText::from(intent.request_code.as_str()),
            intent: intent.clone(),
            stamp: record.stamp.clone(),
            opened_at: at,
            sent_at: None,
            reply: None,
            outcome: None,
            release: None,
        };
        self.open.insert(id, Entry { stands, records: vec![record.clone()] });
    }

    /// True if a fact is an outcome of an intent that is settled already: another console was quicker.
    pub fn is_settled_by(&self, fact: &Fact) -> bool {
        let settles = |id: IntentId| !self.open.contains_key(&id) && self.settled.contains(&id);
        matches!(fact, Fact::Outcome { .. }) && fact.intent().is_some_and(settles)
    }

    /// True if a fact is an outcome of an intent of which no record says anything.
    pub fn is_of_nothing(&self, fact: &Fact) -> bool {
        let is_known = |id: IntentId| self.open.contains_key(&id) || self.settled.contains(&id);
        matches!(fact, Fact::Outcome { .. }) && !fact.intent().is_some_and(is_known)
    }

    /// Takes over what was settled in a file that is not read any more.
    pub fn remember(&mut self, before: &Self) {
        self.settled.extend(&before.settled);
    }

    /// Every record about the open intents that `other` never saw, oldest first.
    pub fn records_missing_in(&self, other: &Self) -> Vec<Record> {
        let is_seen = |id: &IntentId| other.open.contains_key(id) || other.settled.contains(id);
        let missing = self.open.iter().filter(|(id, _)| !is_seen(id));
        let mut records: Vec<Record> = missing.flat_map(|(_, entry)| entry.records.clone()).collect();
        records.sort_by_key(|record| record.seq);
        records
    }

    /// Whoever holds a ticket of an exchange and OMS.
    pub fn holder(&self, exchange: &str, oms: Option<i64>, ticket: TicketNumber) -> Option<&Unresolved> {
        let wanted: Lock = (exchange.to_owned(), oms, ticket);
        let locks = |open: &&Unresolved| (open.stamp.exchange.clone(), open.stamp.oms, open.ticket) == wanted;
        self.unresolved().filter(|open| open.holds()).find(locks)
    }

    /// All open intents, of every exchange.
    pub fn unresolved(&self) -> impl Iterator<Item = &Unresolved> {
        self.open.values().map(|entry| &entry.stands)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::record::RotatedFact;
    use crate::journal::record::tests::{intent, stamp};
    use crate::journal::seal::Head;

    fn ledger(facts: impl IntoIterator<Item = Fact>) -> Ledger {
        let (mut ledger, mut head) = (Ledger::default(), Head::default());
        for (seconds, fact) in (1_700_000_000..).zip(facts) {
            let at = Timestamp::from_second(seconds).unwrap();
            let (record, _) = Record::next(&head, at, stamp("s1"), fact).unwrap();
            head.advance(&record);
            ledger.apply(&record);
        }
        ledger
    }

    fn release() -> Fact {
        Fact::Release(ReleaseFact {
            id: IntentId(1).to_string(),
            ticket: "91023".to_owned(),
            reason: "called the bank".to_owned(),
            read: "Failed (6)".to_owned(),
            age: 1_000,
            early: false,
        })
    }

    #[test]
    fn a_released_intent_holds_nothing_and_is_watched_until_its_end() {
        let released = ledger([intent(1, 91023), release()]);
        assert!(!held(&released));
        assert_eq!(released.unresolved().count(), 1);
        let again = ledger([intent(1, 91023), release(), intent(2, 91023)]);
        assert!(held(&again), "the second cancel of the ticket holds it");
        assert_eq!(ledger([intent(1, 91023), release(), outcome(Outcome::Verified)]).unresolved().count(), 0);
    }

    #[test]
    fn what_is_carried_over_stands_as_it_stood() {
        let before = ledger([intent(1, 91023), Fact::Sent { id: IntentId(1).to_string() }, intent(2, 7), release()]);
        let carried = before.records_missing_in(&ledger([intent(2, 7)]));
        assert_eq!(carried.len(), 3);
        let rotated = Fact::Rotated(Box::new(RotatedFact { from: None, carried }));
        let after = ledger([intent(2, 7), rotated]);
        assert_eq!(after.unresolved().collect::<Vec<_>>()[0], before.unresolved().collect::<Vec<_>>()[0]);
        assert_eq!(after.unresolved().count(), 2);
    }

    #[test]
    fn an_outcome_of_a_settled_intent_is_no_news() {
        let settled = ledger([intent(1, 91023), outcome(Outcome::Moved)]);
        assert!(settled.is_settled_by(&outcome(Outcome::Verified)));
        assert!(!ledger([intent(1, 91023)]).is_settled_by(&outcome(Outcome::Verified)));
        assert!(!settled.is_settled_by(&Fact::Closed));
        assert!(
            ledger([]).is_of_nothing(&outcome(Outcome::Verified)) && !settled.is_of_nothing(&outcome(Outcome::Moved))
        );
    }

    fn held(ledger: &Ledger) -> bool {
        ledger.holder("gateway.example.com", Some(1), TicketNumber(91023)).is_some()
    }

    fn outcome(outcome: Outcome) -> Fact {
        Fact::outcome(IntentId(1), outcome, String::new())
    }

    #[test]
    fn an_intent_holds_its_ticket_until_a_final_outcome() {
        for (end, holds) in [
            (Outcome::Verified, false),
            (Outcome::Moved, false),
            (Outcome::Refused, false),
            (Outcome::NotSent, false),
            (Outcome::AcceptedNotMoved, true),
            (Outcome::Unknown, true),
        ] {
            assert_eq!(held(&ledger([intent(1, 91023), outcome(end)])), holds, "{end}");
        }
        assert!(held(&ledger([intent(1, 91023)])), "cut off by a crash");
        assert!(held(&ledger([intent(1, 91023), Fact::Closed])), "the session's end frees nothing");
        assert!(!held(&ledger([intent(1, 91024)])), "another ticket");
    }

    #[test]
    fn the_same_number_on_another_exchange_or_oms_is_another_ticket() {
        let ledger = ledger([intent(1, 91023)]);
        assert!(ledger.holder("other.example.com", Some(1), TicketNumber(91023)).is_none());
        assert!(ledger.holder("gateway.example.com", Some(2), TicketNumber(91023)).is_none());
    }

    #[test]
    fn an_open_intent_keeps_what_is_known_of_it() {
        let reply = ReplyFact::new(IntentId(1), Receipt::Accepted, Some(1), None);
        let second = ReplyFact::new(IntentId(1), Receipt::Unclear, Some(5), None);
        let sent = Fact::Sent { id: IntentId(1).to_string() };
        let ledger = ledger([
            intent(1, 91023),
            sent,
            Fact::Reply(reply),
            Fact::Late(second),
            outcome(Outcome::AcceptedNotMoved),
        ]);
        let open = ledger.unresolved().next().unwrap();
        assert!(open.sent_at.is_some());
        assert_eq!(open.receipt(), Some(Receipt::Accepted), "the first reply");
        assert_eq!(open.outcome, Some(Outcome::AcceptedNotMoved));
        let by = (open.stamp.operator.as_deref(), open.stamp.host.as_str(), open.stamp.pid);
        assert_eq!(by, (Some("operator"), "desk1", 7));
    }
}
