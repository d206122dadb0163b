//! The receipt of a cancel: what the reply to it says, or its absence. A receipt is no result (PRODUCT.md "Cancelling" 6).

use super::Cancels;
use super::cancellation::{Reply, Settled};
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::words::desk::outcome as words;
use crate::domain::{IntentId, LastRead, Outcome, Receipt};
use crate::journal::Fact;
use crate::journal::record::ReplyFact;
use crate::protocol::envelope::receipt;
use crate::protocol::{Envelope, Frame};

impl Cancels {
    /// The writer was handed the frame: whatever happens from now on, it may have left.
    pub(in crate::app::desk) fn take_handed(&mut self, intent: IntentId, cx: &mut Cx<'_>) {
        let Some(cancellation) = self.all.get_mut(&intent) else { return };
        cancellation.progress.sent_at = Some(cx.now.wall);
        cancellation.progress.sent_boot = Some(cx.now.boot);
        let wait = cancellation.next_wait(cx.now);
        cancellation.reads.due = Some(cx.now.boot + wait);
        let ticket = cancellation.ticket();
        cx.note(words::sent(ticket, &cancellation.record.change_words()));
        cx.record(Fact::Sent { id: intent.to_string() });
        cx.tell(News::CancelSent { intent, ticket });
    }

    /// The writer was never handed the frame, and never will be.
    pub(in crate::app::desk) fn take_not_handed(&mut self, intent: IntentId, why: &str, cx: &mut Cx<'_>) {
        cx.calls.forget_cancel(intent);
        let settled = Settled { outcome: Outcome::NotSent, on: LastRead::None };
        self.set_outcome(intent, settled, words::not_handed(why), cx);
    }

    /// The reply to a cancel: the receipt, or a late change of it, or an anomaly.
    pub(super) fn take_reply(&mut self, intent: IntentId, frame: &Frame, cx: &mut Cx<'_>) {
        let Some(cancellation) = self.all.get_mut(&intent) else { return };
        cx.show();
        let progress = &mut cancellation.progress;
        let reply = Reply {
            kind: frame.kind.number(),
            payload: frame.payload.clone(),
            envelope: Envelope::parse(&frame.payload),
            at: cx.now.wall,
            took: progress.sent_boot.map(|sent| cx.now.boot.since(sent)).unwrap_or_default(),
            is_late: progress.receipt.is_some(),
        };
        let received = receipt(frame, cancellation.record.call_name());
        let fact = ReplyFact::new(intent, received, Some(reply.kind), Some(reply.payload.clone()));
        if let Some(first) = &progress.reply {
            if first.payload == reply.payload && first.kind == reply.kind {
                return;
            }
            // The first anomaly is recorded; a flood of them must not fill the disk.
            if progress.second_reply.replace(reply).is_some() {
                return;
            }
            cx.note(words::second_reply(cancellation.ticket()));
            return cx.record(Fact::Late(fact));
        }
        let is_late = reply.is_late;
        progress.reply = Some(reply);
        cx.record(if is_late { Fact::Late(fact) } else { Fact::Reply(fact) });
        self.decide_receipt(intent, received, cx);
    }

    /// No reply in time, or the link was lost first; `why`, inert.
    pub(super) fn take_no_reply(&mut self, intent: IntentId, why: &str, cx: &mut Cx<'_>) {
        cx.show();
        if let Some(cancellation) = self.all.get_mut(&intent).filter(|cancellation| cancellation.awaits_receipt()) {
            cancellation.progress.no_reply = Some(why.to_owned());
            cx.record(Fact::Reply(ReplyFact::new(intent, Receipt::None, None, None)));
            self.decide_receipt(intent, Receipt::None, cx);
        }
    }

    fn decide_receipt(&mut self, intent: IntentId, received: Receipt, cx: &mut Cx<'_>) {
        let follow_time = cx.settings.limits.follow_time;
        let Some(cancellation) = self.all.get_mut(&intent) else { return };
        let is_first = cancellation.progress.receipt.is_none();
        cancellation.progress.receipt = Some(received);
        if is_first {
            cancellation.progress.follow_until = Some(cx.now.boot + follow_time);
            cancellation.progress.follow_until_wall = cx.now.wall.checked_add(follow_time).ok();
        }
        cx.note(words::received(cancellation.ticket(), received));
        self.apply_table(intent, cx);
    }
}
