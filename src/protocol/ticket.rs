//! A ticket of the wire: the shape that GetAllWithdrawTickets, GetWithdrawTicket and events share (PROTOCOL.md 6).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{any_case, fields, loose, trace};
use crate::domain::ticket::{Comment, ProviderError, Times, Transaction};
use crate::domain::{AccountId, Amount, OmsId, RemoteText, Ticket, TicketNumber, TicketStatus, UserId};

#[derive(Deserialize)]
struct WireTicket<'a> {
    ticketnumber: loose::Number,
    status: loose::Text,
    omsid: Option<loose::Whole>,
    accountid: Option<loose::Whole>,
    accountname: Option<loose::Text>,
    requestcode: Option<loose::Text>,
    requestuserid: Option<loose::Whole>,
    requestusername: Option<loose::Text>,
    assetid: Option<loose::Whole>,
    assetname: Option<loose::Text>,
    amount: Option<loose::Text>,
    feeamt: Option<loose::Text>,
    templateform: Option<loose::Text>,
    withdrawtransactiondetails: Option<loose::Text>,
    rejectreason: Option<loose::Text>,
    createdtimestamp: Option<loose::Text>,
    createdtimestamptick: Option<loose::Text>,
    lastupdatetimestamp: Option<loose::Text>,
    lastupdatetimestamptick: Option<loose::Text>,
    updatedbyuser: Option<loose::Whole>,
    updatedbyusername: Option<loose::Text>,
    #[serde(borrow)]
    comments: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct WireComment {
    comment: Option<loose::Text>,
    enteredby: Option<loose::Whole>,
    entereddatetime: Option<loose::Text>,
}

#[derive(Deserialize)]
struct WireDetails {
    txid: Option<loose::Text>,
    confirmed: Option<loose::Flag>,
    externaladdress: Option<loose::Text>,
}

#[derive(Deserialize)]
struct WireTemplate {
    externaladdress: Option<loose::Text>,
    bankaccountnumber: Option<loose::Text>,
    memo: Option<loose::Text>,
}

/// Reads one ticket; every field but number and status may be absent or null.
pub fn parse(json: &str) -> Result<Ticket, serde_json::Error> {
    let wire: WireTicket<'_> = any_case::from_str(json)?;
    let details = wire.withdrawtransactiondetails.map(|details| details.0);
    let (transaction, paid_to) = transaction(details.as_deref());
    let template = wire.templateform.map(|form| form.0);
    let provider_error = provider_error("WithdrawTransactionDetails", details.as_deref())
        .or_else(|| provider_error("TemplateForm", template.as_deref()));
    let mut ticket = Ticket {
        number: TicketNumber(wire.ticketnumber.0),
        status: TicketStatus::from_name(&wire.status.0),
        oms: wire.omsid.map(|id| OmsId(id.0)),
        account: wire.accountid.map(|id| AccountId(id.0)),
        account_name: text(wire.accountname),
        request_code: text(wire.requestcode),
        request_user: wire.requestuserid.map(|id| UserId(id.0)),
        request_user_name: text(wire.requestusername),
        asset_id: wire.assetid.map(|id| id.0),
        asset: text(wire.assetname),
        amount: wire.amount.map(|token| Amount::new(&token.0)),
        fee: wire.feeamt.map(|token| Amount::new(&token.0)),
        destination: template.as_deref().and_then(destination).or(paid_to),
        template_form: template.map(RemoteText::new),
        transaction,
        reject_reason: text(wire.rejectreason),
        provider_error,
        times: Times {
            created: instant(wire.createdtimestamp.as_ref(), wire.createdtimestamptick.as_ref()),
            updated: instant(wire.lastupdatetimestamp.as_ref(), wire.lastupdatetimestamptick.as_ref()),
            updated_text: text(wire.lastupdatetimestamp),
            updated_tick: text(wire.lastupdatetimestamptick),
        },
        updated_by: wire.updatedbyuser.map(|id| UserId(id.0)),
        updated_by_name: text(wire.updatedbyusername),
        comments: comments(wire.comments),
        trace: None,
    };
    ticket.trace = trace::find(&ticket, details.as_deref());
    Ok(ticket)
}

fn text(value: Option<loose::Text>) -> Option<RemoteText> {
    value.filter(|text| !text.0.is_empty()).map(|text| RemoteText::new(text.0))
}

/// The transaction in `WithdrawTransactionDetails`, and the address in it. Text that is not understood is not taken for "none".
fn transaction(details: Option<&str>) -> (Transaction, Option<RemoteText>) {
    let Some(details) = details.filter(|details| !matches!(details.trim(), "" | "null")) else {
        return (Transaction::Absent, None);
    };
    match any_case::from_str::<WireDetails>(details) {
        Ok(read) => {
            let confirmed = read.confirmed.is_some_and(|flag| flag.0);
            let is_told = fields::top_level(details)
                .is_some_and(|found| found.iter().any(|(key, _)| key.eq_ignore_ascii_case("txid")));
            (Transaction::Details { tx_id: text(read.txid), confirmed, is_told }, text(read.externaladdress))
        }
        Err(_) => (Transaction::Unreadable(RemoteText::from(details)), None),
    }
}

