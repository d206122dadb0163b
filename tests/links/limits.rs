//! Too much of something: a message at the cap and one over it, and a flood of events.

use std::time::Duration;

use withdraw_desk::app::desk::link::Phase;
use withdraw_desk::domain::Outcome;
use withdraw_desk::simulator::Exchange;

use crate::console::Office;
use crate::network::{Trick, Way};
use crate::time;

/// The largest message that a link takes.
const CAP: usize = 16 * 1024 * 1024;

fn message(length: usize) -> String {
    let (head, tail) = (r#"{"m":1,"i":1000001,"n":"Nobody","o":""#, r#""}"#);
    format!("{head}{}{tail}", "a".repeat(length - head.len() - tail.len()))
}

#[test]
fn a_message_at_the_cap_is_taken_in_and_one_over_it_breaks_the_link_with_a_line() {
    for (length, fits) in [(CAP, true), (CAP + 1, false)] {
        time::run(async {
            let mut office = Office::new(45, &["{}"]);
            // Behind the handshake, the login and the first answer.
            office.network.plan(0, Way::In, 3, Trick::SayFirst(message(length)));
            let mut whys = Vec::new();
            let desk = office
                .idle(60, |desk, _| {
                    if let Phase::Waiting { why, .. } = desk.link().phase() {
                        whys.push(why.clone());
                    }
                })
                .await;
            office.check_rest(&desk).await;
            assert_eq!(whys.is_empty(), fits, "{length}: {whys:?}");
            assert_eq!(desk.link().record().unmatched, u64::from(fits));
            assert!(fits || whys[0].contains("too long") || whys[0].contains("too big"), "{whys:?}");
        });
    }
}

#[test]
fn a_flood_of_events_neither_breaks_the_link_nor_holds_back_a_cancel() {
    time::run(async {
        let mut office = Office::new(45, &["{}"]);
        let (wanted, flooded) = (office.failed(1).await, office.failed(2).await);
        let exchange = office.exchange.clone();
        office.network.turn(|weather| weather.delay = [Duration::ZERO; 2]);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(50)).await;
                let flood = move |exchange: &mut Exchange, now| {
                    (0..50).for_each(|_| exchange.meddle(flooded.0, "Failed", now));
                };
                if exchange.with(flood).await.is_none() {
                    return;
                }
            }
        });
        let desk = office.work(wanted, 5, |_, _| {}).await;
        assert_eq!(desk.cancels().all().map(|c| c.outcome).collect::<Vec<_>>(), [Some(Outcome::Verified)]);
        assert_eq!(office.cancel_frames().await, (1, 1));
        assert_eq!(office.watch.lock().unwrap().lost, 0);
    });
}
