//! One line of the journal: one JSON object, ASCII only, so that reading the file in a terminal is safe.
//!
//! Its links to the line before are `super::chain`'s.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::seal::{self, Head};
use crate::domain::text::inert;
use crate::domain::{Change, IntentId, Outcome, Receipt, TicketNumber, receipt::RefusalCode, time};

/// The part of every line that says who wrote it and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// This journal's id, given when the file was made.
    pub chain: String,
    /// One run of the program.
    pub session: String,
    /// The machine's name.
    pub host: String,
    /// The process on that machine.
    pub pid: u32,
    /// The program's version.
    pub version: String,
    /// The exchange, by its name in the profile.
    pub exchange: String,
    /// The OMS; `null` before login.
    pub oms: Option<i64>,
    /// Who was logged in; `null` before login.
    pub operator: Option<String>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Counts the lines of the file from 1.
    pub seq: u64,
    /// When it was written, UTC with microseconds.
    pub at: String,
    /// Who wrote it.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// `hash` of the line before it.
    pub prev: String,
    /// The event.
    #[serde(flatten)]
    pub fact: Fact,
    /// SHA-256 over the bytes of the line without this key, in hex.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hash: String,
}

/// The event that a line records. A kind or key that this version does not know is kept, so that an older program can read a newer
/// file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Fact {
    /// A session started on this journal.
    Opened,
    /// A cancel is about to be sent.
    Intent(Box<Intent>),
    /// The writer was handed the frame.
    Sent {
        /// The intent.
        id: String,
    },
    /// The reply to the cancel, or its absence after the reply time.
    Reply(ReplyFact),
    /// A reply after the receipt was already decided.
    Late(ReplyFact),
    /// A read of the ticket, as it was answered.
    Read(ReadFact),
    /// How the intent stands.
    Outcome {
        /// The intent.
        id: String,
        /// PRODUCT.md's word.
        outcome: String,
        /// Why, in a sentence.
        because: String,
    },
    /// A cancel that ended before its intent: nothing was sent.
    Declined {
        /// The ticket number.
        ticket: String,
        /// Why, in a sentence.
        because: String,
    },
    /// An operator gave the ticket of an open intent free again. The intent goes on being watched.
    Release(ReleaseFact),
    /// The file ended in half a line, as after a crash in mid-write. It was kept aside and cut off.
    RecoveredTail {
        /// How many bytes it had.
        bytes: u64,
        /// The file that keeps them, beside the journal.
        kept_in: String,
    },
    /// This file carries a journal on: after the rotation of a full file, or after the file was replaced under a console.
    Rotated(Box<RotatedFact>),
    /// The session ended in order.
    Closed,
    /// A kind of a newer version.
    #[serde(untagged)]
    Other(serde_json::Map<String, serde_json::Value>),
}

/// The kinds that this version knows.
const KINDS: [&str; 12] = [
    "opened",
    "intent",
    "sent",
    "reply",
    "late",
    "read",
    "outcome",
    "declined",
    "release",
    "recovered-tail",
    "rotated",
    "closed",
];

/// The intent: everything that was decided upon. Amounts are strings with the digits that arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// 128 random bits in hex; empty until the store has given one.
    pub id: String,
    /// The call that changes the ticket, if it is another than CancelFailedWithdrawTicket. A key without a name is no cancel: then
    /// nobody can say what was decided upon, and the record is not whole.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// `TicketNumber`.
    pub ticket: String,
    /// `AccountId`.
    pub account: i64,
    /// `RequestCode`.
    pub request_code: String,
    /// `AssetName`, or the asset's id.
    pub asset: String,
    /// `Amount`, in units of the asset.
    pub amount: Option<String>,
    /// `FeeAmt`, in units of the asset.
    pub fee: Option<String>,
    /// `TemplateForm` as it arrived.
    pub template_form: Option<String>,
    /// The status as read before the send.
    pub status: String,
    /// `LastUpdateTimestampTick`, else `LastUpdateTimestamp`, as read before the send.
    pub last_update: Option<String>,
    /// The transaction id, or that it is confirmed, of a ticket that `allow-tx` opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<String>,
    /// The profile's environment.
    pub environment: String,
    /// `user-asked`, `bad-destination`, `duplicate` or `other`.
    pub reason: String,
    /// The operator's own words.
    pub note: String,
    /// The frame that will be sent, to the letter.
    pub frame: String,
    /// The connection it will be sent on.
    pub connection: u32,
    /// Its sequence number.
    pub i: u64,
    /// Keys of a newer version. They are kept because an open intent is carried into the next file at a rotation.
    #[serde(flatten)]
    pub newer: serde_json::Map<String, serde_json::Value>,
}

/// A name that must be one where its key is.
fn named<'de, D: serde::Deserializer<'de>>(name: D) -> Result<Option<String>, D::Error> {
    String::deserialize(name).map(Some)
}

/// The receipt and the reply behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyFact {
    /// The intent.
    pub id: String,
    /// `accepted`, `refused`, `unclear` or `none`.
    pub receipt: String,
    /// The errorcode of a refusal.
    pub code: Option<i64>,
    /// The reply's `m`; `null` where there was none.
    pub m: Option<u8>,
    /// The reply's payload as it arrived.
    pub payload: Option<String>,
}