/// An error that the provider's JSON tells under a key of its own. Content is up to the provider (PROTOCOL.md 6), so only
/// text under a key that is named for an error or a failure counts.
fn provider_error(field: &str, json: Option<&str>) -> Option<ProviderError> {
    const KEYS: [&str; 8] = [
        "error",
        "errormessage",
        "errormsg",
        "errorreason",
        "failurereason",
        "failreason",
        "failuremessage",
        "rejectreason",
    ];
    let found = fields::top_level(json?)?;
    found.into_iter().find_map(|(key, raw)| {
        let is_named = KEYS.iter().any(|known| known.eq_ignore_ascii_case(&key));
        let said: String = serde_json::from_str(raw.get()).ok().filter(|said: &String| !said.trim().is_empty())?;
        let source = RemoteText::new(format!("{field}.{key}"));
        is_named.then(|| ProviderError { text: RemoteText::new(said), source })
    })
}

fn destination(template: &str) -> Option<RemoteText> {
    let read: WireTemplate = any_case::from_str(template).ok()?;
    let address = text(read.externaladdress).or_else(|| text(read.bankaccountnumber))?;
    match text(read.memo) {
        Some(memo) => Some(RemoteText::new(format!("{} memo {}", address.raw(), memo.raw()))),
        None => Some(address),
    }
}

/// Comments come as an array, as null, or as a string that holds an array (PROTOCOL.md 6).
fn comments(raw: Option<&RawValue>) -> Vec<Comment> {
    let Some(raw) = raw else { return Vec::new() };
    let Ok(json) = loose::content(raw) else { return Vec::new() };
    match serde_json::from_str::<Vec<&RawValue>>(&json) {
        Ok(items) => items.into_iter().map(|item| comment(item.get())).collect(),
        // SLATE's sample is a string that is not valid JSON; its text is still shown.
        Err(_) if raw.get().starts_with('"') && !json.trim().is_empty() => {
            vec![Comment { text: RemoteText::new(json), ..Comment::default() }]
        }
        // One comment by itself.
        Err(_) if json.trim_start().starts_with('{') => vec![comment(&json)],
        Err(_) => Vec::new(),
    }
}

fn comment(json: &str) -> Comment {
    match any_case::from_str::<WireComment>(json) {
        Ok(read) => Comment {
            text: text(read.comment).unwrap_or_default(),
            by: read.enteredby.map(|id| UserId(id.0)),
            at: instant(read.entereddatetime.as_ref(), None),
        },
        Err(_) => Comment { text: RemoteText::from(json), ..Comment::default() },
    }
}

/// 100 ns steps from the year 1 to 1970, and in a microsecond.
const TICKS_TO_UNIX: i64 = 621_355_968_000_000_000;
const TICKS_A_MICROSECOND: i64 = 10;

