//! The journal of a console: the real store over memory, written by a task of its own, which takes a disk's time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc;
use withdraw_desk::app::Event;
use withdraw_desk::app::effect::Author;
use withdraw_desk::domain::IntentId;
use withdraw_desk::journal::{Fact, Intent, Record, Store};
use withdraw_desk::runtime::journal::thread::Job;

use crate::ground::{self, Writer};
use crate::memory::Memory;
use crate::time::Clock;

pub const EXCHANGE: &str = "127.0.0.1:8765";

/// How long a sync takes.
const SYNC: Duration = Duration::from_millis(3);

/// The disk that the consoles of a test write to, one after the other.
#[derive(Clone, Default)]
pub struct Disk(Arc<Mutex<Memory>>);

impl Disk {
    /// Every record.
    pub fn records(&self) -> Vec<Record> {
        let bytes = self.0.lock().unwrap().bytes.clone();
        String::from_utf8(bytes).unwrap().lines().map(|line| Record::parse(line).unwrap()).collect()
    }

    /// Every intent that is durable.
    pub fn intents(&self) -> Vec<Intent> {
        let facts = self.records().into_iter().map(|record| record.fact);
        facts.filter_map(|fact| if let Fact::Intent(intent) = fact { Some(*intent) } else { None }).collect()
    }

    /// The store as a program started now reads it.
    pub fn read(&self) -> Store {
        let mut store = Store::default();
        store.catch_up(&mut *self.0.lock().unwrap()).unwrap();
        store
    }

    /// Does the jobs that come, until nobody can give one any more.
    pub async fn serve(
        self,
        session: u32,
        clock: Clock,
        mut jobs: mpsc::UnboundedReceiver<Job>,
        events: mpsc::Sender<Event>,
    ) {
        let mut store = Store::default();
        while let Some(job) = jobs.recv().await {
            tokio::time::sleep(SYNC).await;
            let event = self.perform(&mut store, session, clock, job);
            if let Some(event) = event {
                let _ = events.send(event).await;
            }
        }
    }

    fn perform(&self, store: &mut Store, session: u32, clock: Clock, job: Job) -> Option<Event> {
        let medium = &mut *self.0.lock().unwrap();
        store.catch_up(medium).unwrap();
        let name = format!("s{session}");
        let writer = Writer { session: &name, pid: session, exchange: EXCHANGE };
        let written = |author: &Author| writer.written(author, clock.now().wall);
        match job {
            Job::Open(attempt, author, intent) => {
                let id = IntentId(u128::from(session) << 96 | u128::from(store.head().seq));
                let answer = ground::open(store, medium, written(&author), id, *intent);
                Some(Event::IntentAnswered { attempt, answer })
            }
            Job::Record(author, fact) => store.record(medium, written(&author), fact).err().map(Event::JournalFailed),
            Job::Unresolved => Some(Event::UnresolvedRead(Ok(store.unresolved()))),
        }
    }
}
