//! Words for the operator, in lines with a tone, for the view and for commands. They say what is so; how a tone looks is the
//! view's.

pub mod cancel;
pub mod code;
pub mod configuration;
pub mod console;
pub mod desk;
pub mod detail;
pub mod dialog;
pub mod doctor;
pub mod far_side;
pub mod fault;
pub mod field;
pub mod files;
pub mod filter;
pub mod header;
pub mod help;
pub mod init;
pub mod journal;
pub mod keys;
pub mod line;
pub mod link;
pub mod link_end;
pub mod list;
pub mod manual;
pub mod network;
pub mod outcome;
pub mod preview;
pub mod release;
pub mod release_command;
pub mod said;
mod scan;
pub mod secret;
pub mod secret_source;
pub mod simulate;
pub mod start;
pub mod stream;
pub mod terminal;
pub mod timeline;
pub mod tls;
pub mod tool;
pub mod unresolved;
pub mod websocket;
pub mod wrap;

use super::Size;

/// How much of a text that scrolls is not on the screen, in lines.
pub fn hidden(above: usize, below: usize) -> String {
    format!("-- {above} lines above, {below} below --")
}

/// So many of them, in the singular for one.
pub fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// A window in which nothing can be shown but this.
pub fn too_small(smallest: Size, size: Size) -> String {
    format!("needs {}x{}, have {}x{}", smallest.width, smallest.height, size.width, size.height)
}
