//! All fields of a ticket.

use super::{Bench, Go, Press, Shown, Sight, to_cancel};
use crate::app::console::action::Action;
use crate::app::console::geometry;
use crate::app::console::picture::Picture;
use crate::app::console::scroll::scrolled;
use crate::app::desk::order::Order;
use crate::app::words::detail;
use crate::app::words::line::{Tone, ToneLine};
use crate::domain::TicketNumber;

/// The screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    ticket: TicketNumber,
    /// Lines off the top.
    scroll: usize,
}

impl Detail {
    /// From its top.
    pub fn of(ticket: TicketNumber) -> Self {
        Self { ticket, scroll: 0 }
    }
}

impl Shown for Detail {
    fn name() -> &'static str {
        "detail"
    }

    fn press(&mut self, press: Press<'_>, bench: &mut Bench<'_>) -> Go {
        match press.action {
            Some(Action::GoBack) => return Go::Back,
            Some(Action::CancelTicket) => return to_cancel(self.ticket, bench),
            Some(Action::Reload) => bench.tell(Order::Find(self.ticket)),
            action => self.scroll = scrolled(self.scroll, action, geometry::page(bench.size)),
        }
        Go::Stay
    }

    fn picture(&self, sight: Sight<'_>) -> Picture {
        let lines = detail::lines(sight.desk, self.ticket, usize::from(sight.size.width));
        let notice = sight.hint.map(|hint| ToneLine::new(Tone::Warn, hint));
        Picture::page(lines, self.scroll, notice, sight.size)
    }

    fn end_scroll_at(&mut self, last: usize) {
        self.scroll = self.scroll.min(last);
    }

    fn ticket(&self) -> Option<TicketNumber> {
        Some(self.ticket)
    }
}
