//! The promises, checked against what was seen on the wire, on the keys and in the journal. Nothing here asks the program
//! what it thinks.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::time::Duration;

use bigdecimal::BigDecimal;
use jiff::SignedDuration;
use serde_json::value::RawValue;
use withdraw_desk::app::State;
use withdraw_desk::app::console::key::Key;
use withdraw_desk::app::console::screens::Screen;
use withdraw_desk::app::desk::cancels::attempt::{self, Attempt, AttemptEnd, Fresh, NotSent, Owner, Stage};
use withdraw_desk::app::desk::cancels::release::ReleaseOrder;
use withdraw_desk::app::desk::order::Order;
use withdraw_desk::domain::{Boot, IntentId, Now, Outcome};
use withdraw_desk::journal::record::{ReleaseFact, ReplyFact};
use withdraw_desk::journal::seal::Head;
use withdraw_desk::journal::store::{Claim, Written};
use withdraw_desk::journal::{Fact, Intent, Record, Store};
use withdraw_desk::protocol::{Frame, FrameKind};

use crate::memory::Memory;

/// How every id of a transaction begins here, wherever the exchange tells it.
const TRANSACTION: &str = "9f2c";
/// The word that answers for a ticket of which money may have left, as PRODUCT.md's rule has it.
const SECOND_WORD: &str = "checked";

/// One run of the program; a restart is another.
pub type Process = u32;
type Connection = u32;

const READ: &str = "GetWithdrawTicket";
const CANCEL: &str = "CancelFailedWithdrawTicket";
const READ_TIMEOUT: Duration = Duration::from_secs(5);
const STALE_AFTER: Duration = Duration::from_secs(15);
const FOLLOW_TIME: Duration = Duration::from_secs(60);
/// No Enter counts that comes earlier after a key or a paste.
const PAUSE: Duration = Duration::from_millis(300);
/// Clocks that part by more have parted.
const PARTED: SignedDuration = SignedDuration::from_secs(2);
/// Earlier after the send, a release needs a word.
const EARLY: Duration = Duration::from_secs(15 * 60);

#[derive(Clone, Debug)]
struct Asked {
    /// How many keys its process had taken in.
    key: u64,
    /// The cancels that were handed over before.
    after: BTreeSet<IntentId>,
    at: Boot,
    name: String,
    /// True if it was asked to follow a cancel, and not for a screen or a dialog.
    follows: bool,
}

/// A good answer to a GetWithdrawTicket, in time, on its own link.
#[derive(Clone, Debug)]
struct Read {
    connection: Connection,
    ticket: String,
    status: String,
    key: u64,
    after: BTreeSet<IntentId>,
    asked_at: Boot,
    at: Boot,
    follows: bool,
    payload: String,
}

#[derive(Clone, Debug)]
struct Handed {
    process: Process,
    at: Boot,
    place: (Process, Connection, u64),
}

#[derive(Clone, Debug)]
struct Confirmation {
    key: u64,
    ticket: String,
    shown_at: Boot,
    /// The second word was typed.
    has_word: bool,
    is_used: bool,
    /// True once its intent was ordered: from then on it is too late to keep the ticket.
    is_ordered: bool,
    /// The event after which it does not count any more.
    withdrawn: Option<String>,
}

/// The Enter of a release, and what had been typed by then.
#[derive(Clone, Debug)]
struct Releasing {
    intent: IntentId,
    order: ReleaseOrder,
    at: Boot,
}

#[derive(Clone, Debug)]
struct Known {
    ticket: String,
    place: (Process, Connection, u64),
    reply: Option<(String, Option<i64>)>,
    outcome: Option<Outcome>,
    is_released: bool,
    /// When the intent was in the journal, when its send was, and when its final outcome was.
    opened: Now,
    sent: Option<Now>,
    settled: Option<Boot>,
}

impl Known {
    fn is_open(&self) -> bool {
        // The list is PRODUCT.md's, not the program's.
        !matches!(self.outcome, Some(Outcome::Verified | Outcome::Moved | Outcome::Refused | Outcome::NotSent))
    }
}

/// The fields that arm, as they were typed: of the dialog that cancels, or of the one that releases.
#[derive(Debug, PartialEq, Eq)]
pub struct Armed {
    number: String,
    word: String,
}

impl Armed {
    pub fn of(state: &State) -> Self {
        let (number, word) = match state.console.top() {
            Some(Screen::Cancel(dialog)) => (&*dialog.typed.number, &*dialog.typed.word),
            Some(Screen::Release(dialog)) => (&*dialog.typed.number, &*dialog.typed.word),
            _ => ("", ""),
        };
        Self { number: number.to_owned(), word: word.to_owned() }
    }

