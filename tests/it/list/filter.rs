//! The filter and the order of the list, by keys.

use insta::assert_snapshot;
use withdraw_desk::app::{Event, Size};
use withdraw_desk::domain::Pasted;

use crate::update::with_rows;
use crate::world::{Setup, World, exchange};

fn numbers(world: &World) -> Vec<u64> {
    world.state.console.list.rows.window(0, 1_000).map(|number| number.0).collect()
}

#[test]
fn a_filter_is_typed_over_the_list() {
    let mut world = World::new();
    world.press("/ -memo Space wallet Space asset:b");
    assert_snapshot!(world.screen());
}

#[test]
fn a_filter_goes_by_every_letter_and_stays_when_its_field_is_left() {
    let mut world = World::new();
    let all = numbers(&world);
    world.press("/ asset:btc Space w");
    let some = numbers(&world);
    assert!(!some.is_empty() && some.len() < all.len());
    world.press("allet Enter");
    assert_snapshot!(world.screen());
    world.press("Esc");
    assert_eq!(numbers(&world), all);
}

#[test]
fn escape_in_the_field_shows_every_ticket_again() {
    let mut world = World::new();
    let all = numbers(&world);
    world.press("/ wallet Esc");
    assert_eq!(numbers(&world), all);
    assert!(world.state.console.top().is_none());
}

#[test]
fn a_term_that_means_nothing_is_told_and_the_list_stays() {
    let mut world = World::new();
    world.press("/ wallet");
    let hits = numbers(&world);
    world.press("Space -amount:1");
    assert_eq!(numbers(&world), hits);
    assert_snapshot!(world.screen());
}

#[test]
fn a_filter_without_a_hit_says_so() {
    let mut world = World::new();
    world.press("/ zzz");
    assert_snapshot!(world.screen());
}

#[test]
fn a_filter_that_is_pasted_is_the_same_as_one_that_is_typed() {
    let mut typed = World::new();
    typed.press("/ wallet");
    let mut pasted = World::new();
    pasted.press("/");
    pasted.happen(Event::Pasted(Pasted::from("wallet")));
    assert_eq!(numbers(&pasted), numbers(&typed));
}

#[test]
fn the_cursor_keeps_its_ticket_through_filter_and_order() {
    let mut world = World::new();
    let ticket = world.select_failed(9);
    world.press("/ zzz");
    assert_ne!(world.state.console.list.selection.ticket, Some(ticket));
    world.press("C-u Esc");
    assert_eq!(world.state.console.list.selection.ticket, Some(ticket));
    for _ in 0..8 {
        world.press("s S");
        assert_eq!(world.state.console.list.selection.ticket, Some(ticket));
    }
}

#[test]
fn rows_are_ordered_by_a_column() {
    let setup = Setup { size: Size { width: 160, height: 45 }, ..Setup::default() };
    let mut world = World::with(setup, exchange());
    world.press("s s s");
    assert_snapshot!(world.screen());
}

#[test]
fn the_dialog_is_that_of_the_hit_under_the_cursor() {
    let mut world = World::new();
    world.press("/ wallet Enter j n x");
    let selected = world.state.console.list.selection.ticket.unwrap();
    assert_eq!(world.state.desk.cancels().attempt().map(|attempt| attempt.ticket), Some(selected));
}

#[test]
fn a_letter_of_a_filter_looks_at_one_slice_of_a_long_list() {
    let row = |number: u64| {
        format!(
            r#"{{"TicketNumber":{number},"Status":"Failed","OMSId":1,"AccountId":7,"RequestCode":"c","Amount":{number}}}"#
        )
    };
    let rows: Vec<String> = (1..=5_000).rev().map(row).collect();
    let mut table = with_rows(&rows.join(","), false);
    table.press("/");
    for letter in ["9", "8", "s", "Backspace"] {
        let before = table.state.desk.list().tickets().visits();
        table.press(letter);
        let visits = table.state.desk.list().tickets().visits() - before;
        assert!(visits <= 1_100, "{letter}: {visits}");
    }
}
