//! Calls: what was asked and not answered yet, and ONE table of what each call is for. The one place where a reply is
//! matched to its request. It asks nothing itself, and looks into no answer.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::app::words::desk::{calls as words, link};
use crate::domain::{AttemptId, Boot, CallId, ConnectionId, IntentId, Now, TicketNumber};
use crate::protocol::{Frame, FrameKind};

/// The purpose of a call. Its life is its row in [`Purpose::rule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Who the exchange says we are, asked without naming us.
    WhoAmI,
    /// Who we are, asked by our user id.
    WhoAmIById,
    /// The permissions of this login.
    Permissions,
    /// Which calls want a code of the second factor first.
    Protected,
    /// The code for them.
    Validate,
    /// Who we are, asked only to see whether the session at the exchange goes on.
    StillIn,
    /// Ticket events.
    Subscribe,
    /// Keep-alive.
    Ping,
    /// A page of the list.
    Page {
        /// Which of the scan's asks.
        ask: u32,
    },
    /// A ticket on the screen, read where there are no events.
    Watch(TicketNumber),
    /// A ticket of which only an event told, read once.
    Heard(TicketNumber),
    /// The list call for one ticket alone.
    Find(TicketNumber),
    /// All fields of a ticket.
    Detail(TicketNumber),
    /// The read that opens the dialog.
    Choose(AttemptId),
    /// The read behind the confirming Enter.
    Confirm(AttemptId),
    /// A read of a ticket after a cancel of it was sent.
    Follow(IntentId),
    /// The cancel itself.
    Cancel(IntentId),
}

/// The part of the desk that asks a call and hears its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The link.
    Link,
    /// The list.
    List,
    /// The cancels.
    Cancels,
}

/// How long a call waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `read-timeout`.
    Read,
    /// `reply-timeout`.
    Reply,
    /// The time in which a keep-alive is answered.
    Ping,
    /// The time that a person needs.
    Person,
}

/// The end of a call whose link is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenLost {
    /// Nobody misses it: the next link asks it anyway.
    Forgotten,
    /// The part that asked hears of it.
    Told,
    /// An operator asked once, and it changes nothing: it is asked again on the next link.
    AskedAgain,
}

/// The end of a call that the exchange answers with its wish for a code of the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenCodeWanted {
    /// It waits for a code, unless one was given up already.
    Waits,
    /// It waits for a code in any case, since an operator asked for it.
    WaitsByHand,
    /// It fails now, and is asked again once a code is accepted.
    FailsAndWaits,
    /// The wish is its answer.
    Answered,
}

/// The life of a call from its request to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Who asks, and hears the end.
    pub part: Part,
    /// How long it waits.
    pub limit: Limit,
    /// Its end if the link is lost first. A confirming read is never asked again, and a cancel is never sent again.
    pub lost: WhenLost,
    /// Its end if a code is wanted first.
    pub code: WhenCodeWanted,
    /// A refusal of it may mean that the session at the exchange is over, or that a code is wanted.
    pub may_be_barred: bool,
}

impl Rule {
    /// True if whoever asked hears that the answer was too long; else the call is lost like any other, such as a cancel, whose
    /// receipt is none, and the reads of a ticket that is followed.
    pub fn is_told_too_long(self) -> bool {
        let is_of_cancel = self.limit == Limit::Reply || self.code == WhenCodeWanted::FailsAndWaits;
        self.lost != WhenLost::Forgotten && self.limit != Limit::Person && !is_of_cancel
    }
}

