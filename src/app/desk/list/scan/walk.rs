//! The walk from the newest ticket to the oldest: several pages at a time, joined only where they share a ticket.
//!
//! ```text
//! depth 0 (newest)         reached                                      oldest
//!    |========= joined ========|. . . . . . . . . . . . . . . . . . . . . . |
//!                           |---- 1st page ----|              still on its way: pending
//!                                           |---- 2nd page ----|   came first: ahead
//!                           |<>|            |<>|  overlap   |
//!                                                           next_depth: a 3rd page
//! ```
//!
//! Depth is the distance from the newest ticket. While tickets arrive, every older one gets deeper, so the oldest joined ticket
//! lies at `reached` or deeper: a page asked for from there overlaps what is known, more rather than less. A page is joined
//! only if it shares a ticket with the joined ones, because only then nothing can lie between; a page `ahead` waits until the
//! pages before it are joined. Pages ahead with nothing pending lie behind a gap: then the walk goes back to `reached`, and
//! asks for one page at a time, with more overlap.

use std::collections::BTreeSet;

use super::page::{PageFacts, Window};
use crate::app::words::desk::list as words;
use crate::domain::TicketNumber;

/// So many pages in a row may bring nothing new before the reading is given up.
const MOST_BARREN: u32 = 2_000;
/// So often in a row the very same page may come.
const MOST_REPEATED: u32 = 5;
/// So often a page may fail to join where it must, before the reading is given up.
const MOST_MISSES: u32 = 4;

/// So few rows every exchange gives at once: if fewer come, the list ends, because no cap on a page is as small.
const FEW: usize = 3;

/// No list has a row here.
const FAR: usize = 1 << 40;

/// From where `StartIndex` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountsFrom {
    /// 0 is the newest.
    Newest,
    /// 0 is the oldest; the list had so many rows when the walk began.
    Oldest(usize),
}

/// One page of the walk, as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The rows that are asked for.
    pub window: Window,
    /// True for a page just behind `reached`, asked for to see if anything is there.
    is_probe: bool,
    /// `reached` as it was when this page was asked for: an empty page is the end only if nothing can lie between.
    reached_then: usize,
}

/// How the walk stands after a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WalkProgress {
    /// There is more.
    Going,
    /// The end of the list is joined.
    EndOfList,
    /// A page older than the scan has to go is joined.
    EndOfDepth,
    /// It cannot go on; why.
    Broken(&'static str),
}

/// A doubt that the end of the list was really met, until another page tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Doubt {
    #[default]
    None,
    /// A short page behind what was reached ends with the oldest joined ticket: it may have been cut off there.
    Tail,
    /// A start beyond the end may be answered with the last page.
    Clamped,
    /// The last rows are looked at again, since what was behind them may have moved up.
    LookAgain,
}

/// A page that came, and where it lay when it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ahead {
    depth: usize,
    request: PageRequest,
    page: PageFacts,
}

/// Pages in a row that brought no ticket that was not known: a few are usual, very many mean that there is no way on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Barren {
    in_a_row: u32,
    /// Barren pages in a row that were the very same.
    repeated: u32,
    /// The last barren page's tickets.
    last: Vec<TicketNumber>,
}

impl Barren {
    fn count(&mut self, page: &PageFacts) -> WalkProgress {
        self.in_a_row += 1;
        self.repeated = if self.last == page.numbers { self.repeated + 1 } else { 0 };
        self.last.clone_from(&page.numbers);
        if self.in_a_row > MOST_BARREN || self.repeated > MOST_REPEATED {
            return WalkProgress::Broken(words::SAME_AGAIN);
        }
        WalkProgress::Going
    }
}

