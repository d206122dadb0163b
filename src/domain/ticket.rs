//! A withdraw ticket as it was read, every field but number and status optional.

use jiff::Timestamp;

use super::{AccountId, Amount, OmsId, RemoteText, TicketNumber, TicketStatus, UserId};

/// A withdraw ticket as one reply or event showed it (PROTOCOL.md 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// `TicketNumber`, the identity.
    pub number: TicketNumber,
    /// `Status`.
    pub status: TicketStatus,
    /// `OMSId`.
    pub oms: Option<OmsId>,
    /// `AccountId`; without it the ticket cannot be read again.
    pub account: Option<AccountId>,
    /// `AccountName`.
    pub account_name: Option<RemoteText>,
    /// `RequestCode`; without it the ticket cannot be read again.
    pub request_code: Option<RemoteText>,
    /// `RequestUserId`.
    pub request_user: Option<UserId>,
    /// `RequestUserName`.
    pub request_user_name: Option<RemoteText>,
    /// `AssetId`, a product id.
    pub asset_id: Option<i64>,
    /// `AssetName`, a symbol or a full name.
    pub asset: Option<RemoteText>,
    /// `Amount`, in units of the asset.
    pub amount: Option<Amount>,
    /// `FeeAmt`, in units of the asset.
    pub fee: Option<Amount>,
    /// `TemplateForm` as it arrived: JSON inside a string, its content up to the account provider.
    pub template_form: Option<RemoteText>,
    /// Where the money was to go, as far as the template form or the details say.
    pub destination: Option<RemoteText>,
    /// Another place that the details name, where the template form names one as well.
    pub other_destination: Option<RemoteText>,
    /// `WithdrawTransactionDetails`.
    pub transaction: Transaction,
    /// Another sign that money may have left: under another key of the details, or in a comment.
    pub trace: Option<Trace>,
    /// `RejectReason`.
    pub reject_reason: Option<RemoteText>,
    /// The error that the provider's details or the template form tell of, and its key.
    pub provider_error: Option<ProviderError>,
    /// When it was made and last changed.
    pub times: Times,
    /// `UpdatedByUser`: who changed it last.
    pub updated_by: Option<UserId>,
    /// `UpdatedByUserName`.
    pub updated_by_name: Option<RemoteText>,
    /// `Comments`, in the order of arrival; of many the newest (`super::kept`).
    pub comments: Vec<Comment>,
    /// The comments that came and are not kept.
    pub comments_let_go: usize,
    /// Fields that came in another form than the wanted one: unknown, and shown as they arrived.
    pub odd: Vec<OddField>,
}

/// The time fields: as they arrived, and as an instant where they can be understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// `CreatedTimestamp` (or its tick) as an instant, UTC.
    pub created: Option<Timestamp>,
    /// `LastUpdateTimestamp` (or its tick) as an instant, UTC.
    pub updated: Option<Timestamp>,
    /// `LastUpdateTimestamp` as it arrived.
    pub updated_text: Option<RemoteText>,
    /// `LastUpdateTimestampTick` as it arrived: 100 ns since the year 1.
    pub updated_tick: Option<RemoteText>,
}

impl Times {
    /// The mark of a change, by which two reads are compared: the tick, else the timestamp, as they arrived.
    pub fn last_update(&self) -> Option<&RemoteText> {
        self.updated_tick.as_ref().or(self.updated_text.as_ref())
    }
}

/// A sign of a transaction that is not `TxId`: contents change from provider to provider (PROTOCOL.md 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The id, or the words that speak of it.
    pub text: RemoteText,
    /// Where: `WithdrawTransactionDetails.TransactionHash`, `a comment`.
    pub source: RemoteText,
}

/// `WithdrawTransactionDetails`, as far as it speaks of a transaction on the chain or at the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transaction {
    /// The field is absent or null.
    Absent,
    /// The field is there and was understood.
    Details {
        /// `TxId`; with one, the money may have left.
        tx_id: Option<RemoteText>,
        /// `Confirmed`; with it, the money may have left.
        confirmed: bool,
        /// `TxId` was there, if only empty: without it an id may stand under any other name.
        is_told: bool,
    },
    /// The field is there and cannot be understood, so whether the money left is not known.
    Unreadable(RemoteText),
}

impl Transaction {
    /// The transaction id, if there is one.
    pub fn tx_id(&self) -> Option<&RemoteText> {
        match self {
            Self::Details { tx_id, .. } => tx_id.as_ref(),
            _ => None,
        }
    }

