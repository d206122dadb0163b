//! The store by cases, and against its definitions by a walk.

use super::*;
use crate::domain::AccountId;
use crate::domain::ticket::Comment;

fn ticket(number: u64, status: TicketStatus) -> Ticket {
    Ticket::new(TicketNumber(number), status)
}

fn rows(store: &TicketStore) -> Vec<u64> {
    store.numbers().map(|number| number.0).collect()
}

fn walk(store: &TicketStore) -> impl Iterator<Item = &Ticket> {
    store.numbers().filter_map(|number| store.get(number))
}

#[test]
fn each_ticket_has_one_row_and_only_failed_ones_get_one() {
    let mut store = TicketStore::default();
    for number in [5, 9, 7, 9, 5] {
        store.take(ticket(number, TicketStatus::FAILED));
    }
    store.take(ticket(8, TicketStatus::Known(5)));
    assert_eq!(rows(&store), [9, 7, 5]);
}

#[test]
fn a_ticket_that_left_failed_keeps_its_row_until_the_list_is_read_again() {
    let mut store = TicketStore::default();
    store.start_reading();
    for number in [1, 2, 3] {
        store.take(ticket(number, TicketStatus::FAILED));
    }
    store.take(ticket(2, TicketStatus::ADMIN_CANCELED));
    assert_eq!((rows(&store), store.failed()), (vec![3, 2, 1], 2));
    store.start_reading();
    store.take(ticket(3, TicketStatus::FAILED));
    store.end_reading(Reach::DownTo(TicketNumber(2)));
    assert_eq!(rows(&store), [3, 1], "1 lies below the floor of this reading");
}

#[test]
fn a_ticket_whose_row_may_have_been_unreadable_keeps_its_row() {
    let mut store = TicketStore::default();
    for number in [1, 2, 3] {
        store.take(ticket(number, TicketStatus::FAILED));
    }
    store.start_reading();
    store.take(ticket(3, TicketStatus::ADMIN_CANCELED));
    store.end_reading(Reach::Unsure);
    assert_eq!(rows(&store), [3, 2, 1], "that 3 was canceled is shown until the next reading");
    store.start_reading();
    store.end_reading(Reach::Everything);
    assert_eq!(store.rows(), 0);
}

#[test]
fn no_row_is_added_beyond_the_most_whatever_the_order_and_the_list_says_so() {
    let most = u64::try_from(MOST_ROWS).unwrap();
    let mut store = TicketStore::default();
    for number in 1..=most {
        store.take(ticket(number, TicketStatus::FAILED));
    }
    assert_eq!((store.rows(), store.cut()), (MOST_ROWS, None));
    store.take(ticket(most + 1, TicketStatus::FAILED));
    store.take_event(ticket(most + 2, TicketStatus::FAILED));
    assert_eq!((store.rows(), store.cut()), (MOST_ROWS, Some(Cut::Rows)));
    assert_eq!(store.numbers().next(), Some(TicketNumber(most)));
    store.take(ticket(7, TicketStatus::ADMIN_CANCELED));
    store.start_reading();
    store.end_reading(Reach::Unsure);
    assert_eq!((store.rows(), store.cut()), (MOST_ROWS - 1, None));
}

/// The definition of twins, by a walk over all tickets.
fn twins_by_walk(store: &TicketStore, of: &Ticket) -> Vec<u64> {
    let agree = |other: &Ticket| {
        of.amount
            .as_ref()
            .zip(other.amount.as_ref())
            .is_some_and(|(ours, theirs)| ours.is_number() && ours.agrees(theirs))
    };
    let same = |other: &&Ticket| {
        let facts = |ticket: &Ticket| (ticket.account, ticket.asset_id, ticket.asset.clone());
        other.number != of.number
            && other.status.is_failed()
            && of.account.is_some()
            && facts(other) == facts(of)
            && agree(other)
    };
    walk(store).filter(same).map(|ticket| ticket.number.0).collect()
}