/// How far the reading is joined without a gap, and what is still on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    counts_from: CountsFrom,
    /// True for the list with the filter: tickets that stop being failed leave it while it is read.
    shrinks: bool,
    /// Rows that a page asks for.
    limit: usize,
    /// Rows that the exchange gives at once, as far as seen.
    size: usize,
    /// The tickets from the newest to the oldest one reached, without a gap.
    joined: BTreeSet<TicketNumber>,
    /// Everything less deep is joined.
    reached: usize,
    /// The depth of the next page, if pages before it are still on their way.
    next_depth: usize,
    /// Pages that came, and share no ticket with the joined ones yet.
    ahead: Vec<Ahead>,
    /// Pages that were asked for and did not come yet.
    pending: usize,
    /// One page at a time, until one joins.
    is_careful: bool,
    /// Rows of the last joined page, if they were fewer than usual: the end, or a smaller cap.
    short: Option<usize>,
    barren: Barren,
    doubt: Doubt,
    /// Times in a row that nothing was there behind the last row, in a list that may shrink.
    empties: u32,
    /// Gaps in a row that pages met which were asked for one at a time, or a probe. Each doubles the overlap.
    misses: u32,
}

impl Walk {
    /// A walk that starts at the newest ticket.
    pub fn new(counts_from: CountsFrom, failed_only: bool, limit: usize, size: usize) -> Self {
        Self {
            counts_from,
            shrinks: failed_only,
            limit,
            size,
            joined: BTreeSet::new(),
            reached: 0,
            next_depth: 0,
            ahead: Vec::new(),
            pending: 0,
            is_careful: true,
            short: None,
            barren: Barren::default(),
            doubt: Doubt::None,
            empties: 0,
            misses: 0,
        }
    }

    /// The tickets that are joined.
    pub fn joined(&self) -> &BTreeSet<TicketNumber> {
        &self.joined
    }

    /// Joins tickets that were read elsewhere, because they are known to lie next to the newest joined one.
    pub fn join_newer(&mut self, numbers: &BTreeSet<TicketNumber>) {
        self.joined.extend(numbers);
    }

    /// From where `StartIndex` counts.
    pub fn counts_from(&self) -> CountsFrom {
        self.counts_from
    }

    /// The list got longer at its newest end; the depth of what is joined stays counted from where the walk began.
    pub fn set_counts_from(&mut self, counts_from: CountsFrom) {
        self.counts_from = counts_from;
    }

    /// Rows that the exchange gives at once, as far as seen.
    pub fn size(&self) -> usize {
        self.size
    }

    /// True if the list is asked for with the filter.
    pub fn is_filtered(&self) -> bool {
        self.shrinks
    }

    /// True if the list may hold newer tickets than those joined.
    pub fn may_lack_newer(&self) -> bool {
        self.shrinks || self.counts_from != CountsFrom::Newest || self.reached > self.joined.len()
    }

    /// Pages ask for no more than so many rows from now on.
    pub fn shorten(&mut self, limit: usize) {
        self.limit = limit;
        self.size = self.size.min(limit);
    }

    /// The link is gone: what was on its way is asked for again, from what is joined.
    pub fn forget_asked(&mut self) {
        self.pending = 0;
        self.go_back();
    }

    fn go_back(&mut self) {
        self.ahead.clear();
        self.doubt = Doubt::None;
        self.is_careful = true;
        self.next_depth = self.reached.saturating_sub(self.overlap());
    }

    /// Pages share so many rows with the one before, so that a gap shows.
    fn overlap(&self) -> usize {
        (self.size / 10).max(1).saturating_mul(1 << self.misses.min(8)).min(self.size.saturating_sub(1).max(1))
    }

