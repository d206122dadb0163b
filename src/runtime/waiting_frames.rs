//! The frames that wait to be taken in, by their bytes: a far side that sends faster than we read is left to wait on its socket, and
//! fills no memory.

use std::collections::VecDeque;

use crate::app::limits;

/// The frames that one link put into the queue of events, as far as they may still be in it.
#[derive(Debug, Default)]
pub(super) struct WaitingFrames {
    /// Their bytes, the newest last.
    sizes: VecDeque<usize>,
}

impl WaitingFrames {
    /// The most events that may be waiting when a frame of `size` bytes comes to them, so that the frames among them keep to the limit;
    /// `None` if all may. `waiting` is how many wait now, whoever put them there: those of this link can be no more.
    pub(super) fn most_before(&mut self, size: usize, waiting: usize) -> Option<usize> {
        while self.sizes.len() > waiting {
            self.sizes.pop_front();
        }
        let mut bytes = size;
        let fitting = self.sizes.iter().rev().take_while(|size| {
            bytes = bytes.saturating_add(**size);
            bytes <= limits::WAITING_FRAMES
        });
        let fitting = fitting.count();
        (fitting < self.sizes.len()).then_some(fitting)
    }

    /// A frame came to those that wait.
    pub(super) fn add(&mut self, size: usize) {
        self.sizes.push_back(size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: usize = limits::WAITING_FRAMES / 2;

    #[test]
    fn small_frames_wait_as_many_as_there_is_room_for_events() {
        let mut waiting = WaitingFrames::default();
        for count in 0..1_000 {
            assert_eq!(waiting.most_before(1_000, count), None);
            waiting.add(1_000);
        }
    }

    #[test]
    fn a_frame_waits_on_its_socket_until_those_before_it_and_itself_keep_to_the_limit() {
        let mut waiting = WaitingFrames::default();
        for size in [HALF, HALF / 2, HALF / 2] {
            waiting.add(size);
        }
        assert_eq!(waiting.most_before(1, 3), Some(2));
        assert_eq!(waiting.most_before(HALF, 3), Some(2));
        assert_eq!(waiting.most_before(HALF + 1, 3), Some(1));
        assert_eq!(waiting.most_before(2 * HALF, 3), Some(0), "the longest message comes alone");
        assert_eq!(waiting.most_before(HALF, 2), None, "the first was taken in meanwhile");
    }

    #[test]
    fn whatever_comes_and_goes_the_frames_that_wait_keep_to_the_limit() {
        let mut random = fastrand::Rng::with_seed(7);
        let (mut waiting, mut queue) = (WaitingFrames::default(), VecDeque::new());
        for _ in 0..20_000 {
            let size = random.usize(1..limits::MESSAGE) >> random.usize(0..20);
            if let Some(most) = waiting.most_before(size, queue.len()) {
                queue.drain(..queue.len().saturating_sub(most));
            }
            queue.push_back(size);
            waiting.add(size);
            assert!(queue.iter().sum::<usize>() <= limits::WAITING_FRAMES);
            queue.drain(..random.usize(..=queue.len().min(2)));
        }
    }
}
