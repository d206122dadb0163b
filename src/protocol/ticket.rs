//! A ticket of the wire: the shape that GetAllWithdrawTickets, GetWithdrawTicket and events share (PROTOCOL.md 6).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::value::RawValue;

use super::loose::{self, FromToken, Inner};
use super::object::{self, Object, Unreadable};
use super::trace;
use crate::domain::kept::{self, KeptComments, is_kept_whole};
use crate::domain::ticket::{Comment, OddField, ProviderError, Times, Transaction};
use crate::domain::{AccountId, Amount, OmsId, RemoteText, Ticket, TicketNumber, TicketStatus, UserId};

const DETAILS: &str = "withdrawtransactiondetails";

/// The documented fields of a ticket in which no transaction stands, or which are searched by themselves (PROTOCOL.md 6). In any other,
/// one may.
const KNOWN: [&str; 34] = [
    "ticketnumber",
    "ticketid",
    "status",
    "omsid",
    "operatorid",
    "accountid",
    "accountname",
    "requestcode",
    "requestip",
    "requestuserid",
    "requestusername",
    "assetid",
    "assetname",
    "assetmanagerid",
    "accountproviderid",
    "accountprovidername",
    "amount",
    "feeamt",
    "feeassetid",
    "notionalvalue",
    "notionalproductid",
    "templateform",
    "templateformtype",
    DETAILS,
    "withdrawtransactiondetail",
    "rejectreason",
    "comments",
    "createdtimestamp",
    "createdtimestamptick",
    "lastupdatetimestamp",
    "lastupdatetimestamptick",
    "updatedbyuser",
    "updatedbyusername",
    "marginwithdraw",
];

/// Reads one ticket. Every field but the number may be absent, null or of another form: it is unknown then, and one of another form
/// is kept as it arrived.
///
/// # Errors
/// If it is no object, or has no number by which it could be spoken of.
pub fn parse(json: &str) -> Result<Ticket, Unreadable> {
    let mut wire = Object::read(json)?;
    let number = wire.take("ticketnumber").map(TicketNumber).ok_or(Unreadable::Lacks("TicketNumber"))?;
    let told = wire.agreed("status", TicketStatus::from_token, PartialEq::eq);
    let status = told.or_else(|| wire.take("status")).unwrap_or(TicketStatus::Unreadable);
    // Details told in two ways are no JSON together, and so cannot be read: one of them may tell of a transaction.
    let told = inner(&mut wire, DETAILS);
    let details = wire.disputed(DETAILS).or(told).filter(|details| !is_nothing(details));
    let (transaction, paid_to) = transaction(details.as_deref());
    let template = inner(&mut wire, "templateform");
    let kept_template = wire.read_field("templateform", whole::<Inner>).map(|inner| RemoteText::new(inner.0));
    let provider_error = provider_error("WithdrawTransactionDetails", details.as_deref())
        .or_else(|| provider_error("TemplateForm", template.as_deref()));
    let told_to = template.as_deref().and_then(destination);
    let other_destination = paid_to.clone().filter(|paid| {
        // Either may have a memo or a tag behind it.
        told_to.as_ref().is_some_and(|told| {
            let address = told.raw().split(" memo ").next().unwrap_or_default().to_lowercase();
            let paid = paid.raw().to_lowercase();
            !address.contains(&paid) && !paid.contains(&address)
        })
    });
    let mut ticket = Ticket {
        other_destination,
        oms: wire.take("omsid").map(OmsId),
        account: wire.read_field("accountid", account),
        account_name: text(&mut wire, "accountname"),
        request_code: exact(&mut wire, "requestcode"),
        request_user: wire.take("requestuserid").map(UserId),
        request_user_name: text(&mut wire, "requestusername"),
        asset_id: wire.take("assetid"),
        asset: exact(&mut wire, "assetname"),
        amount: amount(&mut wire, "amount"),
        fee: amount(&mut wire, "feeamt"),
        destination: told_to.or(paid_to).filter(|to| is_kept_whole(to.raw())),
        template_form: kept_template,
        transaction,
        provider_error,
        times: times(&mut wire),
        updated_by: wire.take("updatedbyuser").map(UserId),
        updated_by_name: text(&mut wire, "updatedbyusername"),
        ..Ticket::new(number, status)
    };
    take_histories(&mut ticket, &mut wire, details.as_deref());
    ticket.odd = wire.into_odd().into_iter().map(kept_odd).collect();
    Ok(ticket)
}

