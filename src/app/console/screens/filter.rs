//! The field of the filter, over the list: the list goes by what is typed, letter by letter.

use super::{Bench, Go, Press, Shown, Sight};
use crate::app::console::action::Action;
use crate::app::console::key::Key;
use crate::app::console::picture::Picture;
use crate::app::desk::Desk;

/// The tickets whose assets Tab offers.
const LOOKED_AT: usize = 1_000;

/// The screen. Its text is the list's, which keeps it when the field is left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter;

impl Shown for Filter {
    fn name() -> &'static str {
        "filter"
    }

    fn open(_: &Desk) -> Option<Self> {
        Some(Self)
    }

    fn press(&mut self, press: Press<'_>, bench: &mut Bench<'_>) -> Go {
        let now = bench.now.wall;
        match press.action {
            Some(Action::GoBack) => {
                bench.filter.clear();
                return Go::Back;
            }
            Some(Action::KeepFilter) => {
                bench.filter.leave();
                return Go::Back;
            }
            Some(Action::Complete) => bench.hint = bench.filter.complete(&assets(bench.desk), now),
            Some(Action::Erase(erase)) => bench.filter.erase(*erase, now),
            Some(_) => return Go::Under,
            None => {
                if let Key::Char(character) = press.key {
                    bench.hint = bench.filter.insert(character, now);
                }
            }
        }
        Go::Stay
    }

    fn picture(&self, _: Sight<'_>) -> Picture {
        Picture::List { prompt: None }
    }
}

/// The assets of the newest tickets, by their names.
fn assets(desk: &Desk) -> Vec<String> {
    let rows = desk.list().tickets().numbers().take(LOOKED_AT).filter_map(|number| desk.list().row(number));
    let mut assets: Vec<String> = rows.filter_map(|row| row.asset_name()).collect();
    assets.sort_unstable();
    assets.dedup();
    assets
}
