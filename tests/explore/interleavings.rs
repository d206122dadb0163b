//! Every order of deliveries up to a bound: two consoles with armed dialogs on one ticket, up to two faults. Orders that lead
//! to the same world are gone into once and counted each.

use std::collections::HashMap;

use crate::world::{Delivery, World};
use crate::{say, setting};

/// How cancels of the ticket go, one world each.
const FAULTS: [&str; 3] = ["{}", r#"{"code":101}"#, r#"{"silent":true}"#];

struct Explored {
    /// By world, deliveries left and faults left: the number of orders from there.
    orders: HashMap<(u64, usize, usize), u128>,
    worlds: u64,
}

impl Explored {
    /// How many orders there are from a world on. As long as the consoles are the same, the first to do anything is console 0,
    /// and each such order counts for its mirror image as well.
    fn count(&mut self, world: &World, deliveries: usize, faults: usize, path: &mut Vec<Delivery>) -> u128 {
        if deliveries == 0 {
            let mut world = world.clone();
            world.check_locks();
            assert_kept(&world, path);
            return 1;
        }
        let key = (world.digest(), deliveries, faults);
        if let Some(orders) = self.orders.get(&key) {
            return *orders;
        }
        self.worlds += 1;
        let mut orders = 0;
        let is_mirrored = path.iter().all(|delivery| delivery.console().is_none());
        for (delivery, is_fault) in choices(world, faults) {
            let console = delivery.console().filter(|_| is_mirrored);
            if console == Some(1) {
                continue;
            }
            let mut next = world.clone();
            next.deliver(&delivery);
            path.push(delivery);
            assert_kept(&next, path);
            let images = if console.is_some() { 2 } else { 1 };
            orders += images * self.count(&next, deliveries - 1, faults - usize::from(is_fault), path);
            path.pop();
        }
        self.orders.insert(key, orders);
        orders
    }
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
    let deliveries = usize::try_from(setting("EXPLORE_DELIVERIES").unwrap_or(5)).unwrap();
    let faults = 2;
    for fault in FAULTS {
        let world = World::armed(fault);
        let mut explored = Explored { orders: HashMap::new(), worlds: 0 };
        let orders = explored.count(&world, deliveries, faults, &mut Vec::new());
        let worlds = explored.worlds;
        say(&format!(
            "interleavings: {orders} orders of {deliveries} deliveries, {faults} faults at the most, cancel {fault}: {worlds} worlds"
        ));
        assert!(orders > 1);
    }
}
