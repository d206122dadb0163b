//! A console without a screen at work, on the real loop over the real link; with an operator who acts now and then.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fastrand::Rng;
use secrecy::SecretString;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use withdraw_desk::app::desk::cancels::attempt::{Confirmation, Owner, Stage};
use withdraw_desk::app::desk::news::News;
use withdraw_desk::app::desk::order::{Lacking, Order};
use withdraw_desk::app::desk::settings::{Limits, Settings};
use withdraw_desk::app::event::Interruption;
use withdraw_desk::app::{Desk, Effect, Event};
use withdraw_desk::domain::{Boot, Change, Now, Outcome, Secret, TicketNumber, TypedSecret};
use withdraw_desk::journal::Fact;
use withdraw_desk::protocol::Target;
use withdraw_desk::protocol::rpc::authenticate_user::Credentials;
use withdraw_desk::runtime::access::Access;
use withdraw_desk::runtime::gateway::Gateway;
use withdraw_desk::runtime::headless::{self, Ended, Skin};
use withdraw_desk::runtime::journal::thread::Job;
use withdraw_desk::runtime::perform::{Perform, Performed};
use withdraw_desk::simulator::{Book, Exchange, Script, Simulator, login};

use crate::journal::{Disk, EXCHANGE};
use crate::network::Network;
use crate::proofs::permit;
use crate::time::{Clock, first};
use crate::watch::Watch;

/// Facts that may wait for the loop, as in the program.
const WAITING: usize = 1_024;
/// At least so many tickets failed.
const FAILED: usize = 8;
/// On no list.
const NO_TICKET: TicketNumber = TicketNumber(1);
/// The code of the second factor.
const CODE: &str = "235991";
/// An operator looks at the screen this often.
const LOOK: Duration = Duration::from_millis(250);
/// Reading why a login was refused takes an operator so long.
const READS_WHY: Duration = Duration::from_secs(5);
/// The link may take so long to end, beside what it is allowed.
pub const QUIT_LIMIT: Duration = Duration::from_millis(105);
/// A wait that has no end is given up after so long, and told.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long an interrupted console reads on.
const READ_ON: Duration = Duration::from_secs(8);

/// An exchange, the network to it, and a desk with a journal, at which one console after the other is started.
pub struct Office {
    pub clock: Clock,
    pub network: Network,
    pub exchange: Simulator,
    pub disk: Disk,
    pub watch: Arc<Mutex<Watch>>,
    pub limits: Limits,
    /// Of the waits for another link.
    pub seed: u64,
    /// How many there will have been.
    tickets: u64,
    sessions: u32,
}

