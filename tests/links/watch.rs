//! The judge of what must never happen, by what was seen on the wire, in the journal and on the desk.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use withdraw_desk::app::desk::cancels::attempt::Stage;
use withdraw_desk::app::desk::link::Phase;
use withdraw_desk::app::event::LinkFailure;
use withdraw_desk::app::{Desk, Effect, Event};
use withdraw_desk::domain::{AttemptId, Boot, ConnectionId, Now, Outcome};
use withdraw_desk::journal::Fact;
use withdraw_desk::protocol::{Frame, FrameKind};

use crate::journal::Disk;
use crate::network::{Network, Way};

/// Timers tick in milliseconds.
const TICK: Duration = Duration::from_millis(5);
/// Without an answer for so long everything is stale.
const STALE: Duration = Duration::from_secs(15);
/// A ping every 10 s, each awaited for 5 s: by then a second one was missed.
const DEAD: Duration = Duration::from_secs(25);
/// Between a link that ended and the next try.
const RETRY: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(60));
/// Name and TCP, handshake, and what a login asks.
const OPENING: Duration = Duration::from_secs(60);
/// A person who is asked for a secret has this long.
const PERSON: Duration = Duration::from_secs(120);
/// A cancel is sent this soon behind the read that confirms it.
const READ_LIMIT: Duration = Duration::from_secs(5);
/// A read, and the journal behind it.
const STEP_LIMIT: Duration = Duration::from_secs(6);
const LOGIN: &str = "AuthenticateUser";
const CANCEL: &str = "CancelFailedWithdrawTicket";

type On = (u32, ConnectionId, u64);
/// Which attempt, whether it may lead to a send, and the link that its first read is asked on.
type Step = (AttemptId, bool, Option<ConnectionId>);

/// A call that the desk ordered.
struct Asked {
    at: Boot,
    /// Until when an answer is certainly taken in; a cancel's always is.
    limit: Option<Duration>,
    is_answered: bool,
}

/// Everything seen so far.
pub struct Watch {
    network: Network,
    disk: Disk,
    session: u32,
    /// The wire was looked at up to here.
    cursor: usize,
    /// Calls that the desk ordered.
    asked: BTreeMap<On, Asked>,
    given: BTreeSet<(u32, u64)>,
    /// The answers that the exchange really gave.
    replies: BTreeMap<On, BTreeSet<String>>,
    /// Cancel frames by intent.
    cancels: BTreeMap<String, usize>,
    attempt_since: Option<(Step, Boot)>,
    last_answer: Option<Boot>,
    ended_at: Option<Boot>,
    opening_since: Option<Boot>,
    opening_limit: Duration,
    /// The last link that the desk dropped.
    given_up: Option<ConnectionId>,
    is_told_to_end: bool,
    /// The operator just wanted a link.
    is_wanted: bool,
    /// A login was refused, and the operator wanted no other since.
    is_refused: bool,
    /// Refusals that the operator answered with a wish for another link.
    refusals: usize,
    /// Logins in full, by link.
    logins: BTreeMap<(u32, ConnectionId), usize>,
    /// Answers that were nobody's, and those that may have been too late.
    nobodys: u64,
    late: u64,
    /// How long each wait for another link was.
    pub waits: Vec<Duration>,
    /// How often everything was stale, and how often a link was dropped for its silence.
    pub dropped: usize,
    /// How many logins were refused, and how many tokens.
    pub refused: usize,
    pub expired: usize,
    pub lost: usize,
}

impl Watch {
    pub fn new(network: Network, disk: Disk) -> Self {
        Self {
            network,
            disk,
            session: 0,
            cursor: 0,
            asked: BTreeMap::new(),
            given: BTreeSet::new(),
            replies: BTreeMap::new(),
            cancels: BTreeMap::new(),
            attempt_since: None,
            last_answer: None,
            ended_at: None,
            opening_since: None,
            opening_limit: OPENING,
            given_up: None,
            is_told_to_end: false,
            is_wanted: false,
            is_refused: false,
            refusals: 0,
            logins: BTreeMap::new(),
            refused: 0,
            expired: 0,
            nobodys: 0,
            late: 0,
            waits: Vec::new(),
            dropped: 0,
            lost: 0,
        }
    }

    /// Another console starts.
    pub fn begin(&mut self, session: u32) {
        self.session = session;
        (self.attempt_since, self.last_answer, self.ended_at, self.opening_since) = (None, None, None, None);
        self.given_up = None;
        (self.nobodys, self.late, self.is_told_to_end) = (0, 0, false);
        (self.is_wanted, self.is_refused, self.refusals) = (false, false, 0);
    }

