//! What the links of this process were like, for the operator to look at. Nothing is decided by it.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use super::Desk;
use super::in_flight::Call;
use crate::domain::{CallId, ConnectionId, Now};
use crate::protocol::{Frame, FrameKind};

/// So many of the last ends are kept.
const ENDS: usize = 4;
/// So many calls without an answer in time are remembered, so that a late answer is known for what it is.
const TIMED_OUT: usize = 256;

/// The links of this process, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkRecord {
    /// Links that were logged in.
    pub opened: u32,
    /// Links that were logged in and lost.
    pub lost: u32,
    /// The last times at which there was no link, and why; inert, newest last.
    pub ends: VecDeque<(Timestamp, String)>,
    /// How long the last answered ping took.
    pub round_trip: Option<Duration>,
    /// Answers to calls whose time was over.
    pub late: u64,
    /// Frames of a link that is not the current one any more.
    pub elsewhere: u64,
    /// Answers with the number of a read that name another call.
    pub misnamed: u64,
    timed_out: VecDeque<(ConnectionId, CallId)>,
}

impl LinkRecord {
    /// There is no link, or none any more.
    pub(super) fn end(&mut self, why: &str, now: Now) {
        if self.ends.len() == ENDS {
            self.ends.pop_front();
        }
        self.ends.push_back((now.wall, why.to_owned()));
    }

    /// Nothing was heard of these calls in time.
    pub(super) fn time_out(&mut self, calls: impl Iterator<Item = (ConnectionId, CallId)>) {
        for call in calls {
            if self.timed_out.len() == TIMED_OUT {
                self.timed_out.pop_front();
            }
            self.timed_out.push_back(call);
        }
    }
}

impl Desk {
    /// Counts a frame that answers nothing we wait for. It reaches nobody.
    pub(super) fn note_unmatched(&mut self, connection: ConnectionId, frame: &Frame) {
        self.link.unmatched += 1;
        let record = &mut self.link_record;
        let is_answer = matches!(frame.kind, FrameKind::Reply | FrameKind::Error);
        if !self.link.is_current(connection) {
            record.elsewhere += 1;
        } else if record.timed_out.contains(&(connection, frame.id)) {
            record.late += 1;
        } else if is_answer && self.in_flight.waits(connection, frame.id) {
            record.misnamed += 1;
        }
    }

    pub(super) fn note_round_trip(&mut self, ping: &Call, now: Now) {
        self.link_record.round_trip = Some(now.boot.since(ping.asked_at.boot));
    }
}
