//! One reading of the list: the first page, which way the list runs, the walk through it, the newest pages again.

use std::collections::{BTreeMap, BTreeSet};

use super::length::{LengthProbe, LengthSearch};
use super::newest::{Joining, Newest};
use super::page::{PageFacts, Window};
use super::status_filter;
use super::walk::{CountsFrom, PageRequest, Walk, WalkProgress};
use crate::app::words::desk::list as words;
use crate::domain::TicketNumber;

/// A page that was not answered well is asked for again so many times.
const MOST_TRIES: u8 = 3;

/// How the reading stands after an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadingStep {
    /// It goes on.
    Going,
    /// The oldest end is joined.
    EndOfList,
    /// It went as far back as it has to.
    EndOfDepth,
    /// The newest end is joined again.
    CaughtUp,
    /// It cannot go on; why.
    Broken(String),
}

/// The part of the machine that a page was asked for, and that its answer goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum PageRole {
    Walk(PageRequest),
    Filter,
    Confirm,
    Length(usize),
    Newest,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Job {
    role: PageRole,
    tries: u8,
}

/// The part of the machine that is at work.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ReadingStage {
    Walking,
    /// The list seems to count from the oldest, and has a row here.
    Confirming(usize),
    Measuring(LengthSearch),
    Newest(Newest),
    Resting,
}

/// The old `Status` filter, from its trial to its use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum FilterTrial {
    #[default]
    Untried,
    /// Asked beside the plain first page; what came, if that came first.
    Asked(Option<PageFacts>),
    Honoured,
    No,
}

/// The reading of the list, as a machine: says which pages to ask for, and is told what came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    stage: ReadingStage,
    walk: Walk,
    filter: FilterTrial,
    /// The plain first page.
    first: Option<PageFacts>,
    knows_direction: bool,
    /// Tickets that walks joined which were given up: read, but not known to lie next to those joined now.
    aside: BTreeSet<TicketNumber>,
    limit: usize,
    most: usize,
    asked: BTreeMap<u32, Job>,
    again: Vec<Job>,
    given: u32,
}

impl Reading {
    /// A reading of its own; `given` are the asks given out by the readings before it.
    pub fn new(limit: usize, most: usize, given: u32) -> Self {
        Self {
            stage: ReadingStage::Walking,
            walk: Walk::new(CountsFrom::Newest, false, limit, limit),
            filter: FilterTrial::default(),
            first: None,
            knows_direction: false,
            aside: BTreeSet::new(),
            limit,
            most,
            asked: BTreeMap::new(),
            again: Vec::new(),
            given,
        }
    }

    /// Asks given out so far.
    pub fn given(&self) -> u32 {
        self.given
    }

    /// The tickets that are joined, newest to oldest, without a gap.
    pub fn joined(&self) -> &BTreeSet<TicketNumber> {
        self.walk.joined()
    }

    /// Different tickets read, joined or not.
    pub fn read(&self) -> usize {
        self.joined().len() + self.aside.difference(self.joined()).count()
    }

    /// True once the joined tickets are known to begin at the newest one.
    pub fn is_from_newest(&self) -> bool {
        self.knows_direction && !matches!(self.stage, ReadingStage::Confirming(_) | ReadingStage::Measuring(_))
    }

    /// True once the exchange proved that it filters.
    pub fn is_filtered(&self) -> bool {
        self.walk.is_filtered()
    }

    /// True if newer tickets may be there than those joined.
    pub fn may_lack_newer(&self) -> bool {
        self.walk.may_lack_newer()
    }

    /// True if the list fills a page and no second page has told which way it runs: the newest may be behind that page.
    pub fn may_hide_newer(&self) -> bool {
        !self.knows_direction && self.walk.joined().len() >= self.walk.size().min(self.limit)
    }

    /// Tickets that a page asks for.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// True if this page is on its way.
    pub fn awaits(&self, ask: u32) -> bool {
        self.asked.contains_key(&ask)
    }

    /// Pages are half as long from now on; says how long, or `None` if they cannot be shorter.
    pub fn halve(&mut self) -> Option<usize> {
        if self.limit <= 1 {
            return None;
        }
        self.limit /= 2;
        self.walk.shorten(self.limit);
        Some(self.limit)
    }

    /// The pages to ask for now, each with its number.
    pub fn next(&mut self) -> Vec<(u32, Window)> {
        let mut windows = Vec::new();
        for job in std::mem::take(&mut self.again) {
            windows.push(self.ask(job));
        }
        while let Some(role) = self.wanted() {
            windows.push(self.ask(Job { role, tries: 0 }));
        }
        windows
    }

