//! What was done, as data: the records of the append-only journal and what follows from them.
//!
//! Pure: [`record`] is the line, [`ledger`] is what is open and who holds which ticket. Writing, locking and fsync are the
//! runtime's (`runtime::journal_file`), behind four operations: open, record, unresolved, read.

pub mod ledger;
pub mod record;

pub use ledger::{Ledger, Unresolved};
pub use record::{Fact, Intent, Record, Stamp};