impl Purpose {
    /// The question, in an operator's words.
    fn asked(self) -> &'static str {
        match self {
            Self::WhoAmI | Self::WhoAmIById | Self::StillIn => words::WHO_WE_ARE,
            Self::Permissions => words::PERMISSIONS,
            Self::Protected => words::PROTECTED,
            Self::Validate => words::CODE,
            Self::Subscribe => words::EVENTS,
            Self::Ping => words::KEEP_ALIVE,
            Self::Page { .. } => words::PAGE,
            Self::Find(_) => words::SEARCH,
            Self::Watch(_)
            | Self::Heard(_)
            | Self::Detail(_)
            | Self::Choose(_)
            | Self::Confirm(_)
            | Self::Follow(_) => words::TICKET,
            Self::Cancel(_) => words::CANCEL,
        }
    }

    /// The table: one row a call.
    #[rustfmt::skip]
    pub fn rule(self) -> Rule {
        use WhenCodeWanted::{Answered, FailsAndWaits, Waits, WaitsByHand};
        use WhenLost::{AskedAgain, Forgotten, Told};
        let row = |part, limit, lost, code, may_be_barred| Rule { part, limit, lost, code, may_be_barred };
        match self {
            Self::WhoAmI | Self::WhoAmIById => row(Part::Link, Limit::Read, Forgotten, Waits, true),
            Self::Permissions | Self::Protected | Self::Subscribe => {
                row(Part::Link, Limit::Read, Forgotten, Answered, true)
            }
            Self::Validate  => row(Part::Link,    Limit::Person, Told,       Answered,      false),
            Self::StillIn   => row(Part::Link,    Limit::Read,   Told,       Answered,      true),
            Self::Ping      => row(Part::Link,    Limit::Ping,   Forgotten,  Answered,      false),
            Self::Page { .. } => row(Part::List,  Limit::Read,   Told,       Waits,         true),
            Self::Watch(_)  => row(Part::List,    Limit::Read,   Forgotten,  Answered,      true),
            Self::Heard(_) | Self::Find(_) => row(Part::List,    Limit::Read,   Told,       Answered,      true),
            Self::Detail(_) => row(Part::List,    Limit::Read,   AskedAgain, WaitsByHand,   true),
            Self::Choose(_) => row(Part::Cancels, Limit::Read,   AskedAgain, WaitsByHand,   true),
            // The Enter behind it does not wait for a person; the next `x` asks for the code first.
            Self::Confirm(_) => row(Part::Cancels, Limit::Read,  Told,       Answered,      true),
            Self::Follow(_) => row(Part::Cancels, Limit::Read,   Told,       FailsAndWaits, true),
            // Never barred: anything that is answered to a cancel is its receipt.
            Self::Cancel(_) => row(Part::Cancels, Limit::Reply,  Told,       Answered,      false),
        }
    }
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallEnd {
    /// By an answer.
    Answered {
        /// The answer.
        frame: Frame,
        /// When it was asked for: only a read asked after a send says anything of what became of it.
        asked_at: Now,
    },
    /// By its deadline, or because nothing good comes of it any more.
    Unanswered {
        /// Why; inert.
        why: String,
    },
    /// By the loss of its link.
    Lost {
        /// Why the link was lost; inert.
        why: String,
    },
    /// By an answer that was longer than any message may be, which ended the link: asked for in the same way, it would come again.
    TooLong {
        /// Why the link was lost; inert.
        why: String,
    },
}

impl CallEnd {
    /// Why there is no answer, in words; `None` if there is one.
    pub fn why(&self) -> Option<String> {
        match self {
            Self::Answered { .. } => None,
            Self::Unanswered { why } => Some(why.clone()),
            Self::Lost { why } | Self::TooLong { why } => Some(link::lost(why)),
        }
    }
}

/// A call that waits for its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// On which link it was asked; an answer on another is not its answer.
    pub connection: ConnectionId,
    /// The function.
    pub name: &'static str,
    /// Its purpose.
    pub purpose: Purpose,
    /// When it was asked.
    pub asked_at: Now,
    /// When it counts as not answered; `None` for a cancel whose time is over, which may still be answered late.
    pub deadline: Option<Boot>,
}

impl Call {
    /// Its time was over before its answer was taken in.
    pub fn is_late(&self, now: Now) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= now.boot)
    }

    /// Why a call whose time is over has no answer.
    pub fn why_late(&self) -> String {
        words::no_answer(self.purpose.asked())
    }
}

/// The calls in flight, and the next sequence number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    given: u64,
    calls: BTreeMap<CallId, Call>,
}

impl Calls {
    /// The next sequence number: even, from 2, never given out twice, also not after a reconnect (PROTOCOL.md 1).
    pub fn next_id(&mut self) -> CallId {
        self.given += 2;
        CallId(self.given)
    }

    /// Sets `count` sequence numbers aside for calls that are made elsewhere, and says the first.
    pub fn set_aside(&mut self, count: u64) -> CallId {
        let first = self.next_id();
        self.given += 2 * count.saturating_sub(1);
        first
    }