    /// True if the exchange calls the transaction confirmed.
    pub fn is_confirmed(&self) -> bool {
        matches!(self, Self::Details { confirmed: true, .. })
    }

    /// True if it can be ruled out, from what was read, that the money left.
    pub fn is_clear(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Details { tx_id, confirmed, .. } => tx_id.is_none() && !confirmed,
            Self::Unreadable(_) => false,
        }
    }
}

/// An error in the words of the provider; its fields are not documented, so the key is kept beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderError {
    /// The provider's words.
    pub text: RemoteText,
    /// Where: `WithdrawTransactionDetails.ErrorMessage`.
    pub source: RemoteText,
}

/// A field that came in another form than the wanted one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OddField {
    /// Its key as it was written: `AccountId`.
    pub name: RemoteText,
    /// Its value as it arrived: `7.0`.
    pub raw: RemoteText,
}

/// One comment of a ticket; comments hold its history and the reason of a failure (PROTOCOL.md 6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comment {
    /// `Comment`.
    pub text: RemoteText,
    /// `EnteredBy`.
    pub by: Option<UserId>,
    /// `EnteredDateTime` as an instant, UTC.
    pub at: Option<Timestamp>,
    /// `CommentId`; a later one is greater.
    pub id: Option<i64>,
}

/// The comment that tells the reason of a failure begins with this.
const FAILURE_PREFIX: &str = "withdraw failed";

/// True for a comment that tells the reason of a failure.
pub fn is_failure(comment: &Comment) -> bool {
    failure_of(comment).is_some()
}

fn failure_of(comment: &Comment) -> Option<&str> {
    let (prefix, reason) = comment.text.raw().split_at_checked(FAILURE_PREFIX.len())?;
    let told = reason.trim_start_matches(':').trim();
    prefix.eq_ignore_ascii_case(FAILURE_PREFIX).then_some(if told.is_empty() { prefix } else { told })
}

/// The age of a comment among others, the newest greatest: by its time where every time could be read, else by its number; then as it
/// arrived, since versions send them in both orders.
pub(super) fn age(comment: &Comment, place: usize, are_timed: bool) -> (Option<i128>, Option<i128>, usize) {
    let (at, id) = (comment.at.map(Timestamp::as_nanosecond), comment.id.map(i128::from));
    if are_timed { (at, id, place) } else { (id, at, place) }
}

impl Ticket {
    /// A ticket of which only number and status are known.
    pub fn new(number: TicketNumber, status: TicketStatus) -> Self {
        Self {
            number,
            status,
            oms: None,
            account: None,
            account_name: None,
            request_code: None,
            request_user: None,
            request_user_name: None,
            asset_id: None,
            asset: None,
            amount: None,
            fee: None,
            template_form: None,
            destination: None,
            other_destination: None,
            transaction: Transaction::Absent,
            trace: None,
            reject_reason: None,
            provider_error: None,
            times: Times::default(),
            updated_by: None,
            updated_by_name: None,
            comments: Vec::new(),
            comments_let_go: 0,
            odd: Vec::new(),
        }
    }

    /// Why it failed: the newest comment "Withdraw Failed: …", else `RejectReason`, else what the provider says of an error.
    pub fn reason(&self) -> Option<RemoteText> {
        self.reason_and_source().map(|(reason, _)| reason)
    }

    /// The reason of the failure, with the field that says so.
    pub fn reason_and_source(&self) -> Option<(RemoteText, String)> {
        let newest = self.newest_failure().and_then(failure_of);
        let told = newest.map(|reason| (RemoteText::from(reason), "Comments".to_owned()));
        let rejected = || self.reject_reason.clone().map(|reason| (reason, "RejectReason".to_owned()));
        let failed = || self.provider_error.clone().map(|error| (error.text, error.source.inert()));
        told.or_else(rejected).or_else(failed)
    }

    /// The newest comment that tells of a failure.
    pub(super) fn newest_failure(&self) -> Option<&Comment> {
        let failures = || self.comments.iter().enumerate().filter(|(_, comment)| is_failure(comment));
        let are_timed = failures().all(|(_, comment)| comment.at.is_some());
        failures().max_by_key(|(place, comment)| age(comment, *place, are_timed)).map(|(_, comment)| comment)
    }

    /// The id of a transaction, or what stands for it, and where it was found.
    pub fn tx_id(&self) -> Option<Trace> {
        let told = self
            .transaction
            .tx_id()
            .map(|id| Trace { text: id.clone(), source: RemoteText::from("WithdrawTransactionDetails.TxId") });
        told.or_else(|| self.trace.clone())
    }

