//! The loop of a desk without a screen: of commands, and of the rescue after a fault. No keys, nothing drawn, no tick.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use tokio::sync::mpsc;

use super::event_loop::sleep_until;
use super::perform::{Perform, Performed};
use super::prompt::{self, Answer, Question};
use crate::app::desk::input::{Input, Outcome};
use crate::app::desk::news::News;
use crate::app::desk::order::{Lacking, Order};
use crate::app::effect::Exit;
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

/// A skin without a screen: a fold over news. It never polls the desk; what it orders is the desk's to allow.
pub trait Skin {
    /// What it was run for.
    type Done;

    /// Hears news, with the desk as it stands now: it is done, or it orders something.
    fn hear(&mut self, news: &News, desk: &Desk, now: Now) -> ControlFlow<Self::Done, Vec<Order>>;

    /// Nothing is left to do but to wait. A skin that hears has nothing to add; a person who looks may have.
    fn look(&mut self, _desk: &Desk, _now: Now) -> ControlFlow<Self::Done, Vec<Order>> {
        ControlFlow::Continue(Vec::new())
    }

    /// An order was refused.
    fn refused(&mut self, lacking: &Lacking, desk: &Desk, now: Now) -> ControlFlow<Self::Done, Vec<Order>>;
}

/// Runs a desk until its skin is done, or the desk ends. What the gateway needs of a person is asked for on the terminal.
/// `clock` is [`super::clock::now`], or tells the time of a test; `note` is told how the desk stands after each step.
pub async fn run<S: Skin>(
    desk: &mut Desk,
    skin: &mut S,
    performer: &mut impl Perform,
    facts: &mut mpsc::Receiver<Event>,
    clock: impl Fn() -> Now,
    note: impl Fn(&Desk),
) -> Ended<S::Done> {
    let (answers, mut given) = mpsc::channel(ANSWERS);
    let mut question: Option<Question> = None;
    let mut inputs: VecDeque<Input> = VecDeque::from([Order::Start.into()]);
    loop {
        while let Some(input) = inputs.pop_front() {
            let now = clock();
            let Outcome { effects, news, answer } = desk.apply(input, now);
            note(desk);
            for effect in effects.into_list() {
                match performer.perform(effect) {
                    Performed::Started => {}
                    Performed::Happened(event) => inputs.push_back(event.into()),
                    Performed::Quit(exit) => return Ended::ByDesk(exit),
                }
            }
            let refused = answer.err().map(|lacking| skin.refused(&lacking, desk, now));
            for heard in refused.into_iter().chain(news.iter().map(|news| skin.hear(news, desk, now))) {
                match heard {
                    ControlFlow::Continue(orders) => inputs.extend(orders.into_iter().map(Input::from)),
                    ControlFlow::Break(done) => return end(desk, performer, done, clock()),
                }
            }
        }
        match skin.look(desk, clock()) {
            ControlFlow::Continue(orders) if orders.is_empty() => {}
            ControlFlow::Continue(orders) => {
                inputs.extend(orders.into_iter().map(Input::from));
                continue;
            }
            ControlFlow::Break(done) => return end(desk, performer, done, clock()),
        }
        if desk.link().asking().is_none() {
            drop(question.take());
        }
        let now = clock();
        let deadline = desk.next_deadline(now);
        let event = tokio::select! {
            Some(event) = facts.recv(), if deadline.is_none_or(|due| due > now.boot) => event,
            Some(answer) = given.recv() => {
                inputs.extend(take_answer(desk, answer).map(Input::from));
                continue;
            }
            () = sleep_until(deadline, now.boot) => Event::DeadlinePassed,
        };
        if let Event::SecretWanted { connection, wanted } = &event {
            question = Some(prompt::ask(*connection, wanted, answers.clone()));
        }
        inputs.push_back(event.into());
    }
}

/// The skin is done: the desk says good-bye.
fn end<T>(desk: &mut Desk, performer: &mut impl Perform, done: T, now: Now) -> Ended<T> {
    for effect in desk.apply(Order::Leave(Exit::Done), now).effects.into_list() {
        performer.perform(effect);
    }
    Ended::Done(done)
}

/// The order that an answer gives; one to a question of a link that is gone gives none.
fn take_answer(desk: &Desk, answer: Answer) -> Option<Order> {
    if !desk.is_current(answer.connection) {
        return None;
    }
    Some(match answer.given {
        Ok(secret) => Order::GiveSecret(secret),
        Err(why) => Order::WithholdSecret(why),
    })
}
