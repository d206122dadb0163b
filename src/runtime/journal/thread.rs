//! The journal on a thread of its own: an fsync must not block a key. Jobs are done in the order in which they were given.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use tokio::sync::mpsc;

use super::{JournalError, JournalStore};
use crate::app::Event;
use crate::app::effect::Author;
use crate::app::event::OpenAnswer;
use crate::app::words::journal::file as words;
use crate::domain::AttemptId;
use crate::journal::{Fact, Intent};

/// A job of the journal.
pub enum Job {
    /// Open an intent, and answer the attempt.
    Open(AttemptId, Author, Box<Intent>),
    /// Record a fact.
    Record(Author, Fact),
    /// Say what is open.
    Unresolved,
}

/// The thread, as the event loop holds it.
pub struct JournalThread {
    jobs: Option<Sender<Job>>,
    /// At the end: why the last record is missing, if one is.
    done: Receiver<Option<String>>,
}

/// A record waits for a lock that another process holds so many times; nothing was written meanwhile, so nothing is repeated.
const TRIES: u32 = 15;

/// The program ends after this long, whatever the disk does; an open intent then stands open at the next start.
const FINISH_LIMIT: Duration = Duration::from_secs(4);

impl JournalThread {
    /// Starts the thread. A journal that could not be opened fails every job, with its error.
    pub fn start(store: Result<Box<dyn JournalStore>, JournalError>, events: mpsc::Sender<Event>) -> Self {
        let (jobs, queue) = channel();
        let (end, done) = channel();
        std::thread::spawn(move || {
            let missing = run(store, &queue, &events);
            let _ = end.send(missing);
        });
        Self { jobs: Some(jobs), done }
    }

    /// Gives it a job; its result comes as an event.
    pub fn give(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // The thread ends only when this sender does.
            let _ = jobs.send(job);
        }
    }

    /// Waits until everything given is written, but not for a disk that hangs. An error says that something is missing.
    pub fn finish(mut self) -> Result<(), String> {
        self.jobs = None;
        let hangs = |_| Some(words::not_finished(FINISH_LIMIT.as_secs()));
        self.done.recv_timeout(FINISH_LIMIT).unwrap_or_else(hangs).map_or(Ok(()), Err)
    }
}

fn run(
    mut store: Result<Box<dyn JournalStore>, JournalError>,
    queue: &Receiver<Job>,
    events: &mpsc::Sender<Event>,
) -> Option<String> {
    let mut missing = None;
    while let Ok(job) = queue.recv() {
        let told: Vec<Event> = match &mut store {
            Ok(store) => {
                let done = perform(store.as_mut(), job);
                let is_broken = matches!(done, Some(Event::UnresolvedRead(Err(_))));
                // The intents before the bad line hold their tickets all the same.
                let known = is_broken.then(|| Event::UnresolvedRead(Ok(store.known())));
                store.notices().into_iter().map(Event::JournalNotice).chain(done).chain(known).collect()
            }
            Err(error) => vec![refuse(error, &job)],
        };
        for event in told {
            if let Event::JournalFailed(why) = &event {
                missing = Some(why.clone());
            }
            // While the event loop ends nobody listens any more, but what was given is still written.
            let _ = events.blocking_send(event);
        }
    }
    missing
}

fn perform(store: &mut dyn JournalStore, job: Job) -> Option<Event> {
    match job {
        Job::Open(attempt, author, intent) => {
            Some(Event::IntentAnswered { attempt, answer: store.open(&author, *intent) })
        }
        Job::Record(author, fact) => record(store, &author, &fact).err().map(|e| Event::JournalFailed(e.to_string())),
        Job::Unresolved => Some(match store.unresolved() {
            // The last answer stands; it is asked again with the next ping.
            Err(error) if error.is_passing => Event::JournalNotice(error.to_string()),
            answer => Event::UnresolvedRead(answer.map_err(|error| error.to_string())),
        }),
    }
}

fn record(store: &mut dyn JournalStore, author: &Author, fact: &Fact) -> Result<(), JournalError> {
    let mut recorded = store.record(author, fact.clone());
    for _ in 1..TRIES {
        match &recorded {
            Err(error) if error.is_passing => recorded = store.record(author, fact.clone()),
            _ => break,
        }
    }
    if let Err(error) = &recorded {
        // From here on the session is read-only, and says that this is missing: nothing may be written behind it.
        store.give_up(error);
    }
    recorded
}

fn refuse(error: &JournalError, job: &Job) -> Event {
    let why = error.to_string();
    match job {
        Job::Open(attempt, ..) => {
            Event::IntentAnswered { attempt: *attempt, answer: OpenAnswer::Failed { why, for_good: true } }
        }
        Job::Record(..) => Event::JournalFailed(why),
        Job::Unresolved => Event::UnresolvedRead(Err(why)),
    }
}
