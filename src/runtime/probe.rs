//! The link, tried step by step: a handshake that logs in nobody, then one login on the real gateway and a few reads.
//!
//! Nothing is tried twice: accounts lock. Only calls that change nothing can be asked here.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::access::Access;
use super::gateway::Gateway;
use super::transport::Stream;
use super::{clock, handshake, prompt};
use crate::app::Event;
use crate::app::effect::LOGIN_CALLS;
use crate::app::event::{LinkFailure, Way};
use crate::app::words::{far_side as words, link_end};
use crate::domain::{CallId, ConnectionId};
use crate::protocol::rpc::authenticate_user::{LoggedIn, LoginRefused};
use crate::protocol::rpc::log_out::LogOut;
use crate::protocol::rpc::{self, ReadCall, ReplyError, read_reply};
use crate::protocol::{Bar, Frame, FrameKind, LinkEnd, Target};

/// A read is answered in this time, or not at all.
const READ_LIMIT: Duration = Duration::from_secs(5);
/// Facts that may wait: ticket events may come in numbers.
const WAITING: usize = 1_024;

/// A handshake that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shaken {
    /// The `Date` header of the answer, if it had one. Remote text.
    pub date: Option<String>,
    /// When the request was sent, by the wall clock.
    pub sent: Timestamp,
    /// When the answer was there, by the wall clock.
    pub answered: Timestamp,
    /// The time between, by the boot clock.
    pub took: Duration,
}

/// Opens a WebSocket on a stream and closes it again, without a login.
pub async fn shake_hands(target: &Target, stream: Box<dyn Stream>) -> Result<Shaken, LinkEnd> {
    let start = clock::now();
    let late = |_| LinkEnd::soon(words::slow(target, handshake::LIMIT));
    let shaken = timeout(handshake::LIMIT, handshake::shake_hands(target, stream)).await.map_err(late)??;
    let handshake::Shaken { mut socket, date } = shaken;
    let end = clock::now();
    // True if the exchange says good-bye is of no interest; it has a moment for it.
    let _ = timeout(READ_LIMIT, socket.close(None)).await;
    Ok(Shaken { date, sent: start.wall, answered: end.wall, took: end.boot.since(start.boot) })
}

/// Why a read has no good answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// The exchange answered something else.
    #[error("{0}")]
    Reply(ReplyError, Bar),
    /// Nothing came in time.
    #[error("{}", link_end::no_answer(READ_LIMIT.as_secs()))]
    Late,
    /// Nothing came in time that could be read.
    #[error("{}", link_end::no_readable_answer(READ_LIMIT.as_secs(), *count, first))]
    Unreadable {
        /// Messages.
        count: usize,
        /// Why the first could not; inert.
        first: String,
    },
    /// The link ended first; inert.
    #[error("{}", link_end::lost(.0))]
    Lost(String),
}

impl Unanswered {
    /// Our right to ask, as far as it says anything of it.
    pub fn bar(&self) -> Bar {
        match self {
            Self::Reply(_, bar) => *bar,
            Self::Late | Self::Unreadable { .. } | Self::Lost(_) => Bar::Other,
        }
    }
}

/// A link that is logged in.
pub struct Probe {
    gateway: Gateway,
    facts: mpsc::Receiver<Event>,
    connection: ConnectionId,
    last_call: CallId,
    /// Messages since the last call that could not be read, each with its reason.
    unreadable: Vec<String>,
    user: LoggedIn,
    way: Way,
}

impl Probe {
    /// Opens a link and logs in, once. The gateway's phases have limits of their own; what it wants of a person is asked on the
    /// terminal, if there is one.
    pub async fn log_in(access: Access) -> Result<Self, LinkFailure> {
        let (events, mut facts) = mpsc::channel(WAITING);
        let mut gateway =
            Gateway::new(access, events).map_err(|error| LinkFailure::Unreachable(LinkEnd::soon(error.to_string())))?;
        let (connection, login) = (ConnectionId(1), CallId(2));
        // Numbers are even, as every client's are (PROTOCOL.md 1).
        let last_call = CallId(login.0 + 2 * (LOGIN_CALLS - 1));
        gateway.open(connection, login);
        let (user, way) = let_in(&mut gateway, &mut facts).await?;
        Ok(Self { gateway, facts, connection, last_call, unreadable: Vec::new(), user, way })
    }