impl Office {
    /// With so many tickets; the cancels of the failed ones misbehave as the faults say, the newest first.
    pub fn new(tickets: u64, faults: &[&str]) -> Self {
        let clock = Clock::start();
        let has_enough = |book: &Book| book.failed(FAILED).is_some();
        let book = (1..1_000).map(|seed| Book::new(seed, tickets, first())).find(has_enough).unwrap();
        let cases: Vec<String> = (1..)
            .zip(faults)
            .map(|(nth, fault)| format!(r#"{{"name":"{nth}","failed":{nth},"fault":{fault}}}"#))
            .collect();
        let script = Script::parse(&format!(r#"{{"about":"","cancels":[{}]}}"#, cases.join(",")), &book).unwrap();
        Self::at(clock, Exchange::new(book, script), Limits { page_size: 20, ..Limits::default() }, tickets)
    }

    /// With so many tickets, and so many that arrive, at an exchange that conducts itself like this; pages are large.
    pub fn with_list(tickets: u64, arrivals: u64, conduct: &str) -> Self {
        let clock = Clock::start();
        let book = Book::new(1, tickets, first());
        let script = Script::parse(&format!(r#"{{"about":"","exchange":{conduct}}}"#), &book).unwrap();
        // However old they are.
        let limits = Limits { scan_depth: Duration::from_secs(100 * 365 * 86_400), ..Limits::default() };
        Self::at(clock, Exchange::new(book, script), limits, tickets + arrivals)
    }

    fn at(clock: Clock, exchange: Exchange, limits: Limits, tickets: u64) -> Self {
        let exchange = Simulator::in_memory(exchange, clock.now().wall);
        let network = Network::new(exchange.clone(), clock);
        let disk = Disk::default();
        let watch = Arc::new(Mutex::new(Watch::new(network.clone(), disk.clone())));
        Self { clock, network, exchange, disk, watch, limits, seed: 7, tickets, sessions: 0 }
    }

    /// Runs one console until `step` breaks, or it ends by itself. Every promise is checked before each wait.
    pub async fn sit(&mut self, mut step: impl FnMut(&Desk, Now) -> Step) -> (Desk, Ended<()>) {
        self.sit_until(None, &mut step).await
    }

    /// Runs a console with its operator; at the given time it is told to end by a signal.
    pub async fn sit_until(
        &mut self,
        signal: Option<Boot>,
        step: &mut impl FnMut(&Desk, Now) -> Step,
    ) -> (Desk, Ended<()>) {
        self.sessions += 1;
        let (clock, watch, limits) = (self.clock, self.watch.clone(), self.limits.clone());
        watch.lock().unwrap().begin(self.sessions);
        let (events, told) = mpsc::channel(1);
        let (hear, mut facts) = mpsc::channel(WAITING);
        let (jobs, queue) = mpsc::unbounded_channel();
        let relay = tokio::spawn(relay(told, hear, watch.clone(), clock));
        let journal = tokio::spawn(self.disk.clone().serve(self.sessions, clock, queue, events.clone()));
        let looks = tokio::spawn(look(events.clone(), clock, signal));
        let credentials = Credentials::Password {
            username: login::USERNAME.to_owned(),
            password: login::PASSWORD.into(),
            code: Secret::Prompt,
        };
        let target = Target::parse(&format!("ws://{EXCHANGE}/WSGateway/")).unwrap();
        let access = Access { target, credentials, dial: Arc::new(self.network.clone()) };
        let gateway = Gateway::on(Handle::current(), access, events);
        let (session, network) = (self.sessions, self.network.clone());
        let mut hands = Hands { gateway, jobs, watch: watch.clone(), network, session, clock };
        let mut desk = Desk::new(settings(limits, self.seed));
        hands.give(Job::Record(desk.author(), Fact::Opened));
        let mut person = Person { watch: watch.clone(), step };
        let ended = headless::run(&mut desk, &mut person, &mut hands, &mut facts, || clock.now(), |_| {}).await;
        let end = clock.passed();
        drop(facts);
        let _ = tokio::time::timeout(PATIENCE, hands.gateway.finish()).await;
        let took = clock.passed().saturating_sub(end);
        assert!(took <= QUIT_LIMIT, "BROKEN PROMISE  quit waited {took:?} for the gateway");
        if let (Ended::ByDesk(_), Some(signal)) = (ended, signal) {
            let took = clock.now().boot.since(signal);
            assert!(took <= READ_ON + QUIT_LIMIT + LOOK, "BROKEN PROMISE  the end after a signal took {took:?}");
        }
        hands.give(Job::Record(desk.author(), Fact::Closed));
        drop(hands);
        looks.abort();
        journal.await.unwrap();
        relay.abort();
        watch.lock().unwrap().check_wire();
        (desk, ended)
    }

    /// Runs one console for a while, whose operator wants one ticket canceled, once. `see` looks on.
    pub async fn work(&mut self, ticket: TicketNumber, seconds: u64, mut see: impl FnMut(&Desk, Now)) -> Desk {
        let mut clerk = Clerk::wanting(ticket);
        let end = self.clock.now().boot + Duration::from_secs(seconds);
        let step = |desk: &Desk, now: Now| {
            see(desk, now);
            if now.boot >= end { ControlFlow::Break(()) } else { ControlFlow::Continue(clerk.act(desk, now)) }
        };
        self.sit(step).await.0
    }

    /// Runs a console without an operator.
    pub async fn idle(&mut self, seconds: u64, see: impl FnMut(&Desk, Now)) -> Desk {
        self.work(NO_TICKET, seconds, see).await
    }

    /// Something happens to the network so many seconds from now.
    pub fn after(&self, seconds: u64, change: impl FnOnce(&Network) + Send + 'static) {
        let network = self.network.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            change(&network);
        });
    }

    /// How many cancel frames arrived at the exchange, and how many were put on the wire.
    pub async fn cancel_frames(&self) -> (usize, usize) {
        (self.ask(|exchange| exchange.all_cancel_frames()).await, self.watch.lock().unwrap().frames())
    }

    /// Asks the exchange.
    pub async fn ask<T: Send + 'static>(&self, ask: impl FnOnce(&mut Exchange) -> T + Send + 'static) -> T {
        self.exchange.with(|exchange, _| ask(exchange)).await.unwrap()
    }

    /// After a time without faults, at the end of a console: everything has come to its end, and is right.
    pub async fn check_rest(&self, desk: &Desk) {
        let now = self.clock.now();
        let (canceled, failed) = (self.of_status("AdminCanceled").await, self.of_status("Failed").await);
        self.watch.lock().unwrap().check_rest(desk, now, &canceled, &failed);
    }

    /// The tickets that the exchange has in a status.
    pub async fn of_status(&self, status: &'static str) -> BTreeSet<u64> {
        let numbers = 90_001..=90_000 + self.tickets;
        self.ask(move |exchange| numbers.filter(|number| exchange.status(*number) == Some(status)).collect()).await
    }

    /// The n-th failed ticket, the newest first.
    pub async fn failed(&self, nth: usize) -> TicketNumber {
        TicketNumber(self.ask(move |exchange| exchange.failed(nth)).await.unwrap())
    }
}

fn settings(limits: Limits, seed: u64) -> Settings {
    Settings { permit: permit(), seed, limits, ..Settings::of(EXCHANGE, "test") }
}

/// The watch sees what comes from outside before the loop takes it in; a loop that is behind holds it up.
async fn relay(mut told: mpsc::Receiver<Event>, hear: mpsc::Sender<Event>, watch: Arc<Mutex<Watch>>, clock: Clock) {
    while let Some(event) = told.recv().await {
        watch.lock().unwrap().heard(&event, clock.now());
        if hear.send(event).await.is_err() {
            // The console is gone; whoever still says something must not wait.
            while told.recv().await.is_some() {}
        }
    }
}

/// An operator who looks at the screen; that alone changes nothing.
async fn look(events: mpsc::Sender<Event>, clock: Clock, mut signal: Option<Boot>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let now = clock.now().boot;
        let event = match signal.take_if(|at| *at <= now) {
            Some(_) => Event::Interrupted(Interruption::Signal(15)),
            None => Event::PressedUnseen,
        };
        if events.send(event).await.is_err() {
            return;
        }
    }
}

/// Done, or perhaps an order.
pub type Step = ControlFlow<(), Option<Order>>;

/// Somebody who looks at the desk like a person at a screen, and orders what `step` says.
struct Person<'a, F> {
    watch: Arc<Mutex<Watch>>,
    step: &'a mut F,
}

impl<F: FnMut(&Desk, Now) -> Step> Skin for Person<'_, F> {
    type Done = ();

