//! Failures of the network and of the gateway, by name. What must hold in all of them is checked by `watch` all along: stale
//! within 15 s, dropped at the second miss, tried again in bounds, no call without an end, one frame per intent.

use std::time::Duration;

use withdraw_desk::app::Desk;
use withdraw_desk::app::desk::link::Phase;
use withdraw_desk::domain::{Now, Outcome, Receipt};

use crate::console::Office;
use crate::network::{Door, Network, Trick, Way};
use crate::time::{self, Clock};

/// The link as an operator sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    Live,
    Stale,
    Down,
}

/// Each sight of the link, and when it was seen, in seconds.
struct Diary {
    clock: Clock,
    seen: Vec<(f64, Sight)>,
}

impl Diary {
    fn of(office: &Office) -> Self {
        Self { clock: office.clock, seen: Vec::new() }
    }

    fn see(&mut self, desk: &Desk, now: Now) {
        let sight = match (desk.link().phase(), desk.link().stale_since(now)) {
            (Phase::Up, None) => Sight::Live,
            (Phase::Up, Some(_)) => Sight::Stale,
            _ => Sight::Down,
        };
        if self.seen.last().is_none_or(|(_, last)| *last != sight) {
            self.seen.push((self.clock.passed().as_secs_f64(), sight));
        }
    }

    /// When a sight was seen first, not before a time.
    fn first(&self, wanted: Sight, not_before: f64) -> f64 {
        let found = self.seen.iter().find(|(at, sight)| *sight == wanted && *at >= not_before);
        found.unwrap_or_else(|| panic!("never {wanted:?} from {not_before} s on: {:?}", self.seen)).0
    }
}

fn partition(network: &Network) {
    network.turn(|weather| weather.held = [Some(0); 2]);
}

#[test]
fn without_faults_a_cancel_goes_through_and_nothing_is_ever_stale() {
    time::run(async {
        let mut office = Office::new(45, &["{}"]);
        let ticket = office.failed(1).await;
        let mut diary = Diary::of(&office);
        let desk = office.work(ticket, 120, |desk, now| diary.see(desk, now)).await;
        office.check_rest(&desk).await;
        assert_eq!(outcome(&desk), Some(Outcome::Verified));
        assert_eq!(office.cancel_frames().await, (1, 1));
        let sights: Vec<Sight> = diary.seen.iter().map(|(_, sight)| *sight).collect();
        assert_eq!(sights, [Sight::Down, Sight::Live]);
    });
}

fn outcome(desk: &Desk) -> Option<Outcome> {
    assert_eq!(desk.cancels().all().count(), 1);
    desk.cancels().all().next().unwrap().outcome
}

#[test]
fn a_partition_is_stale_in_15_s_drops_the_link_in_25_s_and_is_over_soon_after_it_heals() {
    time::run(async {
        let mut office = Office::new(45, &["{}"]);
        let mut diary = Diary::of(&office);
        office.after(20, partition);
        office.after(80, Network::heal);
        let desk = office.idle(240, |desk, now| diary.see(desk, now)).await;
        office.check_rest(&desk).await;
        assert!(diary.first(Sight::Stale, 20.0) <= 35.1, "{:?}", diary.seen);
        assert!(diary.first(Sight::Down, 20.0) <= 45.1, "{:?}", diary.seen);
        // A try that hangs in the handshake is given up in 10 s; what comes next in a minute at most.
        assert!(diary.first(Sight::Live, 80.0) <= 150.0, "{:?}", diary.seen);
    });
}

#[test]
fn who_we_are_is_asked_again_on_the_same_link_if_its_answer_did_not_come_in_time() {
    time::run(async {
        let mut office = Office::new(45, &["{}"]);
        // The login is answered, what comes behind it only after the read's time, and before a ping is missed.
        office.network.turn(|weather| weather.held[Way::In as usize] = Some(2));
        office.after(7, Network::heal);
        let desk = office.idle(60, |_, _| {}).await;
        assert_eq!(office.network.links(), 1);
        office.check_rest(&desk).await;
    });
}

