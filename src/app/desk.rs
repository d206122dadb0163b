//! The desk: what is worked on. No keys, no dialogs: the console, commands without a screen and batches drive the same.
//!
//! ONE door, [`Desk::apply`]: it notes the clocks, gives the input to the part whose it is, lets the parts hear the news until
//! none is left, then renews the session or ends it. Nothing else changes a desk. A part owns its state and cannot reach its
//! siblings; what spans two stands here.

pub mod activity;
pub mod calls;
pub mod cancels;
pub mod clocks;
mod cx;
pub mod end;
pub mod input;
pub mod link;
pub mod list;
pub mod locks;
pub mod news;
pub mod order;
pub mod session;
pub mod settings;
pub mod stake;
pub mod tickets;
mod twins;

use self::activity::Activity;
use self::calls::{CallEnd, Calls, Part, Purpose};
use self::cancels::cancellation::{Cancellation, Seen};
use self::cancels::{Cancels, releasing};
use self::cx::{Cx, Out, Shared, Standing};
use self::end::{End, EndStep, Fault};
use self::input::{Input, Outcome};
use self::link::Link;
use self::link::opening::Opened;
use self::list::List;
use self::news::News;
use self::order::{Lacking, Order};
use self::session::Session;
use self::settings::Settings;
use super::effect::{Author, Effect, Exit};
use super::event::{Event, Interruption};
use super::words::desk::link as link_words;
use crate::config::permit::WritePermit;
use crate::domain::{Boot, ConnectionId, IntentId, Now, TicketNumber};
use crate::journal::Unresolved;
use crate::protocol::rpc::Rpc;
use crate::protocol::rpc::get_all_withdraw_tickets::GetAllWithdrawTickets;

/// The work of one session: link, list, cancels, end.
#[derive(Clone, Debug)]
pub struct Desk {
    shared: Shared,
    link: Link,
    list: List,
    cancels: Cancels,
    end: End,
}

impl Desk {
    /// A desk before anything happened.
    pub fn new(settings: Settings) -> Self {
        Self {
            shared: Shared::new(settings),
            link: Link::default(),
            list: List::default(),
            cancels: Cancels::default(),
            end: End::default(),
        }
    }

    /// A desk that reads no list, only the tickets of open intents.
    pub fn without_list(settings: Settings) -> Self {
        Self { list: List::unread(), ..Self::new(settings) }
    }

    /// A desk that settles what a session with a fault left, and nothing else. It ends by itself.
    pub fn rescue(settings: Settings, fault: Fault, now: Now) -> Self {
        let mut desk = Self { end: End::rescuing(fault, now), ..Self::new(settings) };
        desk.shared.is_ending = true;
        desk
    }

    /// The door.
    pub fn apply(&mut self, input: impl Into<Input>, now: Now) -> Outcome {
        let mut out = Out::default();
        if self.end.is_over() {
            return out.into_outcome(Ok(()));
        }
        self.note_clocks(now, &mut out);
        let answer = match input.into() {
            Input::Event(event) => {
                self.take(event, now, &mut out);
                Ok(())
            }
            Input::Order(order) => self.obey(order, now, &mut out),
        };
        self.settle(now, &mut out);
        let changes = self.list.take_row_changes();
        if !changes.is_empty() {
            out.told.push(News::RowsChanged { changes });
        }
        out.into_outcome(answer)
    }

    /// Clocks that part make everything stale, before the input counts.
    fn note_clocks(&mut self, now: Now, out: &mut Out) {
        if self.shared.clocks.note(now) {
            self.link.doubt(now);
            self.on_cancels(now, out, |cancels, cx| {
                cx.note(link_words::all_is_stale());
                cancels.part_clocks(link_words::CLOCK_SET, cx);
            });
        }
    }

