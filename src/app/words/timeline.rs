//! The timeline of a cancel: six steps, the envelope field for field, what was read and from where.

use super::line::{Tone, ToneLine};
use super::outcome;
use super::wrap::wrap;
use crate::app::desk::Desk;
use crate::app::desk::cancels::cancellation::{Cancellation, Origin, Reply};
use crate::domain::text::inert;
use crate::domain::{LastRead, Outcome, RemoteText, time};

/// Columns of the envelope; what it means stands beside it.
const ENVELOPE_COLUMN: usize = 40;
/// Where a long step goes on.
const STEP_INDENT: &str = "                     ";

/// The timeline of a cancel for a window of `width` columns.
pub fn lines(cancellation: &Cancellation, desk: &Desk, width: usize) -> Vec<ToneLine> {
    let width = width.saturating_sub(2);
    let mut lines = vec![title(cancellation)];
    let headline = outcome::headline(cancellation, desk);
    lines.extend(ToneLine::paragraph(headline.tone, " ", &headline.text, width));
    if let Some(why) = &desk.cancels().journal().failed {
        let text = format!("NOT IN THE JOURNAL, so it stands open at the next start: {why}");
        lines.extend(ToneLine::paragraph(Tone::Danger, " ", &text, width));
    }
    lines.push(rule(width));
    for step in steps(cancellation) {
        let margin = |index: usize| if index == 0 { " " } else { STEP_INDENT };
        let is_long = step.chars().count() > width;
        let parts = wrap(&step, if is_long { width.saturating_sub(STEP_INDENT.len()) } else { width });
        let parts = parts.into_iter().enumerate();
        lines.extend(parts.map(|(index, part)| ToneLine::new(Tone::Plain, format!("{}{part}", margin(index)))));
    }
    lines.push(rule(width));
    lines.extend(envelope(cancellation, width));
    lines.push(rule(width));
    lines.extend(history(cancellation));
    if cancellation.holds() {
        let text =
            format!(" Do not resend: ticket {} is locked here until the outcome is known.", cancellation.ticket());
        lines.push(ToneLine::new(Tone::Warn, text));
    }
    lines
}

fn rule(width: usize) -> ToneLine {
    ToneLine::new(Tone::Muted, "-".repeat(width + 2))
}

fn title(cancellation: &Cancellation) -> ToneLine {
    let record = &cancellation.record;
    let amount = record.amount.as_deref().unwrap_or("?");
    let text = format!(
        " Cancel of #{}   {} {}   account {}",
        cancellation.ticket(),
        inert(amount),
        inert(&record.asset),
        record.account
    );
    ToneLine::new(Tone::Strong, text)
}

/// `[x]` done, `[~]` running, `[ ]` not yet, `[!]` failed or unknown.
fn steps(cancellation: &Cancellation) -> Vec<String> {
    let progress = &cancellation.progress;
    let record = &cancellation.record;
    let at = |time: Option<jiff::Timestamp>| time.map_or_else(|| "--           ".to_owned(), time::clock_millis);
    let before = format!(
        "[x] 1 read before   {}, last changed {}",
        inert(&record.status),
        record.last_update.as_deref().map_or_else(|| "at a time not told".to_owned(), time::told)
    );
    let by = match &cancellation.origin {
        Origin::Journal(open) => format!("   by {}", inert(open.stamp.operator.as_deref().unwrap_or("?"))),
        _ => String::new(),
    };
    let journal = format!(
        "[x] 2 journal       {}  intent {} written, reason {}{by}",
        at(Some(progress.opened_at)),
        cancellation.intent.short(),
        inert(&record.reason)
    );
    vec![before, journal, sent(cancellation), received(cancellation), followed(cancellation), verified(cancellation)]
}

fn sent(cancellation: &Cancellation) -> String {
    match (cancellation.progress.sent_at, cancellation.outcome) {
        (Some(at), _) => format!("[x] 3 sent          {}  once, i={}", time::clock_millis(at), cancellation.record.i),
        (None, Some(Outcome::NotSent)) => "[!] 3 sent          never: it did not leave this machine".to_owned(),
        (None, _) if cancellation.is_ours() => "[~] 3 sent          on its way out".to_owned(),
        (None, _) => "[!] 3 sent          not recorded: it may have been sent".to_owned(),
    }
}

fn received(cancellation: &Cancellation) -> String {
    let progress = &cancellation.progress;
    match (&progress.reply, progress.receipt) {
        (Some(reply), Some(receipt)) => {
            let late = if reply.is_late { ", LATE" } else { "" };
            format!(
                "[x] 4 receipt       {}  {receipt}, {} ms{late}: a receipt only",
                time::clock_millis(reply.at),
                reply.took.as_millis()
            )
        }
        (None, Some(receipt)) => {
            let why = progress.no_reply.as_ref().map_or_else(String::new, |why| format!(": {why}"));
            format!("[!] 4 receipt       {receipt}{why}")
        }
        (_, None) if progress.sent_at.is_some() => "[~] 4 receipt       waiting".to_owned(),
        (_, None) => "[ ] 4 receipt".to_owned(),
    }
}

