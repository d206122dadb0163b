//! Failures by name.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::console::{Clerk, Office, has_sent};
use crate::time;

#[test]
fn without_faults_a_cancel_goes_through_and_nothing_is_ever_stale() {
    time::run(async {
        let mut office = Office::new(45, &["{}"]);
        let ticket = office.failed(1).await;
        let mut clerk = Clerk::wanting(ticket);
        let end = office.clock.now().boot + Duration::from_secs(120);
        let (desk, _) = office
            .sit(|desk, now| {
                assert!(desk.link.stale_since(now).is_none());
                if now.boot >= end { ControlFlow::Break(()) } else { ControlFlow::Continue(clerk.act(desk, now)) }
            })
            .await;
        office.check_rest(&desk).await;
        assert!(has_sent(&desk, ticket));
        assert_eq!(office.watch.lock().unwrap().frames(), 1);
    });
}