/// The comments, of which the newest are kept, and the trace of a transaction, which is looked for in all of them and in whole texts.
fn take_histories(ticket: &mut Ticket, wire: &mut Object<'_>, details: Option<&str>) {
    let own = [&ticket.request_code, &ticket.destination, &ticket.template_form];
    let mut search = trace::Search::beside(own.into_iter().flatten().map(RemoteText::raw));
    if let Some(details) = details {
        search.details(details);
    }
    for (key, value) in wire.rest(&KNOWN) {
        search.other(key, &loose::lent(value));
    }
    let reason: Option<String> = wire.take("rejectreason");
    if let Some(reason) = &reason {
        search.reason(reason);
    }
    ticket.reject_reason = reason.and_then(kept_text);
    let mut comments = KeptComments::default();
    let take = |comment: Comment| {
        search.comment(comment.text.raw());
        comments.add(Comment { text: RemoteText::new(kept::text(comment.text.into_raw())), ..comment });
    };
    wire.read_field("comments", |raw| each_comment(raw, take));
    (ticket.comments, ticket.comments_let_go) = comments.end();
    ticket.trace = search.end();
}

/// The number of an account. None is 0 or less: asked with such a one, an exchange may answer with whatever ticket it likes.
fn account(raw: &RawValue) -> Option<AccountId> {
    i64::from_token(raw).filter(|number| *number > 0).map(AccountId)
}

/// The amount in a field, a number or not. Told twice, it counts where both are the same number.
fn amount(wire: &mut Object<'_>, key: &str) -> Option<Amount> {
    let read = |raw| whole::<String>(raw).map(|token| Amount::new(&token));
    let is_same = |one: &Amount, other: &Amount| one.is_number() && one.agrees(other);
    wire.agreed(key, read, is_same).or_else(|| wire.read_field(key, read))
}

fn kept_odd(odd: OddField) -> OddField {
    OddField { name: odd.name, raw: RemoteText::new(kept::text(odd.raw.into_raw())) }
}

fn times(wire: &mut Object<'_>) -> Times {
    let (made, made_tick) = (wire.take::<String>("createdtimestamp"), wire.take::<String>("createdtimestamptick"));
    let (changed, changed_tick): (Option<String>, Option<String>) =
        (wire.read_field("lastupdatetimestamp", whole), wire.read_field("lastupdatetimestamptick", whole));
    let remote = |text: Option<String>| text.filter(|text| !text.is_empty()).map(RemoteText::new);
    Times {
        created: instant(made.as_deref(), made_tick.as_deref()),
        updated: instant(changed.as_deref(), changed_tick.as_deref()),
        updated_text: remote(changed),
        updated_tick: remote(changed_tick),
    }
}

/// The text of a field, as far as it is kept; an empty one is none.
fn text(wire: &mut Object<'_>, key: &str) -> Option<RemoteText> {
    wire.take::<String>(key).and_then(kept_text)
}

fn kept_text(text: String) -> Option<RemoteText> {
    (!text.is_empty()).then(|| RemoteText::new(kept::text(text)))
}

/// The text of a field that a decision reads letter by letter: one that is too long to be kept whole is odd.
fn exact(wire: &mut Object<'_>, key: &str) -> Option<RemoteText> {
    wire.read_field(key, whole::<String>).filter(|text| !text.is_empty()).map(RemoteText::new)
}

/// A value that is not too long to be kept whole.
fn whole<T: FromToken>(raw: &RawValue) -> Option<T> {
    is_kept_whole(&loose::lent(raw)).then(|| T::from_token(raw)).flatten()
}

/// The JSON in a field: in a string, as documented, or bare.
fn inner(wire: &mut Object<'_>, key: &str) -> Option<String> {
    wire.take::<Inner>(key).map(|inner| inner.0)
}

/// True for details that hold nothing: no text, `null`, or an empty list.
fn is_nothing(details: &str) -> bool {
    matches!(details.trim(), "" | "null" | "[]")
}

