//! The journal's operations over any medium: open an intent, record a fact, say what is unresolved. It decides; the medium
//! writes. Whoever calls holds the medium's lock.

use jiff::Timestamp;

use super::chain::LineFault;
use super::durable::DurableIntent;
use super::ledger::{Ledger, Unresolved};
use super::record::{Fact, Intent, Record, RotatedFact, Stamp};
use super::seal::Head;
use crate::domain::{IntentId, TicketNumber};

/// Where the lines are kept: a file, or memory in a test. An error is one line of words.
pub trait Medium {
    /// Everything from a place on.
    fn read_from(&mut self, offset: u64) -> Result<Vec<u8>, String>;
    /// Appends in one write.
    fn append(&mut self, bytes: &[u8]) -> Result<(), String>;
    /// Makes what was appended durable.
    fn sync(&mut self) -> Result<(), String>;
    /// Cuts everything behind a length off.
    fn cut(&mut self, length: u64) -> Result<(), String>;
    /// Keeps bytes durably in a place of their own, and names it.
    fn keep_aside(&mut self, bytes: &[u8]) -> Result<String, String>;
}

/// Who writes a record, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Who writes it, and where.
    pub by: Stamp,
    /// The time, UTC.
    pub at: Timestamp,
}

/// The answer to an intent that is to be opened.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim {
    /// Durable, and the ticket is ours.
    Opened(DurableIntent),
    /// Somebody else holds the ticket.
    HeldBy(Box<Unresolved>),
}

/// The journal as far as it was read.
#[derive(Clone, Debug, Default)]
pub struct Store {
    head: Head,
    ledger: Ledger,
    /// Bytes that were read as whole lines.
    taken: u64,
    /// Bytes behind them that are no whole line.
    torn: Vec<u8>,
    failed: Option<String>,
    notices: Vec<String>,
    /// The file that this one carries on, and the number of this one's first line.
    begins: Option<(String, u64)>,
    /// True if this store wrote a line of which the head was not told yet.
    is_head_new: bool,
}