    /// Time may have disarmed it meanwhile.
    fn is_more_than(&self, before: &Self) -> bool {
        !self.number.is_empty() && self.number != before.number || !self.word.is_empty() && self.word != before.word
    }
}

/// The screen before the operator when he pressed a key.
pub struct Before {
    /// The key's number, counted from the start of its process.
    key: u64,
    /// The dialog's fresh read, and the number typed into it.
    pub dialog: Option<(Fresh, String)>,
    /// The order typed into the release dialog, and its intent, before it was confirmed.
    release: Option<(IntentId, ReleaseOrder)>,
    /// True if the key is the one that keeps the ticket or the lock.
    keeps: bool,
    /// The second word stands in the dialog.
    has_word: bool,
    /// How long no key and no paste had come.
    quiet: Option<Duration>,
}

/// The knowledge of somebody without a screen when he gave an order.
pub struct Unseen {
    key: u64,
    fresh: Option<Fresh>,
    typed: Option<attempt::Confirmation>,
}

impl Before {
    fn of(state: &State, number: u64, key: Key, quiet: Option<Duration>) -> Self {
        let shown = state.desk.cancels().attempt().and_then(|attempt| match &attempt.stage {
            Stage::Shown(fresh) => Some((**fresh).clone()),
            _ => None,
        });
        let screen = state.console.top();
        let dialog = match screen {
            Some(Screen::Cancel(dialog)) => shown.map(|fresh| (fresh, dialog.typed.number.clone())),
            _ => None,
        };
        let release = match screen {
            Some(Screen::Release(dialog)) if !state.desk.cancels().is_releasing(dialog.intent) => {
                Some((dialog.intent, dialog.typed.clone()))
            }
            _ => None,
        };
        let is_dialog = matches!(screen, Some(Screen::Cancel(_) | Screen::Release(_)));
        let keeps = key == "Esc".parse().unwrap() && is_dialog;
        let has_word = matches!(screen, Some(Screen::Cancel(dialog)) if dialog.typed.word == SECOND_WORD);
        Self { key: number, dialog, release, keeps, has_word, quiet }
    }
}

/// Everything seen so far, and the first promise that was broken.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    keys: BTreeMap<Process, u64>,
    numbers: BTreeMap<Process, u64>,
    asked: BTreeMap<(Process, Connection, u64), Asked>,
    reads: BTreeMap<Process, Vec<Read>>,
    replies: BTreeMap<(Process, Connection, u64), Vec<(u8, String)>>,
    lost: BTreeSet<(Process, Connection)>,
    heard: BTreeMap<Process, Boot>,
    handed: BTreeMap<IntentId, Handed>,
    confirmed: BTreeMap<Process, Confirmation>,
    releasing: BTreeMap<Process, Releasing>,
    last_input: BTreeMap<Process, Boot>,
    last_event: BTreeMap<Process, Now>,
    intents: BTreeMap<IntentId, Known>,
    head: Head,
    taken: usize,
    leaving: BTreeSet<Process>,
    broken: Option<String>,
}

impl Watch {
    pub fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    pub fn cancels(&self) -> usize {
        self.handed.len()
    }

    /// How many intents stand at each outcome.
    pub fn outcomes(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for known in self.intents.values() {
            let word = known.outcome.map_or("none", Outcome::word);
            *counts.entry(word.to_owned()).or_default() += 1;
            if known.is_released {
                *counts.entry("released".to_owned()).or_default() += 1;
            }
        }
        counts
    }

    fn fails(&mut self, promise: &str, what: impl Into<String>) {
        let what = what.into();
        self.broken.get_or_insert_with(|| format!("{promise}: {what}"));
    }

    // --- the wire ---------------------------------------------------------------------------------------------------

    pub fn asked(&mut self, process: Process, connection: Connection, frame: &Frame, follows: bool, now: Now) {
        if frame.name == CANCEL {
            self.fails("promise 1, at most one frame", "a cancel went out as a read");
        }
        let key = self.keys.get(&process).copied().unwrap_or_default();
        let after = self.handed.keys().copied().collect();
        let asked = Asked { key, after, at: now.boot, name: frame.name.clone(), follows };
        self.number(process, frame);
        self.asked.insert((process, connection, frame.id.0), asked);
    }

    /// Sequence numbers are never given out twice.
    fn number(&mut self, process: Process, frame: &Frame) {
        let last = self.numbers.insert(process, frame.id.0);
        if last.is_some_and(|last| last >= frame.id.0) {
            self.fails("a reply is matched by link, i and m", format!("i={} was given out twice", frame.id));
        }
    }

