//! Who does it: the imperative shell, the only room with tokio, sockets, files, clocks and the terminal.
//!
//! Everything from outside becomes an [`crate::app::Event`] on one queue; [`event_loop`] hands it to `update` and draws;
//! [`perform`] carries out what `update` ordered, and reports the result as a later event.

pub mod access;
mod asker;
pub mod clock;
pub mod clock_set;
pub mod core_dumps;
pub mod demo_journals;
mod drive;
pub mod event_loop;
pub mod fault;
pub mod file_system;
pub mod forced_end;
pub mod gateway;
mod handshake;
pub mod headless;
pub mod input;
pub mod journal;
pub mod key_bytes;
mod keyring;
mod link_task;
mod login;
mod moment;
pub mod new_file;
pub mod open_files;
pub mod output;
pub mod pager;
pub mod perform;
pub mod probe;
pub mod prompt;
pub mod random;
mod redactor;
pub mod run_tool;
mod second_factor;
pub mod secret_command;
pub mod signals;
pub mod standard_error;
pub mod terminal;
mod terminal_modes;
pub mod terminal_screen;
mod text_frames;
pub mod tls;
pub mod transport;
mod waiting_frames;
mod websocket;