    /// The operator asks for a link.
    pub fn want_link(&mut self) {
        self.is_wanted = true;
    }

    /// How many logins in full were put on the wire.
    pub fn logins(&self) -> usize {
        self.logins.values().sum()
    }

    /// How many cancel frames were put on the wire.
    pub fn frames(&self) -> usize {
        self.cancels.values().sum()
    }

    // --- what the desk orders and hears -----------------------------------------------------------------------------

    pub fn ordered(&mut self, effect: &Effect, now: Now) {
        match effect {
            Effect::Connect { connection, login } => {
                self.asks((*connection, login.0), Some(Duration::ZERO), now);
                self.opening_since = Some(now.boot);
                self.opening_limit = OPENING;
                let is_wanted = std::mem::take(&mut self.is_wanted);
                self.check_refused(is_wanted);
                let waited = self.ended_at.map(|ended| now.boot.since(ended));
                if let Some(waited) = waited.filter(|_| !self.is_told_to_end && !is_wanted) {
                    let (shortest, longest) = RETRY;
                    assert!(waited >= shortest, "BROKEN PROMISE  the next link after {waited:?} already");
                    assert!(waited <= longest + TICK, "BROKEN PROMISE  the next link after {waited:?} only");
                    self.waits.push(waited);
                }
            }
            Effect::Disconnect { connection } => {
                self.dropped += 1;
                self.given_up = Some(*connection);
                self.opening_since = None;
                self.ended_at = Some(now.boot);
            }
            Effect::SendRead { connection, frame } => {
                // Nobody waits for the answer to a good-bye.
                let limit = if frame.name == "LogOut" { Duration::ZERO } else { READ_LIMIT };
                self.asks((*connection, frame.id.0), Some(limit), now);
            }
            Effect::SendCancel { connection, intent, .. } => {
                let records = self.disk.intents();
                let intent = records.iter().find(|known| known.id == intent.to_string());
                let intent = intent.expect("BROKEN PROMISE  a cancel was ordered without a durable intent");
                self.asks((*connection, intent.i), None, now);
                let heard = self.last_answer.map(|last| now.boot.since(last));
                assert!(
                    heard.is_some_and(|ago| ago <= READ_LIMIT + TICK),
                    "BROKEN PROMISE  a cancel was ordered on stale data: {heard:?}"
                );
            }
            _ => {}
        }
    }

    /// Accounts lock: only the operator sends a login again that was refused.
    fn check_refused(&mut self, is_wanted: bool) {
        let refusals = self.network.refusals(self.session);
        let is_refused = std::mem::take(&mut self.is_refused) || refusals > self.refusals;
        self.refused += usize::from(is_refused);
        self.refusals = refusals.max(self.refusals);
        assert!(!is_refused || is_wanted, "BROKEN PROMISE  another login after a refusal, and nobody wanted it");
    }

    /// A number is given out once, also behind a reconnect: a reply of before must never be taken for one of now.
    fn asks(&mut self, (connection, id): (ConnectionId, u64), limit: Option<Duration>, now: Now) {
        assert!(self.given.insert((self.session, id)), "BROKEN PROMISE  the number {id} was given out twice");
        self.asked.insert((self.session, connection, id), Asked { at: now.boot, limit, is_answered: false });
    }

    pub fn heard(&mut self, event: &Event, now: Now) {
        match event {
            Event::LinkOpened { .. } => {
                self.last_answer = Some(now.boot);
                self.opening_since = None;
            }
            Event::LinkFailed { .. } | Event::LinkLost { .. } => {
                self.is_refused |= matches!(event, Event::LinkFailed { failure: LinkFailure::Refused(_), .. });
                self.ended_at = Some(now.boot);
                self.opening_since = None;
                self.lost += 1;
            }
            Event::FrameArrived { connection, frame } => self.heard_frame(*connection, frame, now),
            Event::SecretWanted { .. } => self.opening_limit = OPENING + PERSON,
            Event::Interrupted(_) => self.is_told_to_end = true,
            _ => {}
        }
    }

    fn heard_frame(&mut self, connection: ConnectionId, frame: &Frame, now: Now) {
        if frame.kind == FrameKind::Event {
            return;
        }
        let is_answer = matches!(frame.kind, FrameKind::Reply | FrameKind::Error);
        match self.asked.get_mut(&(self.session, connection, frame.id.0)).filter(|_| is_answer) {
            Some(asked) if !asked.is_answered || asked.limit.is_none() => {
                asked.is_answered = true;
                self.last_answer = Some(now.boot);
                let is_in_time = asked.limit.is_none_or(|limit| now.boot.since(asked.at) + TICK < limit);
                // An answer out of its time may have come when nobody waited any more.
                self.late += u64::from(!is_in_time || self.given_up == Some(connection));
            }
            _ => self.nobodys += 1,
        }
    }

