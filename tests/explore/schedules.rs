//! Seeded schedules: each seed chooses the faults of the exchange, what the operators do, and what happens in which order.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};

use fastrand::Rng;

use crate::operator;
use crate::seeds::{say, setting};
use crate::world::{Delivery, World};

/// How a cancel of a ticket goes; the first is without a fault.
const FAULTS: [&str; 20] = [
    "{}",
    r#"{"delay-ms":1500,"settle-ms":2500}"#,
    r#"{"delay-ms":12000}"#,
    r#"{"delay-ms":12000,"acts":false}"#,
    r#"{"settle-ms":70000}"#,
    r#"{"acts":false}"#,
    r#"{"code":20}"#,
    r#"{"code":101}"#,
    r#"{"code":101,"acts":true}"#,
    r#"{"code":102}"#,
    r#"{"code":102,"acts":true}"#,
    r#"{"code":104}"#,
    r#"{"code":107,"acts":true}"#,
    r#"{"text":"Server is busy"}"#,
    r#"{"silent":true,"acts":false}"#,
    r#"{"silent":true,"acts":true}"#,
    r#"{"drop":true,"acts":true}"#,
    r#"{"becomes":"SystemProcessing"}"#,
    r#"{"payload":"{\"result\":true,\"errormsg\":null,\"errorcode\":100,\"detail\":null}"}"#,
    r#"{"acts":false,"second":"{\"result\":false,\"errormsg\":\"x\",\"errorcode\":101,\"detail\":null}"}"#,
];

/// Replies that a gateway may add: to a request that was answered, or late.
const OTHER_REPLIES: [&str; 6] = [
    r#"{"result":false,"errormsg":"Operation Failed","errorcode":101,"detail":null}"#,
    r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#,
    r#"{"result":"true","errormsg":null,"errorcode":0,"detail":null}"#,
    r#"{"result":true,"errorcode":0}"#,
    r#"{"result":false,"errormsg":"Not Authorized","errorcode":20,"detail":null}"#,
    "",
];

const STATUSES: [&str; 5] = ["AdminCanceled", "UserCanceled", "Failed", "Pending", "FullyProcessed"];

/// One schedule, and what became of it.
pub struct Played {
    pub deliveries: Vec<Delivery>,
    pub broken: Option<String>,
    pub cancels: usize,
    pub outcomes: BTreeMap<String, u64>,
}

/// Plays the schedule of a seed.
pub fn play(seed: u64, mut trace: impl FnMut(&Delivery, &World)) -> Played {
    let mut random = Rng::with_seed(seed);
    let faults: Vec<&str> = (0..random.usize(1..=3)).map(|_| FAULTS[random.usize(..FAULTS.len())]).collect();
    let mut world = World::new(2, &faults);
    let mut deliveries = Vec::new();
    let length = random.usize(40..240);
    // Some schedules are calm: without faults a cancel must go through as well.
    let is_rough = random.u8(0..4) > 0;
    while deliveries.len() < length && world.watch.broken().is_none() {
        let delivery = choose(&world, &mut random, is_rough);
        trace(&delivery, &world);
        world.deliver(&delivery);
        deliveries.push(delivery);
    }
    if world.watch.broken().is_none() {
        world.check_locks();
    }
    if world.watch.broken().is_none() {
        world.finish();
    }
    Played {
        deliveries,
        broken: world.watch.broken().map(str::to_owned),
        cancels: world.watch.cancels(),
        outcomes: world.watch.outcomes(),
    }
}

fn choose(world: &World, random: &mut Rng, is_rough: bool) -> Delivery {
    let at = random.usize(..world.desktops.len());
    let possible = world.possible();
    match random.u8(0..100) {
        0..50 if !possible.is_empty() => possible[random.usize(..possible.len())].clone(),
        0..80 => operator::next(at, &world.desktops[at].state, random).unwrap_or(Delivery::Pass(50)),
        80..84 => Delivery::PassToNext,
        84..88 => Delivery::Pass([20, 300, 1_000, 3_000, 6_000, 11_000, 16_000, 61_000, 900_000][random.usize(..9)]),
        // Follow times end.
        88..91 if world.is_following(at) => Delivery::Pass(71_000),
        91..93 => operator::storm(at, random),
        93..96 => Delivery::Order { console: at, order: operator::unseen(world.tickets(), random) },
        _ if is_rough => fault(world, at, random),
        _ => Delivery::PassToNext,
    }
}

