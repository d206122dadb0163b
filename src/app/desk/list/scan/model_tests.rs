//! The reading against a model exchange: tickets arrive, pages are answered in any order, capped, short or not at all.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::page::{PageFacts, Window};
use super::reading::{Reading, ReadingStep};
use crate::domain::TicketNumber;

const PAGE: usize = 20;

/// An exchange with tickets 1..=`newest`, of which every `nth` is failed.
#[derive(Clone, Debug)]
struct Model {
    newest: u64,
    nth: u64,
    cap: usize,
    from_oldest: bool,
    honours_filter: bool,
    /// A start beyond the end is answered with the last page.
    clamps: bool,
}

impl Model {
    fn answer(&self, window: Window) -> PageFacts {
        let is_failed = |number: &u64| number.is_multiple_of(self.nth);
        let step = if window.failed_only && self.honours_filter { self.nth } else { 1 };
        let length = usize::try_from(self.newest / step).unwrap();
        let limit = window.limit.min(self.cap);
        let start = if self.clamps { window.start.min(length.saturating_sub(1)) } else { window.start };
        let places = start.min(length)..start.saturating_add(limit).min(length);
        let place = |index: usize| if self.from_oldest { index + 1 } else { length - index };
        let numbers: Vec<u64> = places.map(|index| place(index) as u64 * step).collect();
        PageFacts {
            rows: numbers.len(),
            failed: numbers.iter().copied().filter(is_failed).map(TicketNumber).collect(),
            numbers: numbers.into_iter().map(TicketNumber).collect(),
            is_old: false,
        }
    }
}

/// One thing that happens to the exchange, the link or the reading.
#[derive(Clone, Copy, Debug)]
enum Turn {
    /// The exchange handles a call; the answer is on its way.
    Handle(u8),
    /// An answer comes in.
    Receive(u8),
    /// So many tickets are made.
    Arrive(u8),
    /// The link is lost, with everything on its way.
    Cut,
    /// A call is answered with an error.
    Fail(u8),
    /// An answer was too long: the link is lost with it, and pages are half as long from now on.
    TooLong,
    /// The exchange gives fewer, or more, rows at once from now on.
    Cap(u8),
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = prop_oneof![
        8 => any::<u8>().prop_map(Turn::Handle),
        8 => any::<u8>().prop_map(Turn::Receive),
        3 => (1u8..9).prop_map(Turn::Arrive),
        1 => (9u8..60).prop_map(Turn::Arrive),
        1 => Just(Turn::Cut),
        1 => Just(Turn::TooLong),
        1 => any::<u8>().prop_map(Turn::Fail),
        1 => (3u8..25).prop_map(Turn::Cap),
    ];
    proptest::collection::vec(turn, 0..200)
}

/// Everything that may be going on between the reading and the exchange.
struct Run {
    model: Model,
    reading: Reading,
    read: BTreeSet<u64>,
    calls: Vec<(u32, Window)>,
    answers: Vec<(u32, PageFacts, u64, bool)>,
    /// The newest ticket when the last answer was made: later ones nobody can know.
    newest_then: u64,
    /// The newest ticket when the last answer that begins at the newest was made.
    top_then: u64,
    end: Option<ReadingStep>,
    most_in_flight: usize,
}

impl Run {
    fn new(model: Model) -> Self {
        Self {
            model,
            reading: Reading::new(PAGE, 3, 0),
            read: BTreeSet::new(),
            calls: Vec::new(),
            answers: Vec::new(),
            newest_then: 0,
            top_then: 0,
            end: None,
            most_in_flight: 0,
        }
    }

    fn ask(&mut self) {
        if self.end.is_none() {
            self.calls.extend(self.reading.next());
            self.most_in_flight = self.most_in_flight.max(self.calls.len() + self.answers.len());
        }
    }

    fn take(&mut self, turn: Turn) {
        let nth = |of: usize, at: u8| usize::from(at) % of.max(1);
        match turn {
            Turn::Handle(at) if !self.calls.is_empty() => {
                let (ask, window) = self.calls.remove(nth(self.calls.len(), at));
                let is_top = window.start == 0 && !window.failed_only;
                self.answers.push((ask, self.model.answer(window), self.model.newest, is_top));
            }
            Turn::Receive(at) if !self.answers.is_empty() => {
                let (ask, page, newest, is_top) = self.answers.remove(nth(self.answers.len(), at));
                self.read.extend(page.numbers.iter().map(|number| number.0));
                self.newest_then = newest;
                self.top_then = if is_top { newest } else { self.top_then };
                self.step(ask, page);
                if self.end == Some(ReadingStep::CaughtUp) && !self.model.from_oldest {
                    // Nobody can know yet of tickets that arrive while the newest pages are read: they are newer than the
                    // first of these pages.
                    self.newest_then = self.top_then;
                }
            }
            Turn::Arrive(count) => self.model.newest += u64::from(count),
            Turn::Cut => {
                self.reading.forget_asked();
                self.calls.clear();
                self.answers.clear();
            }
            Turn::TooLong => {
                if self.reading.limit() >= 8 {
                    self.reading.halve();
                }
                return self.take(Turn::Cut);
            }
            Turn::Fail(at) if !self.calls.is_empty() => {
                let (ask, _) = self.calls.remove(nth(self.calls.len(), at));
                if self.reading.fail(ask, true).is_some() {
                    // The desk stops here; the operator goes on.
                    self.take(Turn::Cut);
                }
            }
            Turn::Cap(cap) => self.model.cap = usize::from(cap),
            Turn::Handle(_) | Turn::Receive(_) | Turn::Fail(_) => {}
        }
        self.ask();
    }

