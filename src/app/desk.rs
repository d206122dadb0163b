//! The desk: what is worked on. No keys, no dialogs: the console, commands without a screen and batches drive the same.

pub mod activity;
mod asking;
pub mod attempt;
pub mod cancellation;
pub mod clocks;
mod decide;
pub mod detail;
pub mod find;
pub mod follow;
pub mod in_flight;
pub mod leave;
pub mod link;
pub mod link_record;
pub mod release;
mod renewal;
pub mod rescue;
pub mod retry;
pub mod scan;
pub mod settings;
pub mod standing;
pub mod tickets;
pub mod unresolved;
mod validation;

use std::collections::BTreeMap;

use self::activity::Activity;
use self::attempt::Attempt;
use self::cancellation::Cancellation;
use self::clocks::Clocks;
use self::detail::Detail;
use self::find::Find;
use self::in_flight::{Call, InFlight, Purpose};
use self::leave::Leaving;
use self::link::Link;
use self::link_record::LinkRecord;
use self::release::Releasing;
use self::scan::Scan;
use self::settings::Settings;
use self::standing::Standing;
use self::tickets::TicketStore;
use self::unresolved::Journal;
use super::effect::{Author, Effect, Effects};
use super::event::Event;
use crate::domain::{Boot, ConnectionId, IntentId, Now};
use crate::protocol::rpc::subscribe_all_account_events::{TICKET_EVENT, ticket_event};
use crate::protocol::{Bar, Frame, FrameKind};

/// What is worked on.
#[derive(Clone, Debug)]
pub struct Desk {
    /// What this session was told to do and may do.
    pub settings: Settings,
    /// The link to the exchange.
    pub link: Link,
    /// What the links of this process were like.
    pub link_record: LinkRecord,
    /// What this login may do.
    pub standing: Standing,
    /// What was asked and not answered yet.
    pub in_flight: InFlight,
    /// How far the reading of the list got.
    pub scan: Scan,
    /// The failed tickets.
    pub tickets: TicketStore,
    /// All fields of the ticket that is looked into.
    pub detail: Option<Detail>,
    /// The ticket that is looked for by its number, and was not on the list.
    find: Option<Find>,
    /// The cancel that is being decided, before its intent.
    pub attempt: Option<Attempt>,
    /// Attempts so far: no id is given out twice, so that no answer counts for another attempt.
    attempts: u32,
    /// Every cancel with an intent, ours and those found open in the journal.
    pub cancellations: BTreeMap<IntentId, Cancellation>,
    /// What the journal said.
    pub journal: Journal,
    /// What happened, newest last.
    pub activity: Activity,
    clocks: Clocks,
    /// The release that waits for its read.
    releasing: Option<Releasing>,
    /// Whether the list is read; some commands are about a ticket that they know.
    reads_list: bool,
    /// Set once the session was told to end.
    leaving: Option<Leaving>,
}

