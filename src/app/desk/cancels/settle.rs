//! The outcome of a cancel: the table over its receipt and its last read, and nothing else (PRODUCT.md "Cancelling" 6).

use super::Cancels;
use super::cancellation::{Cancellation, Seen};
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::domain::{IntentId, Outcome};
use crate::journal::Fact;

impl Cancels {
    /// Applies the table; a new outcome is recorded.
    pub(super) fn apply_table(&mut self, intent: IntentId, cx: &mut Cx<'_>) {
        let Some(cancellation) = self.all.get(&intent) else { return };
        if let Some(outcome) = cancellation.settled(cx.now) {
            let because = because(cancellation);
            self.set_outcome(intent, outcome, because, cx);
        }
    }

    /// The follow time ends here, whatever is still awaited; a receipt that did not come by now counts as none.
    pub(in crate::app::desk) fn settle_now(&mut self, intent: IntentId, cx: &mut Cx<'_>) {
        self.take_no_reply(intent, cx);
        if let Some(cancellation) = self.all.get_mut(&intent) {
            cancellation.progress.follow_until = Some(cx.now.boot);
            cancellation.reads.is_asked = false;
        }
        self.apply_table(intent, cx);
    }

    pub(super) fn set_outcome(&mut self, intent: IntentId, outcome: Outcome, because: String, cx: &mut Cx<'_>) {
        let Some(cancellation) = self.all.get_mut(&intent) else { return };
        cancellation.outcome = Some(outcome);
        cancellation.decided_by.clone_from(&cancellation.reads.last_seen);
        if outcome.is_final() {
            cancellation.reads.due = None;
        }
        let ticket = cancellation.ticket();
        self.are_locks_due = true;
        cx.note(format!("#{ticket} {outcome}: {because}"));
        cx.record(Fact::outcome(intent, outcome, because));
        cx.tell(News::OutcomeKnown { intent, ticket, outcome });
    }
}

/// Why the outcome is what it is, in a sentence of facts.
fn because(cancellation: &Cancellation) -> String {
    let receipt = cancellation.progress.receipt.map_or("not there yet".to_owned(), |receipt| receipt.to_string());
    match &cancellation.reads.last_seen {
        Some(Seen { status, by_label, .. }) => {
            format!("receipt {receipt}; GetWithdrawTicket after the send says {status}, last changed by {by_label}")
        }
        None => format!("receipt {receipt}; no good read after the send"),
    }
}
