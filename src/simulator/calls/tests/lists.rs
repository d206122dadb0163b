//! The list: directions, orders, caps and filters; tickets that arrive; events that come or not.

use jiff::SignedDuration;
use rstest::rstest;

use super::{code, conducted, logged_in_to, said, start};
use crate::simulator::conduct::{Arrivals, Conduct, Filter, ListConduct, Narrow, RowOrder, StartFrom, Subscription};
use crate::simulator::exchange::{Deed, Exchange};

const NEWEST: u64 = 90_400;

fn listing(list: ListConduct) -> Exchange {
    logged_in_to(conducted(Conduct { list, ..Conduct::default() }))
}

/// The numbers of a page, in its order.
fn numbers(exchange: &mut Exchange, payload: &str) -> Vec<u64> {
    let page = said(exchange, "GetAllWithdrawTickets", payload);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&page).unwrap();
    rows.iter().map(|row| row["TicketNumber"].as_u64().unwrap()).collect()
}

fn failed(exchange: &Exchange) -> Vec<u64> {
    (1..).map_while(|nth| exchange.failed(nth)).collect()
}

#[rstest]
#[case::today(StartFrom::Newest, RowOrder::AsCounted, [NEWEST - 1, NEWEST - 2, NEWEST - 3])]
#[case::oldest_row_first(StartFrom::Newest, RowOrder::OldestFirst, [NEWEST - 3, NEWEST - 2, NEWEST - 1])]
#[case::from_the_oldest(StartFrom::Oldest, RowOrder::AsCounted, [90_002, 90_003, 90_004])]
#[case::from_the_oldest_but_newest_row_first(StartFrom::Oldest, RowOrder::NewestFirst, [90_004, 90_003, 90_002])]
fn pages_are_counted_and_ordered_as_told(
    #[case] start_from: StartFrom,
    #[case] row_order: RowOrder,
    #[case] expected: [u64; 3],
) {
    let mut exchange = listing(ListConduct { start_from, row_order, ..ListConduct::default() });
    assert_eq!(numbers(&mut exchange, r#"{"StartIndex":1,"Limit":3}"#), expected);
}

#[test]
fn a_shuffled_page_has_the_same_rows_in_another_order_that_stays() {
    let mut exchange = listing(ListConduct { row_order: RowOrder::Shuffled(7), ..ListConduct::default() });
    let page = r#"{"StartIndex":100,"Limit":50}"#;
    let rows = numbers(&mut exchange, page);
    assert_eq!(numbers(&mut exchange, page), rows);
    let mut sorted = rows.clone();
    sorted.sort_unstable();
    assert_ne!(rows, sorted);
    assert_eq!(sorted, (NEWEST - 149..=NEWEST - 100).collect::<Vec<_>>());
}

#[test]
fn no_page_is_longer_than_its_cap() {
    let mut exchange = listing(ListConduct { page_cap: Some(25), ..ListConduct::default() });
    assert_eq!(numbers(&mut exchange, r#"{"Limit":100}"#).len(), 25);
    assert_eq!(numbers(&mut exchange, "{}").len(), 25);
    assert_eq!(numbers(&mut exchange, r#"{"StartIndex":380,"Limit":100}"#).len(), 20);
}

#[test]
fn the_filter_status_does_nothing_what_it_says_or_a_trap() {
    let page = r#"{"StartIndex":0,"Limit":50,"Status":6}"#;
    let mut ignoring = listing(ListConduct::default());
    assert_eq!(numbers(&mut ignoring, page).len(), 50);

    let mut honouring = listing(ListConduct { status_filter: Filter::Honoured, ..ListConduct::default() });
    let all = failed(&honouring);
    assert_eq!(numbers(&mut honouring, page), all[..50]);
    let rest = numbers(&mut honouring, r#"{"StartIndex":50,"Limit":50,"Status":"Failed"}"#);
    assert_eq!(rest, all[50..]);

    let mut trap = listing(ListConduct { status_filter: Filter::AfterPaging, ..ListConduct::default() });
    let expected: Vec<u64> = all.iter().copied().filter(|number| *number > NEWEST - 50).collect();
    assert!(!expected.is_empty());
    assert_eq!(numbers(&mut trap, page), expected);

    let mut refusing = listing(ListConduct { status_filter: Filter::Refused, ..ListConduct::default() });
    assert_eq!(code(&said(&mut refusing, "GetAllWithdrawTickets", page)), Some(100));
    assert_eq!(numbers(&mut refusing, r#"{"Limit":50}"#).len(), 50);
}

#[test]
fn the_filter_ticket_id_is_ignored_or_leaves_one_ticket_or_none() {
    let page = format!(r#"{{"Limit":3,"TicketId":{}}}"#, NEWEST - 70);
    assert_eq!(numbers(&mut listing(ListConduct::default()), &page), [NEWEST, NEWEST - 1, NEWEST - 2]);
    let mut honouring = listing(ListConduct { ticket_id: Narrow::Honoured, ..ListConduct::default() });
    assert_eq!(numbers(&mut honouring, &page), [NEWEST - 70]);
    assert_eq!(numbers(&mut honouring, r#"{"Limit":3,"TicketId":1}"#), [0; 0]);
}

#[test]
fn tickets_arrive_at_the_newest_end_with_events_and_shift_the_pages() {
    let arrivals = Some(Arrivals { every_ms: 500, failed_of_100: 100, at_once: 1, times: Some(3) });
    let mut exchange = logged_in_to(conducted(Conduct { arrivals, ..Conduct::default() }));
    said(&mut exchange, "SubscribeAllAccountEvents", "{}");
    let mut events = 0;
    for step in 1..=10 {
        let now = start() + SignedDuration::from_millis(500 * step);
        events += exchange.take_due(now).iter().filter(|deed| matches!(deed, Deed::Send(1, _))).count();
    }
    assert_eq!(events, 3);
    assert_eq!(numbers(&mut exchange, r#"{"Limit":4}"#), [NEWEST + 3, NEWEST + 2, NEWEST + 1, NEWEST]);
    assert_eq!(exchange.status(NEWEST + 3), Some("Failed"));
}

#[rstest]
#[case::allowed(Subscription::Allowed, Some("Subscribed"), 1)]
#[case::refused(Subscription::Refused, Some("Not Authorized"), 0)]
#[case::unanswered(Subscription::Unanswered, None, 0)]
#[case::eventless(Subscription::Eventless, Some("Subscribed"), 0)]
fn a_subscription_is_allowed_refused_ignored_or_a_promise_not_kept(
    #[case] events: Subscription,
    #[case] answer: Option<&str>,
    #[case] told: usize,
) {
    let mut exchange = logged_in_to(conducted(Conduct { events, ..Conduct::default() }));
    let reply = super::ask(&mut exchange, "SubscribeAllAccountEvents", "{}");
    assert_eq!(reply.is_some(), answer.is_some());
    assert!(reply.is_none_or(|reply| answer.is_some_and(|answer| reply.payload.contains(answer))));
    exchange.arrive(true, start());
    assert_eq!(exchange.take_due(start() + SignedDuration::from_secs(1)).len(), told);
}