    fn take(&mut self, event: Event, now: Now, out: &mut Out) {
        match event {
            Event::SecretWanted { connection, wanted } => {
                self.on_link(now, out, |link, cx| link.want_secret(connection, wanted, cx));
            }
            Event::CodeNotGiven { connection, id, why } => {
                self.on_link(now, out, |link, cx| link.take_code_not_given(connection, id, &why, cx));
            }
            Event::LinkOpened { connection, host, user, way } => {
                self.on_link(now, out, |link, cx| link.opened(Opened { connection, host, user, way }, cx));
            }
            Event::LinkFailed { connection, failure } => {
                self.on_link(now, out, |link, cx| link.failed(connection, &failure, cx));
            }
            Event::LinkLost { connection, end } => self.on_link(now, out, |link, cx| link.lost(connection, &end, cx)),
            Event::FrameArrived { connection, frame } => {
                self.on_link(now, out, |link, cx| link.take_frame(connection, frame, cx));
            }
            Event::FrameUnreadable { connection, why } => {
                self.on_link(now, out, |link, cx| link.take_unreadable(connection, &why, cx));
            }
            Event::CancelHanded { intent } => self.on_cancels(now, out, |cancels, cx| cancels.take_handed(intent, cx)),
            Event::CancelNotHanded { intent, why } => {
                self.on_cancels(now, out, |cancels, cx| cancels.take_not_handed(intent, &why, cx));
            }
            Event::UnresolvedRead(answer) => {
                self.on_cancels(now, out, |cancels, cx| cancels.take_unresolved(answer, cx));
            }
            Event::IntentAnswered { attempt, answer } => {
                self.on_cancels(now, out, |cancels, cx| cancels.take_intent_answer(attempt, answer, cx));
            }
            Event::JournalFailed(why) => {
                self.on_cancels(now, out, |cancels, cx| cancels.take_journal_failure(&why, cx));
            }
            Event::JournalNotice(text) => self.on_link(now, out, |_, cx| cx.note(text)),
            // The door has noted it; a clock that was set by less than counts changes nothing.
            Event::ClockSet => {}
            Event::DeadlinePassed => self.pass_deadlines(now, out),
            Event::Interrupted(interruption) => self.interrupt(interruption, now, out),
            // The console's own.
            Event::KeyPressed(_)
            | Event::PressedUnseen
            | Event::TimeToSpare
            | Event::PasteBegun
            | Event::PasteUnended
            | Event::Pasted(_)
            | Event::Resized(_)
            | Event::Drawn { .. }
            | Event::Resumed => out.show(),
        }
    }

    fn obey(&mut self, order: Order, now: Now, out: &mut Out) -> Result<(), Lacking> {
        match order {
            Order::NoteTime => {}
            Order::Start => {
                out.order(Effect::ReadUnresolved);
                self.on_link(now, out, Link::connect);
            }
            Order::Connect => self.on_link(now, out, Link::try_now),
            Order::Reload => self.on_list(now, out, List::reload),
            Order::Find(number) => self.on_list(now, out, |list, cx| list.find(number, cx)),
            Order::LookInto(number) => self.on_list(now, out, |list, cx| list.look_into(number, cx)),
            Order::Watch { visible, selected } => {
                self.on_list(now, out, |list, cx| list.watch(visible, selected, cx));
            }
            Order::Choose { ticket, change, owner } => {
                let known = self.list.known(ticket).cloned();
                return self
                    .on_cancels(now, out, |cancels, cx| cancels.choose(ticket, change, owner, known.as_ref(), cx));
            }
            Order::Confirm(typed) => return self.on_cancels(now, out, |cancels, cx| cancels.confirm(typed, cx)),
            Order::Keep => self.on_cancels(now, out, Cancels::keep),
            Order::Disarm(why) => self.on_cancels(now, out, |cancels, cx| cancels.disarm(&why, cx)),
            Order::ReadNow(intent) => self.on_cancels(now, out, |cancels, cx| cancels.read_now(intent, cx)),
            Order::ReadForRelease(intent) => {
                self.on_cancels(now, out, |cancels, cx| cancels.read_for_release(intent, cx));
            }
            Order::Release { intent, typed } => {
                return self.on_cancels(now, out, |cancels, cx| cancels.confirm_release(intent, typed, cx));
            }
            Order::KeepLock => self.on_cancels(now, out, Cancels::keep_lock),
            Order::ReadJournal => out.order(Effect::ReadUnresolved),
            Order::GiveSecret(secret) => return self.on_link(now, out, |link, cx| link.give_secret(secret, cx)),
            Order::WithholdSecret(why) => return self.on_link(now, out, |link, cx| link.withhold_secret(&why, cx)),
            Order::Leave(exit) => self.leave(exit, now, out),
            Order::LeaveNow => self.interrupt(Interruption::SIGINT, now, out),
        }
        Ok(())
    }

