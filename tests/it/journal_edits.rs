//! Whatever is done to one place of a journal by hand, `journal verify` finds it and names the line.

use proptest::prelude::*;
use withdraw_desk::domain::{IntentId, Outcome};
use withdraw_desk::journal::heads::{self, Told};
use withdraw_desk::journal::seal::{Head, seal};
use withdraw_desk::journal::verify::finding::Finding;
use withdraw_desk::journal::verify::{Report, chain_of};
use withdraw_desk::journal::{Checker, Fact, Record};

use crate::records::stamp;

fn journal(chain: &str, kinds: &[u8]) -> (Vec<String>, String) {
    let (mut head, mut told) = (Head::default(), String::new());
    let line = |(at, kind): (usize, &u8)| {
        let id = IntentId(at as u128 + 1);
        let fact = match kind % 5 {
            0 => Fact::Opened,
            1 => Fact::Sent { id: id.to_string() },
            2 => Fact::outcome(id, Outcome::Unknown, "no reply \u{202e}".to_owned()),
            3 => Fact::Declined { ticket: at.to_string(), because: "a \"difference\",\nor two".to_owned() },
            _ => Fact::Closed,
        };
        let (record, line) = Record::next(&head, jiff::Timestamp::UNIX_EPOCH, stamp(chain), fact).unwrap();
        head.advance(&record);
        told.push_str(&format!("{}\n", heads::line(&head)));
        line
    };
    let lines = kinds.iter().enumerate().map(line).collect();
    (lines, told)
}

fn check(bytes: &[u8], told: Option<&str>) -> Report {
    let chain = chain_of(bytes);
    let told = told.map(|text| Told::read(text, chain.as_deref()));
    let mut checker = Checker::new(chain, told);
    checker.file("journal.jsonl", bytes, |_| {});
    checker.finish()
}

fn edited(line: &str) -> String {
    let body = line.split(",\"hash\"").next().unwrap().replace("desk1", "desk2");
    format!("{}\n", seal(&format!("{body}}}")).0)
}

/// One edit by hand.
#[derive(Clone, Debug)]
enum Edit {
    /// A byte of a line, its line end included, is another one.
    Byte(usize, usize, u8),
    Drop(usize),
    Swap(usize, usize),
    /// A copy of one line in front of another.
    Duplicate(usize, usize),
    /// A line of another journal in front of a line.
    Foreign(usize, usize),
    /// The last line loses a part of its end.
    Cut(usize),
    /// The last lines are dropped.
    CutLines(usize),
    /// A line is edited and sealed anew.
    Reseal(usize),
    /// From a line on, everything is written anew.
    Rechain(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = 0usize..1_000;
    prop_oneof![
        (at.clone(), at.clone(), 1u8..=255).prop_map(|(line, byte, mask)| Edit::Byte(line, byte, mask)),
        at.clone().prop_map(Edit::Drop),
        (at.clone(), at.clone()).prop_map(|(one, other)| Edit::Swap(one, other)),
        (at.clone(), at.clone()).prop_map(|(from, to)| Edit::Duplicate(from, to)),
        (at.clone(), at.clone()).prop_map(|(from, to)| Edit::Foreign(from, to)),
        at.clone().prop_map(Edit::Cut),
        at.clone().prop_map(Edit::CutLines),
        at.clone().prop_map(Edit::Reseal),
        at.prop_map(Edit::Rechain),
    ]
}

/// The journal after the edit; the word and the line, from 1, of what is to be found; whether only heads can show it.
type Expected = (Vec<u8>, &'static str, usize, bool);

fn apply(edit: &Edit, kinds: &[u8], lines: &[String]) -> Option<Expected> {
    let (count, mut lines) = (lines.len(), lines.to_vec());
    let done =
        |lines: Vec<String>, word, line: usize, by_heads| Some((lines.concat().into_bytes(), word, line, by_heads));
    match *edit {
        Edit::Byte(line, byte, mask) => {
            let (line, start) = (line % count, lines[..line % count].concat().len());
            let at = byte % lines[line].len();
            let mut bytes = lines.concat().into_bytes();
            bytes[start + at] ^= mask;
            let is_last_end = line + 1 == count && at + 1 == lines[line].len();
            Some((bytes, if is_last_end { "torn" } else { "changed" }, line + 1, false))
        }
        Edit::Drop(at) => {
            let at = at % count;
            lines.remove(at);
            match at {
                0 => done(lines, "missing-beginning", 1, false),
                _ if at + 1 == count => done(lines, "missing", at, true),
                _ => done(lines, "missing", at + 1, false),
            }
        }
        Edit::Swap(one, other) => {
            let (first, second) = ((one % count).min(other % count), (one % count).max(other % count));
            lines.swap(first, second);
            (first != second).then(|| done(lines, "swapped", first + 1, false))?
        }
        Edit::Duplicate(from, to) => {
            let (from, to) = (from % count, to % (count + 1));
            lines.insert(to, lines[from].clone());
            // A copy right in front of the line is the line; what follows is the copy.
            done(lines, "swapped", if to == from { to + 2 } else { to + 1 }, false)
        }
        Edit::Foreign(from, to) => {
            let other = journal("c1", kinds).0;
            let to = to % (count + 1);
            lines.insert(to, other[from % count].clone());
            done(lines, "foreign", to + 1, false)
        }
        Edit::Cut(by) => {
            let last = lines.pop()?;
            lines.push(last[..=by % (last.len() - 1)].to_owned());
            done(lines, "torn", count, false)
        }
        Edit::CutLines(by) => {
            lines.truncate(count - 1 - by % (count - 1));
            let left = lines.len();
            done(lines, "missing", left, true)
        }
        Edit::Reseal(at) => {
            let at = at % count;
            lines[at] = edited(&lines[at]);
            done(lines, "changed", at + 1, at + 1 == count)
        }
        Edit::Rechain(from) => {
            let from = from % count;
            let mut head = Head::default();
            lines[..from].iter().for_each(|line| head.advance(&Record::parse(line).unwrap()));
            for line in &mut lines[from..] {
                let mut old = Record::parse(line).unwrap();
                old.stamp.host = "desk2".into();
                let (record, anew) = Record::next(&head, old.time().unwrap(), old.stamp, old.fact).unwrap();
                head.advance(&record);
                *line = anew;
            }
            done(lines, "changed", from + 1, true)
        }
    }
}

fn first(report: &Report) -> Option<(&'static str, usize)> {
    report.findings.first().map(|Finding { place, what }| (what.word(), place.line))
}

proptest! {
    #[test]
    fn any_single_edit_is_found_and_named(
        kinds in proptest::collection::vec(0u8..5, 2..12),
        edit in edit(),
    ) {
        let (lines, told) = journal("c0", &kinds);
        prop_assert_eq!(first(&check(lines.concat().as_bytes(), Some(&told))), None);
        let Some((bytes, word, line, by_heads)) = apply(&edit, &kinds, &lines) else { return Ok(()) };
        let expected = Some((word, line));
        prop_assert_eq!(first(&check(&bytes, None)), expected.filter(|_| !by_heads));
        prop_assert_eq!(first(&check(&bytes, Some(&told))), expected);
    }

    #[test]
    fn no_bytes_at_all_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), told in ".{0,80}") {
        check(&bytes, Some(&format!("journal-head{told}")));
    }
}
