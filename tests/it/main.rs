//! The tests that cross rooms, cheapest first: the pure core against the pure exchange (`cancels`, `link`, `list`, `screens`), the
//! store on a real file (`journal_store`), the real loop over a real socket (`event_loop`), the real binary in a
//! pseudo-terminal (`pty`).

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod architecture;
mod authority;
mod cancels;
mod configuration;
mod doctor;
mod event_loop;
mod far_side;
mod first_run;
mod gateway;
#[path = "../shared/world.rs"]
mod ground;
mod imports;
mod interrupted;
mod journal_commands;
mod journal_disks;
mod journal_edits;
mod journal_faults;
mod journal_store;
mod keyboard;
mod killed;
mod link;
mod list;
mod list_cursor;
mod literals;
mod manual;
mod manual_command;
#[path = "../shared/memory.rs"]
mod memory;
mod prompt;
#[path = "../shared/proofs.rs"]
mod proofs;
mod pty;
mod pty_console;
mod pty_keyboard;
mod readme;
mod records;
mod redactor;
mod release_command;
mod scenarios;
mod screens;
mod secrets;
mod simulated_links;
mod simulated_tls;
mod tls;
mod tmux;
mod update;
mod widths;
mod wire;
mod words;
mod world;