    /// Notes a call.
    pub fn insert(
        &mut self,
        id: CallId,
        connection: ConnectionId,
        name: &'static str,
        purpose: Purpose,
        now: Now,
        limit: Duration,
    ) {
        let call = Call { connection, name, purpose, asked_at: now, deadline: Some(now.boot + limit) };
        self.calls.insert(id, call);
    }

    /// The call that a frame answers: same link, same `i`, and a reply (m 1) or an error (m 5). An event may carry the `i` of
    /// a pending request and answers nothing. A cancel stays noted, since a second reply is worth knowing. A reply that names
    /// another call than a read is not its answer, and the read goes on waiting; to a cancel any reply to its `i` is a receipt.
    pub fn answered(&mut self, connection: ConnectionId, frame: &Frame) -> Option<Call> {
        if !matches!(frame.kind, FrameKind::Reply | FrameKind::Error) {
            return None;
        }
        let call = self.calls.get_mut(&frame.id).filter(|call| call.connection == connection)?;
        if matches!(call.purpose, Purpose::Cancel(_)) {
            let answered = call.clone();
            call.deadline = None;
            return Some(answered);
        }
        if !call.name.eq_ignore_ascii_case(&frame.name) {
            return None;
        }
        self.calls.remove(&frame.id)
    }

    /// The calls whose time is over.
    pub fn expired(&self, now: Now) -> impl Iterator<Item = (ConnectionId, CallId)> {
        self.calls.iter().filter(move |(_, call)| call.is_late(now)).map(|(id, call)| (call.connection, *id))
    }

    /// Takes out the calls whose time is over; a cancel stays noted without a deadline.
    pub fn take_expired(&mut self, now: Now) -> Vec<Call> {
        let expired: Vec<CallId> = self.calls.iter().filter(|(_, call)| call.is_late(now)).map(|(id, _)| *id).collect();
        expired.into_iter().filter_map(|id| self.expire(id)).collect()
    }

    fn expire(&mut self, id: CallId) -> Option<Call> {
        let call = self.calls.get_mut(&id)?;
        if matches!(call.purpose, Purpose::Cancel(_)) {
            call.deadline = None;
            return Some(call.clone());
        }
        self.calls.remove(&id)
    }

    /// Forgets every call of a link that is gone; each is given an end by the caller.
    pub fn take_of(&mut self, connection: ConnectionId) -> Vec<Call> {
        let (gone, kept) =
            std::mem::take(&mut self.calls).into_iter().partition(|(_, call)| call.connection == connection);
        self.calls = kept;
        let gone: BTreeMap<CallId, Call> = gone;
        gone.into_values().collect()
    }

    /// Forgets a call that was never handed to the writer.
    pub fn forget_cancel(&mut self, intent: IntentId) {
        self.calls.retain(|_, call| call.purpose != Purpose::Cancel(intent));
    }

    /// True if a call with this number waits on this link.
    pub fn waits(&self, connection: ConnectionId, id: CallId) -> bool {
        self.calls.get(&id).is_some_and(|call| call.connection == connection)
    }

    /// Takes out a call that was never made.
    pub fn forget(&mut self, connection: ConnectionId, id: CallId) -> Option<Call> {
        if self.waits(connection, id) { self.calls.remove(&id) } else { None }
    }

    /// True if a page of the list is awaited on this link.
    pub fn await_page(&self, connection: ConnectionId) -> bool {
        self.calls.values().any(|call| call.connection == connection && matches!(call.purpose, Purpose::Page { .. }))
    }

    /// Forgets the calls with a purpose; nothing came, and nothing will be taken in.
    pub fn forget_purpose(&mut self, purpose: Purpose) {
        self.calls.retain(|_, call| call.purpose != purpose);
    }

    /// The calls that wait for their answers, by number.
    pub fn waiting(&self) -> impl Iterator<Item = (CallId, &Call)> {
        self.calls.iter().filter(|(_, call)| call.deadline.is_some()).map(|(id, call)| (*id, call))
    }

    /// How long a call of this purpose is still waited for.
    pub fn left(&self, purpose: Purpose, now: Now) -> Option<Duration> {
        let due = self.calls.values().find(|call| call.purpose == purpose)?.deadline?;
        Some(due.since(now.boot))
    }