    /// Who the login's answer says we are.
    pub fn user(&self) -> &LoggedIn {
        &self.user
    }

    /// The way by which we were let in.
    pub fn way(&self) -> Way {
        self.way
    }

    /// Asks once, and says how long the answer took.
    pub async fn ask<C: ReadCall>(&mut self, call: &C) -> Result<(C::Response, Duration), Unanswered> {
        self.last_call = CallId(self.last_call.0 + 2);
        self.unreadable.clear();
        let start = clock::boot();
        self.gateway.send_read(self.connection, rpc::frame(call, self.last_call));
        let reply = timeout(READ_LIMIT, self.reply(C::NAME)).await.map_err(|_| self.late())?;
        let took = clock::boot().since(start);
        let frame = reply?;
        let response = read_reply::<C>(&frame).map_err(|error| Unanswered::Reply(error, Bar::of(&frame)))?;
        Ok((response, took))
    }

    fn late(&self) -> Unanswered {
        match self.unreadable.first() {
            Some(first) => Unanswered::Unreadable { count: self.unreadable.len(), first: first.clone() },
            None => Unanswered::Late,
        }
    }

    /// The reply to the last call, which has this name. Events, and answers that come late, are no answer to it.
    async fn reply(&mut self, name: &str) -> Result<Frame, Unanswered> {
        loop {
            match self.facts.recv().await {
                Some(Event::FrameArrived { frame, .. })
                    if frame.id == self.last_call
                        && frame.name.eq_ignore_ascii_case(name)
                        && matches!(frame.kind, FrameKind::Reply | FrameKind::Error) =>
                {
                    return Ok(frame);
                }
                Some(Event::LinkLost { end, .. }) => return Err(Unanswered::Lost(end.why)),
                Some(Event::FrameUnreadable { why, .. }) => self.unreadable.push(why),
                Some(_) => {}
                None => return Err(Unanswered::Lost(link_end::ENDED.to_owned())),
            }
        }
    }

    /// Says good-bye; nobody waits for the answer.
    pub async fn leave(mut self) {
        let id = CallId(self.last_call.0 + 2);
        self.gateway.send_read(self.connection, rpc::frame(&LogOut, id));
        self.gateway.finish().await;
    }
}

/// Waits until the login is through; what it asks for is asked on the terminal.
async fn let_in(gateway: &mut Gateway, facts: &mut mpsc::Receiver<Event>) -> Result<(LoggedIn, Way), LinkFailure> {
    let (answers, mut given) = mpsc::channel::<prompt::PromptAnswer>(1);
    // Kept while it stands: dropped, the question is taken back.
    let mut question = None;
    loop {
        let event = tokio::select! {
            event = facts.recv() => event,
            Some(answer) = given.recv() => {
                drop(question.take());
                let secret = answer.given.map_err(LoginRefused::NotGiven)?;
                gateway.give(answer.connection, &secret);
                continue;
            }
        };
        match event {
            Some(Event::LinkOpened { user, way, .. }) => return Ok((user, way)),
            Some(Event::LinkFailed { failure, .. }) => return Err(failure),
            Some(Event::LinkLost { end, .. }) => return Err(LinkFailure::Unreachable(end)),
            Some(Event::SecretWanted { connection, wanted }) => {
                question = Some(prompt::ask(connection, &wanted, answers.clone()));
            }
            Some(_) => {}
            None => return Err(LinkFailure::Unreachable(LinkEnd::soon(link_end::ENDED))),
        }
    }
}
