//! The loop of a desk without a screen: of commands, and of the rescue after a fault. No keys, nothing drawn, no tick.

use std::ops::ControlFlow;

use tokio::sync::mpsc;

use super::drive::{Drive, Driven, Step};
use super::perform::Perform;
use super::prompt::{self, PromptAnswer, Question};
use crate::app::desk::input::{Input, Outcome};
use crate::app::desk::news::News;
use crate::app::desk::order::{Lacking, Order};
use crate::app::effect::{Effects, Exit};
use crate::app::{Desk, Event};
use crate::domain::{Boot, Now};

pub use super::drive::Ended;

/// Answers that may wait; a question has one.
const ANSWERS: usize = 4;

/// A skin without a screen: a fold over news. It never polls the desk; what it orders is the desk's to allow.
pub trait Skin {
    /// The goal it was run for.
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

/// A desk with its skin.
struct Headless<'a, S, N> {
    desk: &'a mut Desk,
    skin: &'a mut S,
    /// Told how the desk stands after each input.
    note: N,
    /// The yield of inputs that the skin has not heard of, each with its time.
    unheard: Vec<Unheard>,
    /// The question on the terminal, while it stands.
    question: Option<Question>,
    answers: mpsc::Sender<PromptAnswer>,
}

struct Unheard {
    answer: Result<(), Lacking>,
    news: Vec<News>,
    at: Now,
}

impl<S: Skin, N: Fn(&Desk)> Driven for Headless<'_, S, N> {
    type Input = Input;
    type Done = S::Done;

    fn apply(&mut self, input: Input, now: Now) -> Effects {
        if let Input::Event(Event::SecretWanted { connection, wanted }) = &input {
            self.question = Some(prompt::ask(*connection, wanted, self.answers.clone()));
        }
        let Outcome { effects, news, answer } = self.desk.apply(input, now);
        self.unheard.push(Unheard { answer, news, at: now });
        effects
    }

    fn settled(&mut self) -> ControlFlow<S::Done, Vec<Input>> {
        let mut orders = Vec::new();
        for Unheard { answer, news, at } in std::mem::take(&mut self.unheard) {
            if let Err(lacking) = answer {
                orders.extend(self.skin.refused(&lacking, self.desk, at)?);
            }
            for news in news {
                orders.extend(self.skin.hear(&news, self.desk, at)?);
            }
        }
        ControlFlow::Continue(orders.into_iter().map(Input::from).collect())
    }

    fn note(&self) {
        (self.note)(self.desk);
    }

    fn next_deadline(&self, now: Now) -> Option<Boot> {
        self.desk.next_deadline(now)
    }
}

impl<S: Skin, N> Headless<'_, S, N> {
    /// A question that the link no longer asks is taken back.
    fn drop_old_question(&mut self) {
        if self.desk.link().asking().is_none() {
            drop(self.question.take());
        }
    }
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
    let mut headless = Headless { desk, skin, note, unheard: Vec::new(), question: None, answers };
    let mut drive = Drive { driven: &mut headless, performer, facts, clock };
    let mut ended = drive.take_all(vec![Order::Start.into()]);
    loop {
        match ended {
            Some(Ended::Done(done)) => {
                // The skin is done: the desk says good-bye.
                let effects = drive.driven.desk.apply(Order::Leave(Exit::Done), (drive.clock)()).effects;
                for effect in effects.into_list() {
                    drive.performer.perform(effect);
                }
                return Ended::Done(done);
            }
            Some(ended) => return ended,
            None => {}
        }
        let now = (drive.clock)();
        ended = match drive.driven.skin.look(drive.driven.desk, now) {
            ControlFlow::Continue(orders) if orders.is_empty() => {
                drive.driven.drop_old_question();
                match drive.step(None, given.recv()).await {
                    Step::Own(answer) => {
                        let order = answer.and_then(|answer| take_answer(drive.driven.desk, answer));
                        drive.take_all(order.into_iter().map(Input::from).collect())
                    }
                    Step::Taken(ended) => ended,
                }
            }
            ControlFlow::Continue(orders) => drive.take_all(orders.into_iter().map(Input::from).collect()),
            ControlFlow::Break(done) => Some(Ended::Done(done)),
        };
    }
}

/// The order that an answer gives; one to a question of a link that is gone gives none.
fn take_answer(desk: &Desk, answer: PromptAnswer) -> Option<Order> {
    if !desk.is_current(answer.connection) {
        return None;
    }
    Some(match answer.given {
        Ok(secret) => Order::GiveSecret(secret),
        Err(why) => Order::WithholdSecret(why),
    })
}
