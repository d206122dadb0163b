//! The links of the exchange, as far as they break: which frame is the last, and how it ends.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Client, Deed, Exchange, Later};
use crate::simulator::conduct::{Drip, Handshake, How, Messages};

/// A link of a client.
#[derive(Clone, Debug, Default)]
pub(super) struct ClientLink {
    /// Frames sent on it, as long as a break counts them.
    sent: u64,
    cut_next: bool,
    is_stalled: bool,
}

/// The greeting that a connection is met with, before its first frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// The answer to the HTTP handshake.
    pub handshake: Handshake,
    /// Its `Date` header (RFC 9110 5.6.7), by the exchange's clock.
    pub date: String,
    /// The slowness of the line.
    pub drip: Option<Drip>,
    /// The form of its messages,
    pub messages: Messages,
    /// as long as there are no more than so many.
    pub messages_times: Option<u64>,
}

impl Exchange {
    /// The greeting of a connection that is new now.
    pub fn greet(&mut self, now: Timestamp) -> Greeting {
        let links = &self.conduct.links;
        let is_usual = links.handshake_times.is_some_and(|times| self.greeted >= times);
        let handshake = if is_usual { Handshake::Accepted } else { links.handshake.clone() };
        self.greeted += 1;
        Greeting {
            handshake,
            date: self.clock(now).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(),
            drip: links.drip,
            messages: links.messages,
            messages_times: links.messages_times,
        }
    }

    /// The number of connections that asked for a handshake.
    pub fn greeted(&self) -> u64 {
        self.greeted
    }

