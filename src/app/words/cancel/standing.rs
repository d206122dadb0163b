//! How the cancel dialog stands: whether it can be armed now, and what to do where not.

use super::form::{Reading, form_rows};
use crate::app::Size;
use crate::app::desk::Desk;
use crate::app::desk::calls::Purpose;
use crate::app::desk::cancels::cancellation::Cancellation;
use crate::app::desk::order::Lacking;
use crate::app::words::dialog::{FactsInSight, in_sight, least_height, text_width};
use crate::app::words::line::Tone;
use crate::domain::{Now, Ticket};

/// How a dialog stands that shows a ticket: its state beside the buttons, and what to do where it cannot be armed yet.
pub(super) struct Standing {
    pub tone: Tone,
    pub text: String,
    pub hint: Option<String>,
}

/// How a dialog stands whose facts were seen, or not.
pub(super) fn standing(unseen: Option<Unseen>, is_armed: bool, desk: &Desk, now: Now) -> Standing {
    let state = |tone, text: &str| Standing { tone, text: text.to_owned(), hint: None };
    if let Some(why) = unseen {
        return Standing { tone: Tone::Warn, text: why.state(), hint: Some(why.to_string()) };
    }
    match desk.cancels().awaiting_receipt() {
        Some(other) => waits_for(other, desk, now),
        None if is_armed => state(Tone::Danger, "ARMED"),
        None => state(Tone::Muted, "not armed"),
    }
}

/// The countdown to the end of the wait for another cancel's receipt, and what it means.
fn waits_for(other: &Cancellation, desk: &Desk, now: Now) -> Standing {
    let left = desk
        .calls()
        .left(Purpose::Cancel(other.intent), now)
        .map(|left| left.as_secs() + u64::from(left.subsec_nanos() > 0));
    let text = left.map_or_else(|| "waits".to_owned(), |left| format!("waits {left} s"));
    let hint = Lacking::Receipt(other.ticket()).to_string();
    Standing { tone: Tone::Warn, text, hint: Some(hint) }
}

/// Why facts of a dialog were not on the screen yet; nothing is confirmed before they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unseen {
    /// So many were not scrolled to.
    #[error("{below} more lines were not on the screen yet: PageDown. Nothing is confirmed before.")]
    Below {
        /// Lines that were never on the screen.
        below: usize,
    },
    /// The window has no room for any.
    #[error("This window hides facts: it needs {width}x{needed}, has {width}x{height}.")]
    Window {
        /// Its columns.
        width: u16,
        /// Its rows.
        height: u16,
        /// The rows that it must have.
        needed: usize,
    },
}

impl Unseen {
    /// In a word or two.
    fn state(self) -> String {
        match self {
            Self::Below { .. } => "PageDown".to_owned(),
            Self::Window { width, needed, .. } => format!("needs {width}x{needed}"),
        }
    }
}

/// The facts that a window certainly shows under the form of this ticket, whatever hint stands there; `None` if it has no room for any.
pub fn facts_in_sight(facts: usize, ticket: &Ticket, scroll: usize, size: Size) -> Option<FactsInSight> {
    let width = text_width(size);
    let form = form_rows(ticket, width);
    in_sight(facts, form, scroll, size)
        .filter(|all| !all.is_part())
        .or_else(|| in_sight(facts, form - 1 + hint_rows(width), scroll, size))
}

/// Why facts were not on the screen yet, if so.
pub fn why_unseen(facts: usize, ticket: &Ticket, reading: Reading, size: Size) -> Option<Unseen> {
    let width = text_width(size);
    let Some(now) = facts_in_sight(facts, ticket, reading.scroll, size) else {
        let needed = least_height(form_rows(ticket, width) - 1 + hint_rows(width));
        return Some(Unseen::Window { width: size.width, height: size.height, needed });
    };
    let below = facts.saturating_sub(reading.seen.max(now.above + now.rows));
    (below > 0).then_some(Unseen::Below { below })
}

/// No hint takes more rows than these.
const fn hint_rows(width: usize) -> usize {
    if width < 54 { 4 } else { 2 }
}
