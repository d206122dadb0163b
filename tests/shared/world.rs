//! The ground on which every world of the tests stands, whether it delivers at once, by a schedule, or over a simulated network: when
//! it begins, how its clock moves, who writes to its journal, how an intent is opened and a login made, and which keys a name means.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use withdraw_desk::app::console::key::Key;
use withdraw_desk::app::effect::Author;
use withdraw_desk::app::event::OpenAnswer;
use withdraw_desk::domain::{Boot, CallId, IntentId, Now};
use withdraw_desk::journal::store::{Claim, Written};
use withdraw_desk::journal::{Intent, Stamp, Store};
use withdraw_desk::protocol::Frame;
use withdraw_desk::protocol::rpc::authenticate_user::{self, Credentials, LoggedIn};
use withdraw_desk::simulator::exchange::Deed;
use withdraw_desk::simulator::{Exchange, login};

use crate::memory::Memory;

pub const EXCHANGE: &str = "gateway.example.com";
/// The boot clock at the start; anything but zero.
pub const UPTIME: Duration = Duration::from_secs(5_000);
const START: &str = "2026-11-22T08:30:00Z";

/// When every world begins.
pub fn start() -> Timestamp {
    START.parse().unwrap()
}

/// Both clocks when it begins.
pub fn first() -> Now {
    Now { wall: start(), boot: Boot(UPTIME) }
}

/// Both clocks, moved on until the boot clock shows this.
pub fn moved_to(now: Now, boot: Boot) -> Now {
    let passed = SignedDuration::try_from(boot.since(now.boot)).unwrap();
    Now { wall: now.wall.checked_add(passed).unwrap(), boot }
}

/// When the boot clock shows what the wall clock will show then.
pub fn boot_of(now: Now, wall: Timestamp) -> Boot {
    Duration::try_from(wall.duration_since(now.wall)).map_or(now.boot, |ahead| now.boot + ahead)
}

/// Who writes a record.
pub struct Writer<'a> {
    pub session: &'a str,
    pub pid: u32,
    pub exchange: &'a str,
}

impl Writer<'_> {
    /// A record of his, by this author, at this time.
    pub fn written(&self, author: &Author, at: Timestamp) -> Written {
        let by = Stamp {
            chain: "c0".to_owned(),
            session: self.session.to_owned(),
            host: "desk1".to_owned(),
            pid: self.pid,
            version: "0.1.0".to_owned(),
            exchange: self.exchange.to_owned(),
            oms: author.oms.map(|oms| oms.0),
            operator: author.operator.clone(),
        };
        Written { by, at }
    }
}

/// The journal's answer to an intent, as the real store gives it over memory.
pub fn open(store: &mut Store, medium: &mut Memory, written: Written, id: IntentId, intent: Intent) -> OpenAnswer {
    let claim = store.catch_up(medium).and_then(|()| store.open(medium, written, id, intent));
    match claim {
        Ok(Claim::Opened(durable)) => OpenAnswer::Opened(durable),
        Ok(Claim::HeldBy(holder)) => OpenAnswer::HeldBy(holder),
        Err(why) => OpenAnswer::Failed { why, for_good: store.failed().is_some() },
    }
}

/// Logs a client in at an exchange that has nothing else to say, by the printed password.
pub fn log_in(exchange: &mut Exchange, client: u64, id: CallId, at: Timestamp) -> LoggedIn {
    let credentials = Credentials::by_password(login::USERNAME, login::PASSWORD);
    exchange.receive(client, &authenticate_user::frame(id, &credentials, "1").encode(), at);
    let replies = exchange.take_due(at);
    let Some(Deed::Send(_, text)) = replies.last() else { panic!("the exchange answers a login") };
    authenticate_user::parse(&Frame::decode(text).unwrap()).unwrap()
}

/// Keys by name, with blanks between them. Digits and letters may stand together.
pub fn keys(names: &str) -> Vec<Key> {
    let keys_of = |name: &str| name.parse().map_or_else(|_| name.chars().map(Key::Char).collect(), |key| vec![key]);
    names.split(' ').filter(|name| !name.is_empty()).flat_map(keys_of).collect()
}