    fn interrupt(&mut self, interruption: Interruption, now: Now, out: &mut Out) {
        let stake = self.cancels.at_stake();
        self.on_end(now, out, |end, cx| end.interrupt(interruption, stake, cx));
    }

    fn leave(&mut self, exit: Exit, now: Now, out: &mut Out) {
        let stake = self.cancels.at_stake();
        self.on_end(now, out, |end, cx| end.leave(exit, &stake, cx));
    }

    fn pass_deadlines(&mut self, now: Now, out: &mut Out) {
        // An idle console draws nothing: only what passes here, or is stale, may look different.
        if self.link.stale_since(now).is_some() {
            out.show();
        }
        self.on_link(now, out, Link::end_expired_calls);
        self.hear_all(now, out);
        self.on_link(now, out, Link::pass_deadlines);
        self.on_cancels(now, out, Cancels::pass_deadlines);
        self.on_list(now, out, List::pass_deadlines);
    }

    /// Lets the parts hear the news until none is left, then renews the session, or ends it.
    fn settle(&mut self, now: Now, out: &mut Out) {
        loop {
            self.hear_all(now, out);
            self.on_cancels(now, out, Cancels::renew_locks);
            if self.cancels.may_suspend() {
                self.on_link(now, out, Link::renew_session);
            }
            self.step_to_the_end(now, out);
            if out.news.is_empty() {
                return;
            }
        }
    }

    fn hear_all(&mut self, now: Now, out: &mut Out) {
        while let Some(news) = out.news.pop_front() {
            let told = self.hear(news, now, out);
            out.told.extend(told);
        }
    }

    /// Gives news to the parts that it concerns; returned if it concerns the skin too.
    fn hear(&mut self, news: News, now: Now, out: &mut Out) -> Option<News> {
        match news {
            News::CallEnded { purpose, end } => self.end_call(purpose, &end, now, out),
            News::MayAskAgain { purpose } => match purpose.rule().part {
                Part::Link => self.on_link(now, out, |_, cx| Link::ask_again(purpose, cx)),
                Part::List => self.on_list(now, out, |list, cx| list.ask_again(purpose, cx)),
                Part::Cancels => self.on_cancels(now, out, |cancels, cx| cancels.ask_again(purpose, cx)),
            },
            News::CodeNeeded { purpose } => self.on_link(now, out, |link, cx| link.validate_then(purpose, cx)),
            News::TicketRead { ticket } => self.on_list(now, out, |list, cx| list.take_from_sibling(*ticket, cx)),
            News::TicketEvent { ticket } => self.on_list(now, out, |list, cx| list.take_event(*ticket, cx)),
            News::LockChanged { ticket, lock } => self.list.set_lock(ticket, lock),
            News::HoldersWanted => out.order(Effect::ReadUnresolved),
            News::AttemptAbandoned { exit } => self.leave(exit, now, out),
            News::Ending { exit } => {
                self.on_cancels(now, out, |cancels, cx| cancels.end(exit, cx));
                if self.end.is_leaving() {
                    self.on_link(now, out, Link::hurry);
                }
            }
            News::SessionReady => {
                // The tickets of open intents first, then what an operator waits for.
                self.on_cancels(now, out, Cancels::begin_session);
                self.on_link(now, out, Link::let_ask_again);
                self.hear_all(now, out);
                self.on_link(now, out, |_, cx| Link::begin_session(cx));
                self.on_list(now, out, List::open_scan);
                return Some(News::SessionReady);
            }
            News::JournalRead => {
                self.take_over_left(now, out);
                self.on_cancels(now, out, Cancels::adopt_unresolved);
                return Some(News::JournalRead);
            }
            News::CancelSent { intent, ticket } => {
                self.link.use_code();
                return Some(News::CancelSent { intent, ticket });
            }
            News::TicketSeen { ticket, status, said_by } => {
                self.on_cancels(now, out, |cancels, cx| cancels.read_to_be_sure(ticket, &status, said_by, cx));
                return Some(News::TicketSeen { ticket, status, said_by });
            }
            News::TicketChanged { seen } => self.on_cancels(now, out, |cancels, cx| cancels.disarm_changed(&seen, cx)),
            News::LinkLost { why } => {
                self.on_cancels(now, out, Cancels::lose_link);
                return Some(News::LinkLost { why });
            }
            other => return Some(other),
        }
        None
    }