/// The transaction in `WithdrawTransactionDetails`, and the address in it. Text that is not understood is not taken for "none".
fn transaction(details: Option<&str>) -> (Transaction, Option<RemoteText>) {
    let Some(details) = details else { return (Transaction::Absent, None) };
    let unreadable = || (Transaction::Unreadable(RemoteText::new(kept::text(details.to_owned()))), None);
    let Ok(mut read) = Object::read(details) else { return unreadable() };
    let tx_id = text_or_token(&mut read, "txid");
    let confirmed: Option<bool> = read.take("confirmed");
    if read.is_odd() || tx_id.as_ref().is_some_and(|id| !is_kept_whole(id.raw())) {
        return unreadable();
    }
    let is_told = read.has("txid");
    let transaction = Transaction::Details { tx_id, confirmed: confirmed.unwrap_or_default(), is_told };
    (transaction, text(&mut read, "externaladdress"))
}

/// The text of a field, or its token where it is no text: a list of ids is one all the same.
fn text_or_token(wire: &mut Object<'_>, key: &str) -> Option<RemoteText> {
    inner(wire, key).filter(|text| !text.is_empty()).map(RemoteText::new)
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
    let found = object::pairs(json?).ok()?;
    found.into_iter().find_map(|(key, raw)| {
        let is_named = KEYS.iter().any(|known| known.eq_ignore_ascii_case(&key));
        let said: String = serde_json::from_str(raw.get()).ok().filter(|said: &String| !said.trim().is_empty())?;
        let source = RemoteText::new(format!("{field}.{key}"));
        is_named.then(|| ProviderError { text: RemoteText::new(kept::text(said)), source })
    })
}

fn destination(template: &str) -> Option<RemoteText> {
    let mut read = Object::read(template).ok()?;
    let address = text(&mut read, "externaladdress").or_else(|| text(&mut read, "bankaccountnumber"))?;
    match text(&mut read, "memo") {
        Some(memo) => Some(RemoteText::new(format!("{} memo {}", address.raw(), memo.raw()))),
        None => Some(address),
    }
}

/// Hands over the comments, which come as an array, as null, or as a string that holds an array (PROTOCOL.md 6). `None` if it is none of
/// these.
fn each_comment(raw: &RawValue, mut take: impl FnMut(Comment)) -> Option<()> {
    let json = loose::lent(raw);
    let text = json.trim_start();
    if text.starts_with('[')
        && let Ok(items) = object::items(text)
    {
        for item in items {
            take(comment(item.get()));
        }
        return Some(());
    }
    match text {
        "" | "null" => {}
        // One comment by itself, or comments under keys of their own.
        one if one.starts_with('{') => match object::pairs(one) {
            Ok(pairs) if !pairs.iter().any(|(key, _)| key.eq_ignore_ascii_case("comment")) => {
                for (_, raw) in pairs {
                    take(comment(raw.get()));
                }
            }
            _ => take(comment(one)),
        },
        // SLATE's sample is a string that is not valid JSON; its text is still shown.
        _ if raw.get().starts_with('"') => {
            take(Comment { text: RemoteText::from(json.as_ref()), ..Comment::default() });
        }
        _ => return None,
    }
    Some(())
}

fn comment(json: &str) -> Comment {
    let Ok(mut read) = Object::read(json) else {
        let text = serde_json::from_str(json).map_or_else(|_| json.to_owned(), loose::content);
        return Comment { text: RemoteText::new(text), ..Comment::default() };
    };
    Comment {
        text: text_or_token(&mut read, "comment").unwrap_or_else(|| RemoteText::from(json)),
        by: read.take("enteredby").map(UserId),
        at: instant(
            read.take::<String>("entereddatetime").as_deref(),
            read.take::<String>("entereddatetimetick").as_deref(),
        ),
        id: read.take("commentid"),
    }
}

/// 100 ns steps from the year 1 to 1970, and in a microsecond.
const TICKS_TO_UNIX: i64 = 621_355_968_000_000_000;
const TICKS_A_MICROSECOND: i64 = 10;
/// The year 2200 in milliseconds since 1970: a greater number counts microseconds or ticks.
const LAST_MILLISECOND: i64 = 7_258_118_400_000;
/// The year 2200 in seconds since 1970: a greater number counts milliseconds.
const LAST_SECOND: i64 = 7_258_118_400;