    /// Keeps the trace that another reading told where this one brings no comments: absent is not "none".
    pub fn keep_trace(&mut self, told: Option<Trace>) {
        if self.comments_told() == 0 {
            self.trace = self.trace.take().or(told);
        }
    }

    /// True if it can be ruled out, from what was read, that the money left.
    pub fn is_clear(&self) -> bool {
        self.transaction.is_clear() && self.trace.is_none()
    }

    /// The transaction as far as it is known, in words; an empty place is said to be empty only where it was there.
    pub fn transaction_words(&self) -> String {
        if let Some(Trace { text, source }) = self.tx_id() {
            return format!("{} ({})", text.exact(), source.exact());
        }
        match &self.transaction {
            Transaction::Unreadable(_) => "details unreadable".to_owned(),
            Transaction::Details { confirmed: true, .. } => "no id, but confirmed".to_owned(),
            Transaction::Details { is_told: true, .. } => "none seen, not confirmed".to_owned(),
            Transaction::Details { .. } | Transaction::Absent => "not told by this provider".to_owned(),
        }
    }

    /// True if it belongs on the list: it is failed, or nobody can tell that it is not.
    pub fn is_listed(&self) -> bool {
        matches!(self.status, TicketStatus::FAILED | TicketStatus::Unreadable)
    }

    /// The fields that came in another form than the wanted one, as they arrived: `AccountId 7.0`; `None` if there is none.
    pub fn odd_label(&self) -> Option<String> {
        let odd = self.odd.iter().map(|odd| format!("{} {}", odd.name.exact(), odd.raw.exact()));
        (!self.odd.is_empty()).then(|| odd.collect::<Vec<_>>().join(", "))
    }

    /// The account and the request code, by which a ticket is read again, where they came in a form that cannot be read: ` (AccountId
    /// "x1")`, and nothing where they did not come.
    pub fn odd_key_label(&self) -> String {
        let is_key =
            |odd: &&OddField| ["accountid", "requestcode"].iter().any(|key| odd.name.raw().eq_ignore_ascii_case(key));
        let odd = self.odd.iter().filter(is_key);
        let odd: Vec<_> = odd.map(|odd| format!("{} {}", odd.name.exact(), odd.raw.glance().exact())).collect();
        if odd.is_empty() { String::new() } else { format!(" ({})", odd.join(", ")) }
    }

    /// The beginning of each of them, for one line.
    pub fn odd_glance(&self) -> Option<String> {
        let odd = self.odd.iter().map(|odd| format!("{} {}", odd.name.exact(), odd.raw.glance().exact()));
        (!self.odd.is_empty()).then(|| odd.collect::<Vec<_>>().join(", "))
    }

    /// True if a field in which a decision has its ground could not be read: whose it is, money, its asset, its way, its traces, or the
    /// mark of a change.
    pub fn is_ground_odd(&self) -> bool {
        const GROUNDS: [&str; 10] = [
            "omsid",
            "templateform",
            "amount",
            "feeamt",
            "assetid",
            "assetname",
            "comments",
            "rejectreason",
            "lastupdatetimestamp",
            "lastupdatetimestamptick",
        ];
        self.odd.iter().any(|odd| GROUNDS.contains(&odd.name.raw().to_ascii_lowercase().as_str()))
    }

    /// True if the amount is known: a number came, and can be read.
    pub fn is_amount_known(&self) -> bool {
        self.amount.as_ref().is_some_and(Amount::is_number)
    }

    /// True if the amount is above 0, or not known.
    pub fn is_amount_positive(&self) -> bool {
        self.amount.as_ref().is_none_or(|amount| !amount.is_number() || amount.is_positive())
    }

    /// True if it is told what the amount is one of.
    pub fn is_asset_known(&self) -> bool {
        self.asset.is_some() || self.asset_id.is_some()
    }

    /// True if any text that the list shows had to be made inert.
    pub fn is_hostile(&self) -> bool {
        let names = [
            self.account_name.as_ref(),
            self.reject_reason.as_ref(),
            self.provider_error.as_ref().map(|error| &error.text),
            self.request_user_name.as_ref(),
            self.updated_by_name.as_ref(),
        ];
        let exact = [
            self.request_code.as_ref(),
            self.asset.as_ref(),
            self.destination.as_ref(),
            self.amount.as_ref().map(Amount::digits),
            self.fee.as_ref().map(Amount::digits),
        ];
        names.into_iter().flatten().any(RemoteText::is_hostile)
            || exact.into_iter().flatten().any(RemoteText::is_inexact)
            || self.tx_id().is_some_and(|found| found.text.is_inexact())
            || self.comments.iter().any(|comment| comment.text.is_hostile())
    }

