//! The check of records of several chains in one stream, as a journal that several machines share has them. Each chain is followed
//! and judged by itself; in a file, which has one chain, another chain's line is a finding, and `super::Checker` alone is asked.

use std::collections::BTreeMap;

use super::{Checker, Report, lines, link};
use crate::journal::record::Record;

/// A check of several chains.
#[derive(Debug, Default)]
pub struct ChainsChecker {
    /// By the chain's id; `None` for lines that name none before the first that does.
    checkers: BTreeMap<Option<String>, Checker>,
}

impl ChainsChecker {
    /// Checks the next part of the stream. A line that names no chain is judged with the line before it, since nobody can say whose
    /// it was. Every record that fits is handed on, chain by chain.
    pub fn part(&mut self, name: &str, bytes: &[u8], mut each: impl FnMut(&Record)) {
        let (lines, torn) = lines(bytes);
        let mut streams: BTreeMap<Option<String>, Vec<u8>> = BTreeMap::new();
        let mut last = None;
        for line in lines {
            last = link::chain_named(line).or(last);
            let stream = streams.entry(last.clone()).or_default();
            stream.extend_from_slice(line);
            stream.push(b'\n');
        }
        if !torn.is_empty() {
            streams.entry(last).or_default().extend_from_slice(torn);
        }
        for (chain, stream) in streams {
            let of_chain = chain.as_ref().map_or_else(|| name.to_owned(), |chain| format!("{name}, chain {chain}"));
            let checker = self.checkers.entry(chain.clone()).or_insert_with(|| Checker::new(chain, None));
            checker.file(&of_chain, &stream, &mut each);
        }
    }

    /// A report for each chain, by its id.
    pub fn finish(self) -> BTreeMap<Option<String>, Report> {
        self.checkers.into_iter().map(|(chain, checker)| (chain, checker.finish())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{journal, resealed};
    use super::*;
    use crate::journal::record::Fact;
    use crate::journal::record::tests::intent;
    use rstest::rstest;

    fn woven() -> [Vec<String>; 2] {
        let facts = |id| vec![Fact::Opened, intent(id, 287), Fact::Closed];
        [journal("c1", facts(1)), journal("c2", facts(2))]
    }

    /// One stream, line by line from both.
    fn stream([first, second]: &[Vec<String>; 2]) -> String {
        let rows = 0..first.len().max(second.len());
        rows.flat_map(|row| [first.get(row), second.get(row)]).flatten().cloned().collect()
    }

    fn check(chains: &[Vec<String>; 2]) -> BTreeMap<Option<String>, Report> {
        let mut checker = ChainsChecker::default();
        checker.part("stream", stream(chains).as_bytes(), |_| {});
        checker.finish()
    }

    fn words(reports: &BTreeMap<Option<String>, Report>, chain: &str) -> Vec<&'static str> {
        reports[&Some(chain.to_owned())].findings.iter().map(|finding| finding.what.word()).collect()
    }

    #[test]
    fn chains_that_are_woven_into_each_other_are_whole_each_by_itself() {
        let reports = check(&woven());
        assert_eq!(reports.len(), 2);
        for report in reports.values() {
            assert_eq!((report.records, report.ledger.unresolved().count()), (3, 1));
            assert!(report.findings.is_empty(), "{report:?}");
        }
    }

    #[rstest]
    #[case::dropped(|lines: &mut Vec<String>| drop(lines.remove(1)), "missing")]
    #[case::swapped(|lines: &mut Vec<String>| lines.swap(1, 2), "swapped")]
    #[case::sealed_anew(|lines: &mut Vec<String>| lines[1] = resealed(&lines[1], "287", "288"), "changed")]
    #[case::no_record(|lines: &mut Vec<String>| lines[1] = "x\n".to_owned(), "changed")]
    fn an_edit_in_one_chain_is_found_there_and_leaves_the_other_whole(
        #[case] edit: fn(&mut Vec<String>),
        #[case] found: &str,
    ) {
        let mut chains = woven();
        edit(&mut chains[0]);
        let reports = check(&chains);
        let (first, second) = (words(&reports, "c1"), words(&reports, "c2"));
        // A line that names no chain is judged with the line before it, which here is the other chain's.
        let (of_edit, of_other) = if chains[0][1] == "x\n" { (second, first) } else { (first, second) };
        assert_eq!(of_edit, [found]);
        assert!(of_other.is_empty() || of_other == ["missing"], "{of_other:?}");
    }

    #[test]
    fn parts_carry_their_chains_on() {
        let [first, second] = woven();
        let mut checker = ChainsChecker::default();
        for (name, rows) in [("one", 0..2), ("two", 2..3)] {
            let part = stream(&[first[rows.clone()].to_vec(), second[rows].to_vec()]);
            checker.part(name, part.as_bytes(), |_| {});
        }
        let reports = checker.finish();
        assert!(reports.values().all(|report| report.findings.is_empty() && report.records == 3), "{reports:?}");
        assert_eq!(reports[&Some("c1".to_owned())].files, ["one, chain c1", "two, chain c1"]);
    }
}
