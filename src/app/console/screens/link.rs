//! The link, and what is known of it.

use super::connecting::connect;
use super::{Bench, Go, Press, Shown, Sight};
use crate::app::console::action::Action;
use crate::app::console::geometry;
use crate::app::console::picture::Picture;
use crate::app::console::scroll::scrolled;
use crate::app::desk::Desk;
use crate::app::words::line::{Tone, ToneLine};
use crate::app::words::link;

/// The screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Lines off the top.
    scroll: usize,
}

impl Shown for Link {
    fn name() -> &'static str {
        "link"
    }

    fn open(_: &Desk) -> Option<Self> {
        Some(Self::default())
    }

    fn press(&mut self, press: Press<'_>, bench: &mut Bench<'_>) -> Go {
        match press.action {
            Some(Action::GoBack) => return Go::Back,
            // A link that is up is not opened again, and the list is read where it is shown.
            Some(Action::Reload) => connect(press, bench),
            action => self.scroll = scrolled(self.scroll, action, geometry::page(bench.size)),
        }
        Go::Stay
    }

    fn picture(&self, sight: Sight<'_>) -> Picture {
        let lines = link::lines(sight.desk, sight.hint, usize::from(sight.size.width), sight.now);
        let notice = sight.hint.map(|hint| ToneLine::new(Tone::Warn, hint));
        Picture::page(lines, self.scroll, notice, sight.size)
    }

    fn end_scroll_at(&mut self, last: usize) {
        self.scroll = self.scroll.min(last);
    }
}
