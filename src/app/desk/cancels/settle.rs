//! The outcome of a cancel: the table over its receipt and its last read, and nothing else (PRODUCT.md "Cancelling" 6).

use super::Cancels;
use super::cancellation::{Cancellation, Seen, Settled};
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::words::desk::outcome as words;
use crate::domain::{IntentId, LastRead};
use crate::journal::Fact;

impl Cancels {
    /// Applies the table; a new outcome is recorded.
    pub(super) fn apply_table(&mut self, intent: IntentId, cx: &mut Cx<'_>) {
        let Some(cancellation) = self.all.get(&intent) else { return };
        if let Some(settled) = cancellation.settled(cx.settings.limits.read_timeout, cx.now) {
            let because = because(cancellation, settled.on);
            self.set_outcome(intent, settled, because, cx);
        }
    }

    /// The follow time ends here, whatever is still awaited; a receipt that did not come by now counts as none.
    pub(in crate::app::desk) fn settle_now(&mut self, intent: IntentId, cx: &mut Cx<'_>) {
        self.take_no_reply(intent, words::ENDED_FIRST, cx);
        if let Some(cancellation) = self.all.get_mut(&intent) {
            cancellation.progress.follow_until = Some(cx.now.boot);
            cancellation.reads.is_asked = false;
        }
        self.apply_table(intent, cx);
    }

    pub(super) fn set_outcome(&mut self, intent: IntentId, settled: Settled, because: String, cx: &mut Cx<'_>) {
        let Some(cancellation) = self.all.get_mut(&intent) else { return };
        let Settled { outcome, on } = settled;
        cancellation.outcome = Some(outcome);
        cancellation.decided_on = on;
        cancellation.decided_by.clone_from(&cancellation.reads.last_seen);
        if outcome.is_final() {
            cancellation.reads.due = None;
        }
        let ticket = cancellation.ticket();
        self.are_locks_due = true;
        cx.note(words::known(ticket, outcome, &because));
        cx.record(Fact::outcome(intent, outcome, because));
        cx.tell(News::OutcomeKnown { intent, ticket, outcome });
    }
}

/// Why the outcome is what it is, in a sentence of facts.
fn because(cancellation: &Cancellation, on: LastRead) -> String {
    let receipt = cancellation.progress.receipt;
    match &cancellation.reads.last_seen {
        Some(seen) if on == LastRead::None => {
            let Seen { status, by_label, .. } = seen;
            let when = cancellation.read_when(seen);
            words::because_of_old_read(receipt, &when, status, by_label, &cancellation.reads.bad_words())
        }
        Some(Seen { status, by_label, .. }) => words::because_of_read(receipt, status, by_label),
        None => words::because_not_read(receipt),
    }
}