    fn end_call(&mut self, purpose: Purpose, end: &CallEnd, now: Now, out: &mut Out) {
        match purpose.rule().part {
            Part::Link => self.on_link(now, out, |link, cx| link.end_call(purpose, end, cx)),
            Part::List => self.on_list(now, out, |list, cx| list.end_call(purpose, end, cx)),
            Part::Cancels => self.on_cancels(now, out, |cancels, cx| cancels.end_call(purpose, end, cx)),
        }
    }

    /// A session with a fault left intents without an outcome: this desk takes them over.
    fn take_over_left(&mut self, now: Now, out: &mut Out) {
        if let Some(Fault { session, handed, .. }) = self.end.fault().cloned() {
            let followed = self.on_cancels(now, out, |cancels, cx| cancels.adopt_left(&session, &handed, cx));
            self.end.adopt(followed);
        }
    }

    /// Orders the end once nothing is waited for any more, or the time is over.
    fn step_to_the_end(&mut self, now: Now, out: &mut Out) {
        let is_waited_for = self.end.followed().is_some_and(|followed| self.cancels.is_waited_for(followed));
        match self.end.step(is_waited_for, self.cancels.journal().failed.is_some(), now) {
            EndStep::Wait => {}
            EndStep::Settle(followed) => {
                for intent in followed {
                    self.on_cancels(now, out, |cancels, cx| cancels.settle_now(intent, cx));
                }
                self.hear_all(now, out);
                self.step_to_the_end(now, out);
            }
            EndStep::Quit(exit) => {
                self.hear_all(now, out);
                self.on_link(now, out, |_, cx| Link::log_out(cx));
                let worst = self.cancels.worst_exit(self.end.followed(), self.shared.settings.limits.read_timeout, now);
                out.order(Effect::Quit(worst.unwrap_or(exit)));
                self.end.finish();
            }
        }
    }

    // --- the parts, each with its context -----------------------------------------------------------------------------