    /// When [`Calls::left`] is a second less, as a countdown shows it.
    pub fn next_second(&self, purpose: Purpose, now: Now) -> Option<Boot> {
        let left = self.left(purpose, now).filter(|left| !left.is_zero())?;
        let part = Duration::from_nanos(u64::from(left.subsec_nanos()));
        Some(now.boot + if part.is_zero() { Duration::from_secs(1) } else { part })
    }

    /// The links on which something is awaited, or may still come late.
    pub fn links(&self) -> impl Iterator<Item = ConnectionId> {
        self.calls.values().map(|call| call.connection)
    }

    /// When the calls stop being waited for.
    pub fn deadlines(&self) -> impl Iterator<Item = Boot> {
        self.calls.values().filter_map(|call| call.deadline)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use rstest::rstest;

    const HERE: ConnectionId = ConnectionId(1);
    const LIMIT: Duration = Duration::from_secs(5);

    fn now() -> Now {
        Now { wall: Timestamp::UNIX_EPOCH, boot: Boot(Duration::from_secs(100)) }
    }

    fn frame(kind: FrameKind, id: u64) -> Frame {
        Frame { kind, id: CallId(id), name: "ping".to_owned(), payload: String::new() }
    }

    fn one_ping() -> Calls {
        let mut calls = Calls::default();
        let id = calls.next_id();
        calls.insert(id, HERE, "Ping", Purpose::Ping, now(), LIMIT);
        calls
    }

    #[test]
    fn sequence_numbers_are_even_from_2_and_never_repeat() {
        let mut calls = Calls::default();
        assert_eq!([calls.next_id(), calls.next_id(), calls.next_id()], [CallId(2), CallId(4), CallId(6)]);
        calls.take_of(HERE);
        assert_eq!(calls.next_id(), CallId(8));
    }

    #[rstest]
    #[case::reply(HERE, FrameKind::Reply, 2, true)]
    #[case::error(HERE, FrameKind::Error, 2, true)]
    #[case::event_with_our_number(HERE, FrameKind::Event, 2, false)]
    #[case::request(HERE, FrameKind::Request, 2, false)]
    #[case::other_number(HERE, FrameKind::Reply, 4, false)]
    #[case::other_link(ConnectionId(2), FrameKind::Reply, 2, false)]
    fn a_reply_counts_by_link_number_and_kind(
        #[case] connection: ConnectionId,
        #[case] kind: FrameKind,
        #[case] id: u64,
        #[case] counts: bool,
    ) {
        let mut calls = one_ping();
        assert_eq!(calls.answered(connection, &frame(kind, id)).is_some(), counts);
        assert_eq!(calls.deadlines().count(), usize::from(!counts));
    }

    #[test]
    fn a_reply_that_names_another_call_is_not_the_answer_and_the_read_goes_on_waiting() {
        let mut calls = one_ping();
        let other = Frame { name: "GetUserInfo".to_owned(), ..frame(FrameKind::Reply, 2) };
        assert!(calls.answered(HERE, &other).is_none());
        assert!(calls.waits(HERE, CallId(2)));
        assert!(calls.answered(HERE, &frame(FrameKind::Reply, 2)).is_some());
    }

    #[test]
    fn a_cancel_stays_noted_for_late_and_second_replies() {
        let mut calls = Calls::default();
        let id = calls.next_id();
        calls.insert(id, HERE, "Cancel", Purpose::Cancel(IntentId(1)), now(), LIMIT);
        let later = Now { boot: now().boot + LIMIT, ..now() };
        assert_eq!(calls.take_expired(later).len(), 1);
        assert_eq!(calls.take_expired(later).len(), 0);
        assert!(calls.answered(HERE, &frame(FrameKind::Reply, 2)).is_some(), "late");
        assert!(calls.answered(HERE, &frame(FrameKind::Reply, 2)).is_some(), "second");
        assert_eq!(calls.take_of(HERE).len(), 1);
    }

    #[test]
    fn a_read_expires_once() {
        let mut calls = one_ping();
        assert_eq!(calls.take_expired(now()).len(), 0);
        let later = Now { boot: now().boot + LIMIT, ..now() };
        assert_eq!(calls.take_expired(later).len(), 1);
        assert_eq!(calls.deadlines().count(), 0);
    }
}