    fn step(&mut self, ask: u32, page: PageFacts) {
        match self.reading.take(ask, page) {
            ReadingStep::Going => {}
            ReadingStep::EndOfList if self.reading.may_lack_newer() && !self.reading.joined().is_empty() => {
                self.reading.catch_up();
                self.calls.clear();
                self.answers.clear();
            }
            other => self.end = Some(other),
        }
    }

    /// Without further trouble, to the end.
    fn finish(&mut self) {
        self.ask();
        for _ in 0..20_000 {
            if self.end.is_some() {
                return;
            }
            self.take(Turn::Handle(0));
            self.take(Turn::Receive(0));
        }
        panic!("it does not end: {:?}", self.reading);
    }
}

/// Plays the turns, then reads on to the end: a list called complete lacks nothing that anybody could know of.
fn play(model: Model, turns: impl IntoIterator<Item = Turn>) -> Result<(), TestCaseError> {
    let Model { nth, cap, clamps, .. } = model;
    let mut run = Run::new(model);
    run.ask();
    for turn in turns {
        if run.end.is_some() {
            break;
        }
        run.take(turn);
    }
    run.finish();
    // Three pages and the filter; and as many that were given up when the filter proved itself, or did not.
    prop_assert!(run.most_in_flight <= 8, "{} in flight", run.most_in_flight);
    match run.end {
        Some(ReadingStep::EndOfList | ReadingStep::CaughtUp) => {
            for number in (1..=run.newest_then).filter(|number| number.is_multiple_of(nth)) {
                prop_assert!(run.read.contains(&number), "{number} is missing");
            }
            for number in (1..=run.newest_then).filter(|_| !run.reading.is_filtered()) {
                prop_assert!(run.reading.joined().contains(&TicketNumber(number)), "{number} is not joined");
            }
        }
        // It may give up, as where caps are tiny; it may not lie.
        Some(ReadingStep::Broken(ref why)) => prop_assert!(cap < 4 || clamps, "{why}"),
        ref other => prop_assert!(false, "{other:?}"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_list_called_complete_holds_every_failed_ticket(
        newest in 0u64..400, nth in 1u64..12, cap in 3usize..30, from_oldest: bool, honours_filter: bool, clamps: bool,
        turns in turns(),
    ) {
        play(Model { newest, nth, cap, from_oldest, honours_filter, clamps: clamps && !from_oldest }, turns)?;
    }
}

#[test]
fn a_cap_that_grows_by_a_row_does_not_make_a_page_look_like_the_last_one() {
    use Turn::{Arrive, Cap, Cut, Handle, Receive};
    let answered = |times: usize| std::iter::repeat_n([Handle(0), Receive(0)], times).flatten();
    let model = Model { newest: 59, nth: 8, cap: 3, from_oldest: false, honours_filter: false, clamps: false };
    let turns = answered(1)
        .chain([Cap(17), Cut, Arrive(1)])
        .chain(answered(1))
        .chain([Handle(0), Cap(6), Arrive(15), Receive(0), Arrive(6), Handle(0), Arrive(5), Receive(0)])
        .chain(answered(3))
        .chain([Arrive(8)])
        .chain(answered(1))
        .chain([Handle(0), Handle(0), Cap(7)]);
    play(model, turns).unwrap();
}

fn quiet(newest: u64, cap: usize, from_oldest: bool, honours_filter: bool) -> Run {
    let mut run = Run::new(Model { newest, nth: 5, cap, from_oldest, honours_filter, clamps: false });
    run.finish();
    run
}

#[test]
fn a_quiet_exchange_is_read_to_its_end_either_way() {
    for (from_oldest, cap) in [(false, 20), (false, 7), (true, 20), (true, 7)] {
        let run = quiet(1_000, cap, from_oldest, false);
        assert_eq!(run.reading.joined().len(), 1_000, "{from_oldest} {cap} {:?}", run.end);
    }
}

#[test]
fn an_exchange_that_filters_is_asked_for_failed_tickets_alone() {
    let run = quiet(1_000, 20, false, true);
    assert!(run.reading.is_filtered());
    assert!(run.read.len() < 250, "{} read", run.read.len());
}

#[test]
fn an_exchange_that_always_sends_the_first_page_is_not_called_complete() {
    let mut run =
        Run::new(Model { newest: 100, nth: 5, cap: 20, from_oldest: false, honours_filter: false, clamps: false });
    run.ask();
    for _ in 0..500 {
        let Some((ask, window)) = run.calls.pop() else { break };
        let page = run.model.answer(Window { start: 0, ..window });
        run.step(ask, page);
        run.ask();
    }
    assert!(matches!(run.end, Some(ReadingStep::Broken(_))), "{:?}", run.end);
}

#[test]
fn twenty_thousand_tickets_are_all_there_although_the_link_is_cut_after_every_few_pages() {
    for from_oldest in [false, true] {
        let mut run =
            Run::new(Model { newest: 20_000, nth: 6, cap: 200, from_oldest, honours_filter: false, clamps: false });
        run.reading = Reading::new(200, 3, 0);
        run.ask();
        let mut cuts = 0;
        for page in (1..=u8::MAX).cycle() {
            if run.end.is_some() {
                break;
            }
            run.take(Turn::Handle(page));
            run.take(Turn::Receive(page / 2));
            run.take(Turn::Arrive(page % 3));
            if page % 7 == 0 {
                run.take(Turn::Cut);
                cuts += 1;
            }
        }
        assert!(cuts >= 10, "{cuts} cuts");
        assert_eq!(run.end, Some(ReadingStep::CaughtUp));
        assert_eq!(run.reading.joined().len() as u64, run.newest_then, "each once, none missing");
    }
}