    fn hear(&mut self, _: &News, _: &Desk, _: Now) -> ControlFlow<(), Vec<Order>> {
        ControlFlow::Continue(Vec::new())
    }

    fn look(&mut self, desk: &Desk, now: Now) -> ControlFlow<(), Vec<Order>> {
        self.watch.lock().unwrap().check(desk, now);
        let order = match (self.step)(desk, now) {
            ControlFlow::Continue(order) => order,
            ControlFlow::Break(()) => return ControlFlow::Break(()),
        };
        if order == Some(Order::Connect) && !desk.link().is_open() {
            self.watch.lock().unwrap().want_link();
        }
        ControlFlow::Continue(order.into_iter().collect())
    }

    fn refused(&mut self, _: &Lacking, _: &Desk, _: Now) -> ControlFlow<(), Vec<Order>> {
        ControlFlow::Continue(Vec::new())
    }
}

/// Performs what the program's performer does, with the journal of the test.
struct Hands {
    gateway: Gateway,
    jobs: mpsc::UnboundedSender<Job>,
    watch: Arc<Mutex<Watch>>,
    network: Network,
    session: u32,
    clock: Clock,
}

impl Hands {
    fn give(&self, job: Job) {
        self.jobs.send(job).unwrap_or_else(|_| panic!("the journal ended before the console"));
    }
}

impl Perform for Hands {
    fn perform(&mut self, effect: Effect) -> Performed {
        self.watch.lock().unwrap().ordered(&effect, self.clock.now());
        match effect {
            Effect::Connect { connection, login } => {
                self.network.opens(self.session, connection);
                self.gateway.open(connection, login);
            }
            Effect::Disconnect { connection } => self.gateway.close(connection),
            Effect::SendRead { connection, frame } => self.gateway.send_read(connection, frame),
            Effect::SendCancel { connection, intent, order } => {
                return Performed::Happened(match self.gateway.send_cancel(connection, order) {
                    Ok(()) => Event::CancelHanded { intent },
                    Err(why) => Event::CancelNotHanded { intent, why },
                });
            }
            Effect::OpenIntent { attempt, author, intent } => self.give(Job::Open(attempt, author, intent)),
            Effect::Record { author, fact } => self.give(Job::Record(author, fact)),
            Effect::ReadUnresolved => self.give(Job::Unresolved),
            Effect::Suspend | Effect::GiveBackTerminal { .. } => {}
            Effect::GiveSecret { connection, secret } => self.gateway.give(connection, &secret),
            Effect::Validate { connection, id } => self.gateway.validate(connection, id),
            Effect::Quit(exit) => return Performed::Quit(exit),
        }
        Performed::Started
    }
}

