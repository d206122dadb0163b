//! Words of `doctor`: what each check found, and how to mend it; a room for each room of checks. What several of them say stands
//! here.

pub mod certificate;
pub mod clocks;
pub mod configuration;
pub mod disk;
pub mod exchange;
pub mod identity;
pub mod journal;
pub mod log_out;
pub mod report;
pub mod session;
pub mod terminal;
pub mod tmux;

/// Mends a journal that cannot be used where it is.
pub const GIVE_JOURNAL: &str = "give --journal FILE";
/// Mends a journal that lies where others can touch it.
pub const GIVE_JOURNAL_OF_OUR_OWN: &str = "give --journal FILE in a directory of your own";
/// Mends a journal on a file system where a lock may mean nothing.
pub const GIVE_LOCAL_JOURNAL: &str = "give --journal FILE on a local disk";
/// Mends an answer that only the exchange can mend.
pub const ASK_THE_EXCHANGE: &str = "ask the exchange";

/// A call that was tried and has a good answer.
pub fn answered(call: &str) -> String {
    format!("{call} was asked, and answered")
}

/// A call that was tried and has none.
pub fn not_answered(call: &str, why: &str) -> String {
    format!("{call}: {why}")
}
