//! GetAllWithdrawTickets: one page of all tickets, newest first (PROTOCOL.md 4).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde::Serialize;

use super::{ReadCall, Rpc};
use crate::domain::ticket::OddField;
use crate::domain::{OmsId, OperatorId, RemoteText, Ticket, TicketNumber, TicketStatus};
use crate::protocol::object::{self, Unreadable};
use crate::protocol::ticket;

/// Asks for one page. Without `Limit` the exchange would return every ticket since it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct GetAllWithdrawTickets {
    /// The OMS.
    #[serde(rename = "OMSId")]
    oms: i64,
    /// The operator.
    #[serde(rename = "OperatorId")]
    operator: i64,
    /// Counted from the newest ticket.
    #[serde(rename = "StartIndex")]
    start: usize,
    /// Tickets a page.
    #[serde(rename = "Limit")]
    limit: usize,
    /// The failure reason lives in the comments, so they are always asked for.
    #[serde(rename = "IncludeComments")]
    comments: bool,
    /// The filter of 2017-18 by status number [doc: OLD; client: FOX]; may be ignored.
    #[serde(rename = "Status", skip_serializing_if = "Option::is_none")]
    status: Option<u8>,
    /// The filter of 2017-18 to a single ticket [doc: OLD; client: FOX]; may be ignored.
    #[serde(rename = "TicketId", skip_serializing_if = "Option::is_none")]
    ticket: Option<u64>,
}

impl GetAllWithdrawTickets {
    /// The page that starts `start` tickets before the newest.
    pub fn page(oms: OmsId, operator: OperatorId, start: usize, limit: usize) -> Self {
        Self { oms: oms.0, operator: operator.0, start, limit, comments: true, status: None, ticket: None }
    }

    /// Adds the filter of old versions to failed tickets. Only the answer can show that it was honoured.
    #[must_use]
    pub fn only_failed(self) -> Self {
        const FAILED: u8 = 6;
        Self { status: Some(FAILED), ..self }
    }

    /// Adds the filter of old versions to one ticket. Only the answer can show that it was honoured.
    #[must_use]
    pub fn only(self, number: TicketNumber) -> Self {
        Self { ticket: Some(number.0), ..self }
    }
}

/// One page, failed or not; rows that cannot be read are counted, not hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The rows that could be read, in the order of arrival.
    pub tickets: Vec<Ticket>,
    /// The other rows: no ticket can be told by them.
    pub unreadable: Vec<UnreadableRow>,
}

/// A row that is no ticket, or has no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableRow {
    /// Why.
    pub why: Unreadable,
    /// The row as it arrived, by which it is known when it comes again.
    pub raw: RemoteText,
}

impl Page {
    /// Rows that arrived, readable or not.
    pub fn rows(&self) -> usize {
        self.tickets.len() + self.unreadable.len()
    }
}

impl Rpc for GetAllWithdrawTickets {
    const NAME: &'static str = "GetAllWithdrawTickets";
    type Response = Page;

    fn payload(&self) -> String {
        // Integers and booleans always serialize.
        serde_json::to_string(self).unwrap_or_default()
    }

    fn parse(payload: &str) -> Result<Page, Unreadable> {
        let mut page = Page::default();
        for row in object::items(payload)? {
            match ticket::parse(row.get()) {
                Ok(read) => page.tickets.push(read),
                Err(why) => page.unreadable.push(UnreadableRow { why, raw: RemoteText::from(row.get()) }),
            }
        }
        dispute(&mut page.tickets);
        Ok(page)
    }
}

/// Rows of one page that give the same number to different tickets: nobody can tell which of them it is, so what they differ in is not
/// known, and says so.
fn dispute(tickets: &mut [Ticket]) {
    let mut first: HashMap<TicketNumber, usize> = HashMap::with_capacity(tickets.len());
    let mut disputed: Vec<(usize, usize)> = Vec::new();
    for (at, ticket) in tickets.iter().enumerate() {
        match first.entry(ticket.number) {
            Entry::Vacant(free) => drop(free.insert(at)),
            Entry::Occupied(known) if !is_same(&tickets[*known.get()], ticket) => disputed.push((*known.get(), at)),
            Entry::Occupied(_) => {}
        }
    }
    for (known, at) in disputed {
        let doubted = doubted(&tickets[known], &tickets[at]);
        tickets[known] = doubted.clone();
        tickets[at] = doubted;
    }
}

fn is_same(one: &Ticket, other: &Ticket) -> bool {
    let facts = |ticket: &Ticket| (ticket.account, ticket.request_code.clone(), ticket.status.clone());
    facts(one) == facts(other)
}

/// One of two tickets of the same number, without the facts in which they differ.
fn doubted(one: &Ticket, other: &Ticket) -> Ticket {
    let mut ticket = other.clone();
    if one.status != other.status {
        ticket.status = TicketStatus::Unreadable;
    }
    ticket.account = ticket.account.filter(|account| one.account == Some(*account));
    ticket.request_code = ticket.request_code.filter(|code| one.request_code.as_ref() == Some(code));
    ticket.amount = ticket.amount.filter(|amount| one.amount.as_ref().is_some_and(|one| one.agrees(amount)));
    ticket.odd = vec![OddField {
        name: RemoteText::from("TicketNumber"),
        raw: RemoteText::new(format!("{} twice in one list, for different tickets", ticket.number)),
    }];
    ticket
}

impl super::sealed::Reads for GetAllWithdrawTickets {}
impl ReadCall for GetAllWithdrawTickets {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AccountId;

    #[test]
    fn the_request_always_has_a_limit_and_asks_for_comments() {
        assert_eq!(
            GetAllWithdrawTickets::page(OmsId(1), OperatorId(2), 200, 200).payload(),
            r#"{"OMSId":1,"OperatorId":2,"StartIndex":200,"Limit":200,"IncludeComments":true}"#
        );
    }

    #[test]
    fn two_tickets_of_one_number_hide_neither_each_other_nor_that_they_differ() {
        let rows = |second: &str| {
            let first = r#"{"TicketNumber":5,"Status":"Failed","AccountId":1,"RequestCode":"a","Amount":1}"#;
            GetAllWithdrawTickets::parse(&format!("[{first},{second}]")).unwrap().tickets
        };
        let other = r#"{"TicketNumber":5,"Status":"FullyProcessed","AccountId":1,"RequestCode":"b","Amount":1.0}"#;
        for ticket in rows(other) {
            assert_eq!(ticket.status, TicketStatus::Unreadable);
            assert_eq!(
                (ticket.account, ticket.request_code, ticket.amount.is_some()),
                (Some(AccountId(1)), None, true)
            );
            assert_eq!(ticket.odd[0].name, "TicketNumber".into());
        }
        let again = r#"{"TicketNumber":5,"Status":6,"AccountId":"1","RequestCode":"a","Amount":"1.00"}"#;
        assert!(rows(again).iter().all(|ticket| ticket.status.is_failed() && ticket.odd.is_empty()));
    }

    #[test]
    fn a_row_that_cannot_be_read_does_not_hide_the_others() {
        let page = GetAllWithdrawTickets::parse(
            r#"[{"TicketNumber":2,"Status":6},{"Status":6},{"TicketNumber":1,"Status":"New"}]"#,
        );
        let page = page.unwrap();
        assert_eq!((page.tickets.len(), page.unreadable.len(), page.rows()), (2, 1, 3));
    }
}