impl Desk {
    /// A desk before anything happened.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            link: Link::default(),
            link_record: LinkRecord::default(),
            standing: Standing::default(),
            in_flight: InFlight::default(),
            scan: Scan::default(),
            tickets: TicketStore::default(),
            detail: None,
            find: None,
            attempt: None,
            attempts: 0,
            cancellations: BTreeMap::new(),
            journal: Journal::default(),
            activity: Activity::default(),
            clocks: Clocks::default(),
            releasing: None,
            reads_list: true,
            leaving: None,
        }
    }

    /// A desk that reads no list, only the tickets of open intents.
    pub fn without_list(settings: Settings) -> Self {
        Self { reads_list: false, ..Self::new(settings) }
    }

    /// The first orders: what is open, then the link.
    pub fn start(&mut self) -> Effects {
        Effects::one(Effect::ReadUnresolved).then(self.connect())
    }

    /// Takes in a fact.
    pub fn apply(&mut self, event: Event, now: Now) -> Effects {
        let effects = match event {
            Event::SecretWanted { connection, wanted } => self.apply_secret_wanted(connection, wanted, now),
            Event::CodeNotGiven { connection, id, why } => self.apply_code_not_given(connection, id, &why, now),
            Event::LinkOpened { connection, host, user, way } => {
                self.apply_link_opened(connection, host, (user, way), now)
            }
            Event::LinkFailed { connection, failure } => self.apply_link_failed(connection, &failure, now),
            Event::LinkLost { connection, why } => self.apply_link_lost(connection, &why, now),
            Event::FrameArrived { connection, frame } => self.apply_frame(connection, &frame, now),
            Event::FrameUnreadable { connection, why } => self.apply_unreadable(connection, &why, now),
            Event::CancelHanded { intent } => self.apply_cancel_handed(intent, now),
            Event::CancelNotHanded { intent, why } => self.apply_cancel_not_handed(intent, &why, now),
            Event::UnresolvedRead(answer) => self.apply_unresolved_read(answer, now),
            Event::IntentAnswered { attempt, answer } => self.apply_intent_answered(attempt, answer, now),
            Event::JournalFailed(why) => self.apply_journal_failed(&why, now),
            Event::JournalNotice(text) => {
                self.activity.add(now, text);
                Effects::none()
            }
            Event::DeadlinePassed => self.apply_deadlines(now),
            Event::Interrupted(interruption) => self.interrupt(interruption, now),
            Event::KeyPressed(_)
            | Event::PressedUnseen
            | Event::Pasted
            | Event::Resized(_)
            | Event::Drawn { .. }
            | Event::Resumed => Effects::none(),
        };
        effects.then(self.renew_session(now)).then(self.leave_if_settled(now))
    }

    fn apply_frame(&mut self, connection: ConnectionId, frame: &Frame, now: Now) -> Effects {
        if frame.kind == FrameKind::Event && self.link.is_current(connection) {
            return self.apply_event_frame(frame, now);
        }
        let Some(call) = self.in_flight.answered(connection, frame) else {
            self.note_unmatched(connection, frame);
            return Effects::quiet();
        };
        let was_stale = self.link.stale_since(now).is_some();
        // Pings that are answered with errors show a link that works, and nothing good.
        match Bar::of(frame) {
            Bar::None => self.link.answered(now),
            _ => self.link.heard(),
        }
        // An answer may be taken in before its deadline is noticed, as after a sleep: late is late.
        let late = call.is_late(now).then(|| self.apply_no_answer(&call, now));
        let effects = match (late, call.purpose) {
            (Some(effects), Purpose::Cancel(_)) => effects.then(self.apply_answer(&call, frame, now)),
            (Some(effects), _) => effects,
            (None, _) => match self.apply_bar(&call, frame, now) {
                Some(effects) => effects,
                None => self.apply_answer(&call, frame, now),
            },
        };
        if was_stale { Effects::none().then(effects) } else { effects }
    }

    fn apply_answer(&mut self, call: &Call, frame: &Frame, now: Now) -> Effects {
        match call.purpose {
            Purpose::WhoAmI => self.apply_who_am_i(false, frame, now),
            Purpose::WhoAmIById => self.apply_who_am_i(true, frame, now),
            Purpose::Permissions => self.apply_permissions(frame),
            Purpose::Protected => self.apply_protected(frame),
            Purpose::StillIn => self.take_doubted(now),
            Purpose::Validate => self.apply_validated(frame, now),
            Purpose::Subscribe => self.apply_subscribed(frame, now),
            Purpose::Ping => {
                self.note_round_trip(call, now);
                self.link.apply_pong(now).then(self.ask_who_again(now))
            }
            Purpose::Page { ask } => self.apply_page(ask, frame, now),
            Purpose::Watch(ticket) => self.apply_watched(ticket, frame, now),
            Purpose::Find(ticket) => self.apply_find(ticket, frame, now),
            Purpose::Detail(ticket) => self.apply_detail(ticket, frame, now),
            Purpose::Choose(attempt) => self.apply_choose_read(attempt, frame, now),
            Purpose::Confirm(attempt) => self.apply_confirm_read(attempt, call.asked_at, frame),
            Purpose::Follow(intent) => self.apply_follow_read(intent, call.asked_at, frame, now),
            Purpose::Cancel(intent) => self.apply_cancel_reply(intent, frame, now),
        }
    }

    /// An event only starts a read; its `i` is the exchange's own and is never looked at (PROTOCOL.md 1).
    fn apply_event_frame(&mut self, frame: &Frame, now: Now) -> Effects {
        let Some(ticket) = ticket_event(frame) else {
            if frame.name.eq_ignore_ascii_case(TICKET_EVENT) {
                self.link.unreadable += 1;
                self.activity.add(now, "a ticket event could not be read".to_owned());
                return Effects::none();
            }
            return Effects::quiet();
        };
        let (number, status) = (ticket.number, ticket.status.with_number());
        self.apply_ticket_event(ticket, now).then(self.read_to_be_sure(number, &status, "event", now))
    }

    fn apply_unreadable(&mut self, connection: ConnectionId, why: &str, now: Now) -> Effects {
        if self.link.is_current(connection) {
            // The first is told in words, the rest counted: a flood must not hide what happened.
            if self.link.unreadable == 0 {
                self.activity.add(now, format!("unreadable frame: {why}"));
            }
            self.link.unreadable += 1;
        }
        Effects::none()
    }

    fn apply_deadlines(&mut self, now: Now) -> Effects {
        // An idle console draws nothing: only what passes here, or is stale, may look different.
        let mut effects = if self.link.stale_since(now).is_some() { Effects::none() } else { Effects::quiet() };
        self.link_record.time_out(self.in_flight.expired(now));
        for call in self.in_flight.take_expired(now) {
            effects = effects.then(self.apply_no_answer(&call, now));
        }
        effects.then(self.link_deadlines(now)).then(self.follow_deadlines(now)).then(self.poll_deadlines(now))
    }

    fn apply_no_answer(&mut self, call: &Call, now: Now) -> Effects {
        self.end_read(call.purpose, format!("no answer to {} in time", call.name), now)
    }

    /// Nothing good comes of a call any more.
    fn end_read(&mut self, purpose: Purpose, why: String, now: Now) -> Effects {
        match purpose {
            Purpose::Ping => self.apply_ping_missed(now),
            Purpose::WhoAmI | Purpose::WhoAmIById => self.apply_session_known(&why, now),
            // Not known, and so not held against us; the screen's tickets are read again soon.
            Purpose::Permissions | Purpose::Protected | Purpose::Watch(_) => Effects::quiet(),
            Purpose::StillIn => self.take_doubted(now),
            Purpose::Validate => self.end_validation(&why, now),
            Purpose::Subscribe => self.apply_not_subscribed(&why, now),
            Purpose::Page { ask } => self.page_failed(ask, why, true, now),
            Purpose::Find(ticket) => self.find_by_scan(ticket, now),
            Purpose::Detail(ticket) => self.apply_detail_failed(ticket, why),
            Purpose::Choose(attempt) => self.apply_choose_failed(attempt, &why),
            Purpose::Confirm(attempt) => self.apply_confirm_failed(attempt, why),
            Purpose::Follow(intent) => self.apply_follow_failed(intent, why, now),
            Purpose::Cancel(intent) => self.apply_no_reply(intent, now),
        }
    }

    /// When [`Event::DeadlinePassed`] is due next, if ever.
    pub fn next_deadline(&self, now: Now) -> Option<Boot> {
        let link = self.link.deadlines(now);
        let follows = self.follow_times();
        self.in_flight.deadlines().chain(link).chain(follows).chain(self.poll_due()).chain(self.leave_by()).min()
    }

    /// Who the journal's records of this session are by.
    pub fn author(&self) -> Author {
        let session = self.link.last_session();
        let operator = session.and_then(|session| session.user_name.as_ref()).map(|name| name.raw().to_owned());
        let before = self.leaving.as_ref().and_then(Leaving::author);
        Author {
            oms: session.and_then(|session| session.oms).or(before.and_then(|author| author.oms)).or(self.settings.oms),
            operator: operator.or(before.and_then(|author| author.operator.clone())),
        }
    }
}
