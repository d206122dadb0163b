//! The list: read page by page, kept up, and one ticket of it looked into.

mod again;
mod answers;
mod filter;
mod find;
mod heard;
mod kept;
mod polling;
mod row;
mod scan;

use withdraw_desk::domain::TicketNumber;
use withdraw_desk::simulator::{Book, Exchange, Script};

use crate::world::{Setup, World, exchange, start};

/// A console on an exchange that conducts itself like this.
fn conducted(conduct: &str) -> World {
    let book = Book::new(1, 400, start());
    let script = Script::parse(&format!(r#"{{"about":"","exchange":{conduct}}}"#), &book).expect("the scenario reads");
    let mut world = World::with(Setup { is_cut: true, ..Setup::default() }, Exchange::new(book, script));
    world.cut(false);
    world.seconds(20);
    world
}

/// A console on an exchange that sends no ticket events.
fn polling() -> World {
    let mut world = World::with(Setup { is_cut: true, ..Setup::default() }, exchange());
    world.muted = vec!["SubscribeAllAccountEvents", "WithdrawTicketUpdateEvent"];
    world.cut(false);
    world.seconds(12);
    world
}

/// The oldest ticket that is failed, and one nearby that is not.
fn oldest(world: &World) -> [TicketNumber; 2] {
    let is_listed = |number: &TicketNumber| world.state.desk.list().tickets().get(*number).is_some();
    let numbers = || (90_001..90_200).map(TicketNumber);
    [numbers().find(is_listed), numbers().find(|number| !is_listed(number))].map(|found| found.expect("a ticket"))
}

/// Old tickets, far beyond the newest page: one is canceled, one fails.
fn change_old_ones(world: &mut World, [canceled, failing]: [TicketNumber; 2]) {
    world.exchange.meddle(canceled.0, "AdminCanceled", world.now.wall);
    world.exchange.meddle(failing.0, "Failed", world.now.wall);
}
