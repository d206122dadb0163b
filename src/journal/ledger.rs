//! What follows from the records: which intents are open and which tickets they hold.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::record::{Fact, Intent, Record, ReplyFact, Stamp};
use crate::domain::{AccountId, IntentId, Outcome, Receipt, RemoteText, TicketNumber};

/// An intent without a final outcome. It holds its ticket for every console on this journal.
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
    /// What was decided upon.
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
}

impl Unresolved {
    /// The receipt, if it was decided.
    pub fn receipt(&self) -> Option<Receipt> {
        self.reply.as_ref().map(|(reply, _)| reply.receipt())
    }

    /// Who holds the ticket, in words for the dialog.
    pub fn holder(&self) -> String {
        let operator = self.stamp.operator.as_deref().unwrap_or("somebody");
        let stands = self.outcome.map_or("not settled", Outcome::word);
        format!(
            "{} on {} (pid {}) opened a cancel of it at {}; it is {stands}",
            crate::domain::text::inert(operator),
            crate::domain::text::inert(&self.stamp.host),
            self.stamp.pid,
            crate::domain::time::date_time(self.opened_at),
        )
    }
}

/// What a lock is about: the same ticket number on another exchange or OMS is another ticket.
type Lock = (String, Option<i64>, TicketNumber);

/// The open intents of a journal, kept up by feeding it every record in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    open: BTreeMap<IntentId, Unresolved>,
    last_seq: u64,
    chain: Option<String>,
}

impl Ledger {
    /// Takes in the next record.
    pub fn apply(&mut self, record: &Record) {
        self.last_seq = record.seq;
        self.chain.get_or_insert_with(|| record.stamp.chain.clone());
        let at = record.time().unwrap_or(Timestamp::UNIX_EPOCH);
        match &record.fact {
            Fact::Intent(intent) => self.insert(record, intent, at),
            Fact::Sent { id } => self.change(id, |open| open.sent_at = Some(at)),
            Fact::Reply(reply) | Fact::Late(reply) => {
                self.change(&reply.id, |open| {
                    // The first reply counts; a second, different one is an anomaly and changes nothing.
                    let is_first = open.receipt().is_none_or(|receipt| receipt == Receipt::None);
                    if is_first {
                        open.reply = Some((reply.clone(), at));
                    }
                });
            }
            Fact::Outcome { id, outcome, .. } => match Outcome::from_word(outcome) {
                Some(outcome) if outcome.is_final() => self.close(id),
                Some(outcome) => self.change(id, |open| open.outcome = Some(outcome)),
                None => {}
            },
            Fact::Opened | Fact::Read(_) | Fact::Declined { .. } | Fact::Closed | Fact::Other(_) => {}
        }
    }

    fn insert(&mut self, record: &Record, intent: &Intent, at: Timestamp) {
        let (Ok(id), Ok(ticket)) = (intent.id.parse::<IntentId>(), intent.ticket.parse()) else { return };
        let open = Unresolved {
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
        };
        self.open.insert(id, open);
    }

    fn change(&mut self, id: &str, change: impl FnOnce(&mut Unresolved)) {
        if let Some(open) = id.parse().ok().and_then(|id: IntentId| self.open.get_mut(&id)) {
            change(open);
        }
    }

    fn close(&mut self, id: &str) {
        if let Ok(id) = id.parse::<IntentId>() {
            self.open.remove(&id);
        }
    }

    /// The number of the next record.
    pub fn next_seq(&self) -> u64 {
        self.last_seq + 1
    }

    /// The journal's id, once it has a record.
    pub fn chain(&self) -> Option<&str> {
        self.chain.as_deref()
    }

    /// Whoever holds a ticket of an exchange and OMS.
    pub fn holder(&self, exchange: &str, oms: Option<i64>, ticket: TicketNumber) -> Option<&Unresolved> {
        let wanted: Lock = (exchange.to_owned(), oms, ticket);
        self.open.values().find(|open| (open.stamp.exchange.clone(), open.stamp.oms, open.ticket) == wanted)
    }

    /// All open intents, of every exchange.
    pub fn unresolved(&self) -> impl Iterator<Item = &Unresolved> {
        self.open.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::record::tests::{intent, stamp};

    fn ledger(facts: impl IntoIterator<Item = Fact>) -> Ledger {
        let mut ledger = Ledger::default();
        for (seq, fact) in (1..).zip(facts) {
            let at = Timestamp::from_second(1_700_000_000 + seq).unwrap();
            ledger.apply(&Record::new(u64::try_from(seq).unwrap(), at, stamp("s1"), fact));
        }
        ledger
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
        assert!(open.holder().contains("operator on desk1 (pid 7)"), "{}", open.holder());
        assert_eq!((ledger.next_seq(), ledger.chain()), (6, Some("c0")));
    }
}
