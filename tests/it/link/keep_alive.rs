//! Links that fall silent, and those that nobody uses.

use std::time::Duration;
use withdraw_desk::app::Repaint;
use withdraw_desk::app::{Event, update};

use super::Table;
use crate::world::World;

/// PRODUCT.md "The link", in times: a link that dies right after a good answer is stale 15 s later at the latest, and dropped
/// by the second miss.
#[test]
fn a_half_open_link_is_noticed_within_15_seconds_whenever_it_dies() {
    for dies_after in [0, 3, 9, 10, 11, 19] {
        let mut table = Table::listed();
        table.asked.clear();
        let opened = table.now.boot;
        let mut last_good = table.now.boot;
        let mut stale = None;
        let mut dropped = None;
        for _ in 0..600 {
            table.pass(Duration::from_millis(100));
            if table.state.desk.next_deadline(table.now).is_some_and(|due| due <= table.now.boot) {
                let now = table.now;
                let effects = update(&mut table.state, Event::DeadlinePassed, now).into_list();
                let notes: Vec<String> = effects.iter().map(|effect| table.note(effect)).collect();
                dropped = dropped.or(notes.contains(&"disconnect".to_owned()).then_some(table.now.boot));
            }
            let is_dead = table.now.boot.since(opened) >= Duration::from_secs(dies_after);
            if !is_dead && table.asked.iter().any(|asked| asked.2 == "Ping") {
                table.answer("Ping", r#"{"msg":"PONG"}"#);
                last_good = table.now.boot;
            }
            stale = stale.or(table.state.desk.link().stale_since(table.now).map(|_| table.now.boot));
        }
        let noticed = stale.unwrap().since(last_good);
        assert!(noticed <= Duration::from_millis(15_500), "dies after {dies_after} s: stale after {noticed:?}");
        let dropped = dropped.unwrap().since(last_good);
        assert!(dropped <= Duration::from_secs(26), "dies after {dies_after} s: dropped after {dropped:?}");
    }
}

#[test]
fn without_answers_to_pings_everything_is_stale_and_then_the_link_is_dropped() {
    let mut world = World::new();
    world.muted = vec!["Ping", "GetUserInfo"];
    world.seconds(16);
    assert!(world.shows("STALE since"), "{}", world.screen());
    world.seconds(10);
    assert!(world.log.iter().any(|line| line == "disconnect"), "{:#?}", world.log);
    world.muted.clear();
    world.seconds(30);
    assert!(world.shows("live"), "{}", world.screen());
}

#[test]
fn an_idle_console_asks_for_a_pong_its_session_and_the_journal_and_has_nothing_to_draw() {
    let mut world = World::new();
    world.seconds(5);
    world.state.repaint = Repaint::Nothing;
    world.log.clear();
    world.seconds(20);
    let each = ["read Ping", "read GetUserInfo", "read unresolved"];
    assert_eq!(world.log, each.repeat(2));
    assert_eq!(world.state.repaint, Repaint::Nothing);
}
