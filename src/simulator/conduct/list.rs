//! The answer to the list of tickets: where it starts, in what order, and which filters mean something (PROTOCOL.md 4).

use serde::Deserialize;

/// The conduct of GetAllWithdrawTickets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ListConduct {
    /// The ticket at StartIndex 0.
    pub start_from: StartFrom,
    /// The order of the rows inside a page.
    pub row_order: RowOrder,
    /// No page has more rows, whatever Limit says.
    pub page_cap: Option<usize>,
    /// The effect of the filter `Status`.
    pub status_filter: Filter,
    /// The effect of the filter `TicketId`.
    pub ticket_id: Narrow,
    /// True if StartIndex has no effect: every page begins at the first ticket.
    pub start_ignored: bool,
    /// Bytes by which each row of a page is longer than it has to be.
    pub row_padding: usize,
    /// An object instead of a list, which stands under this key of it.
    pub wrapped_in: Option<String>,
    /// True if Limit has no effect: a page holds everything from StartIndex on.
    pub limit_ignored: bool,
}

/// The ticket at StartIndex 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StartFrom {
    /// The newest ticket (SLATE's example, OLD, VX).
    #[default]
    Newest,
    /// The oldest ticket (SLATE's prose, BN).
    Oldest,
}

/// The order of the rows inside a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowOrder {
    /// As StartIndex counts.
    #[default]
    AsCounted,
    /// Newest first.
    NewestFirst,
    /// Oldest first.
    OldestFirst,
    /// Any order, from this seed; the same page is always shuffled the same.
    Shuffled(u64),
}

/// The effect of the filter `Status`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Filter {
    /// Nothing.
    #[default]
    Ignored,
    /// StartIndex and Limit count the tickets of that status.
    Honoured,
    /// A trap: the page is cut first and filtered then, so a short page is not the last.
    AfterPaging,
    /// Invalid Request.
    Refused,
}

/// The effect of the filter `TicketId`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Narrow {
    /// Nothing.
    #[default]
    Ignored,
    /// "Limits the returned information to a single ticket" (OLD).
    Honoured,
}

/// New tickets that come by themselves, at the newest end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Arrivals {
    /// Milliseconds between two of them.
    pub every_ms: u64,
    /// Of a hundred, so many have failed.
    #[serde(default = "usual_failures")]
    pub failed_of_100: u32,
    /// So many come at each time.
    #[serde(default = "one")]
    pub at_once: u64,
    /// So many in all; without it they never end.
    #[serde(default)]
    pub times: Option<u64>,
}

fn usual_failures() -> u32 {
    18
}

fn one() -> u64 {
    1
}

/// A colleague who takes the newest failed ticket, again and again.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Colleague {
    /// Milliseconds between two of them.
    pub every_ms: u64,
    /// The status that the ticket changes to.
    pub becomes: String,
}
