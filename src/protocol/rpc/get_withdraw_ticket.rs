//! GetWithdrawTicket: one ticket, the only call that says what became of it (PROTOCOL.md 4).

use serde::Serialize;

use super::{ReadCall, ReplyError, Rpc, read_reply};
use crate::domain::{AccountId, OmsId, OperatorId, RemoteText, Ticket, TicketNumber, TicketStatus};
use crate::protocol::Frame;
use crate::protocol::object::{self, Unreadable};
use crate::protocol::ticket;

/// Asks for one ticket. A wrong or missing RequestCode may return *another* ticket of the account [doc: VX], so the
/// answer counts only if [`TicketKey::is_answered_by`] says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GetWithdrawTicket {
    #[serde(rename = "OMSId")]
    oms: i64,
    #[serde(rename = "OperatorId", skip_serializing_if = "Option::is_none")]
    operator: Option<i64>,
    #[serde(rename = "AccountId")]
    account: i64,
    #[serde(rename = "RequestCode")]
    request_code: String,
    #[serde(rename = "TicketId")]
    ticket: u64,
}

/// The three values by which the exchange finds a ticket again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketKey {
    /// `TicketNumber`.
    pub number: TicketNumber,
    /// `AccountId`.
    pub account: AccountId,
    /// `RequestCode`.
    pub request_code: RemoteText,
}

impl TicketKey {
    /// The key of a ticket; `None` where account or request code is missing, so that it cannot be read again.
    pub fn of(ticket: &Ticket) -> Option<Self> {
        Some(Self { number: ticket.number, account: ticket.account?, request_code: ticket.request_code.clone()? })
    }

    /// Why a reply is not about this ticket, in words.
    pub fn why_not(&self, reply: &Ticket) -> String {
        not_asked_for(self.number, reply)
    }

    /// True if a reply is about this very ticket; a number alone may stand for another one on another account.
    pub fn is_answered_by(&self, reply: &Ticket) -> bool {
        reply.number == self.number
            && reply.account == Some(self.account)
            && reply.request_code.as_ref() == Some(&self.request_code)
    }
}

impl GetWithdrawTicket {
    /// The read of one ticket.
    pub fn new(oms: OmsId, operator: Option<OperatorId>, key: &TicketKey) -> Self {
        Self {
            oms: oms.0,
            operator: operator.map(|id| id.0),
            account: key.account.0,
            request_code: key.request_code.raw().to_owned(),
            ticket: key.number.0,
        }
    }
}

impl Rpc for GetWithdrawTicket {
    const NAME: &'static str = "GetWithdrawTicket";
    type Response = Ticket;

    fn payload(&self) -> String {
        // Integers and strings always serialize.
        serde_json::to_string(self).unwrap_or_default()
    }

    fn parse(payload: &str) -> Result<Ticket, Unreadable> {
        ticket::parse(object::one(payload, "ticketnumber")?)
    }
}

/// Reads a reply on which a decision is to stand: an answer without a status that can be read is none.
///
/// # Errors
/// If the exchange said no, or the ticket or its status cannot be read.
pub fn read_decisive(reply: &Frame) -> Result<Ticket, ReplyError> {
    let ticket = read_reply::<GetWithdrawTicket>(reply)?;
    match ticket.status {
        TicketStatus::Unreadable => Err(Unreadable::Lacks("Status").into()),
        _ => Ok(ticket),
    }
}

impl super::sealed::Reads for GetWithdrawTicket {}
impl ReadCall for GetWithdrawTicket {}

/// Why a reply is not about the ticket of this number that was asked for, in words.
pub fn not_asked_for(number: TicketNumber, reply: &Ticket) -> String {
    if reply.number == number {
        return format!("the exchange answered with another account or request code than ticket {number} has");
    }
    format!("the exchange answered with another ticket, {}", reply.number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_always_carries_account_and_request_code() {
        let key = TicketKey { number: TicketNumber(287), account: AccountId(7), request_code: "af08".into() };
        assert_eq!(
            GetWithdrawTicket::new(OmsId(1), Some(OperatorId(1)), &key).payload(),
            r#"{"OMSId":1,"OperatorId":1,"AccountId":7,"RequestCode":"af08","TicketId":287}"#
        );
    }

    #[test]
    fn a_ticket_in_a_list_or_an_object_of_its_own_is_read() {
        let ticket = r#"{"TicketNumber":287,"Status":"Failed"}"#;
        for reply in [ticket.to_owned(), format!("[{ticket}]"), format!(r#"{{"count":1,"data":{ticket}}}"#)] {
            assert_eq!(GetWithdrawTicket::parse(&reply).unwrap().number, TicketNumber(287), "{reply}");
        }
        for other in ["[]".to_owned(), format!("[{ticket},{ticket}]"), r#"{"data":{}}"#.to_owned(), "7".to_owned()] {
            assert!(GetWithdrawTicket::parse(&other).is_err(), "{other}");
        }
    }

    #[test]
    fn another_ticket_of_the_account_is_no_answer() {
        let mut reply = Ticket::new(TicketNumber(287), TicketStatus::FAILED);
        reply.account = Some(AccountId(7));
        reply.request_code = Some("af08".into());
        let key = TicketKey::of(&reply).unwrap();
        assert!(key.is_answered_by(&reply));
        for change in [
            |t: &mut Ticket| t.number = TicketNumber(1),
            |t: &mut Ticket| t.account = Some(AccountId(8)),
            |t: &mut Ticket| t.request_code = None,
        ] {
            let mut other = reply.clone();
            change(&mut other);
            assert!(!key.is_answered_by(&other));
        }
    }
}