    fn wanted(&mut self) -> Option<PageRole> {
        match &self.stage {
            ReadingStage::Walking
                if self.filter == FilterTrial::Untried && self.first.is_none() && !self.asked.is_empty() =>
            {
                self.filter = FilterTrial::Asked(None);
                Some(PageRole::Filter)
            }
            ReadingStage::Walking => {
                let most = if self.knows_direction { self.most } else { 1 };
                self.walk.next(most).map(PageRole::Walk)
            }
            ReadingStage::Confirming(_) | ReadingStage::Measuring(_) | ReadingStage::Newest(_)
                if self.is_awaiting_one() =>
            {
                None
            }
            ReadingStage::Confirming(_) => Some(PageRole::Confirm),
            ReadingStage::Measuring(search) => match search.next() {
                LengthProbe::At(at) => Some(PageRole::Length(at)),
                LengthProbe::Length(_) | LengthProbe::Endless => None,
            },
            ReadingStage::Newest(_) => Some(PageRole::Newest),
            ReadingStage::Resting => None,
        }
    }

    fn is_awaiting_one(&self) -> bool {
        self.asked.values().any(|job| matches!(job.role, PageRole::Confirm | PageRole::Length(_) | PageRole::Newest))
    }

    fn ask(&mut self, job: Job) -> (u32, Window) {
        let plain = Window { start: 0, limit: self.limit, failed_only: false };
        let window = match &job.role {
            PageRole::Walk(request) => request.window,
            PageRole::Filter => Window { start: 0, limit: self.limit, failed_only: true },
            PageRole::Length(at) => Window { start: *at, limit: 1, failed_only: false },
            PageRole::Newest => match &self.stage {
                ReadingStage::Newest(newest) => newest.window(),
                _ => plain,
            },
            PageRole::Confirm => plain,
        };
        self.given += 1;
        self.asked.insert(self.given, job);
        (self.given, window)
    }

    /// Reads the newest pages until they join.
    pub fn catch_up(&mut self) {
        self.forget_asked();
        self.stage = ReadingStage::Newest(Newest::new(self.walk.counts_from(), self.limit, self.walk.size()));
    }

    /// Nothing more is asked for.
    pub fn rest(&mut self) {
        self.forget_asked();
        self.stage = ReadingStage::Resting;
    }

    /// Forgets the pages that will not be answered any more, as after a lost link; they are asked for again when the reading
    /// goes on.
    pub fn forget_asked(&mut self) {
        self.asked.clear();
        self.again.clear();
        self.walk.forget_asked();
        if matches!(self.filter, FilterTrial::Asked(_)) {
            self.filter = if self.first.is_some() { FilterTrial::No } else { FilterTrial::Untried };
        }
        if matches!(self.stage, ReadingStage::Newest(_)) {
            self.stage = ReadingStage::Newest(Newest::new(self.walk.counts_from(), self.limit, self.walk.size()));
        }
    }

    /// A page was not answered well; `None` if it is asked for again, or not needed, else it is given up.
    pub fn fail(&mut self, ask: u32, may_retry: bool) -> Option<()> {
        let job = self.asked.remove(&ask)?;
        if job.role == PageRole::Filter {
            self.filter = FilterTrial::No;
            return None;
        }
        if may_retry && job.tries + 1 < MOST_TRIES {
            self.again.push(Job { tries: job.tries + 1, ..job });
            return None;
        }
        Some(())
    }

    /// A page came.
    pub fn take(&mut self, ask: u32, page: PageFacts) -> ReadingStep {
        let Some(job) = self.asked.remove(&ask) else { return ReadingStep::Going };
        match job.role {
            PageRole::Walk(request) => self.take_walk(request, page),
            PageRole::Filter => self.take_filtered(page),
            PageRole::Confirm => self.confirm_direction(&page),
            PageRole::Length(at) => self.take_length(at, page.rows > 0),
            PageRole::Newest => self.take_newest(&page),
        }
    }

    fn take_walk(&mut self, request: PageRequest, page: PageFacts) -> ReadingStep {
        if request.window.failed_only && page.failed.len() < page.rows {
            return self.fall_back();
        }
        if let Some(step) = self.learn_direction(request, &page) {
            return step;
        }
        // Which end is the old one is not known yet.
        let page = PageFacts { is_old: page.is_old && self.knows_direction, ..page };
        match self.walk.take(request, page) {
            WalkProgress::Going => self.try_filter(),
            WalkProgress::EndOfList => ReadingStep::EndOfList,
            WalkProgress::EndOfDepth => ReadingStep::EndOfDepth,
            WalkProgress::Broken(_) if self.walk.is_filtered() => self.fall_back(),
            WalkProgress::Broken(why) => ReadingStep::Broken(why.to_owned()),
        }
    }

    /// The page after the first tells which way the list runs: an old copy of the documentation counts from the oldest.
    fn learn_direction(&mut self, request: PageRequest, page: &PageFacts) -> Option<ReadingStep> {
        if self.knows_direction {
            return None;
        }
        let Some(first) = &self.first else {
            self.first = Some(page.clone());
            return None;
        };
        let (oldest, newest) = (first.numbers.iter().min()?, first.numbers.iter().max()?);
        let newer = page.numbers.iter().filter(|number| *number > newest).count();
        let older = page.numbers.iter().filter(|number| *number < oldest).count();
        if newer > older {
            self.filter = FilterTrial::No;
            self.stage = ReadingStage::Confirming((request.window.start + page.rows).saturating_sub(1));
            return Some(ReadingStep::Going);
        }
        self.knows_direction = older > 0;
        None
    }

