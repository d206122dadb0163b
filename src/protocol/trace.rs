//! Traces of a transaction besides `TxId`: the contents of the details change from provider to provider, and a comment may say
//! that a withdrawal was submitted with one (PROTOCOL.md 6). A trace that cannot be ruled out is one: it asks for a person.

use std::ops::ControlFlow;

use super::fields;
use crate::domain::ticket::Trace;
use crate::domain::{RemoteText, kept};

/// Hexadecimal or alphanumeric tokens of this length are ids of transactions, of blocks or of keys, wherever they stand.
const LONG_HEX: usize = 32;
const LONG_TOKEN: usize = 40;
/// Shorter tokens count where the words around them speak of a submission.
const SHORT_TOKEN: usize = 6;

/// Words of a key that name a transaction, or the reference of a payment that a bank or a provider took.
const KEY_WORDS: [&str; 32] = [
    "tx",
    "txn",
    "txs",
    "txns",
    "trx",
    "txid",
    "txids",
    "txhash",
    "txref",
    "transaction",
    "transactions",
    "transactionid",
    "transactionhash",
    "hash",
    "blockhash",
    "signature",
    "explorer",
    "utxo",
    "trace",
    "uetr",
    "utr",
    "imad",
    "omad",
    "rrn",
    "trn",
    "arn",
    "ach",
    "sepa",
    "reference",
    "ref",
    "receipt",
    "endtoendid",
];
/// Words of a key that is only there, or only set, once something was sent.
const SENT_WORDS: [&str; 18] = [
    "sent",
    "submitted",
    "broadcast",
    "broadcasted",
    "settled",
    "executed",
    "completed",
    "paid",
    "mined",
    "finalized",
    "processed",
    "block",
    "blockheight",
    "blocknumber",
    "nonce",
    "slot",
    "ledger",
    "gas",
];
/// Words of a key whose value is something else, however it looks.
const OTHER_WORDS: [&str; 12] =
    ["address", "memo", "error", "fail", "failure", "reject", "rejected", "time", "date", "type", "fee", "updated"];
/// Words of a state after which money may have left.
const STATES: [&str; 24] = [
    "broadcast",
    "broadcasted",
    "broadcasting",
    "submitted",
    "sent",
    "sending",
    "signed",
    "pending",
    "processing",
    "mempool",
    "unconfirmed",
    "confirming",
    "confirmed",
    "mined",
    "complete",
    "completed",
    "success",
    "successful",
    "succeeded",
    "settled",
    "paid",
    "executed",
    "processed",
    "done",
];
/// Words of a comment that speak of a submission.
const SUBMISSION: [&str; 12] = [
    "submitted",
    "sent",
    "broadcast",
    "broadcasted",
    "tx",
    "txid",
    "txn",
    "txhash",
    "hash",
    "transaction",
    "onchain",
    "confirmed",
];

/// The search for a trace in everything that a ticket tells, before anything of it is let go. The first in the details counts, else
/// the last in the comments, else the one in the reason of a rejection. What the ticket names itself (its request code, its
/// destination) is none.
pub struct Search {
    own: Own,
    in_details: Option<Trace>,
    in_comments: Option<Trace>,
    in_reason: Option<Trace>,
}

impl Search {
    /// Texts of the ticket that look like ids and are none of a transaction.
    pub fn beside<'a>(own: impl IntoIterator<Item = &'a str>) -> Self {
        let own = Own(own.into_iter().map(str::to_lowercase).collect());
        Self { own, in_details: None, in_comments: None, in_reason: None }
    }

    /// The details of the provider.
    pub fn details(&mut self, details: &str) {
        self.in_details = in_details(details, &self.own);
    }

    /// One more comment.
    pub fn comment(&mut self, text: &str) {
        if let Some(token) = trace_of_comment(text, &self.own) {
            self.in_comments = Some(trace(token, "a comment"));
        }
    }

    /// The reason of a rejection.
    pub fn reason(&mut self, text: &str) {
        self.in_reason = trace_of_comment(text, &self.own).map(|token| trace(token, "RejectReason"));
    }

    /// The trace that counts.
    pub fn end(self) -> Option<Trace> {
        self.in_details.or(self.in_comments).or(self.in_reason)
    }
}

fn trace(token: &str, source: &str) -> Trace {
    Trace { text: RemoteText::new(kept::text(token.to_owned())), source: RemoteText::from(source) }
}

/// The texts of a ticket that look like ids and are none of a transaction, in lower case.
struct Own(Vec<String>);

impl Own {
    fn has(&self, token: &str) -> bool {
        self.0.iter().any(|own| own.contains(&token.to_lowercase()))
    }
}

fn in_details(details: &str, own: &Own) -> Option<Trace> {
    let mut found = None;
    let _ = fields::each(details, &mut |key, value| {
        if !is_trace(key, value, own) {
            return ControlFlow::Continue(());
        }
        found = Some(trace(value, &kept::text(format!("WithdrawTransactionDetails.{key}"))));
        ControlFlow::Break(())
    });
    found
}

