//! The exchange itself, pure: frames in, deeds out. Time is handed in, so that a schedule can be played in any order.

mod link_breaks;
mod timers;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::book::{Book, Changer, Entry};
use super::conduct::{Close, Conduct, How, Subscription};
use super::script::{LaterReads, Script};
use super::sessions::Sessions;
use super::wire::{self, TicketForm};
use crate::protocol::{Frame, FrameKind};
use link_breaks::ClientLink;

pub use link_breaks::Greeting;

/// A script cannot ask for a longer delay: a century would overflow the clock.
const LONGEST_DELAY: Duration = Duration::from_secs(86_400);

/// A connection to the exchange.
pub type Client = u64;

/// An act of the exchange on the outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Sends a frame.
    Send(Client, String),
    /// Drops the link.
    Drop(Client),
    /// Closes the link with a close frame.
    Close(Client, Close),
    /// Sends half of a frame, and resets the link.
    Cut(Client, String),
    /// Neither reads nor writes any more, and keeps the socket.
    Stall(Client),
    /// Drops all links, and listens again after so long.
    Restart(Duration),
}

/// A thing that will happen later.
#[derive(Clone, Debug)]
pub(super) enum Later {
    /// Something reaches the outside.
    Deed(Deed),
    /// A ticket changes its status; if somebody was quicker, a cancel changes nothing any more.
    Change { ticket: u64, status: String, by: Changer, only_if_failed: bool },
    /// All links break.
    Break(How),
    /// One link breaks.
    BreakOne(Client, How),
    /// One of the breaks of the conduct, by its place, comes round.
    TimedBreak(usize),
    /// A new ticket, and how many came before it.
    Arrival(u64),
    /// A colleague takes the newest failed ticket.
    Colleague,
    /// All sessions end.
    Expiry,
}

/// A login on a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct ClientLogin {
    pub(super) stage: LoginStage,
    pub(super) events: Events,
}

/// The stage that a login has come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum LoginStage {
    /// Not begun.
    #[default]
    Out,
    /// The password was right; the code is awaited.
    AwaitsCode,
    /// In, with this token.
    In(String),
}

/// Whose events a connection is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Events {
    #[default]
    None,
    OfAccount(i64),
    All,
}

impl Events {
    fn include(self, account: i64) -> bool {
        self == Self::All || self == Self::OfAccount(account)
    }
}

/// The exchange.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub(super) book: Book,
    pub(super) script: Script,
    pub(super) conduct: Box<Conduct>,
    pub(super) logins: BTreeMap<Client, ClientLogin>,
    pub(super) sessions: Sessions,
    /// Since the last right one.
    pub(super) wrong_passwords: u32,
    pub(super) is_locked: bool,
    links: BTreeMap<Client, ClientLink>,
    /// The times that each break of the conduct came.
    broken: BTreeMap<usize, u64>,
    /// Handshakes that were answered as the conduct has it.
    greeted: u64,
    is_open: bool,
    later: BTreeMap<(Timestamp, u64), Later>,
    cancel_frames: BTreeMap<u64, usize>,
    /// Reads of tickets whose cancel came.
    reads_after_cancel: BTreeMap<u64, u32>,
    /// Calls by their names in lower case, however they were answered.
    heard: BTreeMap<String, u64>,
    counter: u64,
}

impl Exchange {
    /// An exchange over a book of tickets that misbehaves as scripted.
    pub fn new(book: Book, script: Script) -> Self {
        let conduct = Box::new(script.conduct().clone());
        Self {
            book,
            script,
            is_locked: conduct.user.locked,
            conduct,
            logins: BTreeMap::new(),
            sessions: Sessions::default(),
            wrong_passwords: 0,
            links: BTreeMap::new(),
            broken: BTreeMap::new(),
            greeted: 0,
            is_open: false,
            later: BTreeMap::new(),
            cancel_frames: BTreeMap::new(),
            reads_after_cancel: BTreeMap::new(),
            heard: BTreeMap::new(),
            counter: 0,
        }
    }

