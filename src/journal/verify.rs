//! True if a journal is what was written: every line's own hash, its number, its link to the line before and its journal's id,
//! through all files of a rotation, oldest first. The first line of each file that does not fit is named and classified.
//!
//! Pure: the bytes are given. Unknown kinds and keys are no fault, so an older program can check a newer file.

pub mod chains;
pub mod finding;
mod link;

use std::collections::BTreeMap;

use self::finding::{Alteration, Finding, Place, What};
use self::link::ChainLink;
use super::heads::Told;
use super::ledger::Ledger;
use super::record::Record;
use super::seal::{GENESIS, Head};
use crate::domain::text::inert;

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
    pub notes: Vec<String>,
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
        let (name, why) = (inert(name), inert(why));
        self.report.notes.push(format!("the records before are in {name}, which was not checked ({why})"));
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
            self.report.notes.push(format!("heads of {earlier} earlier records could not be compared"));
        }
        if self.report.told.as_ref().is_some_and(|told| told.ours == 0) {
            let none = "no head of this journal was given, so nobody can say whether its tail was cut off";
            self.report.notes.push(none.to_owned());
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
            None => self.report.notes.push(format!(
                "{place}: whole and in its place, but this version cannot tell which ticket it is about, and no console of \
                 this version will write to this journal"
            )),
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
pub(super) mod tests {
    use super::*;
    use crate::journal::record::tests::{intent, stamp};
    use crate::journal::record::{Fact, RotatedFact};
    use crate::journal::seal::seal;
    use jiff::Timestamp;
    use rstest::rstest;

    fn add(head: &mut Head, fact: Fact) -> String {
        let mut stamp = stamp("s1");
        stamp.chain = head.chain.clone().unwrap_or(stamp.chain);
        let (record, line) = Record::next(head, Timestamp::UNIX_EPOCH, stamp, fact).unwrap();
        head.advance(&record);
        line
    }

    pub(crate) fn journal(chain: &str, facts: Vec<Fact>) -> Vec<String> {
        let mut head = Head { chain: Some(chain.to_owned()), ..Head::default() };
        facts.into_iter().map(|fact| add(&mut head, fact)).collect()
    }

    fn six() -> Vec<String> {
        let sent = Fact::Sent { id: crate::domain::IntentId(1).to_string() };
        journal("c0", vec![Fact::Opened, intent(1, 287), sent, intent(2, 288), Fact::Closed, Fact::Opened])
    }

    fn check(files: &[(&str, &[u8])], told: Option<&str>) -> Report {
        let chain = files.last().and_then(|(_, bytes)| chain_of(bytes));
        let told = told.map(|text| Told::read(text, chain.as_deref()));
        let mut checker = Checker::new(chain, told);
        for (name, bytes) in files {
            checker.file(name, bytes, |_| {});
        }
        checker.finish()
    }

    fn found(lines: &[String]) -> Vec<(usize, What)> {
        let findings = check(&[("j", lines.concat().as_bytes())], None).findings;
        findings.into_iter().map(|finding| (finding.place.line, finding.what)).collect()
    }

    fn moved(from: usize, to: usize) -> Vec<String> {
        let mut lines = six();
        let line = lines.remove(from);
        lines.insert(to, line);
        lines
    }

    fn without(at: usize) -> Vec<String> {
        let mut lines = six();
        lines.remove(at);
        lines
    }

    fn with(at: usize, line: &str) -> Vec<String> {
        let mut lines = six();
        lines.insert(at, line.to_owned());
        lines
    }

    /// A line with other content, sealed as an attacker would.
    pub(crate) fn resealed(line: &str, from: &str, to: &str) -> String {
        let body = line.split(",\"hash\"").next().unwrap();
        let changed = format!("{}}}", body.replace(from, to));
        assert_ne!(changed, format!("{body}}}"));
        format!("{}\n", seal(&changed).0)
    }

    fn resealed_at(at: usize, from: &str, to: &str) -> Vec<String> {
        let mut lines = six();
        lines[at] = resealed(&lines[at], from, to);
        lines
    }

    fn swapped(wanted: u64, stands_at: Option<usize>) -> What {
        What::Swapped { wanted, stands_at }
    }

    fn missing(from: u64, to: u64) -> What {
        What::Missing { from, to, at_end: false }
    }

    #[rstest]
    #[case::dropped(without(2), 3, missing(3, 3))]
    #[case::dropped_first(without(0), 1, What::Beginning)]
    #[case::neighbours_swapped(moved(2, 3), 3, swapped(3, Some(4)))]
    #[case::first_two_swapped(moved(0, 1), 1, swapped(1, Some(2)))]
    #[case::moved_far(moved(1, 4), 2, swapped(2, Some(5)))]
    #[case::repeated(with(2, &six()[1]), 3, swapped(3, None))]
    #[case::repeated_earlier(with(1, &six()[3]), 2, swapped(2, Some(3)))]
    #[case::foreign(with(2, &journal("c1", vec![Fact::Opened])[0]), 3, What::Foreign { chain: "c1".to_owned() })]
    #[case::foreign_first(with(0, &journal("c1", vec![Fact::Opened])[0]), 1, What::Foreign { chain: "c1".to_owned() })]
    #[case::resealed(resealed_at(2, "desk1", "desk2"), 3, What::Changed(Alteration::Resealed))]
    #[case::renumbered(resealed_at(2, "\"seq\":3", "\"seq\":9"), 3, What::Changed(Alteration::Renumbered))]
    #[case::unlinked(resealed_at(0, GENESIS, &"1".repeat(64)), 1, What::Changed(Alteration::Unlinked))]
    #[case::rechained_elsewhere(resealed_at(2, "\"c0\"", "\"c1\""), 3, What::Changed(Alteration::Renumbered))]
    #[case::put_in(with(2, &resealed(&six()[2], "desk1", "desk2")), 3, What::Changed(Alteration::PutIn))]
    #[case::put_in_behind(with(3, &resealed(&six()[2], "desk1", "desk2")), 4, What::Changed(Alteration::PutIn))]
    #[case::an_empty_line(with(2, "\n"), 3, What::Changed(Alteration::NoRecord))]
    #[case::not_json(with(2, "what?\n"), 3, What::Changed(Alteration::NoRecord))]
    #[case::nul(with(2, "\0\0\0\n"), 3, What::Changed(Alteration::NoRecord))]
    #[case::sealed_but_no_record(with(2, &format!("{}\n", seal("{\"a\":1}").0)), 3, What::Changed(Alteration::NoRecord))]
    #[case::half_a_line(with(6, "{\"seq\":7"), 7, What::Torn { bytes: 8 })]
    fn an_edit_is_found_and_named(#[case] lines: Vec<String>, #[case] line: usize, #[case] what: What) {
        assert_eq!(found(&lines), [(line, what)]);
    }

    #[test]
    fn a_whole_journal_fits() {
        let report = check(&[("j", six().concat().as_bytes())], None);
        assert!(report.findings.is_empty() && report.notes.is_empty(), "{report:?}");
        assert_eq!((report.records, report.head.seq, report.ledger.unresolved().count()), (6, 6, 2));
        assert_eq!(check(&[("j", b"")], None).records, 0);
    }

    #[test]
    fn bytes_that_are_no_text_are_a_changed_line() {
        let mut bytes = six().concat().into_bytes();
        bytes[10] = 0xff;
        assert_eq!(check(&[("j", &bytes)], None).findings[0].what, What::Changed(Alteration::Content));
    }

    #[test]
    fn a_kind_and_a_key_of_a_newer_version_fit_and_an_odd_known_kind_is_noted() {
        let mut head = Head::default();
        let first = add(&mut head, Fact::Opened);
        let newer = resealed(&first, "\"kind\":\"opened\"", "\"kind\":\"sealed\",\"more\":[1]");
        assert!(check(&[("j", newer.as_bytes())], None).notes.is_empty());
        let odd = resealed(&first, "\"kind\":\"opened\"", "\"kind\":\"intent\",\"id\":7");
        let report = check(&[("j", odd.as_bytes())], None);
        assert!(report.findings.is_empty() && report.notes[0].contains("j line 1 (record 1)"), "{report:?}");
    }

    fn rotated(head: &mut Head, from: &str) -> String {
        add(head, Fact::Rotated(Box::new(RotatedFact { from: Some(from.to_owned()), carried: Vec::new() })))
    }

    #[test]
    fn a_rotation_fits_and_a_fault_between_its_files_is_named() {
        let mut head = Head::default();
        let old = [add(&mut head, Fact::Opened), add(&mut head, intent(1, 287))];
        let new = [rotated(&mut head, "j.2"), add(&mut head, Fact::Closed)].concat();
        assert_eq!(file_before(new.as_bytes()).as_deref(), Some("j.2"));
        let check = |old: &str| {
            let report = check(&[("j.2", old.as_bytes()), ("j", new.as_bytes())], None);
            let found: Vec<_> = report.findings.into_iter().map(|found| (found.place, found.what)).collect();
            (found, report.head.seq)
        };
        let place = |file: &str, line, record| Place { file: file.to_owned(), line, record: Some(record) };
        assert_eq!(check(&old.concat()), (vec![], 4));
        assert_eq!(check(&old[0]), (vec![(place("j", 1, 3), missing(2, 2))], 4));
        let other = format!("{}{}", old[0], resealed(&old[1], "desk1", "desk2"));
        assert_eq!(check(&other), (vec![(place("j.2", 2, 2), What::Changed(Alteration::Resealed))], 4));
        let broken = old.concat().replace("desk1", "desk2");
        assert_eq!(
            check(&broken),
            (vec![(place("j.2", 1, 1), What::Changed(Alteration::Content))], 4),
            "the next goes on"
        );
    }

    #[test]
    fn a_file_whose_archive_was_moved_fits_and_its_first_lines_swapped_are_found() {
        let mut head = Head { chain: Some("c0".to_owned()), seq: 41, hash: "a".repeat(64) };
        let lines = [rotated(&mut head, "j.41"), add(&mut head, Fact::Opened), add(&mut head, Fact::Closed)];
        assert_eq!(found(&lines), []);
        let [first, second, third] = lines;
        assert_eq!(found(&[second.clone(), first, third.clone()]), [(1, swapped(42, Some(2)))]);
        assert_eq!(found(&[second, third]), [(1, What::Beginning)]);
    }

    fn heads(lines: &[String]) -> String {
        let head = |line: &String| {
            let record = Record::parse(line).unwrap();
            format!(
                "x {}\n",
                crate::journal::heads::line(&Head {
                    chain: Some(record.stamp.chain),
                    seq: record.seq,
                    hash: record.hash
                })
            )
        };
        lines.iter().map(head).collect()
    }

    #[test]
    fn heads_show_a_cut_tail_and_a_journal_that_was_written_anew() {
        let (lines, told) = (six(), heads(&six()));
        let found = |lines: &[String], told: &str| {
            let findings = check(&[("j", lines.concat().as_bytes())], Some(told)).findings;
            findings.into_iter().map(|found| (found.place.line, found.what)).collect::<Vec<_>>()
        };
        assert_eq!(found(&lines, &told), []);
        assert_eq!(found(&lines[..4], &told), [(4, What::Missing { from: 5, to: 6, at_end: true })]);
        let anew = six().into_iter().map(|line| resealed(&line, "desk1", "desk2")).collect::<Vec<_>>();
        let anew = [&lines[..5], &anew[5..]].concat();
        let findings = found(&anew, &told);
        assert!(matches!(findings[..], [(6, What::Changed(Alteration::Told { .. }))]), "{findings:?}");
        let other = heads(&journal("c1", vec![Fact::Opened]));
        let report = check(&[("j", lines.concat().as_bytes())], Some(&other));
        assert!(report.findings.is_empty() && report.notes[0].contains("no head of this journal"), "{report:?}");
    }
}
