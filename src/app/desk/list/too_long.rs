//! Pages that are too long for a message: half as many tickets are asked for, down to one. The link ends with each such answer, so
//! that it is never asked for in the same way again.

use super::List;
use super::scan::ScanPhase;
use crate::app::desk::cx::Cx;
use crate::app::words::desk::list as words;

impl List {
    /// The answer to a page was too long, and the link is lost with it: the next link is asked for half of it.
    pub(super) fn halve_pages(&mut self, ask: u32, cx: &mut Cx<'_>) {
        let Some(reading) = &mut self.scan.reading else { return };
        // Pages that were asked beside it are lost like it.
        if !reading.awaits(ask) {
            return self.pause_scan(cx);
        }
        let limit = reading.limit();
        match reading.halve() {
            Some(half) => {
                self.page_limit = Some(half);
                cx.note(words::page_too_long(limit, half));
                self.pause_scan(cx);
            }
            None => self.stop_too_long(words::no_page_is_short_enough(), cx),
        }
    }

    /// Pages join where they share a ticket, and one ticket a page shares none with the next.
    pub(super) fn is_down_to_one(&self, cx: &Cx<'_>) -> bool {
        self.page_limit == Some(1) && cx.settings.limits.page_size > 1
    }

    /// Two tickets together are too long for a message.
    pub(super) fn stop_at_one(&mut self, cx: &mut Cx<'_>) {
        self.stop_too_long(words::two_rows_are_too_long(), cx);
    }

    fn stop_too_long(&mut self, why: String, cx: &mut Cx<'_>) {
        self.is_too_long = true;
        if let Some(reading) = &mut self.scan.reading {
            reading.forget_asked();
        }
        cx.note(words::stopped(self.scan.read(), &why));
        self.scan.phase = ScanPhase::Stopped(why);
    }
}