#[test]
fn a_half_open_link_is_stale_in_15_s_and_replaced_without_the_operator() {
    time::run(async {
        let mut office = Office::new(45, &["{}"]);
        let mut diary = Diary::of(&office);
        office.after(20, Network::let_die);
        let desk = office.idle(120, |desk, now| diary.see(desk, now)).await;
        office.check_rest(&desk).await;
        assert!(diary.first(Sight::Stale, 20.0) <= 35.1, "{:?}", diary.seen);
        assert!(diary.first(Sight::Live, 35.0) <= 60.0, "{:?}", diary.seen);
        assert_eq!(office.watch.lock().unwrap().dropped, 1);
    });
}

#[test]
fn a_reply_lost_after_the_exchange_acted_leaves_it_unknown_until_a_read_and_nothing_is_sent_again() {
    time::run(async {
        let mut office = Office::new(45, &["{}"]);
        let ticket = office.failed(1).await;
        let network = office.network.clone();
        let mut is_cut = false;
        let mut receipt = None;
        office.after(140, Network::heal);
        let desk = office
            .work(ticket, 300, |desk, _| {
                let Some(cancellation) = desk.cancels().all().next() else { return };
                if !std::mem::replace(&mut is_cut, true) {
                    network.turn(|weather| weather.held[Way::In as usize] = Some(0));
                }
                receipt = receipt.or(cancellation.progress.receipt);
                let is_told = cancellation.outcome == Some(Outcome::Verified);
                assert!(!is_told || desk.session().is_some(), "verified without a read");
            })
            .await;
        office.check_rest(&desk).await;
        assert_eq!(receipt, Some(Receipt::None));
        assert_eq!(outcome(&desk), Some(Outcome::Verified));
        assert_eq!(office.cancel_frames().await, (1, 1));
    });
}

/// The gateway goes away once the exchange has what is on its way now, and stays away until it heals.
async fn restart(network: Network) {
    tokio::time::sleep(Duration::from_millis(100)).await;
    network.turn(|weather| weather.door = Door::Refused);
    network.cut();
}