fn fault(world: &World, at: usize, random: &mut Rng) -> Delivery {
    match random.u8(0..28) {
        0 => Delivery::LoseOut(at),
        1 => Delivery::LoseIn(at),
        2 => Delivery::TwiceIn(at),
        3 => Delivery::SwapOut(at),
        4 => Delivery::SwapIn(at),
        5..8 => Delivery::Cut { console: at, arrive: random.usize(0..3) },
        8..10 => Delivery::Crash(at),
        10 => Delivery::CrashInWrite { console: at, kept: random.usize(0..900) },
        11 => Delivery::PowerLoss,
        12 if world.has_job(at) => Delivery::DiskFull { console: at, room: random.usize(0..900) },
        13 | 14 if world.has_job(at) => Delivery::NoSync(at),
        15..19 => {
            Delivery::Meddle { nth: random.usize(..world.tickets()), status: STATUSES[random.usize(..STATUSES.len())] }
        }
        19 if random.bool() => Delivery::Submitted(random.usize(..world.tickets())),
        19 => Delivery::Transaction(random.usize(..world.tickets())),
        20 => Delivery::EventWithOurNumber(at),
        21 => Delivery::OldLink(at),
        22 => Delivery::OtherReply { console: at, payload: OTHER_REPLIES[random.usize(..OTHER_REPLIES.len())] },
        23 => Delivery::SetClock([-4, 3, 3_600][random.usize(..3)]),
        24 => Delivery::Paste(at),
        25 | 26 => Delivery::Resize(at),
        _ => Delivery::Interrupt(at),
    }
}

/// A promise that was broken, and how to see it again.
fn report(seed: u64, played: &Played) -> String {
    let steps: Vec<String> =
        played.deliveries.iter().enumerate().map(|(at, step)| format!("{at:>4}  {step:?}")).collect();
    let steps = steps[steps.len().saturating_sub(30)..].join("\n");
    format!(
        "BROKEN PROMISE  {}\nthe last deliveries:\n{steps}\nagain: EXPLORE_SEED={seed} cargo test --test explore seeded -- --nocapture",
        played.broken.as_deref().unwrap_or("none")
    )
}

#[test]
fn seeded_schedules_keep_every_promise() {
    if let Some(seed) = setting("EXPLORE_SEED") {
        let played = play(seed, |delivery, world| say(&format!("{}  {delivery:?}", world.now.boot.0.as_millis())));
        say(&format!("{:?}", played.outcomes));
        assert!(played.broken.is_none(), "{}", report(seed, &played));
        return;
    }
    let wanted = setting("EXPLORE_SCHEDULES").unwrap_or(2_000);
    let (mut distinct, mut outcomes, mut cancels, mut seed) = (HashSet::new(), BTreeMap::new(), 0, 0);
    while u64::try_from(distinct.len()).unwrap() < wanted {
        let played = catch_unwind(AssertUnwindSafe(|| play(seed, |_, _| {}))).unwrap_or_else(|_| {
            panic!("seed {seed} stopped the program; again: EXPLORE_SEED={seed} cargo test --test explore")
        });
        assert!(played.broken.is_none(), "{}", report(seed, &played));
        let mut hasher = DefaultHasher::new();
        played.deliveries.hash(&mut hasher);
        distinct.insert(hasher.finish());
        cancels += played.cancels;
        for (outcome, count) in played.outcomes {
            *outcomes.entry(outcome).or_insert(0) += count;
        }
        seed += 1;
    }
    let count = distinct.len();
    say(&format!("schedules: {count} distinct of {seed} played, {cancels} cancels sent, outcomes {outcomes:?}"));
    // An exploration that never gets there proves nothing.
    for outcome in ["Verified", "Moved", "Refused", "NotSent", "AcceptedNotMoved", "Unknown"] {
        assert!(wanted < 1_000 || outcomes.contains_key(outcome), "no schedule ended in {outcome}");
    }
}
