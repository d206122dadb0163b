//! The cancels that are not settled.

use super::{Bench, Go, Press, Screen, Shown, Sight, to_release};
use crate::app::console::action::Action;
use crate::app::console::picture::Picture;
use crate::app::desk::Desk;
use crate::app::list::unresolved::neighbour;
use crate::app::words::console as hints;
use crate::app::words::line::{Tone, ToneLine};
use crate::app::words::unresolved;
use crate::domain::IntentId;

/// The screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unresolved {
    /// The selected one.
    pub selected: Option<IntentId>,
}

impl Shown for Unresolved {
    fn name() -> &'static str {
        "unresolved"
    }

    fn open(desk: &Desk) -> Option<Self> {
        Some(Self { selected: neighbour(desk, None, 0) })
    }

    fn press(&mut self, press: Press<'_>, bench: &mut Bench<'_>) -> Go {
        match (press.action, self.selected) {
            (Some(Action::GoBack), _) => return Go::Back,
            (Some(Action::MoveDown), _) => self.selected = neighbour(bench.desk, self.selected, 1),
            (Some(Action::MoveUp), _) => self.selected = neighbour(bench.desk, self.selected, -1),
            (Some(Action::Open), Some(intent)) => return open_timeline(intent, bench),
            (Some(Action::Release), Some(intent)) => return to_release(intent, bench),
            _ => {}
        }
        Go::Stay
    }

    fn picture(&self, sight: Sight<'_>) -> Picture {
        let page = unresolved::page(sight.desk, self.selected, sight.size);
        let notice = sight.hint.map(|hint| ToneLine::new(Tone::Warn, hint));
        Picture::page(page.lines, page.scroll, notice, sight.size)
    }
}

fn open_timeline(intent: IntentId, bench: &mut Bench<'_>) -> Go {
    if bench.desk.cancels().get(intent).is_some() {
        return Go::Open(Screen::timeline(intent));
    }
    bench.hint = Some(hints::NOT_READ_YET.to_owned());
    Go::Stay
}