/// A good read of the ticket, asked after the send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadFact {
    /// The intent.
    pub id: String,
    /// The status, by our name or as it arrived.
    pub status: String,
    /// `UpdatedByUser` and its name.
    pub updated_by: String,
    /// `LastUpdateTimestampTick`, else `LastUpdateTimestamp`.
    pub last_update: Option<String>,
}

/// The release of an open intent by an operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseFact {
    /// The intent.
    pub id: String,
    /// Its ticket.
    pub ticket: String,
    /// The operator's reason, in his own words.
    pub reason: String,
    /// The answer to the read made for this release: the status, and who changed the ticket last.
    pub read: String,
    /// How long after the send it was, in seconds.
    pub age: u64,
    /// True if the word `early` was typed, as it must be before the usual time.
    pub early: bool,
}

/// How a file carries on what was recorded elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotatedFact {
    /// The file that holds the records before, if it is known.
    pub from: Option<String>,
    /// Every record about an intent that is unresolved.
    pub carried: Vec<Record>,
}

impl Intent {
    /// The change that was decided upon; `None` if this version does not know it.
    pub fn change(&self) -> Option<Change> {
        self.call.as_deref().map_or(Some(Change::Cancel), Change::from_call)
    }

    /// The key of a change: absent for a cancel, as in every journal so far.
    pub fn call_of(change: Change) -> Option<String> {
        (change != Change::Cancel).then(|| change.call().to_owned())
    }

    /// The name of its call on the wire.
    pub fn call_name(&self) -> &str {
        self.call.as_deref().unwrap_or(Change::Cancel.call())
    }

    /// The change in an operator's words; inert.
    pub fn change_words(&self) -> String {
        match (self.change(), &self.call) {
            (None, Some(call)) => format!("change unknown to this version ({})", inert(call)),
            (change, _) => change.unwrap_or(Change::Cancel).word().to_owned(),
        }
    }
}

impl ReplyFact {
    /// The fact behind a receipt.
    pub fn new(id: IntentId, receipt: Receipt, m: Option<u8>, payload: Option<String>) -> Self {
        let (word, code) = match receipt {
            Receipt::Accepted => ("accepted", None),
            Receipt::Refused(code) => ("refused", Some(code.code())),
            Receipt::Unclear => ("unclear", None),
            Receipt::None => ("none", None),
        };
        Self { id: id.to_string(), receipt: word.to_owned(), code, m, payload }
    }

    /// The receipt again; a word that is not known is unclear.
    pub fn receipt(&self) -> Receipt {
        match (self.receipt.as_str(), self.code.and_then(RefusalCode::from_code)) {
            ("accepted", _) => Receipt::Accepted,
            ("refused", Some(code)) => Receipt::Refused(code),
            ("none", _) => Receipt::None,
            _ => Receipt::Unclear,
        }
    }
}

impl Fact {
    /// The record of an outcome.
    pub fn outcome(id: IntentId, outcome: Outcome, because: String) -> Self {
        Self::Outcome { id: id.to_string(), outcome: outcome.word().to_owned(), because }
    }

    /// The intent that it is about, if it is about one.
    pub fn intent(&self) -> Option<IntentId> {
        let id = match self {
            Self::Intent(intent) => &intent.id,
            Self::Reply(reply) | Self::Late(reply) => &reply.id,
            Self::Read(read) => &read.id,
            Self::Release(release) => &release.id,
            Self::Sent { id } | Self::Outcome { id, .. } => id,
            Self::Opened
            | Self::Declined { .. }
            | Self::RecoveredTail { .. }
            | Self::Rotated(_)
            | Self::Closed
            | Self::Other(_) => return None,
        };
        id.parse().ok()
    }
}

impl Record {
    /// The record that comes after `head`, and its line for the file, with its line end.
    pub fn next(head: &Head, at: Timestamp, stamp: Stamp, fact: Fact) -> Result<(Self, String), serde_json::Error> {
        let (at, prev) = (time::journal_time(at), head.hash.clone());
        let mut record = Self { seq: head.seq + 1, at, stamp, prev, fact, hash: String::new() };
        let (mut line, hash) = seal::seal(&ascii(&serde_json::to_string(&record)?));
        line.push('\n');
        record.hash = hash;
        Ok((record, line))
    }

    /// Reads a line.
    pub fn parse(line: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(line)
    }

    /// True if everything that locks a ticket was understood: a known kind in an unknown shape must not pass for a kind of a
    /// newer version.
    pub fn is_whole(&self) -> bool {
        match &self.fact {
            Fact::Intent(intent) => {
                intent.id.parse::<IntentId>().is_ok() && intent.ticket.parse::<TicketNumber>().is_ok()
            }
            Fact::Rotated(rotated) => rotated.carried.iter().all(Self::is_whole),
            Fact::Other(fields) => match fields.get("kind").and_then(|kind| kind.as_str()) {
                Some(kind) => !KINDS.contains(&kind),
                None => false,
            },
            _ => true,
        }
    }

    /// When it was written; `None` if its time cannot be read.
    pub fn time(&self) -> Option<Timestamp> {
        self.at.parse().ok()
    }
}

/// A JSON text with everything beyond ASCII as `\uXXXX`, because then nothing in it can move a cursor or reorder a line.
pub fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() && character != '\u{7f}' {
            out.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
pub(crate) mod tests;