impl Store {
    /// Takes in what was appended since. A line that does not carry the chain on ends it, with its number.
    pub fn catch_up(&mut self, medium: &mut impl Medium) -> Result<(), String> {
        let bytes = medium.read_from(self.taken)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (lines, torn) = bytes.split_at(whole);
        self.torn = torn.to_vec();
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            let text = std::str::from_utf8(line).map_err(|_| self.broken(&LineFault::Changed))?;
            let mut head = self.head.clone();
            let record = head.follow(text).map_err(|fault| self.broken(&fault))?;
            if let (0, Fact::Rotated(rotated)) = (self.taken, &record.fact) {
                self.begins = rotated.from.clone().map(|from| (from, record.seq));
            }
            self.head = head;
            self.ledger.apply(&record);
            self.taken += length(line);
        }
        Ok(())
    }

    fn broken(&self, fault: &LineFault) -> String {
        format!(
            "the record behind number {} {fault}; `withdraw-desk journal verify` says more. Nobody can say any more which \
             tickets are held: keep the file, and start with another --journal only after its open cancels were checked \
             by hand",
            self.head.seq
        )
    }

    /// Open: nobody holds this ticket, and the intent is durable; one step.
    pub fn open(
        &mut self,
        medium: &mut impl Medium,
        written: Written,
        id: IntentId,
        mut intent: Intent,
    ) -> Result<Claim, String> {
        let ticket: TicketNumber = intent.ticket.parse().map_err(|_| "the intent names no ticket".to_owned())?;
        self.check_whole(medium)?;
        if let Some(holder) = self.ledger.holder(&written.by.exchange, written.by.oms, ticket) {
            return Ok(Claim::HeldBy(Box::new(holder.clone())));
        }
        intent.id = id.to_string();
        self.append(medium, written, Fact::Intent(Box::new(intent)))?;
        Ok(Claim::Opened(DurableIntent::new(id)))
    }

    /// A line that was read before may have been changed since: before a cancel the whole chain is read again.
    fn check_whole(&self, medium: &mut impl Medium) -> Result<(), String> {
        let mut again = Self::default();
        again.catch_up(medium)?;
        if again.head == self.head {
            return Ok(());
        }
        Err("was changed since it was read; `withdraw-desk journal verify` says more".to_owned())
    }

    /// Record: a fact about an intent or the session, durably. What another console settled already is not settled again.
    pub fn record(&mut self, medium: &mut impl Medium, written: Written, fact: Fact) -> Result<(), String> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        if self.ledger.is_of_nothing(&fact) {
            return Err("knows nothing of the cancel whose outcome was to be recorded".to_owned());
        }
        if self.ledger.is_settled_by(&fact) { Ok(()) } else { self.append(medium, written, fact) }
    }

    /// Unresolved: the open intents of every exchange.
    pub fn unresolved(&self) -> Vec<Unresolved> {
        self.ledger.unresolved().cloned().collect()
    }

    /// Where the journal ends.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The name of the file that this one carries on, if `before` has not read it to its end.
    pub fn unread_before(&self, before: &Self) -> Option<&str> {
        let (from, seq) = self.begins.as_ref()?;
        (self.head.chain == before.head.chain && *seq > before.head.seq + 1).then_some(from)
    }

    /// Takes over what was settled in another file of this journal.
    pub fn remember(&mut self, other: &Self) {
        self.ledger.remember(&other.ledger);
    }

    /// The head, if this store wrote since it was asked last.
    pub fn take_new_head(&mut self) -> Option<Head> {
        std::mem::take(&mut self.is_head_new).then(|| self.head.clone())
    }

    /// Bytes of whole lines.
    pub fn length(&self) -> u64 {
        self.taken
    }

    /// Notices for the operator; each is told once.
    pub fn take_notices(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notices)
    }

    /// Adds a notice.
    pub fn notice(&mut self, text: String) {
        self.notices.push(text);
    }

    /// Why nothing is written any more, if so.
    pub fn failed(&self) -> Option<&str> {
        self.failed.as_deref()
    }

    /// Nothing is written any more, in no file.
    pub fn fail(&mut self, why: &str) {
        self.failed.get_or_insert_with(|| why.to_owned());
    }

    /// True if `self` goes on where `before` was: the same journal, at least as long, or its next file.
    fn continues(&self, before: &Self) -> bool {
        self.head.chain == before.head.chain && self.head.seq >= before.head.seq
    }

    /// Takes over from a store whose file is not the journal any more: its open intents of which no record is here are
    /// recorded here again, so that their tickets stay locked.
    pub fn carry_over(&mut self, medium: &mut impl Medium, written: Written, before: &Self) -> Result<(), String> {
        let carried = before.ledger.records_missing_in(&self.ledger);
        if !carried.is_empty() || !self.continues(before) {
            self.notice("the journal was replaced or cut short; its open cancels are carried over".to_owned());
        }
        if !carried.is_empty() {
            self.append(medium, written, Fact::Rotated(Box::new(RotatedFact { from: None, carried })))?;
        }
        self.ledger.remember(&before.ledger);
        Ok(())
    }

    /// The store of the file that carries this one on, which this one began.
    #[must_use]
    pub fn next(&self) -> Self {
        let mut next = Self { is_head_new: true, ..Self::default() };
        next.ledger.remember(&self.ledger);
        next
    }

    /// The first line of that file.
    pub fn next_file(&self, written: Written, from: String) -> Result<String, String> {
        let carried = self.ledger.records_missing_in(&Ledger::default());
        let fact = Fact::Rotated(Box::new(RotatedFact { from: Some(from), carried }));
        let (_, line) =
            Record::next(&self.head, written.at, self.of_this_chain(written.by), fact).map_err(|e| e.to_string())?;
        Ok(line)
    }

    fn of_this_chain(&self, stamp: Stamp) -> Stamp {
        Stamp { chain: self.head.chain.clone().unwrap_or(stamp.chain), ..stamp }
    }

    fn append(&mut self, medium: &mut impl Medium, written: Written, fact: Fact) -> Result<(), String> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        self.recover_tail(medium, written.clone())?;
        self.write(medium, written, fact)
    }

    /// Half a line at the end is what a crash in mid-write leaves: nothing was sent because of it. A hand may have cut it as
    /// well, so the ticket that it names is told.
    fn recover_tail(&mut self, medium: &mut impl Medium, written: Written) -> Result<(), String> {
        if self.torn.is_empty() {
            return Ok(());
        }
        let bytes = length(&self.torn);
        let kept_in = medium.keep_aside(&self.torn)?;
        medium.cut(self.taken)?;
        let torn = std::mem::take(&mut self.torn);
        let ticket =
            ticket_named_in(&torn).map_or_else(String::new, |ticket| format!("; it names ticket {ticket}: check it"));
        self.notices.push(format!("the journal ended in half a line, as after a crash; kept in {kept_in}{ticket}"));
        self.write(medium, written, Fact::RecoveredTail { bytes, kept_in })
    }

    fn write(&mut self, medium: &mut impl Medium, written: Written, fact: Fact) -> Result<(), String> {
        let stamp = self.of_this_chain(written.by);
        let (record, line) = Record::next(&self.head, written.at, stamp, fact).map_err(|error| error.to_string())?;
        if let Err(error) = medium.append(line.as_bytes()).and_then(|()| medium.sync()) {
            // A line that is partly there is cut back. It is never tried again, because nobody knows if it was durable.
            let _ = medium.cut(self.taken);
            let failed = format!("cannot be written: {error}; this session is read-only until restart");
            self.failed = Some(failed.clone());
            return Err(failed);
        }
        self.head.advance(&record);
        self.ledger.apply(&record);
        self.taken += length(line.as_bytes());
        self.is_head_new = true;
        Ok(())
    }
}

/// The ticket of an intent of which only the beginning is there.
fn ticket_named_in(torn: &[u8]) -> Option<TicketNumber> {
    let text = std::str::from_utf8(torn).ok()?;
    let (_, rest) = text.split_once("\"ticket\":\"")?;
    rest.split_once('"')?.0.parse().ok()
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
