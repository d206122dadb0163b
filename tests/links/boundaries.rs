//! The link is reset at every boundary between two frames of a whole session, in both directions, and within every frame.

use withdraw_desk::app::Desk;
use withdraw_desk::domain::Outcome;

use crate::console::Office;
use crate::network::{Trick, WAYS, Way};
use crate::seeds::say;
use crate::time;

/// Long enough for the other link, the follow time and its end.
const SECONDS: u64 = 150;

async fn session(trick: Option<(Way, usize, Trick)>) -> (Office, Desk) {
    let mut office = Office::new(45, &["{}"]);
    let ticket = office.failed(1).await;
    if let Some((way, unit, trick)) = trick {
        office.network.plan(0, way, unit, trick);
    }
    let desk = office.work(ticket, SECONDS, |_, _| {}).await;
    office.check_rest(&desk).await;
    (office, desk)
}

/// The units of a session without faults, up to its verified cancel.
fn units() -> [usize; 2] {
    time::run(async {
        let (office, _) = session(None).await;
        WAYS.map(|way| office.network.units_until_ping(way))
    })
}

#[test]
fn a_reset_at_any_frame_boundary_or_within_any_frame_sends_no_cancel_twice_and_leaves_nothing_open() {
    let (mut runs, mut sent, mut unknown) = (0, 0, 0);
    for (way, units) in WAYS.into_iter().zip(units()) {
        assert!(units > 12, "{units} units {way:?}: no whole session");
        for unit in 0..=units {
            for trick in [Trick::ResetBefore, Trick::ResetWithin] {
                let outcome = time::run(async {
                    let (office, desk) = session(Some((way, unit, trick.clone()))).await;
                    let outcomes: Vec<_> = desk.cancels().all().map(|cancellation| cancellation.outcome).collect();
                    let (arrived, frames) = office.cancel_frames().await;
                    assert_eq!(frames, 1, "{way:?} {unit} {trick:?}: {outcomes:?}");
                    sent += frames;
                    let wanted = if arrived == 1 { Outcome::Verified } else { Outcome::Unknown };
                    let last = outcomes.into_iter().flatten().find(|outcome| *outcome != Outcome::NotSent);
                    assert_eq!(last, Some(wanted), "{way:?} {unit} {trick:?}");
                    wanted
                });
                runs += 1;
                unknown += usize::from(outcome == Outcome::Unknown);
            }
        }
    }
    say(&format!(
        "{runs} sessions reset at or within a frame, {sent} cancel frames, {unknown} of them lost on the way"
    ));
    // The cancel itself was cut off, before it and within it.
    assert!(unknown >= 2);
}
