//! GetAllWithdrawTickets: one page of all tickets, newest first (PROTOCOL.md 4).

use serde::Serialize;

use super::{ReadCall, Rpc};
use crate::domain::{OmsId, OperatorId, RemoteText, Ticket, TicketNumber};
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
        Ok(page)
    }
}

impl super::sealed::Reads for GetAllWithdrawTickets {}
impl ReadCall for GetAllWithdrawTickets {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_always_has_a_limit_and_asks_for_comments() {
        assert_eq!(
            GetAllWithdrawTickets::page(OmsId(1), OperatorId(2), 200, 200).payload(),
            r#"{"OMSId":1,"OperatorId":2,"StartIndex":200,"Limit":200,"IncludeComments":true}"#
        );
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
