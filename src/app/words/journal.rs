//! The words of the journal's commands: what its files say, in lines and tables. Texts of the journal are made inert here.

pub mod find;
pub mod list;
pub mod show;
mod table;
pub mod verify;
