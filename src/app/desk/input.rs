//! The input and the outcome of the desk's door.

use super::news::News;
use super::order::{Lacking, Order};
use crate::app::effect::Effects;
use crate::app::event::Event;

/// Something for the desk: a fact from outside, or an order of whoever drives it.
#[derive(Debug, PartialEq, Eq)]
pub enum Input {
    /// A fact.
    Event(Event),
    /// An order.
    Order(Order),
}

impl From<Event> for Input {
    fn from(event: Event) -> Self {
        Self::Event(event)
    }
}

impl From<Order> for Input {
    fn from(order: Order) -> Self {
        Self::Order(order)
    }
}

/// The yield of an input.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Orders to the runtime.
    pub effects: Effects,
    /// News, for the skin to fold over.
    pub news: Vec<News>,
    /// Why an order was refused, or what it lacks; an event is never refused.
    pub answer: Result<(), Lacking>,
}