    /// Breaks the link of a client instead of the answer to this call, if it is to break there; says whether it does.
    pub(in crate::simulator) fn break_at_call(&mut self, client: Client, call: &str, now: Timestamp) -> bool {
        let is_it = |name: &Option<String>| name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(call));
        let found = self.conduct.links.breaks.iter().enumerate().find(|(_, of)| is_it(&of.at_call));
        let Some((which, how, times)) = found.map(|(which, of)| (which, of.how.clone(), of.times)) else {
            return false;
        };
        if !self.may_break(which, times) {
            return false;
        }
        self.plan(Duration::ZERO, Later::BreakOne(client, how), now);
        true
    }

    /// A client logged in: where a user has one link at a time, the others are closed.
    pub(in crate::simulator) fn close_others(&mut self, client: Client, now: Timestamp) {
        let Some(close) = self.conduct.sessions.one_at_a_time.clone() else { return };
        let others: Vec<Client> = self.logins.keys().copied().filter(|other| *other != client).collect();
        for other in others {
            self.plan(Duration::ZERO, Later::BreakOne(other, How::Close(close.clone())), now);
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
            How::Close(close) => {
                deeds.extend(self.links.keys().map(|client| Deed::Close(*client, close.clone())));
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
        let Some(of) = self.conduct.links.breaks.get(which).cloned() else { return };
        if !self.may_break(which, of.times) {
            return;
        }
        if let Some(every) = of.every_ms.filter(|every| *every > 0) {
            self.plan(Duration::from_millis(every), Later::TimedBreak(which), now);
        }
        self.break_all(of.how, deeds);
    }

    /// The break of a link at the next frame to its client, if it breaks; else that frame is counted.
    fn break_due(&mut self, client: Client) -> Option<How> {
        if self.conduct.links.breaks.iter().all(|of| of.after_frames.is_none()) {
            return None;
        }
        let link = self.links.get_mut(&client)?;
        let sent = link.sent;
        link.sent += 1;
        let due = |after: Option<u64>| after == Some(sent);
        let (which, of) = self.conduct.links.breaks.iter().enumerate().find(|(_, of)| due(of.after_frames))?;
        let (how, times) = (of.how.clone(), of.times);
        self.may_break(which, times).then_some(how)
    }

    fn may_break(&mut self, which: usize, times: Option<u64>) -> bool {
        let came = self.broken.entry(which).or_default();
        let may = times.is_none_or(|times| *came < times);
        *came += u64::from(may);
        may
    }

    pub(super) fn break_one(&mut self, client: Client, text: String, how: How, deeds: &mut Vec<Deed>) {
        match how {
            How::Restart { down_ms } => self.restart(down_ms, deeds),
            How::Stall => {
                if let Some(link) = self.links.get_mut(&client) {
                    link.is_stalled = true;
                }
                deeds.push(Deed::Stall(client));
            }
            How::Close(close) => {
                self.leave(client);
                deeds.push(Deed::Close(client, close));
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::CallId;
    use crate::protocol::Frame;
    use crate::simulator::conduct::{Break, Close, Conduct, Links};
    use crate::simulator::{Book, Script};

    fn breaking(of: Break) -> Exchange {
        let links = Links { breaks: vec![of], ..Links::default() };
        let conduct = Conduct { links, ..Conduct::default() };
        Exchange::new(Book::default(), Script::default()).with_conduct(conduct)
    }

    fn ping(exchange: &mut Exchange, client: Client) -> Vec<Deed> {
        let frame = Frame::request(CallId(2), "Ping", "{}".to_owned());
        exchange.receive(client, &frame.encode(), Timestamp::UNIX_EPOCH);
        exchange.take_due(Timestamp::UNIX_EPOCH)
    }

    fn word(deed: &Deed) -> String {
        match deed {
            Deed::Send(client, _) => format!("send {client}"),
            Deed::Drop(client) => format!("drop {client}"),
            Deed::Close(client, close) => format!("close {client} {:?} {}", close.code, close.reason),
            Deed::Cut(client, _) => format!("cut {client}"),
            Deed::Stall(client) => format!("stall {client}"),
            Deed::Restart(down) => format!("restart {}", down.as_millis()),
        }
    }

    #[rstest]
    #[case::drop(How::Drop, "drop")]
    #[case::cut(How::Cut, "cut")]
    #[case::stall(How::Stall, "stall")]
    fn each_link_breaks_instead_of_the_frame_after_so_many(#[case] how: How, #[case] named: &str) {
        let mut exchange = breaking(Break { how, after_frames: Some(1), times: Some(2), ..Break::default() });
        let told: Vec<String> =
            [1, 2, 1, 2, 3, 3].iter().flat_map(|client| ping(&mut exchange, *client)).map(|deed| word(&deed)).collect();
        let expected = ["send 1", "send 2", &format!("{named} 1"), &format!("{named} 2"), "send 3", "send 3"];
        assert_eq!(told, expected);
    }

    #[rstest]
    #[case::drop(How::Drop, &["drop 1", "drop 2"])]
    #[case::stall(How::Stall, &["stall 1", "stall 2"])]
    #[case::restart(How::Restart { down_ms: 7 }, &["restart 7"])]
    fn all_links_break_at_a_time_once(#[case] how: How, #[case] expected: &[&str]) {
        let mut exchange = breaking(Break { how, after_ms: Some(500), ..Break::default() });
        ping(&mut exchange, 1);
        ping(&mut exchange, 2);
        let at = |ms| Timestamp::from_millisecond(ms).unwrap();
        assert!(exchange.take_due(at(499)).is_empty());
        let told: Vec<String> = exchange.take_due(at(500)).iter().map(word).collect();
        assert_eq!(told, expected);
        assert!(exchange.take_due(at(10_000)).is_empty());
    }

    #[test]
    fn a_call_is_answered_by_a_close_so_many_times_and_other_calls_are_not() {
        let close = Close { code: Some(1008), reason: "not whitelisted".to_owned() };
        let at_call = Some("ping".to_owned());
        let mut exchange = breaking(Break { how: How::Close(close), at_call, times: Some(1), ..Break::default() });
        let told: Vec<String> =
            [1, 2].iter().flat_map(|client| ping(&mut exchange, *client)).map(|deed| word(&deed)).collect();
        assert_eq!(told, ["close 1 Some(1008) not whitelisted", "send 2"]);
    }

    #[test]
    fn a_cut_told_to_all_links_waits_for_the_next_frame_of_each() {
        let mut exchange = breaking(Break::default());
        ping(&mut exchange, 1);
        exchange.break_links(How::Cut, Timestamp::UNIX_EPOCH);
        assert!(exchange.take_due(Timestamp::UNIX_EPOCH).is_empty());
        assert!(matches!(&ping(&mut exchange, 1)[..], [Deed::Cut(1, text)] if text.contains("PONG")));
    }
}
