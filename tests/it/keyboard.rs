//! One keyboard for all fields: pastes into each of them and elsewhere, and what takes text back.

use rstest::rstest;
use withdraw_desk::app::console::screens::Screen;
use withdraw_desk::app::{Event, Size};
use withdraw_desk::domain::{ConnectionId, TicketNumber, Wanted};
use withdraw_desk::journal::Fact;
use withdraw_desk::runtime::key_bytes::KeyBytes;

use crate::world::{Setup, World};

fn paste(world: &mut World, text: &str) {
    world.happen(Event::PasteBegun);
    world.happen(Event::Pasted(text.into()));
}

/// The cancel dialog of a ticket, with a fresh read.
fn dialog() -> (World, TicketNumber) {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.press("x");
    world.settle();
    (world, ticket)
}

/// The release dialog of a cancel that stands open.
fn release() -> (World, TicketNumber) {
    let mut world = World::new();
    let ticket = world.cancel("lost-before");
    world.seconds(90);
    world.press("Esc u R");
    world.settle();
    (world, ticket)
}

/// The dialog of a ticket that wants the second word, armed but for that word, which has the focus.
fn second_word() -> (World, TicketNumber) {
    let mut world = World::with(Setup { allow_tx: true, ..Setup::default() }, crate::world::exchange());
    let ticket = world.select_failed(9);
    world.press(&format!("x {ticket} Tab"));
    (world, ticket)
}

/// The question for a password.
fn secret() -> (World, TicketNumber) {
    let mut world = World::new();
    let wanted = Wanted::Password { user: "op".to_owned() };
    world.happen(Event::SecretWanted { connection: ConnectionId(1), wanted });
    (world, TicketNumber(90_393))
}

fn on(keys: &str) -> (World, TicketNumber) {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.press(keys);
    world.settle();
    (world, ticket)
}

#[test]
fn a_note_is_pasted_without_its_line_ends_and_goes_to_the_journal() {
    let (mut world, ticket) = dialog();
    world.press(&format!("{ticket} Tab Tab"));
    paste(&mut world, "asked by\nthe customer\u{3}\n");
    assert!(world.shows("Note      asked bythe customer_"), "{}", world.screen());
    assert!(world.shows("Line ends and control characters of the pasted text were left out."));
    world.press("Enter");
    world.seconds(3);
    let facts = world.journal.facts();
    assert!(matches!(&facts[0], Fact::Intent(intent) if intent.note == "asked bythe customer"), "{facts:?}");
}

#[test]
fn a_paste_that_does_not_fit_is_cut_with_a_sentence() {
    let (mut world, _) = dialog();
    world.press("Tab Tab x");
    paste(&mut world, &"y".repeat(300));
    let Some(Screen::Cancel(dialog)) = world.state.console.top() else { panic!() };
    assert_eq!(dialog.typed.decision.note, format!("x{}", "y".repeat(199)));
    let said = world.state.console.hint().unwrap();
    assert!(said.contains("its end was left out. This field has 200 characters at the most"), "{said}");
}

#[test]
fn what_was_pasted_is_shown_inert() {
    let (mut world, _) = dialog();
    world.press("Tab Tab");
    paste(&mut world, "a\u{202e}b");
    assert!(world.shows("Note      a<U+202E>b_"), "{}", world.screen());
}

#[test]
fn a_reason_is_pasted_and_the_words_that_arm_a_release_are_not() {
    let (mut world, ticket) = release();
    paste(&mut world, &ticket.to_string());
    assert!(world.shows("this field arms"), "{}", world.screen());
    world.press("Tab");
    paste(&mut world, "told by the exchange\r\n");
    world.press("Tab");
    paste(&mut world, "early");
    assert!(world.shows("this field arms"), "{}", world.screen());
    let Some(Screen::Release(dialog)) = world.state.console.top() else { panic!() };
    let typed = &dialog.typed;
    assert_eq!((&*typed.number, &*typed.reason, &*typed.word), ("", "told by the exchange", ""));
}

#[rstest]
#[case::digits("90393", "90393_")]
#[case::line_end("90393\r\n", "90393_")]
#[case::within_words(" ticket #90393, please", "90393_")]
#[case::two_numbers("90393 90391", "_   Pasted text is ignored: it is not one number.")]
#[case::none("ticket", "_   Pasted text is ignored: it is not one number.")]
#[case::too_many_digits("12345678901234567890", "_   Pasted text is ignored: no number has more than 19 digits.")]
fn the_field_for_a_ticket_takes_the_number_of_a_paste(#[case] pasted: &str, #[case] shown: &str) {
    let (mut world, _) = on("#");
    paste(&mut world, pasted);
    assert!(world.shows(&format!("Ticket number: {shown}")), "{}", world.screen());
    assert!(matches!(world.state.console.top(), Some(Screen::Find(_))), "only Enter opens it");
}

#[rstest]
#[case::list("Esc")]
#[case::detail("Enter")]
#[case::help("?")]
#[case::unresolved("u")]
#[case::link("L")]
fn a_paste_where_no_field_is_open_is_ignored_with_a_sentence(#[case] keys: &str) {
    let (mut world, _) = on(keys);
    let before = format!("{:?}", world.state.console.over().collect::<Vec<_>>());
    paste(&mut world, "xq\rx90393\r");
    assert!(world.shows("Pasted text is ignored. Type what you mean."), "{}", world.screen());
    assert_eq!(format!("{:?}", world.state.console.over().collect::<Vec<_>>()), before);
}

