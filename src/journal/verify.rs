//! True if a journal is what was written: every line's own hash, its number, its link to the line before and its journal's id,
//! through all files of a rotation, oldest first. The first line of each file that does not fit is named and classified.
//!
//! Pure: the bytes are given. Unknown kinds and keys are no fault, so an older program can check a newer file.

pub mod chains;
pub mod finding;
mod link;

use std::collections::BTreeMap;

use self::finding::{Alteration, Finding, Note, Place, What};
use self::link::ChainLink;
use super::heads::Told;
use super::ledger::Ledger;
use super::record::Record;
use super::seal::{GENESIS, Head};

/// The end of a check.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The files, oldest first.
    pub files: Vec<String>,
    /// How many records fit.
    pub records: u64,
    /// The number of the first of them.
    pub first: Option<u64>,
    /// The last of them.
    pub head: Head,
    /// The open intents, as far as the records fit.
    pub ledger: Ledger,
    /// The faults; at most one line of a file, a torn tail, and one contradiction to a head.
    pub findings: Vec<Finding>,
    /// Things that are worth knowing and no fault.
    pub notes: Vec<Note>,
    /// The heads that were given.
    pub told: Option<Told>,
}

/// Goes through the files of a journal, oldest first.
#[derive(Debug, Default)]
pub struct Checker {
    chain: Option<String>,
    last: Option<Last>,
    /// True if the last file was read to its end.
    is_at_end: bool,
    report: Report,
}

/// The last line that fits.
#[derive(Clone, Debug)]
struct Last {
    place: Place,
    link: ChainLink,
}

/// A line, without its line end, and where it stands.
#[derive(Clone, Copy)]
struct Line<'a> {
    /// From 1, in its file or stream.
    number: usize,
    bytes: &'a [u8],
}

/// The line that is looked at, and those of its journal in the same file or stream.
#[derive(Clone, Copy)]
struct Here<'a> {
    file: &'a str,
    lines: &'a [Line<'a>],
    at: usize,
    line: Line<'a>,
}

impl Here<'_> {
    fn place(&self, record: Option<u64>) -> Place {
        Place { file: self.file.to_owned(), line: self.line.number, record }
    }

    fn finding(&self, record: Option<u64>, what: What) -> Finding {
        Finding { place: self.place(record), what }
    }

    /// The number of a later line, and its links.
    fn find_later(&self, mut is_it: impl FnMut(&ChainLink) -> bool) -> Option<(usize, ChainLink)> {
        let later = self.lines.iter().skip(self.at + 1);
        later.filter_map(|line| Some((line.number, ChainLink::read(line.bytes).ok()?))).find(|(_, link)| is_it(link))
    }

    fn next(&self) -> Option<ChainLink> {
        ChainLink::read(self.lines.get(self.at + 1)?.bytes).ok()
    }
}

/// The journal's id by the lines of its newest file: the one that most of them name.
pub fn chain_of(bytes: &[u8]) -> Option<String> {
    let mut named: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (at, chain) in lines(bytes).whole.iter().filter_map(|line| link::chain_named(line.bytes)).enumerate() {
        named.entry(chain).or_insert((0, at)).0 += 1;
    }
    // Of two that are named as often, the one that was first.
    let most = named.into_iter().max_by_key(|(_, (count, first))| (*count, std::cmp::Reverse(*first)));
    most.map(|(chain, _)| chain)
}

/// The name of the file that this one carries on, if it says so.
pub fn file_before(bytes: &[u8]) -> Option<String> {
    lines(bytes).whole.iter().find_map(|line| link::carried_on(line.bytes))
}

/// The lines of a file or stream.
struct Lines<'a> {
    /// Those that have an end.
    whole: Vec<Line<'a>>,
    /// The bytes behind them.
    torn: Option<Line<'a>>,
}

fn lines(bytes: &[u8]) -> Lines<'_> {
    let parts = (1..).zip(bytes.split(|byte| *byte == b'\n'));
    let mut whole: Vec<_> = parts.map(|(number, bytes)| Line { number, bytes }).collect();
    let torn = whole.pop().filter(|line| !line.bytes.is_empty());
    Lines { whole, torn }
}

