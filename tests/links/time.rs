//! The clock of these tests: the runtime's, which stands still until nothing is left to do, and then jumps.

use std::time::Duration;

use crate::ground;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use withdraw_desk::domain::{Boot, Now};

/// Both clocks, from the start of a test on.
#[derive(Clone, Copy)]
pub struct Clock {
    start: Instant,
}

impl Clock {
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }

    pub fn now(self) -> Now {
        let passed = self.start.elapsed();
        Now { wall: first() + SignedDuration::try_from(passed).unwrap(), boot: Boot(ground::UPTIME + passed) }
    }

    /// How long the test runs, in its own time.
    pub fn passed(self) -> Duration {
        self.start.elapsed()
    }
}

/// When every test starts, UTC.
pub fn first() -> Timestamp {
    ground::start()
}

/// Runs a test on one thread, in its own time.
pub fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(test)
}
