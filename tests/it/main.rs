//! The tests that cross rooms, cheapest first: the pure core against the pure exchange (`cancel`, `session`, `screens`), the
//! store on a real file (`journal_store`), the real loop over a real socket (`real_loop`), the real binary in a
//! pseudo-terminal (`pty`).

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on must stop")]

mod architecture;
mod authority;
mod cancel;
mod configuration;
mod doctor;
mod echoes;
#[path = "../shared/world.rs"]
mod ground;
mod imports;
mod interrupted;
mod journal_commands;
mod journal_disks;
mod journal_edits;
mod journal_faults;
mod journal_store;
mod killed;
mod list_cursor;
mod list_kept;
mod list_tables;
mod lists;
#[path = "../shared/memory.rs"]
mod memory;
mod prompts;
#[path = "../shared/proofs.rs"]
mod proofs;
mod pty;
mod pty_console;
mod readme;
mod real_loop;
mod records;
mod release;
mod release_command;
mod screens;
mod secrets;
mod session;
mod simulated_links;
mod simulated_tls;
mod standing;
mod tls;
mod tmux;
mod update_tables;
mod ways_in;
mod widths;
mod world;
