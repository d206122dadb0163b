//! Fault exploration: the real `update`, the real journal store and the real effects against the pure exchange, with every
//! delivery chosen by a schedule. After each delivery the promises are checked (`promises`), by what was seen on the wire and
//! in the journal alone.
//!
//! - `interleavings`: every order of deliveries up to a bound, with up to two faults.
//! - `schedules`: seeded schedules beyond it. `EXPLORE_SEED=7 cargo test --test explore` plays one again, delivery by delivery.
//!
//! `EXPLORE_SCHEDULES` and `EXPLORE_DELIVERIES` set how much; `.ci/run` explores far more than `cargo test` does.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on must stop")]

#[path = "../shared/world.rs"]
mod ground;
mod interleavings;
#[path = "../shared/memory.rs"]
mod memory;
mod operator;
mod promises;
#[path = "../shared/proofs.rs"]
mod proofs;
mod schedules;
#[path = "../shared/seeds.rs"]
mod seeds;
mod shared;
mod world;