    /// Account number and name, `51877 harolds`, as far as known.
    pub fn account_label(&self) -> String {
        self.account_with(self.account_name.as_ref().map(RemoteText::inert))
    }

    /// Account number and the beginning of the name, for one line.
    pub fn account_glance(&self) -> String {
        self.account_with(self.account_name.as_ref().map(|name| name.glance().inert()))
    }

    fn account_with(&self, name: Option<String>) -> String {
        match (self.account, name) {
            (Some(account), Some(name)) => format!("{account} {name}"),
            (Some(account), None) => account.to_string(),
            (None, Some(name)) => format!("? {name}"),
            (None, None) => "?".to_owned(),
        }
    }

    /// Who changed it last, `op 4 mlopez`, as far as known.
    pub fn updated_by_label(&self) -> String {
        let name = self.updated_by_name.as_ref().map(RemoteText::inert);
        match (self.updated_by, name) {
            (Some(user), Some(name)) => format!("user {user} {name}"),
            (Some(user), None) => format!("user {user}"),
            (None, Some(name)) => name,
            (None, None) => "unknown".to_owned(),
        }
    }

    /// The amount's digits, or `?`.
    pub fn amount_label(&self) -> String {
        self.amount.as_ref().map_or_else(|| "?".to_owned(), |amount| amount.digits().exact())
    }

    /// The fee's digits, or `?`.
    pub fn fee_label(&self) -> String {
        self.fee.as_ref().map_or_else(|| "?".to_owned(), |fee| fee.digits().exact())
    }

    /// The asset's name, or its id, or `?`.
    pub fn asset_label(&self) -> String {
        self.asset_with(self.asset.as_ref().map(RemoteText::exact))
    }

    /// The beginning of the asset's name, or its id, or `?`, for one line.
    pub fn asset_glance(&self) -> String {
        self.asset_with(self.asset.as_ref().map(|name| name.glance().exact()))
    }

    fn asset_with(&self, name: Option<String>) -> String {
        match (name, self.asset_id) {
            (Some(name), _) => name,
            (None, Some(id)) => format!("asset {id}"),
            (None, None) => "?".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(text: &str) -> Comment {
        Comment { text: text.into(), ..Comment::default() }
    }

    #[test]
    fn the_reason_is_the_newest_failure_comment() {
        let mut ticket = Ticket::new(TicketNumber(1), TicketStatus::FAILED);
        assert_eq!(ticket.reason(), None);
        ticket.reject_reason = Some("overlimit".into());
        assert_eq!(ticket.reason(), Some("overlimit".into()));
        ticket.comments = vec![
            comment("Withdraw Failed: old"),
            comment("Withdraw Failed: Withdraw_Submission_Failed"),
            comment("Status updated to (Failed) by user admin"),
        ];
        assert_eq!(ticket.reason(), Some("Withdraw_Submission_Failed".into()));
        ticket.comments.push(comment("Withdraw Failed"));
        assert_eq!(ticket.reason(), Some("Withdraw Failed".into()));
    }

    #[test]
    fn where_times_and_ids_disagree_the_newest_is_so_by_time_unless_a_time_cannot_be_read() {
        let at = |time: &str| time.parse().ok();
        let failure = |text: &str, id, at| Comment { id: Some(id), at, ..comment(&format!("Withdraw Failed: {text}")) };
        let mut ticket = Ticket::new(TicketNumber(1), TicketStatus::FAILED);
        ticket.comments =
            vec![failure("later", 1, at("2026-01-02T00:00:00Z")), failure("greater", 2, at("2026-01-01T00:00:00Z"))];
        assert_eq!(ticket.reason(), Some("later".into()));
        ticket.comments[1].at = None;
        assert_eq!(ticket.reason(), Some("greater".into()));
        ticket.comments.reverse();
        assert_eq!(ticket.reason(), Some("greater".into()));
    }

    #[test]
    fn details_that_cannot_be_read_are_not_clear() {
        assert!(Transaction::Absent.is_clear());
        assert!(!Transaction::Unreadable("[".into()).is_clear());
        assert!(!Transaction::Details { tx_id: Some("9f".into()), confirmed: false, is_told: true }.is_clear());
        assert!(!Transaction::Details { tx_id: None, confirmed: true, is_told: true }.is_clear());
    }
}
