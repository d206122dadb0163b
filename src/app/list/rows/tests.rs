//! The rows against a walk of the whole list.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::{Amount, Ticket, TicketStatus};

fn now() -> Timestamp {
    "2026-11-22T08:32:14Z".parse().unwrap()
}

fn filter(text: &str) -> Filter {
    Filter::parse(text, now()).unwrap()
}

fn added(numbers: &[u64]) -> Vec<RowChange> {
    numbers.iter().map(|number| RowChange::Added(TicketNumber(*number))).collect()
}

fn numbers(rows: &Rows) -> Vec<u64> {
    rows.window(0, usize::MAX).map(|number| number.0).collect()
}

fn ticket(number: u64, asset: &str, amount: &str) -> Ticket {
    let mut ticket = Ticket::new(TicketNumber(number), TicketStatus::FAILED);
    ticket.asset = Some(asset.into());
    ticket.amount = Some(Amount::new(amount));
    ticket
}

/// A list with these tickets, and rows that heard of them.
fn listed(tickets: impl IntoIterator<Item = Ticket>) -> (List, Rows) {
    let (mut list, mut rows) = (List::default(), Rows::default());
    tickets.into_iter().for_each(|ticket| list.put(ticket));
    rows.hear(&list.take_row_changes(), &list, now());
    (list, rows)
}

fn to_the_end(rows: &mut Rows, list: &List) {
    while rows.progress().is_some() {
        rows.go_on(list, now());
    }
}

#[test]
fn rows_are_newest_first_and_each_ticket_has_one() {
    let (list, mut rows) = (List::default(), Rows::default());
    rows.hear(&added(&[5, 9, 7, 9, 5]), &list, now());
    assert_eq!(numbers(&rows), [9, 7, 5]);
    assert_eq!((rows.row_of(TicketNumber(7)), rows.row_of(TicketNumber(8))), (Some(1), None));
    rows.hear(&[RowChange::Gone(TicketNumber(9)), RowChange::Changed(TicketNumber(5))], &list, now());
    assert_eq!(numbers(&rows), [7, 5]);
}

#[test]
fn a_ticket_that_changes_comes_among_the_hits_or_leaves_them() {
    let (mut list, mut rows) = listed([ticket(1, "BTC", "1"), ticket(2, "ETH", "2"), ticket(3, "BTC", "3")]);
    rows.set_filter(filter("asset:btc amount>1"), &list, now());
    assert_eq!(numbers(&rows), [3]);
    list.put(ticket(1, "BTC", "1.5"));
    list.put(ticket(3, "ETH", "3"));
    list.put(ticket(4, "BTC", "4"));
    rows.hear(&list.take_row_changes(), &list, now());
    assert_eq!(numbers(&rows), [4, 1]);
    rows.set_filter(Filter::default(), &list, now());
    assert_eq!(numbers(&rows), [4, 3, 2, 1]);
}

#[test]
fn a_row_that_changes_is_put_in_its_place_of_the_order() {
    let (mut list, mut rows) = listed([ticket(1, "BTC", "10"), ticket(2, "ETH", "9"), ticket(3, "BTC", "much")]);
    rows.set_sort(Sort::by(SortColumn::Amount), &list, now());
    assert_eq!(numbers(&rows), [1, 2, 3]);
    list.put(ticket(2, "ETH", "10.0000000000000000000000000001"));
    rows.hear(&list.take_row_changes(), &list, now());
    assert_eq!(numbers(&rows), [2, 1, 3]);
    rows.set_sort(rows.sort().reversed(), &list, now());
    assert_eq!(numbers(&rows), [1, 2, 3]);
}

#[test]
fn a_long_list_is_looked_at_slice_by_slice_and_the_first_hits_are_there_at_once() {
    let count = 3 * SLICE + 1;
    let tickets = (0..count).map(|nth| ticket(nth as u64 + 1, if nth % 2 == 0 { "BTC" } else { "ETH" }, "1"));
    let (list, mut rows) = listed(tickets);
    let visits = list.tickets().visits();
    rows.set_filter(filter("asset:BTC"), &list, now());
    assert_eq!(list.tickets().visits() - visits, SLICE as u64);
    assert_eq!(rows.progress(), Some(SweepProgress { looked_at: SLICE, of: count }));
    assert_eq!((rows.len(), rows.at(0)), (SLICE / 2, Some(TicketNumber(count as u64))));
    to_the_end(&mut rows, &list);
    assert_eq!(rows.len(), count.div_ceil(2));
    // A filter that goes on looks at the hits alone.
    rows.set_filter(filter("asset:BTC 7"), &list, now());
    assert_eq!(rows.progress().unwrap().of, count.div_ceil(2));
}

#[test]
fn a_ticket_that_comes_while_a_filter_is_worked_through_has_one_row() {
    let tickets = (0..2 * SLICE).map(|nth| ticket(nth as u64 + 1, "BTC", "1"));
    let (mut list, mut rows) = listed(tickets);
    rows.set_filter(filter("asset:BTC"), &list, now());
    list.put(ticket(7, "BTC", "2"));
    list.put(ticket(9_999, "BTC", "2"));
    rows.hear(&list.take_row_changes(), &list, now());
    to_the_end(&mut rows, &list);
    assert_eq!(rows.len(), 2 * SLICE + 1);
    let shown: BTreeSet<u64> = numbers(&rows).into_iter().collect();
    assert_eq!(shown.len(), rows.len());
}

#[test]
fn one_ticket_with_much_text_ends_a_slice() {
    let mut long = ticket(2, "BTC", "1");
    long.account_name = Some("x".repeat(SLICE_BYTES + 1).as_str().into());
    let (list, mut rows) = listed([ticket(1, "BTC", "1"), long, ticket(3, "BTC", "1")]);
    rows.set_filter(filter("asset:BTC"), &list, now());
    assert_eq!(rows.progress(), Some(SweepProgress { looked_at: 2, of: 3 }));
    to_the_end(&mut rows, &list);
    assert_eq!(numbers(&rows), [3, 2, 1]);
}

proptest! {
    #[test]
    fn whatever_comes_and_goes_the_rows_are_those_that_a_walk_of_the_list_finds(
        changes in proptest::collection::vec((1u64..20, 0usize..3, 0u64..4, any::<bool>()), 0..60),
        sought in "(asset:(BTC|ETH) )?(amount>1 )?(-1)?",
        column in 0usize..7,
        is_descending in any::<bool>(),
        filter_at in 0usize..60,
    ) {
        let (mut list, mut rows) = (List::default(), Rows::default());
        let sort = Sort { column: SortColumn::ALL[column], is_descending };
        for (nth, (number, asset, amount, is_failed)) in changes.into_iter().enumerate() {
            if nth == filter_at {
                rows.set_filter(filter(&sought), &list, now());
                rows.set_sort(sort, &list, now());
            }
            let mut ticket = ticket(number, ["BTC", "ETH", "XRP"][asset], &amount.to_string());
            if !is_failed {
                ticket.status = TicketStatus::Known(4);
            }
            list.put(ticket);
            rows.hear(&list.take_row_changes(), &list, now());
            to_the_end(&mut rows, &list);
            let mut places: Vec<Place> = list
                .tickets()
                .numbers()
                .filter_map(|number| list.row(number))
                .filter(|row| rows.filter().has(row, now()))
                .map(|row| Place { key: rows.sort().key(&row), number: row.number() })
                .collect();
            places.sort_by(|first, second| rows.sort().order(first, second));
            let walked: Vec<u64> = places.into_iter().map(|place| place.number.0).collect();
            prop_assert_eq!(numbers(&rows), walked);
        }
    }
}
