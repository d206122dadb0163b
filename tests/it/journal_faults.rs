//! The journal's store over a medium that fails: full at every byte, without a sync, cut at every byte.

use withdraw_desk::domain::{IntentId, Outcome, TicketNumber};
use withdraw_desk::journal::store::{Claim, Written};
use withdraw_desk::journal::{Fact, Record, Store};

use crate::memory::{Fault, Memory};
use crate::records::{intent, stamp};

fn written() -> Written {
    Written { by: stamp("c0"), at: "2026-11-22T08:30:00Z".parse().unwrap() }
}

fn open(store: &mut Store, memory: &mut Memory, id: u128, ticket: u64) -> Result<Claim, String> {
    store.catch_up(memory)?;
    store.open(memory, written(), IntentId(id), intent(ticket))
}

/// The tickets that another console finds held.
fn held(memory: &Memory) -> Vec<TicketNumber> {
    let mut store = Store::default();
    store.catch_up(&mut memory.clone()).unwrap();
    store.unresolved().iter().map(|open| open.ticket).collect()
}

#[test]
fn a_disk_that_is_full_at_any_byte_holds_nothing_and_takes_nothing_any_more() {
    let mut whole = Memory::default();
    open(&mut Store::default(), &mut whole, 1, 287).unwrap();
    for room in 0..whole.bytes.len() {
        let (mut store, mut memory) =
            (Store::default(), Memory { fault: Some(Fault::Full(room)), ..Memory::default() });
        let refused = open(&mut store, &mut memory, 1, 287).unwrap_err();
        assert!(refused.contains("no space left") && refused.contains("read-only until restart"), "{refused}");
        assert_eq!(memory.bytes, b"", "the partial line is cut back");
        assert_eq!(open(&mut store, &mut memory, 2, 288).unwrap_err(), refused, "never tried again");
        assert_eq!(memory.bytes, b"");
    }
}

#[test]
fn a_sync_that_failed_counts_as_not_durable() {
    let (mut store, mut memory) = (Store::default(), Memory { fault: Some(Fault::NoSync), ..Memory::default() });
    assert!(open(&mut store, &mut memory, 1, 287).is_err());
    assert!(store.unresolved().is_empty() && held(&memory).is_empty());
    assert!(store.record(&mut memory, written(), Fact::Closed).is_err());
}

#[test]
fn cut_at_any_byte_every_whole_record_counts_and_the_journal_goes_on() {
    let (mut store, mut memory) = (Store::default(), Memory::default());
    let mut ends = vec![0];
    let mut note = |store: &mut Store, memory: &Memory| {
        ends.push(memory.bytes.len());
        store.unresolved().iter().map(|open| open.ticket.0).collect::<Vec<_>>()
    };
    let mut stands = vec![vec![]];
    open(&mut store, &mut memory, 1, 287).unwrap();
    stands.push(note(&mut store, &memory));
    open(&mut store, &mut memory, 2, 288).unwrap();
    stands.push(note(&mut store, &memory));
    for fact in [
        Fact::Sent { id: IntentId(2).to_string() },
        Fact::outcome(IntentId(1), Outcome::Refused, "no".to_owned()),
        Fact::Closed,
    ] {
        store.record(&mut memory, written(), fact).unwrap();
        stands.push(note(&mut store, &memory));
    }
    for cut in 0..=memory.bytes.len() {
        let mut left = Memory { bytes: memory.bytes[..cut].to_vec(), durable: cut, ..Memory::default() };
        let whole = ends.iter().rposition(|end| *end <= cut).unwrap();
        let tickets: Vec<u64> = held(&left).iter().map(|ticket| ticket.0).collect();
        assert_eq!(tickets, stands[whole], "cut at {cut}");
        let mut next = Store::default();
        let is_held = stands[whole].contains(&287);
        match open(&mut next, &mut left, 9, 287).unwrap() {
            Claim::HeldBy(holder) => assert!(is_held && holder.id == IntentId(1)),
            Claim::Opened(_) => assert!(!is_held),
        }
        next.record(&mut left, written(), Fact::Closed).unwrap();
        let torn = cut - ends[whole];
        assert_eq!(left.aside.iter().map(Vec::len).collect::<Vec<_>>(), if torn > 0 { vec![torn] } else { vec![] });
        let text = String::from_utf8(left.bytes).unwrap();
        assert!(text.lines().all(|line| Record::parse(line).is_ok()), "nothing is glued to half a line");
    }
}

#[test]
fn a_crash_between_write_and_sync_leaves_a_whole_record_or_half_a_line() {
    let (mut store, mut memory) = (Store::default(), Memory::default());
    open(&mut store, &mut memory, 1, 287).unwrap();
    let durable = memory.bytes.len();
    memory.bytes.extend_from_slice(&memory.bytes.clone());
    for kept in 0..durable {
        let mut left = memory.clone();
        left.durable = durable;
        left.crash(kept);
        assert_eq!(held(&left), [TicketNumber(287)]);
    }
}