    // --- before every wait of the loop ------------------------------------------------------------------------------

    pub fn check(&mut self, desk: &Desk, now: Now) {
        self.check_wire();
        check_calls(desk, now);
        self.check_link(desk, now);
        self.check_attempt(desk, now);
        self.check_cancellations(desk, now);
    }

    /// Every cancel frame is the one of its intent, on its link, and the only one.
    pub fn check_wire(&mut self) {
        let seen = self.network.seen_from(self.cursor);
        self.cursor += seen.len();
        for seen in seen {
            let Some(frame) = seen.text.as_deref().and_then(|text| Frame::decode(text).ok()) else { continue };
            let on = (seen.of.0, seen.of.1, frame.id.0);
            if seen.way == Way::In {
                self.expired += usize::from(frame.payload.contains("Invalid SessionToken"));
                self.replies.entry(on).or_default().insert(frame.payload);
            } else if frame.name == CANCEL {
                self.check_cancel(seen.of, seen.text.as_deref().unwrap_or_default());
            } else if frame.name == LOGIN {
                let logins = self.logins.entry(seen.of).or_default();
                *logins += 1;
                assert_eq!(*logins, 1, "BROKEN PROMISE  a second login in full on one link");
            }
        }
    }

    fn check_cancel(&mut self, (session, connection): (u32, ConnectionId), text: &str) {
        let records = self.disk.records();
        let intent = records.iter().find_map(|record| match &record.fact {
            Fact::Intent(intent) if intent.frame == text && record.stamp.session == format!("s{session}") => {
                Some(intent)
            }
            _ => None,
        });
        let intent = intent.unwrap_or_else(|| panic!("BROKEN PROMISE  a cancel frame without an intent: {text}"));
        assert_eq!(intent.connection, connection.0, "BROKEN PROMISE  a cancel frame on another link than its intent's");
        let frames = self.cancels.entry(intent.id.clone()).or_default();
        *frames += 1;
        assert_eq!(*frames, 1, "BROKEN PROMISE  a second cancel frame for one intent, of ticket {}", intent.ticket);
    }

    fn check_link(&self, desk: &Desk, now: Now) {
        if let Some(last) = self.last_answer {
            let silent = now.boot.since(last);
            // The answer may be on its way to the loop still; without a link nothing passes for fresh.
            let is_stale = desk.link().stale_since(now).is_some() || desk.session().is_none();
            assert!(is_stale || silent < STALE, "BROKEN PROMISE  no answer for {silent:?}, and nothing is stale");
            // A desk that ended waits for nothing.
            let is_noticed = desk.is_over() || desk.next_deadline(now).is_some_and(|due| due <= last + STALE);
            // The answer that opens the first link may be heard a moment before the desk takes it in.
            let is_first = *desk.link().phase() == Phase::Opening && desk.link().last_good().is_none();
            assert!(
                is_stale || is_noticed || is_first,
                "BROKEN PROMISE  nobody will notice in time that everything is stale"
            );
            let is_up = desk.session().is_some();
            assert!(!is_up || silent <= DEAD + TICK, "BROKEN PROMISE  no answer for {silent:?}, and the link stays");
        }
        let opening = self.opening_since.map(|since| now.boot.since(since)).unwrap_or_default();
        assert!(opening <= self.opening_limit, "BROKEN PROMISE  a link is being opened for {opening:?}");
        let down = matches!(desk.link().phase(), Phase::Waiting { .. })
            .then(|| now.boot.since(self.ended_at.unwrap_or(now.boot)));
        let (_, longest) = RETRY;
        assert!(down.unwrap_or_default() <= longest + TICK, "BROKEN PROMISE  no other link is tried for {down:?}");
        assert!(self.network.ends() <= 1, "BROKEN PROMISE  {} links are held at once", self.network.ends());
    }

    fn check_attempt(&mut self, desk: &Desk, now: Now) {
        let Some(attempt) = &desk.cancels().attempt() else { return };
        let is_right = attempt.fresh().is_none_or(|fresh| fresh.ticket.number == attempt.ticket);
        assert!(is_right, "BROKEN PROMISE  the dialog shows another ticket than was chosen");
        // A first read that was lost with its link is asked again on the next, and waits for it; what may lead to a send does
        // not.
        let on = match &attempt.stage {
            Stage::Reading => {
                let is_refused = matches!(desk.link().phase(), Phase::Refused(_));
                assert!(!is_refused, "BROKEN PROMISE  a first read waits for a link that nobody opens");
                desk.ready().map(|session| session.connection)
            }
            _ => None,
        };
        let waits = on.is_some() || attempt.is_under_way();
        let step = (attempt.id, attempt.is_under_way(), on);
        match self.attempt_since {
            Some((since, at)) if since == step => {
                let waited = now.boot.since(at);
                // Where the first read was refused, it is asked once more whether the session goes on.
                let limit = if on.is_some() { STEP_LIMIT + READ_LIMIT } else { STEP_LIMIT };
                assert!(!waits || waited <= limit, "BROKEN PROMISE  an attempt without an end, for {waited:?}");
            }
            _ => self.attempt_since = Some((step, now.boot)),
        }
    }

