//! Who does it: the imperative shell, the only room with tokio, sockets, files, clocks and the terminal.
//!
//! Everything from outside becomes an [`crate::app::Event`] on one queue; [`event_loop`] hands it to `update` and draws;
//! [`perform`] carries out what `update` ordered, and reports the result as a later event.

pub mod access;
mod asking;
pub mod clock;
mod codes;
pub mod core_dumps;
mod drive;
pub mod ending;
pub mod event_loop;
pub mod fault;
pub mod file_system;
pub mod gateway;
pub mod headless;
mod hiding;
pub mod input;
pub mod journal_file;
pub mod journal_heads;
pub mod journal_medium;
pub mod journal_reader;
pub mod journal_thread;
pub mod key_bytes;
mod link;
mod login;
pub mod output;
pub mod outside;
pub mod perform;
pub mod probe;
pub mod prompt;
pub mod random;
pub mod screen;
pub mod secret_command;
pub mod signals;
pub mod terminal;
pub mod tls;
pub mod transport;
mod websocket;
