//! The context: what the parts of a desk share while they act. A part reaches the outside by it (orders, records, calls) and
//! its siblings by news alone; it never holds on to it.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use super::activity::Activity;
use super::calls::{Calls, Limit, Purpose};
use super::clocks::Clocks;
use super::input::Outcome;
use super::locks::Here;
use super::news::News;
use super::order::Lacking;
use super::session::{Feed, Session, Sessions};
use super::settings::Settings;
use crate::app::effect::{Author, Effect, Effects};
use crate::config::permit::WritePermit;
use crate::domain::Now;
use crate::journal::Fact;
use crate::protocol::rpc::get_withdraw_ticket::{GetWithdrawTicket, TicketKey};
use crate::protocol::rpc::{self, ReadCall};

/// A keep-alive is answered in this time, or the link is doubtful.
const PING_LIMIT: Duration = Duration::from_secs(5);
/// A code of the second factor takes a person two minutes, and the exchange its time.
const PERSON_LIMIT: Duration = Duration::from_secs(135);

/// State that every part reads, and that none of them owns.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    pub settings: Settings,
    pub clocks: Clocks,
    pub sessions: Sessions,
    pub calls: Calls,
    pub activity: Activity,
    /// Set once the session was told to end: nothing new is asked then.
    pub is_ending: bool,
    /// Who the records of a session are by, where another process wrote them before.
    pub author_before: Option<Author>,
}

/// The link's answers to what its siblings have to know before they act, as of now.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    /// Since when nothing good was heard, if that is too long ago to act on, UTC.
    pub stale_since: Option<Timestamp>,
    /// The permission to write, unless the exchange says that we are not who the profile says.
    pub permit: Option<WritePermit>,
    /// A cancel wants a code of the second factor before it is even chosen.
    pub wants_code: bool,
    /// How the list is kept up.
    pub feed: Feed,
    /// The login is known to lack the permission for the list.
    pub lacks_list: bool,
}

/// The context of one step of a part.
pub(super) struct Cx<'a> {
    pub now: Now,
    pub standing: Standing,
    pub settings: &'a Settings,
    pub clocks: &'a Clocks,
    pub sessions: &'a mut Sessions,
    pub calls: &'a mut Calls,
    pub activity: &'a mut Activity,
    pub is_ending: &'a mut bool,
    pub author_before: &'a mut Option<Author>,
    pub out: &'a mut Out,
}

/// The yield of one step, and of all that follow from it.
#[derive(Debug, Default)]
pub(super) struct Out {
    effects: Vec<Effect>,
    is_visible: bool,
    /// News that the parts have not heard yet.
    pub news: VecDeque<News>,
    /// News that they heard, and that concern the skin.
    pub told: Vec<News>,
}

impl Out {
    /// The yield, once nothing is left to hear.
    pub fn into_outcome(self, answer: Result<(), Lacking>) -> Outcome {
        let effects: Effects = self.effects.into_iter().collect();
        let effects = if self.is_visible { effects } else { effects.quietly() };
        Outcome { effects, news: self.told, answer }
    }

    /// Adds the order that is to be performed last.
    pub fn order(&mut self, effect: Effect) {
        self.effects.push(effect);
        self.is_visible = true;
    }

    /// Something may look different.
    pub fn show(&mut self) {
        self.is_visible = true;
    }
}

impl Shared {
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            clocks: Clocks::default(),
            sessions: Sessions::default(),
            calls: Calls::default(),
            activity: Activity::default(),
            is_ending: false,
            author_before: None,
        }
    }

    pub fn author(&self) -> Author {
        author(&self.settings, &self.sessions, self.author_before.as_ref())
    }

    /// The exchange and OMS whose intents lock tickets here.
    pub fn here(&self) -> Here<'_> {
        Here { exchange: &self.settings.exchange, oms: self.author().oms }
    }

    /// The context of a part's next step.
    pub fn cx<'a>(&'a mut self, out: &'a mut Out, standing: Standing, now: Now) -> Cx<'a> {
        let Self { settings, clocks, sessions, calls, activity, is_ending, author_before } = self;
        Cx { now, standing, settings, clocks, sessions, calls, activity, is_ending, author_before, out }
    }
}

/// Who the journal's records of this session are by.
fn author(settings: &Settings, sessions: &Sessions, before: Option<&Author>) -> Author {
    let session = sessions.last();
    let operator = session.and_then(|session| session.user_name.as_ref()).map(|name| name.raw().to_owned());
    Author {
        oms: session.and_then(|session| session.oms).or(before.and_then(|author| author.oms)).or(settings.oms),
        operator: operator.or(before.and_then(|author| author.operator.clone())),
    }
}

impl Cx<'_> {
    /// The session of the link that is up.
    pub fn session(&self) -> Option<&Session> {
        self.sessions.current()
    }

    /// The session, once calls about tickets can be asked on it.
    pub fn ready(&self) -> Option<&Session> {
        self.sessions.ready()
    }

    pub fn author(&self) -> Author {
        author(self.settings, self.sessions, self.author_before.as_ref())
    }

    /// The exchange and OMS whose intents lock tickets here.
    pub fn here(&self) -> Here<'_> {
        Here { exchange: &self.settings.exchange, oms: self.author().oms }
    }

    /// Gives an order to the runtime.
    pub fn order(&mut self, effect: Effect) {
        self.out.order(effect);
    }

    /// Something may look different.
    pub fn show(&mut self) {
        self.out.show();
    }

    /// Orders of which nothing can be seen.
    pub fn quietly(&mut self, act: impl FnOnce(&mut Self)) {
        let was_visible = self.out.is_visible;
        act(self);
        self.out.is_visible = was_visible;
    }

    /// Tells the other parts, and the skin.
    pub fn tell(&mut self, news: News) {
        self.out.news.push_back(news);
    }

    /// Adds a line for the operator. Remote parts of `text` must be inert already.
    pub fn note(&mut self, text: impl Into<String>) {
        self.activity.add(self.now, text.into());
        self.show();
    }

    /// Records a fact in the journal.
    pub fn record(&mut self, fact: Fact) {
        let author = self.author();
        self.order(Effect::Record { author, fact });
    }

    /// Sends a call that changes nothing on the link that is up; without one, nothing happens and nothing is awaited.
    pub fn ask<C: ReadCall>(&mut self, call: &C, purpose: Purpose) -> bool {
        let Some(connection) = self.session().map(|session| session.connection) else { return false };
        let id = self.calls.next_id();
        self.calls.insert(id, connection, C::NAME, purpose, self.now, self.limit(purpose));
        self.order(Effect::SendRead { connection, frame: rpc::frame(call, id) });
        true
    }

    /// Asks for one ticket; `false` without a link on which tickets can be read.
    pub fn read_ticket(&mut self, key: &TicketKey, purpose: Purpose) -> bool {
        let Some((oms, operator)) = self.ready().and_then(|session| Some((session.oms?, session.operator))) else {
            return false;
        };
        self.ask(&GetWithdrawTicket::new(oms, operator, key), purpose)
    }

    /// How long a call waits for its answer.
    pub fn limit(&self, purpose: Purpose) -> Duration {
        match purpose.rule().limit {
            Limit::Read => self.settings.limits.read_timeout,
            Limit::Reply => self.settings.limits.reply_timeout,
            Limit::Ping => PING_LIMIT,
            Limit::Person => PERSON_LIMIT,
        }
    }
}
