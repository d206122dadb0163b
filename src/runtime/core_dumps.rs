//! No core dumps: the memory of this process holds passwords, and a dump would keep them in a file.

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::app::words::start;
use crate::domain::text::said_by_the_system;

/// From now on neither the kernel nor a debugger of the same user takes a picture of this process. The error is a sentence.
pub fn forbid() -> Result<(), String> {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    setrlimit(Resource::Core, none).map_err(words)?;
    // With a handler of core dumps that is a program, the limit alone does not count.
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable).map_err(words)?;
    Ok(())
}

fn words(error: rustix::io::Errno) -> String {
    start::core_dumps(&said_by_the_system(&error.to_string()))
}