    pub fn handed(
        &mut self,
        process: Process,
        connection: Connection,
        intent: IntentId,
        frame: &Frame,
        memory: &Memory,
        now: Now,
    ) {
        let place = (process, connection, frame.id.0);
        let ticket = token(&frame.payload, "ticketId").unwrap_or_default();
        if self.handed.insert(intent, Handed { process, at: now.boot, place }).is_some() {
            self.fails("promise 1, at most one frame", format!("a second frame for intent {intent}"));
        }
        let durable = String::from_utf8_lossy(&memory.bytes[..memory.durable]).into_owned();
        if !durable.contains(&format!("\"kind\":\"intent\",\"id\":\"{intent}\"")) {
            self.fails("promise 3, no journal, no send", format!("intent {intent} was not durable at the send"));
        }
        match self.intents.get(&intent) {
            Some(known) if !known.is_open() => {
                let stands = known.outcome;
                self.fails("promise 4, every intent", format!("sent although its intent was settled: {stands:?}"));
            }
            Some(known) if known.ticket != ticket => {
                self.fails("promise 2, the ticket shown", format!("the intent is of {}, sent {ticket}", known.ticket));
            }
            _ => {}
        }
        if self.leaving.contains(&process) {
            self.fails("interrupted before the writer has the frame", "sent by a process that was told to end");
        }
        let is_of_intent = self.intents.get(&intent).is_none_or(|known| known.place == place);
        if !is_of_intent {
            self.fails("promise 3, no journal, no send", "the frame is not the one in the intent");
        }
        self.check_confirmation(process, connection, &ticket, now);
    }

    fn check_confirmation(&mut self, process: Process, connection: Connection, ticket: &str, now: Now) {
        let Some(confirmed) = self.confirmed.get(&process).cloned() else {
            return self.fails("promise 1, at most one frame", "a frame without any confirmation");
        };
        if confirmed.is_used {
            return self.fails("promise 1, at most one frame", "a second frame for one confirmation");
        }
        if let Some(confirmed) = self.confirmed.get_mut(&process) {
            confirmed.is_used = true;
        }
        if let Some(why) = confirmed.withdrawn {
            return self.fails("a confirmation that was withdrawn sends nothing", format!("sent although {why}"));
        }
        if confirmed.ticket != ticket {
            let said = format!("{} was shown and typed, {ticket} was sent", confirmed.ticket);
            return self.fails("promise 2, the ticket shown", said);
        }
        let reads = self.reads.get(&process).cloned().unwrap_or_default();
        let of_ticket = || reads.iter().filter(|read| read.ticket == ticket);
        let shown: Vec<String> =
            of_ticket().filter(|read| read.at == confirmed.shown_at).map(|read| read.payload.clone()).collect();
        // The read of this confirmation, and not one that follows a released cancel of the same ticket.
        let fresh =
            of_ticket().rfind(|read| read.key >= confirmed.key && !read.follows && read.connection == connection);
        let Some(fresh) = fresh.cloned() else {
            return self.fails("promise 2, the ticket shown", "sent without a read of it after the confirmation");
        };
        if now.boot.since(fresh.asked_at) > READ_TIMEOUT {
            return self.fails("promise 2, the ticket shown", "the confirming read was too old");
        }
        if fresh.payload.contains(TRANSACTION) && !confirmed.has_word {
            self.fails("money may already have left", format!("{ticket} was sent without the second word"));
        }
        if fresh.status != "Failed" || !shown.iter().any(|shown| agree(shown, &fresh.payload)) {
            self.fails(
                "promise 2, the ticket shown",
                format!("sent although it changed: {shown:?} and {}", fresh.payload),
            );
        }
    }

    /// A frame reaches a process, tagged with a connection.
    pub fn arrived(&mut self, process: Process, connection: Connection, frame: &Frame, now: Now) {
        let place = (process, connection, frame.id.0);
        let is_answer = matches!(frame.kind, FrameKind::Reply | FrameKind::Error);
        if !is_answer || self.lost.contains(&(process, connection)) {
            return;
        }
        if self.handed.values().any(|handed| handed.place == place) {
            self.heard.insert(process, now.boot);
            self.replies.entry(place).or_default().push((frame.kind.number(), frame.payload.clone()));
            return;
        }
        let Some(asked) = self.asked.remove(&place) else { return };
        if now.boot.since(asked.at) >= READ_TIMEOUT {
            return;
        }
        self.heard.insert(process, now.boot);
        let (ticket, status) = (token(&frame.payload, "TicketNumber"), token(&frame.payload, "Status"));
        if let (true, FrameKind::Reply, Some(ticket), Some(status)) = (asked.name == READ, frame.kind, ticket, status) {
            let status = status.trim_matches('"').to_owned();
            let payload = frame.payload.clone();
            let Asked { key, after, at: asked_at, follows, .. } = asked;
            self.reads.entry(process).or_default().push(Read {
                connection,
                ticket,
                status,
                key,
                after,
                asked_at,
                at: now.boot,
                follows,
                payload,
            });
        }
    }

