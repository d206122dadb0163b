//! The sentences about a cancel: what its outcome, receipt and code mean for the operator. Nothing is claimed that a read
//! has not shown.

use super::code::meaning_of_code;
use super::desk::outcome;
use super::line::{Tone, ToneLine};
use crate::app::desk::Desk;
use crate::app::desk::cancels::cancellation::{Cancellation, Origin, Seen};
use crate::domain::text::inert;
use crate::domain::{Change, LastRead, Outcome, Receipt, time};
use crate::protocol::bar::wants_code;

/// How a cancel stands, in one or two sentences.
pub fn headline(cancellation: &Cancellation, desk: &Desk) -> ToneLine {
    let (text, tone) = stands(cancellation, desk);
    ToneLine::new(tone, text)
}

fn stands(cancellation: &Cancellation, desk: &Desk) -> (String, Tone) {
    if cancellation.origin == Origin::ClosedElsewhere {
        return (
            "Closed by another console on this journal; `withdraw-desk journal show` tells how.".to_owned(),
            Tone::Warn,
        );
    }
    if let Some(release) = cancellation.release.as_ref().filter(|_| cancellation.is_open()) {
        let stands = outcome::stands(cancellation.outcome);
        let reason = inert(&release.reason);
        return (
            format!(
                "RELEASED  ({reason}) It locks its ticket no more. It stands {stands}, may still act, and is watched."
            ),
            Tone::Warn,
        );
    }
    match cancellation.outcome {
        None if is_held_back(cancellation) => (
            "NOT RECORDED AS SENT  The console that opened it may still send it; it is read when it no longer can, 30 s \
             after it was opened."
                .to_owned(),
            Tone::Strong,
        ),
        None => pending(cancellation),
        Some(Outcome::Verified) => (verified(cancellation, desk), Tone::Good),
        Some(Outcome::Moved) => {
            let seen = cancellation.decided_by.as_ref();
            let to = seen.map_or_else(String::new, |seen| format!(": it is {} now (by {})", seen.status, seen.by_label));
            (format!("MOVED  The ticket left failed{to}. It was not {}.", done(cancellation)), Tone::Warn)
        }
        Some(Outcome::Refused) => (refused(cancellation), Tone::Warn),
        Some(Outcome::NotSent) => {
            ("NOT SENT  The cancel never left this machine. Nothing changed.".to_owned(), Tone::Warn)
        }
        Some(Outcome::AcceptedNotMoved) => (accepted(cancellation), Tone::Danger),
        Some(Outcome::Unknown) => (unknown(cancellation), Tone::Danger),
    }
}

/// An intent found in the journal without a record of its send is read only when that send can no longer come.
fn is_held_back(cancellation: &Cancellation) -> bool {
    !cancellation.is_ours() && cancellation.progress.sent_at.is_none() && cancellation.reads.good == 0
}

fn pending(cancellation: &Cancellation) -> (String, Tone) {
    let text = match cancellation.progress.receipt {
        None if cancellation.progress.sent_at.is_none() => "Sending, once ...".to_owned(),
        None => "Sent once. Waiting for the receipt, and reading the ticket ...".to_owned(),
        Some(Receipt::Accepted) => {
            "RECEIVED, not yet proof of a cancel. Reading the ticket until it moves ...".to_owned()
        }
        Some(Receipt::Refused(code)) => {
            format!("REFUSED by the exchange ({}). Reading its status to be sure ...", code.code())
        }
        Some(Receipt::Unclear) => {
            "UNCLEAR answer: the exchange may have acted. Do not send again. Reading the ticket ...".to_owned()
        }
        Some(Receipt::None) => {
            "NO RECEIPT: the request may have arrived. Do not send again. Reading the ticket ...".to_owned()
        }
    };
    (text, Tone::Strong)
}

/// The goal of its change, in a word.
fn done(cancellation: &Cancellation) -> &'static str {
    cancellation.record.change().unwrap_or(Change::Cancel).done()
}