    /// The next page to ask for, if one may be asked for now; at most `most` are on their way.
    pub fn next(&mut self, most: usize) -> Option<PageRequest> {
        let most = if self.is_careful || self.short.is_some() { 1 } else { most };
        // Pages that join nothing yet wait for those before them; more would only lie behind the same gap.
        if self.pending >= most || self.ahead.len() >= most.max(2) {
            return None;
        }
        let is_probe = self.short.is_some() && self.doubt != Doubt::LookAgain && self.counts_from == CountsFrom::Newest;
        let first = self.reached.saturating_sub(self.overlap());
        let depth = match (is_probe, self.short) {
            (true, _) if self.doubt == Doubt::Clamped => FAR,
            (true, _) => self.reached,
            (false, Some(_)) => first,
            (false, None) => self.next_depth.max(first),
        };
        let limit = if is_probe && self.doubt == Doubt::Tail { self.limit.min(FEW) } else { self.limit };
        let window = self.window(depth, limit)?;
        let before = if depth == FAR { first } else { depth };
        self.next_depth = before + self.size.min(limit).saturating_sub(self.overlap()).max(1);
        if self.doubt == Doubt::LookAgain {
            self.doubt = Doubt::None;
        }
        self.pending += 1;
        Some(PageRequest { window, is_probe, reached_then: self.reached })
    }

    fn window(&self, depth: usize, limit: usize) -> Option<Window> {
        let failed_only = self.shrinks;
        match self.counts_from {
            CountsFrom::Newest => Some(Window { start: depth, limit, failed_only }),
            CountsFrom::Oldest(length) => {
                let end = length.checked_sub(depth).filter(|end| *end > 0)?;
                let start = end.saturating_sub(self.size);
                Some(Window { start, limit: end - start, failed_only })
            }
        }
    }

    /// A page came.
    pub fn take(&mut self, request: PageRequest, page: PageFacts) -> WalkProgress {
        self.pending = self.pending.saturating_sub(1);
        let start = request.window.start;
        if start == FAR {
            return self.take_far(&page);
        }
        let depth = match self.counts_from {
            CountsFrom::Newest => start,
            CountsFrom::Oldest(length) => length.saturating_sub(start + page.rows),
        };
        if let CountsFrom::Oldest(_) = self.counts_from
            && (1..request.window.limit).contains(&page.rows)
        {
            self.size = page.rows.max(2);
        }
        if self.is_newer(&page) {
            // So much arrived that the page lies before all that is joined, which is deeper by now.
            self.reached = self.reached.max(depth + page.rows);
            self.short = None;
            if let broken @ WalkProgress::Broken(_) = self.barren.count(&page) {
                return broken;
            }
        } else {
            self.ahead.push(Ahead { depth, request, page });
        }
        while let Some(at) = self.ahead.iter().position(|ahead| self.joins(ahead)) {
            let ahead = self.ahead.swap_remove(at);
            match self.join(&ahead) {
                WalkProgress::Going => {}
                other => return other,
            }
        }
        if self.pending == 0 { self.mind_gap() } else { WalkProgress::Going }
    }

    fn is_newer(&self, page: &PageFacts) -> bool {
        let (oldest, newest) = (page.numbers.iter().min(), self.joined.last());
        self.counts_from == CountsFrom::Newest && oldest.zip(newest).is_some_and(|(oldest, newest)| oldest > newest)
    }

    /// Behind any end an exchange sends nothing, or its last page; one that always sends its first is not at any end.
    fn take_far(&mut self, page: &PageFacts) -> WalkProgress {
        self.doubt = Doubt::None;
        let is_known = page.numbers.iter().all(|number| self.joined.contains(number));
        let has_oldest = self.joined.first().is_some_and(|oldest| page.numbers.contains(oldest));
        let is_end = is_known && has_oldest && self.joined.len() > page.rows;
        if is_end { WalkProgress::EndOfList } else { WalkProgress::Going }
    }

    fn joins(&self, ahead: &Ahead) -> bool {
        // Where no row could be read so far there is no ticket to share; the page goes on where those rows end.
        let is_first = self.joined.is_empty() && ahead.depth <= self.reached;
        is_first || ahead.page.rows == 0 || ahead.page.numbers.iter().any(|number| self.joined.contains(number))
    }