#[test]
fn a_paste_into_a_window_that_is_too_small_goes_nowhere() {
    let (mut world, _) = dialog();
    world.press("Tab Tab");
    world.happen(Event::Resized(Size { width: 39, height: 7 }));
    world.press("Tab Tab");
    paste(&mut world, "unseen");
    let Some(Screen::Cancel(dialog)) = world.state.console.top() else { panic!() };
    assert_eq!(dialog.typed.decision.note, "");
}

#[rstest]
#[case::line("9 0 3 C-u", "")]
#[case::word("9 0 3 C-w", "")]
#[case::character("9 0 3 Backspace", "90")]
#[case::nothing("Backspace C-w C-u", "")]
fn the_number_is_taken_back(#[case] keys: &str, #[case] left: &str) {
    let (mut world, _) = dialog();
    world.press(keys);
    let Some(Screen::Cancel(dialog)) = world.state.console.top() else { panic!() };
    assert_eq!(dialog.typed.number, left);
}

#[rstest]
#[case::line("C-u", "")]
#[case::word("C-w", "one Space ")]
fn a_note_and_a_reason_are_taken_back(#[case] key: &str, #[case] left: &str) {
    let left = left.replace(" Space ", " ");
    let (mut world, _) = dialog();
    world.press(&format!("Tab Tab one Space two {key}"));
    let Some(Screen::Cancel(cancel)) = world.state.console.top() else { panic!() };
    assert_eq!(cancel.typed.decision.note, left);
    let (mut world, _) = release();
    world.press(&format!("Tab one Space two {key}"));
    let Some(Screen::Release(release)) = world.state.console.top() else { panic!() };
    assert_eq!(release.typed.reason, left);
}

/// Pieces of which a hostile paste is made: marks, keys that act, and words that arm.
const PIECES: [&str; 20] = [
    "\u{1b}[201~",
    "\u{1b}[200~",
    "\u{1b}[20",
    "1~",
    "\r",
    "\n",
    "\t",
    "\u{1b}",
    "\u{3}",
    "q",
    "x",
    "#",
    "checked",
    "early",
    "\u{1b}[13u",
    "\u{1b}[27;1;13~",
    "\u{1b}OM",
    "\u{1b}]11;",
    "\u{1b}[Z",
    "TICKET",
];

/// Everything that must be as it was: the screens, with what was typed to arm, and what left.
fn standing(world: &World) -> String {
    let screens = world.state.console.over().map(|screen| match screen {
        Screen::Cancel(dialog) => {
            let (typed, field) = (&dialog.typed, dialog.field);
            format!("cancel {field:?} {:?} {:?} {:?}", typed.number, typed.word, typed.decision.reason)
        }
        Screen::Release(dialog) => {
            format!("release {:?} {:?} {:?}", dialog.field, dialog.typed.number, dialog.typed.word)
        }
        screen => screen.name().to_owned(),
    });
    let screens: Vec<String> = screens.collect();
    let attempt = world.state.desk.cancels().attempt().map(|attempt| std::mem::discriminant(&attempt.stage));
    let (sent, written) = (world.exchange.all_cancel_frames(), world.journal.kinds());
    format!("{screens:?} {attempt:?} {sent} {written:?} {}", world.state.desk.is_leaving())
}

#[rstest]
#[case::list(on("Esc"))]
#[case::detail(on("Enter"))]
#[case::find(on("#"))]
#[case::number(dialog())]
#[case::armed(armed())]
#[case::reason(after(dialog(), "Tab"))]
#[case::note(after(dialog(), "Tab Tab"))]
#[case::second_word(second_word())]
#[case::release(release())]
#[case::release_reason(after(release(), "Tab"))]
#[case::release_word(after(release(), "Tab because Tab"))]
#[case::secret(secret())]
fn no_bytes_with_a_paste_around_them_arm_act_or_send_however_they_arrive(#[case] world: (World, TicketNumber)) {
    let (mut world, ticket) = world;
    let mut random = fastrand::Rng::with_seed(7);
    let before = standing(&world);
    for _ in 0..300 {
        let pieces: String = (0..random.usize(0..12)).map(|_| PIECES[random.usize(..PIECES.len())]).collect();
        let bytes = format!("\u{1b}[200~{pieces}\u{1b}[201~").replace("TICKET", &ticket.to_string());
        let mut parser = KeyBytes::default();
        let mut rest = bytes.as_bytes();
        while !rest.is_empty() {
            let (read, behind) = rest.split_at(random.usize(1..=rest.len()));
            parser.take(read, world.now.boot).into_iter().for_each(|press| world.happen(press.into()));
            rest = behind;
        }
        assert!(parser.patience().is_some());
        // A pause after which an Enter would count.
        world.millis(301);
        parser.end().into_iter().for_each(|press| world.happen(press.into()));
        assert_eq!(standing(&world), before, "{bytes:?}");
    }
}

fn after(world: (World, TicketNumber), keys: &str) -> (World, TicketNumber) {
    let (mut world, ticket) = world;
    world.press(keys);
    (world, ticket)
}

fn armed() -> (World, TicketNumber) {
    let (world, ticket) = dialog();
    after((world, ticket), &ticket.to_string())
}