    pub fn opened(&mut self, process: Process, now: Now) {
        self.heard.insert(process, now.boot);
    }

    pub fn lost(&mut self, process: Process, connection: Connection) {
        self.lost.insert((process, connection));
    }

    pub fn interrupted(&mut self, process: Process) {
        self.leaving.insert(process);
    }

    /// A process is about to take in an event: it sees both clocks.
    pub fn clocks(&mut self, process: Process, now: Now) {
        let Some(last) = self.last_event.insert(process, now) else { return };
        let boot = SignedDuration::try_from(now.boot.since(last.boot)).unwrap();
        if (now.wall.duration_since(last.wall) - boot).abs() > PARTED
            && let Some(confirmed) = self.confirmed.get_mut(&process)
        {
            confirmed.withdrawn.get_or_insert_with(|| "the clocks parted".to_owned());
        }
    }

    /// The intent of a confirmation was ordered.
    pub fn ordered(&mut self, process: Process) {
        if let Some(confirmed) = self.confirmed.get_mut(&process) {
            confirmed.is_ordered = true;
        }
    }

    /// Something happened after which the Enter before it does not count, unless its intent is ordered.
    fn withdrawn(&mut self, process: Process, why: &str) {
        if let Some(confirmed) = self.confirmed.get_mut(&process).filter(|confirmed| !confirmed.is_ordered) {
            confirmed.withdrawn.get_or_insert_with(|| why.to_owned());
        }
    }

    /// Something happened at the screen after which the Enter of its dialog does not count. An attempt of somebody without a
    /// screen is his to take back, and no dialog's.
    pub fn withdrawn_at_the_screen(&mut self, process: Process, state: &State, why: &str) {
        if state.desk.cancels().attempt().is_none_or(|attempt| attempt.owner == Owner::Dialog) {
            self.withdrawn(process, why);
        }
    }

    // --- the keys ---------------------------------------------------------------------------------------------------

    /// A key is about to be taken in.
    pub fn before_key(&mut self, process: Process, state: &State, key: Key, now: Now) -> Before {
        let number = self.keys.entry(process).or_default();
        *number += 1;
        let quiet = self.last_input.insert(process, now.boot).map(|last| now.boot.since(last));
        let before = Before::of(state, *number, key, quiet);
        if before.keeps {
            self.withdrawn_at_the_screen(process, state, "the operator kept the ticket");
            self.releasing.remove(&process);
        }
        before
    }

    /// Somebody without a screen is about to give an order.
    pub fn before_order(&mut self, process: Process, state: &State, order: &Order) -> Unseen {
        let key = self.keys.entry(process).or_default();
        *key += 1;
        let key = *key;
        if *order == Order::Keep {
            self.withdrawn(process, "the ticket was kept");
        }
        let fresh = state.desk.cancels().attempt().and_then(Attempt::fresh).cloned();
        let typed = match order {
            Order::Confirm(typed) => Some(typed.clone()),
            _ => None,
        };
        Unseen { key, fresh, typed }
    }

    /// The order was taken in, and followed or refused.
    pub fn ordered_unseen(&mut self, process: Process, before: Unseen, state: &State, is_followed: bool, now: Now) {
        let attempt = state.desk.cancels().attempt();
        let confirms = is_followed && attempt.is_some_and(|attempt| matches!(attempt.stage, Stage::Confirming(..)));
        let (Some(typed), true) = (before.typed, confirms) else { return };
        let Some(fresh) = before.fresh else {
            return self.fails("promise 2, the ticket shown", "confirmed what nobody was shown");
        };
        let ticket = fresh.ticket.number.to_string();
        if typed.number != ticket {
            self.fails("promise 2, the ticket shown", format!("confirmed {ticket} with {:?} typed", typed.number));
        }
        let heard = self.heard.get(&process).copied().unwrap_or_default();
        if now.boot.since(heard) > STALE_AFTER {
            self.fails("promise 11, nothing is armed on stale data", "confirmed on stale data");
        }
        let (key, shown_at, has_word) = (before.key, fresh.at.boot, typed.word == SECOND_WORD);
        let confirmed =
            Confirmation { key, ticket, shown_at, has_word, is_used: false, is_ordered: false, withdrawn: None };
        self.confirmed.insert(process, confirmed);
    }

    /// Something was pasted.
    pub fn pasted(&mut self, process: Process, before: &Armed, state: &State, now: Now) {
        self.last_input.insert(process, now.boot);
        let after = Armed::of(state);
        if after.is_more_than(before) {
            self.fails("no paste arms", format!("{before:?} became {after:?}"));
        }
    }