    fn check_cancellations(&self, desk: &Desk, now: Now) {
        for cancellation in desk.cancels().all().filter(|cancellation| cancellation.is_ours()) {
            let number = cancellation.ticket();
            let (record, progress) = (&cancellation.record, &cancellation.progress);
            if let Some(reply) = &progress.reply {
                let on = (self.session, ConnectionId(record.connection), record.i);
                let is_its = self.replies.get(&on).is_some_and(|payloads| payloads.contains(&reply.payload));
                assert!(
                    is_its,
                    "BROKEN PROMISE  the cancel of {number} took a reply that was not its own: {}",
                    reply.payload
                );
            }
            let waited = progress.sent_boot.map(|sent| now.boot.since(sent)).unwrap_or_default();
            let is_over = waited > desk.settings().limits.reply_timeout + TICK;
            assert!(!is_over || progress.receipt.is_some(), "BROKEN PROMISE  the receipt of {number} has no end");
            let is_over = progress.follow_until.is_some_and(|until| until + READ_LIMIT + TICK < now.boot);
            assert!(
                !is_over || cancellation.outcome.is_some(),
                "BROKEN PROMISE  the cancel of {number} has no outcome"
            );
        }
    }

    // --- at rest ----------------------------------------------------------------------------------------------------

    /// After a time without faults everything has come to its end; `canceled` are the tickets that really were.
    pub fn check_rest(&mut self, desk: &Desk, now: Now, canceled: &BTreeSet<u64>, failed: &BTreeSet<u64>) {
        self.check(desk, now);
        assert!(desk.ready().is_some(), "BROKEN PROMISE  the link does not come back: {:?}", desk.link().phase());
        assert!(desk.link().stale_since(now).is_none(), "BROKEN PROMISE  stale although the exchange answers");
        let unmatched = desk.link().record().unmatched;
        let (least, most) = (self.nobodys, self.nobodys + self.late);
        assert!(
            (least..=most).contains(&unmatched),
            "BROKEN PROMISE  {unmatched} answers were nobody's, by the wire {least} to {most}"
        );
        let listed = desk.list().tickets().numbers();
        let listed: Vec<u64> = listed
            .filter(|number| desk.list().tickets().get(*number).is_some_and(|ticket| ticket.status.is_failed()))
            .map(|number| number.0)
            .rev()
            .collect();
        let failed: Vec<u64> = failed.iter().copied().collect();
        assert_eq!(
            listed,
            failed,
            "BROKEN PROMISE  the list is not what the exchange has: {:?}",
            desk.list().scan().phase
        );
        for cancellation in desk.cancels().all() {
            let number = cancellation.ticket();
            let outcome = cancellation.outcome;
            assert!(outcome.is_some(), "BROKEN PROMISE  the cancel of {number} has no outcome");
            let is_canceled = canceled.contains(&number.0);
            assert!(
                outcome != Some(Outcome::Verified) || is_canceled,
                "BROKEN PROMISE  {number} is called canceled, and is not"
            );
        }
        self.check_journal(desk);
    }

    /// The desk's open intents are those that stand open in the journal.
    fn check_journal(&self, desk: &Desk) {
        let known: BTreeSet<_> = desk
            .cancels()
            .all()
            .filter(|cancellation| cancellation.is_open())
            .map(|cancellation| cancellation.intent)
            .collect();
        let open: BTreeSet<_> = self.disk.read().unresolved().into_iter().map(|open| open.id).collect();
        assert_eq!(known, open, "BROKEN PROMISE  the journal and the desk do not agree on what is open");
    }
}

/// No call is awaited longer than its time, or on a link that is gone.
fn check_calls(desk: &Desk, now: Now) {
    let overdue = desk.calls().deadlines().find(|due| *due + TICK < now.boot);
    assert!(overdue.is_none(), "BROKEN PROMISE  a call is still awaited after its time");
    let gone = desk.calls().links().find(|connection| !desk.is_current(*connection));
    assert!(gone.is_none(), "BROKEN PROMISE  a call of {gone:?} is awaited, a link that is gone");
}