#[test]
fn twins_and_counts_are_kept_as_they_change() {
    const AMOUNTS: [&str; 6] = ["1", "1.0", "1e0", "0.10", "x", "1e999999999"];
    let mut random = fastrand::Rng::with_seed(7);
    let mut store = TicketStore::default();
    for step in 0..4_000 {
        let mut some = ticket(random.u64(0..40), TicketStatus::FAILED);
        if random.u8(0..4) == 0 {
            some.status = TicketStatus::ADMIN_CANCELED;
        }
        some.account = random.bool().then(|| AccountId(random.i64(0..2)));
        some.asset = random.bool().then(|| "BTC".into());
        some.amount = random.bool().then(|| Amount::new(AMOUNTS[random.usize(..6)]));
        some.account_name = random.bool().then(|| "x".repeat(random.usize(..500)).as_str().into());
        match random.u8(0..20) {
            0 => store.start_reading(),
            1 => store.end_reading([Reach::Everything, Reach::Unsure][random.usize(..2)]),
            2..6 => store.take_event(some.clone()),
            _ => store.take(some.clone()),
        }
        let kept: Vec<u64> = store.twins(&some).into_iter().map(|number| number.0).collect();
        assert_eq!(kept, twins_by_walk(&store, &some), "step {step}");
        assert_eq!(store.bytes(), walk(&store).map(Ticket::bytes).sum::<usize>(), "step {step}");
        let walked = walk(&store).filter(|ticket| ticket.status.is_failed()).count();
        assert_eq!((store.failed(), store.rows()), (walked, walk(&store).count()), "step {step}");
        for listed in walk(&store).filter(|ticket| ticket.status.is_failed()) {
            assert_eq!(store.count_of_twins(listed.number), store.twins(listed).len(), "step {step}");
        }
    }
}

#[test]
fn rows_never_take_more_bytes_than_they_may_and_the_list_says_that_it_is_cut() {
    let fat = |number: u64, text: usize| {
        let mut fat = ticket(number, TicketStatus::FAILED);
        fat.comments = vec![Comment { text: "y".repeat(text).as_str().into(), ..Comment::default() }];
        fat
    };
    let mut store = TicketStore::default();
    store.start_reading();
    let mut number = 0;
    while store.cut().is_none() {
        number += 1;
        store.take(fat(number, ROOM / 2));
        assert!(store.bytes() <= MOST_BYTES);
    }
    assert_eq!((store.cut(), store.is_full(), store.rows()), (Some(Cut::Bytes), true, 31));
    store.take(fat(1, ROOM));
    let listed = store.get(TicketNumber(1)).unwrap();
    assert_eq!(listed.comments_label(), "1 (0 kept)", "a row that grew beyond the limit lets its comments go");
    let mut named = fat(2, 1);
    named.account_name = Some("z".repeat(2 * ROOM).as_str().into());
    store.take(named);
    assert!(store.get(TicketNumber(2)).is_none() && store.bytes() <= MOST_BYTES);
    store.start_reading();
    store.take(fat(3, 1));
    store.end_reading(Reach::Everything);
    assert_eq!((store.cut(), store.rows()), (None, 1), "with room again it is not cut");
}

#[test]
fn a_row_keeps_its_digits_while_the_number_is_the_same() {
    let with = |digits: &str| Ticket { amount: Some(Amount::new(digits)), ..ticket(1, TicketStatus::FAILED) };
    let mut store = TicketStore::default();
    for (read, shown) in [("0.001", "0.001"), ("0.0010000", "0.001"), ("0.0010001", "0.0010001")] {
        store.take(with(read));
        assert_eq!(store.get(TicketNumber(1)).unwrap().amount_label(), shown);
    }
}

#[test]
fn an_event_hides_neither_the_reason_nor_what_finds_the_ticket_again() {
    let mut store = TicketStore::default();
    let mut listed = ticket(1, TicketStatus::FAILED);
    listed.account = Some(crate::domain::AccountId(7));
    listed.comments.push(crate::domain::ticket::Comment { text: "Withdraw Failed: x".into(), ..Default::default() });
    store.take(listed);
    store.take_event(ticket(1, TicketStatus::Known(4)));
    let comment = crate::domain::ticket::Comment { text: "taken over by ops".into(), ..Default::default() };
    store.take_event(Ticket { comments: vec![comment], ..ticket(1, TicketStatus::Known(4)) });
    assert_eq!(store.get(TicketNumber(1)).unwrap().comments.len(), 2);
    let seen = store.get(TicketNumber(1)).unwrap();
    assert_eq!((seen.reason(), seen.account), (Some("x".into()), Some(crate::domain::AccountId(7))));
    assert_eq!(seen.status, TicketStatus::Known(4));
}

#[test]
fn an_event_without_a_readable_status_or_a_field_changes_neither() {
    let odd = |name: &str, raw: &str| OddField { name: name.into(), raw: raw.into() };
    let mut store = TicketStore::default();
    store.take(Ticket { odd: vec![odd("Amount", "{}"), odd("FeeAmt", "[]")], ..ticket(1, TicketStatus::FAILED) });
    store.take_event(Ticket { odd: vec![odd("amount", "[1]")], ..ticket(1, TicketStatus::Unreadable) });
    let seen = store.get(TicketNumber(1)).unwrap();
    assert_eq!((&seen.status, &seen.odd), (&TicketStatus::FAILED, &vec![odd("FeeAmt", "[]"), odd("amount", "[1]")]));
}