    /// A key was taken in: it may have been the confirming Enter.
    pub fn key(&mut self, process: Process, before: &Before, state: &State, now: Now) {
        let key = before.key;
        let attempt = state.desk.cancels().attempt();
        let confirms = attempt.is_some_and(|attempt| matches!(attempt.stage, Stage::Confirming(..)));
        if let Some((fresh, typed)) = before.dialog.as_ref().filter(|_| confirms) {
            let ticket = fresh.ticket.number.to_string();
            if *typed != ticket {
                self.fails("promise 2, the ticket shown", format!("confirmed {ticket} with {typed:?} typed"));
            }
            let heard = self.heard.get(&process).copied().unwrap_or_default();
            if now.boot.since(heard) > STALE_AFTER {
                self.fails("promise 11, nothing is armed on stale data", "confirmed on stale data");
            }
            self.check_pause(before);
            self.confirmed.insert(
                process,
                Confirmation {
                    key,
                    ticket,
                    shown_at: fresh.at.boot,
                    has_word: before.has_word,
                    is_used: false,
                    is_ordered: false,
                    withdrawn: None,
                },
            );
        }
        if let Some((intent, order)) =
            before.release.clone().filter(|(intent, _)| state.desk.cancels().is_releasing(*intent))
        {
            self.check_pause(before);
            self.releasing.insert(process, Releasing { intent, order, at: now.boot });
        }
    }

    fn check_pause(&mut self, before: &Before) {
        if before.quiet.is_some_and(|quiet| quiet < PAUSE) {
            let what = format!("Enter {:?} after a key or a paste", before.quiet.unwrap_or_default());
            self.fails("Enter counts only after 300 ms without any key", what);
        }
    }

    /// Every difference that the dialog claims must be in the reads.
    pub fn claims(&mut self, state: &State) {
        let Some(Screen::Cancel(dialog)) = state.console.top() else { return };
        let Some(AttemptEnd::NotSent(NotSent::Changed { differences, .. })) = &dialog.ended else { return };
        for found in differences {
            let number = |text: &str| BigDecimal::from_str(text).ok();
            let is_same = match found.fact {
                "amount" | "fee" => number(&found.shown).is_some_and(|shown| Some(shown) == number(&found.read)),
                _ => found.shown == found.read,
            };
            if is_same {
                self.fails("amounts agree as exact decimals", format!("{found:?} is no change"));
            }
        }
    }

    // --- the journal ------------------------------------------------------------------------------------------------

