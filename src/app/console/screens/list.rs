//! The list of failed tickets: the screen under all others.

use super::connecting::connect;
use super::{Bench, Go, Press, Screen, Shown, Sight, to_cancel};
use crate::app::Size;
use crate::app::console::action::Action;
use crate::app::console::geometry;
use crate::app::console::picture::Picture;
use crate::app::console::selection::Selection;
use crate::app::desk::link::Phase;
use crate::app::desk::news::News;
use crate::app::desk::order::Order;
use crate::app::list::rows::Rows;
use crate::app::words::console as hints;
use crate::domain::TicketNumber;

/// The screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// The rows in their order.
    pub rows: Rows,
    /// The cursor.
    pub selection: Selection,
    /// True if the preview is shown.
    pub has_preview: bool,
}

impl Default for List {
    fn default() -> Self {
        Self { rows: Rows::default(), selection: Selection::default(), has_preview: true }
    }
}

impl List {
    /// The cursor stays on its ticket, and in sight.
    pub fn keep_in_sight(&mut self, size: Size) {
        self.selection.follow(&self.rows, self.page(size));
    }

    /// Rows of the table in a window.
    pub fn page(&self, size: Size) -> usize {
        geometry::list(size, self.has_preview).table
    }

    /// The tickets on the screen, from the top.
    pub fn visible(&self, size: Size) -> Vec<TicketNumber> {
        self.rows.window(self.selection.top, self.page(size)).collect()
    }

    fn with_selected(&self, bench: &mut Bench<'_>, act: impl FnOnce(TicketNumber, &mut Bench<'_>) -> Go) -> Go {
        match self.selection.ticket {
            Some(ticket) => act(ticket, bench),
            None => {
                bench.hint = Some(hints::NONE_SELECTED.to_owned());
                Go::Stay
            }
        }
    }

    fn move_cursor(&mut self, action: &Action, size: Size) {
        let page = isize::try_from(self.page(size).saturating_sub(1).max(1)).unwrap_or(1);
        let Self { rows, selection, .. } = self;
        match action {
            Action::MoveDown => selection.move_by(1, rows),
            Action::MoveUp => selection.move_by(-1, rows),
            Action::PageDown => selection.move_by(page, rows),
            Action::PageUp => selection.move_by(-page, rows),
            Action::MoveFirst => selection.move_to(0, rows),
            Action::MoveLast => selection.move_to(usize::MAX, rows),
            _ => {}
        }
    }
}

impl Shown for List {
    fn name() -> &'static str {
        "list"
    }

    fn press(&mut self, press: Press<'_>, bench: &mut Bench<'_>) -> Go {
        match press.action {
            Some(Action::Open) => return self.with_selected(bench, look_into),
            Some(Action::CancelTicket) => return self.with_selected(bench, to_cancel),
            Some(Action::FindTicket) => return Go::Open(Screen::find()),
            Some(Action::TogglePreview) => self.has_preview = !self.has_preview,
            // Without a link, `r` tries to connect at once.
            Some(Action::Reload) if *bench.desk.link().phase() == Phase::Up => bench.tell(Order::Reload),
            Some(Action::Reload) => connect(press, bench),
            Some(action) => self.move_cursor(action, bench.size),
            None => {}
        }
        self.keep_in_sight(bench.size);
        Go::Stay
    }

    fn hear(&mut self, news: &News) {
        if let News::RowsChanged { changes } = news {
            self.rows.hear(changes);
        }
    }

    fn picture(&self, _: Sight<'_>) -> Picture {
        Picture::List { prompt: None }
    }

    fn ticket(&self) -> Option<TicketNumber> {
        self.selection.ticket
    }
}

fn look_into(ticket: TicketNumber, bench: &mut Bench<'_>) -> Go {
    bench.tell(Order::LookInto(ticket));
    Go::Open(Screen::detail(ticket))
}
