//! Sentences about a cancel that was sent: its receipt, its reads, its outcome and why, and the last word on it.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{Outcome, Receipt, TicketNumber, TicketStatus, time};

/// No receipt came before this program ended.
pub const ENDED_FIRST: &str = "this program ended first";

/// Why nothing was sent of an intent that a fault left.
pub const FAULT_BEFORE_SEND: &str = "a fault ended the program before the frame was handed to the writer";
/// The source of an observation.
pub const READ: &str = "a read of the ticket";
/// No read was answered at all.
pub const NO_ANSWER: &str = "no answer yet";

/// How an intent stands, in an operator's words. Its word in the journal is [`Outcome::word`].
pub fn stands(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        None => "not settled",
        Some(Outcome::Verified) => "Verified",
        Some(Outcome::Moved) => "Moved",
        Some(Outcome::Refused) => "Refused",
        Some(Outcome::NotSent) => "Not sent",
        Some(Outcome::AcceptedNotMoved) => "Accepted, not moved",
        Some(Outcome::Unknown) => "Unknown",
    }
}

/// The writer was handed the frame.
pub fn sent(ticket: TicketNumber, change: &str) -> String {
    format!("#{ticket} {change} sent")
}

/// It was not, and never will be.
pub fn not_handed(why: &str) -> String {
    format!("the frame was never handed to the writer: {why}")
}

/// The receipt came, or will not come.
pub fn received(ticket: TicketNumber, receipt: Receipt) -> String {
    format!("#{ticket} receipt: {receipt} (a receipt only)")
}

/// The exchange answered twice.
pub fn second_reply(ticket: TicketNumber) -> String {
    format!("#{ticket} a second, different reply: recorded, not acted upon")
}

/// An event or the list told of a status.
pub fn read_to_be_sure(said_by: &str) -> String {
    format!("{said_by}: read to be sure")
}

/// A record could not be made durable.
pub fn journal_failed(why: &str) -> String {
    format!("journal: {why}")
}

/// A read that was asked so long after our send.
pub fn read_after(since_sent: Duration) -> String {
    let millis = since_sent.as_millis();
    format!("read {}.{:02} s after the send,", millis / 1_000, millis % 1_000 / 10)
}

/// A read that was answered then.
pub fn read_at(at: Timestamp) -> String {
    format!("read {},", time::clock_time(at))
}

/// The reads since the last good one; empty if there were none.
pub fn bad_reads(count: u32, why: &str) -> String {
    match count {
        0 => String::new(),
        1 => format!("; since then 1 read got no good answer ({why})"),
        count => format!("; since then {count} reads got no good answer (the last: {why})"),
    }
}

/// A cancel has a new outcome.
pub fn known(ticket: TicketNumber, outcome: Outcome, because: &str) -> String {
    format!("#{ticket} {}: {because}", stands(Some(outcome)))
}

fn told(receipt: Option<Receipt>) -> String {
    receipt.map_or("not there yet".to_owned(), |receipt| receipt.to_string())
}

/// The reason of an outcome: the last good read was made too long before the end.
pub fn because_of_old_read(
    receipt: Option<Receipt>,
    when: &str,
    status: &TicketStatus,
    by: &str,
    since: &str,
) -> String {
    let receipt = told(receipt);
    format!("receipt {receipt}; no good read at the end: {when} it was {status}, last changed by {by}{since}")
}

/// The reason of an outcome: a read.
pub fn because_of_read(receipt: Option<Receipt>, status: &TicketStatus, by: &str) -> String {
    let receipt = told(receipt);
    format!("receipt {receipt}; a read of the ticket after the send says {status}, last changed by {by}")
}

/// The reason of an outcome: none was read well.
pub fn because_not_read(receipt: Option<Receipt>) -> String {
    let receipt = told(receipt);
    format!("receipt {receipt}; no good read after the send")
}

/// The journal's end may be missing.
pub fn journal_lacks(why: &str) -> String {
    format!("the journal failed, its end may be missing: {why}")
}

/// An outcome that the journal may lack.
pub fn seen_to_end(ticket: TicketNumber, outcome: Outcome) -> String {
    let outcome = stands(Some(outcome));
    format!("this session saw the cancel of ticket {ticket} end as {outcome}; the journal may lack that")
}

/// A cancel is in flight as the terminal goes back to the shell.
pub fn in_flight(ticket: TicketNumber, left: Duration) -> String {
    let seconds = left.as_secs();
    format!("the cancel of ticket {ticket} is in flight; the ticket is read for {seconds} s more at most")
}

/// The line on a cancel at the very end.
pub fn last_word(ticket: TicketNumber, outcome: Option<Outcome>) -> String {
    let Some(outcome) = outcome else {
        return format!("the cancel of ticket {ticket} is not settled; its intent stands open in the journal");
    };
    let (stands, meaning) = (stands(Some(outcome)), meaning(outcome));
    if outcome.is_final() {
        return format!("the cancel of ticket {ticket}: {stands} ({meaning})");
    }
    format!("the cancel of ticket {ticket} is not settled: {stands} ({meaning}); its intent stands open in the journal")
}

fn meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Verified => "a read after the send says canceled",
        Outcome::Moved => "the ticket left failed for another status",
        Outcome::Refused => "the exchange said no, and no read shows that the ticket moved",
        Outcome::NotSent => "it never left this machine",
        Outcome::AcceptedNotMoved => "received, and the ticket was failed when it was read last",
        Outcome::Unknown => "nobody can say yet whether it was acted upon",
    }
}