    /// The journal may have grown by what `process` wrote.
    pub fn journal(&mut self, process: Process, memory: &Memory, now: Now) {
        if memory.bytes.len() < self.taken {
            return self.fails("promise 3, no journal, no send", "whole records were cut off");
        }
        let new = memory.bytes[self.taken..].to_vec();
        for line in new.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")) {
            let line = String::from_utf8_lossy(line).into_owned();
            self.taken += line.len();
            match self.head.follow(&line) {
                Ok(record) => self.record(process, &record, now),
                Err(fault) => self.fails("the journal is a chain", format!("{fault}: {line}")),
            }
        }
    }

    fn record(&mut self, process: Process, record: &Record, now: Now) {
        let id = record.fact.intent();
        match (&record.fact, id) {
            (Fact::Intent(intent), Some(id)) => self.intent(process, id, intent, now),
            (Fact::Sent { .. }, Some(id)) if !self.handed.contains_key(&id) => {
                self.fails("never claim what was not seen", format!("{id} recorded as sent"));
            }
            (Fact::Sent { .. }, Some(id)) => {
                if let Some(known) = self.intents.get_mut(&id) {
                    known.sent = Some(now);
                }
            }
            (Fact::Reply(reply) | Fact::Late(reply), Some(id)) => self.reply(id, reply),
            (Fact::Read(read), Some(id)) => {
                let status = read.status.clone();
                if !self.reads_after(process, id).iter().any(|seen| seen.status == status) {
                    let what = format!("recorded a read of {status} that was not asked after the send and answered");
                    self.fails("promise 5, only a read asked after the send", what);
                }
            }
            (Fact::Outcome { outcome, .. }, Some(id)) => {
                let outcome = Outcome::from_word(outcome).expect("a known word");
                self.outcome(id, outcome, now);
            }
            (Fact::Release(_), Some(id)) => self.release(id),
            _ => {}
        }
    }

    fn intent(&mut self, process: Process, id: IntentId, intent: &Intent, now: Now) {
        let holder =
            self.intents.values().find(|known| known.is_open() && !known.is_released && known.ticket == intent.ticket);
        if let Some(holder) = holder {
            let what = format!("ticket {} has two open intents, the first stands {:?}", intent.ticket, holder.outcome);
            self.fails("promise 4, an open intent locks its ticket", what);
        }
        let confirmed = self.confirmed.get(&process).is_some_and(|confirmed| confirmed.ticket == intent.ticket);
        if !confirmed {
            self.fails("promise 2, the ticket shown", format!("an intent of {} that nobody confirmed", intent.ticket));
        }
        let known = Known {
            ticket: intent.ticket.clone(),
            place: (process, intent.connection, intent.i),
            reply: None,
            outcome: None,
            is_released: false,
            opened: now,
            sent: None,
            settled: None,
        };
        self.intents.insert(id, known);
    }

    fn reply(&mut self, id: IntentId, reply: &ReplyFact) {
        let Some(known) = self.intents.get(&id).cloned() else { return };
        let seen = self.replies.get(&known.place).cloned().unwrap_or_default();
        let Some(m) = reply.m else {
            if reply.receipt != "none" {
                self.fails("the receipt is the reply's", format!("{} without a reply", reply.receipt));
            }
            return;
        };
        let payload = reply.payload.clone().unwrap_or_default();
        if !seen.iter().any(|(kind, text)| (*kind, text) == (m, &payload)) {
            let what = format!("m {m} {payload} is no reply (m 1 or 5) to i {} on its link", known.place.2);
            return self.fails("a reply is matched by link, i and m", what);
        }
        let (receipt, code) = classify(m, &payload);
        if (reply.receipt.as_str(), reply.code) != (receipt, code) {
            let what = format!("{payload} is {receipt} {code:?}, recorded as {} {:?}", reply.receipt, reply.code);
            return self.fails("the receipt is the reply's", what);
        }
        if let Some(known) = self.intents.get_mut(&id) {
            known.reply.get_or_insert((receipt.to_owned(), code));
        }
    }

    /// The good reads of the intent's ticket by a process, asked after the send.
    fn reads_after(&self, process: Process, id: IntentId) -> Vec<Read> {
        let Some(known) = self.intents.get(&id) else { return Vec::new() };
        let is_sent = self.handed.contains_key(&id);
        let counts =
            |read: &&Read| read.ticket == known.ticket && read.follows && (!is_sent || read.after.contains(&id));
        self.reads.get(&process).into_iter().flatten().filter(counts).cloned().collect()
    }

    /// The last good reads that there may have been. They may be several, because nobody can see on the wire which of two
    /// cancels a read was asked for, where a released one of the same ticket was watched at the same time.
    fn last_reads(&self, process: Process, id: IntentId, known: &Known) -> Vec<Option<String>> {
        let mut reads: Vec<Option<String>> =
            self.reads_after(process, id).into_iter().map(|read| Some(read.status)).collect();
        reads.insert(0, None);
        let is_watched_too = |(other, its): (&IntentId, &Known)| {
            let is_other = *other != id && its.ticket == known.ticket && self.handed.contains_key(other);
            is_other && its.settled.is_none_or(|settled| settled >= known.opened.boot)
        };
        let is_alone = !self.intents.iter().any(is_watched_too);
        if is_alone { reads.split_off(reads.len() - 1) } else { reads }
    }

    /// A process says how a cancel stands; the record of it comes in a moment.
    pub fn says(&mut self, process: Process, fact: &Fact, now: Now) {
        if let (Fact::Release(release), Some(id)) = (fact, fact.intent()) {
            return self.says_released(process, id, release, now);
        }
        if let Fact::Declined { ticket, .. } = fact
            && let Some(confirmed) = self.confirmed.get_mut(&process).filter(|confirmed| confirmed.ticket == *ticket)
        {
            confirmed.withdrawn.get_or_insert_with(|| "it was declined".to_owned());
        }
        let (Fact::Outcome { outcome, .. }, Some(id)) = (fact, fact.intent()) else { return };
        let outcome = Outcome::from_word(outcome).expect("a known word");
        let Some(known) = self.intents.get(&id).cloned() else {
            return self.fails("promise 4, every intent", "an outcome of no intent");
        };
        let handed = self.handed.get(&id).cloned();
        if outcome == Outcome::NotSent {
            if handed.is_some() {
                self.fails("NotSent is said only of what was never handed over", format!("intent {id}"));
            }
            return;
        }
        let opener = known.place.0;
        if handed.is_none() && opener == process {
            return self
                .fails("exactly one frame where the outcome is not NotSent", format!("{outcome}, nothing sent"));
        }
        let mut lasts = self.last_reads(process, id, &known);
        // A state that was read once is not known for ever: a good read asked so long ago may be none of the end any more.
        let is_old = |read: &Read| read.asked_at + READ_TIMEOUT < now.boot;
        if self.reads_after(process, id).last().is_some_and(is_old) {
            lasts.push(None);
        }
        let first = self.replies.get(&known.place).and_then(|replies| replies.first());
        let first = first.map(|(kind, payload)| classify(*kind, payload).0);
        let receipts: Vec<Option<&str>> = if opener == process {
            vec![first]
        } else {
            vec![None, known.reply.as_ref().map(|(receipt, _)| receipt.as_str())]
        };
        let of_table =
            |receipt: Option<&str>| lasts.iter().map(|last| table(receipt, last.as_deref())).collect::<Vec<_>>();
        let wanted: Vec<Outcome> = receipts.iter().flat_map(|receipt| of_table(*receipt)).collect();
        if !wanted.contains(&outcome) {
            let what =
                format!("{outcome} with receipt {receipts:?} and last read {lasts:?}: the table says {wanted:?}");
            return self.fails(promise_behind(outcome), what);
        }
        if outcome == Outcome::AcceptedNotMoved
            && let Some(handed) = handed.as_ref().filter(|handed| handed.process == process)
        {
            // Of an end that came early the end is now; the follow time began no sooner than the send.
            let end = if self.leaving.contains(&process) { now.boot } else { handed.at + FOLLOW_TIME };
            let is_late = |read: &Read| read.asked_at + READ_TIMEOUT >= end;
            if !self.reads_after(process, id).iter().any(is_late) {
                self.fails("still failed is said only of a read of the end", format!("intent {id}"));
            }
        }
        let waits = matches!(outcome, Outcome::Refused | Outcome::AcceptedNotMoved | Outcome::Unknown);
        let is_early =
            handed.is_some_and(|handed| handed.process == process && now.boot.since(handed.at) < FOLLOW_TIME);
        if waits && is_early && !self.leaving.contains(&process) {
            self.fails("an outcome is written when it is known", format!("{outcome} before the follow time ended"));
        }
    }

    fn outcome(&mut self, id: IntentId, outcome: Outcome, now: Now) {
        let Some(known) = self.intents.get_mut(&id) else {
            return self.fails("promise 4, every intent", "an outcome of no intent");
        };
        if known.is_open() {
            known.outcome = Some(outcome);
            known.settled = (!known.is_open()).then_some(now.boot);
        } else {
            let before = known.outcome;
            self.fails("a final outcome stays", format!("{before:?}, then {outcome}"));
        }
    }

    fn says_released(&mut self, process: Process, id: IntentId, release: &ReleaseFact, now: Now) {
        let confirmed = self.releasing.remove(&process).filter(|releasing| releasing.intent == id);
        let Some(Releasing { order, at: confirmed_at, .. }) = confirmed else {
            return self.fails("a release needs its ticket and a reason", format!("nobody confirmed {release:?}"));
        };
        let is_fresh = |read: &Read| read.asked_at >= confirmed_at && now.boot.since(read.asked_at) <= READ_TIMEOUT;
        if !self.reads_after(process, id).iter().any(is_fresh) {
            self.fails("a release needs a read made now", format!("{release:?}"));
        }
        let Some(known) = self.intents.get(&id).cloned() else {
            return self.fails("promise 4, every intent", "a release of no intent");
        };
        let is_of_ticket = release.ticket == known.ticket && order.number == known.ticket;
        if !is_of_ticket || order.reason.trim().is_empty() || release.reason != order.reason.trim() {
            self.fails("a release needs its ticket and a reason", format!("{order:?} typed, {release:?}"));
        }
        let ages = self.ages(process, id, &known, now);
        // More may count as early than is: where the machine's time was set, nobody can tell the age.
        let is_told = |age: &Duration| age.as_secs() == release.age && (release.early || *age >= EARLY);
        if !ages.iter().any(is_told) {
            self.fails("a release tells its age", format!("{release:?}, it was sent {ages:?} ago"));
        }
        if release.early && order.word != "early" {
            self.fails("an early release needs the word", format!("{order:?} typed, {release:?}"));
        }
    }

    /// How long ago a cancel was sent. Who did not send it has only the journal's dates to tell, and so the wall clock: where
    /// that was set forward meanwhile, the word `early` is not asked for though it is early (seed 567, if this counts by
    /// `handed.at` alone). The journal would have to hold the boot clock to mend that.
    fn ages(&self, process: Process, id: IntentId, known: &Known, now: Now) -> Vec<Duration> {
        match self.handed.get(&id) {
            Some(handed) if handed.process == process => vec![now.boot.since(handed.at)],
            _ => {
                let dates = std::iter::once(known.opened).chain(known.sent);
                dates.map(|date| Duration::try_from(now.wall.duration_since(date.wall)).unwrap_or_default()).collect()
            }
        }
    }

    fn release(&mut self, id: IntentId) {
        if let Some(known) = self.intents.get_mut(&id) {
            known.is_released = true;
            if known.outcome.is_none() {
                self.fails("what is in flight is not released", format!("{id} has no outcome in the journal"));
            }
        }
    }

    // --- the end ----------------------------------------------------------------------------------------------------

    /// Every intent is final, or another console finds it unresolved and its ticket locked.
    pub fn locks(&mut self, memory: &Memory) {
        let mut memory = Memory { bytes: memory.bytes.clone(), durable: memory.durable, ..Memory::default() };
        let mut store = Store::default();
        if let Err(why) = store.catch_up(&mut memory) {
            return self.fails("the journal is a chain", why);
        }
        let open: Vec<(IntentId, Known)> =
            self.intents.iter().filter(|(_, known)| known.is_open()).map(|(id, known)| (*id, known.clone())).collect();
        for (id, known) in open {
            let listed = store.unresolved().into_iter().find(|open| open.id == id);
            let Some(listed) = listed else {
                return self.fails("promise 4, every intent", format!("{id} is open and in no list"));
            };
            if known.is_released {
                continue;
            }
            let claim = store.open(
                &mut memory,
                Written { by: listed.stamp.clone(), at: jiff::Timestamp::UNIX_EPOCH },
                IntentId(u128::MAX),
                listed.intent,
            );
            if !matches!(claim, Ok(Claim::HeldBy(_))) {
                return self.fails(
                    "promise 4, an open intent locks its ticket",
                    format!("{} can be canceled again", known.ticket),
                );
            }
        }
    }

    /// Checks the locks once everything had the time to end: no intent is left without any outcome.
    pub fn ended(&mut self, memory: &Memory) {
        self.locks(memory);
        if let Some((id, _)) = self.intents.iter().find(|(_, known)| known.outcome.is_none()) {
            let what = format!("{id} has no outcome");
            self.fails("promise 4, every intent ends in a recorded outcome", what);
        }
    }
}

