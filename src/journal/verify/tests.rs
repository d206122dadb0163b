//! Edits of whole journals, and what a check says of each; the lines are made here for the chains as well.

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
    let place = Place { file: "j".to_owned(), line: 1, record: Some(1) };
    assert_eq!((report.findings, report.notes), (Vec::new(), vec![Note::NotUnderstood(place)]));
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
    assert_eq!(check(&broken), (vec![(place("j.2", 1, 1), What::Changed(Alteration::Content))], 4), "the next goes on");
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
            crate::journal::heads::line(&Head { chain: Some(record.stamp.chain), seq: record.seq, hash: record.hash })
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
    assert_eq!((report.findings, report.notes), (Vec::new(), vec![Note::NoHead]));
}