/// An operator who wants tickets canceled, and looks again when something went wrong.
pub struct Clerk {
    random: Rng,
    next: Boot,
    /// The one ticket to cancel, once; `None` for any.
    wanted: Option<TicketNumber>,
}

impl Clerk {
    /// Wants one ticket canceled.
    pub fn wanting(ticket: TicketNumber) -> Self {
        Self { random: Rng::with_seed(0), next: Boot::default(), wanted: Some(ticket) }
    }

    /// Does this and that.
    pub fn restless(seed: u64) -> Self {
        Self { random: Rng::with_seed(seed), next: Boot::default(), wanted: None }
    }

    /// A login that is not tried again by itself is, once the operator has read why.
    pub fn try_again(desk: &Desk, now: Now) -> Option<Order> {
        if desk.link().refused_for(now).is_some_and(|since| since >= READS_WHY) { Some(Order::Connect) } else { None }
    }

    /// The operator's next deed.
    pub fn act(&mut self, desk: &Desk, now: Now) -> Option<Order> {
        if now.boot < self.next {
            return None;
        }
        let pause = if self.wanted.is_some() { 400 } else { self.random.u64(300..4_000) };
        self.next = now.boot + Duration::from_millis(pause);
        if desk.link().asking().is_some() {
            return self.answer();
        }
        if desk.link().refused_for(now).is_some() {
            return Self::try_again(desk, now);
        }
        match self.wanted {
            Some(ticket) if has_sent(desk, ticket) => None,
            Some(ticket) => next_step(desk, ticket),
            None => self.fumble(desk),
        }
    }

    /// Whatever the program cannot do without the operator, and nothing else.
    pub fn help(desk: &Desk, now: Now) -> Option<Order> {
        if desk.link().asking().is_some() { Some(Order::GiveSecret(typed(CODE))) } else { Self::try_again(desk, now) }
    }

    fn answer(&mut self) -> Option<Order> {
        match self.random.u8(0..8) {
            0 => Some(Order::WithholdSecret("the operator went on without it".to_owned())),
            1 => Some(Order::GiveSecret(typed("000000"))),
            2 => None,
            _ => Some(Order::GiveSecret(typed(CODE))),
        }
    }

    fn fumble(&mut self, desk: &Desk) -> Option<Order> {
        match self.random.u8(0..16) {
            0 => return Some(Order::Reload),
            1 => return Some(Order::Keep),
            2 => return desk.cancels().all().next().map(|cancellation| Order::ReadNow(cancellation.intent)),
            3 => return None,
            _ => {}
        }
        let row = self.random.usize(..desk.list().tickets().rows().max(1));
        let ticket =
            desk.cancels().attempt().map(|attempt| attempt.ticket).or_else(|| desk.list().tickets().numbers().nth(row));
        ticket.and_then(|ticket| next_step(desk, ticket))
    }
}

fn typed(text: &str) -> TypedSecret {
    TypedSecret::from(&SecretString::from(text))
}

/// True once a cancel of the ticket was sent, so that the rest is waiting.
pub fn has_sent(desk: &Desk, ticket: TicketNumber) -> bool {
    let sent = |outcome: Option<Outcome>| outcome != Some(Outcome::NotSent);
    desk.cancels().all().any(|cancellation| cancellation.ticket() == ticket && sent(cancellation.outcome))
}

/// Choose, confirm, and away with what is over.
fn next_step(desk: &Desk, ticket: TicketNumber) -> Option<Order> {
    match desk.cancels().attempt().map(|attempt| &attempt.stage) {
        None if desk.list().tickets().get(ticket).is_some() => {
            Some(Order::Choose { ticket, change: Change::Cancel, owner: Owner::Dialog })
        }
        Some(Stage::Shown(fresh)) => {
            Some(Order::Confirm(Confirmation { number: fresh.ticket.number.to_string(), ..Confirmation::default() }))
        }
        None | Some(Stage::Reading | Stage::Confirming(..) | Stage::Opening(_)) => None,
    }
}