    /// This exchange with another conduct.
    #[must_use]
    pub fn with_conduct(mut self, conduct: Conduct) -> Self {
        self.is_locked = conduct.user.locked;
        *self.conduct = conduct;
        self
    }

    /// Its conduct. Anything planned by time is planned at [`Self::open`]; all else holds from the next frame.
    pub fn conduct_mut(&mut self) -> &mut Conduct {
        &mut self.conduct
    }

    /// A client is gone.
    pub fn leave(&mut self, client: Client) {
        self.logins.remove(&client);
        self.links.remove(&client);
    }

    /// Everything that is due.
    pub fn take_due(&mut self, now: Timestamp) -> Vec<Deed> {
        let mut deeds = Vec::new();
        while let Some(entry) = self.later.first_entry() {
            if entry.key().0 > now {
                break;
            }
            match entry.remove() {
                Later::Deed(deed) => self.put(deed, &mut deeds),
                Later::Break(how) => self.break_all(how, &mut deeds),
                Later::BreakOne(client, how) => self.break_one(client, String::new(), how, &mut deeds),
                Later::TimedBreak(which) => self.break_on_time(which, now, &mut deeds),
                Later::Arrival(before) => self.arrive_in_turn(before, now, &mut deeds),
                Later::Colleague => self.meddle_in_turn(now, &mut deeds),
                Later::Expiry => self.sessions.expire(),
                Later::Change { ticket, status, by, only_if_failed } => {
                    if !only_if_failed || self.status(ticket) == Some("Failed") {
                        self.change(ticket, &status, by, now, &mut deeds);
                    }
                }
            }
        }
        deeds
    }

