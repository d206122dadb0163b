//! Keep-alives: a first miss makes everything stale, a second drops the link.

use std::time::Duration;

use super::{Link, Phase};
use crate::app::desk::calls::Purpose;
use crate::app::desk::cx::Cx;
use crate::app::effect::Effect;
use crate::app::words::desk::link as words;
use crate::domain::Now;
use crate::protocol::rpc::ping::Ping;

/// A keep-alive is sent this often.
const PING_EVERY: Duration = Duration::from_secs(10);

impl Link {
    pub(super) fn plan_ping(&mut self, now: Now) {
        self.next_ping = Some(now.boot + PING_EVERY);
    }

    /// A link that is due to be opened, or a keep-alive that is due.
    pub(in crate::app::desk) fn pass_deadlines(&mut self, cx: &mut Cx<'_>) {
        if matches!(self.phase, Phase::Waiting { until, .. } if until <= cx.now.boot) {
            return self.connect(cx);
        }
        if self.phase != Phase::Up || self.next_ping.is_none_or(|due| due > cx.now.boot) {
            return;
        }
        self.plan_ping(cx.now);
        cx.quietly(|cx| {
            cx.ask(&Ping, Purpose::Ping);
            self.ask_still_in(cx);
            // Other consoles on the journal may have opened, settled or released something meanwhile.
            cx.order(Effect::ReadUnresolved);
        });
    }

    /// An idle console writes nothing: a pong is drawn only when the minute, and with it an age, may have changed.
    pub(super) fn take_pong(&mut self, pinged: Now, cx: &mut Cx<'_>) {
        self.record.round_trip = Some(cx.now.boot.since(pinged.boot));
        let before = cx.now.wall.as_second() - i64::try_from(PING_EVERY.as_secs()).unwrap_or(0);
        if before.div_euclid(60) != cx.now.wall.as_second().div_euclid(60) {
            cx.show();
        }
        Self::ask_who_again(cx);
    }

    pub(super) fn miss_pong(&mut self, cx: &mut Cx<'_>) {
        self.pings_missed += 1;
        cx.show();
        if self.pings_missed >= 2 {
            self.drop_link(words::NO_PONG, cx);
        }
    }
}