    fn join(&mut self, Ahead { depth, request, page }: &Ahead) -> WalkProgress {
        if page.rows == 0 {
            return self.join_nothing(*depth, request);
        }
        let oldest = self.joined.first().copied();
        let before = self.joined.len();
        self.joined.extend(&page.numbers);
        let is_barren = self.joined.len() == before;
        self.is_careful = false;
        self.misses = 0;
        self.short = (page.rows < self.size.min(request.window.limit)).then_some(page.rows);
        // Where tickets leave, what is joined moves up.
        let end = depth + page.rows;
        self.reached = if self.shrinks && is_barren { end } else { self.reached.max(end) };
        self.size = self.size.max(page.rows.min(self.limit));
        if is_barren && before > 0 {
            return self.join_known(request, page, oldest);
        }
        (self.barren.in_a_row, self.empties, self.doubt) = (0, 0, Doubt::None);
        match self.counts_from {
            _ if page.is_old => WalkProgress::EndOfDepth,
            CountsFrom::Oldest(length) if self.reached >= length => WalkProgress::EndOfList,
            _ => WalkProgress::Going,
        }
    }

    /// Takes an empty page. It is the end only if it was asked for after everything before it was joined, because then nothing
    /// can lie between.
    fn join_nothing(&mut self, depth: usize, request: &PageRequest) -> WalkProgress {
        let is_end = !self.shrinks && depth <= request.reached_then && self.counts_from == CountsFrom::Newest;
        if is_end && depth < self.joined.len() {
            return WalkProgress::Broken(words::EMPTY_PAGE);
        }
        if is_end || self.joined.is_empty() && depth == 0 {
            return WalkProgress::EndOfList;
        }
        if let CountsFrom::Oldest(_) = self.counts_from {
            return WalkProgress::Broken(words::GOT_SHORTER);
        }
        self.short = Some(0);
        if self.shrinks && request.is_probe {
            self.empties += 1;
            self.doubt = Doubt::LookAgain;
            if self.empties > 1 {
                return WalkProgress::EndOfList;
            }
        }
        WalkProgress::Going
    }

    /// A page of known tickets: the list got longer at its newest end, or this is its oldest end.
    fn join_known(&mut self, request: &PageRequest, page: &PageFacts, oldest: Option<TicketNumber>) -> WalkProgress {
        let has_oldest = oldest.is_some_and(|oldest| page.numbers.contains(&oldest));
        let is_tail = !self.shrinks && request.is_probe && has_oldest && self.joined.len() > page.rows;
        match std::mem::take(&mut self.doubt) {
            // Tickets go on arriving, so that nothing is ever empty. But fewer came than the few that were asked for: the
            // page was not cut off, and its last row is the list's.
            Doubt::Tail if is_tail && page.rows < request.window.limit.min(FEW) => return WalkProgress::EndOfList,
            Doubt::Tail if is_tail => self.doubt = Doubt::Clamped,
            _ if is_tail => self.doubt = Doubt::Tail,
            _ => {}
        }
        if request.is_probe {
            self.short.get_or_insert(page.rows);
        }
        self.barren.count(page)
    }

    /// Goes back if nothing is on its way any more and pages are left that join nothing, because they lie behind a gap.
    fn mind_gap(&mut self) -> WalkProgress {
        if self.ahead.is_empty() {
            return WalkProgress::Going;
        }
        let was_probe = self.ahead.iter().any(|ahead| ahead.request.is_probe);
        if let Some(rows) = self.short.take_if(|_| was_probe) {
            // The short page was not the last one, so that the exchange gives so many rows at once.
            self.size = if rows > 0 { rows.max(2) } else { self.size };
        }
        if self.is_careful || was_probe {
            self.misses += 1;
        }
        self.go_back();
        if self.misses > MOST_MISSES || self.shrinks && !was_probe {
            WalkProgress::Broken(words::NO_SHARED_TICKET)
        } else {
            WalkProgress::Going
        }
    }
}