fn followed(cancellation: &Cancellation) -> String {
    let reads = &cancellation.reads;
    let mark = match (cancellation.is_open(), reads.last) {
        (false, _) | (_, LastRead::Reached | LastRead::Elsewhere) => "[x]",
        (true, _) if cancellation.progress.sent_at.is_some() || !cancellation.is_ours() => "[~]",
        (true, _) => "[ ]",
    };
    let status = match (&reads.last_seen, reads.last) {
        (Some(seen), LastRead::Failed) if reads.bad_since > 0 => {
            let when = cancellation.read_when(seen);
            return format!("{mark} 5 real status   {when} it was {}{}", seen.status.with_number(), reads.bad_words());
        }
        (Some(seen), LastRead::Failed) => {
            format!("still {}, reads so far: {}", seen.status.with_number(), reads.good)
        }
        (Some(seen), _) => format!("{}, by {}", seen.status.with_number(), seen.by_label),
        (None, _) => "not read yet".to_owned(),
    };
    let until = cancellation.progress.follow_until_wall.filter(|_| cancellation.outcome.is_none());
    let until = until.map_or_else(String::new, |at| format!(", until {}", time::clock_time(at)));
    let trouble = reads.trouble.as_ref().map_or_else(String::new, |why| format!("; last try: {why}"));
    format!("{mark} 5 real status   {status}{until}{trouble}")
}

fn verified(cancellation: &Cancellation) -> String {
    let told = match cancellation.outcome {
        None => "[ ] 6 outcome",
        Some(Outcome::Verified) => "[x] 6 outcome       Verified by a read",
        Some(Outcome::Moved) => "[x] 6 outcome       Moved: it left failed for another status",
        Some(Outcome::Refused) => "[x] 6 outcome       Refused by the exchange",
        Some(Outcome::NotSent) => "[x] 6 outcome       Nothing was sent",
        Some(Outcome::AcceptedNotMoved) => "[!] 6 outcome       Accepted, not moved: open",
        Some(Outcome::Unknown) => "[!] 6 outcome       Unknown: open",
    };
    told.to_owned()
}

fn envelope(cancellation: &Cancellation, width: usize) -> Vec<ToneLine> {
    let meaning = wrap(&outcome::meaning(cancellation), width.saturating_sub(ENVELOPE_COLUMN + 2));
    let mut left = vec!["Envelope, as it arrived".to_owned()];
    match &cancellation.progress.reply {
        Some(reply) => left.extend(reply_lines(reply)),
        None => left.push("  none".to_owned()),
    }
    let mut explained = std::iter::once("What it means".to_owned()).chain(meaning);
    let mut lines = Vec::new();
    for text in left {
        // A long field has lines of its own; nothing of it is cut.
        if text.chars().count() > ENVELOPE_COLUMN {
            lines.extend(ToneLine::paragraph(Tone::Plain, " ", &text, width));
        } else {
            let right = explained.next().unwrap_or_default();
            lines.push(ToneLine::new(Tone::Plain, format!(" {text:<ENVELOPE_COLUMN$} {right}")));
        }
    }
    lines.extend(explained.map(|right| ToneLine::new(Tone::Plain, format!(" {:<ENVELOPE_COLUMN$} {right}", ""))));
    if let Some(second) = &cancellation.progress.second_reply {
        let text = format!("A second, different reply came: {}. Recorded, not acted upon.", inert(&second.payload));
        lines.extend(ToneLine::paragraph(Tone::Danger, " ", &text, width));
    }
    lines
}

fn reply_lines(reply: &Reply) -> Vec<String> {
    let field = |name: &str, value: &Option<RemoteText>| {
        let shown = value.as_ref().map_or_else(|| "(absent)".to_owned(), RemoteText::inert);
        format!("  {name:<10} {shown}")
    };
    match &reply.envelope {
        Some(envelope) => {
            let mut lines = vec![
                field("result", &envelope.result),
                field("errormsg", &envelope.errormsg),
                field("errorcode", &envelope.errorcode),
                field("detail", &envelope.detail),
            ];
            if reply.kind != 1 {
                lines.insert(0, format!("  m          {}", reply.kind));
            }
            lines
        }
        None if reply.payload.is_empty() => vec![format!("  m={}, empty", reply.kind)],
        None => vec![format!("  m={}  {}", reply.kind, inert(&reply.payload))],
    }
}

fn history(cancellation: &Cancellation) -> Vec<ToneLine> {
    let mut lines = vec![ToneLine::new(Tone::Plain, " Status history (source)")];
    for seen in &cancellation.reads.history {
        let text = format!("   {}  {:<22} {}", time::clock_time(seen.at), seen.status, seen.source);
        lines.push(ToneLine::new(Tone::Plain, text));
    }
    if cancellation.is_open() {
        lines.push(ToneLine::new(Tone::Muted, "   --         waiting for an event or the next read"));
    }
    lines
}
