//! The list of tickets, and one ticket (PROTOCOL.md 4).

use super::Request;
use crate::domain::TicketStatus;
use crate::simulator::book::Entry;
use crate::simulator::conduct::{Filter, Narrow, RowOrder, StartFrom};
use crate::simulator::exchange::Exchange;
use crate::simulator::wire::{self, TicketForm};

/// GetAllWithdrawTickets: without Limit, every ticket since the exchange began.
pub(super) fn page(exchange: &Exchange, request: &Request) -> String {
    let rules = &exchange.conduct.list;
    let wanted = request.status.as_deref();
    if wanted.is_some() && rules.status_filter == Filter::Refused {
        return wire::envelope(100, Some("Invalid Status"));
    }
    let mut rows = match request.ticketid {
        Some(number) if rules.ticket_id == Narrow::Honoured => exchange.book.get(number).into_iter().collect(),
        _ => rows(exchange, request, wanted),
    };
    if let Some(wanted) = wanted.filter(|_| rules.status_filter == Filter::AfterPaging) {
        rows.retain(|entry| has_status(entry, wanted));
    }
    arrange(&mut rows, rules.row_order, start(exchange, request));
    // IncludeComments (since 3.4) is for speed; without it a failed ticket does not say why it failed.
    let form = if request.includecomments.is_some_and(|flag| !flag) { TicketForm::BareRow } else { TicketForm::Row };
    let padding = rules.row_padding;
    let row = |entry| exchange.spelled(entry, form).map(|row| padded(row, padding));
    let rows: Vec<String> = rows.into_iter().filter_map(row).collect();
    let list = format!("[{}]", rows.join(","));
    match &rules.wrapped_in {
        Some(key) => format!("{{{}:{list},\"Total\":{}}}", wire::text(key), exchange.book.len()),
        None => list,
    }
}

/// A row with so many bytes more, in a field that nobody knows.
fn padded(mut row: String, bytes: usize) -> String {
    if bytes > 0 && row.pop() == Some('}') {
        row.push_str(&format!(",\"Padding\":\"{}\"}}", "x".repeat(bytes)));
    }
    row
}

fn start(exchange: &Exchange, request: &Request) -> usize {
    number(request.startindex).filter(|_| !exchange.conduct.list.start_ignored).unwrap_or(0)
}

fn number(value: Option<i64>) -> Option<usize> {
    value.and_then(|value| usize::try_from(value).ok())
}

/// The tickets of a page, as StartIndex counts them.
fn rows<'a>(exchange: &'a Exchange, request: &Request, wanted: Option<&str>) -> Vec<&'a Entry> {
    let rules = &exchange.conduct.list;
    let limit = number(request.limit).filter(|_| !rules.limit_ignored).unwrap_or(usize::MAX);
    let limit = limit.min(rules.page_cap.unwrap_or(usize::MAX));
    let wanted = wanted.filter(|_| rules.status_filter == Filter::Honoured);
    let start = start(exchange, request);
    let counts = |entry: &&Entry| wanted.is_none_or(|wanted| has_status(entry, wanted));
    match rules.start_from {
        StartFrom::Newest => exchange.book.newest().filter(counts).skip(start).take(limit).collect(),
        StartFrom::Oldest => exchange.book.oldest().filter(counts).skip(start).take(limit).collect(),
    }
}

/// A status is asked for by its number or by its name.
fn has_status(entry: &Entry, wanted: &str) -> bool {
    TicketStatus::from_name(&entry.status) == TicketStatus::from_name(wanted)
}

fn arrange(rows: &mut [&Entry], order: RowOrder, start: usize) {
    match order {
        RowOrder::AsCounted => {}
        RowOrder::NewestFirst => rows.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.number)),
        RowOrder::OldestFirst => rows.sort_unstable_by_key(|entry| entry.number),
        RowOrder::Shuffled(seed) => {
            let page = u64::try_from(start).unwrap_or(0);
            fastrand::Rng::with_seed(seed.wrapping_add(page)).shuffle(rows);
        }
    }
}

/// GetWithdrawTicket matches account and request code; without a request code, the first ticket of the account, as
/// documented (PROTOCOL.md 4, VX). `None` if it is not answered.
pub(super) fn one(exchange: &mut Exchange, request: &Request) -> Option<String> {
    let Some(account) = request.accountid else { return Some(wire::envelope(100, Some("Invalid AccountId"))) };
    let number = {
        let mut of_account = exchange.book.newest().filter(|entry| entry.account == account);
        match &request.requestcode {
            Some(code) => of_account.find(|entry| entry.request_code.as_deref() == Some(code.as_str())),
            None => of_account.last(),
        }
        .map(|entry| entry.number)
    };
    let Some(number) = number else { return Some(wire::envelope(104, None)) };
    if let Some(later) = exchange.count_read_after_cancel(number) {
        return later.payload.or_else(|| later.code.map(|code| wire::envelope(code, None)));
    }
    let entry = exchange.book.get(number)?;
    Some(exchange.spelled(entry, TicketForm::Whole).unwrap_or_else(|| wire::envelope(104, None)))
}