fn promise_behind(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Verified => "promise 5, Verified only with a read asked after the send that says so",
        Outcome::Refused => "a read of failed never closes an open intent, only a refusal does",
        _ => "the outcome is the table's",
    }
}

/// PRODUCT.md's table, written down a second time.
fn table(receipt: Option<&str>, last_read: Option<&str>) -> Outcome {
    match (receipt, last_read) {
        (_, Some("UserCanceled" | "AdminCanceled")) => Outcome::Verified,
        (_, Some(status)) if status != "Failed" => Outcome::Moved,
        (Some("refused"), _) => Outcome::Refused,
        (Some("accepted"), Some(_)) => Outcome::AcceptedNotMoved,
        _ => Outcome::Unknown,
    }
}

/// The receipt and the code of a reply: the rules written down a second time, so that they are not checked by themselves.
fn classify(kind: u8, payload: &str) -> (&'static str, Option<i64>) {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(payload) else { return ("unclear", None) };
    let is_whole = ["result", "errormsg", "errorcode", "detail"].iter().all(|key| fields.contains_key(*key));
    if kind != 1 || !is_whole {
        return ("unclear", None);
    }
    let result = match fields.get("result") {
        Some(serde_json::Value::Bool(result)) => Some(*result),
        Some(serde_json::Value::String(text)) if text == "true" => Some(true),
        _ => None,
    };
    match (result, fields.get("errorcode").and_then(serde_json::Value::as_i64)) {
        (Some(true), Some(0)) => ("accepted", None),
        (Some(false), Some(code @ (20 | 100 | 101 | 104))) => ("refused", Some(code)),
        _ => ("unclear", None),
    }
}

/// A field of a payload, to the letter.
fn token(payload: &str, key: &str) -> Option<String> {
    let fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(payload).ok()?;
    fields.get(key).map(|raw| raw.get().to_owned())
}

/// True if two reads agree in every fact: amounts as numbers, all else byte for byte.
fn agree(shown: &str, read: &str) -> bool {
    const FACTS: [&str; 9] = [
        "TicketNumber",
        "RequestCode",
        "AccountId",
        "OMSId",
        "AssetId",
        "AssetName",
        "TemplateForm",
        "WithdrawTransactionDetails",
        "LastUpdateTimestampTick",
    ];
    let same = |key: &&str| token(shown, key) == token(read, key);
    let number = |text: &str, key: &str| token(text, key).and_then(|digits| BigDecimal::from_str(&digits).ok());
    FACTS.iter().all(same) && ["Amount", "FeeAmt"].iter().all(|key| number(shown, key) == number(read, key))
}
