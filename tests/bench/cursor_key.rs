//! Processor time of a cursor key, from the key to the last byte of its frame, at 1,000 and at 10,000 failed tickets.
//!
//! `cargo bench --bench cursor_key`. It judges nothing: figures of a busy machine say little, their ratio says more.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a bench prints its figures, and ends where it cannot go on"
)]

use std::io::sink;

use jiff::Timestamp;
use ratatui::backend::CrosstermBackend;
use rustix::time::{ClockId, clock_gettime};
use withdraw_desk::app::console::keymap::Keymap;
use withdraw_desk::app::desk::order::Order;
use withdraw_desk::app::desk::settings::Settings;
use withdraw_desk::app::event::Way;
use withdraw_desk::app::{Console, Desk, Event, Repaint, Size, State, update};
use withdraw_desk::domain::{Boot, ConnectionId, Now, UserId};
use withdraw_desk::protocol::rpc::authenticate_user::LoggedIn;
use withdraw_desk::protocol::{Frame, FrameKind};
use withdraw_desk::runtime::terminal_screen::TerminalScreen;

const KEYS: u32 = 2_000;

/// A state with so many failed tickets on its list, as events bring them.
fn listed(count: u64) -> (State, Now) {
    let now = Now { wall: Timestamp::UNIX_EPOCH, boot: Boot::default() };
    let console = Console::new(Keymap::built_in().expect("the built-in keys"));
    let desk = Desk::new(Settings::of("bench", "bench"));
    let mut state = State::new(desk, console, Size { width: 80, height: 24 }, now);
    let connection = ConnectionId(1);
    let _ = state.tell(Order::Start, now);
    let user = LoggedIn { user: Some(UserId(1)), user_name: None, oms: None };
    let opened = Event::LinkOpened { connection, host: "bench".to_owned(), user, way: Way::Password };
    let _ = update(&mut state, opened, now);
    for number in 1..=count {
        let payload = format!(
            r#"{{"TicketNumber":{number},"Status":"Failed","AccountId":{},"RequestCode":"c{number}","AssetId":1,"Amount":{}.5}}"#,
            number % 40,
            number % 977
        );
        let name = "WithdrawTicketUpdateEvent".to_owned();
        let frame = Frame { kind: FrameKind::Event, id: withdraw_desk::domain::CallId(0), name, payload };
        let _ = update(&mut state, Event::FrameArrived { connection, frame }, now);
    }
    assert_eq!(state.desk.list().tickets().rows(), usize::try_from(count).expect("a small count"));
    (state, now)
}

/// Microseconds of processor time a key, over many keys up and down.
fn measure(count: u64) -> i64 {
    let (mut state, now) = listed(count);
    let mut screen = TerminalScreen::new(CrosstermBackend::new(sink()));
    screen.draw(&state, Repaint::All).expect("nothing fails to be written nowhere");
    let before = clock_gettime(ClockId::ProcessCPUTime);
    for nth in 0..KEYS {
        let key = if nth / 500 % 2 == 0 { "j" } else { "k" };
        let _ = update(&mut state, Event::KeyPressed(key.parse().expect("a key")), now);
        screen.draw(&state, Repaint::Changes).expect("nothing fails to be written nowhere");
    }
    let after = clock_gettime(ClockId::ProcessCPUTime);
    let nanos = (after.tv_sec - before.tv_sec) * 1_000_000_000 + (after.tv_nsec - before.tv_nsec);
    nanos / i64::from(KEYS) / 1_000
}

fn main() {
    for count in [1_000, 10_000] {
        println!("{count} failed tickets: {} us of processor a cursor key, frame included", measure(count));
    }
}
