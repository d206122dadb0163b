//! Every order of deliveries up to a bound: two consoles with armed dialogs on one ticket, up to two faults. Orders that lead
//! to the same world are gone into once and counted each.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::seeds::{say, setting};
use crate::world::{Delivery, World};

/// How cancels of the ticket go; the first is gone into deepest.
const FAULTS: [&str; 3] = ["{}", r#"{"code":101}"#, r#"{"silent":true}"#];
/// Crashes, losses, delays and meddling in one order, at the most.
const MOST_FAULTS: usize = 2;
/// Orders that need not wait for each other.
const SHARDS: u64 = 64;

/// A world, deliveries left, faults left.
type Place = (u64, usize, usize);

struct Explored {
    /// The number of orders from a place on.
    orders: Vec<Mutex<HashMap<Place, u128>>>,
    worlds: AtomicU64,
}

impl Explored {
    fn new() -> Self {
        Self { orders: (0..SHARDS).map(|_| Mutex::default()).collect(), worlds: AtomicU64::new(0) }
    }

    fn shard(&self, place: Place) -> &Mutex<HashMap<Place, u128>> {
        &self.orders[usize::try_from(place.0 % SHARDS).unwrap()]
    }

    /// How many orders there are from a world on.
    fn count(&self, world: &World, deliveries: usize, faults: usize, path: &mut Vec<Delivery>) -> u128 {
        if deliveries == 0 {
            return 1;
        }
        let place = (world.digest(), deliveries, faults);
        if let Some(orders) = self.shard(place).lock().unwrap().get(&place) {
            return *orders;
        }
        self.worlds.fetch_add(1, Ordering::Relaxed);
        let orders = steps(world, faults, path)
            .into_iter()
            .map(|step| {
                path.push(step.delivery.clone());
                let next = step.take(world, path);
                let orders = step.images * self.count(&next, deliveries - 1, faults - step.faults, path);
                path.pop();
                orders
            })
            .sum();
        self.shard(place).lock().unwrap().insert(place, orders);
        orders
    }
}

/// One way on from a world.
struct Step {
    delivery: Delivery,
    faults: usize,
    /// As long as the consoles are the same, the first to do anything is console 0, and each such order counts for its mirror
    /// image as well.
    images: u128,
}

impl Step {
    fn take(&self, world: &World, path: &[Delivery]) -> World {
        let mut next = world.clone();
        next.deliver(&self.delivery);
        if next.journal_length() != world.journal_length() {
            next.check_locks();
        }
        assert_kept(&next, path);
        next
    }
}

fn steps(world: &World, faults: usize, path: &[Delivery]) -> Vec<Step> {
    let is_mirrored = path.iter().all(|delivery| delivery.console().is_none());
    let step = |(delivery, is_fault): (Delivery, bool)| {
        let images = if is_mirrored && delivery.console().is_some() { 2 } else { 1 };
        let is_image = is_mirrored && delivery.console() == Some(1);
        (!is_image).then_some(Step { delivery, faults: usize::from(is_fault), images })
    };
    choices(world, faults).into_iter().filter_map(step).collect()
}

/// The orders of a world, gone into by two threads.
fn explore(world: &World, deliveries: usize) -> (u128, u64) {
    let explored = Explored::new();
    let beginnings: Vec<(Step, Step)> = steps(world, MOST_FAULTS, &[])
        .into_iter()
        .flat_map(|first| {
            let path = [first.delivery.clone()];
            let next = first.take(world, &path);
            let seconds = steps(&next, MOST_FAULTS - first.faults, &path);
            seconds.into_iter().map(move |second| (Step { delivery: first.delivery.clone(), ..first }, second))
        })
        .collect();
    let work = Mutex::new(beginnings.into_iter());
    let orders = std::thread::scope(|scope| {
        let run = || {
            let mut orders = 0;
            loop {
                let Some((first, second)) = work.lock().unwrap().next() else { return orders };
                let mut path = vec![first.delivery.clone(), second.delivery.clone()];
                let world = second.take(&first.take(world, &path[..1]), &path);
                let faults = MOST_FAULTS - first.faults - second.faults;
                orders += first.images * second.images * explored.count(&world, deliveries - 2, faults, &mut path);
            }
        };
        let threads = [scope.spawn(run), scope.spawn(run)];
        threads.into_iter().map(|thread| thread.join().expect("no promise is broken")).sum::<u128>()
    });
    (orders, explored.worlds.into_inner())
}

fn assert_kept(world: &World, path: &[Delivery]) {
    assert!(world.watch.broken().is_none(), "BROKEN PROMISE  {}\n{path:#?}", world.watch.broken().unwrap_or_default());
}

fn choices(world: &World, faults: usize) -> Vec<(Delivery, bool)> {
    // A new session's own questions are answered at once: 12 deliveries are to be about the cancel.
    let at_once = |delivery| match delivery {
        Delivery::Open(console) => Delivery::OpenAndSettle(console),
        other => other,
    };
    let mut found: Vec<(Delivery, bool)> =
        world.possible().into_iter().map(|delivery| (at_once(delivery), false)).collect();
    // Time that passes while something is under way is a delay, and a delay is a fault.
    let is_delay = !found.is_empty();
    for console in 0..world.desktops.len() {
        if world.is_armed(console) {
            found.push((Delivery::Keys { console, keys: "Enter".to_owned(), after_a_pause: false }, false));
        }
    }
    if !is_delay || faults > 0 {
        found.push((Delivery::PassToNext, is_delay));
    }
    if faults == 0 {
        return found;
    }
    for console in 0..world.desktops.len() {
        let (out, inward) = world.waiting(console);
        let mut fault = |delivery, is_possible: bool| found.extend(is_possible.then_some((delivery, true)));
        fault(Delivery::LoseOut(console), out > 0);
        fault(Delivery::LoseIn(console), inward > 0);
        fault(Delivery::TwiceIn(console), inward > 0);
        fault(Delivery::SwapIn(console), inward > 1);
        fault(Delivery::Cut { console, arrive: 0 }, world.has_link(console));
        fault(Delivery::Cut { console, arrive: 1 }, out > 0);
        fault(Delivery::Crash(console), true);
        fault(Delivery::NoSync(console), world.has_job(console));
        fault(Delivery::CrashInWrite { console, kept: 40 }, world.has_job(console));
    }
    found.push((Delivery::Meddle { nth: 0, status: "AdminCanceled" }, true));
    found.push((Delivery::Meddle { nth: 0, status: "Failed" }, true));
    found
}

#[test]
fn every_order_of_deliveries_up_to_the_bound_keeps_every_promise() {
    let deepest = usize::try_from(setting("EXPLORE_DELIVERIES").unwrap_or(5)).unwrap();
    for (nth, fault) in FAULTS.into_iter().enumerate() {
        let deliveries = if nth == 0 { deepest } else { deepest.min(9) };
        let (orders, worlds) = explore(&World::armed(fault), deliveries);
        say(&format!(
            "interleavings: {orders} orders of {deliveries} deliveries, {MOST_FAULTS} faults at the most, cancel {fault}: \
             {worlds} worlds"
        ));
        assert!(orders > 1);
    }
}
