//! The list as data, for every skin: what a row shows, in which columns, in which order, and which cancels are unresolved.
//! Pure: it asks the desk and changes nothing.

pub mod column;
pub mod filter;
pub mod ordered;
pub mod rows;
pub mod sort;
pub mod unresolved;

pub use super::desk::list::row;
