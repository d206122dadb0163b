//! Link tests with virtual time: the real link, the real loop without a screen and the real exchange run together on one
//! thread whose clock jumps to whatever is due next, over a network of bytes that fails when it is told to.
//!
//! - `network`: the bytes between them, and what goes wrong with them; `wire` takes them apart to frames.
//! - `console`: a desk at work, with its journal in memory and an operator who wants tickets canceled.
//! - `watch`: the promises, checked before every wait of the loop by what was seen on the wire and in the journal.
//! - `partitions`, `boundaries`, `limits`: failures by name. `lists`: long ones. `schedules`: seeded ones; `LINK_SCHEDULES` says how many, and
//!   `LINK_SEED=7 cargo test --test links seeded -- --nocapture` plays one again.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod boundaries;
mod console;
#[expect(dead_code, reason = "logins and keys go over the wire here")]
#[path = "../shared/world.rs"]
mod ground;
mod journal;
mod limits;
mod lists;
#[expect(dead_code, reason = "disks do not fail here")]
#[path = "../shared/memory.rs"]
mod memory;
mod network;
mod partitions;
#[path = "../shared/proofs.rs"]
mod proofs;
mod schedules;
#[path = "../shared/seeds.rs"]
mod seeds;
mod time;
mod watch;
mod wire;