    /// When the next thing is due.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.later.keys().next().map(|(at, _)| *at)
    }

    /// The number of cancel frames that arrived for a ticket.
    pub fn cancel_frames(&self, ticket: u64) -> usize {
        self.cancel_frames.get(&ticket).copied().unwrap_or(0)
    }

    /// The number of cancel frames that arrived in all.
    pub fn all_cancel_frames(&self) -> usize {
        self.cancel_frames.values().sum()
    }

    /// The number of times that a call came, by its name in any case.
    pub fn heard(&self, call: &str) -> u64 {
        self.heard.get(&call.to_ascii_lowercase()).copied().unwrap_or(0)
    }

    /// The number of the n-th failed ticket, counted from the newest, from 1.
    pub fn failed(&self, nth: usize) -> Option<u64> {
        self.book.failed(nth)
    }

    /// The ticket of a named case of the script.
    pub fn ticket_of_case(&self, name: &str) -> Option<u64> {
        self.script.ticket(name)
    }

    /// The status of a ticket.
    pub fn status(&self, ticket: u64) -> Option<&str> {
        self.book.get(ticket).map(|entry| entry.status.as_str())
    }

    /// Somebody else changes a ticket now.
    pub fn meddle(&mut self, ticket: u64, status: &str, now: Timestamp) {
        self.meddle_as(ticket, status, Changer { id: 4, name: "mlopez" }, now);
    }

    /// The provider reports a transaction of a ticket: its money may have left.
    pub fn give_transaction(&mut self, ticket: u64, tx_id: &str) {
        if let Some(entry) = self.book.get_mut(ticket) {
            entry.tx_id = Some(tx_id.to_owned());
        }
    }

    /// Somebody comments a ticket; that alone does not change when it was updated.
    pub fn comment(&mut self, ticket: u64, text: &str, now: Timestamp) {
        if let Some(entry) = self.book.get_mut(ticket) {
            entry.comments.push((now, text.to_owned()));
        }
    }

    /// A user of your choice changes a ticket now.
    pub fn meddle_as(&mut self, ticket: u64, status: &str, by: Changer, now: Timestamp) {
        let change = Later::Change { ticket, status: status.to_owned(), by, only_if_failed: false };
        self.plan(Duration::ZERO, change, now);
    }

    /// All sessions end now; every connection stays.
    pub fn expire_sessions(&mut self) {
        self.sessions.expire();
    }

    /// The number of sessions that began: logins that went all the way.
    pub fn sessions_opened(&self) -> u64 {
        self.sessions.opened()
    }

    /// An administrator unlocks the user.
    pub fn unlock(&mut self) {
        self.is_locked = false;
        self.wrong_passwords = 0;
    }

    /// A ticket as an answer of this form tells it, with the faults of the scenario.
    pub(super) fn spelled(&self, entry: &Entry, form: TicketForm) -> Option<String> {
        let answer = wire::ticket(entry, form, &self.conduct.user).ok()?;
        Some(self.script.spelled(entry.number, answer, form))
    }

    /// A ticket is read. If its cancel came, and reads after it are answered otherwise from this one on, how.
    pub(super) fn count_read_after_cancel(&mut self, ticket: u64) -> Option<LaterReads> {
        let later = self.script.fault(ticket).later_reads.filter(|_| self.cancel_frames(ticket) > 0)?;
        let reads = self.reads_after_cancel.entry(ticket).or_default();
        *reads += 1;
        (*reads > later.good).then_some(later)
    }

    pub(super) fn count_call(&mut self, name: &str) {
        *self.heard.entry(name.to_owned()).or_default() += 1;
    }

    pub(super) fn count_cancel(&mut self, ticket: u64) {
        *self.cancel_frames.entry(ticket).or_default() += 1;
    }

    pub(super) fn plan(&mut self, after: Duration, what: Later, now: Timestamp) {
        self.counter += 1;
        let after = SignedDuration::try_from(after.min(LONGEST_DELAY)).unwrap_or_default();
        let at = now.checked_add(after).unwrap_or(now);
        self.later.insert((at, self.counter), what);
    }

    pub(super) fn reply(&mut self, client: Client, to: &Frame, kind: FrameKind, payload: String, now: Timestamp) {
        self.reply_after(Duration::ZERO, client, to, kind, payload, now);
    }

    pub(super) fn reply_after(
        &mut self,
        after: Duration,
        client: Client,
        to: &Frame,
        kind: FrameKind,
        payload: String,
        now: Timestamp,
    ) {
        let frame = Frame { kind, id: to.id, name: to.name.clone(), payload };
        let after = after.saturating_add(Duration::from_millis(self.conduct.links.delay(&to.name)));
        self.plan(after, Later::Deed(Deed::Send(client, frame.encode())), now);
    }

    pub(super) fn change(&mut self, ticket: u64, status: &str, by: Changer, now: Timestamp, deeds: &mut Vec<Deed>) {
        let at = self.clock(now);
        let Some(entry) = self.book.get_mut(ticket) else { return };
        status.clone_into(&mut entry.status);
        entry.updated = at;
        entry.updated_by = by;
        entry.comments.push((at, format!("Status updated to ({status}) by user {}", by.name)));
        self.tell(ticket, deeds);
    }

    /// Tells everybody who subscribed how a ticket is now.
    fn tell(&mut self, ticket: u64, deeds: &mut Vec<Deed>) {
        let Some(entry) = self.book.get(ticket) else { return };
        let Some(payload) = self.spelled(entry, TicketForm::Event) else { return };
        let account = entry.account;
        let is_told = |login: &ClientLogin| match &login.stage {
            LoginStage::In(token) => login.events.include(account) && self.sessions.lives(token),
            LoginStage::Out | LoginStage::AwaitsCode => false,
        };
        let mut subscribed: Vec<Client> =
            self.logins.iter().filter(|(_, login)| is_told(login)).map(|(client, _)| *client).collect();
        if self.conduct.events == Subscription::Eventless {
            subscribed.clear();
        }
        for client in subscribed {
            // Events carry a number of the exchange's own (PROTOCOL.md 1). Ours are odd: a public client that matches
            // replies by `i` alone is spared, and ours is tested against equal ones elsewhere.
            self.counter += 1;
            let event = Frame {
                kind: FrameKind::Event,
                id: crate::domain::CallId(self.counter * 2 + 1),
                name: "WithdrawTicketUpdateEvent".to_owned(),
                payload: payload.clone(),
            };
            self.put(Deed::Send(client, event.encode()), deeds);
        }
    }
}
