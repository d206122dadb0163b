//! The links of this process, counted for the operator to look at. Nothing is decided by it.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{CallId, ConnectionId, Now};

/// So many of the last ends are kept.
const ENDS: usize = 4;
/// So many calls without an answer in time are remembered, so that a late answer is known for what it is.
const TIMED_OUT: usize = 256;

/// The links of this process, counted.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct LinkRecord {
    /// Links that were logged in.
    pub opened: u32,
    /// Links that were logged in and lost.
    pub lost: u32,
    /// The last times at which there was no link, and why; inert, newest last.
    pub ends: VecDeque<(Timestamp, String)>,
    /// How long the last answered ping took.
    pub round_trip: Option<Duration>,
    /// Frames that answered nothing we asked.
    pub unmatched: u64,
    /// Frames and events that could not be read.
    pub unreadable: u64,
    /// Answers to calls whose time was over.
    pub late: u64,
    /// Frames of a link that is not the current one any more.
    pub elsewhere: u64,
    /// Answers with the number of a read that name another call.
    pub misnamed: u64,
    timed_out: VecDeque<(ConnectionId, CallId)>,
}

/// Without its content: two desks that differ in their past alone behave alike, and compare so.
impl fmt::Debug for LinkRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkRecord")
    }
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

    /// A frame answered nothing: one of another link, a late answer, one that names another call, or none of these.
    pub(super) fn count_unmatched(&mut self, call: (ConnectionId, CallId), is_current: bool, is_misnamed: bool) {
        self.unmatched += 1;
        if !is_current {
            self.elsewhere += 1;
        } else if self.timed_out.contains(&call) {
            self.late += 1;
        } else if is_misnamed {
            self.misnamed += 1;
        }
    }
}
