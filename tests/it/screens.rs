//! Whole screens from key strings, one per branch of a dialog. A style hash stands under each, so that a colour that changes
//! is noticed.

use insta::assert_snapshot;
use withdraw_desk::app::words::far_side as words;
use withdraw_desk::app::{Event, Size};
use withdraw_desk::domain::Wanted;
use withdraw_desk::protocol::far_side::close::CloseFrame;
use withdraw_desk::protocol::far_side::http::HttpAnswer;
use withdraw_desk::protocol::{FrameKind, LinkEnd, Target};
use withdraw_desk::simulator::{Book, Exchange, Script};

use crate::world::{Setup, World, exchange};

const WIDE: Size = Size { width: 160, height: 45 };

fn wide() -> World {
    World::with(Setup { size: WIDE, ..Setup::default() }, exchange())
}

#[test]
fn list() {
    assert_snapshot!(World::new().screen());
}

#[test]
fn list_wide() {
    assert_snapshot!(wide().screen());
}

#[test]
fn list_scrolled_to_its_end_without_preview() {
    let mut world = World::new();
    world.press("p G");
    assert_snapshot!(world.screen());
}

#[test]
fn list_narrow() {
    let setup = Setup { size: Size { width: 40, height: 8 }, ..Setup::default() };
    assert_snapshot!(World::with(setup, exchange()).screen());
}

#[test]
fn below_the_smallest_size() {
    let setup = Setup { size: Size { width: 39, height: 8 }, ..Setup::default() };
    assert_snapshot!(World::with(setup, exchange()).screen());
}

#[test]
fn list_of_production_read_only() {
    let setup = Setup { environment: "production", write: false, ..Setup::default() };
    assert_snapshot!(World::with(setup, exchange()).screen());
}

#[test]
fn list_without_failed_tickets() {
    let none = Exchange::new(Book::default(), Script::default());
    assert_snapshot!(World::with(Setup::default(), none).screen());
}

#[test]
fn list_without_a_link() {
    assert_snapshot!(World::with(Setup { is_cut: true, ..Setup::default() }, exchange()).screen());
}

#[test]
fn list_that_is_stale() {
    let mut world = World::new();
    world.muted = vec!["Ping"];
    world.seconds(16);
    assert_snapshot!(world.screen());
}

#[test]
fn list_with_hostile_text() {
    let mut world = World::new();
    world.select_failed(13);
    assert_snapshot!(world.screen());
}

#[test]
fn help() {
    let mut world = World::new();
    world.press("?");
    assert_snapshot!(world.screen());
}

#[test]
fn detail() {
    let mut world = World::new();
    world.press("Enter");
    world.settle();
    assert_snapshot!(world.screen());
}

#[test]
fn scrolling_beyond_the_end_need_not_be_taken_back() {
    let mut world = World::new();
    world.press("Enter");
    world.settle();
    world.press("G j j j");
    let end = world.draw();
    assert!(end.contains("0 below"), "{end}");
    world.press("k");
    assert!(world.draw().contains("1 below"));
    world.press("g");
    assert!(world.draw().contains("0 lines above"));
}

#[test]
fn detail_wide() {
    let mut world = wide();
    world.press("Enter");
    world.settle();
    assert_snapshot!(world.screen());
}

#[test]
fn detail_of_a_ticket_that_cannot_be_read_again() {
    let mut world = World::new();
    world.select_failed(15);
    world.press("Enter");
    world.settle();
    assert_snapshot!(world.screen());
}

#[test]
fn detail_of_a_ticket_that_a_colleague_moved_meanwhile() {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.press("Enter");
    world.settle();
    world.exchange.meddle(ticket.0, "SystemProcessing", world.now.wall);
    world.seconds(1);
    assert_snapshot!(world.screen());
    world.press("r");
    world.settle();
    assert!(!world.shows("! Changed"), "{}", world.screen());
}

// --- the dialog, branch by branch -----------------------------------------------------------------------------------