/// The instant behind a time in any of its forms (PROTOCOL.md 6), else behind a tick. The year 1 means "never".
fn instant(told: Option<&str>, tick: Option<&str>) -> Option<Timestamp> {
    let read = told.and_then(|told| read_time(told.trim())).or_else(|| read_time(tick?.trim()));
    read.filter(|at| *at > Timestamp::UNIX_EPOCH)
}

/// ISO with or without zone (then UTC) and with a blank for the `T`; a bare count since 1970 or the year 1; `/Date(ms)/`; the form of
/// the vendor's own pages, `11/22/2017 8:16:11 PM`; that of mail.
fn read_time(told: &str) -> Option<Timestamp> {
    let inside = told.strip_prefix("/Date(").and_then(|told| told.strip_suffix(")/"));
    if let Some(inside) = inside {
        // An offset behind the count says where the clock stood, and changes no instant.
        let digits = inside.find(['+', '-']).filter(|at| *at > 0).map_or(inside, |at| &inside[..at]);
        return Timestamp::from_millisecond(digits.parse().ok()?).ok();
    }
    if let Ok(count) = told.parse::<i64>() {
        return counted(count);
    }
    if let Some((seconds, part)) = told.split_once('.')
        && part.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(seconds @ 0..=LAST_SECOND) = seconds.parse::<i64>()
    {
        return Timestamp::from_second(seconds).ok();
    }
    let zoned: Option<Timestamp> = told.parse().ok();
    let in_utc = || format!("{told}Z").parse().ok();
    let of_a_page = || DateTime::strptime("%m/%d/%Y %I:%M:%S %p", told).ok()?.to_zoned(TimeZone::UTC).ok();
    let of_mail = || jiff::fmt::rfc2822::parse(told).ok();
    zoned.or_else(in_utc).or_else(|| of_a_page().or_else(of_mail).map(|zoned| zoned.timestamp()))
}

