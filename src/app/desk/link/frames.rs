//! Frames as they come in: an event, the answer to a call, or neither.

use super::Link;
use crate::app::desk::calls::{Call, CallEnd, Purpose};
use crate::app::desk::cx::Cx;
use crate::app::desk::news::News;
use crate::app::words::desk::link as words;
use crate::domain::ConnectionId;
use crate::protocol::rpc::subscribe_all_account_events::{EventTickets, event_tickets};
use crate::protocol::{Bar, Frame, FrameKind};

impl Link {
    /// Takes in a frame.
    pub(in crate::app::desk) fn take_frame(&mut self, connection: ConnectionId, frame: Frame, cx: &mut Cx<'_>) {
        if frame.kind == FrameKind::Event && self.is_current(connection, cx) {
            return self.take_event(&frame, cx);
        }
        let Some(call) = cx.calls.answered(connection, &frame) else {
            return self.count_unmatched(connection, &frame, cx);
        };
        if self.stale_since(cx.now).is_some() {
            cx.show();
        }
        // Pings that are answered with errors show a link that works, and nothing good.
        let bar = Bar::of(&frame);
        match bar {
            Bar::None => self.heard_well(cx.now),
            _ => self.heard(),
        }
        // An answer may be taken in before its deadline is noticed, as after a sleep: late is late.
        if call.is_late(cx.now) {
            let end = CallEnd::Unanswered { why: call.why_late() };
            cx.tell(News::CallEnded { purpose: call.purpose, end });
            if !matches!(call.purpose, Purpose::Cancel(_)) {
                return;
            }
        }
        if matches!(call.purpose, Purpose::Cancel(_)) {
            self.second_factor.note_barred_cancel(bar);
        }
        let end = CallEnd::Answered { frame, asked_at: call.asked_at };
        if !call.purpose.rule().may_be_barred {
            return cx.tell(News::CallEnded { purpose: call.purpose, end });
        }
        self.take_bar(&call, bar, end, cx);
    }

    /// A read that the exchange bars, for want of a code or because the session is over, is not answered by that.
    fn take_bar(&mut self, call: &Call, bar: Bar, end: CallEnd, cx: &mut Cx<'_>) {
        let purpose = call.purpose;
        match bar {
            Bar::None => {
                self.note_told_who(call.name);
                cx.tell(News::CallEnded { purpose, end });
            }
            Bar::Other => cx.tell(News::CallEnded { purpose, end }),
            Bar::CodeWanted => self.take_code_wanted(call, end, cx),
            Bar::NotAuthorized => self.take_not_authorized(purpose, end, cx),
        }
    }

    /// An event only starts a read; its `i` is the exchange's own and is never looked at (PROTOCOL.md 1).
    fn take_event(&mut self, frame: &Frame, cx: &mut Cx<'_>) {
        let Some(EventTickets { tickets, unread }) = event_tickets(frame) else { return };
        for ticket in tickets {
            cx.tell(News::TicketEvent { ticket: Box::new(ticket) });
        }
        if unread > 0 {
            self.record.unreadable += 1;
            cx.note(words::EVENT_UNREADABLE);
        }
    }

    /// Counts a frame that answers nothing we wait for. It reaches nobody.
    fn count_unmatched(&mut self, connection: ConnectionId, frame: &Frame, cx: &Cx<'_>) {
        let is_current = self.is_current(connection, cx);
        let is_answer = matches!(frame.kind, FrameKind::Reply | FrameKind::Error);
        let is_misnamed = is_answer && cx.calls.waits(connection, frame.id);
        self.record.count_unmatched((connection, frame.id), is_current, is_misnamed);
    }

    /// Something came in that is no frame.
    pub(in crate::app::desk) fn take_unreadable(&mut self, connection: ConnectionId, why: &str, cx: &mut Cx<'_>) {
        if self.is_current(connection, cx) {
            // The first is told in words, the rest counted: a flood must not hide what happened.
            if self.record.unreadable == 0 {
                cx.note(words::unreadable(why));
            }
            self.record.unreadable += 1;
        }
        cx.show();
    }

    /// Calls whose time is over: each is given its end.
    pub(in crate::app::desk) fn end_expired_calls(&mut self, cx: &mut Cx<'_>) {
        self.record.time_out(cx.calls.expired(cx.now));
        for call in cx.calls.take_expired(cx.now) {
            let end = CallEnd::Unanswered { why: call.why_late() };
            cx.tell(News::CallEnded { purpose: call.purpose, end });
        }
    }
}
