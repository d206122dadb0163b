//! The loop of a desk without a screen: of commands, and of the rescue after a fault. No keys, nothing drawn, no tick.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use tokio::sync::mpsc;

use super::event_loop::sleep_until;
use super::perform::{Perform, Performed};
use crate::app::effect::{Effect, Effects, Exit};
use crate::app::{Desk, Event};
use crate::domain::Now;

/// How a run without a screen ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended<T> {
    /// It came to what it was run for.
    Done(T),
    /// The desk ended it: by itself, or told to.
    ByDesk(Exit),
}

/// Runs a desk until `step` breaks with what the run was for, or the desk ends. Before each wait `step` looks at the desk, and
/// may order something; then it is asked again. `clock` is [`super::clock::now`], or tells the time of a test.
pub async fn run<T>(
    desk: &mut Desk,
    performer: &mut impl Perform,
    facts: &mut mpsc::Receiver<Event>,
    clock: impl Fn() -> Now,
    mut step: impl FnMut(&mut Desk, Now) -> ControlFlow<T, Effects>,
) -> Ended<T> {
    let mut orders: VecDeque<Effect> = desk.start().into_list().into();
    loop {
        while let Some(order) = orders.pop_front() {
            match performer.perform(order) {
                Performed::Started => {}
                Performed::Happened(event) => orders.extend(desk.apply(event, clock()).into_list()),
                Performed::Quit(exit) => return Ended::ByDesk(exit),
            }
        }
        match step(desk, clock()) {
            ControlFlow::Break(done) => {
                for order in desk.leave(Exit::Done).into_list() {
                    performer.perform(order);
                }
                return Ended::Done(done);
            }
            ControlFlow::Continue(ordered) => orders.extend(ordered.into_list()),
        }
        if !orders.is_empty() {
            continue;
        }
        let now = clock();
        let deadline = desk.next_deadline(now);
        let event = tokio::select! {
            Some(event) = facts.recv(), if deadline.is_none_or(|due| due > now.boot) => event,
            () = sleep_until(deadline, now.boot) => Event::DeadlinePassed,
        };
        orders.extend(desk.apply(event, clock()).into_list());
    }
}
