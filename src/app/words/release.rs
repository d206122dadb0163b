//! The release dialog: what is known of the open intent, what was read now, and what a release means.

use super::desk::outcome::stands;
use super::dialog::{self, Dialog};
use super::line::{Tone, ToneLine};
use crate::app::desk::Desk;
use crate::app::desk::cancels::cancellation::Cancellation;
use crate::app::desk::cancels::release::{EARLY_WORD, ReleaseOrder};
use crate::app::desk::cancels::releasing::age_of;
use crate::domain::{Boot, Now, time};

/// Columns of a fact's label.
const LABEL: usize = 10;

/// The meaning of a release.
pub const WARNING: &str = "! The first request may still act. Released, the ticket can be canceled a second time, and both may count. \
                       It goes on being watched.";

/// The field that takes what is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReleaseField {
    /// The ticket number: where the dialog opens.
    #[default]
    Number,
    /// Why.
    Reason,
    /// The word of an early release.
    Word,
}

/// A release while it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseForm<'a> {
    /// The release as it was typed so far.
    pub typed: &'a ReleaseOrder,
    /// The field that takes what is typed.
    pub field: ReleaseField,
    /// The dialog was opened, or the release confirmed: only a read asked since counts.
    pub since: Boot,
    /// Why the last key did nothing.
    pub hint: Option<&'a str>,
}

/// The dialog of the release of a cancel.
pub fn dialog(desk: &Desk, cancellation: &Cancellation, form: &ReleaseForm<'_>, width: usize, now: Now) -> Dialog {
    let mut lines: Vec<ToneLine> = ToneLine::wrapped(Tone::Danger, WARNING, width).collect();
    lines.push(ToneLine::new(Tone::Plain, ""));
    for (label, value) in facts(desk, cancellation, form.since, now) {
        lines.extend(ToneLine::labelled(Tone::Plain, label, LABEL, &value, width.saturating_sub(LABEL)));
    }
    lines.push(ToneLine::new(Tone::Plain, ""));
    lines.extend(fields(form, desk.is_early(cancellation, now), width));
    let ticket = cancellation.ticket();
    lines.push(ToneLine::new(Tone::Plain, format!("  [ Esc  Keep the lock ]    ( Enter  Release ticket {ticket} )")));
    if let Some(hint) = form.hint {
        lines.extend(ToneLine::wrapped(Tone::Warn, hint, width));
    }
    Dialog { title: format!("Release the lock of ticket {ticket}?"), form: lines, ..Dialog::default() }
}

/// The facts that are known of the open intent, and were read since the release was asked for, each under its label.
pub fn facts(desk: &Desk, cancellation: &Cancellation, since: Boot, now: Now) -> [(&'static str, String); 3] {
    let progress = &cancellation.progress;
    let age = age_of(cancellation, now).as_secs();
    let sent = match progress.sent_at {
        Some(at) => format!("{}, {} min {} s ago", time::date_time(at), age / 60, age % 60),
        None => format!("not recorded; opened {}, {} min ago", time::date_time(progress.opened_at), age / 60),
    };
    let stands = stands(cancellation.outcome);
    let receipt = progress.receipt.map_or_else(|| "not decided".to_owned(), |receipt| receipt.to_string());
    let read = match desk.cancels().seen_since(cancellation.intent, since) {
        Some(seen) => format!("{} {}, by {}", time::clock_time(seen.at), seen.status.with_number(), seen.by_label),
        None => match &cancellation.reads.trouble {
            Some(why) => format!("no good read: {why}"),
            None if desk.ready().is_none() => "no link, so it cannot be read now".to_owned(),
            None => "reading the ticket ...".to_owned(),
        },
    };
    [
        ("Sent", sent),
        ("Stands", format!("{stands}, receipt {receipt}, intent {}", cancellation.intent.short())),
        ("Read now", read),
    ]
}

fn fields(form: &ReleaseForm<'_>, is_early: bool, width: usize) -> Vec<ToneLine> {
    let field = |field: ReleaseField, label: &str, typed: &str| {
        dialog::field(Tone::Strong, label, typed, form.field == field, width)
    };
    let mut lines = field(ReleaseField::Number, "Type the ticket number:  ", &form.typed.number);
    lines.extend(field(ReleaseField::Reason, "Reason:  ", &form.typed.reason));
    if is_early {
        let label = format!("Sent less than 15 minutes ago. Type the word `{EARLY_WORD}`:  ");
        lines.extend(field(ReleaseField::Word, &label, &form.typed.word));
    }
    lines
}