    fn on_link<R>(&mut self, now: Now, out: &mut Out, act: impl FnOnce(&mut Link, &mut Cx<'_>) -> R) -> R {
        act(&mut self.link, &mut self.shared.cx(out, Standing::default(), now))
    }

    fn on_list<R>(&mut self, now: Now, out: &mut Out, act: impl FnOnce(&mut List, &mut Cx<'_>) -> R) -> R {
        let standing = self.standing(now);
        act(&mut self.list, &mut self.shared.cx(out, standing, now))
    }

    fn on_cancels<R>(&mut self, now: Now, out: &mut Out, act: impl FnOnce(&mut Cancels, &mut Cx<'_>) -> R) -> R {
        let standing = self.standing(now);
        act(&mut self.cancels, &mut self.shared.cx(out, standing, now))
    }

    fn on_end<R>(&mut self, now: Now, out: &mut Out, act: impl FnOnce(&mut End, &mut Cx<'_>) -> R) -> R {
        act(&mut self.end, &mut self.shared.cx(out, Standing::default(), now))
    }

    /// The permission to write, unless the exchange says that we are not who the profile says.
    pub fn permit(&self) -> Option<WritePermit> {
        self.shared.settings.permit.filter(|_| self.mismatch().is_none())
    }

    /// Why this session may not write although it was asked to.
    pub fn mismatch(&self) -> Option<String> {
        self.link.permissions().mismatch(&self.shared.settings, self.shared.sessions.ready()?)
    }

    fn standing(&self, now: Now) -> Standing {
        Standing {
            stale_since: self.link.stale_since(now),
            permit: self.permit(),
            wants_code: self.link.second_factor().is_wanted(),
            feed: self.link.feed(),
            lacks_list: self.link.permissions().lacks(GetAllWithdrawTickets::NAME),
        }
    }

    // --- what a skin may look at --------------------------------------------------------------------------------------

    /// The session's orders and permissions, as the profile gives them.
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// The link to the exchange.
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// The list of failed tickets.
    pub fn list(&self) -> &List {
        &self.list
    }

    /// The cancels.
    pub fn cancels(&self) -> &Cancels {
        &self.cancels
    }

    /// The calls that were asked and not answered yet.
    pub fn calls(&self) -> &Calls {
        &self.shared.calls
    }

    /// The activity, in lines for the operator.
    pub fn activity(&self) -> &Activity {
        &self.shared.activity
    }

    /// The session of the link that is up.
    pub fn session(&self) -> Option<&Session> {
        self.shared.sessions.current()
    }

    /// The session, once calls about tickets can be asked on it.
    pub fn ready(&self) -> Option<&Session> {
        self.shared.sessions.ready()
    }

    /// The session, or the last one.
    pub fn last_session(&self) -> Option<&Session> {
        self.shared.sessions.last()
    }

    /// Who the journal's records of this session are by.
    pub fn author(&self) -> Author {
        self.shared.author()
    }

    /// Why a ticket is locked by an open intent, and by whom.
    pub fn lock_of(&self, number: TicketNumber) -> Option<String> {
        self.cancels.lock_of(number, self.shared.here())
    }

    /// Open intents of this exchange and OMS.
    pub fn unresolved_here(&self) -> impl Iterator<Item = &Unresolved> {
        let here = self.shared.here();
        self.cancels.journal().open.iter().filter(move |open| here.has(open))
    }

    /// Open intents of other exchanges: listed, never read through this link, and they lock nothing here.
    pub fn unresolved_elsewhere(&self) -> impl Iterator<Item = &Unresolved> {
        let here = self.shared.here();
        self.cancels.journal().open.iter().filter(move |open| !here.has(open))
    }

    /// True if a release of this cancel now is an early one.
    pub fn is_early(&self, cancellation: &Cancellation, now: Now) -> bool {
        releasing::is_early(cancellation, &self.shared.clocks, now)
    }

    /// The good read made for a release, if it is there: asked since then, and not long ago.
    pub fn read_since(&self, intent: IntentId, asked_since: Boot, now: Now) -> Option<&Seen> {
        self.cancels.read_since(intent, asked_since, self.shared.settings.limits.read_timeout, now)
    }

    /// True if the session was interrupted and only reads on: the terminal is not ours any more.
    pub fn is_leaving(&self) -> bool {
        self.end.is_leaving()
    }

    /// True if the end was ordered: nothing is asked or awaited any more.
    pub fn is_over(&self) -> bool {
        self.end.is_over()
    }

    /// The lines that must still be said when the screen is gone.
    pub fn farewell(&self) -> Vec<String> {
        self.cancels.farewell(self.end.followed())
    }

    /// True if `connection` is the link that is up or being opened.
    pub fn is_current(&self, connection: ConnectionId) -> bool {
        connection == self.shared.sessions.connection() && self.link.is_open()
    }

    /// When [`Event::DeadlinePassed`] is due next, if ever.
    pub fn next_deadline(&self, now: Now) -> Option<Boot> {
        if self.end.is_over() {
            return None;
        }
        let session = self.shared.sessions.ready();
        let reader = session.filter(|_| !self.end.is_leaving());
        let list = [self.list.poll_due(reader, self.link.feed()), self.list.reading_due(reader, self.link.feed())];
        let calls = self.shared.calls.deadlines();
        let parts = self.link.deadlines(now).chain(self.cancels.deadlines(session.is_some()));
        let counted = self.cancels.counted_down();
        let shown = counted.and_then(|intent| self.shared.calls.next_second(Purpose::Cancel(intent), now));
        calls.chain(parts).chain(list.into_iter().flatten()).chain(self.end.deadline()).chain(shown).min()
    }
}
