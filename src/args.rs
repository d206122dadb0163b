//! The command line, as clap reads it. No logic; how it is read is below.

pub mod reading;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// The console with which operators of an AlphaPoint APEX exchange clear failed withdrawals.
///
/// Without a command it opens the console on the chosen profile. Passwords and keys come from where the configuration says, or
/// are asked for; never from the command line.
#[derive(Debug, Parser)]
#[command(name = "withdraw-desk", version)]
pub struct Arguments {
    /// The command; without one, the console.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Flags of the console and of every command.
    #[command(flatten)]
    pub global: Global,
}

/// Flags that beat the configuration file.
#[derive(Clone, Debug, Default, Args)]
pub struct Global {
    /// The configuration file [default: ~/.config/withdraw-desk/config.toml]
    #[arg(long, value_name = "FILE", global = true, env = "WITHDRAW_DESK_CONFIG")]
    pub config: Option<PathBuf>,
    /// The profile in it [default: its default-profile]
    #[arg(long, value_name = "NAME", global = true, env = "WITHDRAW_DESK_PROFILE")]
    pub profile: Option<String>,
    /// The gateway, wss://HOST/PATH (ws:// to a loopback address only)
    #[arg(long, value_name = "URL", global = true, env = "WITHDRAW_DESK_URL")]
    pub url: Option<String>,
    /// The OMS; must agree with what the exchange says
    #[arg(long, value_name = "N", global = true, env = "WITHDRAW_DESK_OMS_ID")]
    pub oms_id: Option<i64>,
    /// The operator [default: what the exchange says]
    #[arg(long, value_name = "N", global = true, env = "WITHDRAW_DESK_OPERATOR_ID")]
    pub operator_id: Option<i64>,
    /// Let cancels be sent; without it, and without write = true in the profile, they are rehearsed
    #[arg(long, value_name = "BOOL", global = true, env = "WITHDRAW_DESK_WRITE", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub write: Option<bool>,
    /// Rehearse: everything is real but the send, whatever the profile says
    #[arg(long, global = true)]
    pub rehearse: bool,
    /// The journal [default: ~/.local/state/withdraw-desk/journal.jsonl]
    #[arg(long, value_name = "FILE", global = true, env = "WITHDRAW_DESK_JOURNAL")]
    pub journal: Option<PathBuf>,
}

/// A command that runs instead of the console.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The console on an embedded exchange on loopback: no set-up at all
    Demo,
    /// Write a first, commented profile, and say what to edit in it. Never over a file that exists
    Init,
    /// Everything that could be wrong, checked and explained; logs in once and changes nothing. Exit code 9 if a check fails
    Doctor(Doctor),
    /// Every cancel and how it stands, from the journal's file alone; release logs in
    Journal(Journal),
    /// How it is used: one manual, or the list of them
    Manual(Manual),
    /// An exchange to try it on: serves until stopped, and prints how to log in
    Simulate(Simulate),
}

/// The checks.
#[derive(Debug, Args)]
pub struct Doctor {
    /// A line for each check, also for those that could not be tried
    #[arg(long)]
    pub verbose: bool,
    /// One JSON object instead of lines
    #[arg(long)]
    pub json: bool,
}

/// A manual.
#[derive(Debug, Args)]
pub struct Manual {
    /// Its name, or the beginning of it; without one, all are listed
    #[arg(value_name = "TOPIC")]
    pub topic: Option<String>,
}

/// The journal's commands.
#[derive(Debug, Args)]
pub struct Journal {
    /// The command about it.
    #[command(subcommand)]
    pub command: JournalCommand,
}

/// A command about the journal.
#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// One line per cancel, oldest first: when, what, by whom, and how it stands
    List(JournalList),
    /// Everything recorded about one cancel, or about all cancels of a ticket
    Show(JournalShow),
    /// Check that nothing was changed, dropped, swapped or put in; exit code 9 if something was
    Verify(JournalVerify),
    /// All cancels as one JSON object, or as CSV
    Export(JournalExport),
    /// Give the ticket of an unresolved cancel free: logs in, reads the ticket, records the reason; sends no cancel
    Release(JournalRelease),
}

/// Lists the journal.
#[derive(Debug, Args)]
pub struct JournalList {
    /// Only those that hold their ticket or are still watched
    #[arg(long)]
    pub open: bool,
    /// One JSON object instead of lines
    #[arg(long)]
    pub json: bool,
}

/// Shows what was recorded.
#[derive(Debug, Args)]
pub struct JournalShow {
    /// The beginning of a cancel's id, as `journal list` shows it, or a ticket number
    #[arg(value_name = "ID|TICKET")]
    pub what: String,
    /// One JSON object instead of lines
    #[arg(long)]
    pub json: bool,
}

/// Checks the journal.
#[derive(Debug, Args)]
pub struct JournalVerify {
    /// Heads that were kept elsewhere, such as from journalctl -t withdraw-desk; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub heads: Option<PathBuf>,
    /// One JSON object instead of lines
    #[arg(long)]
    pub json: bool,
}

/// Exports the journal.
#[derive(Debug, Args)]
pub struct JournalExport {
    /// One JSON object; the default
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// A row per cancel, with a header (RFC 4180)
    #[arg(long)]
    pub csv: bool,
}

/// Releases an unresolved cancel.
#[derive(Debug, Args)]
pub struct JournalRelease {
    /// The ticket number, or the beginning of the cancel's id, as `journal list --open` shows it
    #[arg(value_name = "TICKET|ID")]
    pub what: String,
    /// The ticket number once more: it must be the ticket of that cancel
    #[arg(long, value_name = "TICKET")]
    pub confirm: String,
    /// Why, in your own words; it goes to the journal
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub reason: String,
    /// Also if the cancel was sent less than 15 minutes ago
    #[arg(long)]
    pub early: bool,
}

/// The simulated exchange.
#[derive(Debug, Args)]
pub struct Simulate {
    /// Where to listen; port 0 takes any free port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Listen on an address that is not loopback: this exchange protects nothing
    #[arg(long)]
    pub anywhere: bool,
    /// How many tickets
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = clap::value_parser!(u64).range(0..=2_000_000))]
    pub tickets: u64,
    /// The seed of the tickets
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How it misbehaves: a scenario that ships, by its name, or a file
    #[arg(long, value_name = "NAME")]
    pub scenario: Option<PathBuf>,
    /// List the scenarios that ship, and end
    #[arg(long)]
    pub list_scenarios: bool,
    /// Serve wss:// with an authority made for this run; its certificate is printed as ca-file
    #[arg(long)]
    pub tls: bool,
    /// Demand client certificates of the authorities in this file (PEM)
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub client_ca: Option<PathBuf>,
}