impl Checker {
    /// A check of the journal with this id, against the heads that were kept elsewhere.
    pub fn new(chain: Option<String>, told: Option<Told>) -> Self {
        Self { chain, is_at_end: true, report: Report { told, ..Report::default() }, ..Self::default() }
    }

    /// A file that is named but was not read: archives may be moved.
    pub fn gone(&mut self, name: &str, why: &str) {
        self.report.notes.push(Note::FileGone { name: name.to_owned(), why: why.to_owned() });
    }

    /// Checks the next file. Every record that fits is handed on.
    pub fn file(&mut self, name: &str, bytes: &[u8], mut each: impl FnMut(&Record)) {
        let Lines { whole, torn } = lines(bytes);
        self.lines(name, &whole, &mut each);
        if let Some(torn) = torn.filter(|_| self.is_at_end) {
            let place = Place { file: name.to_owned(), line: torn.number, record: self.wanted() };
            self.report.findings.push(Finding { place, what: What::Torn { bytes: torn.bytes.len() } });
        }
    }

    /// Checks the lines of the next file, to the first that does not fit.
    fn lines(&mut self, name: &str, lines: &[Line<'_>], each: &mut impl FnMut(&Record)) {
        self.report.files.push(name.to_owned());
        self.is_at_end = true;
        for (at, line) in lines.iter().enumerate() {
            if !self.line(Here { file: name, lines, at, line: *line }, each) {
                // A line behind it cannot be told from one that was put in. The next file begins with what was open.
                (self.is_at_end, self.last) = (false, None);
                return;
            }
        }
    }

    /// Ends the check.
    pub fn finish(mut self) -> Report {
        let cut = self.last.as_ref().filter(|_| self.is_at_end).and_then(|last| {
            let told = self.report.told.as_ref()?.last().filter(|told| *told > last.link.seq)?;
            let what = What::Missing { from: last.link.seq + 1, to: told, at_end: true };
            Some(Finding { place: last.place.clone(), what })
        });
        self.report.findings.extend(cut);
        let told = self.report.told.as_ref();
        let earlier = told.zip(self.report.first).map_or(0, |(told, first)| told.before(first));
        if earlier > 0 {
            self.report.notes.push(Note::EarlierHeads(earlier));
        }
        if self.report.told.as_ref().is_some_and(|told| told.ours == 0) {
            self.report.notes.push(Note::NoHead);
        }
        self.report
    }

    fn wanted(&self) -> Option<u64> {
        match &self.last {
            Some(last) => last.link.seq.checked_add(1),
            None => self.report.first.is_none().then_some(1),
        }
    }

    /// Checks a line; true if the one after it can be checked.
    fn line(&mut self, here: Here<'_>, each: &mut impl FnMut(&Record)) -> bool {
        let read =
            ChainLink::read(here.line.bytes).map_err(|change| here.finding(self.wanted(), What::Changed(change)));
        let link = match read {
            Ok(link) => link,
            Err(finding) => {
                self.report.findings.push(finding);
                return false;
            }
        };
        let checked = match &self.last {
            None => self.begins(here, &link),
            Some(last) => self.follows(here, last, &link),
        };
        if let Err(finding) = checked {
            self.report.findings.push(finding);
            // The files do not fit together, but this one may fit in itself.
            if here.at > 0 || self.last.is_none() || self.is_foreign(&link) || !link.carries_on {
                return false;
            }
        }
        self.accept(here, link, each);
        true
    }

    fn is_foreign(&self, link: &ChainLink) -> bool {
        self.chain.as_ref().is_some_and(|chain| *chain != link.chain)
    }

    fn foreign(here: Here<'_>, link: &ChainLink) -> Finding {
        here.finding(Some(link.seq), What::Foreign { chain: link.chain.clone() })
    }

    /// The first line of all, or of a file behind one that does not fit.
    fn begins(&self, here: Here<'_>, link: &ChainLink) -> Result<(), Finding> {
        let finding = |what| Err(here.finding(Some(link.seq), what));
        if self.is_foreign(link) {
            return Err(Self::foreign(here, link));
        }
        if link.is_beginning() {
            return Ok(());
        }
        let is_it = |later: &ChainLink| later.is_beginning() && !self.is_foreign(later) && later.seq < link.seq;
        match here.find_later(is_it) {
            Some((at, later)) => finding(What::Swapped { wanted: later.seq, stands_at: Some(at) }),
            None if link.seq == 1 => finding(What::Changed(Alteration::Unlinked)),
            None => finding(What::Beginning),
        }
    }

    fn follows(&self, here: Here<'_>, last: &Last, link: &ChainLink) -> Result<(), Finding> {
        let finding = |what| Err(here.finding(Some(link.seq), what));
        let wanted = last.link.seq.saturating_add(1);
        let is_behind_last = link.prev == last.link.hash;
        if is_behind_last && link.seq == wanted && !self.is_foreign(link) {
            return Ok(());
        }
        if is_behind_last {
            return finding(What::Changed(Alteration::Renumbered));
        }
        if self.is_foreign(link) {
            return Err(Self::foreign(here, link));
        }
        if link.seq == wanted {
            return Err(Finding { place: last.place.clone(), what: What::Changed(Alteration::Resealed) });
        }
        if link.seq < wanted {
            return Err(repeats(here, last, link, wanted));
        }
        let is_it = |later: &ChainLink| later.seq == wanted && later.prev == last.link.hash && !self.is_foreign(later);
        match here.find_later(is_it) {
            Some((at, _)) => finding(What::Swapped { wanted, stands_at: Some(at) }),
            None => finding(What::Missing { from: wanted, to: link.seq - 1, at_end: false }),
        }
    }

    fn accept(&mut self, here: Here<'_>, link: ChainLink, each: &mut impl FnMut(&Record)) {
        let place = here.place(Some(link.seq));
        self.compare(&place, &link);
        let record = std::str::from_utf8(here.line.bytes).ok().and_then(|text| Record::parse(text).ok());
        match record.filter(Record::is_whole) {
            Some(record) => {
                self.report.ledger.apply(&record);
                each(&record);
            }
            None => self.report.notes.push(Note::NotUnderstood(place.clone())),
        }
        self.report.records += 1;
        self.report.first = self.report.first.or(Some(link.seq));
        self.report.head = Head { chain: Some(link.chain.clone()), seq: link.seq, hash: link.hash.clone() };
        self.last = Some(Last { place, link });
    }

    /// Compares it with what was told of it. Where one differs, all after it do: only the first is named.
    fn compare(&mut self, place: &Place, link: &ChainLink) {
        let told = self.report.told.as_ref().and_then(|told| told.contradicts(link.seq, &link.hash));
        let is_told = |finding: &Finding| matches!(finding.what, What::Changed(Alteration::Told { .. }));
        if let Some(told) = told.filter(|_| !self.report.findings.iter().any(is_told)) {
            let change = Alteration::Told { told: told.to_owned(), here: link.hash.clone() };
            self.report.findings.push(Finding { place: place.clone(), what: What::Changed(change) });
        }
    }
}

/// An earlier record again. Where two lines have one number and one record before them, the one that the rest of the file
/// does not carry on was put in.
fn repeats(here: Here<'_>, last: &Last, link: &ChainLink, wanted: u64) -> Finding {
    let is_fork = link.seq == last.link.seq && link.prev == last.link.prev && link.hash != last.link.hash;
    let is_carried_on = here.next().is_some_and(|next| next.prev == link.hash);
    match (is_fork, is_carried_on) {
        (true, true) => Finding { place: last.place.clone(), what: What::Changed(Alteration::PutIn) },
        (true, false) => here.finding(Some(link.seq), What::Changed(Alteration::PutIn)),
        (false, _) => here.finding(Some(link.seq), What::Swapped { wanted, stands_at: None }),
    }
}

impl ChainLink {
    /// True if a journal's first file, or a file that carries another on, may begin with it.
    fn is_beginning(&self) -> bool {
        self.carries_on || self.seq == 1 && self.prev == GENESIS
    }
}

#[cfg(test)]
pub(super) mod tests;
