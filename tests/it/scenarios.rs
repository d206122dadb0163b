//! Every scenario that ships, played to the console: it shows the right value of the fault that it stages.

use rstest::rstest;
use withdraw_desk::app::Size;
use withdraw_desk::app::desk::list::scan::ScanPhase;
use withdraw_desk::app::desk::tickets::{Cut, MOST_BYTES};
use withdraw_desk::domain::{Outcome, TicketNumber};
use withdraw_desk::simulator::scenarios::{self, SCENARIOS};
use withdraw_desk::simulator::{Book, Exchange, Script};

use crate::world::{Setup, World, start};

/// Staged by links, handshakes, TLS, logins and cancels: their tests are `far_side`, `simulated_links`, `simulated_tls`, `cancels`.
const OF_LINKS: &[&str] = &[
    "binary-messages",
    "close-at-the-login",
    "close-elsewhere",
    "close-later",
    "close-restart",
    "demo",
    "faults",
    "garbled-messages",
    "handshake-forms",
    "handshake-of-another",
    "http-forbidden",
    "http-moved",
    "http-too-many",
    "http-unavailable",
    "limit-ignored",
    "mangled-names",
    "marked-messages",
    "one-at-a-time",
    "one-at-a-time-unsaid",
    "rough",
    "second-factor",
    "tls-address-as-name",
    "tls-damaged-bundle",
    "tls-expired",
    "tls-killed",
    "tls-not-yet-valid",
    "tls-other-authority",
    "tls-other-name",
    "tls-self-signed",
    "tls-self-signed-authority",
    "too-long-pages",
];

/// Those of rows and lists, which are played here.
const HERE: &[&str] = &[
    "amount-null",
    "colleague",
    "comments-newest-first",
    "event-flood",
    "letters-of-no-width",
    "list-as-object",
    "long-memo",
    "look-alike-addresses",
    "many-comments",
    "odd-fields",
    "reads-after-cancel-fail",
    "start-ignored",
    "times-in-other-forms",
    "transaction-elsewhere",
    "unreadable-rows",
];

#[test]
fn every_scenario_of_the_list_is_played_by_a_test() {
    let mut played: Vec<&str> = OF_LINKS.iter().chain(HERE).copied().collect();
    played.sort_unstable();
    assert_eq!(played, SCENARIOS.map(|(name, _)| name));
}

fn playing(name: &str) -> World {
    let book = Book::new(1, 400, start());
    let script = Script::parse(scenarios::text(name).unwrap(), &book).unwrap();
    let size = Size { width: 120, height: 40 };
    World::with(Setup { size, ..Setup::default() }, Exchange::new(book, script))
}

/// How many tickets of the exchange are failed.
fn failed(world: &World) -> usize {
    (1..=1_000).take_while(|nth| world.exchange.failed(*nth).is_some()).count()
}

/// The n-th failed ticket of the exchange, with the cursor on it.
fn on_failed(world: &mut World, nth: usize) -> TicketNumber {
    let number = TicketNumber(world.exchange.failed(nth).unwrap());
    world.select_ticket(number);
    number
}

#[track_caller]
fn sees(world: &World, wanted: &[&str]) {
    for text in wanted {
        assert!(world.shows(text), "{text:?} is not there:\n{}", world.screen());
    }
}

#[rstest]
#[case::an_id_with_a_fraction("odd-fields", 1, &["ODD", "AccountId 7.0"])]
#[case::half_an_emoji("odd-fields", 2, &["U!", "half <U+D83D> of it"])]
#[case::an_amount_with_commas("odd-fields", 3, &["1,234.56"])]
#[case::an_amount_that_is_an_object("odd-fields", 4, &["ODD", "Amount {\"value\": 5}"])]
#[case::no_status("odd-fields", 6, &["??", "its status cannot be read"])]
#[case::names_left_out("odd-fields", 7, &["to   "])]
#[case::newest_first("comments-newest-first", 1, &["why  the newest reason"])]
#[case::details_as_a_list("list-as-object", 1, &["end of list"])]
#[case::cyrillic("look-alike-addresses", 1, &["U!", "to   bc1q<U+0430>r0srrr7"])]
#[case::digits("look-alike-addresses", 2, &["U!", "to   <U+0661><U+0662>"])]
#[case::right_to_left("look-alike-addresses", 3, &["U!", "to   <U+05E9>"])]
#[case::joined("look-alike-addresses", 4, &["U!", "to   <U+0E01><U+0E33>"])]
#[case::two_vowels("letters-of-no-width", 1, &["U!", "ac<U+1161>me<U+D7B0>"])]
#[case::many_vowels("letters-of-no-width", 2, &["U!", "<U+1161><U+1161>"])]
#[case::in_comments("letters-of-no-width", 3, &["U!", "why  <U+1161><U+0301><U+200D>Withdraw Failed"])]
#[case::marks("letters-of-no-width", 4, &["U!", "<U+0301><U+0301>"])]
#[case::prepended("letters-of-no-width", 6, &["U!", "<U+0D4E><U+0D4E>"])]
#[case::joiners("letters-of-no-width", 7, &["U!", "<U+200D>"])]
#[case::flags("letters-of-no-width", 8, &["U!", "<U+1F1E8>"])]
#[case::in_a_comment("transaction-elsewhere", 1, &["TX!", "LOCKED: money may have left"])]
#[case::under_another_key("transaction-elsewhere", 2, &["TX!", "9f2c0160cd", "LOCKED: money may have left"])]
fn an_odd_ticket_is_on_the_list_and_says_what_is_odd(#[case] name: &str, #[case] nth: usize, #[case] wanted: &[&str]) {
    let mut world = playing(name);
    on_failed(&mut world, nth);
    sees(&world, wanted);
    assert_eq!(world.state.desk.list().tickets().rows(), failed(&world), "{}", world.screen());
}