#[test]
fn a_restart_of_the_gateway_while_a_receipt_is_awaited_ends_in_a_read_and_nothing_is_sent_again() {
    time::run(async {
        for (fault, wanted) in [
            (r#"{"silent":true,"acts":true}"#, Outcome::Verified),
            (r#"{"silent":true,"acts":false}"#, Outcome::Unknown),
        ] {
            let mut office = Office::new(45, &[fault]);
            let ticket = office.failed(1).await;
            let network = office.network.clone();
            let mut is_restarted = false;
            office.after(60, Network::heal);
            let desk = office
                .work(ticket, 240, |desk, _| {
                    if desk.cancels().all().next().is_some() && !std::mem::replace(&mut is_restarted, true) {
                        tokio::spawn(restart(network.clone()));
                    }
                })
                .await;
            office.check_rest(&desk).await;
            assert_eq!(outcome(&desk), Some(wanted));
            assert_eq!(office.cancel_frames().await.1, 1);
        }
    });
}

/// Something that is done to the network.
type Weather = fn(&Network);

/// Everything that keeps a link from being opened, and what is said of it.
fn closed_doors() -> Vec<(&'static str, Weather, &'static str)> {
    vec![
        ("refused", |network| network.turn(|weather| weather.door = Door::Refused), "connection refused"),
        ("silent", |network| network.turn(|weather| weather.door = Door::Silent), "connecting took longer than 10 s"),
        ("no handshake", partition, "the WebSocket handshake took longer than 10 s"),
        (
            "no login",
            |network| network.turn(|weather| weather.held[Way::In as usize] = Some(1)),
            "AuthenticateUser was not answered within 10 s",
        ),
        (
            "slow loris",
            |network| network.turn(|weather| weather.pace = Duration::from_secs(1)),
            "the WebSocket handshake took longer than 10 s",
        ),
    ]
}

#[test]
fn a_door_that_does_not_open_is_said_tried_again_in_bounds_and_open_soon_after_it_heals() {
    for (name, close, said) in closed_doors() {
        time::run(async {
            let mut office = Office::new(45, &["{}"]);
            close(&office.network);
            office.after(100, Network::heal);
            let mut whys = Vec::new();
            let mut diary = Diary::of(&office);
            let desk = office
                .idle(240, |desk, now| {
                    diary.see(desk, now);
                    if let Phase::Waiting { why, .. } = desk.link().phase() {
                        whys.push(why.clone());
                    }
                })
                .await;
            office.check_rest(&desk).await;
            assert!(whys.iter().any(|why| why.contains(said)), "{name}: {:?}", whys.first());
            assert!(diary.first(Sight::Live, 100.0) <= 171.0, "{name}: {:?}", diary.seen);
        });
    }
}

#[test]
fn a_link_that_becomes_slow_as_a_byte_a_second_is_dropped_as_one_that_does_not_answer() {
    time::run(async {
        let mut office = Office::new(45, &["{}"]);
        let mut diary = Diary::of(&office);
        office.after(20, |network| network.turn(|weather| weather.pace = Duration::from_secs(1)));
        office.after(100, Network::heal);
        let desk = office.idle(240, |desk, now| diary.see(desk, now)).await;
        office.check_rest(&desk).await;
        assert!(diary.first(Sight::Stale, 20.0) <= 35.1, "{:?}", diary.seen);
        assert!(diary.first(Sight::Down, 20.0) <= 45.1, "{:?}", diary.seen);
    });
}

#[test]
fn a_gateway_that_stays_away_or_drops_every_login_is_not_hammered() {
    for drops_logins in [false, true] {
        time::run(async {
            let mut office = Office::new(45, &["{}"]);
            if drops_logins {
                // The login is answered, what is asked next is not.
                (0..500).for_each(|link| office.network.plan(link, Way::Out, 3, Trick::ResetBefore));
            } else {
                office.network.turn(|weather| weather.door = Door::Refused);
            }
            office.idle(600, |_, _| {}).await;
            let tries = office.network.dials().len();
            // Full jitter below 30 s waits 15 s on the average.
            assert!((10..=90).contains(&tries), "{tries} tries in 10 minutes");
            let waits = office.watch.lock().unwrap().waits.clone();
            assert!(waits.iter().any(|wait| *wait > Duration::from_secs(10)), "{waits:?}");
        });
    }
}

#[test]
fn quit_never_waits_for_the_gateway() {
    let mut weathers: Vec<Weather> = closed_doors().into_iter().map(|(_, close, _)| close).collect();
    weathers.push(|_| {});
    weathers.push(partition);
    weathers.push(Network::let_die);
    for close in weathers {
        // Before there is a link, and in the middle of the work.
        for (at, end) in [(0, 5), (4, 5), (4, 31)] {
            time::run(async {
                let mut office = Office::new(45, &["{}"]);
                office.after(at, close);
                // The office measures how long its end takes.
                office.idle(end, |_, _| {}).await;
            });
        }
    }
}

#[test]
fn a_second_a_late_and_a_foreign_reply_reach_nobody_they_are_not_for() {
    time::run(async {
        let mut office = Office::new(45, &[r#"{"delay-ms":12000}"#]);
        let ticket = office.failed(1).await;
        office.network.make_noise(100, 5);
        let desk = office.work(ticket, 120, |_, _| {}).await;
        let cancellation = desk.cancels().all().next().unwrap();
        assert!(cancellation.progress.reply.as_ref().is_some_and(|reply| reply.is_late));
        assert_eq!(cancellation.outcome, Some(Outcome::Verified));
        assert!(
            office.network.forged() > 15 && desk.link().record().unmatched > 5,
            "{}",
            desk.link().record().unmatched
        );
        office.network.heal();
        office.check_rest(&desk).await;
        assert_eq!(office.cancel_frames().await, (1, 1));
    });
}
