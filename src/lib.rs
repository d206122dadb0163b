//! `withdraw-desk`: the console with which operators of an AlphaPoint APEX exchange clear failed withdrawals.
//!
//! The rooms, each knowing only those before it:
//!
//! | room | what it is |
//! |---|---|
//! | [`domain`] | what things are: tickets, amounts, remote text, receipts, outcomes |
//! | [`protocol`] | how they look on the wire: the frame, the envelope, the calls |
//! | [`journal`] | what was done, as data: records, and which intents are open |
//! | [`app`] | what happens: events in, one `update`, effects out; the desk and the console |
//! | [`view`] | how it looks: the state, drawn |
//! | [`runtime`] | who does it: sockets, files, clocks, the terminal, the loop |
//! | [`config`], [`args`], [`cli`] | how it is started |
//! | [`doctor`] | what could be wrong, checked and explained |
//! | [`simulator`] | an exchange to try it on |
//!
//! From `domain` to `view` nothing does I/O, knows tokio or reads a clock; a test sees to that.

pub mod app;
pub mod args;
pub mod cli;
pub mod config;
pub mod doctor;
pub mod domain;
pub mod journal;
pub mod protocol;
pub mod runtime;
pub mod simulator;
pub mod view;