fn verified(cancellation: &Cancellation, desk: &Desk) -> String {
    let Some(seen) = &cancellation.decided_by else {
        return "VERIFIED by a read of the ticket after the send.".to_owned();
    };
    let took = match cancellation.progress.sent_at.filter(|_| cancellation.is_ours()) {
        Some(sent) => {
            let millis = seen.at.duration_since(sent).as_millis().max(0);
            format!(" {}.{:02} s after the send", millis / 1000, millis % 1000 / 10)
        }
        None => String::new(),
    };
    // By the id alone: a name is remote text.
    let user = desk.last_session().and_then(|session| session.user);
    let is_us = user.is_some() && seen.by == user;
    let by = if is_us { format!("by you ({})", seen.by_label) } else { format!("by {}", seen.by_label) };
    let despite = match cancellation.progress.receipt {
        Some(Receipt::Refused(code)) => {
            format!("  It is {} although our request was refused ({}).", done(cancellation), code.code())
        }
        _ => String::new(),
    };
    let status = &seen.status;
    format!("VERIFIED  Failed -> {status}, {by}{took}: proved by a read of the ticket.{despite}")
}

fn refused(cancellation: &Cancellation) -> String {
    let read = match (cancellation.decided_on, &cancellation.decided_by) {
        (LastRead::Failed, _) => "and the ticket did not move".to_owned(),
        (_, Some(seen)) => format!("and {}", last_known(cancellation, seen)),
        (_, None) => "the ticket was not read again".to_owned(),
    };
    match cancellation.progress.receipt {
        Some(Receipt::Refused(code)) => {
            format!("REFUSED ({}), {read}. {}", code.code(), meaning(cancellation))
        }
        _ => format!("REFUSED, {read}."),
    }
}

/// A state that was read, and not since, or not well: when, and what came of the reads since.
fn last_known(cancellation: &Cancellation, seen: &Seen) -> String {
    format!("{} it was {}{}", cancellation.read_when(seen), seen.status, cancellation.reads.bad_words())
}

fn accepted(cancellation: &Cancellation) -> String {
    let reads = &cancellation.reads;
    let read = match reads.last_seen.as_ref().filter(|_| reads.bad_since > 0) {
        Some(seen) => format!("The request was received; {}.", last_known(cancellation, seen)),
        None => "The request was received, but the ticket is still failed.".to_owned(),
    };
    format!("ACCEPTED, NOT MOVED  {read} Not a success. It stays locked and is read again every 15 s.")
}

fn unknown(cancellation: &Cancellation) -> String {
    let sent = cancellation
        .progress
        .sent_at
        .map_or_else(|| "It may have been sent".to_owned(), |at| format!("Sent {}", time::clock_millis(at)));
    let read = match &cancellation.reads.last_seen {
        Some(seen) if cancellation.reads.bad_since > 0 || cancellation.decided_on == LastRead::None => {
            last_known(cancellation, seen)
        }
        Some(_) => "the ticket still reads failed".to_owned(),
        None => "the ticket could not be read".to_owned(),
    };
    let receipt = match cancellation.progress.receipt {
        Some(Receipt::Unclear) => "the answer is not clear",
        Some(Receipt::Accepted) => "the request was received",
        Some(Receipt::Refused(_)) => "the request was refused",
        Some(Receipt::None) | None => "no reply came",
    };
    format!("OUTCOME UNKNOWN  {sent}; {receipt}; {read}. Do not send again. It stays locked and is read again.")
}

/// The meaning of the reply, or of its absence.
pub fn meaning(cancellation: &Cancellation) -> String {
    let Some(reply) = &cancellation.progress.reply else {
        return match cancellation.progress.receipt {
            None => "No reply yet.".to_owned(),
            Some(_) => "No reply came. That says nothing: the request may have been acted upon.".to_owned(),
        };
    };
    if reply.kind == 5 {
        return "An error without a code is no clear word, whatever it says. Whether anything happened is not known."
            .to_owned();
    }
    if wants_code(&reply.payload) {
        return "The exchange wants a code of the second factor before a cancel. The next x asks for it first."
            .to_owned();
    }
    let code = reply.envelope.as_ref().and_then(crate::protocol::Envelope::code);
    match (cancellation.progress.receipt, code) {
        (Some(Receipt::Accepted), _) => meaning_of_code(0).to_owned(),
        (_, Some(0) | None) => {
            "This is no answer of a documented form. Whether anything happened is not known.".to_owned()
        }
        (_, Some(code)) => meaning_of_code(code).to_owned(),
    }
}
