//! A long list over a bad link: 20,000 tickets, slow pages, more tickets on their way, the link cut again and again. What was
//! listed in the end is compared with the exchange's own book by `check_rest`: every failed ticket, and each of them once.

use std::time::Duration;

use fastrand::Rng;
use withdraw_desk::app::Desk;
use withdraw_desk::app::desk::link::Phase;
use withdraw_desk::app::desk::list::scan::ScanPhase;

use crate::console::Office;
use crate::network::{Network, Way};
use crate::time;

const TICKETS: u64 = 20_000;
const ARRIVALS: u64 = 120;
/// Cuts, and seconds between them: a minute.
const CUTS: u64 = 30;
const EVERY: Duration = Duration::from_secs(2);
/// A while after the last cut, and after the last ticket arrived.
const SECONDS: u64 = 150;

/// The conduct of an exchange that takes its time over a page.
fn slow(start_from: &str, sessions: &str) -> String {
    format!(
        r#"{{"links":{{"delay-ms":{{"GetAllWithdrawTickets":150}}}},"list":{{"start-from":"{start_from}"}},
        "sessions":{sessions},"arrivals":{{"every-ms":500,"times":{ARRIVALS}}}}}"#
    )
}

/// Pages take up to a quarter of a second longer than the exchange does.
fn dawdle(network: &Network, random: &mut Rng) {
    let late = Duration::from_millis(random.u64(0..250));
    network.turn(|weather| weather.delay[Way::In as usize] = late);
}

async fn cut_for_a_minute(network: Network) {
    let mut random = Rng::with_seed(3);
    for _ in 0..CUTS {
        dawdle(&network, &mut random);
        tokio::time::sleep(EVERY).await;
        network.cut();
    }
    network.heal();
}

/// Complete down to the first ticket there is, and past all that was there at the start.
async fn check_complete(office: &Office, desk: &Desk) {
    assert_eq!(desk.list().scan().phase, ScanPhase::Complete);
    let all = usize::try_from(TICKETS).unwrap();
    assert!(desk.list().scan().read() >= all, "{} read", desk.list().scan().read());
    assert_eq!(desk.list().scan().back_to().map(|number| number.0), Some(90_001));
    office.check_rest(desk).await;
}

async fn is_complete_although_the_link_is_cut(start_from: &str) {
    let mut office = Office::with_list(TICKETS, ARRIVALS, &slow(start_from, "{}"));
    tokio::spawn(cut_for_a_minute(office.network.clone()));
    // A reading still has, when it goes on, what it had when its link was lost.
    let (mut most, mut restarts, mut pauses) = (0, 0, 0);
    let (mut was_paused, mut was_complete) = (false, false);
    let desk = office
        .idle(SECONDS, |desk, _| {
            let is_paused = desk.list().scan().phase == ScanPhase::Paused;
            pauses += u32::from(is_paused && !was_paused && desk.list().scan().read() > 0);
            was_paused = is_paused;
            // Once complete, the whole list is read again for what changed while it was cut.
            restarts += u32::from(desk.list().scan().read() < most && most > 400 && !was_complete);
            (most, was_complete) = (desk.list().scan().read(), desk.list().scan().phase == ScanPhase::Complete);
        })
        .await;
    check_complete(&office, &desk).await;
    assert!(office.network.links() > 5, "{} links", office.network.links());
    assert!(pauses >= 2, "{pauses} pauses");
    assert_eq!(restarts, 0, "what was read was read again from the start");
}

#[test]
fn a_list_from_the_newest_is_complete_although_the_link_is_cut_every_two_seconds_for_a_minute() {
    time::run(is_complete_although_the_link_is_cut("newest"));
}

#[test]
fn a_list_from_the_oldest_is_complete_although_the_link_is_cut_every_two_seconds_for_a_minute() {
    time::run(is_complete_although_the_link_is_cut("oldest"));
}

#[test]
fn a_session_that_expires_in_the_middle_of_the_list_is_renewed_and_the_list_is_complete() {
    time::run(async {
        let conduct = slow("newest", r#"{"expire-after-calls":60}"#);
        let mut office = Office::with_list(TICKETS, ARRIVALS, &conduct);
        let mut whys = Vec::new();
        let desk = office
            .idle(SECONDS, |desk, _| {
                if let Phase::Waiting { why, .. } = desk.link().phase()
                    && whys.last() != Some(why)
                {
                    whys.push(why.clone());
                }
            })
            .await;
        check_complete(&office, &desk).await;
        assert!(office.network.links() > 1, "no session expired");
        assert!(whys.iter().all(|why| why.contains("does not know this session any more")), "{whys:?}");
    });
}
