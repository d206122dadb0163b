//! The operator of a schedule: looks at the screen and presses what leads to a cancel, to a release, or back.

use fastrand::Rng;
use withdraw_desk::app::State;
use withdraw_desk::app::console::screens::Screen;
use withdraw_desk::app::console::screens::release::Release;
use withdraw_desk::app::desk::cancels::attempt::{Stage, needs_word};
use withdraw_desk::app::words::release::ReleaseField;

use crate::world::{Delivery, Unseen};

/// Keys of a storm; without those that leave.
const STORM: [&str; 20] = [
    "Enter",
    "Enter",
    "Enter",
    "x",
    "Esc",
    "Tab",
    "BackTab",
    "j",
    "k",
    "g",
    "G",
    "r",
    "u",
    "R",
    "9",
    "0",
    "1",
    "Backspace",
    "C-z",
    "?",
];

/// The next deed of the operator of console `at`, if any.
pub fn next(at: usize, state: &State, random: &mut Rng) -> Option<Delivery> {
    let keys = |keys: &str| Some(Delivery::Keys { console: at, keys: keys.to_owned(), after_a_pause: true });
    let Some(screen) = state.console.top() else {
        return match state.console.list.selection.ticket {
            _ if stands_open(state) && random.bool() => keys("u"),
            Some(_) if random.u8(0..6) > 0 => keys("x"),
            _ => keys(["g", "j", "G", "u", "r", "Enter", "/", "s", "S", "n", "Esc"][random.usize(..11)]),
        };
    };
    match screen {
        Screen::Filter(_) => keys(["9", "Tab", "Backspace", "Down", "Enter", "Esc"][random.usize(..6)]),
        Screen::Detail(_) => keys(["Esc", "x", "r"][random.usize(..3)]),
        Screen::Cancel(dialog) => {
            match state.desk.cancels().attempt().map(|attempt| (&attempt.stage, attempt.ticket)) {
                Some((Stage::Shown(fresh), ticket)) if dialog.typed.number == ticket.to_string() => {
                    let lacks_word = needs_word(&fresh.ticket) && dialog.typed.word.is_empty();
                    if lacks_word && random.bool() { keys("Tab checked") } else { keys("Enter") }
                }
                Some((Stage::Shown(_), ticket)) if dialog.typed.number.is_empty() => match random.u8(0..8) {
                    // In a hurry.
                    0 => keys(&format!("{ticket} Enter")),
                    _ => keys(&ticket.to_string()),
                },
                Some((Stage::Shown(_), _)) => keys("Backspace"),
                Some((Stage::Reading | Stage::Confirming(..) | Stage::Opening(_), _)) if random.u8(0..8) > 0 => None,
                _ => keys("Esc"),
            }
        }
        Screen::Timeline(_) => keys(["Esc", "Esc", "r", "R"][random.usize(..4)]),
        Screen::Unresolved(_) if stands_open(state) => keys(["R", "R", "Esc", "Enter", "j"][random.usize(..5)]),
        Screen::Unresolved(_) | Screen::Link(_) | Screen::Find(_) | Screen::Help(_) | Screen::Secret(_) => keys("Esc"),
        Screen::Release(dialog) => keys(&release(dialog, state, random)),
    }
}

fn release(dialog: &Release, state: &State, random: &mut Rng) -> String {
    let ticket = state.desk.cancels().get(dialog.intent).map(|cancellation| cancellation.ticket().to_string());
    let order = &dialog.typed;
    let is_complete = !order.number.is_empty() && !order.reason.is_empty() && !order.word.is_empty();
    match dialog.field {
        _ if random.u8(0..16) == 0 => "Esc".to_owned(),
        ReleaseField::Number if order.number.is_empty() => ticket.unwrap_or_default(),
        ReleaseField::Reason if order.reason.is_empty() => "because".to_owned(),
        ReleaseField::Word if order.word.is_empty() => {
            ["early", "early", "later", "Enter"][random.usize(..4)].to_owned()
        }
        _ if is_complete => "Enter".to_owned(),
        _ => ["Tab", "Tab", "Tab", "Enter"][random.usize(..4)].to_owned(),
    }
}

/// True while a cancel waits for its release, or its end.
fn stands_open(state: &State) -> bool {
    state.desk.cancels().all().any(|cancellation| cancellation.holds() && cancellation.outcome.is_some())
}

/// An order of somebody without a screen, who does not always type what is wanted.
pub fn unseen(tickets: usize, random: &mut Rng) -> Unseen {
    match random.u8(0..10) {
        0..4 => Unseen::Choose(random.usize(..tickets)),
        4..6 => Unseen::Confirm,
        6 | 7 => Unseen::ConfirmUntyped,
        8 => Unseen::ConfirmWithoutWord,
        _ => Unseen::Keep,
    }
}

/// A storm of keys without a pause between them.
pub fn storm(at: usize, random: &mut Rng) -> Delivery {
    let keys: Vec<&str> = (0..random.usize(1..12)).map(|_| STORM[random.usize(..STORM.len())]).collect();
    Delivery::Keys { console: at, keys: keys.join(" "), after_a_pause: random.bool() }
}