#[test]
fn dialog_reading() {
    let mut world = World::new();
    world.muted = vec!["GetWithdrawTicket"];
    world.press("x");
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_open() {
    let mut world = World::new();
    world.press("x 90");
    world.settle();
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_open_wide() {
    let mut world = wide();
    world.press("x");
    world.settle();
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_with_a_twin_and_in_production() {
    let mut world = World::with(Setup { environment: "production", ..Setup::default() }, exchange());
    world.select_failed(3);
    world.press("x");
    world.settle();
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_with_a_long_address_holds_all_of_it() {
    let mut world = World::new();
    world.select_failed(19);
    world.press("x");
    world.settle();
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_armed_with_reason_and_note() {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.press(&format!("x {ticket} Tab Right Tab seen Space chat"));
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_enter_without_the_number() {
    let mut world = World::new();
    world.press("x Enter");
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_enter_too_soon() {
    let mut world = World::new();
    world.arm("fine");
    world.burst("Enter");
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_pasted_into() {
    let mut world = World::new();
    world.press("x");
    world.settle();
    world.happen(Event::Pasted("90393".into()));
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_kept() {
    let mut world = World::new();
    world.press("x Esc");
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_confirming() {
    let mut world = World::new();
    world.arm("fine");
    world.muted = vec!["GetWithdrawTicket"];
    world.press("Enter");
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_changed_meanwhile() {
    let mut world = World::new();
    world.muted.push("WithdrawTicketUpdateEvent");
    let ticket = world.arm("fine");
    world.exchange.meddle(ticket.0, "SystemProcessing", world.now.wall);
    world.press("Enter");
    world.settle();
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_not_failed_any_more() {
    let mut world = World::new();
    let ticket = world.select("fine");
    world.cut(true);
    world.exchange.meddle(ticket.0, "SystemProcessing", world.now.wall);
    world.cut(false);
    world.seconds(3);
    world.press("x");
    world.settle();
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_locked_by_a_transaction_id() {
    let mut world = World::new();
    world.select_failed(9);
    world.press("x");
    world.settle();
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_locked_by_another_console() {
    let mut first = World::new();
    let ticket = first.cancel("lost-before");
    let mut second = first.restart();
    second.press("Esc");
    second.select_ticket(ticket);
    second.press("x");
    assert_snapshot!(second.screen());
}

#[test]
fn dialog_rehearsed() {
    let mut world = World::with(Setup { write: false, ..Setup::default() }, exchange());
    let ticket = world.select("fine");
    world.press(&format!("x {ticket} Enter"));
    world.settle();
    assert_snapshot!(world.screen());
}

#[test]
fn dialog_without_a_journal() {
    let mut world = World::new();
    world.arm("fine");
    world.journal.fails =
        Some("/var/journal.jsonl: cannot be written: No space left on device (os error 28)".to_owned());
    world.press("Enter");
    world.settle();
    assert_snapshot!(world.screen());
}

// --- the timeline, outcome by outcome -------------------------------------------------------------------------------

fn timeline(case: &str, seconds: u64) -> String {
    let mut world = World::new();
    world.cancel(case);
    world.seconds(seconds);
    world.screen()
}

#[test]
fn timeline_waiting_for_the_receipt() {
    assert_snapshot!(timeline("slow", 1));
}

#[test]
fn timeline_received_and_followed() {
    let mut world = World::new();
    world.cancel("fine");
    world.millis(300);
    assert_snapshot!(world.screen());
}

#[test]
fn timeline_verified() {
    assert_snapshot!(timeline("fine", 3));
}

#[test]
fn timeline_verified_wide() {
    let mut world = wide();
    world.cancel("fine");
    world.seconds(3);
    assert_snapshot!(world.screen());
}

#[test]
fn timeline_verified_although_refused() {
    assert_snapshot!(timeline("refused-yet-canceled", 3));
}

#[test]
fn timeline_moved() {
    assert_snapshot!(timeline("moves-elsewhere", 3));
}

#[test]
fn timeline_refused() {
    assert_snapshot!(timeline("code-101", 65));
}

#[test]
fn timeline_accepted_not_moved() {
    assert_snapshot!(timeline("never-settles", 65));
}

#[test]
fn timeline_unknown_without_a_reply() {
    assert_snapshot!(timeline("lost-before", 80));
}

#[test]
fn timeline_unknown_after_the_link_dropped() {
    assert_snapshot!(timeline("dropped-before", 80));
}

#[test]
fn timeline_unknown_after_a_server_error() {
    assert_snapshot!(timeline("code-102", 65));
}

#[test]
fn timeline_unclear_plain_text() {
    assert_snapshot!(timeline("plain-text", 2));
}

#[test]
fn timeline_unclear_garbage() {
    assert_snapshot!(timeline("garbage", 2));
}

#[test]
fn timeline_with_a_second_reply() {
    assert_snapshot!(timeline("second-reply", 3));
}

#[test]
fn timeline_with_a_late_reply() {
    let mut world = World::new();
    world.cancel("lost-before");
    let i = world.cancellation().record.i;
    world.seconds(20);
    let reply = r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#;
    world.inject(FrameKind::Reply, i, "CancelFailedWithdrawTicket", reply);
    assert_snapshot!(world.screen());
}

#[test]
fn unresolved_at_start_before_there_is_a_link() {
    let mut world = World::new();
    world.cancel("lost-before");
    world.cut(true);
    assert_snapshot!(world.restart().screen());
}

#[test]
fn unresolved_with_a_journal_that_cannot_be_read() {
    let mut world = World::new();
    let why =
        "journal.jsonl: the record behind number 39 was changed: it does not have the content its hash was made of";
    world.happen(withdraw_desk::app::Event::JournalFailed(why.to_owned()));
    world.press("u");
    assert_snapshot!(world.screen());
}

#[test]
fn unresolved_at_start_read_again() {
    let mut world = World::new();
    world.cancel("lost-before");
    let mut next = world.restart();
    next.seconds(80);
    assert_snapshot!(next.screen());
}

#[test]
fn link() {
    let mut world = World::new();
    world.seconds(12);
    world.press("L");
    assert_snapshot!(world.screen());
}

/// A link that the exchange closed, as another desk logged in.
fn closed_by_another_desk() -> World {
    let mut world = World::new();
    let close = CloseFrame { code: Some(4001), reason: "Logged in \u{1b}[2Jelsewhere".into(), answers_login: false };
    let end = LinkEnd::new(words::closed(&close), close.next());
    let connection = world.state.desk.session().unwrap().connection;
    world.happen(Event::LinkLost { connection, end });
    world
}

#[test]
fn list_whose_link_only_a_person_opens_again() {
    assert_snapshot!(closed_by_another_desk().screen());
}

#[test]
fn link_that_only_a_person_opens_again() {
    let mut world = closed_by_another_desk();
    world.press("L");
    assert_snapshot!(world.screen());
}

#[test]
fn list_whose_link_waits_as_long_as_it_was_asked_to() {
    let mut world = World::new();
    let target = Target::parse("wss://gateway.example.com/WSGateway/").unwrap();
    let retry_after = Some(std::time::Duration::from_secs(120));
    let answer = HttpAnswer { status: 429, retry_after, ..HttpAnswer::default() };
    let end = LinkEnd::new(words::answered(&target, &answer), answer.next());
    let connection = world.state.desk.session().unwrap().connection;
    world.happen(Event::LinkLost { connection, end });
    assert_snapshot!(world.screen());
}

#[test]
fn link_that_was_lost_and_waits() {
    let mut world = World::new();
    world.cut(true);
    world.press("L");
    assert_snapshot!(world.screen());
}

fn asked(wanted: Wanted) -> World {
    let mut world = World::new();
    let connection = world.state.desk.session().expect("a link").connection;
    world.happen(Event::SecretWanted { connection, wanted });
    world
}

#[test]
fn question_for_a_password() {
    assert_snapshot!(asked(Wanted::Password { user: "operator".to_owned() }).screen());
}

#[test]
fn question_for_a_code_begun() {
    let mut world = asked(Wanted::LoginCode { kind: Some("Google".into()) });
    world.press("235991");
    assert_snapshot!(world.screen());
}

#[test]
fn no_size_panics() {
    let empty = || World::with(Setup::default(), Exchange::new(Book::default(), Script::default()));
    let mut dialog = World::new();
    dialog.press("x 903");
    let mut timeline = World::new();
    timeline.cancel("code-101");
    let mut detail = World::new();
    detail.press("Enter G");
    let mut help = World::new();
    help.press("? j j j");
    let mut unresolved = World::new();
    unresolved.cancel("lost-before");
    unresolved.press("Esc u");
    let first = [World::new(), empty(), dialog, timeline].map(Box::new);
    let worlds = first.into_iter().chain([detail, help, unresolved].map(Box::new));
    for mut world in worlds {
        for width in [1, 2, 39, 40, 41, 49, 50, 70, 80, 119, 120, 160, 300] {
            for height in (1..30).chain([45, 100]) {
                world.happen(Event::Resized(Size { width, height }));
                world.screen();
            }
        }
    }
}
