//! The journal as data: the records of what was done, append-only, and what follows from them.
//!
//! Pure: [`record`] is the line, [`seal`] and [`chain`] what links it to the one before, [`ledger`] what is open and who holds which
//! ticket, [`store`] the four operations (open, record, unresolved, read) over any [`store::Medium`]. [`verify`] checks whole
//! files and names the first bad line, with [`heads`] that were kept elsewhere; [`history`] is the story of each intent. The
//! file with its lock and fsync is the runtime's (`runtime::journal`).

pub mod chain;
pub mod durable;
pub mod heads;
pub mod history;
pub mod ledger;
pub mod place;
pub mod record;
pub mod seal;
pub mod settings;
pub mod store;
pub mod verify;

pub use history::{History, Story};
pub use ledger::{Ledger, Unresolved};
pub use place::JournalPlace;
pub use record::{Fact, Intent, Record, Stamp};
pub use settings::JournalSettings;
pub use store::Store;
pub use verify::Checker;
