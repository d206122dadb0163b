//! The loop of a desk without a screen: of commands, and of the rescue after a fault. No keys, nothing drawn, no tick.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use tokio::sync::mpsc;

use super::event_loop::sleep_until;
use super::perform::{Perform, Performed};
use super::prompt::{self, Answer, Question};
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

/// Answers that may wait; a question has one.
const ANSWERS: usize = 4;

/// Runs a desk until `step` breaks with what the run was for, or the desk ends. Before each wait `step` looks at the desk, and
/// may order something; then it is asked again. What the gateway needs of a person is asked for on the terminal. `clock` is
/// [`super::clock::now`], or tells the time of a test.
pub async fn run<T>(
    desk: &mut Desk,
    performer: &mut impl Perform,
    facts: &mut mpsc::Receiver<Event>,
    clock: impl Fn() -> Now,
    mut step: impl FnMut(&mut Desk, Now) -> ControlFlow<T, Effects>,
) -> Ended<T> {
    let mut orders: VecDeque<Effect> = desk.start().into_list().into();
    let (answers, mut given) = mpsc::channel(ANSWERS);
    let mut question: Option<Question> = None;
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
        if desk.asks_for().is_none() {
            drop(question.take());
        }
        let now = clock();
        let deadline = desk.next_deadline(now);
        let event = tokio::select! {
            Some(event) = facts.recv(), if deadline.is_none_or(|due| due > now.boot) => event,
            Some(answer) = given.recv() => {
                orders.extend(take_answer(desk, answer, clock()).into_list());
                continue;
            }
            () = sleep_until(deadline, now.boot) => Event::DeadlinePassed,
        };
        if let Event::SecretWanted { connection, wanted } = &event {
            question = Some(prompt::ask(*connection, wanted, answers.clone()));
        }
        orders.extend(desk.apply(event, clock()).into_list());
    }
}

fn take_answer(desk: &mut Desk, answer: Answer, now: Now) -> Effects {
    if !desk.link.is_current(answer.connection) {
        return Effects::quiet();
    }
    match answer.given {
        Ok(secret) => desk.give_secret(secret),
        Err(why) => desk.give_up_secret(&why, now),
    }
}
