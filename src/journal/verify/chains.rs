//! The check of records of several chains in one stream, as a journal that several machines share has them. Each chain is followed
//! and judged by itself; in a file, which has one chain, another chain's line is a finding, and `super::Checker` alone is asked.

use std::collections::BTreeMap;

use super::finding::{Alteration, Finding, Place, What};
use super::link::{self, ChainLink};
use super::{Checker, Line, Lines, Report, lines};
use crate::journal::record::Record;

/// A check of several chains.
#[derive(Debug, Default)]
pub struct ChainsChecker {
    /// By the chain's id.
    checkers: BTreeMap<String, Checker>,
    strays: Vec<Finding>,
}

/// The end of such a check.
#[derive(Clone, Debug, Default)]
pub struct ChainsReport {
    /// A report for each chain, by its id. A finding names the chain, and the line in the stream.
    pub chains: BTreeMap<String, Report>,
    /// Lines that name no chain. Nobody can say whose they were, so they are held against none: the chain that lost one shows it by
    /// a record that is missing, unless it was its last.
    pub strays: Vec<Finding>,
}

impl ChainsChecker {
    /// Checks the next part of the stream. Every record that fits is handed on, chain by chain.
    pub fn part(&mut self, name: &str, bytes: &[u8], mut each: impl FnMut(&Record)) {
        let Lines { whole, torn } = lines(bytes);
        let mut of_chains: BTreeMap<String, Vec<Line<'_>>> = BTreeMap::new();
        for line in whole {
            match link::chain_named(line.bytes) {
                Some(chain) => of_chains.entry(chain).or_default().push(line),
                None => {
                    let why = ChainLink::read(line.bytes).err().unwrap_or(Alteration::NoRecord);
                    self.strays.push(stray(name, line, What::Changed(why)));
                }
            }
        }
        self.strays.extend(torn.map(|line| stray(name, line, What::Torn { bytes: line.bytes.len() })));
        for (chain, lines) in of_chains {
            let of_chain = format!("{name}, chain {chain}");
            let new = || Checker::new(Some(chain.clone()), None);
            self.checkers.entry(chain.clone()).or_insert_with(new).lines(&of_chain, &lines, &mut each);
        }
    }

    /// The end of the check.
    pub fn finish(self) -> ChainsReport {
        let chains = self.checkers.into_iter().map(|(chain, checker)| (chain, checker.finish())).collect();
        ChainsReport { chains, strays: self.strays }
    }
}

impl ChainsReport {
    /// Everything that was found, chain by chain, and then the lines of no chain.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.chains.values().flat_map(|report| &report.findings).chain(&self.strays)
    }
}