fn is_trace(key: &str, value: &str, own: &Own) -> bool {
    let words = words_of_key(key);
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let value = value.trim();
    if is_nothing(value) || words == ["tx", "id"] || words == ["txid"] {
        // `TxId` itself is read where it stands.
        return false;
    }
    if has(&["status", "state", "stage", "confirmed", "confirmations"]) && says_state(value) {
        return true;
    }
    if has(&SENT_WORDS) && !has(&["error", "fee", "not"]) {
        return true;
    }
    if has(&OTHER_WORDS) {
        return false;
    }
    let is_own = own.has(value);
    (has(&KEY_WORDS) && !is_own) || (tokens(value).any(|token| is_long(token) && !own.has(token)))
}

/// True if a state, a flag or a count of confirmations says that money may have left.
fn says_state(value: &str) -> bool {
    let is_count = value.bytes().all(|byte| byte.is_ascii_digit()) && value.bytes().any(|byte| byte != b'0');
    let says = |word: &str| STATES.contains(&word.to_ascii_lowercase().as_str()) || word.eq_ignore_ascii_case("true");
    let denies = value.split(|letter: char| !letter.is_alphabetic()).any(|word| word.eq_ignore_ascii_case("not"));
    is_count || (!denies && value.split(|letter: char| !letter.is_alphabetic()).any(says))
}

fn is_nothing(value: &str) -> bool {
    let is_zero = !value.is_empty() && value.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'-' | b'x'));
    // The year 1 means never (PROTOCOL.md 6).
    is_zero
        || value.starts_with("0001-01-01")
        || matches!(value.to_ascii_lowercase().as_str(), "" | "null" | "none" | "false" | "n/a" | "[]" | "{}")
}

/// The words of a key in lower case: `TransactionHash`, `tx_hash` and `TXID` alike. Of a nested key the last part counts.
fn words_of_key(key: &str) -> Vec<String> {
    let last = key.rsplit('.').next().unwrap_or(key);
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for letter in last.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        was_lower = letter.is_lowercase() || letter.is_numeric();
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The id in a comment: a long one wherever it stands, a shorter one behind words of a submission.
fn trace_of_comment<'a>(text: &'a str, own: &Own) -> Option<&'a str> {
    let foreign = |token: &&str| !own.has(token);
    if let Some(token) = tokens(text).filter(|token| is_long(token)).find(foreign) {
        return Some(token);
    }
    let speaks = tokens(text).any(|word| SUBMISSION.iter().any(|known| known.eq_ignore_ascii_case(word)));
    if !speaks || text.to_lowercase().contains("fail") {
        return None;
    }
    // "Withdraw Submitted (11/22/2017 8:16:11 PM): <id>": the id stands behind the last colon.
    let told = text.rsplit(':').next().unwrap_or_default().trim();
    let is_id = |token: &&str| token.len() >= SHORT_TOKEN && token.bytes().any(|byte| byte.is_ascii_digit());
    let tail = tokens(told).filter(is_id).find(foreign)?;
    let is_date = tail.bytes().all(|byte| byte.is_ascii_digit()) && tail.len() < 9;
    let whole = if told.contains("..") && !told.contains(' ') { told } else { tail };
    (!is_date).then_some(whole)
}

/// Runs of letters and digits.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|token| !token.is_empty())
}

