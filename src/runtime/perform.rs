//! The one match that performs an effect.

use tokio::sync::mpsc;

use super::gateway::Gateway;
use super::journal::thread::{Job, JournalThread};
use super::{forced_end, input, signals, terminal};
use crate::app::effect::{Author, Effect, Exit};
use crate::app::words::fault;
use crate::app::{Desk, Event};
use crate::journal::Fact;

/// Who performs effects. [`Performer`] does; a test may have one whose journal takes no real time.
pub trait Perform {
    /// Performs one effect. Some have a result at once, which is the next event.
    fn perform(&mut self, effect: Effect) -> Performed;
}

/// Everything that acts on the outside.
pub struct Performer {
    gateway: Gateway,
    journal: JournalThread,
    events: mpsc::Sender<Event>,
}

impl Performer {
    /// A performer whose results come on `events`.
    pub fn new(gateway: Gateway, journal: JournalThread, events: mpsc::Sender<Event>) -> Self {
        Self { gateway, journal, events }
    }

    /// The session starts.
    pub fn start(&self, author: Author) {
        self.journal.give(Job::Record(author, Fact::Opened));
    }

    /// The session ends: what was handed to the writer may leave, and what was given to the journal is written. If it is not,
    /// standard error says so.
    pub async fn finish(mut self, desk: &Desk) {
        self.gateway.finish().await;
        self.journal.give(Job::Record(desk.author(), Fact::Closed));
        drop(self.events);
        let journal = self.journal;
        let written = tokio::task::spawn_blocking(move || journal.finish()).await;
        if let (Ok(Err(why)), None) = (written, &desk.cancels().journal().failed) {
            terminal::say(&desk.cancels().missing_records(&why));
        }
    }
}

impl Perform for Performer {
    fn perform(&mut self, effect: Effect) -> Performed {
        match effect {
            Effect::Connect { connection, login } => self.gateway.open(connection, login),
            Effect::Disconnect { connection } => self.gateway.close(connection),
            Effect::GiveSecret { connection, secret } => self.gateway.give(connection, &secret),
            Effect::Validate { connection, id } => self.gateway.validate(connection, id),
            Effect::SendRead { connection, frame } => self.gateway.send_read(connection, frame),
            Effect::SendCancel { connection, intent, order } => {
                let handed = if forced_end::may_hand(intent) {
                    self.gateway.send_cancel(connection, order)
                } else {
                    Err(fault::ENDS_THE_PROGRAM.to_owned())
                };
                return Performed::Happened(match handed {
                    Ok(()) => Event::CancelHanded { intent },
                    Err(why) => Event::CancelNotHanded { intent, why },
                });
            }
            Effect::OpenIntent { attempt, author, intent } => self.journal.give(Job::Open(attempt, author, intent)),
            Effect::Record { author, fact } => self.journal.give(Job::Record(author, fact)),
            Effect::ReadUnresolved => self.journal.give(Job::Unresolved),
            Effect::Suspend => {
                terminal::suspend();
                return Performed::Happened(Event::Resumed);
            }
            Effect::GiveBackTerminal { said } => {
                signals::refuse_to_stop();
                input::stop_reading();
                terminal::give_back();
                terminal::say(&said);
            }
            Effect::Quit(exit) => return Performed::Quit(exit),
        }
        Performed::Started
    }
}

/// The yield of an effect.
pub enum Performed {
    /// Its result comes later, if any.
    Started,
    /// This happened.
    Happened(Event),
    /// The program ends.
    Quit(Exit),
}