fn stray(name: &str, line: Line<'_>, what: What) -> Finding {
    Finding { place: Place { file: name.to_owned(), line: line.number, record: None }, what }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{journal, resealed};
    use super::*;
    use crate::journal::record::Fact;
    use crate::journal::record::tests::intent;
    use rstest::rstest;

    /// Two chains of four records each, line by line from both: the first has the odd lines.
    fn woven() -> Vec<String> {
        let facts = |id| vec![Fact::Opened, intent(id, 287), Fact::Closed, Fact::Opened];
        let [first, second] = [journal("c1", facts(1)), journal("c2", facts(2))];
        first.into_iter().zip(second).flat_map(|(first, second)| [first, second]).collect()
    }

    fn check(parts: &[&[String]]) -> ChainsReport {
        let mut checker = ChainsChecker::default();
        for (name, lines) in ["one", "two"].into_iter().zip(parts) {
            checker.part(name, lines.concat().as_bytes(), |_| {});
        }
        checker.finish()
    }

    fn found(report: &ChainsReport) -> Vec<String> {
        let place = |place: &Place| {
            let record = place.record.map_or_else(String::new, |record| format!(" (record {record})"));
            format!("{} line {}{record}", place.file, place.line)
        };
        report.findings().map(|finding| format!("{}: {}", place(&finding.place), finding.what.word())).collect()
    }

    fn records(report: &ChainsReport) -> Vec<(&str, u64)> {
        report.chains.iter().map(|(chain, report)| (chain.as_str(), report.records)).collect()
    }

    #[test]
    fn chains_that_are_woven_into_each_other_are_whole_each_by_itself() {
        let report = check(&[&woven()]);
        assert_eq!(found(&report), [""; 0]);
        assert_eq!(records(&report), [("c1", 4), ("c2", 4)]);
        assert!(report.chains.values().all(|report| report.ledger.unresolved().count() == 1));
    }

    type Edit = fn(&mut Vec<String>);

    #[rstest]
    #[case::dropped(|lines: &mut Vec<String>| drop(lines.remove(2)), &["one, chain c1 line 4 (record 3): missing"])]
    #[case::the_last_dropped(|lines: &mut Vec<String>| drop(lines.remove(6)), &[])]
    #[case::swapped_in_a_chain(|lines: &mut Vec<String>| lines.swap(2, 4), &["one, chain c1 line 3 (record 3): swapped"])]
    #[case::swapped_between_chains(|lines: &mut Vec<String>| lines.swap(2, 3), &[])]
    #[case::sealed_anew(
        |lines: &mut Vec<String>| lines[2] = resealed(&lines[2], "287", "288"),
        &["one, chain c1 line 3 (record 2): changed"]
    )]
    #[case::changed(
        |lines: &mut Vec<String>| lines[2] = lines[2].replace("287", "288"),
        &["one, chain c1 line 3 (record 2): changed"]
    )]
    #[case::moved_into_the_other(
        |lines: &mut Vec<String>| lines[2] = resealed(&lines[2], "\"c1\"", "\"c2\""),
        &["one, chain c1 line 5 (record 3): missing", "one, chain c2 line 2 (record 1): changed"]
    )]
    #[case::of_a_third_chain(
        |lines: &mut Vec<String>| lines.insert(3, journal("c3", vec![Fact::Opened, Fact::Closed]).remove(1)),
        &["one, chain c3 line 4 (record 2): missing-beginning"]
    )]
    #[case::no_record_any_more(
        |lines: &mut Vec<String>| lines[2] = "x\n".to_owned(),
        &["one, chain c1 line 5 (record 3): missing", "one line 3: changed"]
    )]
    #[case::the_last_no_record_any_more(|lines: &mut Vec<String>| lines[6] = "x\n".to_owned(), &["one line 7: changed"])]
    #[case::no_record_first(|lines: &mut Vec<String>| lines.insert(0, "{}\n".to_owned()), &["one line 1: changed"])]
    #[case::no_record_put_in(
        |lines: &mut Vec<String>| lines.splice(3..3, ["x\n".to_owned(), "\n".to_owned()]).for_each(drop),
        &["one line 4: changed", "one line 5: changed"]
    )]
    #[case::half_a_line(|lines: &mut Vec<String>| lines.push("{\"seq\":5,\"chain\":\"c1\"".to_owned()), &["one line 9: torn"])]
    fn an_edit_is_found_in_its_chain_and_held_against_no_other(#[case] edit: Edit, #[case] wanted: &[&str]) {
        let mut lines = woven();
        edit(&mut lines);
        assert_eq!(found(&check(&[&lines])), wanted);
    }

    #[test]
    fn a_fault_in_one_chain_leaves_every_record_of_the_other_standing() {
        let mut lines = woven();
        lines[0] = "x\n".to_owned();
        let report = check(&[&lines]);
        assert_eq!(records(&report), [("c1", 0), ("c2", 4)]);
        assert_eq!(report.chains["c2"].ledger.unresolved().count(), 1);
    }

    #[test]
    fn parts_carry_their_chains_on_and_a_fault_between_them_is_named() {
        let lines = woven();
        let whole = check(&[&lines[..3], &lines[3..]]);
        assert_eq!((found(&whole), records(&whole)), (vec![], vec![("c1", 4), ("c2", 4)]));
        assert_eq!(whole.chains["c1"].files, ["one, chain c1", "two, chain c1"]);
        assert_eq!(found(&check(&[&lines[..2], &lines[3..]])), ["two, chain c1 line 2 (record 3): missing"]);
    }

    #[test]
    fn in_one_file_a_second_chain_is_a_finding_still() {
        let lines = woven();
        let mut checker = Checker::new(Some("c1".to_owned()), None);
        checker.file("j", lines.concat().as_bytes(), |_| {});
        let findings = checker.finish().findings;
        assert!(
            matches!(&findings[..], [finding] if finding.place.line == 2
            && finding.what == What::Foreign { chain: "c2".to_owned() }),
            "{findings:?}"
        );
    }
}