/// A token as only ids are: long hexadecimal digits, or a longer mix of letters and digits.
fn is_long(token: &str) -> bool {
    let digits = token.strip_prefix("0x").unwrap_or(token);
    let is_hex = digits.len() >= LONG_HEX && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_digit = token.bytes().any(|byte| byte.is_ascii_digit());
    let has_letter = token.bytes().any(|byte| byte.is_ascii_alphabetic());
    has_digit && (is_hex || token.len() >= LONG_TOKEN && has_letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const HASH: &str = "2c84d33fe34d2b6e5ec6be46e3d9ba0e9ed63aba1da9c6e8a9cdc1b62bd49a71";

    fn find(comments: &[&str], details: Option<&str>) -> Option<Trace> {
        let own = ["af082910-c5ab-421d-af97-e65c384a65fc", "0x52908400098527886E0F7030069857D2E4169EE7"];
        let mut search = Search::beside(own);
        if let Some(details) = details {
            search.details(details);
        }
        for comment in comments {
            search.comment(comment);
        }
        search.end()
    }

    #[rstest]
    #[case::hash(r#"{"TransactionHash":"9f2c","Status":"Failed"}"#, "TransactionHash")]
    #[case::snake(r#"{"tx_hash":"9f2c"}"#, "tx_hash")]
    #[case::state(r#"{"Status":"Broadcast"}"#, "Status")]
    #[case::state_in_words(r#"{"state":"SENT_TO_NETWORK"}"#, "state")]
    #[case::nested(r#"{"Result":{"Hash":"9f2c"}}"#, "Result.Hash")]
    #[case::in_an_array(r#"{"outputs":[{"txn":"9f2c"}]}"#, "outputs[0].txn")]
    #[case::in_a_string(r#"{"raw":"{\"hash\":\"9f2c\"}"}"#, "raw.hash")]
    #[case::confirmations(r#"{"Confirmations":3}"#, "Confirmations")]
    #[case::is_confirmed(r#"{"isConfirmed":true}"#, "isConfirmed")]
    #[case::bank(r#"{"UETR":"97ed4827-7b6f-4491-a06f-b548d5a7512d"}"#, "UETR")]
    #[case::by_value(
        r#"{"Reference":"2c84d33fe34d2b6e5ec6be46e3d9ba0e9ed63aba1da9c6e8a9cdc1b62bd49a71"}"#,
        "Reference"
    )]
    #[case::block(r#"{"BlockNumber":812}"#, "BlockNumber")]
    #[case::submitted_at(r#"{"TimeSubmitted":"2026-11-26T08:00:00Z"}"#, "TimeSubmitted")]
    #[case::wire_reference(r#"{"wireReference":"FT26330A77"}"#, "wireReference")]
    #[case::signature(r#"{"signature":"5VERv8NM"}"#, "signature")]
    #[case::explorer(
        r#"{"Link":"https://x.io/tx/0x2c84d33fe34d2b6e5ec6be46e3d9ba0e9ed63aba1da9c6e8a9cdc1b62bd49a71"}"#,
        "Link"
    )]
    fn another_providers_details_tell_of_a_transaction(#[case] details: &str, #[case] key: &str) {
        let found = find(&[], Some(details)).unwrap();
        assert_eq!(found.source.raw(), format!("WithdrawTransactionDetails.{key}"));
    }

    #[rstest]
    #[case::captured(
        r#"{"TxId":null,"ExternalAddress":"tb1q20ulz3fv8aqjcrm2c665mfhe9tvwd3uz3jwlxc","Amount":0,"Confirmed":false,"LastUpdated":"0001-01-01T00:00:00.000Z","TimeSubmitted":"0001-01-01T00:00:00.000Z","AccountProviderName":"ToExternalBitcoinAddress","AccountProviderId":7}"#
    )]
    #[case::empty_hash(r#"{"TransactionHash":"","tx_hash":null,"Confirmations":0}"#)]
    #[case::failed_state(r#"{"Status":"Failed","Error":"hash mismatch"}"#)]
    #[case::not_sent(r#"{"Status":"not submitted"}"#)]
    #[case::never_sent(r#"{"TimeSubmitted":"0001-01-01T00:00:00.000Z","sent":false,"hash":"0x"}"#)]
    #[case::its_own_code(r#"{"Reference":"af082910-c5ab-421d-af97-e65c384a65fc"}"#)]
    #[case::its_own_address(r#"{"To":"0x52908400098527886e0f7030069857d2e4169ee7"}"#)]
    fn details_without_a_transaction_leave_no_trace(#[case] details: &str) {
        assert_eq!(find(&[], Some(details)), None);
    }

    #[rstest]
    #[case::vendors_pages("Withdraw Submitted (11/22/2017 8:16:11 PM): HASH", HASH)]
    #[case::elided("Withdraw Submitted (11/22/2017 8:16:11 PM): 2c84...bd49a7", "2c84...bd49a7")]
    #[case::short("Withdraw Submitted: 77ab31", "77ab31")]
    #[case::bare("HASH", HASH)]
    #[case::prefixed("see tx 0xHASH", "0x2c84d33fe34d2b6e5ec6be46e3d9ba0e9ed63aba1da9c6e8a9cdc1b62bd49a71")]
    #[case::link("https://x.io/tx/HASH?a=1", HASH)]
    #[case::failed_later("Withdraw Failed: HASH was dropped", HASH)]
    fn a_comment_tells_of_a_transaction(#[case] comment: &str, #[case] id: &str) {
        let found = find(&["Auto accepted", &comment.replace("HASH", HASH)], None).unwrap();
        assert_eq!((found.text.raw(), found.source.raw()), (id, "a comment"));
    }

    #[rstest]
    #[case::failed("Withdraw Failed: Withdraw_Submission_Failed")]
    #[case::status("Status updated to (Accepted) by user admin")]
    #[case::code("user asked again, request af082910-c5ab-421d-af97-e65c384a65fc")]
    #[case::address("was to be sent to 0x52908400098527886E0F7030069857D2E4169EE7")]
    #[case::threshold("Auto accepting the ticket and Amount is less then AutoWithdrawThreshold")]
    #[case::words("the customer says that nothing was sent")]
    fn a_comment_about_anything_else_leaves_no_trace(#[case] comment: &str) {
        assert_eq!(find(&[comment], None), None);
    }
}
