//! One ticket, found by its number.

use withdraw_desk::domain::TicketNumber;

use crate::world::World;

#[test]
fn a_ticket_that_is_not_failed_is_found_by_its_number_and_its_cancel_dialog_says_so() {
    let mut world = World::new();
    let listed = |number: &u64| world.state.desk.list().tickets().get(TicketNumber(*number)).is_some();
    let number = (90_001..90_400).rev().find(|number| !listed(number)).expect("a ticket that is not failed");
    world.press("#");
    assert!(world.shows("Ticket number: _"), "{}", world.screen());
    world.press(&format!("{number} Enter"));
    world.settle();
    assert!(
        world.shows(&format!("Ticket {number}")) && world.shows("Every field, as the exchange sent it"),
        "{}",
        world.screen()
    );
    world.press("x");
    world.settle();
    assert!(world.shows(&format!("Ticket {number} is now")), "{}", world.screen());
}

#[test]
fn a_ticket_found_by_its_number_says_its_status_and_amount_before_its_fields() {
    let mut world = World::new();
    let listed = |number: &u64| world.state.desk.list().tickets().get(TicketNumber(*number)).is_some();
    let number = (90_001..90_400).rev().find(|number| !listed(number)).expect("a ticket that is not failed");
    world.press(&format!("# {number} Enter"));
    world.settle();
    let screen = world.screen();
    let line = screen.lines().skip(1).take(2).map(str::trim).collect::<Vec<_>>().join(" ");
    let status = (0..30).any(|status| line.contains(&format!(" ({status})  ")));
    assert!(line.starts_with(&format!("Ticket {number}   ")) && status && line.contains(" read 08:"), "{line}");
}

#[test]
fn what_is_no_digit_is_left_out_of_a_ticket_number_and_the_prompt_says_so() {
    let mut world = World::new();
    world.press("# 1 2 x");
    assert!(world.shows("Ticket number: 12_   Only digits count: x was left out."), "{}", world.screen());
    world.press("4");
    assert!(world.shows("Ticket number: 124_") && !world.shows("left out"), "{}", world.screen());
    world.press(&"9".repeat(17));
    assert!(world.shows("No number has more than 19 digits."), "{}", world.screen());
}

#[test]
fn a_number_that_the_whole_list_does_not_hold_is_not_found() {
    let mut world = World::new();
    world.press("# 12 Enter");
    world.settle();
    let said = "Not found: it is none of the 400 tickets that the exchange lists.";
    assert!(world.shows(said), "{}", world.screen());
    world.press("Esc # Enter");
    assert!(world.shows("Type the number of a ticket"), "{}", world.screen());
}