/// The instant behind an ISO text with or without zone (then UTC), else behind a tick. The year 1 means "never".
fn instant(iso: Option<&loose::Text>, tick: Option<&loose::Text>) -> Option<Timestamp> {
    let from_iso = iso.and_then(|iso| {
        let zoned: Option<Timestamp> = iso.0.parse().ok();
        zoned.or_else(|| format!("{}Z", iso.0).parse().ok())
    });
    let from_tick = || {
        let ticks: i64 = tick?.0.parse().ok()?;
        Timestamp::from_microsecond(ticks.checked_sub(TICKS_TO_UNIX)?.div_euclid(TICKS_A_MICROSECOND)).ok()
    };
    from_iso.or_else(from_tick).filter(|at| *at > Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// PROTOCOL.md 6, the captured failed ticket [VX].
    const FAILED: &str = include_str!("../../tests/samples/failed_ticket.json");
    /// The captured ticket in the documentation's casing, with the number form of the status and comments in a string.
    const FAILED_AS_DOCUMENTED: &str = include_str!("../../tests/samples/failed_ticket_camel_case.json");

    #[rstest]
    #[case::captured(FAILED)]
    #[case::documented(FAILED_AS_DOCUMENTED)]
    fn the_captured_failed_ticket_reads_whole(#[case] json: &str) {
        let ticket = parse(json).unwrap();
        assert_eq!(ticket.number, TicketNumber(287));
        assert_eq!(ticket.status, TicketStatus::FAILED);
        assert_eq!((ticket.oms, ticket.account), (Some(OmsId(1)), Some(AccountId(7))));
        assert_eq!(ticket.request_code, Some("af082910-c5ab-421d-af97-e65c384a65fc".into()));
        assert_eq!((ticket.asset_id, ticket.asset_label()), (Some(3), "TBTC".to_owned()));
        assert_eq!((ticket.amount_label(), ticket.fee_label()), ("0.001".to_owned(), "0.0".to_owned()));
        assert_eq!(ticket.destination, Some("tb1q20ulz3fv8aqjcrm2c665mfhe9tvwd3uz3jwlxc".into()));
        assert_eq!(ticket.transaction, Transaction::Details { tx_id: None, confirmed: false, is_told: true });
        assert_eq!(ticket.reason(), Some("Withdraw_Submission_Failed".into()));
        assert_eq!(ticket.times.last_update(), Some(&"638150783847175901".into()));
        assert_eq!(ticket.times.created.unwrap().to_string(), "2023-02-28T06:32:23.639Z");
        assert_eq!(ticket.updated_by_label(), "user 1 admin");
        assert_eq!(ticket.comments.len(), 1);
    }

    #[test]
    fn number_and_status_are_enough() {
        let ticket = parse(r#"{"TicketNumber":18446744073709551615,"Status":"Frozen"}"#).unwrap();
        assert_eq!(ticket.number, TicketNumber(u64::MAX));
        assert_eq!(ticket.status.to_string(), "Frozen?");
        assert!(parse(r#"{"Status":"Failed"}"#).is_err());
        assert!(parse(r#"{"TicketNumber":1}"#).is_err());
    }

    #[rstest]
    #[case::absent(r#"{"TicketNumber":1,"Status":6}"#, true)]
    #[case::null(r#"{"TicketNumber":1,"Status":6,"WithdrawTransactionDetails":null}"#, true)]
    #[case::null_inside(r#"{"TicketNumber":1,"Status":6,"WithdrawTransactionDetails":"null"}"#, true)]
    #[case::no_id(r#"{"TicketNumber":1,"Status":6,"WithdrawTransactionDetails":"{\"TxId\":\"\"}"}"#, true)]
    #[case::id(r#"{"TicketNumber":1,"Status":6,"WithdrawTransactionDetails":"{\"txId\":\"9f2c\"}"}"#, false)]
    #[case::bare_object(r#"{"TicketNumber":1,"Status":6,"WithdrawTransactionDetails":{"TxId":"9f2c"}}"#, false)]
    #[case::confirmed(
        r#"{"TicketNumber":1,"Status":6,"WithdrawTransactionDetails":"{\"Confirmed\":\"true\"}"}"#,
        false
    )]
    #[case::garbage(r#"{"TicketNumber":1,"Status":6,"WithdrawTransactionDetails":"<xml/>"}"#, false)]
    fn only_details_that_say_so_rule_out_that_money_left(#[case] json: &str, #[case] clear: bool) {
        assert_eq!(parse(json).unwrap().transaction.is_clear(), clear);
    }

    #[rstest]
    #[case::zone(r#""2017-11-22T20:15:54Z""#, Some("2017-11-22T20:15:54Z"))]
    #[case::no_zone(r#""2017-11-22T20:15:54""#, Some("2017-11-22T20:15:54Z"))]
    #[case::never(r#""0001-01-01T00:00:00""#, None)]
    #[case::words(r#""yesterday""#, None)]
    fn timestamps_are_utc_and_the_year_1_is_never(#[case] token: &str, #[case] at: Option<&str>) {
        let json = format!(r#"{{"TicketNumber":1,"Status":6,"CreatedTimestamp":{token}}}"#);
        assert_eq!(parse(&json).unwrap().times.created.map(|at| at.to_string()).as_deref(), at);
    }

    #[rstest]
    #[case::details(
        r#""WithdrawTransactionDetails":"{\"ErrorMessage\":\"no route\"}""#,
        Some("no route (WithdrawTransactionDetails.ErrorMessage)")
    )]
    #[case::form(
        r#""TemplateForm":"{\"Comment\":\"mine\",\"FailureReason\":\"bad memo\"}""#,
        Some("bad memo (TemplateForm.FailureReason)")
    )]
    #[case::reject_reason_first(
        r#""RejectReason":"limit","WithdrawTransactionDetails":"{\"Error\":\"x\"}""#,
        Some("limit (RejectReason)")
    )]
    #[case::a_customers_words(r#""TemplateForm":"{\"Comment\":\"error\",\"Message\":\"hello\"}""#, None)]
    #[case::no_text(r#""WithdrawTransactionDetails":"{\"Error\":null,\"ErrorMessage\":\" \"}""#, None)]
    fn the_providers_error_is_the_last_word_on_why(#[case] field: &str, #[case] said: Option<&str>) {
        let ticket = parse(&format!(r#"{{"TicketNumber":1,"Status":6,{field}}}"#)).unwrap();
        let reason = ticket.reason_and_source().map(|(reason, source)| format!("{} ({source})", reason.inert()));
        assert_eq!(reason.as_deref(), said);
    }

    #[test]
    fn a_tick_stands_in_for_a_missing_timestamp() {
        let json = r#"{"TicketNumber":1,"Status":6,"CreatedTimestampTick":638131627436397114}"#;
        assert_eq!(parse(json).unwrap().times.created.unwrap().to_string(), "2023-02-28T06:32:23.639711Z");
    }
}
