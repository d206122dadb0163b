//! The question for a password or a code. Nothing of what is typed is shown, not even how much.

use super::cancel_dialog::frame;
use super::canvas::{Canvas, Line};
use super::theme::Theme;
use crate::app::State;
use crate::app::console::dialog_text;
use crate::app::console::secret_dialog::SecretDialog;
use crate::app::desk::Desk;
use crate::app::desk::cancels::attempt::Stage;
use crate::app::desk::list::detail::DetailReading;
use crate::domain::Wanted;

pub(super) fn render(state: &State, dialog: &SecretDialog, theme: &Theme, canvas: &mut Canvas<'_>) {
    let width = dialog_text::text_width(state.size);
    let (title, why) = match &dialog.wanted {
        Wanted::Password { .. } => ("Password", "The login needs"),
        Wanted::LoginCode { .. } => ("Second factor", "The exchange wants, to log in,"),
        Wanted::CallCode => ("Second factor", "The exchange wants"),
    };
    let exchange = &state.desk.settings().exchange;
    let purpose = if dialog.wanted == Wanted::CallCode { purpose(&state.desk) } else { String::new() };
    let mut lines: Vec<Line> =
        Line::paragraph("", &format!("{why} {}{purpose}.", dialog.wanted), width, theme.heading).collect();
    lines.push(Line::new(format!("Exchange: {exchange}"), theme.normal));
    lines.push(Line::new("", theme.normal));
    if dialog.is_over {
        let text = "This question is over: it took too long, or the link was lost. Nothing was given. Esc closes it.";
        lines.extend(Line::paragraph("", text, width, theme.warn));
        return frame(&format!(" {title} "), &lines, width, theme, canvas);
    }
    let typed = if dialog.is_begun() { "(something was typed; it is not shown)" } else { "(not shown)" };
    lines.push(Line::new(format!("> Type it here: _  {typed}"), theme.normal));
    lines.push(Line::new("", theme.normal));
    let note = "Sent once, never tried again by itself: accounts lock. Asked for two minutes.";
    lines.extend(Line::paragraph("", note, width, theme.muted));
    if let Some(hint) = &dialog.hint {
        lines.extend(Line::paragraph("", hint, width, theme.warn));
    }
    frame(&format!(" {title} "), &lines, width, theme, canvas);
}

/// What the code is for, and whose it must be.
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
