//! The question for a password or a code. Nothing of what is typed is shown, not even how much.

pub mod asking;

use super::dialog::Dialog;
use super::line::{Tone, ToneLine};
use crate::app::desk::Desk;
use crate::app::desk::cancels::attempt::Stage;
use crate::app::desk::list::detail::DetailReading;
use crate::domain::Wanted;

/// How far the question got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answering {
    /// Nothing was typed yet.
    Untouched,
    /// Something was typed; how much is nobody's business.
    Begun,
    /// Nobody waits for the answer any more.
    Over,
}

/// The dialog that asks for a secret.
pub fn dialog(desk: &Desk, wanted: &Wanted, answering: Answering, hint: Option<&str>, width: usize) -> Dialog {
    let (title, why) = match wanted {
        Wanted::Password { .. } => ("Password", "The login needs"),
        Wanted::LoginCode { .. } => ("Second factor", "The exchange wants, to log in,"),
        Wanted::CallCode => ("Second factor", "The exchange wants"),
    };
    let purpose = if *wanted == Wanted::CallCode { purpose(desk) } else { String::new() };
    let mut lines: Vec<ToneLine> =
        ToneLine::wrapped(Tone::Strong, &format!("{why} {wanted}{purpose}."), width).collect();
    lines.push(ToneLine::new(Tone::Plain, format!("Exchange: {}", desk.settings().exchange)));
    lines.push(ToneLine::new(Tone::Plain, ""));
    let typed = match answering {
        Answering::Over => {
            let text =
                "This question is over: it took too long, or the link was lost. Nothing was given. Esc closes it.";
            lines.extend(ToneLine::wrapped(Tone::Warn, text, width));
            return Dialog { title: title.to_owned(), form: lines, ..Dialog::default() };
        }
        Answering::Begun => "(something was typed; it is not shown)",
        Answering::Untouched => "(not shown)",
    };
    lines.push(ToneLine::new(Tone::Plain, format!("> Type it here: _  {typed}")));
    lines.push(ToneLine::new(Tone::Plain, ""));
    let note = "Sent once, never tried again by itself: accounts lock. Asked for two minutes.";
    lines.extend(ToneLine::wrapped(Tone::Muted, note, width));
    if let Some(hint) = hint {
        lines.extend(ToneLine::wrapped(Tone::Warn, hint, width));
    }
    Dialog { title: title.to_owned(), form: lines, ..Dialog::default() }
}

/// The purpose of the code, and whose it must be.
fn purpose(desk: &Desk) -> String {
    let dialog = desk.cancels().attempt().filter(|attempt| attempt.stage == Stage::Reading);
    let detail = desk.list().detail().filter(|detail| detail.reading == DetailReading::Asked);
    let what = match (dialog, detail) {
        (Some(attempt), _) => format!("to cancel ticket {}", attempt.ticket),
        (None, Some(detail)) => format!("to read ticket {}", detail.ticket),
        (None, None) => "to read tickets".to_owned(),
    };
    let user = desk.session().and_then(|session| session.user_name.as_ref());
    user.map_or_else(|| format!(", {what}"), |user| format!(" of {}, {what}", user.inert()))
}
