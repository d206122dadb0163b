//! The timeline of a cancel.

use super::{Bench, Go, Press, Shown, Sight, to_release};
use crate::app::console::action::Action;
use crate::app::console::geometry;
use crate::app::console::picture::Picture;
use crate::app::console::scroll::scrolled;
use crate::app::desk::order::Order;
use crate::app::words::line::{Tone, ToneLine};
use crate::app::words::timeline;
use crate::domain::IntentId;

/// The screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The cancel.
    pub intent: IntentId,
    /// Lines off the top.
    scroll: usize,
}

impl Timeline {
    /// From its top.
    pub fn of(intent: IntentId) -> Self {
        Self { intent, scroll: 0 }
    }
}

impl Shown for Timeline {
    fn name() -> &'static str {
        "timeline"
    }

    fn press(&mut self, press: Press<'_>, bench: &mut Bench<'_>) -> Go {
        match press.action {
            Some(Action::GoBack) => return Go::Back,
            Some(Action::Reload) => bench.tell(Order::ReadNow(self.intent)),
            Some(Action::Release) => return to_release(self.intent, bench),
            action => self.scroll = scrolled(self.scroll, action, geometry::page(bench.size)),
        }
        Go::Stay
    }

    fn picture(&self, sight: Sight<'_>) -> Picture {
        let cancellation = sight.desk.cancels().get(self.intent);
        let lines = cancellation.map(|cancel| timeline::lines(cancel, sight.desk, usize::from(sight.size.width)));
        let notice = sight.hint.map(|hint| ToneLine::new(Tone::Warn, hint));
        Picture::page(lines.unwrap_or_default(), self.scroll, notice, sight.size)
    }

    fn end_scroll_at(&mut self, last: usize) {
        self.scroll = self.scroll.min(last);
    }
}
