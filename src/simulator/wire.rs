//! The wire as the simulated exchange spells it: captured field shapes (PROTOCOL.md 6).

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::book::Entry;
use super::conduct::User;

/// Decimals of an amount in GetWithdrawTicket and in events: .NET's 28.
const LONG_DECIMALS: usize = 28;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Ticket<'a> {
    asset_manager_id: i64,
    account_provider_id: i64,
    account_id: i64,
    account_name: &'a str,
    asset_id: i64,
    asset_name: &'a str,
    amount: Box<RawValue>,
    template_form: String,
    template_form_type: &'static str,
    #[serde(rename = "OMSId")]
    oms_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_code: Option<&'a str>,
    #[serde(rename = "RequestIP")]
    request_ip: &'static str,
    request_user_id: i64,
    request_user_name: &'a str,
    operator_id: i64,
    status: &'a str,
    fee_amt: Box<RawValue>,
    updated_by_user: i64,
    updated_by_user_name: &'static str,
    ticket_number: u64,
    withdraw_transaction_details: String,
    reject_reason: Option<&'static str>,
    created_timestamp: String,
    last_update_timestamp: String,
    created_timestamp_tick: i64,
    last_update_timestamp_tick: i64,
    comments: Vec<Comment<'a>>,
    attachments: [(); 0],
    audit_log: [(); 0],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Comment<'a> {
    comment_id: u64,
    entered_by: i64,
    entered_date_time: String,
    comment: &'a str,
    operator_id: i64,
    #[serde(rename = "OMSId")]
    oms_id: i64,
    ticket_code: &'a str,
    ticket_id: u64,
}

/// The form of a ticket in an answer: it tells how much is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketForm {
    /// A row of the list: amounts with their own digits.
    Row,
    /// A row of the list without comments.
    BareRow,
    /// One ticket: amounts with 28 decimals.
    Whole,
    /// An event: as one ticket, but without comments.
    Event,
}

/// A ticket as JSON, of the OMS and operator of this user.
pub fn ticket(entry: &Entry, form: TicketForm, user: &User) -> Result<String, serde_json::Error> {
    let long = matches!(form, TicketForm::Whole | TicketForm::Event);
    let comments = if matches!(form, TicketForm::BareRow | TicketForm::Event) { &[][..] } else { &entry.comments[..] };
    let address = &entry.address;
    serde_json::to_string(&Ticket {
        asset_manager_id: 1,
        account_provider_id: 7,
        account_id: entry.account,
        account_name: &entry.account_name,
        asset_id: entry.asset_id,
        asset_name: entry.asset,
        amount: number(&entry.amount, long)?,
        template_form: format!(
            r#"{{"TemplateType":"ToExternalAddress","Comment":"","ExternalAddress":"{address}","Amount":{}}}"#,
            entry.amount
        ),
        template_form_type: "ToExternalAddress",
        oms_id: user.oms_id,
        request_code: entry.request_code.as_deref(),
        request_ip: "203.0.113.9",
        request_user_id: entry.account + 1_000,
        request_user_name: &entry.account_name,
        operator_id: user.operator_id,
        status: &entry.status,
        fee_amt: number(&entry.fee, long)?,
        updated_by_user: entry.updated_by.id,
        updated_by_user_name: entry.updated_by.name,
        ticket_number: entry.number,
        withdraw_transaction_details: details(entry),
        reject_reason: None,
        created_timestamp: iso(entry.created),
        last_update_timestamp: iso(entry.updated),
        created_timestamp_tick: tick(entry.created),
        last_update_timestamp_tick: tick(entry.updated),
        comments: comments.iter().zip(1..).map(|((at, text), id)| comment(entry, *at, text, id, user)).collect(),
        attachments: [],
        audit_log: [],
    })
}

fn comment<'a>(entry: &'a Entry, at: Timestamp, text: &'a str, nth: u64, user: &User) -> Comment<'a> {
    Comment {
        comment_id: entry.number * 10 + nth,
        entered_by: 1,
        entered_date_time: iso(at),
        comment: text,
        operator_id: user.operator_id,
        oms_id: user.oms_id,
        ticket_code: entry.request_code.as_deref().unwrap_or_default(),
        ticket_id: entry.number,
    }
}

fn details(entry: &Entry) -> String {
    let tx_id = entry.tx_id.as_ref().map_or_else(|| "null".to_owned(), |id| format!("\"{id}\""));
    format!(
        r#"{{"TxId":{tx_id},"ExternalAddress":"{}","Amount":0,"Confirmed":{},"LastUpdated":"0001-01-01T00:00:00.000Z","AccountProviderName":"ToExternalAddress","AccountProviderId":7}}"#,
        entry.address, entry.confirmed
    )
}

fn number(digits: &str, long: bool) -> Result<Box<RawValue>, serde_json::Error> {
    let mut digits = digits.to_owned();
    if long {
        let decimals = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        digits.push_str(&"0".repeat(LONG_DECIMALS.saturating_sub(decimals)));
    }
    RawValue::from_string(digits)
}

fn iso(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// 100 ns steps from the year 1.
fn tick(at: Timestamp) -> i64 {
    at.as_microsecond() * 10 + 621_355_968_000_000_000
}

/// Text as JSON.
pub fn text(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// Texts as a JSON array.
pub fn texts(texts: impl Iterator<Item = String>) -> String {
    serde_json::to_string(&texts.collect::<Vec<_>>()).unwrap_or_default()
}

/// The documented envelope of a code (PROTOCOL.md 8).
pub fn envelope(code: i64, detail: Option<&str>) -> String {
    let message = match code {
        0 => None,
        20 => Some("Not Authorized"),
        100 => Some("Invalid Request"),
        101 => Some("Operation Failed"),
        102 => Some("Server Error"),
        104 => Some("Resource Not Found"),
        106 => Some("Operation Not Supported"),
        107 => Some("Operation In Process"),
        _ => Some("Unknown Error"),
    };
    let quoted = |text: Option<&str>| text.map_or_else(|| "null".to_owned(), |text| format!("\"{text}\""));
    format!(
        r#"{{"result":{},"errormsg":{},"errorcode":{code},"detail":{}}}"#,
        code == 0,
        quoted(message),
        quoted(detail)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::Book;

    #[test]
    fn a_ticket_is_spelled_as_captured() {
        let book = Book::new(1, 400, "2026-11-22T08:00:00Z".parse().unwrap());
        let entry = book.failed(1).and_then(|number| book.get(number)).unwrap();
        let row = ticket(entry, TicketForm::Row, &User::default()).unwrap();
        assert!(
            row.contains(&format!("\"Amount\":{}", entry.amount)) && row.contains("\"Status\":\"Failed\""),
            "{row}"
        );
        assert!(row.contains("\"OMSId\":1") && row.contains("\"Comment\":\"Withdraw Failed: "), "{row}");
        let whole = ticket(entry, TicketForm::Whole, &User::default()).unwrap();
        let amount = whole.split("\"Amount\":").nth(1).and_then(|rest| rest.split(',').next()).unwrap();
        assert_eq!(amount.split_once('.').unwrap().1.len(), 28, "{amount}");
        assert!(ticket(entry, TicketForm::Event, &User::default()).unwrap().contains("\"Comments\":[]"));
    }
}
