//! The help page, over the screen that asked for it.

use super::{Bench, Go, Press, Shown, Sight};
use crate::app::console::action::Action;
use crate::app::console::geometry;
use crate::app::console::picture::Picture;
use crate::app::console::scroll::scrolled;
use crate::app::desk::Desk;
use crate::app::words::help::{self, KeyHelp, Section};
use crate::app::words::line::{Tone, ToneLine};

/// The screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    /// Lines off the top.
    scroll: usize,
}

impl Shown for Help {
    fn name() -> &'static str {
        "help"
    }

    fn open(_: &Desk) -> Option<Self> {
        Some(Self::default())
    }

    fn press(&mut self, press: Press<'_>, bench: &mut Bench<'_>) -> Go {
        if press.action == Some(&Action::GoBack) {
            return Go::Back;
        }
        self.scroll = scrolled(self.scroll, press.action, geometry::page(bench.size));
        Go::Stay
    }

    fn picture(&self, sight: Sight<'_>) -> Picture {
        let sections = sight.keymap.sections().map(|section| {
            let keys = sight.keymap.of(&section.name);
            let keys = keys.map(|binding| KeyHelp { keys: binding.keys_label(), help: &binding.help }).collect();
            Section { title: &section.title, keys }
        });
        let lines = help::lines(sections, usize::from(sight.size.width));
        let notice = sight.hint.map(|hint| ToneLine::new(Tone::Warn, hint));
        Picture::page(lines, self.scroll, notice, sight.size)
    }

    fn end_scroll_at(&mut self, last: usize) {
        self.scroll = self.scroll.min(last);
    }
}