/// The instant behind a bare count; its unit follows from its size, since no ticket was made before 1970 or after 2200.
fn counted(count: i64) -> Option<Timestamp> {
    match count {
        ..0 => None,
        0..=LAST_SECOND => Timestamp::from_second(count).ok(),
        count if count <= LAST_MILLISECOND => Timestamp::from_millisecond(count).ok(),
        count if count < TICKS_TO_UNIX => Timestamp::from_microsecond(count).ok(),
        count => Timestamp::from_microsecond((count - TICKS_TO_UNIX).div_euclid(TICKS_A_MICROSECOND)).ok(),
    }
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
    #[case::beside_the_details(r#""TxId":"<hash>""#, "TxId")]
    #[case::another_key(r#""TransactionHash":"<hash>""#, "TransactionHash")]
    #[case::comments_by_key(r#""Comments":{"1":"Withdraw Submitted: <hash>"}"#, "a comment")]
    #[case::a_history_of_its_own(r#""AuditLog":["Withdraw Submitted: <hash>"]"#, "AuditLog")]
    #[case::nested(r#""Attachments":[{"attachmentId":1,"description":"proof txid <hash>"}]"#, "Attachments")]
    fn a_transaction_anywhere_in_a_ticket_is_a_trace_of_it(#[case] fields: &str, #[case] source: &str) {
        let hash = "2c84a4b7d1f8e9c0b6a5d4e3f2a1908796857463524130291827364554bd49a7";
        let json = format!(r#"{{"TicketNumber":1,"Status":"Failed",{fields}}}"#);
        let ticket = parse(&json.replace("<hash>", hash)).unwrap();
        let trace = ticket.trace.as_ref().unwrap();
        assert!(trace.text.raw().contains(hash) && trace.source.raw().starts_with(source), "{trace:?}");
        assert!(!ticket.is_clear());
    }

    #[rstest]
    #[case::blanks("\" failed \"", TicketStatus::FAILED)]
    #[case::decimals("6.0", TicketStatus::FAILED)]
    #[case::name_and_number("\"Failed (6)\"", TicketStatus::FAILED)]
    #[case::number_in_blanks("\"6 \"", TicketStatus::FAILED)]
    #[case::another_word("\"Frozen\"", TicketStatus::OtherName("Frozen".into()))]
    #[case::name_and_another_number("\"Failed (5)\"", TicketStatus::Unreadable)]
    #[case::empty("\"\"", TicketStatus::Unreadable)]
    #[case::flag("true", TicketStatus::Unreadable)]
    #[case::too_great("1e400", TicketStatus::Unreadable)]
    #[case::with_a_nul("\"Failed\\u0000\"", TicketStatus::Unreadable)]
    #[case::list("[6]", TicketStatus::Unreadable)]
    #[case::twice_the_same("\"Failed\",\"status\":6", TicketStatus::FAILED)]
    #[case::thrice("6,\"status\":\"Failed\",\"STATUS\":\"Accepted\"", TicketStatus::Unreadable)]
    fn a_status_is_read_or_said_to_be_unreadable(#[case] token: &str, #[case] status: TicketStatus) {
        let ticket = parse(&format!(r#"{{"TicketNumber":1,"Status":{token}}}"#)).unwrap();
        assert_eq!(ticket.status, status);
        let is_named = ticket.odd.iter().any(|odd| odd.name.raw() == "Status");
        assert_eq!(is_named, status == TicketStatus::Unreadable, "{:?}", ticket.odd);
    }

    #[rstest]
    #[case::another(r#"{"ExternalAddress":"tb1qother"}"#, true)]
    #[case::the_same_in_capitals(r#"{"ExternalAddress":"TB1QHERE"}"#, false)]
    #[case::none("{}", false)]
    fn a_second_destination_is_told(#[case] details: &str, #[case] is_told: bool) {
        let template = r#"{"ExternalAddress":"tb1qhere","Memo":"7"}"#;
        let json = format!(r#"{{"TicketNumber":1,"TemplateForm":{template},"WithdrawTransactionDetails":{details}}}"#);
        assert_eq!(parse(&json).unwrap().other_destination.is_some(), is_told);
    }

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
        assert_eq!(parse(r#"{"TicketNumber":1}"#).unwrap().status.to_string(), "??");
        assert_eq!(parse(r#"{"TicketNumber":1,"Status":{}}"#).unwrap().status, TicketStatus::Unreadable);
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
    #[case::told_twice_in_two_ways(
        r#"{"TicketNumber":1,"Status":6,"WithdrawTransactionDetails":"{\"TxId\":\"9f2c\"}","withdrawTransactionDetails":null}"#,
        false
    )]
    fn only_details_that_say_so_rule_out_that_money_left(#[case] json: &str, #[case] clear: bool) {
        assert_eq!(parse(json).unwrap().transaction.is_clear(), clear);
    }

    #[rstest]
    #[case::zone(r#""2017-11-22T20:15:54Z""#, Some("2017-11-22T20:15:54Z"))]
    #[case::no_zone(r#""2017-11-22T20:15:54""#, Some("2017-11-22T20:15:54Z"))]
    #[case::never(r#""0001-01-01T00:00:00""#, None)]
    #[case::words(r#""yesterday""#, None)]
    #[case::blank(r#""2017-11-22 20:15:54""#, Some("2017-11-22T20:15:54Z"))]
    #[case::ticks("638131627436397114", Some("2023-02-28T06:32:23.639711Z"))]
    #[case::ticks_in_a_string(r#""638131627436397114""#, Some("2023-02-28T06:32:23.639711Z"))]
    #[case::seconds("1677565943", Some("2023-02-28T06:32:23Z"))]
    #[case::milliseconds("1677565943639", Some("2023-02-28T06:32:23.639Z"))]
    #[case::microseconds("1677565943639711", Some("2023-02-28T06:32:23.639711Z"))]
    #[case::dot_net(r#""/Date(1677565943639)/""#, Some("2023-02-28T06:32:23.639Z"))]
    #[case::dot_net_with_offset(r#""/Date(1677565943639+0100)/""#, Some("2023-02-28T06:32:23.639Z"))]
    #[case::seconds_and_a_part("1677565943.639", Some("2023-02-28T06:32:23Z"))]
    #[case::of_the_vendors_pages(r#""11/22/2017 8:16:11 PM""#, Some("2017-11-22T20:16:11Z"))]
    #[case::of_mail(r#""Wed, 22 Nov 2017 20:16:11 GMT""#, Some("2017-11-22T20:16:11Z"))]
    #[case::zero("0", None)]
    #[case::beyond("9223372036854775807", None)]
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
