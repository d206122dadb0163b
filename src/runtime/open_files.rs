//! The number of files that this process may have open: raised where it is too low, since the libraries below stop the program
//! where they get none.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// A console on the demo's exchange has about thirty open; some come with the process.
pub const WANTED: u64 = 64;

/// Sees that enough files can be opened. The error is the number that may be, where it cannot be raised.
pub fn see_to() -> Result<(), u64> {
    let limit = getrlimit(Resource::Nofile);
    let Some(current) = limit.current.filter(|current| *current < WANTED) else { return Ok(()) };
    let raised = limit.maximum.map_or(WANTED, |maximum| maximum.min(WANTED));
    let set = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), ..limit });
    if set.is_ok() && raised >= WANTED { Ok(()) } else { Err(current) }
}
