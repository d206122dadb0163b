//! The clocks: the only place that reads them.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};

use crate::domain::{Boot, Now};

/// Both clocks, now.
pub fn now() -> Now {
    Now { wall: wall(), boot: boot() }
}

/// The wall clock, UTC; one that is set beyond all dates stands at the first or the last of them.
pub fn wall() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the wall clock")]
    let now = SystemTime::now();
    let beyond = if now < SystemTime::UNIX_EPOCH { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::try_from(now).unwrap_or(beyond)
}

/// The boot clock, which goes on while a laptop sleeps.
pub fn boot() -> Boot {
    let time = clock_gettime(ClockId::Boottime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanos = u32::try_from(time.tv_nsec).unwrap_or(0);
    Boot(Duration::new(seconds, nanos))
}