#[test]
fn times_in_every_form_have_an_age() {
    let mut world = playing("times-in-other-forms");
    for nth in 1..=5 {
        let number = on_failed(&mut world, nth);
        let ticket = world.state.desk.list().tickets().get(number).unwrap();
        assert!(ticket.times.created.is_some(), "{nth}: {:?}", ticket.times);
        sees(&world, &["made 2023-02-28"]);
    }
}

#[test]
fn rows_that_are_no_tickets_are_counted() {
    let world = playing("unreadable-rows");
    sees(&world, &["2 rows unreadable"]);
    assert_eq!(world.state.desk.list().tickets().rows(), failed(&world) - 2);
}

#[test]
fn a_list_that_begins_anew_on_every_page_is_counted_truly_and_not_called_whole() {
    let mut world = playing("start-ignored");
    world.seconds(60);
    let scan = world.state.desk.list().scan();
    assert!(scan.read_so_far() <= 200, "{}", world.screen());
    assert!(scan.phase != ScanPhase::Complete && !world.shows("end of list"), "{}", world.screen());
}

#[test]
fn a_memo_of_2_kb_is_scrolled_through_and_arms() {
    let mut world = playing("long-memo");
    let number = on_failed(&mut world, 1);
    world.press("x");
    for _ in 0..40 {
        world.draw();
        world.press("PageDown");
    }
    world.press(&number.to_string());
    world.draw();
    sees(&world, &["ARMED"]);
}

#[test]
fn nobody_arms_on_an_amount_that_is_not_told_by_the_number_alone() {
    let mut world = playing("amount-null");
    let number = on_failed(&mut world, 1);
    world.press(&format!("x {number}"));
    sees(&world, &["does not tell the amount"]);
    assert!(!world.shows("ARMED:"), "{}", world.screen());
}

#[test]
fn a_colleague_who_takes_the_ticket_disarms_the_dialog() {
    let mut world = playing("colleague");
    let number = on_failed(&mut world, 1);
    world.press(&format!("x {number}"));
    let armed = world.screen();
    world.seconds(20);
    let shown = world.screen();
    assert!(armed.contains("ARMED") && shown.contains("mlopez"), "{armed}\n{shown}");
    world.press("Enter");
    world.settle();
    assert_eq!(world.exchange.all_cancel_frames(), 0, "{}", world.screen());
}

#[rstest]
#[case("unanswered")]
#[case("refused")]
#[case("garbage")]
fn an_accepted_cancel_of_which_no_read_is_good_any_more_is_unknown(#[case] case: &str) {
    let mut world = playing("reads-after-cancel-fail");
    world.cancel(case);
    world.seconds(100);
    assert_eq!(world.outcome(), Some(Outcome::Unknown), "{}", world.screen());
    assert!(!world.screen().to_lowercase().contains("still failed"), "{}", world.screen());
}

#[test]
fn of_a_quarter_million_comments_the_newest_are_kept_and_all_are_counted() {
    let mut world = playing("many-comments");
    let number = on_failed(&mut world, 1);
    world.press("Enter");
    world.settle();
    world.draw();
    world.press("G");
    let end = world.draw();
    world.press("Esc");
    sees(&world, &["comments 250000 (200 kept)"]);
    assert!(end.contains("NOT ALL of it"), "{end}");
    let ticket = world.state.desk.list().tickets().get(number).unwrap();
    assert_eq!((ticket.comments.len(), ticket.comments.last().and_then(|last| last.id)), (200, Some(250_000)));
}

#[test]
fn a_flood_of_failed_tickets_fills_no_more_than_the_limit_and_the_list_says_so() {
    let mut world = playing("event-flood");
    for _ in 0..100 {
        world.millis(20);
        let tickets = world.state.desk.list().tickets();
        assert!(tickets.bytes() <= MOST_BYTES);
        if tickets.cut().is_some() {
            break;
        }
    }
    assert_eq!(world.state.desk.list().tickets().cut(), Some(Cut::Bytes), "{}", world.screen());
    sees(&world, &["CUT at 256 MB of failed tickets"]);
    world.press("?");
    sees(&world, &["Ticket number"]);
}