    /// A list that counts from the oldest begins with the same page as before; one that counts from the newest, and only had
    /// many arrivals, does not, and is begun anew.
    fn confirm_direction(&mut self, page: &PageFacts) -> ReadingStep {
        let ReadingStage::Confirming(last) = self.stage else { return ReadingStep::Going };
        let of = |page: &PageFacts| page.numbers.iter().copied().collect::<BTreeSet<_>>();
        if self.first.as_ref().map(of) == Some(of(page)) {
            self.knows_direction = true;
            self.stage = ReadingStage::Measuring(LengthSearch::from(last));
        } else {
            self.first = None;
            self.restart(CountsFrom::Newest);
        }
        ReadingStep::Going
    }

    fn restart(&mut self, counts_from: CountsFrom) {
        self.asked.clear();
        self.again.clear();
        self.stage = ReadingStage::Walking;
        let size = self.walk.size();
        let given_up = std::mem::replace(&mut self.walk, Walk::new(counts_from, false, self.limit, size));
        self.aside.extend(given_up.joined());
    }

    fn take_length(&mut self, at: usize, is_there: bool) -> ReadingStep {
        let ReadingStage::Measuring(search) = &mut self.stage else { return ReadingStep::Going };
        search.take(at, is_there);
        match search.next() {
            LengthProbe::At(_) => {}
            LengthProbe::Length(length) => self.restart(CountsFrom::Oldest(length)),
            LengthProbe::Endless => {
                return ReadingStep::Broken(words::ENDLESS.to_owned());
            }
        }
        ReadingStep::Going
    }

    fn take_filtered(&mut self, page: PageFacts) -> ReadingStep {
        if matches!(self.filter, FilterTrial::Asked(None)) {
            self.filter = FilterTrial::Asked(Some(page));
        }
        self.try_filter()
    }

    /// Uses the filter, once both first pages are there, if the filtered one proves it; else that page was data only.
    fn try_filter(&mut self) -> ReadingStep {
        let (Some(first), FilterTrial::Asked(Some(filtered))) = (&self.first, &self.filter) else {
            return ReadingStep::Going;
        };
        if self.stage != ReadingStage::Walking || !status_filter::is_honoured(first, filtered) {
            self.filter = FilterTrial::No;
            return ReadingStep::Going;
        }
        let filtered = filtered.clone();
        self.filter = FilterTrial::Honoured;
        self.knows_direction = true;
        self.asked.clear();
        self.again.clear();
        self.walk = Walk::new(CountsFrom::Newest, true, self.limit, self.limit);
        let Some(request) = self.walk.next(1) else { return ReadingStep::Going };
        self.take_walk(request, filtered)
    }

    /// The filter did not keep what it proved: everything is read plainly.
    fn fall_back(&mut self) -> ReadingStep {
        self.filter = FilterTrial::No;
        self.restart(CountsFrom::Newest);
        ReadingStep::Going
    }

    fn take_newest(&mut self, page: &PageFacts) -> ReadingStep {
        let ReadingStage::Newest(newest) = &mut self.stage else { return ReadingStep::Going };
        match newest.take(page, self.walk.joined()) {
            Joining::Going => ReadingStep::Going,
            Joining::Joined => {
                let (counts_from, read) = (newest.counts_from(), newest.read().clone());
                self.walk.join_newer(&read);
                self.walk.set_counts_from(counts_from);
                self.stage = ReadingStage::Resting;
                ReadingStep::CaughtUp
            }
            Joining::Broken => ReadingStep::Broken(words::NEWEST_NOT_JOINED.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_counts_from_the_oldest_is_joined_from_the_newest_only_once_its_length_is_known() {
        const LENGTH: usize = 45;
        let mut reading = Reading::new(10, 1, 0);
        for _ in 0..100 {
            for (ask, Window { start, limit, failed_only }) in reading.next() {
                if failed_only {
                    reading.fail(ask, false);
                    continue;
                }
                let numbers: Vec<_> =
                    (start..(start + limit).min(LENGTH)).map(|at| TicketNumber(91_000 + at as u64)).collect();
                let facts = PageFacts { rows: numbers.len(), numbers, ..PageFacts::default() };
                let read = reading.read();
                let step = reading.take(ask, facts);
                assert!(reading.read() >= read, "what was read stays read");
                let has_newest = reading.joined().last() == Some(&TicketNumber(91_000 + LENGTH as u64 - 1));
                assert!(!reading.is_from_newest() || reading.joined().is_empty() || has_newest, "{reading:?}");
                if step == ReadingStep::EndOfList {
                    assert!(reading.is_from_newest() && reading.read() == LENGTH);
                    return;
                }
            }
        }
        panic!("it ends: {reading:?}");
    }
}
