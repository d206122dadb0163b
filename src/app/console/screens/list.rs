//! The list of failed tickets: the screen under all others.

use jiff::{SignedDuration, Timestamp};

use super::connecting::connect;
use super::{Bench, Go, Press, Screen, Shown, Sight, to_cancel};
use crate::app::Size;
use crate::app::console::action::Action;
use crate::app::console::filter_line::FilterLine;
use crate::app::console::geometry;
use crate::app::console::picture::Picture;
use crate::app::console::selection::Selection;
use crate::app::desk::Desk;
use crate::app::desk::link::Phase;
use crate::app::desk::news::News;
use crate::app::desk::order::Order;
use crate::app::desk::tickets::RowChange;
use crate::app::list::rows::Rows;
use crate::app::list::sort::Sort;
use crate::app::words::console as hints;
use crate::domain::{Now, TicketNumber};

/// Rows are looked for anew by a filter that goes by age as often as an age changes on the screen.
const AGE_STEP: SignedDuration = SignedDuration::from_secs(60);

/// The screen.
#[derive(Clone, Debug)]
pub struct List {
    /// The rows in their order.
    pub rows: Rows,
    /// The cursor.
    pub selection: Selection,
    /// True if the preview is shown.
    pub has_preview: bool,
    /// The changes of the store that the rows have not taken in yet.
    heard: Vec<RowChange>,
    /// When the rows were looked for by a filter that goes by age.
    looked_at: Timestamp,
}

impl Default for List {
    fn default() -> Self {
        Self {
            rows: Rows::default(),
            selection: Selection::default(),
            has_preview: true,
            heard: Vec::new(),
            looked_at: Timestamp::MIN,
        }
    }
}

impl List {
    /// The store changed, or the filter, and so do the rows.
    pub(in crate::app::console) fn take_in(&mut self, filter: &FilterLine, desk: &Desk, now: Now) {
        self.rows.hear(&std::mem::take(&mut self.heard), desk.list(), now.wall);
        let is_aged = filter.filter().goes_by_age() && now.wall.duration_since(self.looked_at).abs() >= AGE_STEP;
        if self.rows.filter() != filter.filter() || is_aged {
            self.looked_at = now.wall;
            self.rows.set_filter(filter.filter().clone(), desk.list(), now.wall);
            self.selection.look_anew();
        }
    }

    fn sort(&mut self, sort: Sort, bench: &Bench<'_>) {
        self.rows.set_sort(sort, bench.desk.list(), bench.now.wall);
        self.selection.look_anew();
    }

    /// The cursor stays on its ticket, and in sight.
    pub fn keep_in_sight(&mut self, filter: &FilterLine, size: Size) {
        self.selection.follow(&self.rows, self.page(filter, size));
    }

    /// Rows of the table in a window.
    fn page(&self, filter: &FilterLine, size: Size) -> usize {
        geometry::list(size, self.has_preview, filter.is_shown()).table
    }

    /// The tickets on the screen, from the top.
    pub fn visible(&self, filter: &FilterLine, size: Size) -> Vec<TicketNumber> {
        self.rows.window(self.selection.top, self.page(filter, size)).collect()
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

    fn move_cursor(&mut self, action: &Action, bench: &Bench<'_>) {
        let page = isize::try_from(self.page(bench.filter, bench.size).saturating_sub(1).max(1)).unwrap_or(1);
        let Self { rows, selection, .. } = self;
        match action {
            Action::MoveDown => selection.move_by(1, rows),
            Action::MoveUp => selection.move_by(-1, rows),
            Action::PageDown => selection.move_by(page, rows),
            Action::PageUp => selection.move_by(-page, rows),
            Action::MoveFirst => selection.move_to(0, rows),
            Action::MoveLast => selection.move_to(usize::MAX, rows),
            Action::NextHit => selection.move_round(true, rows),
            Action::PreviousHit => selection.move_round(false, rows),
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
            Some(Action::SortNext) => self.sort(self.rows.sort().next_column(), bench),
            Some(Action::SortReverse) => self.sort(self.rows.sort().reversed(), bench),
            Some(Action::ClearFilter) => bench.filter.clear(),
            Some(Action::TogglePreview) => self.has_preview = !self.has_preview,
            // Without a link, `r` tries to connect at once.
            Some(Action::Reload) if *bench.desk.link().phase() == Phase::Up => bench.tell(Order::Reload),
            Some(Action::Reload) => connect(press, bench),
            Some(action) => self.move_cursor(action, bench),
            None => {}
        }
        self.keep_in_sight(bench.filter, bench.size);
        Go::Stay
    }

    fn hear(&mut self, news: &News) {
        if let News::RowsChanged { changes } = news {
            self.heard.extend(changes);
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
