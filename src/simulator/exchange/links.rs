//! The links of the exchange, as far as they break: which frame is the last, and how it ends.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Client, Deed, Exchange, Later};
use crate::simulator::conduct::{Drip, Handshake, How};

/// A link of a client.
#[derive(Clone, Debug, Default)]
pub(super) struct Link {
    /// Frames sent on it, as long as a break counts them.
    sent: u64,
    cut_next: bool,
    is_stalled: bool,
}

/// What a connection is met with, before its first frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// How the HTTP handshake is answered.
    pub handshake: Handshake,
    /// Its `Date` header (RFC 9110 5.6.7), by the exchange's clock.
    pub date: String,
    /// How slow the line is.
    pub drip: Option<Drip>,
}

impl Exchange {
    /// What a new connection is met with now.
    pub fn greet(&self, now: Timestamp) -> Greeting {
        Greeting {
            handshake: self.conduct.links.handshake,
            date: self.clock(now).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(),
            drip: self.conduct.links.drip,
        }
    }

    /// A client is here.
    pub fn join(&mut self, client: Client, now: Timestamp) {
        self.open(now);
        self.links.entry(client).or_default();
    }

    /// Breaks all links now.
    pub fn break_links(&mut self, how: How, now: Timestamp) {
        self.plan(Duration::ZERO, Later::Break(how), now);
    }

    /// The exchange's clock.
    pub(super) fn clock(&self, now: Timestamp) -> Timestamp {
        now.checked_add(SignedDuration::from_secs(self.conduct.links.clock_skew_seconds)).unwrap_or(now)
    }

    /// A deed reaches its link, unless the link breaks instead.
    pub(super) fn put(&mut self, deed: Deed, deeds: &mut Vec<Deed>) {
        let Deed::Send(client, text) = deed else { return deeds.push(deed) };
        let Some(link) = self.links.get_mut(&client) else { return deeds.push(Deed::Send(client, text)) };
        if link.is_stalled {
            return;
        }
        if link.cut_next {
            return self.break_one(client, text, How::Cut, deeds);
        }
        match self.break_due(client) {
            Some(how) => self.break_one(client, text, how, deeds),
            None => deeds.push(Deed::Send(client, text)),
        }
    }

    pub(super) fn break_all(&mut self, how: How, deeds: &mut Vec<Deed>) {
        match how {
            How::Restart { down_ms } => self.restart(down_ms, deeds),
            How::Drop => {
                deeds.extend(self.links.keys().map(|client| Deed::Drop(*client)));
                self.links.clear();
                self.logins.clear();
            }
            How::Cut => self.links.values_mut().for_each(|link| link.cut_next = true),
            How::Stall => {
                deeds.extend(self.links.keys().map(|client| Deed::Stall(*client)));
                self.links.values_mut().for_each(|link| link.is_stalled = true);
            }
        }
    }

    /// A break that comes by the clock comes now, and plans its next time.
    pub(super) fn break_on_time(&mut self, which: usize, now: Timestamp, deeds: &mut Vec<Deed>) {
        let Some(of) = self.conduct.links.breaks.get(which).copied() else { return };
        if !self.may_break(which, of.times) {
            return;
        }
        if let Some(every) = of.every_ms.filter(|every| *every > 0) {
            self.plan(Duration::from_millis(every), Later::TimedBreak(which), now);
        }
        self.break_all(of.how, deeds);
    }

    /// Whether the next frame to a client is the one at which its link breaks; else it is counted.
    fn break_due(&mut self, client: Client) -> Option<How> {
        if self.conduct.links.breaks.iter().all(|of| of.after_frames.is_none()) {
            return None;
        }
        let link = self.links.get_mut(&client)?;
        let sent = link.sent;
        link.sent += 1;
        let due = |after: Option<u64>| after == Some(sent);
        let (which, of) = self.conduct.links.breaks.iter().enumerate().find(|(_, of)| due(of.after_frames))?;
        let (how, times) = (of.how, of.times);
        self.may_break(which, times).then_some(how)
    }

    fn may_break(&mut self, which: usize, times: Option<u64>) -> bool {
        let came = self.broken.entry(which).or_default();
        let may = times.is_none_or(|times| *came < times);
        *came += u64::from(may);
        may
    }

    fn break_one(&mut self, client: Client, text: String, how: How, deeds: &mut Vec<Deed>) {
        match how {
            How::Restart { down_ms } => self.restart(down_ms, deeds),
            How::Stall => {
                if let Some(link) = self.links.get_mut(&client) {
                    link.is_stalled = true;
                }
                deeds.push(Deed::Stall(client));
            }
            How::Drop => {
                self.leave(client);
                deeds.push(Deed::Drop(client));
            }
            How::Cut => {
                self.leave(client);
                deeds.push(Deed::Cut(client, text));
            }
        }
    }

    fn restart(&mut self, down_ms: u64, deeds: &mut Vec<Deed>) {
        self.links.clear();
        self.logins.clear();
        if self.conduct.sessions.forgotten_on_restart {
            self.sessions.expire();
        }
        deeds.push(Deed::Restart(Duration::from_millis(down_ms)));
    }
}
